"""Names and numbers as people read them."""

from __future__ import annotations

import math

import pytest

from leadkit.assessment import Composite, Dimension, Instrument, Item, ResponseScale
from leadkit.plots.labels import number, scale_descriptions, scale_names, span_text, unit_text, value_text, words


@pytest.fixture
def german() -> Instrument:
    names = {"en": "Vision", "de": "Blick nach vorn"}
    return Instrument(
        id="check",
        version="1.0.0",
        title="Check",
        scale=ResponseScale(low=-1, high=1, labels=({"de": "nein", "en": "no"}, "0", {"de": "ja"})),
        dimensions=[
            Dimension(
                id="vision", name=names, description={"de": "Sieht weit."}, items=[Item(id="v1", text="Ich sehe.")]
            )
        ],
        composites=[Composite(id="all", name="Alles", weights={"vision": 1})],
        source="Test",
        licence="MIT",
        status="unvalidated",
        language="de",
    )


def test_names_are_in_the_language_of_the_instrument(german: Instrument) -> None:
    assert scale_names(german) == {"vision": "Blick nach vorn", "all": "Alles"}
    assert scale_descriptions(german) == {"vision": "Sieht weit.", "all": "Mean of Blick nach vorn."}


def test_a_text_that_lacks_the_language_is_given_in_another() -> None:
    assert words({"fr": "oui"}, "de") == "oui"


def test_negative_numbers_have_a_true_minus_sign_and_zero_has_none() -> None:
    assert number(-1.25) == "\N{MINUS SIGN}1.25"
    assert number(-0.004) == "0.00"


def test_ends_below_zero_are_not_joined_by_a_dash(german: Instrument) -> None:
    assert span_text(-1, 1, "mean") == "\N{MINUS SIGN}1 to 1"
    assert unit_text("mean", german) == "mean answer, \N{MINUS SIGN}1 (nein) to 1 (ja)"


def test_units_name_the_metric(german: Instrument) -> None:
    assert unit_text("pomp", german) == "percent of the maximum possible"
    assert unit_text("sum", german) == "sum of answers"
    assert span_text(0, 100, "pomp") == "0\N{EN DASH}100\N{NO-BREAK SPACE}%"


def test_percent_is_a_whole_number_and_nothing_is_empty() -> None:
    assert value_text(66.6667, "pomp") == "67\N{NO-BREAK SPACE}%"
    assert value_text(12.0, "sum") == "12.00"
    assert value_text(math.nan, "mean") == ""
