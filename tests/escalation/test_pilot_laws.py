"""Laws of the pilot: order, names and the way rows are counted change nothing; chances are chances."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadkit.escalation.pilot import PilotEvaluation, PilotOutcomes, PilotRow, evaluate_pilot
from leadkit.escalation.pilot.control import benjamini_hochberg
from leadkit.escalation.pilot.tails import hypergeometric, lower_tail
from leadkit.testing.pilot import pilot_outcomes

CLOSE = 1e-9


@st.composite
def draws(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        total = draw(st.integers(1, 40))
        found.append((draw(st.integers(1, total)), total, draw(st.integers(0, total))))
    return found


def columns(outcomes: PilotOutcomes) -> dict[str, list[object] | None]:
    names = ("person", "domain", "success", "stratum", "count", "seconds", "csat")
    given = {name: getattr(outcomes, name) for name in names}
    return {name: None if column is None else list(column) for name, column in given.items()}


def again(changed: dict[str, list[object] | None]) -> PilotOutcomes:
    return PilotOutcomes(**changed)


def rows_of(found: PilotEvaluation) -> tuple[PilotRow, ...]:
    return (*found.cells, *found.people, *found.domains)


@given(pilot_outcomes(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(outcomes: PilotOutcomes, random: object) -> None:
    order = list(range(len(outcomes)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = {name: column and [column[i] for i in order] for name, column in columns(outcomes).items()}
    assert again(shuffled) == outcomes
    assert evaluate_pilot(again(shuffled)) == evaluate_pilot(outcomes)


@given(pilot_outcomes())
def test_new_names_change_only_the_names(outcomes: PilotOutcomes) -> None:
    """Names that sort the other way round: all numbers stay to the last digit."""
    own = columns(outcomes)
    names = {
        name: {old: f"{name}{99 - i}" for i, old in enumerate(sorted(set(map(str, own[name] or ()))))}
        for name in ("person", "domain", "stratum")
    }
    renamed = {
        name: column and [names[name][str(old)] for old in column] if name in names else column
        for name, column in own.items()
    }
    before, after = evaluate_pilot(outcomes), evaluate_pilot(again(renamed))
    assert after.concentration == before.concentration
    found = {(row.person, row.domain): row for row in rows_of(after)}
    for row in rows_of(before):
        person = None if row.person is None else names["person"][row.person]
        domain = None if row.domain is None else names["domain"][row.domain]
        assert found[person, domain] == evolve(row, person=person, domain=domain)


@given(pilot_outcomes())
def test_cases_may_be_counted_or_listed(outcomes: PilotOutcomes) -> None:
    own = columns(outcomes)
    counts = [1] * len(outcomes) if outcomes.count is None else outcomes.count.tolist()
    listed: dict[str, list[object] | None] = {
        name: None if own[name] is None else [] for name in ("person", "domain", "stratum")
    }
    success: list[object] = []
    for row, n in enumerate(counts):
        hits = int(outcomes.success[row])
        success += [True] * hits + [False] * (n - hits)
        for name, column in listed.items():
            if column is not None:
                column.extend([own[name][row]] * n)  # type: ignore[index]
    one_by_one = evaluate_pilot(again({**listed, "success": success}))
    bare = {name: column for name, column in own.items() if name not in ("seconds", "csat")}
    assert one_by_one == evaluate_pilot(again(bare))


@given(pilot_outcomes())
def test_strata_that_are_alike_may_be_one(outcomes: PilotOutcomes) -> None:
    """Two strata with the same people, cases and successes: nothing but the test's own spread sees that they are two."""
    own = columns(outcomes)
    own["stratum"] = ["x"] * len(outcomes)
    own["count"] = own["count"] or [1] * len(outcomes)
    own["seconds"] = own["csat"] = None
    doubled = {name: column and [*column, *column] for name, column in own.items()}
    labels: list[object] = [*["x"] * len(outcomes), *["y"] * len(outcomes)]
    two = evaluate_pilot(again({**doubled, "stratum": labels}))
    one = evaluate_pilot(again(doubled))
    assert two.concentration == pytest.approx(one.concentration, rel=CLOSE)
    for first, second in zip(rows_of(two), rows_of(one), strict=True):
        assert (first.person, first.domain, first.n, first.successes) == (
            second.person,
            second.domain,
            second.n,
            second.successes,
        )
        for name in ("observed", "expected", "shrunken", "low", "high"):
            assert getattr(first, name) == pytest.approx(getattr(second, name), rel=CLOSE, nan_ok=True)


@given(pilot_outcomes(), st.sampled_from((0.01, 0.05, 0.3)), st.sampled_from((1, 10)))
def test_numbers_are_where_they_belong(outcomes: PilotOutcomes, q: float, min_n: int) -> None:
    targets = dict.fromkeys(sorted(set(outcomes.domain))[:2], 0.75)
    found = evaluate_pilot(outcomes, q=q, min_n=min_n, targets=targets)
    assert 1 <= found.concentration <= 50
    assert sum(row.n for row in found.cells) == sum(row.n for row in found.people) == outcomes.n_cases
    assert sum(row.successes for row in found.domains) == outcomes.success.sum()
    assert [(row.person, row.domain) for row in found.cells] == sorted((row.person, row.domain) for row in found.cells)
    for row in (*found.cells, *found.people):
        # a beta law of hardly any success is so skewed that its mean may lie above the central interval
        assert 0 <= row.low <= row.high <= 1
        assert min(row.observed, row.expected) - 1e-12 <= row.shrunken <= max(row.observed, row.expected) + 1e-12
        assert math.isnan(row.p_value) == (row.n_compared == 0)
        assert math.isnan(row.q_value) or row.p_value <= row.q_value <= 1
        assert (row.verdict == "train") <= (row.q_value <= q and row.shrunken_gap <= -0.05)
    for domain in found.domains:
        mine = [row for row in found.cells if row.domain == domain.domain]
        assert sum(row.n * row.expected for row in mine) == pytest.approx(domain.successes)
    json.dumps([found.to_dict(), found.to_records()], allow_nan=False)


@given(draws())
def test_tails_rise_to_one(given_draws: list[tuple[int, int, int]]) -> None:
    tails = [lower_tail(k, given_draws) for k in range(-1, sum(n for n, _, _ in given_draws) + 1)]
    assert tails[0] == 0.0
    assert tails[-1] == 1.0
    assert tails == sorted(tails)
    assert lower_tail(3, given_draws) == lower_tail(3, given_draws[::-1])


@given(draws())
def test_the_law_of_successes_mirrors_that_of_failures(given_draws: list[tuple[int, int, int]]) -> None:
    for n, total, good in given_draws:
        start, law = hypergeometric((n, total, good))
        other_start, other = hypergeometric((n, total, total - good))
        assert start + len(law) - 1 == n - other_start
        assert law == pytest.approx(other[::-1], rel=1e-12)
        mean = (np.arange(start, start + len(law)) * law).sum()
        assert mean == pytest.approx(n * good / total)


@given(st.lists(st.floats(0, 1) | st.just(math.nan), max_size=12))
def test_adjusted_values_keep_the_order(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    pairs = sorted((own, adjusted) for own, adjusted in zip(p, q.tolist(), strict=True) if not math.isnan(own))
    adjusted = [b for _, b in pairs]
    assert adjusted == sorted(adjusted)
    assert all(a <= b <= 1 for a, b in pairs)
    assert np.isnan(q).sum() == len(p) - len(pairs)
