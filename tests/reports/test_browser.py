"""A real browser opens the pages: on a phone nothing runs off the side, and print gives a person a page."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import pytest

from leadkit import reports, samples
from leadkit.assessment import score
from leadkit.cli import main

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
)
MEASURE = """
const told = [...document.querySelectorAll("iframe")].map((frame) => {
  const page = frame.contentDocument, root = page.documentElement;
  const out = [...page.body.querySelectorAll("*")].filter((one) =>
    !one.closest(".scroll, .unseen, .skip, thead") && one.getBoundingClientRect().right > root.clientWidth + 1);
  const pictures = [...page.images].filter((one) => !one.complete || !one.naturalWidth).length;
  const scrolling = [...page.querySelectorAll(".scroll")].filter((one) => one.scrollWidth > one.clientWidth).length;
  return [root.clientWidth, root.scrollWidth, out.length, pictures, scrolling].join(" ");
});
document.getElementById("told").textContent = told.join(";");
"""


WIDTHS = (390, 1200)


@pytest.fixture(scope="module")
def browser() -> str:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium or Chrome is installed")


def run(browser: str, folder: Path, *options: str) -> str:
    """Run the browser with a profile of its own and give what it writes."""
    command = [browser, *OPTIONS, f"--user-data-dir={folder / 'profile'}", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def measure(browser: str, folder: Path, pages: list[str]) -> list[list[int]]:
    """Open every page at both widths, and give what `MEASURE` tells of each."""
    frames = [
        f'<iframe srcdoc="{escape(page)}" style="width:{width}px;height:800px;border:0"></iframe>'
        for page in pages
        for width in WIDTHS
    ]
    wrapper = folder / "wrapper.html"
    wrapper.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(frames)}<pre id=told></pre>"
        f"<script>addEventListener('load', () => {{{MEASURE}}})</script>",
        encoding="utf-8",
    )
    told = re.search(r'<pre id="told">([^<]*)</pre>', run(browser, folder, "--dump-dom", wrapper.as_uri()))
    assert told
    return [list(map(int, one.split())) for one in told.group(1).split(";")]


def test_nothing_runs_off_the_side_of_a_phone_or_a_desktop(browser: str, material: Any, tmp_path: Path) -> None:
    first = material.scores.respondent_ids[0]
    few = material.scores[:2]
    shown = {name: value for name, value in material.everything.items() if name not in {"responses", "vitals"}}
    pages = [
        reports.team(few, **shown, vitals=material.profiles, notice="Synthetic"),
        reports.individual(material.scores, first, vitals=material.profiles[0], ved=material.ved, style=material.style),
    ]
    measured = measure(browser, tmp_path, pages)
    assert len(measured) == 4
    for (client, scroll, outside, broken, _), width in zip(measured, WIDTHS * 2, strict=True):
        assert client <= width
        assert scroll <= client
        assert (outside, broken) == (0, 0)
    # The check above would pass on an empty page, so the wide tables have to be there and to scroll on the phone.
    assert measured[0][4] > 5
    assert measured[1][4] < measured[0][4]


def test_every_person_begins_on_a_new_sheet_of_paper(browser: str, tmp_path: Path) -> None:
    scores = score(samples.answers("ved", n=8, rng=1, missing=0.0, careless=0, teams=()))

    def sheets(n_people: int) -> int:
        # Without comparisons every person takes the same space, whoever else is on the page.
        text = reports.team(scores[:n_people], min_group=50, picture=False)
        page, paper = tmp_path / f"{n_people}.html", tmp_path / f"{n_people}.pdf"
        page.write_text(text, encoding="utf-8")
        run(browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
        return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))

    assert sheets(8) - sheets(3) == 5


def test_the_report_of_the_demo_fits_a_phone_and_a_desktop(browser: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["demo", str(tmp_path / "demo")]) == 0
    capsys.readouterr()
    page = (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")
    assert len(page) < 4_000_000
    opened = page.replace('<details class="person">', '<details class="person" open>')
    opened = opened.replace('<details class="fold">', '<details class="fold" open>')
    measured = measure(browser, tmp_path, [page, opened])
    assert len(measured) == 4
    for (client, scroll, outside, broken, _), width in zip(measured, WIDTHS * 2, strict=True):
        assert client <= width
        assert scroll <= client
        assert (outside, broken) == (0, 0)
    assert measured[0][4] > 10
    assert measured[1][4] < measured[0][4]


def test_people_folded_on_the_screen_have_a_sheet_of_paper_each(browser: str, tmp_path: Path) -> None:
    scores = score(samples.answers("ved", n=12, rng=1, missing=0.0, careless=0, teams=()))

    def sheets(n_people: int) -> int:
        page, paper = tmp_path / f"{n_people}.html", tmp_path / f"{n_people}.pdf"
        text = reports.full(team={"scores": scores[:n_people], "min_group": 50}, picture=False)
        assert text.count('<details class="person">') == n_people
        page.write_text(text, encoding="utf-8")
        run(browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
        return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))

    assert sheets(12) - sheets(9) == 3
