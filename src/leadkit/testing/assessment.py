"""Strategies for the models of `leadkit.assessment`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

from leadkit.assessment import (
    ROLES,
    Comment,
    Composite,
    Dimension,
    Instrument,
    Item,
    Metric,
    Ratings,
    Responses,
    ResponseScale,
    Scores,
    score,
)
from leadkit.assessment.shortlisting import Candidates, Criterion

__all__ = [
    "candidates",
    "comment",
    "composite",
    "criterion",
    "dimension",
    "identifier",
    "instrument",
    "item",
    "ratings",
    "response_scale",
    "responses",
    "scores",
    "text",
]

LANGUAGES = ("en", "de", "pt-BR")
WORDS: st.SearchStrategy[str] = st.sampled_from(
    (
        "Vision",
        "I look ahead.",
        "=1+1",
        "<b>bold</b>",
        "\N{LATIN SMALL LETTER U WITH DIAERESIS}ber",
        'a, b; c\t"d"',
        "'quoted'",
    )
)


IDENTIFIERS = st.builds(str.__add__, st.sampled_from("abcxyz"), st.text("a0_", max_size=3))
TRANSLATIONS = st.dictionaries(st.sampled_from(LANGUAGES[1:]), WORDS, max_size=2)
TEXTS: st.SearchStrategy[Any] = WORDS | st.builds(
    lambda english, others: {"en": english, **others}, WORDS, TRANSLATIONS
)
OPTIONAL_TEXTS = st.none() | TEXTS
EMPTY_OR_TEXTS = st.just("") | TEXTS
OPTIONAL_IDENTIFIERS = st.none() | IDENTIFIERS
SYSTEMS: st.SearchStrategy[str] = st.sampled_from(("csv", "survey"))
EXTERNAL_IDS: st.SearchStrategy[dict[str, str]] = st.dictionaries(SYSTEMS, WORDS, max_size=2)
WEIGHTS = st.sampled_from((1.0, 1.0, 0.5, 2.0, 3.0))
SHARES = st.floats(0.01, 1.0).map(lambda share: round(share, 3))


def identifier() -> st.SearchStrategy[str]:
    """Draw an identifier: a lower-case letter, then letters, digits or underscores."""
    return IDENTIFIERS


def text() -> st.SearchStrategy[Any]:
    """Draw a text in one language, or in English and others."""
    return TEXTS


@st.composite
def response_scale(draw: st.DrawFn) -> ResponseScale:
    """Draw a scale of 2 to 8 codes, with or without labels."""
    low = draw(st.integers(-3, 2))
    n_options = draw(st.integers(2, 8))
    labels = draw(st.just(()) | st.lists(TEXTS, min_size=n_options, max_size=n_options).map(tuple))
    return ResponseScale(low=low, high=low + n_options - 1, labels=labels)


@st.composite
def item(draw: st.DrawFn, *, id: str | None = None) -> Item:  # noqa: A002 - the field's name
    """Draw an item, or one with a given id."""
    return Item(
        id=draw(IDENTIFIERS) if id is None else id,
        text=draw(TEXTS),
        reverse=draw(st.booleans()),
        weight=draw(WEIGHTS),
        observer_text=draw(OPTIONAL_TEXTS),
        facet=draw(OPTIONAL_IDENTIFIERS),
        external_ids=draw(EXTERNAL_IDS),
    )


@st.composite
def dimension(draw: st.DrawFn, *, id: str | None = None, item_ids: Sequence[str] | None = None) -> Dimension:  # noqa: A002
    """Draw a dimension of 1 to 5 items, or one with given ids."""
    if item_ids is None:
        item_ids = draw(st.lists(IDENTIFIERS, min_size=1, max_size=5, unique=True))
    return Dimension(
        id=draw(IDENTIFIERS) if id is None else id,
        name=draw(TEXTS),
        items=tuple(draw(item(id=name)) for name in item_ids),
        description=draw(EMPTY_OR_TEXTS),
        min_answered=draw(SHARES | st.integers(1, len(item_ids))),
    )


@st.composite
def composite(draw: st.DrawFn, *, id: str | None = None, parts: Sequence[str] | None = None) -> Composite:  # noqa: A002
    """Draw a composite of 1 to 3 dimensions, or of given ones."""
    if parts is None:
        parts = draw(st.lists(IDENTIFIERS, min_size=1, max_size=3, unique=True))
    weights = {name: draw(st.sampled_from((1.0, 2.0, 0.25))) for name in parts}
    return Composite(id=draw(IDENTIFIERS) if id is None else id, name=draw(TEXTS), weights=weights)


@st.composite
def instrument(draw: st.DrawFn) -> Instrument:
    """Draw an instrument of 1 to 4 dimensions with 1 to 5 items each, and up to two composites."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    names = [f"d{i}" for i in range(len(sizes))]
    dimensions = tuple(
        draw(dimension(id=name, item_ids=[f"{name}_{j}" for j in range(size)]))
        for name, size in zip(names, sizes, strict=True)
    )
    composites = tuple(
        draw(composite(id=f"c{i}", parts=draw(st.lists(st.sampled_from(names), min_size=1, unique=True))))
        for i in range(draw(st.integers(0, 2)))
    )
    return Instrument(
        id=draw(IDENTIFIERS),
        version=".".join(str(draw(st.integers(0, 9))) for _ in range(3)),
        title=draw(TEXTS),
        scale=draw(response_scale()),
        dimensions=dimensions,
        composites=composites,
        source=draw(WORDS),
        licence="MIT",
        status=draw(st.sampled_from(("unvalidated", "pilot", "validated"))),
        note=draw(EMPTY_OR_TEXTS),
        description=draw(EMPTY_OR_TEXTS),
    )


@st.composite
def responses(
    draw: st.DrawFn,
    *,
    of: st.SearchStrategy[Instrument] | None = None,
    min_size: int = 1,
    max_size: int = 8,
    missing: bool = True,
) -> Responses:
    """Draw answers of 1 to 8 respondents; `of` draws the instrument."""
    form = draw(instrument() if of is None else of)
    n = draw(st.integers(min_size, max_size))
    size = n * form.n_items
    codes = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), dtype=np.uint8)
    values = form.scale.low + (codes % (form.scale.n_options + missing)).astype(np.float64)
    values[values > form.scale.high] = np.nan
    groups = draw(st.sampled_from((None, "team")))
    labels = st.lists(st.sampled_from(("north", "south", None)), min_size=n, max_size=n)
    return Responses(
        form,
        values.reshape(n, form.n_items),
        [f"r{i}" for i in range(n)],
        {} if groups is None else {groups: draw(labels)},
    )


@st.composite
def ratings(draw: st.DrawFn) -> Ratings:
    """Draw 1 to 8 evaluations of up to three ratees by up to four raters."""
    pairs = st.tuples(st.sampled_from(("ann", "bo", "cy")), st.sampled_from(("p1", "p2", "p3", "p4")))
    who = draw(st.lists(pairs.flatmap(_with_role), min_size=1, max_size=8, unique=True))
    given = draw(responses(min_size=len(who), max_size=len(who)))
    ratees, raters, roles = zip(*who, strict=True)
    return Ratings(given, ratees, raters, roles)


def comment() -> st.SearchStrategy[Comment]:
    """Draw a comment of a rater about a ratee."""
    return st.builds(
        Comment,
        ratee_id=WORDS,
        rater_id=WORDS,
        role=st.sampled_from(ROLES) | identifier(),
        text=WORDS,
        dimension_id=st.none() | identifier(),
    )


@st.composite
def scores(draw: st.DrawFn) -> Scores:
    """Draw scores of drawn responses."""
    metric: Metric = draw(st.sampled_from(("mean", "sum", "pomp")))
    return score(draw(responses()), metric=metric)


@st.composite
def criterion(draw: st.DrawFn, *, id: str | None = None) -> Criterion:  # noqa: A002 - the field's name
    """Draw a criterion, or one with a given id; floors are low, so that they exclude few."""
    direction: Literal["high", "low"] = draw(st.sampled_from(("high", "low")))
    floor = draw(st.sampled_from((None, None, 1.5)))
    return Criterion(
        draw(IDENTIFIERS) if id is None else id,
        draw(WEIGHTS),
        direction=direction,
        floor=6 - floor if floor is not None and direction == "low" else floor,
    )


@st.composite
def candidates(draw: st.DrawFn, *, criterion_ids: Sequence[str] | None = None) -> Candidates:
    """Draw 1 to 8 candidates on 1 to 4 named criteria, or on given ones, with or without errors and groups."""
    if criterion_ids is None:
        criterion_ids = draw(st.lists(IDENTIFIERS, min_size=1, max_size=4, unique=True))
    n, c = draw(st.integers(1, 8)), len(criterion_ids)

    def cells(values: Sequence[float]) -> st.SearchStrategy[list[list[float]]]:
        return st.lists(st.lists(st.sampled_from(values), min_size=c, max_size=c), min_size=n, max_size=n)

    labels = st.lists(st.sampled_from(("north", "south", None)), min_size=n, max_size=n)
    return Candidates(
        draw(st.permutations([f"c{i}" for i in range(n)])),
        draw(cells((1.0, 2.0, 2.5, 3.0, 4.0, 4.25, 5.0, np.nan))),
        standard_errors=draw(st.none() | cells((0.0, 0.25, 0.5, 1.0))),
        groups=draw(st.none() | labels),
        criterion_ids=criterion_ids,
    )


def _with_role(pair: tuple[str, str]) -> st.SearchStrategy[tuple[str, str, str]]:
    ratee, rater = pair
    as_self = st.just((ratee, ratee, "self"))
    return as_self | st.sampled_from((*ROLES[1:], "mentor")).map(lambda role: (ratee, rater, role))
