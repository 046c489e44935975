"""Is everyone pulling in the same direction: Kendall's W, tau-b and rho over the reporting lines."""

from __future__ import annotations

import csv
import json
import math
import pickle
from collections.abc import Callable
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata, spearmanr

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import Alignment, Organisation, measure_alignment
from leadkit.org.showing import expect_showable

TOLERANCE = 1e-10


def organisation(parents: Any, **columns: Any) -> Organisation:
    ids = [f"p{i:04}" for i in range(len(parents))]
    return Organisation.from_columns(ids, [None if up < 0 else ids[up] for up in parents], **columns)


def random_tree(rng: np.random.Generator, n: int, *, spread: int = 10**9) -> Any:
    return np.array([-1, *(rng.integers(max(0, i - spread), i) for i in range(1, n))])


@st.composite
def answered(draw: st.DrawFn) -> tuple[Any, Any]:
    """Parents of a forest in a random order, and ratings 1..4 with rows missing."""
    n, k = draw(st.integers(1, 14)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parents = np.array([rng.integers(-1, i) for i in range(n)])
    order = rng.permutation(n)
    shuffled = np.full(n, -1)
    shuffled[order] = np.where(parents < 0, -1, order[parents])
    ratings = rng.integers(1, 5, (n, k)).astype(float)
    ratings[rng.random(n) < 0.2, rng.integers(k)] = np.nan
    ratings[rng.random(n) < 0.1] = 2.0
    return shuffled, ratings


def plain_w(rows: Any) -> float:
    """Kendall's W by the formula of the textbook."""
    ranks = np.array([rankdata(row) for row in rows])
    m, k = ranks.shape
    ties = sum((t**3 - t) for row in ranks for t in np.unique(row, return_counts=True)[1].tolist())
    s = ((ranks.sum(axis=0) - m * (k + 1) / 2) ** 2).sum()
    divisor = m**2 * (k**3 - k) - m * ties
    return float(12 * s / divisor) if m >= 2 and divisor else math.nan


def plain_tau(x: Any, y: Any) -> float:
    return math.nan if len(set(x)) == 1 or len(set(y)) == 1 else float(kendalltau(x, y).statistic)


def plain_rho(x: Any, y: Any) -> float:
    return math.nan if len(set(x)) == 1 or len(set(y)) == 1 else float(spearmanr(x, y).statistic)


def plain_mean(values: Any) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def plain_alignment(parents: Any, rows: Any, ranking: Any = None) -> dict[str, Any]:
    """Everything one person at a time."""
    n = len(parents)
    chains = {i: [i] for i in range(n)}
    for i in range(n):
        while parents[chains[i][-1]] >= 0:
            chains[i].append(parents[chains[i][-1]])
    there = [not np.isnan(row).any() for row in rows]
    layer = [len(chains[i]) for i in range(n)]
    of_chain = [
        plain_w(on) for i in range(n) if i not in parents and len(on := [rows[j] for j in chains[i] if there[j]]) >= 2
    ]
    pairs = [i for i in range(n) if there[i] and parents[i] >= 0 and there[parents[i]]]
    tau = {i: plain_tau(rows[i], rows[parents[i]]) for i in pairs}
    roots = [i for i in range(n) if parents[i] < 0]
    compared = [i for i in range(n) if there[i]]
    if ranking is None and len(roots) == 1 and there[roots[0]]:
        ranking = rows[roots[0]]
        compared.remove(roots[0])
    to_endgame = [] if ranking is None else [plain_tau(rows[i], ranking) for i in compared]
    known = [value for value in to_endgame if not math.isnan(value)]
    return {
        "n_raters": sum(there),
        "kendall_w": plain_w([row for row, yes in zip(rows, there, strict=True) if yes]) if any(there) else math.nan,
        "w_by_layer": [
            plain_w(on) if (on := [rows[i] for i in range(n) if there[i] and layer[i] == at]) else math.nan
            for at in range(1, max(layer) + 1)
        ],
        "n_chains": sum(not math.isnan(w) for w in of_chain),
        "chain_w_mean": plain_mean(of_chain),
        "n_pairs": len(pairs),
        "boss_tau_mean": plain_mean(tau.values()),
        "boss_spearman_mean": plain_mean(plain_rho(rows[i], rows[parents[i]]) for i in pairs),
        "boss_tau_by_layer": [plain_mean(tau[i] for i in pairs if layer[i] == at) for at in range(1, max(layer) + 1)],
        "n_compared": len(known),
        "endgame_tau_mean": plain_mean(known),
        "same_direction_share": plain_mean([float(value > 0) for value in known]),
        "n_undefined": sum(map(math.isnan, tau.values())) + sum(map(math.isnan, to_endgame)),
    }


@pytest.fixture
def managers() -> tuple[Organisation, Any]:
    path = Path(__file__).parents[1] / "golden/org/alignment_input.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = Organisation.from_columns([row["id"] for row in rows], [row["manager"] for row in rows])
    return people, np.array([[float(row[f"priority{i}"]) for i in range(1, 7)] for row in rows])


def test_the_21_managers_meet_the_reference_figures(
    managers: tuple[Organisation, Any], golden: Callable[[str], Any]
) -> None:
    expected = golden("org/alignment.json")
    people, priorities = managers
    assert golden("org/krackhardt_tree.json")["manager"] == [people.manager_of(name) or "" for name in people.ids]
    found = measure_alignment(people, priorities)
    for value, name in (
        (found.kendall_w, "kendall_W_all"),
        (found.w_by_layer[1], "kendall_W_by_level2"),
        (found.w_by_layer[2], "kendall_W_by_level3"),
        (found.chain_w_mean, "kendall_W_chain_mean"),
        (found.boss_tau_mean, "boss_report_kendall_tau_mean"),
        (found.boss_spearman_mean, "boss_report_spearman_mean"),
    ):
        assert value == pytest.approx(expected[name], abs=TOLERANCE, rel=0), name
    assert found.boss_tau_by_layer[1:] == pytest.approx(expected["boss_report_kendall_tau_by_level"], abs=TOLERANCE)
    assert np.isnan(found.boss_tau_by_layer[0])
    assert np.isnan(found.w_by_layer[0])
    assert (found.n_raters, found.n_pairs, found.n_chains, found.n_undefined) == (21, 20, 16, 0)
    assert found.n_by_layer.tolist() == [1, 4, 16]
    assert found.n_pairs_by_layer.tolist() == [0, 4, 16]
    assert found.flags == ("endgame_from_root",)


def test_the_single_root_stands_for_the_endgame_and_is_left_out(managers: tuple[Organisation, Any]) -> None:
    people, priorities = managers
    found = measure_alignment(people, priorities)
    root = priorities[people.index_of("A07")]
    taus = [kendalltau(row, root).statistic for i, row in enumerate(priorities) if people.ids[i] != "A07"]
    assert found.n_compared == 20
    assert found.endgame_tau_mean == pytest.approx(np.mean(taus), abs=TOLERANCE)
    assert found.same_direction_share == np.mean(np.array(taus) > 0)
    given = measure_alignment(people, priorities, endgame_ranking=root)
    assert given.n_compared == 21
    assert given.endgame_tau_mean == pytest.approx((sum(taus) + 1) / 21, abs=TOLERANCE)
    assert given.flags == ()


@given(answered(), st.booleans())
def test_everything_agrees_with_one_person_at_a_time(case: tuple[Any, Any], with_ranking: bool) -> None:
    parents, rows = case
    ranking = np.arange(rows.shape[1], dtype=float) if with_ranking else None
    found = measure_alignment(organisation(parents), rows, endgame_ranking=ranking)
    for name, value in plain_alignment(parents, rows, ranking).items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-12, nan_ok=True), name


@given(answered())
def test_the_order_of_the_rows_changes_no_digit(case: tuple[Any, Any]) -> None:
    parents, rows = case
    people = organisation(parents)
    order = np.random.default_rng(0).permutation(people.n)
    shuffled = Organisation.from_columns(
        [people.ids[i] for i in order], [people.manager_of(people.ids[i]) for i in order]
    )
    assert measure_alignment(shuffled, rows[order]) == measure_alignment(people, rows)


@given(answered(), st.integers(0, 2**32 - 1))
def test_only_the_order_within_a_row_counts(case: tuple[Any, Any], seed: int) -> None:
    parents, rows = case
    rng = np.random.default_rng(seed)
    stretched = np.exp(rows) * rng.uniform(0.5, 2, (len(rows), 1))
    columns = rng.permutation(rows.shape[1])
    people = organisation(parents)
    assert measure_alignment(people, stretched[:, columns]) == measure_alignment(people, rows)


@given(answered())
def test_concordance_lies_in_0_to_1_and_correlations_in_minus_1_to_1(case: tuple[Any, Any]) -> None:
    found = measure_alignment(organisation(case[0]), case[1])
    for w in (found.kendall_w, found.chain_w_mean, found.same_direction_share, *found.w_by_layer):
        assert math.isnan(w) or -1e-15 <= w <= 1 + 1e-15
    for tau in (found.boss_tau_mean, found.boss_spearman_mean, found.endgame_tau_mean, *found.boss_tau_by_layer):
        assert math.isnan(tau) or abs(tau) <= 1 + 1e-15


def test_all_alike_is_1_and_opposite_is_0() -> None:
    people = organisation([-1, 0, 0, 0])
    alike = measure_alignment(people, np.tile([3, 1, 2, 4], (4, 1)))
    assert (alike.kendall_w, alike.chain_w_mean, alike.boss_tau_mean, alike.boss_spearman_mean) == (1, 1, 1, 1)
    assert (alike.endgame_tau_mean, alike.same_direction_share) == (1, 1)
    opposite = measure_alignment(organisation([-1, 0]), [[1, 2, 3], [3, 2, 1]])
    assert (opposite.kendall_w, opposite.boss_tau_mean, opposite.same_direction_share) == (0, -1, 0)


def test_a_tau_of_an_all_tied_row_is_left_out_and_counted() -> None:
    people = organisation([-1, 0, 0, 0])
    found = measure_alignment(people, [[1, 2, 3], [2, 2, 2], [1, 2, 3], [1, 3, 2]])
    assert found.boss_tau_mean == pytest.approx((1 + 1 / 3) / 2)
    assert (found.n_pairs, found.n_compared, found.n_undefined) == (3, 2, 2)
    assert found.n_pairs_by_layer.tolist() == [0, 2]
    tied = measure_alignment(people, np.ones((4, 3)))
    assert math.isnan(tied.kendall_w)
    assert (tied.n_undefined, tied.n_chains, tied.flags) == (6, 0, ("all_tied", "endgame_from_root"))


def test_an_all_tied_endgame_ranking_leaves_no_tau() -> None:
    found = measure_alignment(organisation([-1, 0]), [[1, 2], [2, 1]], endgame_ranking=[1, 1])
    assert math.isnan(found.endgame_tau_mean)
    assert (found.n_compared, found.n_undefined) == (0, 2)


def test_without_one_answering_root_there_is_no_endgame() -> None:
    rows: list[Any] = [[1, 2, 3], [3, 1, 2], [2, 3, 1]]
    two_roots = measure_alignment(organisation([-1, -1, 0]), rows)
    silent = measure_alignment(organisation([-1, 0, 0]), [[1, np.nan, 3], *rows[1:]])
    for found in (two_roots, silent):
        assert math.isnan(found.endgame_tau_mean)
        assert math.isnan(found.same_direction_share)
        assert (found.n_compared, found.flags) == (0, ("no_endgame",))


def test_a_chain_skips_who_did_not_answer() -> None:
    rows = np.array([[1, 2, 3], [np.nan, 2, 3], [1, 3, 2.0]])
    found = measure_alignment(organisation([-1, 0, 1]), rows)
    assert (found.n_chains, found.n_chain_raters, found.n_pairs) == (1, 2, 0)
    assert found.chain_w_mean == pytest.approx(plain_w(rows[[0, 2]]))


def test_a_chain_whose_contributor_is_silent_still_tells_of_those_above() -> None:
    rows = np.array([[1, 2, 3], [1, 3, 2], [np.nan, 2, 3.0]])
    assert measure_alignment(organisation([-1, 0, 1]), rows).chain_w_mean == pytest.approx(plain_w(rows[:2]))


def test_nobody_and_one_person_give_nan_with_a_flag() -> None:
    nobody = measure_alignment(Organisation.from_columns([], []), np.empty((0, 3)))
    alone = measure_alignment(organisation([-1]), [[1, 2, 3]])
    silent = measure_alignment(organisation([-1, 0]), np.full((2, 3), np.nan))
    for found, n, layers in ((nobody, 0, 0), (alone, 1, 1), (silent, 0, 2)):
        assert (found.n_raters, found.n_pairs, found.n_chains, len(found.w_by_layer)) == (n, 0, 0, layers)
        assert math.isnan(found.kendall_w)
        assert math.isnan(found.chain_w_mean)
        assert "too_few_raters" in found.flags
        json.dumps(found.disclosed().to_dict(), allow_nan=False)


def test_answers_of_unfilled_posts_count_and_are_flagged() -> None:
    rows: list[Any] = [[1, 2, 3], [1, 2, 3], [1, 2, 3]]
    found = measure_alignment(organisation([-1, 0, 0], status=["vacant"] * 3), rows)
    assert (found.n_raters, found.flags) == (3, ("endgame_from_root", "unfilled_answered"))
    left = measure_alignment(
        organisation([-1, 0, 0], status=["active", "left", "absent"]), [rows[0], [np.nan] * 3, rows[2]]
    )
    assert left.flags == ("endgame_from_root",)


def test_a_deep_chain_and_a_wide_one_need_no_recursion() -> None:
    n = 20_000
    rows = np.random.default_rng(0).integers(1, 4, (n, 4))
    chain = measure_alignment(organisation(np.arange(n) - 1), rows)
    assert chain.chain_w_mean == chain.kendall_w
    alike = measure_alignment(organisation(np.arange(n) - 1), np.tile([2, 1, 3], (n, 1)))
    assert (alike.kendall_w, alike.chain_w_mean, alike.boss_tau_mean) == (1, 1, 1)
    star = measure_alignment(organisation([-1] + [0] * (n - 1)), rows)
    assert (star.n_pairs, star.n_chains) == (
        n - 1,
        star.n_pairs_by_layer[1] + (np.ptp(rows[1:], axis=1) == 0).sum() * (np.ptp(rows[0]) > 0),
    )


@pytest.mark.parametrize(
    ("priorities", "message"),
    [
        ([1, 2, 3], "priorities: expected two dimensions"),
        ([[1, 2, 3]], "priorities: expected 2 rows, one for each person, got 1"),
        ([[1], [2]], "priorities: expected at least two columns, got 1"),
        (np.empty((2, 0)), "priorities: expected at least one column"),
        ([[1, math.inf], [1, 2]], r"priorities\[0, 1\]: expected a finite number or NaN"),
        ([["a", "b"], ["a", "b"]], "priorities: expected real numbers, got text"),
        ([[1, 2], [1]], "priorities: rows differ in length"),
    ],
)
def test_priorities_of_a_wrong_kind_are_refused(priorities: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        measure_alignment(organisation([-1, 0]), priorities)
    with pytest.raises(OrgError, match="organisation: expected an Organisation, got list"):
        measure_alignment([], priorities)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ranking", "message"),
    [
        ([1, 2], "endgame_ranking: expected 3 values, got 2"),
        ([[1, 2, 3]], "endgame_ranking: expected one dimension, got 2"),
        ([1, np.nan, 3], r"endgame_ranking\[1\]: expected a finite number, got NaN"),
        (["a", "b", "c"], "endgame_ranking: expected real numbers, got text"),
    ],
)
def test_an_endgame_ranking_of_a_wrong_kind_is_refused(ranking: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        measure_alignment(organisation([-1, 0]), [[1, 2, 3], [2, 1, 3]], endgame_ranking=ranking)


def test_results_are_read_only_and_not_for_showing_before_disclosed(managers: tuple[Organisation, Any]) -> None:
    found = measure_alignment(*managers)
    with pytest.raises(ValueError, match="read-only"):
        found.w_by_layer[0] = 0
    for show in (found.to_dict, found.to_records):
        with pytest.raises(DisclosureError, match="disclosed"):
            show()
    assert "call <code>.disclosed()</code>" in found._repr_html_()
    with pytest.raises(TypeError, match="disclosed"):
        expect_showable(found, Alignment, "plot")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


def test_a_small_layer_is_hidden_and_takes_the_next_with_it(managers: tuple[Organisation, Any]) -> None:
    found = measure_alignment(*managers)
    shown = found.disclosed()
    assert shown.flags == ("disclosed", "endgame_from_root")
    assert shown.min_n == 5
    # layers of 1, 4 and 16 raters: the first two hold five; pairs of 4 and 16: all or none
    assert np.isnan(shown.w_by_layer).tolist() == [True, True, False]
    assert np.isnan(shown.n_by_layer).tolist() == [True, True, False]
    assert np.isnan(shown.boss_tau_by_layer).all()
    assert np.isnan(shown.n_pairs_by_layer).all()
    assert (shown.kendall_w, shown.boss_tau_mean, shown.n_raters) == (found.kendall_w, found.boss_tau_mean, 21)
    assert shown.to_records()[2] == {"layer": 3, "n": 16.0, "w": found.w_by_layer[2], "n_pairs": None, "boss_tau": None}
    assert json.loads(json.dumps(shown.to_dict(), allow_nan=False))["w_by_layer"][:2] == [None, None]
    expect_showable(shown, Alignment, "plot")


def test_numbers_on_too_few_people_are_all_hidden() -> None:
    found = measure_alignment(organisation([-1, 0, 0, 0]), [[2, 2, 2]] * 4)
    shown = found.disclosed(min_n=5)
    for name in (
        "kendall_w",
        "chain_w_mean",
        "boss_tau_mean",
        "boss_spearman_mean",
        "endgame_tau_mean",
        "same_direction_share",
    ):
        assert math.isnan(getattr(shown, name)), name
    for name in ("n_chains", "n_chain_raters", "n_compared", "n_undefined", "n_chain_apart", "n_endgame_apart"):
        assert getattr(shown, name) is None, name
    assert "all_tied" in found.flags
    assert shown.flags == ("disclosed", "endgame_from_root")
    assert (shown.n_raters, shown.n_pairs) == (4, 3)


def test_disclosing_again_changes_nothing_or_is_refused(managers: tuple[Organisation, Any]) -> None:
    shown = measure_alignment(*managers).disclosed(min_n=5)
    assert shown.disclosed(min_n=3) == shown
    assert shown.disclosed(min_n=5) == shown
    with pytest.raises(DisclosureError, match="disclosed with 5 already; for 6 start from what was measured"):
        shown.disclosed(min_n=6)
    with pytest.raises(DisclosureError, match="min_n: expected a whole number of at least 3"):
        measure_alignment(*managers).disclosed(min_n=2)


def test_the_tau_of_one_whose_boss_is_silent_cannot_be_taken_off_the_endgame() -> None:
    # five managers rank as the root does, so the endgame less the bosses would be the tau of the one below the sixth
    rng = np.random.default_rng(6)
    rows = np.array([[0, 1, 2, 3]] * 6 + [rng.permutation(4) for _ in range(12)], dtype=float)
    rows[16] = np.nan
    people = organisation([-1] + [0] * 5 + [1 + i // 2 for i in range(10)] + [0, 16])
    found = measure_alignment(people, rows)
    assert found.n_compared == 16
    assert found.n_endgame_apart == 1
    assert found.n_same_direction is not None
    assert 5 <= found.n_same_direction <= 11
    stolen = found.endgame_tau_mean * 16 - found.boss_tau_mean * 15
    assert stolen == pytest.approx(plain_tau(rows[17], rows[0]))
    shown = found.disclosed(min_n=5)
    assert shown.boss_tau_mean == found.boss_tau_mean
    assert math.isnan(shown.endgame_tau_mean)
    assert math.isnan(shown.same_direction_share)
    # a ranking that is given and is the root's own gives no more away
    given = measure_alignment(people, rows, endgame_ranking=rows[0])
    assert given.n_endgame_apart == 2
    assert math.isnan(given.disclosed().endgame_tau_mean)


def test_one_longer_chain_cannot_be_taken_off_the_chains_of_two() -> None:
    # twelve report to six roots, a chain of three beside them: twice the chains less the pairs would be about these
    rng = np.random.default_rng(2)
    rows = np.array([rng.permutation(4) for _ in range(21)], dtype=float)
    pairs = [-1] * 6 + [i // 2 for i in range(12)]
    found = measure_alignment(organisation([*pairs, -1, 18, 19]), rows)
    assert (found.n_chain_apart, found.n_chain_bosses) == (3, 8)
    shown = found.disclosed(min_n=5)
    assert shown.boss_spearman_mean == found.boss_spearman_mean
    assert math.isnan(shown.chain_w_mean)
    flat = measure_alignment(organisation([*pairs, -1, 18, 18]), rows)
    assert flat.n_chain_apart == 0
    assert flat.disclosed().chain_w_mean == pytest.approx((1 + flat.boss_spearman_mean) / 2)


ALL_BOSSES = ("boss_tau_mean", "boss_spearman_mean", "chain_w_mean")


@pytest.mark.parametrize(("n_bosses", "is_shown"), [(1, False), (4, False), (5, True)])
def test_numbers_about_few_bosses_are_hidden(n_bosses: int, is_shown: bool) -> None:
    rng = np.random.default_rng(4)
    people = organisation([-1] * n_bosses + [i % n_bosses for i in range(20)])
    found = measure_alignment(people, [rng.permutation(4) for _ in range(people.n)])
    shown = found.disclosed()
    assert found.n_bosses_by_layer.tolist() == [0, n_bosses]
    assert found.n_chain_bosses == n_bosses
    assert found.n_pairs_by_layer.tolist() == [0, 20]
    for value in (*(getattr(shown, name) for name in ALL_BOSSES), shown.boss_tau_by_layer[1]):
        assert math.isnan(value) is not is_shown
    assert (shown.n_chains is None) is not is_shown
    assert np.isnan(shown.n_bosses_by_layer).all()
    assert (shown.n_chain_bosses, shown.n_unlike, shown.n_tied) == (None, None, None)


@pytest.mark.parametrize(
    ("n_against", "is_shown"), [(0, True), (1, False), (4, False), (5, True), (16, False), (20, True)]
)
def test_a_few_who_pull_the_other_way_hide_how_many_do(n_against: int, is_shown: bool) -> None:
    rows = [[4, 3, 2, 1]] * n_against + [[1, 2, 3, 4]] * (20 - n_against)
    found = measure_alignment(organisation([-1] * 20), rows, endgame_ranking=[1, 2, 3, 4])
    shown = found.disclosed()
    assert found.n_same_direction == 20 - n_against
    assert math.isnan(shown.same_direction_share) is not is_shown
    assert math.isnan(shown.endgame_tau_mean) is not is_shown
    assert (shown.n_compared is None) is not is_shown
    assert shown.n_same_direction is None


def spans(*sizes: int) -> list[int]:
    """Parents of one root, a manager for each size, and so many people under each."""
    managers = [0] * len(sizes)
    return [-1, *managers, *(1 + j for j, size in enumerate(sizes) for _ in range(size))]


@pytest.mark.parametrize(
    ("priorities", "apart"),
    [([1, 2], [2, 1]), ([1, 2, 3], [2, 1, 3]), ([1, 2, 3], [3, 2, 1]), ([1, 2, 3], [1, 1, 1])],
)
@pytest.mark.parametrize("from_root", [True, False])
def test_no_dissenter_is_named_by_the_size_of_a_line(priorities: Any, apart: Any, from_root: bool) -> None:
    parents = spans(1, 2, 3, 4, 5)
    people, n = organisation(parents), len(parents)
    worlds: dict[str, list[set[int]]] = {}
    for few in [{i} for i in range(1, n)] + [{i, j} for i in range(1, n) for j in range(1, i)]:
        rows = [apart if i in few else priorities for i in range(n)]
        found = measure_alignment(people, rows, endgame_ranking=None if from_root else priorities)
        worlds.setdefault(json.dumps(found.disclosed(min_n=3).to_dict()), []).append(few)
    for given_away in worlds.values():
        assert not set.intersection(*given_away)
    assert not math.isnan(found.boss_tau_mean)


@pytest.mark.parametrize(
    "parents", [[-1, 0, 0, 1, 2, 1, 2], [-1, 0, 1, 1, 1, 3, 3], [-1, 0, 0, 0, 1, 2, 3, 1], [-1, 0, 1, 2, 3, 4, 5]]
)
@pytest.mark.parametrize("ranking", [None, [1, 2]])
def test_of_two_priorities_nobody_s_choice_can_be_worked_out(parents: list[int], ranking: Any) -> None:
    """Compare all choices that show the same: nobody may have to be for the first, or against the root, in all."""
    people = organisation(parents)
    worlds: dict[str, list[Any]] = {}
    for others in np.ndindex(*(2,) * (people.n - (ranking is None))):
        first = np.array([*others] if ranking else [1, *others])
        found = measure_alignment(people, np.column_stack([2 - first, 1 + first]), endgame_ranking=ranking)
        worlds.setdefault(json.dumps(found.disclosed(min_n=3).to_dict()), []).append(first)
    root_stands_for_endgame = ranking is None
    for choices in worlds.values():
        told = np.array(choices)[:, root_stands_for_endgame:]
        for choice in (0, 1):
            n_known = int((told == choice).all(axis=0).sum())
            assert n_known == 0 or n_known >= 3
    assert len(worlds) > 3


def test_an_undefined_tau_is_not_counted_aloud() -> None:
    rng = np.random.default_rng(5)
    rows = np.array([rng.permutation(4) for _ in range(21)], dtype=float)
    people = organisation(spans(1, 2, 3, 4, 5))
    defined = measure_alignment(people, rows)
    assert (defined.n_tied, defined.disclosed().n_undefined) == (0, 0)
    rows[5] = 2
    tied = measure_alignment(people, rows)
    # the boss of five: the pairs lost would tell whose answer it is
    assert (tied.n_tied, tied.n_undefined, tied.n_pairs_by_layer.sum()) == (1, 7, 14)
    shown = tied.disclosed()
    assert shown.n_undefined is None
    assert math.isnan(shown.boss_tau_mean)
    assert np.isnan(shown.n_pairs_by_layer).all()


def test_one_chain_beside_one_lone_rater_is_hidden() -> None:
    rng = np.random.default_rng(3)
    rows = np.array([rng.permutation(4) for _ in range(8)], dtype=float)
    people = organisation([-1, 0, 1, 2, 3, 4, 5, -1])
    found = measure_alignment(people, rows)
    assert (found.n_chains, found.n_chain_raters, found.n_raters) == (1, 7, 8)
    shown = found.disclosed()
    assert math.isnan(shown.chain_w_mean)
    assert shown.kendall_w == found.kendall_w
    assert found.n_chain_bosses == 6


@given(answered(), st.booleans(), st.sampled_from([3, 5]))
def test_what_is_shown_rests_on_enough_people_and_no_difference_on_fewer(
    case: tuple[Any, Any], with_ranking: bool, min_n: int
) -> None:
    parents, rows = case
    ranking = np.arange(rows.shape[1], dtype=float) if with_ranking else None
    people = organisation(parents)
    found = measure_alignment(people, rows, endgame_ranking=ranking)
    shown = found.disclosed(min_n=min_n)
    for whole, n, parts in (
        (shown.kendall_w, found.n_by_layer, shown.w_by_layer),
        (shown.boss_tau_mean, found.n_pairs_by_layer, shown.boss_tau_by_layer),
    ):
        hidden = n[np.isnan(parts)].sum()
        assert math.isnan(whole) or n.sum() >= min_n
        assert hidden == 0 or hidden >= min_n or math.isnan(whole)
        assert (n[~np.isnan(parts)] >= min_n).all()


@settings(max_examples=30)
@given(answered(), st.booleans())
def test_no_sum_of_taus_left_over_is_about_fewer_than_min_n(case: tuple[Any, Any], from_root: bool) -> None:
    """Every combination of the shown sums with small whole factors touches nobody or enough people."""
    parents, rows = case
    assume((parents < 0).sum() == 1 or not from_root)
    people = organisation(parents)
    ranking = None if from_root else np.arange(rows.shape[1], dtype=float)
    found = measure_alignment(people, rows, endgame_ranking=ranking)
    shown = found.disclosed(min_n=3)
    there = ~np.isnan(rows).any(axis=1)
    reference: Any = rows[parents < 0][0] if from_root else ranking
    ranks = np.array([rankdata(row) for row in rows])
    cells: list[dict[Any, int]] = []

    def cell(members: Any) -> dict[Any, int]:
        return dict.fromkeys(members, 1)

    boss = {
        i: (i, tuple(ranks[parents[i]]))
        for i in range(len(rows))
        if there[i] and parents[i] >= 0 and there[parents[i]] and not math.isnan(plain_tau(rows[i], rows[parents[i]]))
    }
    if not math.isnan(shown.boss_tau_mean):
        cells.append(cell(boss.values()))
    for layer, tau in enumerate(shown.boss_tau_by_layer):
        if not math.isnan(tau):
            cells.append(cell(key for i, key in boss.items() if people.tree.depth[i] == layer))
    if not math.isnan(shown.endgame_tau_mean):
        keys = [
            (i, tuple(rankdata(reference)))
            for i in range(len(rows))
            if there[i] and not (from_root and parents[i] < 0) and not math.isnan(plain_tau(rows[i], reference))
        ]
        assert len(keys) == found.n_compared
        cells.append(cell(keys))
    every = sorted({key for one in cells for key in one})
    table = np.array([[one.get(key, 0) for key in every] for one in cells]).reshape(len(cells), len(every))
    for factors in np.ndindex(*(3,) * len(cells)):
        left = (np.array(factors) - 1) @ table if cells else np.zeros(0)
        touched = {every[j][0] for j in np.flatnonzero(left)}
        assert not touched or len(touched) >= 3


def test_every_pair_of_rankings_of_four_agrees_with_scipy() -> None:
    orders = list(permutations([1.0, 2.0, 2.0, 4.0]))
    people = organisation([-1, 0])
    for first, second in pairwise(orders):
        found = measure_alignment(people, [first, second])
        assert found.boss_tau_mean == pytest.approx(kendalltau(first, second).statistic, abs=1e-14)
        assert found.boss_spearman_mean == pytest.approx(spearmanr(first, second).statistic, abs=1e-14)
        assert found.kendall_w == pytest.approx(plain_w([first, second]), abs=1e-14)


def test_scipy_agrees_over_a_tree_with_ties() -> None:
    rng = np.random.default_rng(5)
    n = 300
    parents, rows = random_tree(rng, n, spread=20), rng.integers(1, 5, (n, 7)).astype(float)
    found = measure_alignment(organisation(parents), rows)
    taus = [plain_tau(rows[i], rows[parents[i]]) for i in range(1, n)]
    assert found.boss_tau_mean == pytest.approx(plain_mean(taus), abs=1e-12)
    assert found.kendall_w == pytest.approx(plain_w(rows), abs=1e-12)
