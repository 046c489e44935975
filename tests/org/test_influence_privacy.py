"""What a report on influence keeps back, and that it cannot be had from the rest."""

from __future__ import annotations

import json
import math
import pickle
import re
import struct
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.org import InfluenceReport, Nominations, Organisation, Tier, build_pyramid, measure_influence
from leadkit.org.influence.withholding import hides_enough, shown_people, shown_tiers

MIN_N = 3
PERSONAL = ("influence", "authority", "gap", "in_degree", "persuasive_share")


def build(
    managers: list[int | None], shareable: list[bool], ties: list[tuple[int, int]], **columns: Any
) -> tuple[Organisation, Nominations]:
    ids = [f"p{place:02d}" for place in range(len(managers))]
    bosses = [None if boss is None else ids[boss] for boss in managers]
    organisation = Organisation.from_columns(ids, bosses, shareable=shareable, **columns)
    sources, targets = [ids[one] for one, _ in ties], [ids[other] for _, other in ties]
    return organisation, Nominations.from_columns(organisation, sources, targets, respondent_ids=ids)


@st.composite
def cases(draw: st.DrawFn, *, least: int = 1, most: int = 11) -> tuple[Organisation, Nominations]:
    n = draw(st.integers(least, most))
    managers = [None, *(draw(st.integers(0, min(place - 1, 4))) for place in range(1, n))]
    shareable = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    status = draw(st.lists(st.sampled_from(["active"] * 5 + ["left"]), min_size=n, max_size=n))
    ties = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=4 * n))
    return build(managers, shareable, ties, status=status)


def both(case: tuple[Organisation, Nominations], **options: Any) -> tuple[InfluenceReport, InfluenceReport]:
    chosen: dict[str, Any] = {"min_n": MIN_N, "top_k": 4, "informal_at": 0.6, "min_nominators": 1} | options
    return measure_influence(*case, **chosen), measure_influence(*case, **chosen, identify=True)


def all_numbers(report: InfluenceReport) -> set[float]:
    scalars = [value for value in report.to_dict().values() if isinstance(value, int | float)]
    tiers = [number for tier in report.by_tier.values() for number in (tier.mean_influence, tier.mean_gap)]
    numbers = [*scalars, *tiers, *np.concatenate([getattr(report, name) for name in PERSONAL])]
    return {float(number) for number in numbers if not math.isnan(number)}


def is_determined(known: list[np.ndarray[Any, Any]], group: np.ndarray[Any, Any]) -> bool:
    """Tell whether the sum over a group follows from sums over other groups."""
    matrix = np.array(known)
    return bool(np.linalg.matrix_rank(np.vstack([matrix, group])) == np.linalg.matrix_rank(matrix))


@given(cases())
def test_only_people_who_agreed_are_shown(case: tuple[Organisation, Nominations]) -> None:
    report, everything = both(case)
    shareable = case[0].posts.shareable & case[0].is_filled
    for name in PERSONAL:
        shown = ~np.isnan(getattr(report, name))
        assert not (shown & ~shareable).any()
        assert np.array_equal(getattr(report, name)[shown], getattr(everything, name)[shown])
    assert all(role is None for role, agreed in zip(report.role, shareable, strict=True) if not agreed)
    assert set(report.informal_leader_ids) <= {one for one, agreed in zip(report.ids, shareable, strict=True) if agreed}
    assert everything.is_identified
    assert not report.is_identified


@given(cases())
def test_hidden_numbers_are_nowhere_in_the_object(case: tuple[Organisation, Nominations]) -> None:
    report, everything = both(case)
    told = np.array(sorted(all_numbers(report)))
    stored, written = pickle.dumps(report), repr(report) + json.dumps(report.to_dict())
    texts = {float(text) for text in re.findall(r"\d+\.\d+", written)}
    hidden = np.isnan(report.influence) & ~np.isnan(everything.influence)
    for value in {*everything.influence[hidden].tolist(), *np.abs(everything.gap[hidden]).tolist()}:
        if value and np.abs(np.abs(told) - value).min() > 1e-7:
            assert struct.pack("<d", value) not in stored
            assert struct.pack(">d", value) not in stored
            assert not {value, round(value, 8)} & texts


@given(cases())
@settings(max_examples=80)
def test_no_sum_over_a_few_hidden_people_follows_from_what_is_shown(case: tuple[Organisation, Nominations]) -> None:
    report, everything = both(case)
    hidden = np.flatnonzero(np.isnan(report.influence) & ~np.isnan(everything.influence))
    if hidden.size == 0:
        return
    tier = build_pyramid(case[0]).tier[hidden]
    # all percentiles together have a mean of one half, and each shown tier has its own
    known = [np.ones(hidden.size)] + [
        (tier == shown).astype(float) for shown, one in report.by_tier.items() if not math.isnan(one.mean_influence)
    ]
    for size in range(1, MIN_N):
        for few in combinations(range(hidden.size), size):
            group = np.isin(np.arange(hidden.size), few).astype(float)
            # fewer people than min_n cannot hide among themselves
            assert hidden.size < MIN_N or not is_determined(known, group)
    if hidden.size < MIN_N:
        assert all(math.isnan(one.mean_influence) for one in report.by_tier.values())
        assert np.isnan(report.influence).all()


@given(cases(least=4), st.data())
@settings(max_examples=60)
def test_two_hidden_people_of_one_boss_can_be_swapped_unseen(
    case: tuple[Organisation, Nominations], data: st.DataObject
) -> None:
    organisation, nominations = case
    report, _ = both(case, top_k=99)
    parents, leaf = organisation.tree.parents, organisation.tree.n_children == 0
    hidden = np.isnan(report.authority) & organisation.is_filled & leaf
    pairs = [
        (one, other)
        for one, other in combinations(np.flatnonzero(hidden).tolist(), 2)
        if parents[one] == parents[other]
    ]
    if not pairs:
        return
    one, other = data.draw(st.sampled_from(pairs))
    swap = np.arange(organisation.n)
    swap[[one, other]] = other, one
    ids = np.array(organisation.ids, dtype=object)
    ties = nominations.network
    swapped = Nominations.from_columns(organisation, ids[swap[ties.source]], ids[swap[ties.target]], respondent_ids=ids)
    again, _ = both((organisation, swapped), top_k=99)
    for name in PERSONAL:
        assert getattr(again, name) == pytest.approx(getattr(report, name), nan_ok=True)
    assert again.informal_leader_ids == report.informal_leader_ids
    assert again.role == report.role
    assert again.flags == report.flags
    first, second = again.to_dict(), report.to_dict()
    for name, value in first.items():
        if isinstance(value, float):
            assert value == pytest.approx(second[name])


FLAT: list[int | None] = [None, *[0] * 9]
RING = [(place, (place + 1) % 10) for place in range(10)] + [(2, 5), (3, 5), (4, 5), (6, 5), (7, 1), (8, 1)]


def test_one_hidden_person_takes_others_along() -> None:
    # the mean percentile is one half: nine shown people would tell the tenth
    report, everything = both(build(FLAT, [True] * 9 + [False], RING))
    hidden = np.isnan(report.influence)
    assert np.flatnonzero(hidden).tolist() == [0, 1, 9]
    assert "more_withheld" in report.flags
    rest = everything.influence.size / 2 - np.nansum(report.influence)
    assert rest == pytest.approx(everything.influence[hidden].sum())
    assert report.role[0] is None


def test_who_else_is_hidden_does_not_depend_on_the_answers() -> None:
    shareable = [True] * 9 + [False]
    first, _ = both(build(FLAT, shareable, RING))
    second, _ = both(build(FLAT, shareable, [(other, one) for one, other in RING]))
    assert np.array_equal(np.isnan(first.influence), np.isnan(second.influence))


def test_with_everybody_shareable_nothing_is_withheld_but_small_tiers() -> None:
    report, everything = both(build(FLAT, [True] * 10, RING))
    assert np.array_equal(report.influence, everything.influence)
    assert report.role == everything.role
    assert report.by_tier == everything.by_tier
    assert report.flags == ("numbers_withheld",)
    assert not math.isnan(report.by_tier[Tier.FRONT_LINE].mean_gap)
    assert math.isnan(report.by_tier[Tier.SENIOR_LEADER].mean_gap)


def test_a_tier_with_a_few_hidden_people_has_no_mean_and_neither_has_their_only_cover() -> None:
    managers: list[int | None] = [None, 0, 0, 0, *[1] * 5, *[2] * 5, *[3] * 5]
    ties = [(place, (place * 7 + 3) % 19) for place in range(19)] + [(place, 4) for place in range(8, 15)]
    # hidden: the boss, one leader, and two at the front line
    shareable = [False, False, True, True, False, False, *[True] * 13]
    report, _ = both(build(managers, shareable, ties))
    assert all(math.isnan(one.mean_influence) for one in report.by_tier.values())
    more = [False, False, True, True, *[False] * 6, *[True] * 9]
    report, _ = both(build(managers, more, ties))
    # the two hidden above the front line would be told by the total less the front line
    assert math.isnan(report.by_tier[Tier.FRONT_LINE].mean_influence)
    most = [False, False, False, True, *[False] * 6, *[True] * 9]
    report, everything = both(build(managers, most, ties))
    assert report.by_tier[Tier.FRONT_LINE] == everything.by_tier[Tier.FRONT_LINE]
    assert math.isnan(report.by_tier[Tier.FRONT_LINE_LEADER].mean_influence)


def test_shares_of_formal_leaders_need_no_few_hidden_leaders() -> None:
    managers: list[int | None] = [None, 0, 0, 0, *[1] * 3, *[2] * 3, *[3] * 3]
    ties = [(place, place % 4) for place in range(4, 13)] + [(4, 5), (5, 6), (4, 3), (7, 3)]
    hidden_leaders = {0: True, 1: False, 2: False, 3: True, 4: True}
    for n_hidden, is_shown in hidden_leaders.items():
        shareable = [place >= n_hidden for place in range(4)] + [False] * 4 + [True] * 5
        report, everything = both(build(managers, shareable, ties))
        assert not math.isnan(everything.formal_persuasive_share)
        assert math.isnan(report.formal_persuasive_share) is not is_shown
    # of three hidden leaders one is not named by anybody: the share would be that of two
    quiet = [(one, other) for one, other in ties if other != 1]
    report, _ = both(build(managers, [False] * 3 + [True] * 10, quiet))
    assert math.isnan(report.formal_persuasive_share)


def test_a_few_hidden_candidates_take_the_number_of_informal_leaders_along() -> None:
    managers: list[int | None] = [None, 0, 0, 0, *[1] * 3, *[2] * 3, *[3] * 3]
    ties = [(place, 4) for place in range(13)] + [(place, 5) for place in range(4)]
    leaders_hidden = [False] * 4
    report, _ = both(build(managers, [*leaders_hidden, False, False, *[True] * 7], ties))
    assert (report.n_informal_leaders, report.n_withheld) == (None, None)
    report, everything = both(build(managers, [*leaders_hidden, False, True, False, False, *[True] * 5], ties))
    assert everything.informal_leader_ids == ("p04", "p05")
    assert (report.n_informal_leaders, report.n_withheld, report.informal_leader_ids) == (2, 1, ("p05",))
    assert (everything.n_informal_leaders, everything.n_withheld) == (2, 0)


def test_the_overlap_of_tops_smaller_than_min_n_is_withheld() -> None:
    case = build(FLAT, [False] * 10, RING)
    assert math.isnan(both(case, top_k=2)[0].top_k_overlap)
    assert not math.isnan(both(case, top_k=2)[1].top_k_overlap)
    assert both(case, top_k=3)[0].top_k_overlap == both(case, top_k=3)[1].top_k_overlap
    shown_at_the_top = build(FLAT, [True] * 2 + [False] * 8, RING)
    assert both(shown_at_the_top, top_k=2)[0].top_k_overlap == both(case, top_k=2)[1].top_k_overlap


def test_a_tau_that_tells_everybodys_place_is_withheld() -> None:
    chain: list[int | None] = [None, 0, 1, 2]
    ties = [(0, 1), (1, 0), (2, 0), (3, 0), (2, 1), (3, 2)]
    report, everything = both(build(chain, [False] * 4, ties), measures=("in_degree",))
    assert everything.tau_b == pytest.approx(1)
    assert math.isnan(report.tau_b)
    assert "numbers_withheld" in report.flags
    level, everything = both(build(chain, [False] * 4, [(0, 1), (1, 2), (2, 3), (3, 0)]), measures=("in_degree",))
    assert math.isnan(level.tau_b)
    assert "no_variance" in everything.flags
    assert "no_variance" not in level.flags


def test_a_tau_over_fewer_hidden_people_than_min_n_is_withheld() -> None:
    case = build([None, 0, 1, 2], [False] * 4, [(0, 1), (1, 2), (2, 1), (3, 1), (1, 0), (2, 0)])
    report, everything = both(case, min_n=5)
    assert 0 < abs(everything.tau_b) < 0.99
    assert math.isnan(report.tau_b)
    assert math.isnan(both(case, min_n=3)[0].tau_b)


def test_two_orders_of_fewer_hidden_people_than_twice_min_n_are_not_compared() -> None:
    for n_hidden, is_shown in {0: True, 3: False, 5: False, 6: True, 10: True}.items():
        report, everything = both(build(FLAT, [place >= n_hidden for place in range(10)], RING))
        assert np.isnan(report.influence).sum() == n_hidden
        for name in ("tau_b", "top_k_overlap"):
            assert getattr(report, name) == pytest.approx(
                getattr(everything, name) if is_shown else math.nan, nan_ok=True
            )
        assert ("numbers_withheld" in report.flags) or is_shown


def test_who_is_named_in_a_small_firm_cannot_be_worked_out_from_the_orders() -> None:
    worlds: dict[str, list[list[int]]] = {}
    for chosen in product(range(4), repeat=4):
        ties = [(one, other) for one, other in enumerate(chosen) if one != other]
        report, _ = both(build([None, 0, 0, 1], [False] * 4, ties), measures=("in_degree",))
        named = [sum(other == place for _, other in ties) for place in range(4)]
        worlds.setdefault(json.dumps(report.to_dict()), []).append(named)
    for given_away in worlds.values():
        found = int((np.ptp(given_away, axis=0) == 0).sum())
        assert found == 0 or found >= MIN_N


def test_shares_about_one_hidden_boss_are_withheld() -> None:
    ties = [(place, 0) for place in range(1, 8)] + [(place, place + 1) for place in range(1, 12)]
    one_boss: list[int | None] = [None, *[0] * 12]
    three: list[int | None] = [None, 0, 0, *[1] * 5, *[2] * 5]
    for managers, shareable, is_shown in (
        (one_boss, [False] * 13, False),
        (one_boss, [True] * 13, True),
        (three, [False] * 13, True),
        (three, [False, False, True, *[False] * 10], False),
        (three, [True] * 3 + [False] * 10, True),
    ):
        report, everything = both(build(managers, shareable, ties))
        for name in ("boss_sought_share", "ties_to_boss_share"):
            assert not math.isnan(getattr(everything, name))
            assert math.isnan(getattr(report, name)) is not is_shown
        assert is_shown or "numbers_withheld" in report.flags


def test_that_nobody_named_anybody_is_not_told() -> None:
    report, everything = both(build(FLAT, [False] * 10, []))
    assert {"no_ties", "no_variance", "no_formal_ties"} <= set(everything.flags)
    assert not {"no_ties", "no_variance", "no_formal_ties"} & set(report.flags)
    assert "numbers_withheld" in report.flags


def test_what_few_people_answer_about_their_boss_is_withheld() -> None:
    case = build([None, 0, 0, None, None, None], [True] * 6, [(1, 0), (2, 0), (3, 4), (4, 3), (5, 3)])
    report, everything = both(case)
    assert math.isnan(report.boss_sought_share)
    assert math.isnan(report.ties_to_boss_share)
    assert (everything.boss_sought_share, everything.ties_to_boss_share) == (1, 2 / 5)
    # the same people are all shown: their influence is no answer of theirs
    assert np.array_equal(report.influence, everything.influence)


def test_fewer_people_than_min_n_tell_nothing() -> None:
    report, everything = both(build([None, 0], [False, True], [(1, 0), (0, 1), (1, 0)]))
    assert np.isnan(report.influence).all()
    for name in ("tau_b", "top_k_overlap", "formal_persuasive_share", "boss_sought_share", "ties_to_boss_share"):
        assert math.isnan(getattr(report, name))
    assert report.n_informal_leaders is None
    assert everything.influence.tolist() == [0.5, 0.5]


def test_without_answers_only_authority_of_those_who_agreed_is_shown() -> None:
    organisation, _ = build(FLAT, [True] * 9 + [False], RING)
    few = Nominations.from_columns(organisation, ["p01"], ["p02"])
    report = measure_influence(organisation, few)
    assert np.isnan(report.authority).tolist() == [False] * 9 + [True]
    assert np.isnan(report.influence).all()
    assert report.flags == ("low_response", "respondents_inferred")


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12), st.integers(3, 6))
def test_the_hidden_are_nobody_or_enough_or_everybody(people: list[tuple[bool, bool]], min_n: int) -> None:
    counted = np.array([one for one, _ in people], dtype=bool)
    shareable = np.array([one and other for one, other in people], dtype=bool)
    shown = shown_people(counted, shareable, np.arange(len(people))[::-1], min_n)
    hidden = int((counted & ~shown).sum())
    assert not (shown & ~shareable).any()
    assert hides_enough(hidden, min_n) or not shown.any()
    more = int((shareable & ~shown).sum())
    assert more == 0 or hidden == min_n or not shown.any()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6), st.integers(3, 6))
def test_the_hidden_of_shown_tiers_and_of_the_others_together_are_enough(
    sizes: list[tuple[int, int]], min_n: int
) -> None:
    n_hidden = np.array([min(pair) for pair in sizes])
    n = np.array([max(pair) for pair in sizes])
    shown = shown_tiers(n, n_hidden, min_n)
    assert all(hides_enough(int(one), min_n) for one in n_hidden[shown])
    assert (n[shown] >= min_n).all()
    rest = int(n_hidden[~shown].sum())
    assert hides_enough(rest, min_n) or not n_hidden[shown].any()


def test_where_nothing_is_withheld_nothing_is_flagged() -> None:
    managers: list[int | None] = [None, None, None, *[0, 1, 2] * 3]
    ties = [(place, (place * 5 + 2) % 12) for place in range(12)] + [(place, 0) for place in range(3, 8)]
    report, everything = both(build(managers, [False] * 12, ties, tiers=[4] * 3 + [1] * 9))
    assert "numbers_withheld" not in report.flags
    assert report.by_tier == everything.by_tier
    for name in ("tau_b", "top_k_overlap", "formal_persuasive_share", "boss_sought_share", "ties_to_boss_share"):
        assert getattr(report, name) == getattr(everything, name)
