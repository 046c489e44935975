"""Forms for survey tools, written by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from leadkit import frameworks
from leadkit.cli import main
from leadkit.interchange import html_form, limesurvey, redcap, surveyjs

WRITERS: dict[str, Callable[..., str]] = {
    "html": html_form.write_form,
    "limesurvey": limesurvey.write_form,
    "surveyjs": surveyjs.write_form,
    "redcap": redcap.write_form,
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", WRITERS)
def test_a_form_for_a_tool_is_what_the_library_writes(
    name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = WRITERS[name](frameworks.load("ved"), groups=["team"], language="en")
    assert main(["form", "ved", "--format", name, "--group", "team", "--language", "en"]) == 0
    assert capsys.readouterr().out == expected
    assert main(["form", "ved", "--format", name, "--group", "team", "--language", "en", "--out", "form"]) == 0
    assert capsys.readouterr().out == "wrote form\n"
    written = (here / "form").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") == (name == "limesurvey")
    assert written.decode("utf-8-sig") == expected


def test_only_a_csv_form_has_prepared_rows(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "ved", "--format", "surveyjs", "--rows", "2"]) == 2
    assert "--rows: a surveyjs form has no rows to prepare; leave it out" in capsys.readouterr().err
    assert main(["form", "ved", "--rows", "2"]) == 0
    assert capsys.readouterr().out.endswith(",\n")


def test_only_a_page_takes_a_title(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "ved", "--title", "Our check"]) == 2
    assert "--title: only an html form takes one, not csv; leave it out" in capsys.readouterr().err
    assert main(["form", "ved", "--format", "html", "--title", "Our <check>"]) == 0
    assert capsys.readouterr().out == html_form.write_form(frameworks.load("ved"), title="Our <check>")
    assert main(["form", "ved", "--format", "html", "--title", " "]) == 1
    assert "title: expected a text, got ' '" in capsys.readouterr().err


def test_what_a_tool_cannot_take_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "ved", "--format", "redcap", "--group", "My team"]) == 1
    assert "field 'My team': expected at most 100 lower-case letters" in capsys.readouterr().err
    assert main(["form", "ved", "--format", "limesurvey", "--language", "xx"]) == 2
    assert main(["form", "ved", "--format", "surveyjs", "--out", "ved.json"]) == 0
    assert main(["form", "ved", "--format", "surveyjs", "--out", "ved.json"]) == 2
    capsys.readouterr()
    assert json.loads((here / "ved.json").read_text(encoding="utf-8"))["pages"][0]["name"] == "ved"
