"""The least servers that keep every promise."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadkit.queueing import erlang_a, mmc, required_servers, service_level
from leadkit.queueing.service_levels import ServiceLevelVariant

VARIANTS: tuple[ServiceLevelVariant, ...] = get_args(ServiceLevelVariant)
ANY: dict[str, Any] = {"service_level": 0.8, "threshold": 0.1, "variant": "offered"}


def targets() -> st.SearchStrategy[dict[str, Any]]:
    level = st.fixed_dictionaries(
        {
            "service_level": st.floats(0, 0.99),
            "threshold": st.floats(0.05, 2),
            "variant": st.sampled_from(VARIANTS),
            "short": st.floats(0, 0.05),
        }
    )
    others = st.fixed_dictionaries({}, optional={"max_asa": st.floats(0.01, 5), "max_occupancy": st.floats(0.1, 1)})
    return st.tuples(level, others).map(lambda parts: parts[0] | parts[1])


def keeps(servers: int, arrivals: float, service: float, patience: float | None, promise: dict[str, Any]) -> bool:
    rates = (servers, arrivals, service)
    state = mmc(*rates) if patience is None else erlang_a(*rates, patience)
    reached = service_level(
        *rates, promise["threshold"], variant=promise["variant"], short=promise["short"], patience_rate=patience
    )
    return bool(
        reached >= promise["service_level"]
        and state.mean_wait_served <= promise.get("max_asa", math.inf)
        and state.occupancy <= promise.get("max_occupancy", 1)
        and state.p_abandon <= promise.get("max_abandonment", 1)
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_servers_of_the_reference(golden: Callable[[str], Any], variant: ServiceLevelVariant) -> None:
    for case in golden("escalation/staffing.json")["cases"]:
        arrivals, service, time, level = (
            float(case[name]) for name in ("arrival_rate", "service_rate", "threshold", "service_level")
        )
        found = required_servers(arrivals, service, service_level=level, threshold=time, variant=variant, short=0.0)
        assert found.servers == case["servers"]
        assert found.binding == "service_level"
        assert (found.variant, found.threshold) == (variant, time)
        assert found.service_level >= level


@example(
    5e-324, 1.0, None, {"service_level": 0.0, "threshold": 1.0, "variant": "offered", "short": 0.0, "max_asa": 1.0}
)
@settings(max_examples=25)
@given(st.floats(0, 30), st.floats(0.5, 3), st.none() | st.floats(0.01, 20), targets())
def test_the_least_servers_keep_every_promise_and_one_less_does_not(
    arrivals: float, service: float, patience: float | None, promise: dict[str, Any]
) -> None:
    found = required_servers(arrivals, service, patience_rate=patience, **promise)
    kept = [keeps(servers, arrivals, service, patience, promise) for servers in range(1, int(found.servers) + 8)]
    assert kept == sorted(kept)
    assert kept.index(True) + 1 == found.servers
    if found.servers > 1:
        assert found.binding is not None


@given(st.floats(0.01, 60), st.floats(0.01, 20), st.floats(0.01, 1))
def test_few_enough_give_up(arrivals: float, patience: float, most: float) -> None:
    found = required_servers(arrivals, 1.0, patience_rate=patience, max_abandonment=most)
    assert found.p_abandon <= most
    if found.servers > 1:
        assert float(erlang_a(found.servers - 1, arrivals, 1.0, patience).p_abandon) > most
        assert found.binding == "max_abandonment"


@given(st.floats(0.01, 200), st.floats(0.1, 0.99), st.floats(0, 2))
def test_the_least_fraction_of_a_server(load: float, level: float, time: float) -> None:
    promise: dict[str, Any] = {"service_level": level, "threshold": time, "variant": "offered"}
    found, whole = required_servers(load, 1.0, fractional=True, **promise), required_servers(load, 1.0, **promise)
    assert whole.servers - 1 <= found.servers <= whole.servers
    assert found.service_level >= level
    assert service_level(max(found.servers - 1e-9, 0), load, 1.0, time, variant="offered") < level


def test_a_fraction_of_very_many_servers_is_found_to_the_last_bit() -> None:
    found = required_servers(1e9, 1.0, max_occupancy=0.9, fractional=True)
    assert found.servers == pytest.approx(1e9 / 0.9, abs=1e-6)


def test_each_target_may_bind() -> None:
    assert required_servers(10.0, 1.0, max_asa=1e-3).binding == "max_asa"
    found = required_servers(10.0, 1.0, max_occupancy=0.5)
    assert (found.servers, found.binding, found.occupancy) == (20, "max_occupancy", 0.5)
    assert math.isnan(found.service_level)
    assert math.isnan(found.threshold)
    assert found.variant is None
    assert found.flags == ("no_threshold",)
    assert required_servers(10.0, 1.0, **ANY, max_occupancy=0.4).binding == "max_occupancy"
    assert required_servers(10.0, 1.0, **ANY, max_occupancy=0.99).binding == "service_level"


def test_a_promise_that_nobody_can_break_binds_nothing() -> None:
    found = required_servers(3.0, 1.0, max_occupancy=1)
    assert (found.servers, found.binding, found.flags) == (1, None, ("no_threshold", "saturated"))


def test_without_arrivals_one_server_is_enough() -> None:
    found = required_servers(0.0, 1.0, **ANY)
    assert (found.servers, found.service_level, found.asa, found.occupancy) == (1, 1, 0, 0)


def test_a_level_is_told_where_it_is_no_target() -> None:
    found = required_servers(10.0, 1.0, max_occupancy=0.5, threshold=0.1, variant="offered")
    assert found.service_level == service_level(20, 10.0, 1.0, 0.1, variant="offered")
    assert found.flags == ()


@pytest.mark.parametrize(
    ("servers", "shrinkage", "scheduled"), [(21, 0.3, 30), (21, 0.0, 21), (20, 0.3, 29), (21, 0.31, 31)]
)
def test_people_on_the_rota(servers: int, shrinkage: float, scheduled: int) -> None:
    found = required_servers(servers - 0.5, 1.0, max_occupancy=1 - 0.5 / servers, shrinkage=shrinkage)
    assert (found.servers, found.scheduled) == (servers, scheduled)


def test_thousands_of_millions_are_all_on_the_rota() -> None:
    found = required_servers(1e9, 1.0, **ANY)
    assert found.scheduled == found.servers > 1e9


@pytest.mark.parametrize("load", [1e16, 1e300, 1.7e308])
def test_a_load_that_no_number_of_servers_bears_is_refused(load: float) -> None:
    with pytest.raises(ValueError, match="no number of servers up to 2\\^53 meets the targets"):
        required_servers(load, 1.0, **ANY)


def test_a_very_great_load() -> None:
    found = required_servers(1e5, 1.0, patience_rate=0.5, **ANY)
    levels = service_level([found.servers - 1, found.servers], 1e5, 1.0, 0.1, variant="offered", patience_rate=0.5)
    assert np.asarray(levels)[0] < 0.8 <= found.service_level
    assert found.service_level == pytest.approx(np.asarray(levels)[1], rel=1e-14)  # scipy rounds a batch otherwise


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "expected at least one of service_level, max_asa, max_occupancy, max_abandonment"),
        ({"service_level": 0.8}, "service_level: expected a threshold beside it"),
        ({"service_level": 0.8, "threshold": 1.0}, "threshold, variant: expected both or none"),
        ({"max_asa": 1.0, "variant": "offered"}, "threshold, variant: expected both or none"),
        (ANY | {"variant": "offred"}, "variant: expected one of .*did you mean 'offered'"),
        (ANY | {"variant": 3}, "variant: expected one of .*, got 3"),
        (ANY | {"variant": "offered_short_as_met"}, "expected short"),
        (
            ANY | {"variant": "offered_short_as_met", "short": 0.2, "patience_rate": 1},
            "short: expected at most the threshold",
        ),
        (ANY | {"service_level": 1.0}, "service_level: expected a share below 1"),
        (ANY | {"service_level": 1.2}, "service_level: expected a share below 1"),
        (ANY | {"service_level": math.nan}, "service_level: expected a single number"),
        (ANY | {"service_level": "high"}, "service_level: expected real numbers, got 'high'"),
        (ANY | {"threshold": -1.0}, "threshold: expected at least 0"),
        (
            {"max_occupancy": 0},
            "max_occupancy: expected a share above 0 and at most 1, for no number of servers gets there",
        ),
        ({"max_occupancy": 1.1}, "max_occupancy: expected a share above 0 and at most 1, got 1.1"),
        ({"max_occupancy": [0.5, 0.6]}, "max_occupancy: expected a share"),
        ({"max_abandonment": 0, "patience_rate": 1}, "max_abandonment: expected a share above 0"),
        ({"max_abandonment": 0.1}, "max_abandonment: expected a patience_rate beside it"),
        ({"max_asa": 0}, "max_asa: expected a single number above 0, got 0"),
        (ANY | {"shrinkage": 1.0}, "shrinkage: expected a share below 1, got 1.0"),
        (ANY | {"fractional": True, "patience_rate": 1.0}, "fractional: expected no patience_rate"),
        (ANY | {"fractional": 1}, "fractional: expected True or False, got 1"),
        (ANY | {"patience_rate": 0}, "patience_rate: expected a single number above 0"),
    ],
)
def test_wrong_targets_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        required_servers(10.0, 1.0, **changes)


def test_wrong_rates_are_named() -> None:
    with pytest.raises(ValueError, match="arrival_rate: expected a single number of at least 0"):
        required_servers([1.0, 2.0], 1.0, **ANY)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="service_rate: expected a single number above 0, got nan"):
        required_servers(1.0, math.nan, **ANY)


def test_an_answer_is_a_value() -> None:
    found = required_servers(10.0, 1.0, max_occupancy=0.5)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["service_level"] is None
    assert "servers" in found._repr_html_()
