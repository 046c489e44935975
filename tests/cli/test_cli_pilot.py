"""`leadkit pilot` as the head of a help desk types it."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from leadkit import escalation, reports, samples
from leadkit.cli import main
from leadkit.cli.demo_pilot import desk_files, desk_from, desk_lines
from leadkit.cli.pilot_reading import ActionCatalogue
from leadkit.cli.pilot_summary import pilot_lines
from leadkit.cli.piloting import Piloted, learning, piloted
from leadkit.errors import SkillError
from leadkit.escalation import EventLog, LevelRule, Matrix, build_matrix, evaluate_pilot, pilot_outcomes
from leadkit.interchange import csv, json
from leadkit.interchange.event_csv import read_event_csv, write_event_csv
from leadkit.interchange.xes import write_xes
from leadkit.skills import DevelopmentAction, SkillMatrix, plan_training
from leadkit.wbs import Person, Team

LOG = samples.tickets()
LEVELS = [LevelRule(id=f"L{rank}", rank=rank, threshold=rank + 1) for rank in (1, 2, 3)]
DESK = ("--team", "desk.csv", "--stratum", "channel")
START = datetime(2026, 9, 7, 8, tzinfo=UTC)
HEAD = "ticket,at,status,level,person,domain\n"
# the first line solves a and c, and hands b to the second
SMALL = HEAD + "".join(
    f"{own},2026-09-07T{hour:02}:00:00Z,{status},{level},{person},login\n"
    for own, hour, status, level, person in [
        ("a", 8, "assigned", 1, "ann"),
        ("a", 9, "resolved", 1, "ann"),
        ("b", 10, "assigned", 1, "bo"),
        ("b", 12, "resolved", 2, "cy"),
        ("c", 13, "assigned", 1, "bo"),
        ("c", 14, "resolved", 1, "bo"),
    ]
)
TEAM = "id,login\nann,2\nbo,2\ncy,4\n"


def team_text(skills: SkillMatrix) -> str:
    return csv.write_team(Team(people=[Person(id=own) for own in skills.people], skills=skills))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Write the sample, once for the module."""
    return {
        "tickets.csv": write_event_csv(LOG),
        "desk.csv": team_text(samples.desk_skills()),
        "actions.json": json.dumps(ActionCatalogue(actions=samples.development_actions())),
        "small.csv": SMALL,
        "team.csv": TEAM,
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
    code = main(["pilot", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def matrix_of(skills: SkillMatrix) -> Matrix:
    return build_matrix(skills, LEVELS)


def desk(**options: Any) -> Piloted:
    """Work out what the program does with the sample, read as it is written."""
    log = read_event_csv(write_event_csv(LOG))
    return piloted(log, stratum="channel", matrix=matrix_of(samples.desk_skills()), **options)


def cases(weak: dict[tuple[str, str], int], *, n: int = 40, people: str = "abcdef") -> EventLog:
    """Make a log in which everybody has `n` cases of each domain and solves 36 of 40, but for the weak."""
    rows: list[dict[str, Any]] = []
    domains = sorted({domain for _, domain in weak} | {"login"})
    for person in people:
        for domain in domains:
            for i in range(n):
                level = 1 if i < weak.get((person, domain), n * 36 // 40) else 2
                own = {"ticket": f"{person}{domain}{i}", "domain": domain, "person": person}
                at = START + timedelta(hours=i)
                rows.append({**own, "at": at, "status": "assigned", "level": 1})
                rows.append({**own, "at": at + timedelta(hours=2), "status": "resolved", "level": level})
    return EventLog.from_records(rows)


class TestSummary:
    def test_a_pilot_with_its_team_is_told_in_a_few_lines(self, here: Path, capsys: Any, texts: Any) -> None:
        code, out, err = run(capsys, "tickets.csv", *DESK)
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert len(lines) < 20
        assert lines == [
            "tickets.csv: 600 tickets, 3,620 events, 7 Sep 2026 to 2 Nov 2026 (UTC)",
            (
                "matrix: 8 people, 5 domains, L1 from 2, L2 from 3, L3 from 4; 6 gaps: 1 nobody qualifies, "
                "1 nobody qualifies as far as is assessed, 4 one person alone"
            ),
            "  network L3: nobody qualifies; nearest: fatima, goran, hana",
            "  delivery L3: nobody qualifies as far as is assessed; not assessed: hana",
            "  ... and 4 more",
            "pilot: 455 of 600 cases solved on the first line (76 %), 5 people in 5 domains",
            "to train: 2 people in a domain (q 0.05, least gap 5 points); 2 training needs",
            "  boris in network: 4 of 24 solved (17 %), expected 68 %, q under 0.001; to come to L2",
            "  emeka in billing: 9 of 24 solved (38 %), expected 70 %, q 0.003; to come to L2",
            (
                "observe more: 18 of 25 cells, first chen in devices (24 of 491 cases); chen in accounts (24 of 286 cases); "
                "dilnoza in delivery (24 of 430 cases)"
            ),
            (
                "metrics: first_line_resolution 76 % (455 of 600), time_to_resolve_median 5.9 hours, "
                "reopened_share 4 % (23 of 600), ping_pong_share 0 % (0 of 600)"
            ),
        ]
        found = evaluate_pilot(pilot_outcomes(LOG, stratum="channel"))
        (boris,) = [row for row in found.cells if (row.person, row.domain) == ("boris", "network")]
        assert (boris.successes, boris.n, round(boris.expected, 2)) == (4, 24, 0.68)
        assert sorted(path.name for path in here.iterdir()) == sorted(texts)

    @pytest.mark.usefixtures("here")
    def test_everything_at_once_stays_under_twenty_lines(self, capsys: Any) -> None:
        options = ("--actions", "actions.json", "--target", "network=0.8", "--target", "billing=0.9")
        code, out, err = run(
            capsys, "tickets.csv", *DESK, *options, "--member", "boris", "--out", "o.csv", "--needs", "n.csv"
        )
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert len(lines) < 20
        assert "below target, to train as a team: billing 69 % of 90 %, network 68 % of 80 %" in lines
        plan = desk(actions=samples.development_actions()).learning
        assert plan is not None
        assert plan.plan is not None
        assert (plan.plan.hours, plan.plan.cost, plan.plan.unmet) == (24, 960, ())
        assert "training plan: boris network_coach, emeka billing_coach; 24 hours, cost 960, 0 needs left open" in lines
        assert lines[-2:] == ["wrote o.csv", "wrote n.csv"]

    @pytest.mark.usefixtures("here")
    def test_without_a_team_the_pilot_and_the_metrics_are_told(self, capsys: Any) -> None:
        code, out, err = run(capsys, "small.csv")
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            "small.csv: 3 tickets, 6 events, 7 Sep 2026 to 7 Sep 2026 (UTC)",
            "pilot: 2 of 3 cases solved on the first line (67 %), 2 people in 1 domain",
            "to train: nobody (q 0.05, least gap 5 points)",
            "observe more: 2 of 2 cells, first bo in login (2 of 562 cases); ann in login (1 of 562 cases)",
            (
                "metrics: first_line_resolution 67 % (2 of 3), time_to_resolve_median 1.0 hours, reopened_share 0 % (0 of 3), "
                "ping_pong_share not known (needs:group)"
            ),
        ]

    @pytest.mark.usefixtures("here")
    def test_without_a_team_the_weak_are_told_without_needs(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "tickets.csv", "--stratum", "channel")
        assert code == 0
        assert "to train: 2 people in a domain (q 0.05, least gap 5 points)\n  boris in network: 4 of 24" in out
        assert "q under 0.001\n" in out
        assert "matrix:" not in out
        assert "not in " not in out

    def test_who_and_what_the_team_file_lacks_is_told_and_gets_no_need(self, here: Path, capsys: Any) -> None:
        skills = samples.desk_skills()
        text = team_text(skills).replace(",network", ",Networks").replace("emeka,", "emil,")
        code, out, err = run(
            capsys, "tickets.csv", "--team", write(here, "odd.csv", text), "--needs", "n.csv", "--stratum", "channel"
        )
        assert (code, err) == (0, "")
        assert (
            "not in odd.csv: 1 person of the log (emeka); a skill for 1 domain of the log (network (did you mean "
            "'Networks'?))"
        ) in out.splitlines()
        assert "; 0 training needs, 2 without a need, not in the team file" in out
        assert "q under 0.001; not in the team file, so no need\n" in out
        assert (here / "n.csv").read_text(encoding="utf-8") == "person,skill,current,target,weight,reason\n"

    def test_who_holds_the_level_on_paper_is_to_be_assessed_again(self, here: Path, capsys: Any) -> None:
        log = cases({("a", "login"): 12})
        write(here, "weak.csv", write_event_csv(log))
        team = write(here, "paper.csv", "id,login\na,4\nb,2\nc,2\nd,2\ne,2\nf,2\n")
        code, out, _ = run(capsys, "weak.csv", "--team", team)
        assert code == 0
        assert "to train: 1 person in a domain (q 0.05, least gap 5 points); 0 training needs, 1 at L2 on paper" in out
        assert "; at L2 on paper already: assess again" in out

    def test_many_are_cut_and_counted(self, here: Path, capsys: Any) -> None:
        weak = dict.fromkeys(zip("abcd", ("d1", "d2", "d3", "d4"), strict=True), 10)
        write(here, "weak.csv", write_event_csv(cases(weak)))
        code, out, _ = run(capsys, "weak.csv", "--team", write(here, "none.csv", "id,login\nzoe,2\n"))
        assert code == 0
        assert "to train: 4 people in a domain (q 0.05, least gap 5 points); 0 training needs, 4 without a need" in out
        assert "\n  ... and 2 more\n" in out
        assert (
            "not in none.csv: 6 people of the log (a, b, c, d, e and 1 more); a skill for 4 domains of the log" in out
        )
        assert len(out.splitlines()) < 20

    def test_who_is_weaker_in_everything_than_in_anything_is_coached(self, here: Path, capsys: Any) -> None:
        domains = [f"d{i}" for i in range(8)]
        weak = {("a", domain): 9 for domain in domains}
        log = cases(weak, n=14)
        assert {row.person for row in evaluate_pilot(pilot_outcomes(log)).people if row.verdict == "coach"} == {"a"}
        code, out, _ = run(capsys, write(here, "weak.csv", write_event_csv(log)), "--member", "a")
        assert code == 0
        assert "to train: nobody" in out
        assert "to coach, weaker over all domains than in any one: a" in out.splitlines()
        assert "  to grow in all domains: nothing on offer is known" in out.splitlines()

    @pytest.mark.usefixtures("here")
    def test_what_is_doubtful_is_told(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "small.csv", "--stratum", "person")
        assert code == 0
        assert out.splitlines()[-1] == "doubtful: no_comparison (2)"
        code, out, _ = run(capsys, "small.csv", "--team", "team.csv", "--levels", "9")
        assert (code, out.splitlines()[-1]) == (0, "doubtful: domain_uncovered:login")

    def test_needs_that_stay_open_say_why(self, here: Path, capsys: Any) -> None:
        options = (*DESK, "--actions", "actions.json", "--budget-hours", "12")
        code, out, _ = run(capsys, "tickets.csv", *options)
        assert code == 0
        assert "12 hours, cost 480, 1 need left open: budget, hours or seats leave no room" in out
        code, out, _ = run(capsys, "tickets.csv", *DESK, "--actions", "actions.json", "--budget-cost", "0")
        assert (code, "training plan: nothing; 0 hours, cost 0, 2 needs left open" in out) == (0, True)
        none = write(here, "none.json", json.dumps(ActionCatalogue(actions=())))
        code, out, _ = run(capsys, "tickets.csv", *DESK, "--actions", none)
        assert (code, "training plan" in out) == (0, False)


class TestMember:
    @pytest.mark.usefixtures("here")
    def test_the_last_months_and_where_to_grow(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "tickets.csv", *DESK, "--member", "boris", "--actions", "actions.json")
        assert code == 0
        rows = {row.metric: row for row in desk(member="boris").member.rows if row.period == "2026-10"}  # type: ignore[union-attr]
        assert (rows["calls_addressed"].value, round(rows["calls_addressed"].team_value)) == (69, 56)
        assert out.splitlines()[-3:] == [
            (
                "boris, 2026-10: calls_addressed 69 (others 56), first_line_resolution 100.0 % (others 71.5 %), "
                "time_to_resolve_median 4.7 hours (others 6.9 hours), reopened_share 2.4 % (others 3.7 %)"
            ),
            (
                "boris, 2026-11: calls_addressed 1, first_line_resolution not known, time_to_resolve_median not known, "
                "reopened_share not known"
            ),
            "  to grow in network: network_course, network_certificate, network_coach",
        ]

    @pytest.mark.usefixtures("here")
    def test_months_are_those_of_the_zone(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "tickets.csv", "--zone", "Europe/Berlin", "--member", "boris")
        assert code == 0
        assert out.startswith("tickets.csv: 600 tickets, 3,620 events, 7 Sep 2026 to 2 Nov 2026 (Europe/Berlin)")
        assert "boris, 2026-11: " in out

    def test_a_domain_that_the_team_file_lacks_is_a_skill_of_its_name(self, here: Path, capsys: Any) -> None:
        text = team_text(samples.desk_skills()).replace(",network", ",Networks")
        options = ("--stratum", "channel", "--member", "boris", "--actions", "actions.json")
        code, out, _ = run(capsys, "tickets.csv", "--team", write(here, "odd.csv", text), *options)
        assert code == 0
        assert "  to grow in network: network_course, network_certificate, network_coach" in out.splitlines()

    @pytest.mark.usefixtures("here")
    def test_a_member_whom_the_log_does_not_know_is_wrong_usage(self, capsys: Any) -> None:
        code, out, err = run(capsys, "tickets.csv", *DESK, "--member", "bors")
        assert (code, out) == (2, "")
        assert err.startswith("leadkit pilot: unknown person 'bors' (did you mean 'boris'?)")

    def test_a_report_holds_the_member_alone_who_is_in_the_team(self, here: Path, capsys: Any) -> None:
        text = team_text(samples.desk_skills()).replace("emeka,", "emekaa,")
        options = ("--team", write(here, "odd.csv", text), "--member", "emeka")
        assert run(capsys, "tickets.csv", *options)[0] == 0
        code, out, err = run(capsys, "tickets.csv", *options, "--report", "r.md")
        assert (code, out) == (2, "")
        assert "--member: the report is about the team; unknown person 'emeka' (did you mean 'emekaa'?)" in err
        assert not (here / "r.md").exists()


class TestReading:
    @pytest.mark.usefixtures("here")
    def test_packed_and_xes_logs_say_the_same(self, here: Path, capsys: Any, texts: dict[str, str]) -> None:
        xes = write_xes(LOG)
        (here / "t.csv.gz").write_bytes(gzip.compress(texts["tickets.csv"].encode()))
        (here / "t.xes").write_text(xes, encoding="utf-8")
        (here / "T.XES.GZ").write_bytes(gzip.compress(xes.encode()))
        _, plain, _ = run(capsys, "tickets.csv", *DESK)
        for name in ("t.csv.gz", "t.xes", "T.XES.GZ"):
            code, out, err = run(capsys, name, *DESK)
            assert (code, err) == (0, "")
            assert out == plain.replace("tickets.csv", name)

    def test_other_profiles_headers_and_zones(self, here: Path, capsys: Any) -> None:
        rows = "number,sys_updated_at,incident_state,assigned_to,category,tier\n" + "".join(
            f"{own},07/09/2026 {hour:02}:00,{status},{person},login,{level}\n"
            for own, hour, status, person, level in [
                ("a", 1, "Active", "ann", 1),
                ("a", 2, "Resolved", "ann", 1),
                ("b", 1, "Active", "bo", 1),
                ("b", 3, "Resolved", "cy", 2),
            ]
        )
        options = ("--profile", "servicenow", "--domain", "category", "--zone", "Europe/Berlin")
        name = write(here, "now.csv", rows)
        code, out, err = run(capsys, name, *options, "--column", "level=tier")
        assert (code, err) == (0, "")
        assert "now.csv: 2 tickets, 4 events, 7 Sep 2026 to 7 Sep 2026 (Europe/Berlin)" in out
        assert "pilot: 1 of 2 cases solved on the first line (50 %), 2 people in 1 domain" in out
        code, out, err = run(capsys, name, *options)
        assert code == 1
        assert err == "now.csv: log: expected a column level, which it has not\n"
        assert "pilot: none, for the log has no level; --column level=HEADER names one\n" in out
        assert "metrics: first_line_resolution not known (needs:level), time_to_resolve_median 1.0 hours" in out

    def test_names_of_xes_can_be_given(self, here: Path, capsys: Any) -> None:
        log = read_event_csv(SMALL)
        xes = write_xes(log).replace("leadkit:level", "tier").replace("leadkit:status", "step")
        name = write(here, "own.xes", xes)
        options = ("--column", "level=tier", "--column", "status=step")
        code, out, err = run(capsys, name, *options)
        assert (code, err) == (0, "")
        assert "pilot: 2 of 3 cases solved on the first line" in out

    def test_another_encoding(self, here: Path, capsys: Any) -> None:
        for name, text in (("s.csv", SMALL), ("t.csv", TEAM)):
            (here / name).write_bytes(text.replace("ann", "Jörg").encode("cp1252"))
        code, out, err = run(capsys, "s.csv", "--team", "t.csv", "--encoding", "cp1252")
        assert (code, err) == (0, "")
        assert "observe more: 2 of 2 cells, first bo in login (2 of 562 cases); Jörg in login" in out
        code, _, err = run(capsys, "s.csv")
        assert code == 1
        assert err.startswith("s.csv: ")

    @pytest.mark.usefixtures("here")
    def test_later_events_are_left_out(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "small.csv", "--now", "2026-09-07T13:00", "--zone", "Europe/Berlin")
        assert code == 0
        assert out.startswith("small.csv: 2 tickets, 3 events, ")
        assert "pilot: 1 of 1 case solved" in out
        code, out, err = run(capsys, "small.csv", "--now", "2026-09-07T07:00Z")
        assert (code, out) == (2, "")
        assert err == (
            "leadkit pilot: --now 2026-09-07T07:00Z: the first event of small.csv is later, at 2026-09-07T08:00Z\n"
        )

    @pytest.mark.usefixtures("here")
    def test_levels_and_the_level_to_come_to(self, capsys: Any) -> None:
        code, out, _ = run(capsys, "tickets.csv", *DESK, "--levels", "1,2.5", "--needs", "n.csv")
        assert code == 0
        assert "matrix: 8 people, 5 domains, L1 from 1, L2 from 2.5; " in out
        assert Path("n.csv").read_text(encoding="utf-8").splitlines()[1] == "boris,network,2,2.5,1,network L2: pilot"
        assert run(capsys, "tickets.csv", *DESK, "--target-level", "L3", "--needs", "m.csv")[0] == 0
        assert Path("m.csv").read_text(encoding="utf-8").splitlines()[1] == "boris,network,2,4,1,network L3: pilot"
        code, out, _ = run(capsys, "tickets.csv", *DESK, "--levels", "3", "--needs", "k.csv")
        assert (code, "to come to L1" in out) == (0, True)

    @pytest.mark.usefixtures("here")
    def test_the_options_of_the_evaluation_are_passed_on(self, capsys: Any) -> None:
        options = ("--q", "0.001", "--min-gap", "0.2", "--min-n", "5", "--target", "login=1")
        code, out, _ = run(capsys, "tickets.csv", "--stratum", "channel", *options[:-2], "--out", "o.csv")
        assert (code, "to train: 1 person in a domain (q 0.001, least gap 20 points)" in out) == (0, True)
        outcomes = pilot_outcomes(read_event_csv(write_event_csv(LOG)), stratum="channel")
        wanted = evaluate_pilot(outcomes, q=0.001, min_gap=0.2, min_n=5)
        assert Path("o.csv").read_text(encoding="utf-8") == csv.write_pilot(wanted)
        code, _, err = run(capsys, "tickets.csv", *options)
        assert code == 2
        assert err.startswith("leadkit pilot: unknown domain of a target 'login'; known: accounts, ")

    @pytest.mark.usefixtures("here")
    def test_hours_in_the_team_file_need_no_zone(self, here: Path, capsys: Any) -> None:
        team = "id,hours,login\nann,mon-thu 08:00-12:00,2\nbo,,2\ncy,,4\n"
        code, out, err = run(capsys, "small.csv", "--team", write(here, "hours.csv", team))
        assert (code, err) == (0, "")
        assert "matrix: 3 people, 1 domain" in out


class TestFaults:
    @pytest.mark.parametrize(
        ("name", "text", "told"),
        [
            ("a.csv", SMALL.replace(",1,ann", ",one,ann", 1), "row 2, column 'level': expected a level, a whole number"),
            ("a.csv", SMALL.replace("T08:00:00Z", "T08:00:00"), "row 2, column 'at': no time zone is known"),
            ("a.csv", "", "the file is empty"),
            ("a.csv", HEAD, "there is no event in it"),
            ("a.csv", "x,y\n1,2\n", "no column is known"),
            ("a.csv.gz", SMALL, "pilot"),
            ("a.xes", "<!DOCTYPE x []><log/>", "a.xes: "),
            ("a.xes", "<log></log>", "there is no event in it"),
            ("a.csv", "ticket,at,domain\nt,2026-09-07T08:00Z,x\n", "3 faults"),
            ("a.csv", SMALL.replace("resolved", "in_progress"), "no ticket of the log is resolved"),
            ("a.csv", SMALL.replace("login\n", "login,9\n").replace("domain\n", "domain,csat\n"), "csat"),
        ],
    )  # fmt: skip
    def test_faults_of_the_log_end_with_1(self, here: Path, capsys: Any, name: str, text: str, told: str) -> None:
        code, out, err = run(capsys, write(here, name, text), "--out", "o.csv")
        if name.endswith(".gz"):  # packed or not is read from the bytes, not from the name
            assert (code, told in out) == (0, True)
            return
        assert code == 1
        assert told in err
        assert err.startswith(f"{name}: ")
        assert "wrote" not in out
        assert not (here / "o.csv").exists()

    @pytest.mark.usefixtures("here")
    def test_a_log_without_a_pilot_tells_the_rest_and_writes_nothing(self, here: Path, capsys: Any) -> None:
        name = write(here, "open.csv", SMALL.replace("resolved", "in_progress"))
        options = ("--team", "team.csv", "--report", "r.md", "--out", "o.csv", "--member", "ann")
        code, out, err = run(capsys, name, *options)
        assert code == 1
        assert err == (
            "open.csv: pilot outcomes: no ticket of the log is resolved, has a domain and a person at level 1\n"
        )
        assert [line.partition(":")[0] for line in out.splitlines() if not line.startswith(" ")] == [
            "open.csv",
            "matrix",
            "metrics",
        ]
        assert not list(here.glob("[ro].*"))

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (TEAM.replace("ann,2", "ann,two"), "row 2, column 'login': "),
            (TEAM.replace("bo", "ann"), "row 3, column 'id': 'ann' is in row 2 already"),
            ("name\nann\n", "expected"),
            ("id,name\nann,Ann\n", "expected a row a person and a column a skill, got no skill"),
            ("id,login\n", "expected a row a person and a column a skill, got no row"),
        ],
    )
    def test_faults_of_the_team_end_with_1(self, here: Path, capsys: Any, text: str, told: str) -> None:
        code, out, err = run(capsys, "small.csv", "--team", write(here, "bad.csv", text))
        assert (code, out) == (1, "")
        assert err.startswith("bad.csv: ")
        assert told in err

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{", "bad.json: "),
            ("[]", "bad.json: ActionCatalogue: expected an object, got list"),
            ('{"leadkit_schema": 1, "type": "Plan"}', "expected 'ActionCatalogue', got 'Plan'"),
            ('{"leadkit_schema": 1, "type": "ActionCatalogue"}', "'actions' is missing"),
            ('{"leadkit_schema": 1, "type": "ActionCatalogue", "actions": [{"id": "x"}]}', "actions[0]"),
        ],
    )
    def test_faults_of_what_is_on_offer_end_with_1(self, here: Path, capsys: Any, text: str, told: str) -> None:
        name = write(here, "bad.json", text)
        code, out, err = run(capsys, "small.csv", "--team", "team.csv", "--actions", name)
        assert (code, out) == (1, "")
        assert err.startswith("bad.json: ")
        assert told in err

    def test_an_action_that_is_there_twice_is_a_fault(self, here: Path, capsys: Any) -> None:
        (action, *_) = samples.development_actions()
        with pytest.raises(SkillError, match="action 'accounts_certificate': is there more than once"):
            ActionCatalogue(actions=[action, action])
        text = json.dumps(ActionCatalogue(actions=[action, evolve(action, id="other")])).replace("other", action.id)
        code, _, err = run(capsys, "small.csv", "--team", "team.csv", "--actions", write(here, "twice.json", text))
        assert code == 1
        assert err == "twice.json: action 'accounts_certificate': is there more than once\n"

    def test_a_report_about_nobody_is_refused(self, here: Path, capsys: Any) -> None:
        team = write(here, "none.csv", "id,login\nzoe,2\n")
        code, out, err = run(capsys, "small.csv", "--team", team, "--report", "r.html")
        assert (code, out) == (1, "")
        assert err == "none.csv: nobody who had a case in small.csv is in it, so there is nothing to report on\n"
        assert not (here / "r.html").exists()

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            (("nothing.csv",), "there is no file nothing.csv"),
            (("nothing.xes",), "there is no file nothing.xes"),
            ((".",), ". is a directory; expected a file"),
            (("small.csv", "--team", "nobody.csv"), "there is no file nobody.csv"),
            (("small.csv", "--team", "team.csv", "--actions", "no.json"), "there is no file no.json"),
            (("small.csv", "--team", "team.csv", "--report", "r.pdf"), "--report r.pdf: expected a name that ends in .html"),
            (("small.csv", "--out", "small.csv", "--force"), "--out small.csv is a file that is read"),
            (("small.csv", "--out", "team.csv", "--team", "team.csv", "--force"), "--out team.csv is a file that is read"),
            (("small.csv", "--out", "no/o.csv"), "--out no/o.csv: there is no folder no"),
            (("small.csv", "--report", "r.md"), "--report needs --team"),
            (("small.csv", "--title", "T"), "--title needs --report"),
            (("small.csv", "--needs", "n.csv"), "--needs needs --team"),
            (("small.csv", "--levels", "1,2"), "--levels needs --team"),
            (("small.csv", "--target-level", "L2"), "--target-level needs --team"),
            (("small.csv", "--actions", "actions.json"), "--actions needs --team"),
            (("small.csv", "--budget-hours", "3"), "--budget-hours needs --actions"),
            (("small.csv", "--budget-cost", "3"), "--budget-cost needs --actions"),
            (("small.csv", "--team", "team.csv", "--actions", "actions.json", "--budget-cost", "-1"), "--budget-cost: expected a number of at least 0, got -1"),
            (("small.csv", "--team", "team.csv", "--actions", "actions.json", "--budget-hours", "nan"), "--budget-hours: expected a number of at least 0, got nan"),
            (("small.csv", "--q", "0"), "--q: expected a number above 0 and below 1, got 0"),
            (("small.csv", "--q", "nan"), "--q: expected a number above 0 and below 1, got nan"),
            (("small.csv", "--min-gap", "1"), "--min-gap: expected a number above 0 and below 1, got 1"),
            (("small.csv", "--min-n", "0"), "--min-n: expected at least 1, got 0"),
            (("small.csv", "--zone", "Mars"), "--zone Mars: unknown time zone"),
            (("small.csv", "--now", "monday"), "--now monday: expected a date and time such as 2026-09-07T08:00"),
            (("small.csv", "--now", "2026-09-07"), "--now 2026-09-07 has no offset from UTC"),
            (("small.csv", "--target", "login"), "--target login: expected DOMAIN=SHARE with a share from 0 to 1"),
            (("small.csv", "--target", "login=2"), "--target login=2: expected DOMAIN=SHARE"),
            (("small.csv", "--target", "login=nan"), "--target login=nan: expected DOMAIN=SHARE"),
            (("small.csv", "--target", "=0.5"), "--target =0.5: expected DOMAIN=SHARE"),
            (("small.csv", "--target", "a=0.5", "--target", "a=0.6"), "--target: a is given twice"),
            (("small.csv", "--team", "team.csv", "--levels", "2,x"), "--levels 2,x: expected levels of at least 0 that do not fall"),
            (("small.csv", "--team", "team.csv", "--levels", "3,2"), "--levels 3,2: expected levels"),
            (("small.csv", "--team", "team.csv", "--levels", "nan"), "--levels nan: expected levels"),
            (("small.csv", "--team", "team.csv", "--levels", ""), "--levels : expected levels"),
            (("small.csv", "--team", "team.csv", "--target-level", "L9"), "--target-level: unknown level 'L9'"),
            (("small.csv", "--column", "level"), "--column level: expected COLUMN=HEADER, such as ticket=Number"),
            (("small.csv", "--column", "level="), "--column level=: expected COLUMN=HEADER"),
            (("small.csv", "--column", "level=a", "--column", "level=b"), "--column: level is given twice, as a and b"),
            (("a.xes", "--column", "ticket=id"), "--column ticket=id: in XES that is the name of the trace"),
            (("a.xes.gz", "--profile", "bpi2013"), "--profile bpi2013 is of tables; a.xes.gz is XES"),
            (("small.csv", "--domain", "domian"), "--domain: unknown column 'domian' (did you mean 'domain'?); known: domain,"),
            (("small.csv", "--domain", "ticket"), "--domain: unknown column 'ticket'"),
            (("small.csv", "--stratum", "channel"), "--stratum: unknown column 'channel'"),
            (("small.csv", "--encoding", "latin-99"), "unknown encoding 'latin-99'"),
        ],
    )  # fmt: skip
    def test_wrong_usage_ends_with_2(self, here: Path, capsys: Any, options: tuple[str, ...], told: str) -> None:
        before = sorted(here.iterdir())
        code, out, err = run(capsys, *options)
        assert (code, out) == (2, "")
        assert err.startswith(f"leadkit pilot: {told}")
        assert sorted(here.iterdir()) == before

    @pytest.mark.parametrize(
        "options", [(), ("a.csv", "--profile", "jira"), ("a.csv", "--q", "x"), ("a.csv", "--min-n", "1.5")]
    )
    def test_what_the_parser_refuses_is_wrong_usage_too(self, capsys: Any, options: tuple[str, ...]) -> None:
        code, _, err = run(capsys, *options)
        assert (code, "usage: leadkit pilot" in err) == (2, True)


class TestWriting:
    def test_every_file_is_that_of_the_library(self, here: Path, capsys: Any) -> None:
        options = ("--actions", "actions.json", "--member", "boris", "--title", "Desk")
        written = ("--out", "o.csv", "--needs", "n.csv", "--report", "r.html")
        code, out, err = run(capsys, "tickets.csv", *DESK, *options, *written)
        assert (code, err) == (0, "")
        assert out.splitlines()[-3:] == ["wrote o.csv", "wrote n.csv", "wrote r.html"]
        assert run(capsys, "tickets.csv", *DESK, *options, "--report", "r.md")[0] == 0
        skills = csv.read_team(team_text(samples.desk_skills()), zone="UTC").skills
        assert skills is not None
        log, matrix = read_event_csv(write_event_csv(LOG)), matrix_of(skills)
        outcomes = pilot_outcomes(log, stratum="channel")
        found = evaluate_pilot(outcomes)
        needs = found.training_needs(matrix, target_level="L2")
        actions = samples.development_actions()
        assert (here / "o.csv").read_bytes().decode() == csv.write_pilot(found)
        assert (here / "n.csv").read_bytes().decode() == csv.write_needs(needs)
        months = escalation.periods(START, log.at.max().item().replace(tzinfo=UTC), "month")
        curve = desk().survival
        own: dict[str, Any] = {
            "evaluation": found,
            "needs": needs,
            "training": plan_training(needs, actions),
            "catalogue": actions,
            "metrics": [one for one in escalation.metrics(log) if one.flags != ("needs:reopen_window",)],
            "survival": curve,
            "member": escalation.member_report(
                log, "boris", periods=months, outcomes=outcomes, catalogue=actions, skills=matrix
            ),
        }
        assert curve is not None
        assert (here / "r.html").read_text(encoding="utf-8") == reports.escalation(matrix, title="Desk", **own)
        page = (here / "r.md").read_text(encoding="utf-8")
        assert page == reports.escalation_markdown(matrix, title="Desk", **own)
        assert page.startswith("# Desk\n")

    def test_an_existing_file_is_kept_unless_forced(self, here: Path, capsys: Any) -> None:
        write(here, "o.csv", "mine")
        code, _, err = run(capsys, "small.csv", "--out", "o.csv")
        assert (code, err) == (2, "leadkit pilot: --out o.csv exists; use --force to replace it\n")
        assert (here / "o.csv").read_text(encoding="utf-8") == "mine"
        assert run(capsys, "small.csv", "--out", "o.csv", "--force")[0] == 0
        assert (here / "o.csv").read_text(encoding="utf-8").startswith("person,domain,")

    def test_where_one_file_cannot_be_made_none_is_written(
        self, here: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        monkeypatch.delitem(sys.modules, "leadkit.reports.page", raising=False)
        code, out, err = run(capsys, "small.csv", "--team", "team.csv", "--out", "o.csv", "--report", "r.html")
        assert (code, out) == (2, "")
        assert "pip install 'leadkit[reports]'" in err
        assert not (here / "o.csv").exists()

    @pytest.mark.usefixtures("here")
    def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(self, here: Path, capsys: Any) -> None:
        name = write(here, "evil.csv", SMALL.replace("ann", "=1+1"))
        assert run(capsys, name, "--out", "o.csv")[0] == 0
        assert "\n'=1+1,login," in (here / "o.csv").read_text(encoding="utf-8")

    @pytest.mark.usefixtures("here")
    def test_long_work_draws_a_bar_on_a_terminal_alone(self, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        screen = Terminal()
        monkeypatch.setitem(sys.modules, "tqdm", None)
        monkeypatch.setattr(sys, "stderr", screen)
        assert main(["pilot", "small.csv", "--team", "team.csv", "--report", "r.html"]) == 0
        assert "writing sections [" in screen.getvalue()
        assert "[" not in capsys.readouterr().out


class TestPiloted:
    def test_needs_of_those_whom_the_matrix_knows(self) -> None:
        found = evaluate_pilot(pilot_outcomes(cases({("a", "login"): 12, ("b", "x"): 12})))
        matrix = matrix_of(SkillMatrix(["a", "c"], ["login"], [[float("nan")], [3]]))
        learnt = learning(found, matrix, "L2")
        assert [(need.person, need.skill, need.target) for need in learnt.needs] == [("a", "login", 3.0)]
        assert [(row.person, row.domain) for row in learnt.unknown] == [("b", "x")]
        assert (learnt.at_level, learnt.plan) == ((), None)
        assert learnt.needs == evolve(
            found, cells=[row for row in found.cells if row.person == "a" and row.domain == "login"]
        ).training_needs(matrix, target_level="L2")

    def test_domains_that_are_numbers_are_skills_of_that_name(self) -> None:
        log = read_event_csv(SMALL)
        columns = {name: values for name, values in log.to_columns().items() if name != "domain"}
        numbers = EventLog.from_columns(**columns, domain=[3.0] * 4 + [2.5] * 2)
        made = piloted(numbers, matrix=matrix_of(SkillMatrix(["ann", "bo", "cy"], ["3"], [[2], [2], [4]])))
        (line,) = [line for line in pilot_lines(made, name="log", team="t.csv") if line.startswith("not in")]
        assert line == "not in t.csv: a skill for 1 domain of the log (2.5)"

    def test_a_log_without_statuses_has_no_curve(self) -> None:
        made = piloted(EventLog.from_columns(ticket=["a"], at=[START], domain=["x"]))
        assert (made.survival, made.evaluation) == (None, None)
        with pytest.raises(escalation.LogError, match="expected a column status"):
            made.fail()
        desk().fail()


class TestDemo:
    def test_the_files_make_the_sample_again(self, tmp_path: Path) -> None:
        for path, text in desk_files(tmp_path, seed=2026).items():
            path.write_text(text, encoding="utf-8", newline="")
        made = desk_from(tmp_path)
        assert made.matrix == samples.escalation_matrix()
        assert made.catalogue == samples.development_actions()
        assert made.log.tickets == LOG.tickets
        assert made.evaluation is not None
        assert [row.person for row in made.evaluation.cells if row.verdict == "train"] == ["boris", "emeka"]
        assert list(desk_lines(made)) == [
            "Read 600 tickets of a help desk of 8 people: the escalation matrix has 6 gaps",
            "  pilot: to train boris in network, emeka in billing; 24 hours leave 0 needs open",
        ]
        assert list(desk_lines(evolve(made, learning=None))) == []

    def test_what_is_on_offer_comes_back_as_it_was(self) -> None:
        catalogue = ActionCatalogue(actions=samples.development_actions())
        assert json.loads(json.dumps(catalogue), ActionCatalogue) == catalogue
        assert all(isinstance(action, DevelopmentAction) for action in catalogue.actions)


class TestRealLog:
    def test_incidents_by_product_and_by_line(
        self, here: Path, capsys: Any, shared_data: Callable[[str], Path]
    ) -> None:
        log = str(shared_data("escalation/bpi2013_incidents.csv.gz"))
        options = (
            "--profile",
            "bpi2013",
            "--domain",
            "product",
            "--stratum",
            "org_line",
            "--now",
            "2012-05-22T23:22:25Z",
        )
        code, out, err = run(capsys, log, *options, "--out", "o.csv")
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert len(lines) < 20
        assert lines[0].endswith(": 7,554 tickets, 65,533 events, 31 Mar 2010 to 22 May 2012 (UTC)")
        assert "metrics: first_line_resolution 71 % (5,373 of 7,546), " in out
        rows = (here / "o.csv").read_text(encoding="utf-8").splitlines()
        found = evaluate_pilot(
            pilot_outcomes(read_event_csv(log, profile="bpi2013"), domain="product", stratum="org_line")
        )
        assert len(rows) == 1 + len(found.to_records())

    def test_a_help_desk_without_levels_tells_its_metrics(
        self, here: Path, capsys: Any, shared_data: Callable[[str], Path]
    ) -> None:
        log = str(shared_data("escalation/helpdesk_it_2010_2014.csv.gz"))
        code, out, err = run(capsys, log, "--profile", "helpdesk", "--domain", "activity")
        assert code == 1
        assert "4,580 tickets, 21,348 events" in out
        assert "first_line_resolution not known (needs:level)" in out
        assert err.endswith("log: expected a column level, which it has not\n")
        assert not (here / "o.csv").exists()
