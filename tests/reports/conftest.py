"""A parsed page to look at, a browser to open it in, and results to make reports of."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import define, evolve, field, frozen

from leadkit import samples, vitals
from leadkit.assessment import ReliabilityTable, Responses, Scores, reliability, score
from leadkit.ved import MessageReading, VedScores, VedStyle, read_messages, style
from leadkit.ved import score as score_ved

try:
    import fcntl
except ImportError:  # pipes to a browser are numbered as Unix does it
    BROWSERS: tuple[str, ...] = ()
else:
    BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)  # the browser hears there, and answers on 4
os.dup2(int(sys.argv[2]), 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
PATIENCE = 60.0
VOID = {"br", "meta", "link", "img", "input", "hr"}


@define(eq=False, repr=False)
class Element:
    """A tag, its attributes, and the pieces of text inside it."""

    tag: str
    attributes: dict[str, str | None]
    parents: tuple[Element, ...]
    within: list[Element] = field(factory=list)
    pieces: list[tuple[str, bool]] = field(factory=list)

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(piece for piece, _ in self.pieces)

    @property
    def heard(self) -> str:
        """The text that a screen reader reads."""
        return "".join(piece for piece, hidden in self.pieces if not hidden)


@define(eq=False, repr=False)
class Page(HTMLParser):
    """The elements of a page in order; what is nested wrongly is in `faults`."""

    elements: list[Element] = field(factory=list)
    faults: list[str] = field(factory=list)
    stack: list[Element] = field(factory=list)
    doctype: str = ""

    def __attrs_pre_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"{tag} repeats an attribute")
        element = Element(tag, dict(attrs), tuple(self.stack))
        self.elements.append(element)
        for parent in self.stack:
            parent.within.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self.stack[-1].tag if self.stack else 'nothing'}")
            return
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        hidden = any(one.attributes.get("aria-hidden") == "true" for one in self.stack)
        for element in self.stack:
            element.pieces.append((data, hidden))

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """List the elements of a tag whose attributes have these values."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Give the only element of a tag with these attributes."""
        (found,) = self.all(tag, **attributes)
        return found

    def inside(self, parent: Element, *tags: str) -> list[Element]:
        """List the elements of some tags inside another."""
        return [one for one in parent.within if one.tag in tags]

    def rows(self, caption: str) -> list[list[str]]:
        """Give the texts of the cells of every table with a caption that starts so."""
        return [
            [words(cell.heard) for cell in self.inside(row, "th", "td")]
            for table in self.all("table")
            if self.inside(table, "caption")[0].text.strip().startswith(caption)
            for row in self.inside(table, "tr")
        ]

    def facts(self, name: str) -> list[str]:
        """Give what stands beside a name in the lists of facts."""
        terms = [one for one in self.elements if one.tag in {"dt", "dd"}]
        return [words(value.heard) for term, value in pairwise(terms) if term.tag == "dt" and words(term.text) == name]

    @property
    def words(self) -> str:
        """Everything that a screen reader reads of the body."""
        return words(self.one("body").heard)


def words(text: str) -> str:
    """Put one space between words, no-break spaces kept apart from others."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", "\0").split()).replace("\0", "\N{NO-BREAK SPACE}")


def parsed(text: str) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(text)
    page.close()
    page.faults += [f"{element.tag} is not closed" for element in page.stack]
    return page


@pytest.fixture(scope="session")
def parse() -> Callable[[str], Page]:
    """Give the parser."""
    return parsed


@frozen(kw_only=True)
class Material:
    """Results about one synthetic team."""

    responses: Responses
    scores: Scores
    table: ReliabilityTable
    ved: VedScores
    style: VedStyle
    messages: MessageReading
    profiles: tuple[vitals.VitalsProfile, ...]

    @property
    def everything(self) -> dict[str, Any]:
        """All that a report about a team takes."""
        return {
            "reliability": self.table,
            "responses": self.responses,
            "ved": self.ved,
            "style": self.style,
            "messages": self.messages,
            "vitals": self.profiles,
        }


@pytest.fixture(scope="session")
def material() -> Material:
    """Make results of samples; the second VITALS reading is of somebody without scores."""
    responses = samples.answers("ved", rng=1)
    table = reliability(responses)
    scored = score_ved(responses, reliability=table)
    known = dict.fromkeys(vitals.LETTERS, 0.8)
    first, second = samples.vitals_assessments(rng=1)[:2]
    readings = [
        vitals.profile(first, reliability=known, sd=dict.fromkeys(vitals.LETTERS, 14.0)),
        vitals.profile(evolve(second, person_id="somebody.else")),
        vitals.profile(vitals.VitalsAssessment(person_id="somebody.else", taken_on=date(2026, 1, 7))),
    ]
    return Material(
        responses=responses,
        scores=score(responses),
        table=table,
        ved=scored,
        style=style(scored),
        messages=read_messages(samples.messages(rng=1), n_resamples=50, rng=1),
        profiles=tuple(readings),
    )


@pytest.fixture(scope="session")
def hard() -> Responses:
    """Give answers with nasty names, a silent person, a person with gaps, one answer throughout, and small groups."""
    sample = samples.answers("ved", n=20, rng=3, careless=0, missing=0.0)
    values = np.array(sample.values)
    values[2] = np.nan
    values[3] = 4
    values[4, :3] = np.nan
    ids = list(sample.respondent_ids)
    ids[0] = "<script>alert('x')</script>"
    ids[1] = '"Ann" & *Bo* | $1_000_$ <b>'
    team = ["<i>north</i>"] * 9 + ["south"] * 7 + ["night"] * 3 + [None]
    return Responses(sample.instrument, values, ids, {"team & shift": team})


class Tab:
    """A tab of a headless browser, driven through the pipe of its debugging protocol, that notes what it asks for."""

    def __init__(self, browser: str, folder: Path) -> None:
        heard, self._told = os.pipe()
        self._answers, said = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (heard, said)]
        command = [sys.executable, "-c", LAUNCH, *map(str, ends), browser, *OPTIONS]
        self._process = subprocess.Popen(
            [*command, f"--user-data-dir={folder / 'profile'}"],
            pass_fds=ends,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (heard, said, *ends):
            os.close(end)
        self._file = folder / "page.html"
        self._last = 0
        self._rest = b""
        self._session: str | None = None
        self.asked: list[str] = []

    def start(self) -> None:
        """Wait for the browser and make a tab without a network."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and give its result; of events meanwhile, requests are noted."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[os.write(self._told, data) :]
        while True:
            answer = self._next()
            if answer.get("method") == "Network.requestWillBeSent":
                self.asked.append(answer["params"]["request"]["url"])
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._answers], [], [], PATIENCE)[0], "the browser does not answer"
            piece = os.read(self._answers, 1 << 16)
            assert piece, "the browser has ended"
            self._rest += piece
        first, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(first)
        return message

    def ask(self, script: str) -> Any:
        """Evaluate an expression in the page; of a promise, what it promises."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, text: str) -> None:
        """Open a page from a file and wait until it is there; `asked` begins anew."""
        self._file.write_text(text, encoding="utf-8")
        self.call("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank' && document.readyState === 'complete'")
        self.asked.clear()
        self.call("Page.navigate", url=self._file.as_uri())
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")

    @property
    def outside(self) -> list[str]:
        """What the page asked for besides itself; what is written in the page as data is the page itself."""
        own = self._file.as_uri()
        return [address for address in self.asked if address != own and not address.startswith("data:")]

    def wait(self, script: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.ask(script):
            assert time.monotonic() < end, script
            time.sleep(0.02)

    def window(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Give the window a size in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def press_tab(self) -> None:
        """Press and release the Tab key."""
        code = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        self.call("Input.dispatchKeyEvent", type="keyDown", **code)
        self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def close(self) -> None:
        """End the browser."""
        self._session = None
        with contextlib.suppress(AssertionError, OSError):
            self.call("Browser.close")
        os.close(self._told)
        os.close(self._answers)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Open a tab of a real browser; skip where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium or Chrome is installed")
    opened = Tab(found, tmp_path_factory.mktemp("browser"))
    try:
        opened.start()
        yield opened
    finally:
        opened.close()
