"""The audit finds what careless publishing would give away, and nothing where there is nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadkit.assessment import (
    Audit,
    Dimension,
    DisclosurePolicy,
    Feedback,
    Instrument,
    Item,
    Ratings,
    Responses,
    ResponseScale,
    audit,
    disclose,
    feedback,
)
from leadkit.assessment.disclosure.certainty import MOST_SUMS, pinned, pinned_together
from leadkit.assessment.disclosure.linear import RowSpace
from leadkit.errors import DisclosureError

ONE = Fraction(1)


def raw_feedback(rows: list[tuple[str, list[float]]], *, k: int = 1, **options: Any) -> Feedback:
    """Sum up answers of (role, answers) about one person."""
    items = tuple(Item(id=f"i{j}", text="t") for j in range(k))
    form = Instrument(
        id="small",
        version="1.0.0",
        title="Small",
        scale=ResponseScale(low=1, high=5),
        dimensions=(Dimension(id="d", name="D", items=items, min_answered=1),),
        source="made up",
        licence="MIT",
        status="unvalidated",
    )
    values = np.array([answers for _, answers in rows], dtype=np.float64)
    raters = ["t" if role == "self" else f"p{i}" for i, (role, _) in enumerate(rows)]
    responses = Responses(form, values, [f"e{i}" for i in range(len(rows))])
    return feedback(Ratings(responses, ["t"] * len(rows), raters, [role for role, _ in rows]), **options)


PEERS = [("peer", [2.0]), ("peer", [3.0]), ("peer", [4.0])]
CUSTOMERS = [("customer", [4.0]), ("customer", [1.0])]


def test_nothing_is_recoverable_from_a_disclosure() -> None:
    raw = raw_feedback([("self", [3.0]), *PEERS, *CUSTOMERS])
    result = audit(disclose(raw, DisclosurePolicy()), raw)
    assert result == Audit(recoverable=(), n_published=5, n_evaluations=6)
    assert result.is_safe


@pytest.mark.parametrize("weighting", ["equal_roles", "equal_raters", {"peer": 1, "customer": 3}])
def test_the_raw_mean_of_the_others_gives_the_hidden_role_away(weighting: Any) -> None:
    raw = raw_feedback([*PEERS, *CUSTOMERS], weighting=weighting)
    careless = evolve(disclose(raw, DisclosurePolicy()), others_mean=raw.others_mean)
    assert audit(careless, raw).recoverable == (("t", "customer", "d"),)


def test_the_raw_mean_of_the_others_gives_a_single_hidden_rater_away() -> None:
    raw = raw_feedback([*PEERS, ("customer", [4.0])])
    careless = evolve(disclose(raw, DisclosurePolicy()), others_mean=raw.others_mean)
    assert audit(careless, raw).recoverable == (("t", "customer", "d"), ("t", "customer", "i0"))


def test_the_raw_mean_of_the_others_at_an_end_gives_everybody_away() -> None:
    raw = raw_feedback([("peer", [5.0])] * 3 + [("customer", [5.0])] * 2)
    careless = evolve(disclose(raw, DisclosurePolicy()), others_mean=raw.others_mean)
    assert {(role, what) for _, role, what in audit(careless, raw).recoverable} == {
        (role, what) for role in ("peer", "customer") for what in ("d", "i0")
    }


def test_a_raw_gap_beside_the_self_rating_is_the_mean_of_the_others() -> None:
    raw = raw_feedback([("self", [3.0]), *PEERS, *CUSTOMERS])
    careless = evolve(disclose(raw, DisclosurePolicy()), gap=raw.gap)
    assert audit(careless, raw).recoverable == (("t", "customer", "d"),)


def test_answers_that_are_certain_make_the_score_certain() -> None:
    raw = raw_feedback([("peer", [5.0, 1.0])] * 3, k=2)
    shown = disclose(raw, DisclosurePolicy())
    assert audit(shown, raw).is_safe
    careless = evolve(shown, item_mean=raw.item_mean)
    assert ("t", "peer", "d") in audit(careless, raw).recoverable


def test_a_mean_at_the_end_gives_everybody_away() -> None:
    raw = raw_feedback([("peer", [5.0])] * 3)
    careless = evolve(disclose(raw, DisclosurePolicy()), mean=raw.mean)
    assert audit(careless, raw).recoverable == (("t", "peer", "d"), ("t", "peer", "i0"))


def test_a_mean_below_the_minimum_is_reported() -> None:
    raw = raw_feedback([("peer", [2.0]), ("peer", [3.0])])
    careless = evolve(disclose(raw, DisclosurePolicy()), mean=raw.mean, item_mean=raw.item_mean)
    assert audit(careless, raw).recoverable == (("t", "peer", "d"), ("t", "peer", "i0"))


def test_an_item_view_that_does_not_agree_with_its_dimension_gives_answers_away() -> None:
    nan = float("nan")
    raw = raw_feedback([("peer", [2.0, 4.0]), ("peer", [3.0, nan]), ("peer", [4.0, nan]), ("peer", [2.0, nan])], k=2)
    shown = disclose(raw, DisclosurePolicy())
    assert audit(shown, raw).is_safe
    careless = evolve(shown, item_mean=raw.item_mean)
    assert ("t", "peer", "i1") in audit(careless, raw).recoverable


def test_a_published_spread_is_reported() -> None:
    raw = raw_feedback([("self", [3.0]), *PEERS])
    assert audit(disclose(raw, DisclosurePolicy(spread="shown")), raw).recoverable == (("t", "peer", "d"),)


def test_a_pool_next_to_one_of_its_roles_is_an_equation_too_many() -> None:
    raw = raw_feedback([("peer", [2.0]), ("peer", [3.0]), ("customer", [4.0]), ("customer", [2.0])])
    shown = disclose(raw, DisclosurePolicy(below="merge"))
    assert audit(shown, raw).is_safe
    mean = shown.mean.copy()
    mean[0, shown.roles.index("other"), 0] = np.nan
    careless = evolve(shown, others_mean=raw.others_mean)
    assert audit(evolve(careless, mean=mean), raw).is_safe, "two unknown sums in one equation"


def test_one_persons_share_of_a_disclosure_can_be_audited() -> None:
    raw = raw_feedback([("self", [3.0]), *PEERS])
    assert audit(disclose(raw, DisclosurePolicy()).for_ratee("t"), raw).n_published == 5


def test_another_feedback_is_refused_with_all_differences() -> None:
    raw = raw_feedback([("self", [3.0]), *PEERS])
    other = raw_feedback([("self", [3.0, 2.0])], k=2, metric="pomp")
    with pytest.raises(DisclosureError) as caught:
        audit(disclose(other, DisclosurePolicy()), raw)
    assert [fault.where for fault in caught.value.faults] == ["roles", "instrument", "metric"]
    stranger = evolve(disclose(raw, DisclosurePolicy()), ratee_ids=("x",))
    with pytest.raises(DisclosureError, match="ratee 'x': is not in the feedback"):
        audit(stranger, raw)


class TestRowSpace:
    @given(
        rows=st.lists(st.lists(st.integers(-2, 2), min_size=4, max_size=4), max_size=5),
        target=st.lists(st.integers(-2, 2), min_size=4, max_size=4),
    )
    def test_it_agrees_with_the_rank_of_matrices(self, rows: Any, target: Any) -> None:
        space = RowSpace({i: Fraction(v) for i, v in enumerate(row) if v} for row in rows)
        matrix = np.array(rows, dtype=float).reshape(-1, 4)
        both = np.vstack([matrix, target])
        same_rank = np.linalg.matrix_rank(both) == (np.linalg.matrix_rank(matrix) if len(matrix) else 0)
        assert space.determines({i: Fraction(v) for i, v in enumerate(target) if v}) == same_rank


class TestCertainty:
    @given(data=st.data())
    def test_it_agrees_with_trying_everything(self, data: Any) -> None:
        m, k = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 2))
        top = data.draw(st.integers(1, 2))
        weights = data.draw(st.lists(st.sampled_from([1, 2, 7]), min_size=k, max_size=k))
        cells = st.lists(st.sampled_from([*range(top + 1), None]), min_size=k, max_size=k).filter(
            lambda row: any(v is not None for v in row)
        )
        rows = data.draw(st.lists(cells, min_size=m, max_size=m))
        steps = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
        answered = ~np.isnan(steps)
        grid = np.array(np.meshgrid(*[range(top + 1)] * int(answered.sum()), indexing="ij"), dtype=float)
        options = grid.reshape(int(answered.sum()), -1).T
        table = np.full((len(options), m, k), np.nan)
        table[:, answered] = options
        share = np.where(answered, weights, 0.0) / np.where(answered, weights, 0.0).sum(axis=1, keepdims=True)
        scores = np.nansum(table * share, axis=2)
        actual = np.nansum(steps * share, axis=1).sum()
        fits = np.isclose(scores.sum(axis=1), actual, atol=1e-9)
        found_scores, found = pinned(steps, [Fraction(w) for w in weights], top)
        assert found_scores.tolist() == (np.ptp(scores[fits], axis=0) < 1e-9).tolist()
        same = np.ptp(np.where(answered, table[fits], 0.0), axis=0) == 0
        assert found.tolist() == (same & answered).tolist()
        labels = data.draw(st.lists(st.integers(0, 1), min_size=m, max_size=m))
        together = pinned_together(steps, [Fraction(w) for w in weights], top, labels)
        for label, is_certain in together.items():
            sums = scores[fits][:, np.array(labels) == label].sum(axis=1)
            assert is_certain == (np.ptp(sums) < 1e-9)

    def test_weights_too_fine_to_try_count_as_certain(self) -> None:
        weights = [Fraction(1), Fraction(1, MOST_SUMS + 1)]
        scores, answers = pinned(np.array([[4.0, 0.0], [4.0, 0.0]]), weights, 4)
        assert scores.all()
        assert answers.all()
        assert pinned_together(np.array([[4.0, 0.0], [4.0, 0.0]]), weights, 4, [0, 1]) == {0: True, 1: True}

    def test_many_raters_with_fine_weights_count_as_certain(self) -> None:
        weights = [Fraction(1), Fraction(1, MOST_SUMS // 8)]
        assert pinned(np.array([[4.0, 0.0]] * 3), weights, 4)[0].all()

    def test_answers_between_the_whole_numbers_are_never_certain(self) -> None:
        steps = np.array([[0.5], [4.0]])
        assert not pinned(steps, [ONE], 4)[0].any()
        assert pinned_together(steps, [ONE], 4, [0, 1]) == {0: False, 1: False}
