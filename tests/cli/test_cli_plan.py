"""`leadkit plan` as a team lead types it."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadkit import reports, samples, wbs
from leadkit.cli import main
from leadkit.cli.demo_plan import DOCUMENTS, MEASURED, project_files, project_from
from leadkit.cli.planning import planned
from leadkit.interchange import csv, icalendar, json, mermaid, mspdi, plantuml
from leadkit.wbs import Estimate, Group, Person, Plan, Progress, Status, Team, Wbs, WorkPackage

PORTAL = samples.plan()
SMALL = """id,name,kind,duration,predecessors,needs,start,zone
site,Site,group,,,,2026-01-05 08:00,Europe/Berlin
design,Design,,2d,,web>=2,,
build,Build,,3d,design,sql>=2,,
test,Test,,1d,build,any,,
"""
TEAM = "id,name,sql,web\nann,Ann,3,1\nben,Ben,,4\n"
QUICK = ("--schedules", "30", "--runs", "200")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Write the sample in every format, once for the module."""
    return {
        "plan.csv": csv.write_plan(PORTAL),
        "team.csv": csv.write_team(PORTAL.team),
        "plan.json": json.dumps(PORTAL),
        "status.json": json.dumps(samples.status()),
        "plan.xml": mspdi.write(PORTAL, wbs.assign(PORTAL, schedules=20)),
        "small.csv": SMALL,
        "two.csv": TEAM,
    }


@pytest.fixture
def here(tmp_path: Path, texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in texts.items():
        write(tmp_path, name, text)
    return tmp_path


def write(here: Path, name: str, text: str) -> str:
    (here / name).write_text(text, encoding="utf-8", newline="")
    return name


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["plan", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def small_plan(text: str = SMALL, team: str = TEAM) -> Plan:
    table = csv.read_plan(text)
    return table.with_(team=csv.read_team(team, calendar=table.calendar))


class TestSummary:
    def test_a_plan_with_its_team_is_told_in_a_few_lines(self, here: Path, capsys: Any) -> None:
        code, out, err = run(capsys, "plan.json", "--status", "status.json", *QUICK)
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert len(lines) < 20
        assert lines[0] == ("plan.json: 15 work packages, 15 links, 6 people, from 7 Sep 2026, 08:00 (Europe/Berlin)")
        assert lines[1] == "finish by links alone: 23 Oct 2026, 09:20"
        assert lines[2] == "  critical: 1.1, 1.3, 2.2, Gate scope, 2.3, 3.1, Hand-over to-test, 3.2 and 1 more"
        found = wbs.assign(PORTAL, schedules=30)
        assert lines[3].startswith("finish with this team: ")
        assert lines[3].endswith(" the deadline of 30 Oct 2026, 17:00")
        assert f"at most {100 * found.gap:.1f} % longer than the best there can be, after 30 schedules" in lines[4]
        risk = wbs.simulate(PORTAL, n=200)
        assert PORTAL.deadline is not None
        chance = f"{100 * risk.probability(PORTAL.deadline).value:.0f} %"
        assert lines[5].startswith("risk by links alone: P50 ")
        assert lines[5].endswith(f", probability of the deadline {chance} (200 runs)")
        assert lines[6].startswith("progress on 2 Oct 2026: 6 of 15 work packages done, 1 late; expected to be done ")
        assert lines[7] == "checks: nothing wrong was found"
        assert lines[8].startswith("HR: ")
        assert lines[-1].startswith("doubtful: ")
        assert "out_of_sequence:cases" in lines[-1]
        assert sorted(path.name for path in here.iterdir()) == sorted(
            ["plan.csv", "plan.json", "plan.xml", "small.csv", "status.json", "team.csv", "two.csv"]
        )

    @pytest.mark.usefixtures("here")
    def test_a_proven_finish_without_a_deadline(self, capsys: Any) -> None:
        code, out, err = run(capsys, "small.csv", "--team", "two.csv", *QUICK)
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "small.csv: 3 work packages, 2 links, 2 people, from 5 Jan 2026, 08:00 (Europe/Berlin)",
            "finish by links alone: 12 Jan 2026, 17:00",
            "  critical: 1, 2, 3",
            "finish with this team: 12 Jan 2026, 17:00",
            "  no schedule ends earlier; nobody's other work holds it back",
            "risk by links alone: P50 12 Jan 2026, P80 12 Jan 2026 (200 runs)",
            "checks: nothing wrong was found",
            "HR: nobody is asked for; 2 people have nobody to stand in for them",
            "doubtful: constant_finish",
        ]

    @pytest.mark.usefixtures("here")
    def test_without_a_team_links_alone_are_told(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "plan.csv", *QUICK)
        assert code == 0
        assert "finish by links alone: 2 Oct 2026, 10:40, 20.7 working days before the deadline of 30 Oct 2026" in out
        assert "finish with people: not known, for there is no team; --team FILE says" in out
        assert "HR:" not in out

    def test_a_deadline_that_cannot_be_met_is_told_and_is_no_fault(self, here: Path, capsys: Any) -> None:
        rows = "id,name,kind,parent,duration,start,zone,deadline\ns,S,group,,,2026-01-05 08:00,UTC,2026-01-06 12:00\na,A,,s,2d,,,\n"
        code, out, err = run(capsys, write(here, "late.csv", rows), *QUICK)
        assert (code, err) == (0, "")
        assert "0.5 working days after the deadline of 6 Jan 2026, 12:00" in out
        assert "probability of the deadline 0 % (200 runs)" in out

    def test_faults_of_the_structure_are_listed_and_cut(self, here: Path, capsys: Any) -> None:
        head = "id,parent,kind,duration,cost,responsible,start,zone\ns,,group,,,,2026-01-05 08:00,UTC\n"
        groups = "".join(f"g{i},s,group,,{10 + i},,,\nw{i},g{i},,1d,1,zoe,,\n" for i in range(6))
        code, out, err = run(capsys, write(here, "odd.csv", head + groups), "--team", "two.csv", *QUICK)
        assert (code, err) == (0, "")
        (checks,) = [line for line in out.splitlines() if line.startswith("checks:")]
        assert "6 errors missing" in checks
        assert "6 errors unknown_person" in checks
        assert "6 warnings single_child" in checks
        assert "no_account," not in f"{checks},".replace("no_accountable", "")
        assert "  ... and " in out
        assert len(out.splitlines()) < 20

    def test_what_is_asked_of_hr_is_listed(self, here: Path, capsys: Any) -> None:
        rows = "id,kind,duration,needs,start,zone\nsite,group,,,2026-01-05 08:00,UTC\n"
        rows += "".join(f"a{i},,4d,s{i}>=3,,\nb{i},,4d,s{i}>=3,,\n" for i in range(6))
        team = "id," + ",".join(f"s{i}" for i in range(6)) + "\nann" + ",3" * 6 + "\n"
        code, out, _ = run(capsys, write(here, "much.csv", rows), "--team", write(here, "one.csv", team), *QUICK)
        assert code == 0
        assert "people are asked for; 1 person has nobody to stand in for them" in out
        assert "hours, 2026-01-05 to 2026-01-08, for 1, 2: those who have the skills have too little time" in out
        assert "it waits for ann" in out
        assert "  ... and 2 more" in out

    def test_a_forecast_after_the_deadline_is_told(self, here: Path, capsys: Any) -> None:
        late = json.dumps(PORTAL.with_(deadline=datetime(2026, 10, 9, 17, tzinfo=UTC)))
        _, out, _ = run(capsys, write(here, "late.json", late), "--status", "status.json", *QUICK)
        assert re.search(r"expected to be done .*, [\d.]+ working days after the deadline\n", out)


class TestReading:
    def test_a_table_takes_start_and_zone_from_the_command_line(self, here: Path, capsys: Any) -> None:
        text = SMALL.replace("2026-01-05 08:00,Europe/Berlin", ",")
        name = write(here, "open.csv", text)
        told = {
            ("--start", "2026-03-02T08:00", "--zone", "Asia/Tokyo"): "from 2 Mar 2026, 08:00 (Asia/Tokyo)",
            ("--start", "2026-03-02T08:00+00:00", "--zone", "Asia/Tokyo"): "from 2 Mar 2026, 17:00 (Asia/Tokyo)",
            ("--start", "2026-03-02T08:00+00:00"): "from 2 Mar 2026, 08:00",
        }
        for options, head in told.items():
            code, out, _ = run(capsys, name, *options, *QUICK)
            assert code == 0
            assert head in out.splitlines()[0]
        code, _, err = run(capsys, name, *QUICK)
        assert code == 1
        assert err.startswith("open.csv: ")
        assert "start" in err

    @pytest.mark.usefixtures("here")
    def test_json_and_project_files_are_moved_to_another_start(self, capsys: Any) -> None:
        for name in ("plan.json", "plan.xml"):
            code, out, _ = run(capsys, name, "--start", "2026-11-02T08:00", "--zone", "Europe/Berlin", *QUICK)
            assert code == 0
            assert "from 2 Nov 2026, 08:00 (Europe/Berlin)" in out

    def test_a_project_file_keeps_who_was_given_what(self, here: Path, capsys: Any, texts: dict[str, str]) -> None:
        code, _, err = run(capsys, "plan.xml", "--zone", "Europe/Berlin", "--out", "out.csv", *QUICK)
        assert (code, err) == (0, "")
        written = (here / "out.csv").read_text(encoding="utf-8").splitlines()
        people = {row.split(",")[0]: row for row in written}
        given = mspdi.read_assignments(texts["plan.xml"], zone="Europe/Berlin")
        assert len(given) == 15
        for package, names in given.items():
            assert ";".join(names) in people[package]

    @pytest.mark.usefixtures("here")
    def test_a_team_beside_a_project_file_takes_the_place_of_its_people(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "plan.xml", "--zone", "Europe/Berlin", "--team", "two.csv", *QUICK)
        assert (code, "2 people" in out.splitlines()[0]) == (0, True)

    def test_what_a_project_file_has_and_we_do_not_is_told(self, here: Path, capsys: Any, texts: Any) -> None:
        odd = texts["plan.xml"].replace("</Task>", "<Active>0</Active></Task>", 1)
        code, _, err = run(capsys, write(here, "odd.xml", odd), "--zone", "Europe/Berlin", *QUICK)
        assert code == 0
        assert err == "odd.xml: Microsoft Project XML: the plan leaves out: that tasks are not active\n"

    @pytest.mark.parametrize(
        ("name", "text", "told"),
        [
            ("a.csv", SMALL.replace("2d", "2"), "row 3, column 'duration': '2' has no unit"),
            ("a.csv", SMALL.replace("build,any", "bild,any"), "unknown predecessor 'bild' (did you mean 'build'?)"),
            (
                "a.csv",
                SMALL.replace("2d,,web", "2d,test,web"),
                "build (row 4) -> test (row 5) -> design (row 3) -> build (row 4)",
            ),
            ("a.json", "{", "a.json: "),
            ("a.json", '{"leadkit_schema": 1, "type": "Link"}', "a.json: "),
            ("a.xml", "<!DOCTYPE x []><Project/>", "a.xml: "),
        ],
    )
    def test_faults_of_the_plan_end_with_1(self, here: Path, capsys: Any, name: str, text: str, told: str) -> None:
        code, out, err = run(capsys, write(here, name, text), "--zone", "UTC", "--report", "r.md", *QUICK)
        assert (code, out) == (1, "")
        assert told in err
        assert err.startswith(f"{name}: ")
        assert not (here / "r.md").exists()

    def test_faults_of_the_team_and_of_the_status_name_their_file(self, here: Path, capsys: Any) -> None:
        bad = write(here, "bad.csv", TEAM.replace("3,1", "three,1"))
        code, _, err = run(capsys, "small.csv", "--team", bad, *QUICK)
        assert code == 1
        assert err.startswith("bad.csv: ")
        assert "row 2, column 'sql': " in err
        code, _, err = run(capsys, "small.csv", "--status", "status.json", *QUICK)
        assert code == 1
        assert err.startswith("status.json: ")
        assert "interviews" in err

    @pytest.mark.usefixtures("here")
    def test_a_person_that_a_plan_names_and_the_team_lacks_is_a_fault_of_the_plan(self, capsys: Any) -> None:
        code, _, err = run(capsys, "plan.json", "--team", "two.csv", *QUICK)
        assert code == 1
        assert err == "plan.json: metric 'cases': unknown person 'elif'\n"


class TestTeamThatCannot:
    def test_everything_is_told_and_written_before_the_cases(self, here: Path, capsys: Any) -> None:
        team = write(here, "one.csv", "id,sql\nann,3\n")
        code, out, err = run(
            capsys, "small.csv", "--team", team, "--report", "r.md", "--out", "o.csv", "--gantt", "g.mmd", *QUICK
        )
        assert code == 1
        assert (
            err == "small.csv: work package 'design' needs 1 with web >= 2 and has 0 (nearest: ann not assessed)\n"
            or ("work package 'design' needs 1 with web >= 2" in err)
        )
        assert "finish by links alone: 12 Jan 2026, 17:00" in out
        assert "finish with this team" not in out
        assert "1 person with web 2, 16 hours, 2026-01-05 to 2026-01-06, for 1: nobody has the skills" in out
        assert out.splitlines()[-3:] == ["wrote o.csv", "wrote r.md", "wrote g.mmd"]
        report = (here / "r.md").read_text(encoding="utf-8")
        assert "HR is asked for 1 person" in report
        assert "not known: the team cannot do the plan at all" in report
        assert "early_start" in (here / "o.csv").read_text(encoding="utf-8")

    def test_nobody_can_be_given_a_calendar(self, here: Path, capsys: Any) -> None:
        code, _, err = run(capsys, "small.csv", "--ics", "c.ics", "--person", "ann", *QUICK)
        assert code == 2
        assert err == "leadkit plan: --person ann: nobody was given any work\n"
        assert not (here / "c.ics").exists()


class TestWriting:
    def test_every_file_is_that_of_the_library(self, here: Path, capsys: Any) -> None:
        options = ("--out", "o.csv", "--report", "r.md", "--gantt", "g.puml", "--ics", "c.ics", "--mspdi", "m.xml")
        code, out, err = run(capsys, "small.csv", "--team", "two.csv", "--title", "Us", "--seed", "3", *options, *QUICK)
        assert (code, err) == (0, "")
        assert out.splitlines()[-5:] == [f"wrote {name}" for name in ("o.csv", "r.md", "g.puml", "c.ics", "m.xml")]
        made = planned(small_plan(), schedules=30, seed=3, runs=200)
        plan, found = made.plan, made.found
        assignment = found["assignment"]
        assert (here / "o.csv").read_bytes().decode() == csv.write_plan(plan, assignment)
        assert (here / "r.md").read_text(encoding="utf-8") == reports.plan_markdown(plan, title="Us", **found)
        assert (here / "g.puml").read_text(encoding="utf-8") == plantuml.gantt(assignment)
        assert (here / "m.xml").read_bytes().decode() == mspdi.write(plan, assignment)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        calendar = re.sub(r"DTSTAMP:\w+", "", (here / "c.ics").read_bytes().decode())
        assert calendar == re.sub(r"DTSTAMP:\w+", "", icalendar.write(assignment, now=now))

    def test_mermaid_and_the_calendar_of_a_person(self, here: Path, capsys: Any) -> None:
        options = ("--gantt", "g.mmd", "--ics", "c.ics", "--person", "ben")
        assert run(capsys, "small.csv", "--team", "two.csv", *options, *QUICK)[0] == 0
        made = planned(small_plan(), schedules=30, runs=200)
        assert (here / "g.mmd").read_text(encoding="utf-8") == mermaid.gantt(made.found["assignment"])
        text = (here / "c.ics").read_text(encoding="utf-8")
        assert "SUMMARY:Design" in text
        assert "SUMMARY:Build" not in text

    def test_a_report_to_management_needs_the_status(self, here: Path, capsys: Any) -> None:
        plan = small_plan()
        status = Status(as_of=plan.start, progress=[Progress(package="design", actual_start=plan.start)])
        options = ("--team", "two.csv", "--status", write(here, "s.json", json.dumps(status)))
        for name in ("m.html", "m.md"):
            assert run(capsys, "small.csv", *options, "--management", name, *QUICK)[0] == 0
        found = planned(plan, schedules=30, runs=200).tracked(status).found
        told = wbs.management_report(plan, found["tracking"], risk=found["risk"], request=found["request"])
        assert (here / "m.html").read_text(encoding="utf-8") == reports.management_report(told)
        assert (here / "m.md").read_text(encoding="utf-8") == reports.management_report_markdown(told)
        code, _, err = run(capsys, "plan.json", "--management", "n.html", *QUICK)
        assert (code, err) == (2, "leadkit plan: --management needs --status\n")

    def test_the_same_seed_gives_the_same_table(self, here: Path, capsys: Any) -> None:
        for name in ("a.csv", "b.csv"):
            assert run(capsys, "plan.csv", "--team", "team.csv", "--seed", "5", "--out", name, *QUICK)[0] == 0
        assert (here / "a.csv").read_bytes() == (here / "b.csv").read_bytes()
        assert csv.read_plan((here / "a.csv").read_text(encoding="utf-8")) == csv.read_plan(csv.write_plan(PORTAL))

    def test_an_existing_file_is_kept_unless_forced(self, here: Path, capsys: Any) -> None:
        write(here, "o.csv", "mine")
        code, _, err = run(capsys, "small.csv", "--out", "o.csv", *QUICK)
        assert (code, err) == (2, "leadkit plan: --out o.csv exists; use --force to replace it\n")
        assert (here / "o.csv").read_text(encoding="utf-8") == "mine"
        assert run(capsys, "small.csv", "--out", "o.csv", "--force", *QUICK)[0] == 0
        assert (here / "o.csv").read_text(encoding="utf-8").startswith("id,")

    def test_where_one_file_cannot_be_made_none_is_written(
        self, here: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "icalendar", None)
        code, _, err = run(capsys, "small.csv", "--out", "o.csv", "--ics", "c.ics", *QUICK)
        assert code == 2
        assert "pip install 'leadkit[calendars]'" in err
        assert not (here / "o.csv").exists()

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (("nothing.csv",), "there is no file nothing.csv"),
            (("small.csv", "--team", "nobody.csv"), "there is no file nobody.csv"),
            (("small.csv", "--status", "never.json"), "there is no file never.json"),
            (("small.csv", "--report", "r.pdf"), "--report r.pdf: expected a name that ends in .html or .htm or .md"),
            (("small.csv", "--gantt", "g.svg"), "--gantt g.svg: expected a name that ends in .mmd or .mermaid or .puml"),
            (("small.csv", "--ics", "c.txt"), "--ics c.txt: expected a name that ends in .ics"),
            (("small.csv", "--mspdi", "m.mpp"), "--mspdi m.mpp: expected a name that ends in .xml"),
            (("small.csv", "--out", "small.csv", "--force"), "--out small.csv is a file that is read"),
            (("small.csv", "--schedules", "0"), "--schedules: expected at least 1, got 0"),
            (("small.csv", "--runs", "0"), "--runs: expected at least 1, got 0"),
            (("small.csv", "--seed", "-1"), "--seed: expected at least 0, got -1"),
            (("small.csv", "--title", "T"), "--title needs --report"),
            (("small.csv", "--person", "ann"), "--person needs --ics"),
            (("small.csv", "--zone", "Mars"), "--zone Mars: unknown time zone; expected a name such as Europe/Berlin"),
            (("small.csv", "--zone", "../etc"), "--zone ../etc: unknown time zone"),
            (("small.csv", "--start", "monday"), "--start monday: expected a date and time such as 2026-09-07T08:00"),
            (("small.csv", "--start", "2026-01-05"), "--start 2026-01-05 has no offset from UTC"),
            (("plan.xml",), "plan.xml has local times without a zone: name it with --zone"),
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("here")
    def test_wrong_usage_ends_with_2(self, capsys: Any, options: tuple[str, ...], told: str) -> None:
        code, out, err = run(capsys, *options)
        assert (code, out) == (2, "")
        assert err.startswith(f"leadkit plan: {told}")

    @pytest.mark.usefixtures("here")
    def test_a_person_whom_nobody_knows_is_wrong_usage(self, capsys: Any) -> None:
        options = ("--team", "two.csv", "--ics", "c.ics", "--person", "bne")
        code, _, err = run(capsys, "small.csv", *options, *QUICK)
        assert code == 2
        assert "unknown person 'bne' (did you mean 'ben'?)" in err

    def test_a_solver_that_is_not_installed_is_wrong_usage(
        self, here: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == "ortools"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "ortools", None)
        rows = "id,kind,duration,needs,start,zone\nsite,group,,,2026-01-05 08:00,UTC\n"
        rows += "".join(f"a{i},,{i + 1}d,any x{1 + i % 2},,\n" for i in range(7))
        team = write(here, "three.csv", "id\nann\nben\ncy\n")
        code, _, err = run(
            capsys, write(here, "d.csv", rows), "--team", team, "--solver", "--schedules", "1", "--runs", "5"
        )
        assert code == 2
        assert "leadkit[solver]" in err

    @pytest.mark.usefixtures("here")
    def test_long_work_draws_a_bar_on_a_terminal_alone(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        screen = Terminal()
        monkeypatch.setitem(sys.modules, "tqdm", None)
        monkeypatch.setattr(sys, "stderr", screen)
        assert main(["plan", "small.csv", "--report", "r.html", *QUICK]) == 0
        assert "simulating [" in screen.getvalue()
        assert "writing sections [" in screen.getvalue()
        assert "[" not in capsys.readouterr().out
        made = planned(csv.read_plan(SMALL), schedules=30, runs=200)
        assert Path("r.html").read_text(encoding="utf-8") == reports.plan(made.plan, **made.found)


class TestPlanned:
    def test_a_plan_without_people_is_not_assigned(self) -> None:
        package = WorkPackage(id="a", estimate=Estimate.fixed(1))
        plan = Plan(wbs=Wbs(root=Group(id="s", children=[package])), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
        made = planned(plan, runs=5)
        assert set(made.found) == {"schedule", "seed", "risk"}
        assert made.result == made.found["schedule"]
        made.fail()
        with_ann = plan.with_(team=Team(people=[Person(id="ann")]))
        assert {"assignment", "gap", "request"} <= set(planned(with_ann, schedules=1, runs=5).found)


class TestDemo:
    def test_tables_and_json_make_the_sample_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for path, text in project_files(tmp_path).items():
            path.write_text(text, encoding="utf-8", newline="")
        monkeypatch.setattr("leadkit.cli.demo_plan.N_SCHEDULES", 20)
        monkeypatch.setattr("leadkit.cli.demo_plan.N_RUNS", 100)
        made = project_from(tmp_path, seed=0)
        plan = made.plan
        assert plan.with_(links=(), wbs=PORTAL.wbs) == PORTAL.with_(links=())
        assert set(plan.links) == set(PORTAL.links)
        assert set(plan.wbs.raci) == set(PORTAL.wbs.raci)
        assert plan.wbs.root == PORTAL.wbs.root
        assert made.found["tracking"].as_of == samples.status().as_of
        assert [one.is_ready for one in made.found["readiness"]] == [True, False, False]
        known = [own.documents for own in PORTAL.gates] + [own.documents for own in PORTAL.handovers]
        assert set(DOCUMENTS) <= {one.id for documents in known for one in documents}
        assert set(MEASURED) <= {metric.id for metric in PORTAL.metrics}
