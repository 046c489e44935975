"""Promises on the command line: `leadkit pilot --standards`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadkit import samples
from leadkit.cli import main
from leadkit.cli.pilot_reading import StandardCatalogue
from leadkit.errors import EscalationError
from leadkit.escalation import ServiceStandard, check_standards
from leadkit.interchange import csv, json
from leadkit.interchange.event_csv import read_event_csv, write_event_csv
from leadkit.wbs import Person, Team

FACTS: dict[str, Any] = {"critical_point": "solution", "unit": "hours", "owner": "amara"}
STANDARDS = (
    ServiceStandard(id="week", measure="resolution", threshold=timedelta(days=7), target_share=0.5, **FACTS),
    ServiceStandard(id="hour", measure="resolution", threshold=timedelta(hours=1), target_share=0.9, **FACTS),
    ServiceStandard(id="back", measure="reopened_share", threshold=0.0, target_share=1.0, **FACTS),
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    skills = samples.desk_skills()
    texts = {
        "tickets.csv": write_event_csv(samples.tickets(200)),
        "desk.csv": csv.write_team(Team(people=[Person(id=own) for own in skills.people], skills=skills)),
        "standards.json": json.dumps(StandardCatalogue(standards=STANDARDS)),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["pilot", "tickets.csv", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_what_is_kept_is_that_of_the_library_at_the_end_of_the_log(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = read_event_csv(here / "tickets.csv")
    end = log.at.max().item().replace(tzinfo=UTC)
    rows = {row.standard: row for row in check_standards(log, STANDARDS, now=end).rows}
    kept = sum(row.kept is True for row in rows.values())
    code, out, _ = run(capsys, "--standards", "standards.json")
    assert code == 0
    assert f"promises: {kept} of 3 standards kept" in out
    hour = rows["hour"]
    assert hour.kept is False
    assert f"  hour missed: kept by {hour.met:,} of {hour.n:,} cases " in out
    assert ("  back missed: " in out) == (rows["back"].kept is False)
    assert "promises" not in run(capsys)[1]


def test_an_instant_in_the_past_sees_less(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime(2026, 9, 20, 8, tzinfo=UTC)
    row = check_standards(read_event_csv(here / "tickets.csv"), STANDARDS[1:2], now=now).rows[0]
    _, out, _ = run(capsys, "--standards", "standards.json", "--now", now.isoformat())
    assert f"hour missed: kept by {row.met:,} of {row.n:,} cases" in out


def test_they_are_in_the_report(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--team", "desk.csv", "--standards", "standards.json", "--report", "r.md")
    assert run(capsys, *options)[0] == 0
    assert "Whether promises are kept" in (here / "r.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "standards.json: StandardCatalogue: expected an object, got list"),
        ('{"leadkit_schema": 1, "type": "StandardCatalogue"}', "'standards' is missing"),
        ('{"leadkit_schema": 1, "type": "StandardCatalogue", "standards": [{"id": "x"}]}', "standards[0]"),
    ],
)
def test_a_faulty_file_is_told_with_its_places(
    here: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    (here / "standards.json").write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "--standards", "standards.json")
    assert (code, out) == (1, "")
    assert told in err


def test_an_id_is_there_once_and_the_file_is_never_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EscalationError, match="standard 'week': is there more than once"):
        StandardCatalogue(standards=[STANDARDS[0], STANDARDS[0]])
    code, _, err = run(capsys, "--standards", "standards.json", "--out", "standards.json", "--force")
    assert code == 2
    assert "is a file that is read" in err
    assert run(capsys, "--standards", "nothing.json")[0] == 2
