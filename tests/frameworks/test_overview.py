"""`about` tells a person what a framework is before they choose it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadkit import frameworks

RISKY = """
id = "risky"
version = "2.0.0"
title = "Mind <b>this</b>"
source = "A & B"
licence = "MIT"
status = "validated"
scale = { low = 1, high = 3 }

[[dimensions]]
id = "one"
name = "<script>alert(1)</script>"
items = [{ id = "one1", text = "I ask." }]
"""


@pytest.mark.parametrize("name", frameworks.names())
def test_the_page_names_every_dimension_with_its_number_of_items(name: str) -> None:
    page = frameworks.about(name)
    instrument = frameworks.load(name)
    unwrapped = " ".join(str(page).split())
    for dimension in instrument.dimensions:
        assert f"- {dimension.name}, {len(dimension.items)} items: {dimension.description}" in unwrapped
    assert page.n_items == instrument.n_items
    assert [part.id for part in page.dimensions] == list(instrument.dimension_ids)
    for text in (page.title, page.description, page.source, page.note, f"{name} {page.version}", "unvalidated"):
        assert text in unwrapped


@pytest.mark.parametrize("name", frameworks.names())
def test_the_page_fits_a_terminal(name: str) -> None:
    assert max(len(line) for line in str(frameworks.about(name)).splitlines()) <= 100


def test_the_page_says_what_is_combined_and_what_the_answers_mean() -> None:
    page = frameworks.about("ved")
    assert "- Management: Planning, Organising, Monitoring, Reviewing" in str(page)
    assert page.composites[0].dimension_ids == ("vision", "engagement", "delivery")
    assert page.answers == ("1 Never", "2 Rarely", "3 Sometimes", "4 Often", "5 Always")
    assert "What it combines" not in str(frameworks.about("team_lead"))


def test_the_page_becomes_plain_data() -> None:
    page = frameworks.about("vitals")
    data = json.loads(json.dumps(page.to_dict(), allow_nan=False))
    assert data["dimensions"][2]["n_items"] == 6
    assert (data["name"], data["licence"], data["languages"]) == ("vitals", "MIT", ["en"])


def test_a_framework_without_labels_or_description_still_reads_well(tmp_path: Path) -> None:
    path = tmp_path / "risky.toml"
    path.write_text(RISKY, encoding="utf-8")
    page = frameworks.about(path)
    assert page.answers == ("1", "2", "3")
    assert "Answers: 1, 2, 3" in str(page)
    assert "What it measures (1 item)" in str(page)
    assert "\n\n\n" not in str(page)
    assert "Note:" not in str(page)
    assert not any(line.endswith(" ") for line in str(page).splitlines())


def test_the_notebook_view_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "risky.toml"
    path.write_text(RISKY, encoding="utf-8")
    html = frameworks.about(path)._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    assert "A &amp; B" in html
    assert "<caption>Mind &lt;b&gt;this&lt;/b&gt;</caption>" in html
