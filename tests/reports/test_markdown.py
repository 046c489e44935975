"""Markdown twins: the same numbers, and texts of users that stay texts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from leadkit import reports
from leadkit.assessment import Responses, reliability, score
from leadkit.reports.markdown import escaped
from leadkit.ved import MessageCoding, read_messages

DASH = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(str.strip)


def rows_below(text: str, heading: str) -> list[list[str]]:
    """Give the cells of the first table below a heading, its head first."""
    part = text.split(f"{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\|$\n?)+", part, re.MULTILINE)
    assert lines
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines.group().splitlines()]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


def test_one_person_has_the_scores_of_the_page(material: Any) -> None:
    scores, who = material.scores, material.scores.respondent_ids[0]
    bands = scores.with_bands(material.table)
    text = reports.individual_markdown(scores, who, bands=bands, notice="Made *up*")
    head, *rows = rows_below(text, "## Scores")
    assert head == ["Scale", "Score", "Band", "Mean of all"]
    for at, row in enumerate(rows):
        low, high, mean = bands.low[0, at], bands.high[0, at], scores.values[:, at].mean()
        assert row[1:] == [f"{scores.values[0, at]:.2f} of 1{DASH}5", f"{low:.2f} to {high:.2f}", f"{mean:.2f}"]
    assert text.splitlines()[:3] == [f"# {who}", "", r"**Notice.** Made \*up\*"]
    assert "not people" in text
    assert scores.instrument.hash in text


def test_missing_scores_are_words_with_reasons(hard: Responses) -> None:
    text = reports.individual_markdown(score(hard), hard.respondent_ids[4])
    assert rows_below(text, "## Scores")[1][1] == "no score"
    assert "- Vision: 2 of 5 questions answered. Fewer items were answered" in text
    silent = reports.individual_markdown(score(hard), hard.respondent_ids[2])
    assert "Nothing was answered, so there is no score on any scale." in silent


def test_ved_and_vitals_of_a_person_are_there(material: Any) -> None:
    who = material.scores.respondent_ids[0]
    text = reports.individual_markdown(
        material.scores, who, ved=material.ved, style=material.style, vitals=material.profiles[0]
    )
    assert f"- Leadership: {material.style.position[0, 0]:.0f}{NBSP}% of the maximum possible" in text
    assert "- Probability of each quadrant: leads and manages" in text
    assert material.style.note in text
    letter = material.profiles[0].letters["values"]
    assert f"### Values\n\n{letter.score:.0f}{NBSP}% (band" in text
    assert "| Logged days | All days | Working week (5) | Weekend (2) |" in text
    for question in letter.questions:
        assert f"- {escaped(question)}" in text


def test_a_team_has_the_tables_of_the_page(material: Any) -> None:
    text = reports.team_markdown(material.scores, **material.everything)
    _, *rows = rows_below(text, "## Scores of all")
    assert rows[0][2] == f"{material.scores.values[:, 0].mean():.2f} of 1{DASH}5"
    assert rows_below(text, "## By team")[0] == ["Scale", "all", "east", "north", "south", "west"]
    _, *alphas = rows_below(text, "## How far the scores can be trusted")
    assert [row[2] for row in alphas] == [f"{alpha:.2f}" for alpha in material.table.alpha]
    assert [row[0] for row in rows_below(text, "## Messages")][1:] == list(material.messages.message_ids)
    leaders = rows_below(text, "## Vision, engagement, delivery")
    assert [row[0] for row in leaders[1:]] == [escaped(name) for name in material.ved.ids]
    for name in material.scores.respondent_ids:
        assert f"### {escaped(name)}\n" in text
    assert "### somebody.else\n\n#### VITALS" in text


def test_small_groups_are_words_there_too(hard: Responses) -> None:
    text = reports.team_markdown(score(hard), reliability=reliability(hard, by="team & shift"), responses=hard)
    head, sizes, *rows = rows_below(text, "## By team &amp; shift")
    assert head[2] == "&lt;i&gt;north&lt;/i&gt;"
    assert sizes[3] == "fewer than 5"
    assert {row[3] for row in rows} == {"fewer than 5"}
    assert "A mean of fewer than 5 people is not shown." in text
    assert "Same answer to every question:" in text


def test_a_text_for_all_names_nobody(hard: Responses, material: Any) -> None:
    text = reports.team_markdown(score(hard), responses=hard, individuals=False, ved=material.ved, style=material.style)
    assert "## Person by person" not in text
    assert not [name for name in hard.respondent_ids if escaped(name) in text]
    few = reports.team_markdown(score(hard[:3]), individuals=False, style=material.style, min_group=25)
    assert "fewer than 25 people have one, so nothing is shown" in few
    assert rows_below(few, "## Scores of all")[1] == ["Vision", "fewer than 25 people have a score", "", ""]


def test_a_team_without_groups_or_quadrants_is_as_short_as_that(material: Any) -> None:
    scores = evolve(material.scores, groups={})
    text = reports.team_markdown(scores, ved=evolve(material.ved, groups={}))
    assert "## By" not in text
    assert len(rows_below(text, "## Vision, engagement, delivery")[0]) == 5
    alone = reports.individual_markdown(scores, scores.respondent_ids[0], style=material.style)
    assert "Lowest of vision" not in alone
    assert "- Quadrant of these two scores: " in alone
    no_errors = reports.individual_markdown(scores, scores.respondent_ids[0], ved=material.ved)
    assert "Probability of each quadrant" not in no_errors


def test_a_reading_without_codes_has_words(material: Any) -> None:
    reading = read_messages([MessageCoding(message_id="a|b", coder_id="ann", codes=())])
    text = reports.team_markdown(material.scores, messages=reading)
    assert rows_below(text, "## Messages")[1] == [r"a\|b", "no code seen", DASH, "1 reader"]


def test_markup_in_names_is_escaped(hard: Responses) -> None:
    text = reports.team_markdown(score(hard), responses=hard)
    assert "<" not in text
    assert r'### "Ann" &amp; \*Bo\* \| \$1\_000\_\$ &lt;b&gt;' in text


@pytest.mark.parametrize("frame", ["# {}", "- {}", "| a | {} |\n|---|---|", "{}", "1. {}", "> {}"])
@given(text=TEXTS)
def test_any_text_stands_for_itself_in_a_markdown_reader(frame: str, text: str) -> None:
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(frame.format(escaped(text)))
    inline = [token for token in tokens if token.type == "inline"]
    parts = [part for token in inline for part in token.children or []]
    assert {part.type for part in parts} <= {"text", "text_special"}
    shown = "".join(part.content for part in parts)
    in_table = frame.startswith("|")
    assert (shown.removeprefix("a") if in_table else shown).split() == text.split()
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= {
        "heading", "paragraph", "inline", "bullet_list", "ordered_list", "list_item", "blockquote",
        "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip


def test_a_line_that_starts_like_a_list_is_not_one() -> None:
    assert escaped("- a") == r"\- a"
    assert escaped("12. a") == r"12\. a"
    assert escaped("12) a") == r"12\) a"
    assert escaped("r-17") == "r-17"
