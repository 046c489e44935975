"""The six ways of counting those who give up, in formulas and in counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.queueing import SERVICE_LEVEL_VARIANTS, erlang_a, service_level, service_level_counts
from leadkit.queueing.erlang.abandonment import outcome_shares
from leadkit.queueing.service_levels import ServiceLevelVariant

VARIANTS: tuple[ServiceLevelVariant, ...] = get_args(ServiceLevelVariant)
RATES = st.tuples(st.integers(1, 60), st.floats(0.1, 100), st.floats(0.2, 5), st.floats(0.01, 50))


def level(
    rates: tuple[int, float, float, float], time: float, variant: ServiceLevelVariant, short: float = 0.0
) -> float:
    servers, arrivals, service, patience = rates
    return float(service_level(servers, arrivals, service, time, variant=variant, patience_rate=patience, short=short))


def test_the_names_are_those_of_the_type() -> None:
    assert tuple(SERVICE_LEVEL_VARIANTS) == VARIANTS


def test_counts_of_the_reference(golden: Callable[[str], Any]) -> None:
    case = golden("escalation/service_level_variants.json")
    for variant, share in case["shares"].items():
        assert service_level_counts(**case["counts"], variant=variant) == float(Fraction(share)), variant


def test_each_variant_divides_what_it_says() -> None:
    rates = (5, 6.0, 1.0, 0.5)
    answered, left, neither, ever, _ = outcome_shares(*(np.asarray(one, dtype=float) for one in (*rates, 0.4)))
    short = outcome_shares(*(np.asarray(one, dtype=float) for one in (*rates, 0.1)))[1]
    expected = {
        "offered": answered,
        "answered": answered / ever,
        "offered_good_abandons": answered + left,
        "excluding_early_abandons": answered / (1 - left),
        "offered_short_as_met": answered + short,
        "excluding_short_abandons": answered / (1 - short),
    }
    for variant in VARIANTS:
        assert level(rates, 0.4, variant, 0.1) == pytest.approx(float(expected[variant]), rel=1e-12), variant
    assert float(answered + left + neither) == pytest.approx(1)


@given(st.integers(0, 60), st.floats(0, 100), st.floats(0.1, 10), st.floats(0, 10))
def test_where_nobody_gives_up_all_variants_agree(servers: int, arrivals: float, service: float, time: float) -> None:
    found = {service_level(servers, arrivals, service, time, variant=one, short=0.1) for one in VARIANTS}
    assert len(found) == 1
    assert 0 <= float(found.pop()) <= 1


@given(RATES, st.floats(0, 5), st.floats(0, 5))
def test_levels_are_shares_that_rise_with_the_threshold(
    rates: tuple[int, float, float, float], time: float, more: float
) -> None:
    for variant in VARIANTS:
        one, other = level(rates, time, variant, 0.1), level(rates, time + more, variant, 0.1)
        assert 0 <= one <= other + 1e-12 <= 1 + 2e-12, variant


@given(RATES, st.floats(0, 3), st.floats(0, 1))
def test_levels_rise_with_the_servers(rates: tuple[int, float, float, float], time: float, part: float) -> None:
    for variant in VARIANTS:
        one = level(rates, time, variant, part * time)
        other = level((rates[0] + 1, *rates[1:]), time, variant, part * time)
        assert one <= other + 1e-12, variant


def test_a_short_limit_beyond_the_threshold_may_reward_fewer_servers() -> None:
    few, many = (level((servers, 20.0, 1.0, 5.0), 0.01, "offered_short_as_met", 50.0) for servers in (1, 15))
    assert few > many


def test_counted_and_computed_levels_are_ordered_alike() -> None:
    rates = (5, 6.0, 1.0, 0.5)
    found = {variant: level(rates, 0.4, variant, 0.1) for variant in VARIANTS}
    assert found["offered"] <= found["offered_short_as_met"] <= found["offered_good_abandons"]
    assert (
        found["offered"] <= found["excluding_short_abandons"] <= found["excluding_early_abandons"] <= found["answered"]
    )


def test_a_threshold_of_nothing_counts_those_who_find_a_server_free() -> None:
    for variant in ("offered", "offered_good_abandons", "excluding_early_abandons"):
        found = service_level(3, 2.0, 1.0, 0.0, variant=variant, patience_rate=0.5)
        assert found == pytest.approx(1 - float(erlang_a(3, 2.0, 1.0, 0.5).p_wait), rel=1e-12)


def test_without_servers_nobody_is_answered() -> None:
    found = {
        variant: float(service_level(0, 3.0, 1.0, 2.0, variant=variant, patience_rate=0.5, short=1.0))
        for variant in VARIANTS
    }
    assert math.isnan(found.pop("answered"))
    gone, short = 1 - math.exp(-1), 1 - math.exp(-0.5)
    assert found == pytest.approx(
        {
            "offered": 0,
            "offered_good_abandons": gone,
            "excluding_early_abandons": 0,
            "offered_short_as_met": short,
            "excluding_short_abandons": 0,
        }
    )


def test_levels_broadcast() -> None:
    found = service_level([1, 2, 5], 2.0, 1.0, [[0.0], [0.5]], variant="offered", patience_rate=1.0)
    assert isinstance(found, np.ndarray)
    assert found.shape == (2, 3)
    assert not found.flags.writeable
    assert found[1, 2] == pytest.approx(
        service_level(5, 2.0, 1.0, 0.5, variant="offered", patience_rate=1.0), rel=1e-14
    )


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("patience", [None, 0.5])
def test_nan_in_nan_out(place: int, patience: float | None) -> None:
    arguments = [3.0, 4.0, 1.0, 0.2]
    arguments[place] = math.nan
    assert math.isnan(float(service_level(*arguments, variant="offered", patience_rate=patience)))


def test_nan_in_short_matters_only_where_it_is_used() -> None:
    rates = (3, 4.0, 1.0, 0.5)
    assert math.isnan(level(rates, 0.2, "offered_short_as_met", math.nan))
    assert level(rates, 0.2, "offered", math.nan) == level(rates, 0.2, "offered")


def test_nobody_below_the_line_is_nan() -> None:
    nothing = {"answered": 0, "abandoned": 0, "answered_in_time": 0, "abandoned_in_time": 0, "abandoned_short": 0}
    assert all(math.isnan(float(service_level_counts(**nothing, variant=one))) for one in VARIANTS)
    unknown = service_level_counts(answered=3, abandoned=math.nan, answered_in_time=2, variant="answered")
    assert math.isnan(float(unknown))


def test_counts_broadcast() -> None:
    found = service_level_counts(answered=[10, 0], abandoned=5, answered_in_time=[5, 0], variant="offered")
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [5 / 15, 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: service_level(1, 1.0, 1.0, 1.0, variant="ofered"),  # type: ignore[arg-type]
            r"variant: expected one of 'offered', .*, got 'ofered' \(did you mean 'offered'\?\)",
        ),
        (lambda: service_level(1, 1.0, 1.0, 1.0, variant=None), "variant: expected one of .*, got None"),  # type: ignore[arg-type]
        (
            lambda: service_level(1, 1.0, 1.0, 1.0, variant="offered_short_as_met"),
            "variant 'offered_short_as_met': expected short",
        ),
        (lambda: service_level(1, 1.0, 1.0, -1.0, variant="offered"), "threshold: expected at least 0, got -1"),
        (lambda: service_level(1.5, 1.0, 1.0, 1.0, variant="offered", patience_rate=1.0), "servers: expected a whole"),
        (
            lambda: service_level_counts(answered=1, abandoned=1, answered_in_time=2, variant="offered"),
            "answered_in_time: expected at most as many as answered",
        ),
        (
            lambda: service_level_counts(answered=1, abandoned=1, answered_in_time=1, variant="offered_good_abandons"),
            "variant 'offered_good_abandons': expected abandoned_in_time, got none",
        ),
        (
            lambda: service_level_counts(answered=1, abandoned=1, answered_in_time=1, variant="offered_short_as_met"),
            "variant 'offered_short_as_met': expected abandoned_short, got none",
        ),
        (
            lambda: service_level_counts(answered=-1, abandoned=1, answered_in_time=1, variant="offered"),
            "answered: exp",
        ),
        (
            lambda: service_level_counts(
                answered=1, abandoned=1, answered_in_time=1, abandoned_short=2, variant="offered_short_as_met"
            ),
            "abandoned_short: expected at most as many as abandoned",
        ),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
