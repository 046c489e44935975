"""The Mantel-Haenszel odds ratio against reference numbers, a printed table, a peer, loops by hand, and its laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats.dif import MantelHaenszelDIF, mantel_dif, mantel_haenszel_dif

CLOSED = 1e-10
nan = math.nan
BERKELEY = np.array(
    [
        [512, 313, 89, 19],
        [353, 207, 17, 8],
        [120, 205, 202, 391],
        [138, 279, 131, 244],
        [53, 138, 94, 299],
        [22, 351, 24, 317],
    ]
)

answers = st.tuples(st.integers(2, 40), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(0, 1).map(float))
)


def unfolded(tables: Any) -> tuple[Any, Any, Any]:
    """Answers, groups and strata of 2 x 2 tables: right and wrong of the reference, right and wrong of the focal."""
    people = np.ravel(tables)
    n = len(tables)
    return (
        np.repeat([1, 0, 1, 0] * n, people)[:, None],
        np.repeat(["ref", "ref", "foc", "foc"] * n, people),
        np.repeat(np.arange(n).repeat(4), people),
    )


def of_tables(tables: Any, **options: Any) -> MantelHaenszelDIF:
    x, groups, strata = unfolded(tables)
    return mantel_haenszel_dif(x, groups, reference="ref", matching=strata, **options)


def halves(x: Any, seed: int = 0) -> Any:
    groups = np.random.default_rng(seed).integers(0, 2, len(x))
    groups[:2] = 0, 1
    return groups


def by_hand(item: Any, groups: Any, score: Any, *, reference: Any, correction: bool) -> tuple[float, float, float]:
    """Odds ratio, standard error of its logarithm and chi-square, person by person and stratum by stratum."""
    agree = differ = deviation = variance = 0.0
    pr = ps_qr = qs = 0.0
    for level in sorted(set(score)):
        cell = {(g, y): 0 for g in (True, False) for y in (1, 0)}
        for y, g, s in zip(item, groups, score, strict=True):
            if s == level:
                cell[g == reference, int(y)] += 1
        a, b, c, d = cell[True, 1], cell[True, 0], cell[False, 1], cell[False, 0]
        n = a + b + c + d
        if a + b == 0 or c + d == 0:
            continue
        agree += a * d / n
        differ += b * c / n
        deviation += a - (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        pr += (a + d) * a * d / n**2
        ps_qr += ((a + d) * b * c + (b + c) * a * d) / n**2
        qs += (b + c) * b * c / n**2
    chi2 = max(abs(deviation) - 0.5 * correction, 0) ** 2 / variance if variance else nan
    if not (agree and differ):
        return nan, nan, chi2
    squared = pr / (2 * agree**2) + ps_qr / (2 * agree * differ) + qs / (2 * differ**2)
    return agree / differ, math.sqrt(squared), chi2


# Golden numbers


def test_reference_values_come_out(golden: Callable[[str], Any], shared_data: Callable[[str], Path]) -> None:
    table = np.genfromtxt(shared_data("stats/dif_sim_1000x10.csv"), delimiter=",", skip_header=1)
    known = golden("stats/irt_dif.json")["mh_dif_sim_1000x10"]
    names = [f"i{i}" for i in range(1, 11)]
    result = mantel_haenszel_dif(table[:, 1:], table[:, 0], reference=1, items=names)
    for place, name in enumerate(names):
        expected = known[name]
        assert abs(result.odds_ratio[place] - expected["alpha_mh"]) < CLOSED
        assert abs(result.log_odds_ratio[place] - math.log(expected["alpha_mh"])) < CLOSED
        assert abs(result.standard_error[place] - expected["ln_alpha_se_rbg"]) < CLOSED
        assert abs(result.delta[place] - expected["delta_mh"]) < CLOSED
        assert result.chi2[place] == pytest.approx(expected["chi2_cc"], rel=CLOSED, abs=CLOSED)
        assert abs(result.p_value[place] - expected["p"]) < CLOSED
        assert result.ets[place] == expected["ets"]
        assert result.n_strata[place] == expected["strata_used"]
    assert (result.n_reference, result.n_focal, result.n_rows, result.n_used) == (500, 500, 1000, 1000)
    assert (result.reference, result.focal, result.matching, result.correction) == (1, 2, "total", True)
    assert (result.flags, result.purified) == ((), ())


def test_the_berkeley_admissions_give_the_printed_values() -> None:
    """Common odds ratio, its 95 % interval and the corrected chi-square as R prints them for `UCBAdmissions`."""
    result = of_tables(BERKELEY)
    assert result.odds_ratio[0] == pytest.approx(0.9046968, abs=5e-8)
    assert result.chi2[0] == pytest.approx(1.4269, abs=5e-5)
    assert result.p_value[0] == pytest.approx(0.2323, abs=5e-5)
    ends = np.exp(result.log_odds_ratio[0] + np.array([-1, 1]) * 1.959963984540054 * result.standard_error[0])
    assert ends == pytest.approx([0.7719074, 1.0603298], abs=5e-7)


# Second ways


@given(answers, st.booleans())
def test_every_number_is_that_of_loops_over_strata(x: Any, correction: bool) -> None:
    groups, total = halves(x), x.sum(axis=1)
    result = mantel_haenszel_dif(x, groups, reference=0, correction=correction)
    for item in range(x.shape[1]):
        odds, error, chi2 = by_hand(x[:, item], groups, total, reference=0, correction=correction)
        assert result.odds_ratio[item] == pytest.approx(odds, rel=1e-10, nan_ok=True)
        assert result.standard_error[item] == pytest.approx(error, rel=1e-10, nan_ok=True)
        assert result.chi2[item] == pytest.approx(chi2, rel=1e-10, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("correction", [True, False])
def test_statsmodels_agrees(correction: bool) -> None:
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables", reason="the peer is not installed")
    rng = np.random.default_rng(8)
    for size in (2, 5, 12):
        tables = rng.integers(1, 30, (size, 4))
        peer = contingency.StratifiedTable([one.reshape(2, 2) for one in tables.astype(float)])
        ours = of_tables(tables, correction=correction)
        theirs = peer.test_null_odds(correction=correction)
        assert abs(ours.odds_ratio[0] - peer.oddsratio_pooled) < CLOSED
        assert abs(ours.standard_error[0] - peer.logodds_pooled_se) < CLOSED
        assert ours.chi2[0] == pytest.approx(theirs.statistic, rel=CLOSED)
        assert abs(ours.p_value[0] - theirs.pvalue) < CLOSED


@given(answers)
def test_the_uncorrected_chi_square_is_mantels(x: Any) -> None:
    groups = halves(x)
    ours = mantel_haenszel_dif(x, groups, reference=1, correction=False)
    assert np.array_equal(ours.chi2, mantel_dif(x, groups, reference=1).chi2, equal_nan=True)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ([[50, 50, 48, 52]], "A"),  # delta near 0
        ([[6, 4, 3, 7]], "A"),  # far from 0, but not significant
        ([[260, 240, 200, 300]], "B"),  # delta -1.1
        ([[60, 40, 40, 60]], "B"),  # delta -1.9, but not significantly beyond 1
        ([[600, 400, 400, 600]], "C"),
        ([[400, 600, 600, 400]], "C"),
    ],
)
def test_a_class_needs_both_size_and_significance(tables: Any, expected: str) -> None:
    result = of_tables(tables)
    assert result.ets == (expected,)
    odds = tables[0][0] * tables[0][3] / (tables[0][1] * tables[0][2])
    assert result.delta[0] == pytest.approx(-2.35 * math.log(odds), abs=1e-12)


# Laws


@given(answers, st.booleans())
def test_swapping_the_groups_negates_the_log_odds_ratio_and_keeps_the_test(x: Any, purify: bool) -> None:
    groups = halves(x)
    one = mantel_haenszel_dif(x, groups, reference=0, purify=purify)
    other = mantel_haenszel_dif(x, groups, reference=1, purify=purify)
    for name in ("log_odds_ratio", "delta"):
        assert getattr(other, name) == pytest.approx(-getattr(one, name), rel=1e-12, abs=1e-12, nan_ok=True)
    for name in ("standard_error", "chi2", "p_value"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12, abs=1e-12, nan_ok=True)
    assert (other.ets, other.item_flags, other.purified) == (one.ets, one.item_flags, one.purified)
    assert (other.reference, other.focal, other.n_focal) == (1, 0, one.n_reference)


@given(answers, st.booleans())
def test_the_same_people_under_both_labels_have_odds_ratio_1(x: Any, correction: bool) -> None:
    groups = ["a"] * len(x) + ["b"] * len(x)
    result = mantel_haenszel_dif(np.vstack([x, x]), groups, reference="a", correction=correction)
    defined = ~np.isnan(result.odds_ratio)
    assert (result.odds_ratio[defined] == 1).all()
    assert (result.chi2[~np.isnan(result.chi2)] == 0).all()
    assert set(np.array(result.ets)[defined]) <= {"A"}


@given(answers, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_does_not_matter(x: Any, random: Any, purify: bool) -> None:
    groups, order = halves(x), list(range(len(x)))
    random.shuffle(order)
    whole = mantel_haenszel_dif(x, groups, reference=0, purify=purify)
    assert mantel_haenszel_dif(x[order], groups[order], reference=0, purify=purify) == whole


def test_the_order_of_items_permutes_the_rows() -> None:
    x = np.random.default_rng(3).integers(0, 2, (300, 4))
    order = [2, 0, 3, 1]
    one = mantel_haenszel_dif(x, halves(x), reference=0)
    other = mantel_haenszel_dif(x[:, order], halves(x), reference=0)
    assert np.array_equal(other.odds_ratio, one.odds_ratio[order])


def test_a_stratum_of_one_group_only_changes_nothing() -> None:
    lonely = np.vstack([BERKELEY, [0, 0, 40, 60]])
    assert of_tables(lonely).chi2 == of_tables(BERKELEY).chi2
    assert of_tables(lonely).odds_ratio == of_tables(BERKELEY).odds_ratio
    assert of_tables(lonely).n_strata.tolist() == [6]


def test_only_the_order_of_given_scores_matters() -> None:
    x, groups, strata = unfolded(BERKELEY)
    plain = mantel_haenszel_dif(x, groups, reference="ref", matching=strata)
    assert mantel_haenszel_dif(x, groups, reference="ref", matching=np.exp(strata) + 1e8) == plain
    assert plain.matching == "given"


def test_the_correction_never_carries_the_deviation_past_0() -> None:
    tables = [[3, 3, 3, 4]]
    assert of_tables(tables, correction=False).chi2[0] > 0
    assert of_tables(tables).chi2[0] == 0
    assert of_tables(tables).p_value[0] == 1


# Purification


def test_purification_matches_on_the_items_that_are_not_of_class_c_and_the_studied_one() -> None:
    rng = np.random.default_rng(11)
    groups = np.repeat([0, 1], 600)
    difficulty = np.zeros((1200, 6))
    difficulty[600:, [1, 4]] = 1.5
    x = (rng.logistic(size=(1200, 6)) + rng.normal(size=(1200, 1)) > difficulty).astype(int)
    names = list("abcdef")
    once = mantel_haenszel_dif(x, groups, reference=0, items=names)
    twice = mantel_haenszel_dif(x, groups, reference=0, items=names, purify=True)
    flagged = [i for i in range(6) if once.ets[i] == "C"]
    assert {1, 4} <= set(flagged)
    assert len(flagged) < 6
    assert twice.purified == tuple(names[i] for i in flagged)
    assert once.purified == ()
    for item in range(6):
        counted = sorted({item} | (set(range(6)) - set(flagged)))
        alone = mantel_haenszel_dif(x[:, [item]], groups, reference=0, matching=x[:, counted].sum(axis=1))
        assert twice.odds_ratio[item] == alone.odds_ratio[0]
        assert twice.n_strata[item] == alone.n_strata[0]


def test_without_a_class_c_item_purification_changes_nothing() -> None:
    x = np.random.default_rng(4).integers(0, 2, (400, 5))
    once = mantel_haenszel_dif(x, halves(x), reference=0)
    assert "C" not in once.ets
    assert mantel_haenszel_dif(x, halves(x), reference=0, purify=True) == once


# Edges


@pytest.mark.parametrize("answer", [0, 1])
def test_a_constant_item_is_flagged_and_undefined(answer: int) -> None:
    rng = np.random.default_rng(5)
    x = np.column_stack([np.full(300, answer), rng.integers(0, 2, (300, 3))])
    result = mantel_haenszel_dif(x, halves(x), reference=0)
    assert np.isnan([result.odds_ratio[0], result.standard_error[0], result.chi2[0], result.p_value[0]]).all()
    assert result.ets[0] is None
    assert result.item_flags == (("constant_item",), (), (), ())
    assert result.flags == ("constant_item",)
    others = mantel_haenszel_dif(x[:, 1:], halves(x), reference=0)
    assert np.array_equal(result.odds_ratio[1:], others.odds_ratio)


def test_an_item_matched_on_itself_alone_has_no_variance() -> None:
    x = np.random.default_rng(5).integers(0, 2, (300, 1))
    result = mantel_haenszel_dif(x, halves(x), reference=0)
    assert np.isnan(result.chi2).all()
    assert result.flags == ("no_variance",)


@pytest.mark.parametrize("table", [[30, 0, 20, 10], [0, 30, 10, 20], [20, 10, 30, 0], [10, 20, 0, 30], [30, 0, 0, 30]])
def test_an_odds_ratio_of_0_or_infinity_is_undefined_but_tested(table: Any) -> None:
    result = of_tables([table, table])
    assert np.isnan([result.odds_ratio[0], result.log_odds_ratio[0], result.standard_error[0], result.delta[0]]).all()
    assert result.ets == (None,)
    assert result.chi2[0] > 5
    assert result.flags == ("separated", "small_group")


def test_one_stratum_is_flagged_and_none_is_undefined() -> None:
    one = of_tables([[60, 50, 40, 70], [20, 30, 0, 0]])
    assert one.flags == ("few_strata",)
    assert one.odds_ratio[0] == pytest.approx(60 * 70 / (50 * 40))
    none = of_tables([[60, 50, 0, 0], [0, 0, 60, 50]])
    assert none.flags == ("few_strata",)
    assert none.n_strata.tolist() == [0]
    assert np.isnan([none.odds_ratio[0], none.chi2[0]]).all()


def test_truth_values_are_answers() -> None:
    x, groups, strata = unfolded(BERKELEY)
    taken = mantel_haenszel_dif(x.astype(bool), groups, reference="ref", matching=strata)
    assert taken == of_tables(BERKELEY)


def test_records_hold_one_row_an_item() -> None:
    (record,) = of_tables([[30, 0, 20, 10]]).to_records()
    assert list(record) == [
        "item",
        "n_strata",
        "odds_ratio",
        "log_odds_ratio",
        "standard_error",
        "delta",
        "chi2",
        "p_value",
        "ets",
        "flags",
    ]
    assert record["odds_ratio"] is None
    assert record["ets"] is None
    assert record["flags"] == "few_strata separated"


# Bad input


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        ([[1, 0], [2, 0]], {}, r"x\[1, 0\]: expected 0 or 1, got 2"),
        ([[1, 0.5], [1, 0]], {}, r"x\[0, 1\]: expected 0 or 1, got 0\.5"),
        ([[1, nan], [nan, -1]], {}, r"x\[1, 1\]: expected 0 or 1, got -1"),
        ([[1], [0]], {"purify": True, "matching": [1, 2]}, "purify: items can leave the total score only"),
    ],
)
def test_bad_input_is_named_in_the_message(x: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mantel_haenszel_dif(x, [1, 2], reference=1, **options)
