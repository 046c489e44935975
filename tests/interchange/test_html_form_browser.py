"""A person answers the page in a real browser, with keyboard and mouse, and the saved file is read and scored."""

from __future__ import annotations

import base64
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadkit import frameworks
from leadkit.assessment import Instrument, score
from leadkit.cli import main
from leadkit.interchange import csv, html_form

PATIENCE = 60.0

WICKED = Instrument.parse(
    """
id = "wicked"
version = "2.1.0"
title = { en = "Wicked </title><script>document.title = 'run'</script>", de = "Böse" }
source = "Example </p>"
licence = "MIT"
status = "unvalidated"
scale = { low = 1, high = 3, labels = [{ en = "No", de = "Nein" }, { en = "<b>Partly</b>", de = "Teils" }, { en = "Yes", de = "Ja" }] }
[[dimensions]]
id = "calm"
name = { en = "Calm & kind", de = "Ruhe" }
description = { en = "<i>How</i> you are.", de = "Wie Sie sind." }
items = [
  { id = "submit", text = { en = "</script><script>window.hit = 1</script>", de = "Ich bin ruhig." } },
  { id = "elements", text = { en = "\\"quoted\\" & 'so'\\nin two lines", de = "Ich bin angespannt." }, reverse = true },
]
[[dimensions]]
id = "form"
name = { en = "Form", de = "Form" }
items = [{ id = "save", text = { en = "<img src=x onerror=hit=1>", de = "Ich teile." } }]
"""
)


class Page:
    """A person at a tab of a browser, who reads, writes and clicks, and finds what the page saves."""

    def __init__(self, tab: Any, folder: Path) -> None:
        self.folder = folder
        self.ask: Callable[[str], Any] = tab.ask
        self.call: Callable[..., Any] = tab.call
        self.open: Callable[[str], None] = tab.visit
        self.press: Callable[..., None] = tab.press
        tab.save_into(folder)

    def write(self, text: str) -> None:
        """Write a text where the focus is."""
        self.call("Input.insertText", text=text)

    def click(self, choice: str) -> None:
        """Click the middle of an element with the mouse."""
        place = self.ask(
            f"(() => {{ const one = document.querySelector({json.dumps(choice)});"
            "one.scrollIntoView({block: 'center'}); const box = one.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def text(self, choice: str) -> str:
        """Give the text of an element as it is shown."""
        shown: str = self.ask(f"document.querySelector({json.dumps(choice)}).innerText")
        return shown

    def saved(self, name: str) -> bytes:
        """Wait for a file that the page saves, and take it away."""
        path = self.folder / name
        end = time.monotonic() + PATIENCE
        while not path.exists() or not path.stat().st_size:
            assert time.monotonic() < end, sorted(self.folder.iterdir())
            time.sleep(0.02)
        data = path.read_bytes()
        path.unlink()
        return data


@pytest.fixture(scope="module")
def page(open_tab: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("form")
    saved = folder / "saved"
    saved.mkdir()
    return Page(open_tab(folder), saved)


def form(tmp_path: Path, instrument: Instrument, **options: Any) -> str:
    """Write a form to a file and give its address."""
    path = tmp_path / "form.html"
    path.write_text(html_form.write_form(instrument, **options), encoding="utf-8")
    return path.as_uri()


def test_answers_by_keyboard_and_mouse_are_saved_read_and_scored(
    page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page.open(form(tmp_path, WICKED, groups=["team", "=wave"]))
    assert page.ask("window.hit === undefined && document.title.startsWith('Wicked </title>')")
    page.ask("document.getElementById('t-0').focus()")
    page.write("ann")
    page.press("Tab")
    page.write('=HYPERLINK("x";1), y')
    page.press("Tab")
    page.write("'tis")
    page.press("Tab", " ", "ArrowRight", "ArrowRight", "Tab", " ", "Tab")
    assert page.text("#progress") == "2 of 3 answered"
    page.click('[data-column="save"] label:nth-child(2)')
    assert page.text("#progress") == "3 of 3 answered"
    assert page.ask("document.getElementById('bar').value") == 3
    page.press("Tab", "Enter")
    data = page.saved("wicked-ann.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert "Saved as wicked-ann.csv." in page.text("#told")
    assert page.ask("document.activeElement.id") == "save"
    text = data.decode("utf-8-sig")
    assert page.ask("document.getElementById('copy-text').value") == text
    responses = csv.read_responses(text, WICKED, groups=["team", "=wave"])
    assert responses.respondent_ids == ("ann",)
    assert responses.groups == {"team": ('=HYPERLINK("x";1), y',), "=wave": ("'tis",)}
    assert responses.values.tolist() == [[3, 1, 2]]
    assert score(responses).values.tolist() == [[3, 2]]
    assert text == csv.write_responses(responses)

    key, answers = tmp_path / "wicked.toml", tmp_path / "ann.csv"
    rows = [{"item": one.id, "dimension": "d", "low": 1, "high": 3} for one in WICKED.items]
    assert len(rows) == 3
    answers.write_bytes(data)
    key.write_text(
        'id = "wicked"\nversion = "2.1.0"\ntitle = "W"\nsource = "E"\nlicence = "MIT"\nstatus = "unvalidated"\n'
        'scale = { low = 1, high = 3 }\n[[dimensions]]\nid = "d"\nname = "D"\n'
        'items = [{ id = "submit", text = "a" }, { id = "elements", text = "b" }, { id = "save", text = "c" }]\n',
        encoding="utf-8",
    )
    assert main(["score", str(key), str(answers), "--group", "team", "--group", "=wave"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("2.0")


def test_gaps_are_marked_and_may_be_saved_after_saying_so(page: Page, tmp_path: Path) -> None:
    page.open(form(tmp_path, frameworks.load("ved")))
    page.ask("localStorage.clear()")
    page.open(form(tmp_path, frameworks.load("ved")))
    page.click("#save")
    assert page.text("#summary-head") == "Not saved yet"
    assert page.text("#summary-list") == "Your name or code"
    assert page.ask("document.activeElement.id") == "summary"
    assert page.ask("document.getElementById('with-gaps').hidden")
    assert page.ask("document.getElementById('t-0').getAttribute('aria-invalid')") == "true"
    page.click("#summary-list a")
    assert page.ask("document.activeElement.id") == "t-0"
    page.write("bo / 7")
    assert not page.ask("document.getElementById('t-0').hasAttribute('aria-invalid')")
    page.click('[data-column="vis2"] label:nth-child(4)')
    page.click("#save")
    n = frameworks.load("ved").n_items
    assert page.text("#summary-head") == f"{n - 1} questions have no answer"
    assert page.ask("document.querySelectorAll('.item.wrong').length") == n - 1
    assert page.text("#q-vis1-note") == "Not answered yet"
    assert not list(page.folder.iterdir())
    page.click("#summary-list li:nth-child(2) a")
    assert page.ask("document.activeElement.name") == "q-vis3"
    page.press(" ")
    assert page.ask("document.querySelectorAll('.item.wrong').length") == n - 2
    page.press("Delete")
    assert page.text("#progress") == f"1 of {n} answered"
    assert page.text("#summary-list li:nth-child(2)") == "3. I tell my team how our work may look a year from now."
    page.press(" ")
    assert page.text("#summary-list li:nth-child(2)").endswith(" (answered)")
    page.ask("document.getElementById('t-0').select()")
    page.write(" ")
    page.click("#with-gaps")
    assert page.text("#summary-head") == "Not saved yet"
    page.click("#summary-list a")
    page.write("bo / 7")
    page.click("#save")
    assert page.text("#summary-head") == f"{n - 2} questions have no answer"
    page.click("#with-gaps")
    assert page.ask("document.getElementById('summary').hidden")
    responses = csv.read_responses(page.saved("ved-bo_7.csv").decode("utf-8-sig"), frameworks.load("ved"))
    assert responses.respondent_ids == ("bo / 7",)
    assert responses.values[0, :3].tolist()[1:] == [4, 1]
    assert math.isnan(responses.values[0, 0])
    assert sum(map(math.isnan, responses.values[0].tolist())) == n - 2


def test_unfinished_answers_are_kept_until_they_are_cleared(page: Page, tmp_path: Path) -> None:
    address = form(tmp_path, WICKED, groups=["team"], language="de")
    page.open(address)
    page.ask("localStorage.clear()")
    page.open(address)
    page.ask("document.getElementById('t-1').focus()")
    page.write("north")
    page.click('[data-column="submit"] label:nth-child(3)')
    page.click('[data-column="save"] label:nth-child(1)')
    page.click('[data-column="save"] .undo')
    page.open(address)
    assert page.text("#progress") == "1 of 3 answered"
    assert page.ask("document.getElementById('t-1').value") == "north"
    assert page.ask("document.querySelector('[data-column=submit] input:checked').value") == "3"
    assert page.ask("document.getElementById('no-storage').hidden")
    assert page.ask("Object.keys(localStorage)") == ["leadkit-form wicked 2.1.0"]
    page.ask("window.confirm = () => false")
    page.click("#clear")
    assert page.text("#progress") == "1 of 3 answered"
    page.ask("window.confirm = () => true")
    page.click("#clear")
    assert page.text("#told") == "Everything is cleared."
    assert page.ask("localStorage.length") == 0
    page.open(address)
    assert page.text("#progress") == "0 of 3 answered"


@pytest.mark.parametrize("kept", ["{", "null", "3", "[1]", '{"submit": 7, "elements": "9", "other": "1"}'])
def test_what_lies_in_the_storage_may_be_anything(page: Page, tmp_path: Path, kept: str) -> None:
    address = form(tmp_path, WICKED)
    page.open(address)
    page.ask(f"localStorage.setItem('leadkit-form wicked 2.1.0', {json.dumps(kept)})")
    page.open(address)
    assert page.text("#progress") == "0 of 3 answered"


def test_it_works_where_storage_is_denied(page: Page) -> None:
    text = html_form.write_form(WICKED)
    page.open("data:text/html;charset=utf-8;base64," + base64.b64encode(text.encode()).decode())
    assert "does not keep unfinished answers" in page.text("#no-storage")
    page.ask("document.getElementById('t-0').focus()")
    page.write("cy")
    for name in WICKED.item_ids:
        page.click(f'[data-column="{name}"] label:nth-child(1)')
    leaving = "(() => { const event = new Event('beforeunload', {cancelable: true});"
    leaving += "window.dispatchEvent(event); return event.defaultPrevented; })()"
    assert page.ask(leaving)
    page.click("#save")
    assert not page.ask(leaving)
    assert csv.read_responses(page.saved("wicked-cy.csv").decode("utf-8-sig"), WICKED).values.tolist() == [[1, 1, 1]]


def test_a_wide_scale_is_typed_and_what_is_not_on_it_is_not_saved(page: Page, tmp_path: Path) -> None:
    rows = [{"item": f"a{place}", "dimension": "calm", "low": 0, "high": 100} for place in range(2)]
    wide = Instrument.from_rows(rows, id="wide", version="1.0.0", title="Wide", source="Example", licence="MIT")
    page.open(form(tmp_path, wide))
    page.ask("document.getElementById('t-0').focus()")
    page.write("di")
    page.press("Tab")
    page.write("101")
    page.press("Tab")
    page.write("07")
    page.click("#save")
    assert page.text("#summary-head") == "Not saved yet"
    assert page.text("#q-a0-note") == "Not a number of the scale"
    page.click("#summary-list a")
    page.ask("document.activeElement.select()")
    page.write("100")
    page.click("#save")
    responses = csv.read_responses(page.saved("wide-di.csv").decode("utf-8-sig"), wide)
    assert responses.values.tolist() == [[100, 7]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@a", "'", "''=1", "#question", "NA", 'a"b;c,d', "\tx\x85", "ÄÖ 漢字", "'#answers"]
)
def test_texts_come_back_from_the_file(page: Page, tmp_path: Path, text: str) -> None:
    page.open(form(tmp_path, WICKED, groups=["team"]))
    for place in (0, 1):
        page.ask(f"document.getElementById('t-{place}').value = {json.dumps(text)}")
    page.ask("document.querySelectorAll('.item').forEach((one) => one.querySelector('input').click())")
    page.ask("document.getElementById('save').click()")
    written = page.ask("document.getElementById('copy-text').value")
    responses = csv.read_responses(written, WICKED, groups=["team"])
    expected = text.replace("\x85", " ").strip()
    assert (responses.respondent_ids, responses.groups["team"]) == ((expected,), (expected,))
    assert written == csv.write_responses(responses)


@pytest.mark.parametrize("width", [320, 390, 1100])
def test_nothing_runs_off_the_side(page: Page, tmp_path: Path, width: int) -> None:
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    page.open(form(tmp_path, frameworks.load("ved"), groups=["team"]))
    page.ask("localStorage.clear()")
    page.click("#save")
    seen = page.ask(
        "(() => { const root = document.documentElement; return [root.clientWidth, root.scrollWidth,"
        "[...document.querySelectorAll('main *')].filter((one) =>"
        "one.getBoundingClientRect().right > root.clientWidth + 1).length,"
        "Math.min(...[...document.querySelectorAll('.labels label')].map((one) => one.offsetHeight)),"
        "document.querySelector('.labels').offsetHeight > 200]; })()"
    )
    page.call("Emulation.clearDeviceMetricsOverride")
    client, scroll, outside, lowest, is_column = seen
    assert scroll == client <= width
    assert (outside, is_column) == (0, width < 640)
    assert lowest >= 44
