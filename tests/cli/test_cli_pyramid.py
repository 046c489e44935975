"""`leadkit pyramid` as a manager types it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit import org, reports, samples
from leadkit.cli import main
from leadkit.interchange import csv as csv_text
from leadkit.interchange import graphviz, mermaid, scim, svg
from leadkit.interchange.csv import PersonScores

FIRM = samples.organisation(n_teams=18, team_size=6, rng=1)
PULSE = samples.pulse(FIRM, rng=1)
TIES = samples.advice(FIRM, rng=1)
LDIF = """dn: cn=Ann,o=x
employeeNumber: 1
cn: Ann

dn: cn=Bo,o=x
employeeNumber: 2
cn: Bo
manager: cn=Ann,o=x
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "people.csv", csv_text.write_people(FIRM))
    values = np.column_stack([PULSE.waves, PULSE.values])
    both = PersonScores(person_ids=PULSE.person_ids, names=("wave", "engagement"), values=values)
    write(tmp_path, "both.csv", csv_text.write_person_scores(both))
    one = PersonScores(person_ids=PULSE.person_ids, names=("engagement",), values=values[:, 1:])
    write(tmp_path, "one.csv", csv_text.write_person_scores(one))
    write(tmp_path, "advice.csv", csv_text.write_nominations(*TIES))
    return tmp_path


def write(here: Path, name: str, text: str) -> str:
    (here / name).write_text(text, encoding="utf-8", newline="")
    return name


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["pyramid", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def results(**options: Any) -> dict[str, Any]:
    """Measure by the library what the command measures."""
    built = org.build_pyramid(FIRM)
    means = PULSE.by_person()
    found: dict[str, Any] = {
        "structure": org.measure_structure(FIRM),
        "obligations": org.obligations(built),
        "roll_up": org.roll_up(FIRM, means, column_names=["engagement"]),
    }
    found["diagnosis"] = org.diagnose(built, PULSE.person_ids, PULSE.values, **options).disclosed()
    return found


def test_without_output_it_prints_a_summary(here: Path, capsys: Any) -> None:
    code, out, err = run(capsys, "people.csv")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    people = int(FIRM.weights().sum())
    assert lines[0] == f"people.csv: {FIRM.n} posts, {people} people, 5 layers, 1 top"
    assert lines[1] == "  Customers"
    built = org.build_pyramid(FIRM)
    tiers = dict.fromkeys(line.split("  ")[1] for line in lines[2:7])
    assert list(tiers) == ["Front-line employees", "Front-line leaders", "Middle managers", "Senior leaders", "Support"]
    counts = [[int(word) for word in line.split() if word.isdigit()] for line in lines[2:7]]
    assert counts == [[int((built.tier == tier).sum()), int(count)] for tier, count in built.tier_counts.items()]
    assert sum(int(line.split()[-1].rstrip("%")) for line in lines[2:7]) in range(98, 103)
    structure = org.measure_structure(FIRM)
    assert lines[7].startswith(
        f"spans: {structure.n_managers} managers, {structure.mean_span:.1f} direct reports on average, "
    )
    assert lines[8:] == ["customers: 5 steps from the top", "table: nothing wrong was found"]
    assert not (here / "report.html").exists()


def test_scores_add_what_may_be_shown(here: Path, capsys: Any) -> None:
    code, out, err = run(
        capsys, "people.csv", "--scores", "one.csv", "--threshold", "3.2", "--target", "3.5", "--advice", "advice.csv"
    )
    assert (code, err) == (0, "")
    found = results(target=3.5)
    counts = found["roll_up"].reason_counts
    assert f"scores by line: {counts['published']} of {FIRM.n} lines may be shown together" in out
    built = org.build_pyramid(FIRM)
    thread = org.trace_thread(built, PULSE.by_person(), threshold=3.2).disclosed()
    assert f"golden thread: holds for {thread.unbroken_share:.0%}, breaks for {thread.broken_share:.0%}" in out
    agents = org.measure_change_agents(built, PULSE.by_person(), threshold=3.2).disclosed()
    told = "(not shown)" if np.isnan(agents.engaged_share) else f"{agents.engaged_share:.0%}"
    assert f"change agents: {told} engaged" in out
    assert f"root cause: begin with the team's support and environment ({found['diagnosis'].rule})" in out
    assert "informal leaders: " in out


def test_one_score_of_several_is_named_and_all_are_rolled_up_without(here: Path, capsys: Any) -> None:
    code, named, _ = run(capsys, "people.csv", "--scores", "both.csv", "--score", "engagement", "--target", "3.5")
    assert code == 0
    assert named == run(capsys, "people.csv", "--scores", "one.csv", "--target", "3.5")[1]
    code, out, _ = run(capsys, "people.csv", "--scores", "both.csv")
    assert code == 0
    assert "scores by line" in out
    assert "root cause" not in out
    code, _, err = run(capsys, "people.csv", "--scores", "both.csv", "--target", "3")
    assert code == 2
    assert err == "leadkit pyramid: --target is about one score of wave, engagement: name it with --score\n"
    code, _, err = run(capsys, "people.csv", "--scores", "both.csv", "--score", "engagment")
    assert code == 1
    assert "both.csv" in err
    assert "did you mean 'engagement'?" in err


def test_the_report_is_that_of_the_library(here: Path, capsys: Any) -> None:
    options = (
        "--scores",
        "one.csv",
        "--target",
        "3.5",
        "--threshold",
        "3.2",
        "--advice",
        "advice.csv",
        "--title",
        "Us",
    )
    code, out, _ = run(capsys, "people.csv", *options, "--report", "r.html")
    assert code == 0
    assert out.splitlines()[-1] == "wrote r.html"
    assert "Front-line employees" not in out
    built = org.build_pyramid(FIRM)
    means = PULSE.by_person()
    ties = org.Nominations.from_columns(FIRM, *TIES)
    found = {
        **results(target=3.5),
        "thread": org.trace_thread(built, means, threshold=3.2).disclosed(),
        "agents": org.measure_change_agents(built, means, threshold=3.2).disclosed(),
        "influence": org.measure_influence(FIRM, ties, pyramid=built),
    }
    assert (here / "r.html").read_text(encoding="utf-8") == reports.pyramid(built, **found, title="Us")
    assert run(capsys, "people.csv", *options, "--report", "r.md")[0] == 0
    assert (here / "r.md").read_text(encoding="utf-8") == reports.pyramid_markdown(built, **found, title="Us")


def test_the_table_has_the_tier_of_every_post(here: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "people.csv", "--out", "tiers.csv", "--senior-depth", "0")
    assert (code, out.splitlines()[1:]) == (0, ["wrote tiers.csv"])
    built = org.build_pyramid(FIRM, senior_depth=0)
    rows = list(csv.DictReader(io.StringIO((here / "tiers.csv").read_text(encoding="utf-8"))))
    assert [row["id"] for row in rows] == list(FIRM.ids)
    assert [row["tier"] for row in rows] == [org.Tier(tier).name for tier in built.tier.tolist()]


@pytest.mark.parametrize(
    ("name", "module"), [("c.mmd", mermaid), ("c.mermaid", mermaid), ("c.dot", graphviz), ("c.gv", graphviz), ("c.svg", svg)]
)  # fmt: skip
def test_charts_are_those_of_the_library(here: Path, capsys: Any, name: str, module: Any) -> None:
    assert run(capsys, "people.csv", "--chart", name)[0] == 0
    built = org.build_pyramid(FIRM)
    assert (here / name).read_text(encoding="utf-8") == module.org_chart(FIRM, pyramid=built)
    top = FIRM.ids[1]
    arguments = ("people.csv", "--chart", name, "--chart-top", top, "--chart-layers", "2", "--force")
    assert run(capsys, *arguments)[0] == 0
    assert (here / name).read_text(encoding="utf-8") == module.org_chart(FIRM, pyramid=built, top=top, layers=2)


def test_too_much_to_draw_names_the_options_that_cut_it(here: Path, capsys: Any) -> None:
    ids = [f"p{i}" for i in range(600)]
    big = org.Organisation.from_columns(ids, [None, *["p0"] * 599])
    write(here, "big.csv", csv_text.write_people(big))
    code, out, err = run(capsys, "big.csv", "--chart", "c.mmd")
    assert (code, out) == (2, "")
    assert "--chart c.mmd: " in err
    assert "--chart-top ID" in err
    assert "--chart-layers N" in err
    code, _, err = run(capsys, "people.csv", "--chart", "c.mmd", "--chart-top", "nobody")
    assert code == 2
    assert "'nobody'" in err


def test_people_come_as_scim_and_ldif_too(here: Path, capsys: Any) -> None:
    write(here, "people.json", json.dumps(scim.write_scim(FIRM)))
    code, out, _ = run(capsys, "people.json")
    assert code == 0
    assert out.replace("people.json", "people.csv") == run(capsys, "people.csv")[1]
    write(here, "people.ldif", LDIF)
    code, out, _ = run(capsys, "people.ldif")
    assert code == 0
    assert out.startswith("people.ldif: 2 posts, 2 people, 2 layers, 1 top\n")


def test_profiles_columns_dates_and_tokens_reach_the_reader(here: Path, capsys: Any) -> None:
    uk = "Post Unique Reference,Reports to Senior Post,Job Title,FTE\n1,XX,Head,1\n2,1,Aide,0.5\n"
    write(here, "uk.csv", uk)
    code, out, _ = run(capsys, "uk.csv", "--profile", "uk_organogram", "--weights", "fte")
    assert code == 0
    assert out.startswith("uk.csv: 2 posts, 1.5 full-time equivalents, 2 layers, 1 top\n")
    write(here, "own.csv", "Post,Boss\na,TOP\nb,a\n")
    columns = ("--column", "id=Post", "--column", "manager_id=Boss")
    code, out, _ = run(capsys, "own.csv", *columns, "--root-token", "top", "--weights", "posts")
    assert code == 0
    assert out.startswith("own.csv: 2 posts, 2 layers, 1 top\n")
    write(
        here,
        "wd.csv",
        "Employee_ID,Manager_ID,Full_Name,Start_Date,Termination_Date\n1,,A,2020-01-01,\n2,1,B,2020-01-01,2024-01-31\n",
    )
    code, out, _ = run(capsys, "wd.csv", "--profile", "workday", "--as-of", "2024-01-15")
    assert out.startswith("wd.csv: 2 posts, 2 people")
    code, out, _ = run(capsys, "wd.csv", "--profile", "workday", "--as-of", "2024-03-15")
    assert out.startswith("wd.csv: 2 posts, 1 person")


def test_every_violation_is_told_and_repaired_on_request(here: Path, capsys: Any) -> None:
    write(here, "bad.csv", "id,manager_id\na,\nb,b\nc,x\nd,e\ne,d\na,c\n")
    code, out, err = run(capsys, "bad.csv", "--out", "o.csv")
    assert (code, out) == (1, "")
    assert err.startswith("bad.csv: ")
    for fact in (
        "1 conflicting_duplicate",
        "1 cycle",
        "1 self_manager",
        "1 unknown_manager",
        "row 4: 'c' reports to 'x'",
    ):
        assert fact in err
    assert not (here / "o.csv").exists()
    code, out, _ = run(capsys, "bad.csv", "--repair")
    assert code == 0
    assert "table: " in out
    assert "1 cycle (repaired)" in out
    assert "  row 4: 'c' reports to 'x', which is nobody's id" in out
    code, out, _ = run(capsys, "bad.csv", "--repair", "--out", "o.csv")
    assert code == 0
    assert "1 cycle (repaired)" in out
    assert (here / "o.csv").exists()


def test_policies_are_those_of_the_organisation(here: Path, capsys: Any) -> None:
    write(here, "twice.csv", "id,manager_id,title\na,,x\nb,a,y\nb,a,y\nc,a,z\nc,b,z\n")
    assert run(capsys, "twice.csv")[0] == 1
    code, out, _ = run(capsys, "twice.csv", "--job-shares", "merge", "--conflicts", "keep_first")
    assert code == 0
    assert out.startswith("twice.csv: 3 posts, 4 people, 2 layers, 1 top\n")
    write(here, "tops.csv", "id,manager_id\na,\nb,\n")
    code, out, _ = run(capsys, "tops.csv")
    assert (code, "1 multiple_roots" in out) == (0, True)
    code, _, err = run(capsys, "tops.csv", "--single-root")
    assert code == 1
    assert "multiple_roots" in err


def test_many_violations_are_cut_on_the_screen(here: Path, capsys: Any) -> None:
    write(here, "many.csv", "id,manager_id\n" + "".join(f"p{i},q{i}\n" for i in range(30)))
    code, out, _ = run(capsys, "many.csv", "--repair")
    assert code == 0
    assert out.count("which is nobody's id") < 30
    assert "more\n" in out


def test_an_unknown_person_among_the_scores_is_named_with_the_file(here: Path, capsys: Any) -> None:
    write(here, "s.csv", "id,x\nnobody,3\n")
    code, _, err = run(capsys, "people.csv", "--scores", "s.csv")
    assert code == 1
    assert err.startswith("s.csv: ")
    assert "nobody" in err
    write(here, "a.csv", "source,target\nnobody,me\n")
    code, _, err = run(capsys, "people.csv", "--advice", "a.csv")
    assert code == 1
    assert err.startswith("a.csv: ")
    write(here, "f.csv", "id,manager_id,fte\na,,1\nb,a,\n")
    code, _, err = run(capsys, "f.csv", "--weights", "fte")
    assert code == 1
    assert err.startswith("f.csv: ")
    assert "'b'" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--report", "r.pdf"], "--report r.pdf: expected a name that ends in .html or .md"),
        (["--chart", "c.png"], "--chart c.png: expected a name that ends in .mmd, .mermaid, .dot, .gv, .svg"),
        (["--out", "people.csv"], "people.csv is a file that is read"),
        (["--out", "x.md", "--report", "x.md"], "name the same file x.md"),
        (["--senior-depth", "-1"], "--senior-depth: expected at least 0, got -1"),
        (["--min-n", "2"], "--min-n: expected a whole number of at least 3, got 2"),
        (["--threshold", "3"], "--threshold needs --scores"),
        (["--score", "x"], "--score needs --scores"),
        (["--id", "x"], "--id needs --scores"),
        (["--target", "3"], "--target needs --scores"),
        (["--scores", "one.csv", "--better", "low"], "--better needs --target"),
        (["--chart-top", "x"], "--chart-top needs --chart"),
        (["--chart", "c.svg", "--chart-layers", "0"], "--chart-layers: expected at least 1, got 0"),
        (["--title", "x"], "--title needs --report"),
        (["--scores", "one.csv", "--threshold", "nan"], "--threshold: expected a finite number, got nan"),
        (["--scores", "nothing.csv"], "there is no file nothing.csv"),
        (["--column", "id"], "--column id: expected FACT=HEADER"),
        (["--column", "idd=x"], "unknown fact 'idd' (did you mean 'id'?)"),
        (["--as-of", "soon"], "--as-of soon: expected a day such as 2026-03-31"),
        (["--as-of", "2026-01-01"], "as_of"),
        (["--encoding", "utf-99"], "unknown encoding 'utf-99'"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_one_line(here: Path, capsys: Any, options: Sequence[str], told: str) -> None:
    before = sorted(here.iterdir())
    code, out, err = run(capsys, "people.csv", *options)
    assert (code, out) == (2, "")
    assert told in err
    assert err.startswith("leadkit pyramid: ")
    assert len(err.splitlines()) == 1
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize("option", [("--profile", "workday"), ("--column", "id=x"), ("--as-of", "2026-01-01")])
def test_options_of_tables_are_refused_for_other_files(here: Path, capsys: Any, option: tuple[str, str]) -> None:
    write(here, "people.ldif", LDIF)
    code, _, err = run(capsys, "people.ldif", *option)
    assert code == 2
    assert err == f"leadkit pyramid: {option[0]} is for a table of people, not for .ldif\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", b""),
        ("people.csv", b"\xff\xd8\xff\xe0 jpeg"),
        ("people.csv", b"PK\x03\x04\x00\x00"),
        ("people.csv", b'id,manager_id\n"a,\n'),
        ("people.csv", b"id,name\na,b\n"),
        ("p.json", b"{"),
        ("p.json", b"[" * 100_000),
        ("p.json", b'{"Resources": 3}'),
        ("p.ldif", b"dn x\n"),
        ("p.ldif", b"\x00\x01"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(here: Path, capsys: Any, name: str, content: bytes) -> None:
    (here / name).write_bytes(content)
    code, out, err = run(capsys, name)
    assert (code, out) == (1, "")
    assert name in err


def test_an_empty_organisation_has_a_summary(here: Path, capsys: Any) -> None:
    write(here, "none.csv", "id,manager_id\n")
    code, out, err = run(capsys, "none.csv")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "none.csv: 0 posts, 0 people, 0 layers, 0 tops"
    write(here, "none.json", json.dumps({"schemas": [], "Resources": []}))
    code, out, err = run(capsys, "none.json", "--report", "r.html")
    assert (code, err) == (0, "")
    assert out.startswith("none.json: 0 posts, 0 people, 0 layers, 0 tops\n")


def test_vacant_posts_and_hidden_numbers_are_told_as_such(here: Path, capsys: Any) -> None:
    write(here, "v.csv", "id,manager_id,status\na,,vacant\nb,a,vacant\n")
    code, out, _ = run(capsys, "v.csv")
    assert code == 0
    assert "spans" not in out
    assert "1 vacancy_chain" in out
    write(here, "few.csv", "id,manager_id,customer_facing\na,,\nb,a,true\nc,b,false\n")
    write(here, "s.csv", "id,x\na,3\nb,2\n")
    write(here, "a.csv", "source,target\nb,a\n")
    code, out, _ = run(capsys, "few.csv", "--scores", "s.csv", "--threshold", "3", "--advice", "a.csv")
    assert code == 0
    assert "root cause: no level to begin with stands out (too_few)" in out
    assert "(not shown)" in out
    assert "informal leaders: not shown" in out
