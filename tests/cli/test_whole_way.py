"""The whole way of a trainer with every framework: a form, answers typed into it, a check, scores and a report."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from leadkit import frameworks, score
from leadkit.assessment import Responses
from leadkit.cli import main
from leadkit.cli.arguments import FORMS


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(arguments)
    said = capsys.readouterr()
    assert not said.err
    return code, said.out


def filled(form: str, answers: list[int], team: str) -> str:
    """Type the same answers into every prepared row, as a spreadsheet would keep them: with semicolons."""
    rows = list(csv.reader(io.StringIO(form.removeprefix("\ufeff"))))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        is_person = row[0] in ("r1", "r2")
        writer.writerow([row[0], team, *answers] if is_person else row)
    return out.getvalue()


@pytest.mark.parametrize("name", frameworks.names())
def test_a_form_is_filled_in_checked_scored_and_reported(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instrument = frameworks.load(name)
    assert run(capsys, "form", name, "--rows", "2", "--group", "team", "--out", "form.csv") == (0, "wrote form.csv\n")
    answers = [
        instrument.scale.low + at % (instrument.scale.high - instrument.scale.low + 1)
        for at in range(instrument.n_items)
    ]
    text = filled((here / "form.csv").read_text(encoding="utf-8"), answers, "north")
    (here / "answers.csv").write_text(text, encoding="utf-8", newline="")
    code, out = run(capsys, "check", name, "answers.csv", "--group", "team")
    assert (code, out) == (
        0,
        f"answers.csv is fine: 2 respondents, {instrument.n_items} items, 0 cells not answered (0.0%)\n",
    )
    code, out = run(capsys, "score", name, "answers.csv", "--group", "team")
    assert code == 0
    expected = score(Responses(instrument, [answers], respondent_ids=["r1"]))
    for row in csv.DictReader(io.StringIO(out)):
        assert row["team"] == "north"
        for dimension in (one.id for one in instrument.dimensions):
            assert float(row[dimension]) == pytest.approx(expected.column(dimension)[0], abs=1e-12)
    command = ("score", name, "answers.csv", "--group", "team", "--out", "s.csv", "--report", "r.md")
    assert run(capsys, *command)[1].splitlines()[1:] == ["wrote s.csv", "wrote r.md"]
    assert str(instrument.title) in (here / "r.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", frameworks.names())
def test_every_format_goes_to_the_screen_and_into_a_file(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = str(frameworks.load(name, language="en").items[0].text)
    for kind in FORMS:
        code, shown = run(capsys, "form", name, "--format", kind)
        assert code == 0
        assert run(capsys, "form", name, "--format", kind, "--out", kind)[0] == 0
        assert (here / kind).read_bytes().decode("utf-8-sig").rstrip("\n") == shown.rstrip("\n")
        assert question.partition("'")[0] in shown
