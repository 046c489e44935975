"""What changed between two pilots."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given

from leadkit.errors import EscalationError
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.pilot import (
    ChangeRow,
    PilotChange,
    PilotEvaluation,
    PilotOutcomes,
    compare_pilots,
    evaluate_pilot,
)
from leadkit.escalation.pilot.change import newcombe
from leadkit.escalation.pilot.sizes import detectable_change
from leadkit.testing.pilot import pilot_outcomes

Cases = list[tuple[str, str, str, int, int]]


def pilot(cases: Cases) -> PilotEvaluation:
    """Evaluate rows of person, domain, stratum, cases and successes."""
    person, domain, stratum, count, success = zip(*cases, strict=True)
    return evaluate_pilot(PilotOutcomes.from_columns(person, domain, success, stratum=stratum, count=count))


def row(found: PilotChange, person: str | None, domain: str | None) -> ChangeRow:
    return next(own for own in found.rows if (own.person, own.domain) == (person, domain))


SPRING: Cases = [
    ("ann", "d", "easy", 50, 45),
    ("ann", "d", "hard", 50, 25),
    ("bo", "d", "easy", 50, 40),
    ("bo", "d", "hard", 50, 20),
]


@pytest.mark.parametrize(
    ("first", "n_first", "second", "n_second", "ends"),
    [
        # Newcombe 1998, table II, method 10, as differences of the second from the first
        (48 / 80, 80, 56 / 70, 70, (0.0524, 0.3339)),
        (3 / 10, 10, 9 / 10, 10, (0.1705, 0.8090)),
        (2 / 7, 7, 6 / 7, 7, (0.0582, 0.8062)),
        (0 / 29, 29, 5 / 56, 56, (-0.0381, 0.1926)),
        (0.0, 20, 0.0, 10, (-0.1611, 0.2775)),
        (0 / 10, 10, 10 / 10, 10, (0.6075, 1.0)),
    ],
)
def test_newcombe_intervals_of_the_paper(
    first: float, n_first: int, second: float, n_second: int, ends: tuple[float, float]
) -> None:
    assert newcombe(first, n_first, second, n_second) == pytest.approx(ends, abs=5e-5)


def test_with_the_same_mix_rates_are_as_observed() -> None:
    autumn: Cases = [
        ("ann", "d", "easy", 50, 45),
        ("ann", "d", "hard", 50, 25),
        ("bo", "d", "easy", 50, 48),
        ("bo", "d", "hard", 50, 32),
    ]
    found = row(compare_pilots(pilot(SPRING), pilot(autumn)), "bo", "d")
    assert (found.n_before, found.n_after) == (100, 100)
    assert (found.before, found.after, found.change) == pytest.approx((0.6, 0.8, 0.2))
    assert (found.low, found.high) == pytest.approx(newcombe(0.6, 100, 0.8, 100))
    assert found.detectable == detectable_change(0.7, 100, 100)


def test_a_harder_mix_is_no_decline() -> None:
    autumn: Cases = [
        ("ann", "d", "easy", 90, 81),
        ("ann", "d", "hard", 10, 5),
        ("bo", "d", "easy", 10, 8),
        ("bo", "d", "hard", 90, 36),
    ]
    spring = [*SPRING[:2], ("bo", "d", "easy", 50, 40), ("bo", "d", "hard", 50, 20)]
    found = row(compare_pilots(pilot(spring), pilot(autumn)), "bo", "d")
    raw = 44 / 100 - 60 / 100
    assert raw == pytest.approx(-0.16)
    # what is left is that ann, the better one, has most of the easy cases now, which moves the standard a little
    assert abs(found.change) < 0.04
    assert found.low < 0 < found.high


def test_when_all_become_better_everybody_did() -> None:
    """Rates of 60 % and 40 % rise by ten points, and the mix of cases turns round."""
    spring: Cases = [(who, "d", "easy", 80, 48) for who in ("ann", "bo")] + [
        (who, "d", "hard", 20, 8) for who in ("ann", "bo")
    ]
    autumn: Cases = [(who, "d", "easy", 20, 14) for who in ("ann", "bo")] + [
        (who, "d", "hard", 80, 40) for who in ("ann", "bo")
    ]
    found = compare_pilots(pilot(spring), pilot(autumn))
    assert [own.change for own in found.rows] == pytest.approx([0.1] * 5)
    assert [(own.person, own.domain) for own in found.rows] == [
        ("ann", "d"),
        ("bo", "d"),
        ("ann", None),
        ("bo", None),
        (None, "d"),
    ]


def test_what_only_one_pilot_has_is_left_out() -> None:
    autumn: Cases = [("ann", "d", "easy", 40, 36), ("bo", "d", "new", 30, 3), ("cy", "d", "easy", 10, 9)]
    found = compare_pilots(pilot(SPRING), pilot(autumn))
    assert found.flags == ("one_pilot:d/hard", "one_pilot:d/new")
    assert {flag.partition(":")[0] for flag in found.flags} <= set(ESCALATION_FLAGS)
    ann, bo, cy = (row(found, who, "d") for who in ("ann", "bo", "cy"))
    assert (ann.n_before, ann.n_after) == (50, 40)
    assert (bo.n_before, bo.n_after, cy.n_before, cy.n_after) == (50, 0, 0, 10)
    assert all(math.isnan(own.change) and math.isnan(own.low) and math.isnan(own.detectable) for own in (bo, cy))


def test_the_detectable_change_is_found_as_often_as_it_says() -> None:
    change = detectable_change(0.7, 400, 300)
    rng = np.random.default_rng(11)
    before = rng.binomial(400, 0.7 - change / 2, 4000) / 400
    after = rng.binomial(300, 0.7 + change / 2, 4000) / 300
    found = np.mean([newcombe(a, 400, b, 300)[0] > 0 for a, b in zip(before.tolist(), after.tolist(), strict=True)])
    assert found == pytest.approx(0.8, abs=0.03)
    assert math.isnan(detectable_change(1.0, 10, 10))
    assert detectable_change(0.5, 2, 2) > 1


def test_rates_stay_between_0_and_1() -> None:
    spring: Cases = [
        ("ann", "d", "easy", 10, 10),
        ("bo", "d", "easy", 90, 45),
        ("bo", "d", "hard", 10, 1),
        ("ann", "d", "hard", 90, 9),
    ]
    autumn: Cases = [
        ("ann", "d", "easy", 90, 90),
        ("bo", "d", "easy", 10, 5),
        ("bo", "d", "hard", 90, 9),
        ("ann", "d", "hard", 10, 1),
    ]
    for own in compare_pilots(pilot(spring), pilot(autumn)).rows:
        assert 0 <= own.before <= 1
        assert 0 <= own.after <= 1
        assert own.low <= own.change <= own.high


@given(pilot_outcomes())
def test_a_pilot_does_not_differ_from_itself(outcomes: PilotOutcomes) -> None:
    found = evaluate_pilot(outcomes)
    change = compare_pilots(found, found)
    assert change.flags == ()
    assert all(own.change == 0 for own in change.rows)
    assert [own.low for own in change.rows] == pytest.approx([-own.high for own in change.rows])


@given(pilot_outcomes(), pilot_outcomes())
def test_the_way_back_is_the_opposite(first: PilotOutcomes, second: PilotOutcomes) -> None:
    there, back = (
        compare_pilots(*pair)
        for pair in ((evaluate_pilot(first), evaluate_pilot(second)), (evaluate_pilot(second), evaluate_pilot(first)))
    )
    assert there.flags == back.flags
    for one, other in zip(there.rows, back.rows, strict=True):
        assert one.change == pytest.approx(-other.change, abs=1e-12, nan_ok=True)
        assert one.low == pytest.approx(-other.high, abs=1e-12, nan_ok=True)
        assert one.detectable == pytest.approx(other.detectable, abs=1e-12, nan_ok=True)


def test_what_is_no_pilot_is_refused() -> None:
    with pytest.raises(EscalationError, match="before: expected a PilotEvaluation, got NoneType"):
        compare_pilots(None, pilot(SPRING))  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="after: expected a PilotEvaluation, got list"):
        compare_pilots(pilot(SPRING), [])  # type: ignore[arg-type]


def test_a_change_is_a_value_that_travels() -> None:
    found = compare_pilots(pilot(SPRING), pilot([("ann", "d", "easy", 10, 10), ("bo", "x", "easy", 5, 1)]))
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    json.dumps([found.to_dict(), found.to_records()], allow_nan=False)
    assert found.to_records()[0]["person"] == "ann"
    assert found.to_records()[1]["change"] is None
    assert "detectable" in found._repr_html_()
