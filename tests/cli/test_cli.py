"""The command line as a trainer types it: what it does, what it says, what it keeps."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import os
import re
import runpy
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit import frameworks, reliability, score
from leadkit.assessment import Instrument
from leadkit.cli import files, main
from leadkit.errors import FormatError
from leadkit.interchange import csv as csv_text
from leadkit.samples import answers

DATA = Path(__file__).parent.parent / "data"

MOOD = """
id = "mood"
version = "1.0.0"
title = "Mood"
source = "Example"
licence = "MIT"
status = "unvalidated"
scale = { low = 1, high = 5 }
[[dimensions]]
id = "calm"
name = "Calm"
[[dimensions.items]]
id = "val1"
text = "I am calm."
[[dimensions.items]]
id = "val2"
text = "I am tense."
reverse = true
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mood.toml").write_text(MOOD, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def write(here: Path, name: str, text: str) -> str:
    (here / name).write_text(text, encoding="utf-8", newline="")
    return name


def test_frameworks_are_listed_and_one_is_told_about(here: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "frameworks")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[:7]] == list(frameworks.names())
    code, out, _ = run(capsys, "frameworks", "vitals")
    assert code == 0
    assert "VITALS self-check" in out
    code, out, _ = run(capsys, "frameworks", "mood.toml")
    assert out.startswith("Mood\n====\n")
    code, out, _ = run(capsys, "check", "mood.toml")
    assert out == "mood 1.0.0 is fine: 1 dimension, 2 items, scale 1..5, unvalidated\n"


def test_a_form_filled_in_is_read_and_scored(here: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "form", "mood.toml", "--rows", "2", "--group", "team")
    assert code == 0
    filled = out.replace("r1,,,", "r1,north,4,2").replace("r2,,,", "r2,south,5,")
    assert filled != out
    write(here, "filled.csv", filled)
    code, out, _ = run(capsys, "check", "mood.toml", "filled.csv", "--group", "team")
    assert (code, out) == (0, "filled.csv is fine: 2 respondents, 2 items, 1 cell not answered (25.0%)\n")
    code, out, _ = run(capsys, "score", "mood.toml", "filled.csv", "--group", "team")
    assert code == 0
    assert out.splitlines() == ["respondent_id,team,calm", "r1,north,4.0", "r2,south,5.0"]


def test_a_form_for_a_spreadsheet_has_a_byte_order_mark_and_is_read_back(here: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "form", "ved", "--out", "form.csv", "--rows", "1")
    assert (code, out) == (0, "wrote form.csv\n")
    assert (here / "form.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    code, out, _ = run(capsys, "check", "ved", "form.csv")
    assert code == 0
    assert "1 respondent, 35 items, 35 cells not answered (100.0%), 1 without any answer" in out
    assert run(capsys, "form", "ved", "--rows", "-1")[0] == 2
    assert run(capsys, "form", "ved", "--language", "xx")[0] == 2


def test_every_fault_is_printed_with_row_and_column_and_what_would_be_right(here: Path, capsys: Any) -> None:
    write(here, "answers.csv", "respondent_id,val1,vel2\nann,9,1\nbo,3.7,1\ncy,TRUE,1\nann,2,1\n")
    code, out, err = run(capsys, "check", "mood.toml", "answers.csv")
    assert (code, out) == (1, "")
    for fact in (
        "answers.csv: ",
        "column 'vel2'",
        "did you mean 'val2'?",
        "row 2, column 'val1': 9 is outside 1..5",
        "row 3, column 'val1': 3.7 is not a whole number 1..5",
        "row 4, column 'val1': 'TRUE'",
        "row 5, column 'respondent_id': 'ann' is in row 2 already",
    ):
        assert fact in err


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", 1, "empty"),
        (b"respondent_id,val1,val2\n", 1, "answers.csv"),
        (b"\xff\xd8\xff\xe0 jpeg", 1, "answers.csv"),
        (b"respondent_id,val1,val2\nj\xf6rg,1,2\n", 1, "byte 0xf6 in line 2"),
        (b"PK\x03\x04\x00\x00", 1, "answers.csv"),
        ("respondent_id;val1;val2\nj\xf6rg;1;2\n".encode("utf-16"), 0, ""),
        (b"\xef\xbb\xbfrespondent_id\tval1\tval2\r\nann\t1\t2\r\n", 0, ""),
    ],
)
def test_files_of_many_kinds_are_read_or_refused_with_their_name(
    here: Path, capsys: Any, content: bytes, code: int, told: str
) -> None:
    (here / "answers.csv").write_bytes(content)
    got, _, err = run(capsys, "check", "mood.toml", "answers.csv")
    assert got == code, err
    assert told in err
    assert bool(err) == bool(code)


def test_another_encoding_can_be_named(here: Path, capsys: Any) -> None:
    (here / "answers.csv").write_bytes(b"respondent_id,val1,val2\nj\xf6rg,1,2\n")
    code, out, _ = run(capsys, "score", "mood.toml", "answers.csv", "--encoding", "cp1252")
    assert code == 0
    assert "j\xf6rg" in out
    code, _, err = run(capsys, "score", "mood.toml", "answers.csv", "--encoding", "klingon")
    assert (code, err) == (2, "leadkit score: unknown encoding 'klingon'\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "ved", "nothing.csv"), "there is no file nothing.csv"),
        (("check", "ved", "."), ". is a directory; expected a file"),
        (("check", "vde", "mood.toml"), "unknown framework 'vde' (did you mean 'ved'?)"),
        (("check", "nothing.toml"), "there is no file nothing.toml"),
        (("frameworks", "vde"), "unknown framework"),
        (("score", "mood.toml", "mood.toml", "--report", "report.pdf"), "expected a name that ends in .html or .md"),
        (("score", "mood.toml", "a.csv", "--out", "no/such/folder.csv"), "there is no folder"),
        (("score", "mood.toml", "a.csv", "--out", "mood.toml", "--force"), "is a file that is read"),
        (("score", "mood.toml", "a.csv", "--out", "a.csv", "--force"), "is a file that is read"),
        (("score", "mood.toml", "a.csv", "--out", "."), "is a directory"),
        (("score", "mood.toml", "a.csv", "--out", "x.html", "--report", "x.html"), "name the same file"),
        (("score", "mood.toml", "a.csv", "--min-answered", "3"), "expected a count in 1..2, got 3"),
        (("demo", "mood.toml"), "mood.toml is a file; expected a folder"),
        (("demo", "mood.toml/sub"), "mood.toml/sub cannot be made: Not a directory"),
        (("demo", "."), ". holds something already"),
    ],
)
def test_wrong_usage_is_exit_code_two_and_one_clear_line(
    here: Path, capsys: Any, arguments: tuple[str, ...], told: str
) -> None:
    write(here, "a.csv", "respondent_id,val1,val2\nann,1,2\n")
    before = sorted(here.iterdir())
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.startswith(f"leadkit {arguments[0]}: ")
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize(
    "arguments",
    [(), ("fly",), ("score", "ved"), ("form", "ved", "--format", "docx"), ("score", "ved", "x", "--min-answered", "a")],
)
def test_what_the_parser_refuses_is_wrong_usage_too(capsys: Any, arguments: tuple[str, ...]) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert "usage: leadkit" in err


def test_help_and_version_are_fine(capsys: Any) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "exit codes: 0 fine, 1 the data has faults, 2 wrong usage" in out
    assert run(capsys, "--version")[1].startswith("leadkit 0.")


def test_a_faulty_instrument_names_its_file_and_every_fault(here: Path, capsys: Any) -> None:
    write(here, "bad.toml", MOOD.replace("reverse", "revers").replace("high = 5", "high = 1"))
    code, _, err = run(capsys, "check", "bad.toml")
    assert code == 1
    assert "bad.toml: 2 faults" in err
    assert "dimensions[0].items[1]: unknown key 'revers' (did you mean 'reverse'?)" in err
    write(here, "bad.toml", "id = ")
    code, _, err = run(capsys, "check", "bad.toml")
    assert code == 1
    assert err.startswith("bad.toml: this is not TOML")


def test_scores_and_reports_are_written_and_kept_unless_forced(here: Path, capsys: Any) -> None:
    write(here, "answers.csv", csv_text.write_responses(answers("ved", n=8, rng=4, teams=("north", "south"))))
    command = (
        "score",
        "ved",
        "answers.csv",
        "--group",
        "team",
        "--metric",
        "pomp",
        "--out",
        "s.csv",
        "--report",
        "r.html",
    )
    code, out, _ = run(capsys, *command, "--title", "Spring <2026>")
    assert code == 0
    assert out.splitlines()[1:] == ["wrote s.csv", "wrote r.html"]
    page = (here / "r.html").read_text(encoding="utf-8")
    assert "Spring &lt;2026&gt;" in page
    with (here / "s.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    given = csv_text.read_responses(
        (here / "answers.csv").read_text(encoding="utf-8"), frameworks.load("ved"), groups=["team"]
    )
    expected = score(given, metric="pomp")
    for row, name, value in zip(rows, expected.respondent_ids, expected.column("vision").tolist(), strict=True):
        assert row["respondent_id"] == name
        assert (float(row["vision"]) if row["vision"] else None) == (None if np.isnan(value) else value)
    (here / "s.csv").write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, *command)
    assert code == 2
    assert "--out s.csv exists; use --force to replace it" in err
    assert (here / "s.csv").read_text(encoding="utf-8") == "mine"
    assert run(capsys, *command, "--force")[0] == 0
    assert (here / "s.csv").read_text(encoding="utf-8") != "mine"
    code, _, _ = run(
        capsys, "score", "ved", "answers.csv", "--group", "team", "--report", "r.md", "--individuals", "no"
    )
    assert code == 0
    text = (here / "r.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert given.respondent_ids[0] not in text


def test_a_full_disk_leaves_nothing_half_written(here: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, "answers.csv", "respondent_id,val1,val2\nann,1,2\n")
    write(here, "old.csv", "kept")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    code, _, err = run(capsys, "score", "mood.toml", "answers.csv", "--out", "new.csv")
    assert (code, err) == (2, "leadkit score: new.csv cannot be written: No space left on device\n")
    code, _, err = run(capsys, "score", "mood.toml", "answers.csv", "--out", "old.csv", "--force")
    assert code == 2
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_screen_is_an_error_without_a_traceback() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "leadkit", "form", "ved"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 2
    assert "No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_when_the_second_of_two_files_cannot_be_written_the_first_is_not_there(here: Path) -> None:
    (here / "sub").mkdir()
    with pytest.raises(files.UsageError, match="cannot be written"):
        files.write_whole({here / "a.csv": "a", here / "sub" / "no" / "b.csv": "b"})
    assert sorted(path.name for path in here.iterdir()) == ["mood.toml", "sub"]


def test_a_file_that_comes_into_being_meanwhile_is_kept(here: Path) -> None:
    write(here, "a.csv", "kept")
    with pytest.raises(files.UsageError, match=r"a\.csv exists; use --force"):
        files.write_whole({here / "a.csv": "new"})
    assert (here / "a.csv").read_text(encoding="utf-8") == "kept"
    assert len(list(here.iterdir())) == 2


def test_a_file_system_without_hard_links_works_as_well(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    files.write_whole({here / "a.csv": "new"})
    assert (here / "a.csv").read_text(encoding="utf-8") == "new"
    with pytest.raises(files.UsageError, match="exists"):
        files.write_whole({here / "a.csv": "newer"})
    assert (here / "a.csv").read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(os.name == "nt", reason="modes of files are those of POSIX")
def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(here: Path) -> None:
    write(here, "real.csv", "old")
    (here / "real.csv").chmod(0o640)
    (here / "link.csv").symlink_to("real.csv")
    files.write_whole({here / "link.csv": "new"}, force=True)
    assert (here / "link.csv").is_symlink()
    assert (here / "real.csv").read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE((here / "real.csv").stat().st_mode) == 0o640
    files.write_whole({here / "fresh.csv": "x"})
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((here / "fresh.csv").stat().st_mode) == 0o666 & ~umask


def test_a_file_that_may_not_be_read_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(files.UsageError, match=r"mood\.toml cannot be read: Permission denied"):
        files.read_text(Path("mood.toml"))


def test_text_that_is_not_text_names_the_byte_and_the_way_out(here: Path) -> None:
    (here / "x.csv").write_bytes(b"a\nb\xff")
    with pytest.raises(
        FormatError, match=r"byte 0xff in line 2; save it as UTF-8, or name its encoding with --encoding"
    ):
        files.read_text(here / "x.csv")


def test_the_demo_leaves_inputs_scores_and_one_report_the_same_for_the_same_seed(here: Path, capsys: Any) -> None:
    code, out, _ = run(capsys, "demo", "--seed", "3")
    assert code == 0
    assert len(out.splitlines()) < 20
    made = here / "leadkit-demo"
    first = {path.name: path.read_bytes() for path in made.iterdir()}
    assert sorted(first) == [
        "actions.json",
        "advice.csv",
        "answers.csv",
        "desk.csv",
        "engagement.csv",
        "feedback.csv",
        "form.csv",
        "messages.json",
        "people.csv",
        "plan.csv",
        "plan.json",
        "ratings.csv",
        "report.html",
        "scores.csv",
        "status.json",
        "team.csv",
        "tickets.csv",
        "vitals.json",
    ]
    page = first["report.html"].decode("utf-8")
    assert page.count("<h1>") == 1
    assert page.count("Synthetic data: ") == 1
    assert page.count('<section class="chapter"') == 5
    assert "VITALS and V.E.D." in page
    assert '<span class="none">not shown</span>' in page
    assert "leadkit-demo/report.html: all of it in one report" in out
    assert out.startswith("Made up a service team (seed 3) in leadkit-demo/: answers.csv, ")
    assert len(json.loads(first["vitals.json"])) == 6
    assert "V.E.D. ratings of 6 leaders by " in out
    assert re.search(r"  disclosed: \d+ means shown, [1-9]\d* hidden: ", out)
    assert "Planned 15 work packages for 6 people: done by " in out
    assert "  risk by links alone: P50 " in out
    assert "tickets of a help desk of 8 people: the escalation matrix has 6 gaps\n  pilot: to train " in out
    code, _, err = run(capsys, "demo")
    assert code == 2
    assert "leadkit-demo holds something already" in err
    (made / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(capsys, "demo", "--force", "--seed", "3")[0] == 0
    assert (made / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert {name: (made / name).read_bytes() for name in first} == first


def test_a_reader_that_goes_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["form", "ved"]) == 0


def test_a_stop_by_the_keyboard_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadkit.cli.commands.frameworks", stop)
    assert main(["frameworks"]) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_the_module_ends_with_the_exit_code_of_the_program(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["leadkit", "check", "vde"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("leadkit", run_name="__main__")
    assert stopped.value.code == 2
    assert "unknown framework 'vde'" in capsys.readouterr().err


def test_python_dash_m_runs_the_program() -> None:
    ran = subprocess.run([sys.executable, "-m", "leadkit", "check", "vde"], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith("leadkit check: unknown framework 'vde'")


@pytest.mark.parametrize(
    ("data", "form", "options", "reference"),
    [
        ("lq2002", "lq2002_lead.toml", ("--no-id", "--group", "COMPID", "--ignore-other-columns"), "lq2002_lead"),
        (
            "bfi",
            "bfi.toml",
            ("--id", "id", "--ignore", "gender", "--ignore", "education", "--ignore", "age"),
            "bfi_agree",
        ),
    ],
)
def test_real_answers_go_the_whole_way_from_a_file_to_scores(
    here: Path,
    capsys: Any,
    shared_data: Callable[[str], Path],
    golden: Callable[[str], Any],
    data: str,
    form: str,
    options: tuple[str, ...],
    reference: str,
) -> None:
    (here / "answers.csv").write_bytes(gzip.decompress(shared_data(f"stats/{data}.csv.gz").read_bytes()))
    code, out, err = run(
        capsys, "score", str(DATA / form), "answers.csv", *options, "--out", "scores.csv", "--report", "report.html"
    )
    assert code == 0, err
    assert (
        "2042 respondents, 11 items" if data == "lq2002" else "2800 respondents, 25 items, 508 cells not answered"
    ) in out
    assert (here / "report.html").stat().st_size > 10_000
    with (here / "scores.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if data == "bfi":
        known = golden("stats/scoreitems_bfi.json")["impute_none"]
        for at, line in enumerate(known["rows_1based"]):
            assert [float(rows[line - 1][name]) for name in known["names"]] == pytest.approx(
                known["scores"][at], abs=1e-12
            )
        for at, name in enumerate(known["names"]):
            column = [float(row[name]) for row in rows]
            assert np.mean(column) == pytest.approx(known["means"][at], abs=1e-12)
            assert np.std(column, ddof=1) == pytest.approx(known["sds"][at], abs=1e-12)
    instrument = Instrument.parse((DATA / form).read_text(encoding="utf-8"))
    text = (here / "answers.csv").read_text(encoding="utf-8")
    given = csv_text.read_responses(text, instrument, id="id" if data == "bfi" else None, ignore_other_columns=True)
    table = reliability(given, interval_n="rows")
    wanted = golden("stats/reliability.json")[reference]["pairwise"]
    assert table.alpha[0] == pytest.approx(wanted["raw_alpha"], abs=1e-10)
    assert [table.alpha_low[0], table.alpha_high[0]] == pytest.approx(wanted["feldt_ci95"], abs=1e-10)
    analysis = table.analyses[0]
    assert analysis.mean.tolist() == pytest.approx(wanted["item_mean"], abs=1e-10)
    assert analysis.sd.tolist() == pytest.approx(wanted["item_sd"], abs=1e-10)
    assert analysis.item_rest_r.tolist() == pytest.approx(wanted["r_drop"], abs=1e-10)
    assert analysis.alpha_if_dropped.tolist() == pytest.approx(wanted["alpha_if_dropped_raw"], abs=1e-10)
    if data == "bfi":
        assert table.alpha.tolist() == pytest.approx(
            golden("stats/scoreitems_bfi.json")["impute_none"]["alpha"], abs=1e-10
        )
