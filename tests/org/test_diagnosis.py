"""The diagnosis before the training: planted causes, the rules in their order, resampling, and what may be shown."""

from __future__ import annotations

import json
import math
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import ORG_FLAGS, Diagnosis, Organisation, Tier, build_pyramid, diagnose, nested_components
from leadkit.org.pyramid import Pyramid

nan = math.nan
LEVELS = ("leadership", "team_support", "individual")
PARTS = (*LEVELS, "noise")


def lines_of(units: int, teams: int, people: int) -> dict[str, str | None]:
    """A root, units under it, teams under each, people under each: id to manager."""
    lines: dict[str, str | None] = {"root": None}
    for u in range(units):
        lines[f"u{u}"] = "root"
        for t in range(teams):
            lines[f"u{u}t{t}"] = f"u{u}"
            lines |= {f"u{u}t{t}p{p}": f"u{u}t{t}" for p in range(people)}
    return lines


def pyramid_of(lines: dict[str, str | None], **columns: Any) -> Pyramid:
    return build_pyramid(Organisation.from_columns(list(lines), list(lines.values()), **columns))


def staff_of(lines: dict[str, str | None]) -> list[str]:
    return [person for person in lines if person not in lines.values()]


def effects(
    units: int, teams: int, people: int, *, repeats: int = 1, sd: tuple[float, float, float, float], seed: int = 1
) -> np.ndarray[Any, Any]:
    """Values of the staff of `lines_of`, repeat after repeat, drawn from the model."""
    rng = np.random.default_rng(seed)
    sizes = [(units, 1, 1), (units, teams, 1), (units, teams, people)]
    mean = sum(rng.normal(size=size) * s for size, s in zip(sizes, sd, strict=False))
    values = mean + rng.normal(size=(repeats, units, teams, people)) * sd[3]
    return np.asarray(values).ravel()


def planted(sd: tuple[float, float, float, float], *, repeats: int = 1, seed: int = 1, **options: Any) -> Diagnosis:
    lines = lines_of(8, 4, 6)
    values = effects(8, 4, 6, repeats=repeats, sd=sd, seed=seed)
    return diagnose(pyramid_of(lines), staff_of(lines) * repeats, values, **({"n_boot": 100} | options))


SMALL = lines_of(2, 2, 6)
SMALL_VALUES = effects(2, 2, 6, sd=(2, 1, 1, 1))


def small(values: Any = SMALL_VALUES, ids: Any = None, **options: Any) -> Diagnosis:
    return diagnose(pyramid_of(SMALL), staff_of(SMALL) if ids is None else ids, values, **({"n_boot": 50} | options))


# Planted causes are found


@pytest.mark.parametrize(
    ("sd", "level"),
    [((3, 0.5, 0.5, 0.5), "leadership"), ((0.2, 3, 0.5, 0.5), "team_support"), ((0.2, 0.2, 3, 0.5), "individual")],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_people_differ_most_is_where_to_begin(sd: Any, level: str, seed: int) -> None:
    found = planted(sd, repeats=3, seed=seed)
    assert (found.rule, found.first) == ("largest_component", level)
    assert found.order[0] == level
    assert found.support_probability[level] >= 0.8
    assert found.is_training_first == (level == "individual")


@pytest.mark.parametrize("seed", range(5))
def test_pure_noise_points_nowhere(seed: int) -> None:
    repeated = planted((0, 0, 0, 1), repeats=3, seed=seed)
    assert (repeated.rule, repeated.first) == ("no_clear_level", None)
    assert repeated.shares["noise"] > 0.8
    once = planted((0, 0, 0, 1), seed=seed)
    assert (once.rule, once.first) == ("individual_not_separable", None)
    assert "not_separable" in once.flags
    assert math.isnan(once.shares["noise"])
    unreliable = planted((0, 0, 0, 1), seed=seed, reliability=0.1)
    assert (unreliable.rule, unreliable.first) == ("no_clear_level", None)


def test_a_reliable_measure_separates_people_from_noise() -> None:
    once, split = planted((0.1, 0.1, 1, 0)), planted((0.1, 0.1, 1, 0), reliability=0.9)
    assert once.rule == "individual_not_separable"
    assert (split.rule, split.first) == ("largest_component", "individual")
    both = once.shares["individual"]
    assert split.shares["individual"] == pytest.approx(0.9 * both, rel=1e-12)
    assert split.shares["noise"] == pytest.approx(0.1 * both, rel=1e-12)
    assert math.isnan(split.components.person)
    assert split.components == once.components
    assert "reliability_unused" not in split.flags


def test_repeated_measurements_make_a_reliability_needless() -> None:
    found = planted((0.1, 0.1, 1, 0.5), repeats=2, reliability=0.3)
    assert "reliability_unused" in found.flags
    assert math.isnan(found.reliability)
    assert found.shares == planted((0.1, 0.1, 1, 0.5), repeats=2).shares


def test_components_are_those_of_the_units_and_teams_of_the_lines() -> None:
    lines, values = lines_of(3, 2, 4), effects(3, 2, 4, repeats=2, sd=(1, 1, 1, 1))
    staff = staff_of(lines) * 2
    found = diagnose(pyramid_of(lines), staff, values, n_boot=20)
    known = nested_components(values, [p[:2] for p in staff], [p[:4] for p in staff], staff)
    for name in ("unit", "team", "person", "noise", "mean"):
        assert getattr(found.components, name) == pytest.approx(getattr(known, name), rel=1e-10)
    parts = np.maximum([known.unit, known.team, known.person, known.noise], 0)
    assert [found.shares[part] for part in PARTS] == pytest.approx((parts / parts.sum()).tolist(), rel=1e-9)
    assert (found.n_units, found.n_teams, found.n_people, found.n_observations) == (3, 6, 24, 48)
    assert found.resampling == "teams"
    assert "few_units" in found.flags


# The rules, one after the other


@pytest.mark.parametrize(
    ("shape", "min_n"), [((1, 6, 5), 5), ((3, 1, 9), 5), ((2, 2, 2), 9)], ids=["units", "teams", "people"]
)
def test_too_little_names_no_level_whatever_else_holds(shape: Any, min_n: int) -> None:
    lines = lines_of(*shape)
    values = effects(*shape, sd=(3, 0, 0, 1))
    found = diagnose(pyramid_of(lines), staff_of(lines), values, target=1000, min_n=min_n, n_boot=10)
    assert (found.rule, found.first, found.resampling) == ("too_few", None, "none")
    assert found.share_of_teams_missing_target == 1
    assert all(math.isnan(probability) for probability in found.support_probability.values())
    assert all(math.isnan(interval.low) for interval in found.intervals.values())


def test_what_falls_short_nearly_everywhere_is_the_leaderships() -> None:
    lines, people = lines_of(2, 5, 3), staff_of(lines_of(2, 5, 3))
    # teams have means 1 to 10
    values = np.repeat(np.arange(1.0, 11), 3) + np.tile([-0.5, 0.5, 0], 10)
    eight = diagnose(pyramid_of(lines), people, values, target=8.5, n_boot=10)
    assert (eight.rule, eight.first, eight.share_of_teams_missing_target) == ("systemic_shortfall", "leadership", 0.8)
    seven = diagnose(pyramid_of(lines), people, values, target=7.5, n_boot=10)
    assert seven.rule != "systemic_shortfall"
    assert seven.share_of_teams_missing_target == 0.7
    strict = diagnose(pyramid_of(lines), people, values, target=7.5, systemic_share=0.7, n_boot=10)
    assert strict.rule == "systemic_shortfall"
    low = diagnose(pyramid_of(lines), people, values, target=2.5, better="low", n_boot=10)
    assert (low.rule, low.share_of_teams_missing_target) == ("systemic_shortfall", 0.8)


def test_the_gap_is_above_zero_on_the_good_side_of_the_target() -> None:
    mean = SMALL_VALUES.mean()
    assert small(target=1.0).target_gap == pytest.approx(mean - 1)
    assert small(target=1.0, better="low").target_gap == pytest.approx(1 - mean)
    assert math.isnan(small().target_gap)
    assert math.isnan(small().share_of_teams_missing_target)


@pytest.mark.parametrize("better", ["high", "low"])
def test_a_team_that_meets_the_target_exactly_does_not_miss_it(better: Any) -> None:
    # 0.2 and 0.4 average to a number that is not exactly 0.3
    values = np.tile([0.2, 0.4, 0.3], 8)
    assert small(values, target=0.3, better=better).share_of_teams_missing_target == 0


def test_no_level_is_clear_where_resamples_disagree() -> None:
    found = planted((1, 1, 1, 0.3), repeats=2, seed=11)
    assert (found.rule, found.first) == ("no_clear_level", None)
    assert max(found.support_probability.values()) < 0.8
    lenient = planted((1, 1, 1, 0.3), repeats=2, seed=11, confidence=0.34)
    assert lenient.rule == "largest_component"
    assert lenient.first == max(LEVELS, key=lambda level: found.support_probability[level])  # type: ignore[index]


def test_equal_values_name_no_level() -> None:
    found = small([3.0] * 24)
    assert (found.rule, found.first, found.order) == ("no_clear_level", None, ())
    assert {"no_variance", "undefined_resamples"} >= {flag for flag in found.flags if "var" in flag}
    assert "no_variance" in found.flags
    assert all(math.isnan(share) for share in found.shares.values())


def test_one_team_a_unit_leaves_leadership_and_team_together_and_names_neither() -> None:
    lines = lines_of(6, 1, 5)
    found = diagnose(pyramid_of(lines), staff_of(lines), effects(6, 1, 5, sd=(5, 0, 1, 0)), n_boot=50)
    assert "levels_joined" in found.flags
    assert found.shares["leadership"] > 0.8
    assert math.isnan(found.shares["team_support"])
    assert math.isnan(found.support_probability["team_support"])
    assert found.order == ("leadership", "individual")
    assert (found.rule, found.first) == ("no_clear_level", None)


def test_one_person_a_team_leaves_team_and_person_together() -> None:
    lines = lines_of(6, 4, 1)
    values = effects(6, 4, 1, repeats=3, sd=(0.1, 5, 1, 0.5))
    found = diagnose(pyramid_of(lines), staff_of(lines) * 3, values, n_boot=50)
    assert found.shares["team_support"] > 0.8
    assert math.isnan(found.shares["individual"])
    assert (found.rule, found.first) == ("no_clear_level", None)
    once = diagnose(pyramid_of(lines), staff_of(lines), values[:24], n_boot=50, reliability=0.8)
    assert math.isnan(once.shares["individual"])
    assert math.isnan(once.shares["noise"])
    assert (once.rule, once.first) == ("no_clear_level", None)


# Who is looked at


def test_only_filled_front_line_posts_with_a_manager_and_a_value_count() -> None:
    lines = lines_of(2, 2, 6) | {"helper": "u0t0", "alone": None}
    status = ["vacant" if person == "u0t0p0" else "absent" if person == "u0t0p1" else "active" for person in lines]
    facing = [False if person == "helper" else None for person in lines]
    tiers = [Tier.FRONT_LINE if person == "alone" else None for person in lines]
    pyramid = pyramid_of(lines, status=status, customer_facing=facing, tiers=tiers)
    staff = staff_of(SMALL)
    values = SMALL_VALUES.copy()
    values[3] = nan
    found = diagnose(pyramid, [*staff, "helper", "u1", "alone"], [*values, 99, 99, 99], n_boot=50)
    kept = [place for place in range(24) if place not in {0, 3}]
    bare = diagnose(pyramid, [staff[i] for i in kept], values[kept], n_boot=50)
    assert found.n_people == bare.n_people == 22
    assert found.shares == pytest.approx(dict(bare.shares), nan_ok=True)
    assert set(found.flags) - set(bare.flags) == {"no_manager", "not_front_line", "rows_dropped"}


def test_a_root_that_leads_a_team_is_its_own_unit() -> None:
    lines = lines_of(2, 2, 4) | {f"r{i}": "root" for i in range(4)}
    values = np.arange(20.0)
    found = diagnose(pyramid_of(lines), staff_of(lines), values, n_boot=20)
    assert "short_chain" in found.flags
    assert (found.n_units, found.n_teams) == (3, 5)
    unit = [p[:2] if p[0] == "u" else "r" for p in staff_of(lines)]
    team = [p[:4] if p[0] == "u" else "r" for p in staff_of(lines)]
    known = nested_components(values, unit, team)
    assert (found.components.unit, found.components.noise) == pytest.approx((known.unit, known.noise), rel=1e-10)
    assert "short_chain" not in small().flags


def test_managers_count_as_teams_though_their_post_is_vacant() -> None:
    status = ["vacant" if person in {"u0", "u0t0"} else "active" for person in SMALL]
    pyramid = pyramid_of(SMALL, status=status)
    assert diagnose(pyramid, staff_of(SMALL), SMALL_VALUES, n_boot=50) == small()


@pytest.mark.parametrize("lines", [{}, {"one": None}, lines_of(1, 1, 1)])
def test_an_organisation_without_anybody_measured_says_nothing(lines: Any) -> None:
    found = diagnose(pyramid_of(lines), [], [])
    assert (found.rule, found.n_people, found.n_observations, found.order) == ("too_few", 0, 0, ())
    assert math.isnan(found.mean)
    assert found.disclosed().rule == "too_few"
    nobody = diagnose(pyramid_of(lines), list(lines), [nan] * len(lines), target=1.0, support=dict.fromkeys(lines, 1.0))
    assert math.isnan(nobody.target_gap)
    assert math.isnan(nobody.support_tau)


def test_everybody_vacant_says_nothing() -> None:
    pyramid = pyramid_of(SMALL, status=["vacant"] * len(SMALL))
    found = diagnose(pyramid, staff_of(SMALL), SMALL_VALUES)
    assert (found.rule, found.n_people) == ("too_few", 0)
    assert "not_front_line" in found.flags


# Support of the teams


def test_tau_is_kendalls_tau_b_of_team_means_with_their_support() -> None:
    lines = lines_of(2, 4, 3)
    values = effects(2, 4, 3, sd=(1, 1, 1, 0))
    support: dict[str, Any] = {f"u{u}t{t}": float((3 * u + t) % 3) for u in range(2) for t in range(4)}
    support |= {"u0t1": nan, "root": 5.0}
    found = diagnose(pyramid_of(lines), staff_of(lines), values, support=support, n_boot=20)
    means = values.reshape(8, 3).mean(axis=1)
    teams = [f"u{u}t{t}" for u in range(2) for t in range(4)]
    known = [i for i, team in enumerate(teams) if team != "u0t1"]
    expected = kendalltau(means[known], [support[teams[i]] for i in known]).statistic
    assert found.support_tau == pytest.approx(expected, abs=1e-12)
    assert found.rests_on["support_tau"] == 21


def test_team_means_that_differ_by_rounding_only_are_tied() -> None:
    values = [0.1, 0.2, 0.3, 0.2, 0.2, 0.2, *[0.2] * 6, *[0.4] * 6, *[0.6] * 6]
    ids = [f"u{i // 12}t{i // 6 % 2}p{i % 6}" for i in range(24)]
    found = small(values, ids, support={"u0t0": 2.0, "u0t1": 1.0, "u1t0": 3.0, "u1t1": 4.0})
    assert found.support_tau == pytest.approx(kendalltau([1, 1, 2, 3], [2, 1, 3, 4]).statistic, abs=1e-12)


@pytest.mark.parametrize("support", [{}, {"u0t0": 1.0}, {"u0t0": 1.0, "u1t0": 1.0}, {"root": 1.0, "u1": 2.0}])
def test_tau_needs_two_teams_and_variation(support: Any) -> None:
    assert math.isnan(small(support=support).support_tau)
    assert math.isnan(small([2.0] * 24, support={"u0t0": 1.0, "u1t0": 2.0}).support_tau)


# Resampling


def test_the_same_seed_gives_the_same_result_and_another_does_not() -> None:
    first = planted((1, 1, 1, 1), n_boot=30)
    assert first == planted((1, 1, 1, 1), n_boot=30)
    assert first == planted((1, 1, 1, 1), n_boot=30, rng=0)
    other = planted((1, 1, 1, 1), n_boot=30, rng=5)
    assert other.intervals != first.intervals
    assert other.components == first.components
    assert other == planted((1, 1, 1, 1), n_boot=30, rng=np.random.default_rng(5))
    assert other == planted((1, 1, 1, 1), n_boot=30, rng=np.random.SeedSequence(5))


@pytest.mark.parametrize("values", [SMALL_VALUES, np.r_[SMALL_VALUES, SMALL_VALUES + 1]])
def test_who_computes_the_resamples_does_not_matter(values: Any) -> None:
    ids = staff_of(SMALL) * (len(values) // 24)
    told: list[tuple[int, int]] = []
    alone = small(values, ids, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told)
    with ThreadPoolExecutor(2) as pool:
        assert small(values, ids, executor=pool) == alone
    with ProcessPoolExecutor(1) as pool:
        assert small(values, ids, executor=pool) == alone


@pytest.mark.parametrize("units", [4, 6])
@pytest.mark.parametrize("repeats", [1, 2])
def test_resamples_are_what_copies_of_whole_groups_give(units: int, repeats: int) -> None:
    """Draw the same groups from the rows themselves, a copy under a new name each time, and analyse them anew."""
    from leadkit.stats._replicates import replicate_seeds

    lines = lines_of(units, 3, 3)
    del lines["u0t0p0"], lines["u1t0p0"], lines["u1t0p1"]
    staff = np.array(staff_of(lines) * repeats)
    values = np.random.default_rng(8).normal(size=staff.size) + [hash_free(p) for p in staff]
    found = diagnose(pyramid_of(lines), staff.tolist(), values, n_boot=40, rng=3)
    unit, team = np.array([p[:2] for p in staff]), np.array([p[:4] for p in staff])
    names, drawn = np.unique(unit if units >= 5 else team), []
    for seed in replicate_seeds(3, 40):
        rng = np.random.default_rng(seed)
        if units >= 5:
            places = rng.integers(units, size=units)
        else:
            places = rng.integers(np.repeat(np.arange(units) * 3, 3), np.repeat(np.arange(units) * 3 + 3, 3))
        rows = [np.flatnonzero((unit if units >= 5 else team) == names[place]) for place in places]
        copies = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
        taken = np.concatenate(rows)
        new_unit = copies if units >= 5 else unit[taken]
        new_team = team[taken] if units >= 5 else copies
        part = nested_components(values[taken], new_unit, new_team, staff[taken] if repeats > 1 else None)
        within = ("person", "noise") if repeats > 1 else ("noise", "person")
        drawn.append([part.shares[name] for name in ("unit", "team", *within)])
    shares = np.array(drawn)
    for place, name in enumerate(PARTS[: 3 + (repeats > 1)]):
        low, high = np.quantile(shares[:, place], [0.025, 0.975])
        assert found.intervals[name].low == pytest.approx(low, rel=1e-8, abs=1e-10)
        assert found.intervals[name].high == pytest.approx(high, rel=1e-8, abs=1e-10)
    largest = np.nanargmax(shares, axis=1)
    expected = [float((largest == place).mean()) for place in range(3)]
    assert list(found.support_probability.values()) == pytest.approx(expected, abs=1e-12)


def hash_free(person: str) -> float:
    """A number that depends on unit and team, the same in every run."""
    return float(int(person[1]) * 0.7 + int(person[3]) * 0.4)


def test_a_resample_that_cannot_tell_what_the_data_can_supports_no_level() -> None:
    # one unit alone has two teams, one person alone is measured twice
    lines = lines_of(6, 1, 4) | {"u0t1": "u0", "u0t1p0": "u0t1", "u0t1p1": "u0t1"}
    staff = staff_of(lines)
    values = np.random.default_rng(2).normal(size=len(staff)) + [3 * int(p[1]) for p in staff]
    found = diagnose(pyramid_of(lines), [*staff, staff[0]], [*values, values[0] + 0.1], n_boot=200)
    assert "undefined_resamples" in found.flags
    # every unit is there in 2/3 of the resamples, so that leadership stands alone in no more than these
    assert 0.4 < found.support_probability["leadership"] < 0.8
    assert found.rule == "no_clear_level"
    assert not math.isnan(found.intervals["team_support"].low)


# Laws


@settings(max_examples=15)
@given(st.sampled_from([-1e6, 5.0, 0.25]), st.sampled_from([0.5, 3.0, -2.0]), st.randoms(use_true_random=False))
def test_origin_unit_and_row_order_change_no_share(constant: float, factor: float, random: Any) -> None:
    found = small()
    moved = small(SMALL_VALUES * factor + constant)
    for name in PARTS:
        assert moved.shares[name] == pytest.approx(found.shares[name], abs=1e-7, nan_ok=True)
    order = random.sample(range(24), 24)
    staff = staff_of(SMALL)
    assert small(SMALL_VALUES[order], [staff[i] for i in order], target=0.5) == small(target=0.5)
    posts = random.sample(list(SMALL.items()), len(SMALL))
    support = {"u0t0": 1.0, "u0t1": 2.0, "u1t0": 5.0, "u1t1": 4.0}
    shuffled = diagnose(pyramid_of(dict(posts)), staff, SMALL_VALUES, n_boot=50, support=support)
    assert shuffled == small(support=support)


def test_names_that_keep_their_order_change_nothing() -> None:
    renamed = {f"x{person}": None if above is None else f"x{above}" for person, above in SMALL.items()}
    assert diagnose(pyramid_of(renamed), staff_of(renamed), SMALL_VALUES, n_boot=50) == small()


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3), st.integers(0, 6)), max_size=60),
    st.none() | st.sampled_from([0.0, 0.6, 1.0]),
    st.none() | st.integers(0, 6),
)
def test_any_design_keeps_its_sums_and_words(rows: Any, reliability: Any, target: Any) -> None:
    lines = lines_of(6, 3, 4)
    ids = [f"u{u}t{t}p{p}" for u, t, p, _ in rows]
    found = diagnose(pyramid_of(lines), ids, [v for *_, v in rows], reliability=reliability, target=target, n_boot=5)
    shares = np.array(list(found.shares.values()))
    assert tuple(found.shares) == PARTS
    if not np.isnan(shares).all():
        assert np.nansum(shares) == pytest.approx(1)
        assert np.nanmin(shares) >= 0
    assert sum(p for p in found.support_probability.values() if p == p) <= 1 + 1e-12  # noqa: PLR0124
    assert list(found.order) == sorted(found.order, key=lambda level: -found.shares[level])
    assert set(found.flags) <= set(ORG_FLAGS)
    assert (found.first is None) == (found.rule not in {"systemic_shortfall", "largest_component"})
    for minimum in (3, 10):
        shown = found.disclosed(min_n=minimum)
        json.dumps(shown.to_dict(), allow_nan=False)
        expect_hidden(found, shown, minimum)


# What may be shown


def expect_hidden(found: Diagnosis, shown: Diagnosis, minimum: int) -> None:
    """Nothing that rests on fewer than the minimum is left, nor can a reader work it out."""
    if found.n_people < minimum:
        assert_all_hidden(shown)
        return
    known = {part for part in PARTS if not math.isnan(found.shares[part])}
    hidden = {part for part in known if math.isnan(shown.shares[part])}
    assert {part for part in known if found.rests_on[part] < minimum} <= hidden
    # with a known reliability individual and noise are one number; the sum of the hidden ones may not be any of them
    joint = {"individual", "noise"} if not math.isnan(found.reliability) else set()
    above = {frozenset(joint if part in joint else {part}) for part in hidden if found.shares[part] > 0}
    assert not hidden or hidden == known or len(above) > 1
    for part in hidden:
        assert math.isnan(shown.intervals[part].low)
        assert math.isnan(shown.intervals[part].high)
        assert part not in shown.order
        assert shown.first != part or shown.rule == "systemic_shortfall"
        if part != "noise":
            assert math.isnan(shown.support_probability[part])  # type: ignore[index]
    assert shown.components.shares.keys() == found.components.shares.keys()
    for part, name in zip(PARTS, ("unit", "team", "person", "noise"), strict=True):
        if part in hidden and found.components.n_persons is not None:
            assert math.isnan(getattr(shown.components, name))
            assert math.isnan(shown.components.shares[name])
    if "individual" in hidden:
        assert math.isnan(shown.components.person)
        assert found.components.n_persons is not None or math.isnan(shown.components.noise)
    shown_variances = [getattr(shown.components, name) for name in ("unit", "team", "person", "noise")]
    for flagged in (shown, shown.components):
        assert "negative_component" not in flagged.flags or np.nanmin(shown_variances) < 0
    if found.rests_on["share_of_teams_missing_target"] < minimum:
        assert math.isnan(shown.share_of_teams_missing_target)
    assert shown.rests_on == {}
    assert shown.is_disclosed
    assert shown.disclosed(min_n=3) == shown


def assert_all_hidden(shown: Diagnosis) -> None:
    assert (shown.first, shown.rule, shown.order) == (None, "too_few", ())
    numbers = [
        shown.mean,
        shown.target_gap,
        shown.share_of_teams_missing_target,
        shown.support_tau,
        shown.components.mean,
    ]
    numbers += [*shown.shares.values(), *shown.support_probability.values(), *shown.components.shares.values()]
    numbers += [getattr(shown.components, name) for name in ("unit", "team", "person", "noise")]
    numbers += [end for interval in shown.intervals.values() for end in (interval.low, interval.high)]
    assert all(math.isnan(number) for number in numbers)
    about_scores = {"negative_component", "no_variance", "undefined_resamples"}
    assert not about_scores & {*shown.flags, *shown.components.flags}


def test_a_diagnosis_over_too_few_people_shows_nothing() -> None:
    found = planted((3, 1, 1, 1), repeats=2, target=100.0, support={"u0t0": 1.0, "u1t0": 2.0})
    shown = found.disclosed(min_n=193)
    assert_all_hidden(shown)
    assert not math.isnan(found.disclosed(min_n=192).mean)


def test_nothing_is_hidden_where_every_number_rests_on_many() -> None:
    found = planted((1, 1, 1, 1), repeats=2, target=0.0)
    shown = found.disclosed()
    kept = attrs.evolve(shown, rests_on=found.rests_on, shown_from=None, flags=found.flags)
    assert kept == found
    assert set(shown.flags) == {*found.flags, "disclosed"}


def test_noise_of_a_few_people_measured_twice_does_not_give_their_difference_away() -> None:
    lines = lines_of(6, 2, 5)
    staff, values = staff_of(lines), effects(6, 2, 5, sd=(1, 1, 1, 0))
    found = diagnose(pyramid_of(lines), [*staff, *staff[:2]], [*values, values[0] + 1, values[1]], n_boot=30)
    # half the sum of the squared differences, 1 and 0, over two degrees of freedom
    assert found.components.noise == pytest.approx(0.25)
    shown = found.disclosed()
    hidden = {part for part in PARTS if math.isnan(shown.shares[part])}
    assert hidden == {"individual", "noise"}
    assert math.isnan(shown.components.person)
    assert math.isnan(shown.components.noise)
    assert shown.components.unit == found.components.unit
    assert shown.shares["leadership"] == found.shares["leadership"]
    assert not math.isnan(
        diagnose(pyramid_of(lines), staff * 2, [*values, *values[::-1]], n_boot=5).disclosed().components.noise
    )


def test_a_small_second_unit_hides_leadership_and_one_more() -> None:
    lines = lines_of(2, 2, 8)
    lines = {
        person: above for person, above in lines.items() if not (person[:2] == "u1" and person[4:] not in {"", "p0"})
    }
    staff = staff_of(lines)
    values = np.random.default_rng(3).normal(size=len(staff)) + [2 * int(p[1]) + int(p[3]) for p in staff]
    found = diagnose(pyramid_of(lines), staff, values, n_boot=30, reliability=0.9)
    assert found.rests_on["leadership"] == 2
    shown = found.disclosed()
    assert {part for part in PARTS if math.isnan(shown.shares[part])} == {"leadership", "team_support"}
    assert shown.mean == found.mean
    assert "team_support" not in shown.order


def test_a_known_reliability_does_not_bring_the_individuals_share_back() -> None:
    # people within teams are few: 4 teams of 1, and one of 3
    lines = lines_of(5, 1, 1) | {"u0t0p1": "u0t0", "u0t0p2": "u0t0"} | {f"u{u}t1": f"u{u}" for u in range(5)}
    lines |= {f"u{u}t1p0": f"u{u}t1" for u in range(5)}
    staff = staff_of(lines)
    values = np.random.default_rng(9).normal(size=len(staff)) * 2
    found = diagnose(pyramid_of(lines), staff, values, reliability=0.5, n_boot=30)
    assert found.rests_on["individual"] == 2
    hidden = {part for part in PARTS if math.isnan(found.disclosed().shares[part])}
    assert {"individual", "noise"} < hidden


def few_miss(sizes: list[int], means: list[float], **options: Any) -> Diagnosis:
    """Two units whose teams have these sizes and means."""
    lines: dict[str, str | None] = {"root": None, "u0": "root", "u1": "root"}
    values: list[float] = []
    for t, (size, mean) in enumerate(zip(sizes, means, strict=True)):
        lines[f"u{t % 2}t{t}"] = f"u{t % 2}"
        lines |= {f"u{t % 2}t{t}p{p}": f"u{t % 2}t{t}" for p in range(size)}
        values += [mean + (p - (size - 1) / 2) * 0.1 for p in range(size)]
    people = [f"u{t % 2}t{t}p{p}" for t, size in enumerate(sizes) for p in range(size)]
    return diagnose(pyramid_of(lines), people, values, n_boot=20, **options)


@pytest.mark.parametrize(
    ("sizes", "means", "is_shown"),
    [
        ([9, 9, 9, 9], [1, 1, 3, 3], True),
        ([9, 9, 9, 9], [3, 3, 3, 3.1], True),
        ([9, 9, 9, 2], [3, 3, 3, 1], False),
        ([9, 2, 1, 1], [1, 3, 3, 3], False),
        ([9, 9, 9, 2], [3, 3, 3, 3.1], False),
        ([9, 9, 9, 2], [1, 3, 3, 1], True),
    ],
)
def test_the_share_of_teams_that_miss_is_hidden_where_it_speaks_of_a_few(
    sizes: Any, means: Any, is_shown: bool
) -> None:
    found = few_miss(sizes, means, target=2.0)
    assert found.disclosed().share_of_teams_missing_target == pytest.approx(
        found.share_of_teams_missing_target if is_shown else nan, nan_ok=True
    )


@pytest.mark.parametrize(
    ("sizes", "means", "share", "rule"),
    [
        ([9, 9, 9, 2], [1, 1, 1, 1.1], 0.7, "systemic_shortfall"),  # three or four of four: not told which
        ([9, 9, 9, 2], [1, 1, 1, 1.1], 0.8, "too_few"),  # all four
        ([30, 1, 1, 1, 1], [3, 1, 1, 1, 1], 0.8, "too_few"),  # four people
        ([9, 9, 9, 2], [3, 3, 3, 3.1], 0.25, "too_few"),  # not even one of four
    ],
)
def test_the_rule_is_hidden_where_it_gives_the_share_of_teams_away(
    sizes: Any, means: Any, share: float, rule: str
) -> None:
    found = few_miss(sizes, means, target=2.0, systemic_share=share)
    assert found.rule != "too_few"
    shown = found.disclosed()
    assert math.isnan(shown.share_of_teams_missing_target)
    assert shown.rule == rule
    assert shown.first == ("leadership" if rule == "systemic_shortfall" else None)


@pytest.mark.parametrize(
    ("sizes", "scores", "is_shown"),
    [
        ([9, 9, 9, 9], [1, 2, 3, 4], True),
        ([9, 9, 9, 2], [1, 2, 3, 4], False),
        ([9, 9, 9, 2], [1, 2, 4, 3], True),
        ([9, 2, 2, 9], [nan, 1, 2, nan], False),
        ([9, 2, 2, 9], [nan, 2, 1, nan], False),
        ([9, 1, 1, 1, 1], [nan, 1, 3, 2, 4], False),
    ],
)
def test_tau_is_hidden_where_it_tells_the_order_of_small_teams(sizes: Any, scores: Any, is_shown: bool) -> None:
    support = {f"u{t % 2}t{t}": float(score) for t, score in enumerate(scores)}
    found = few_miss(sizes, list(range(len(sizes))), support=support)
    assert not math.isnan(found.support_tau)
    assert math.isnan(found.disclosed().support_tau) != is_shown


def test_a_level_that_may_not_be_shown_is_not_named() -> None:
    lines = lines_of(6, 2, 5)
    staff, values = staff_of(lines), effects(6, 2, 5, sd=(0.1, 0.1, 3, 0))
    found = diagnose(pyramid_of(lines), [*staff, *staff[:2]], [*values, *(values[:2] + 0.1)], n_boot=50, confidence=0.5)
    assert (found.rule, found.first) == ("largest_component", "individual")
    shown = found.disclosed()
    assert (shown.rule, shown.first, shown.is_training_first) == ("too_few", None, False)
    together = few_miss([9, 1, 1, 1], [1, 1.1, 1.2, 1])
    assert together.rule == "individual_not_separable"
    assert together.disclosed(min_n=9).rule == "too_few"


def test_before_it_is_disclosed_it_becomes_no_text_and_afterwards_plain_data() -> None:
    found = small(target=1.0)
    with pytest.raises(DisclosureError, match=r"call \.disclosed"):
        found.to_dict()
    assert "disclosed" in found._repr_html_()
    assert "<table>" not in found._repr_html_()
    shown = found.disclosed()
    record = json.loads(json.dumps(shown.to_dict(), allow_nan=False))
    assert record["is_training_first"] is False
    assert record["shares"]["noise"] is None
    assert set(record["components"]) >= {"unit", "team", "person", "noise"}
    assert "not proof of a cause" in record["note"]
    page = shown._repr_html_()
    assert "<table>" in page
    assert "not proof of a cause" in page
    assert "share of leadership" in page
    assert pickle.loads(pickle.dumps(shown)) == shown  # noqa: S301


def test_a_second_disclosure_may_not_ask_for_more() -> None:
    shown = small().disclosed(min_n=5)
    assert shown.disclosed(min_n=4) is shown
    with pytest.raises(DisclosureError, match="disclosed with 5 already"):
        shown.disclosed(min_n=6)
    with pytest.raises(DisclosureError, match="at least 3, got 2"):
        small().disclosed(min_n=2)


# What is refused


def test_several_bad_options_are_told_at_once() -> None:
    with pytest.raises(OrgError) as told:
        small(target=math.inf, better="big", reliability=1.5, systemic_share=0, confidence="x", n_boot=1)
    message = str(told.value)
    for part in (
        "target: expected a finite number",
        "better: expected 'high' or 'low', got 'big'",
        "reliability: expected a number in [0, 1], got 1.5",
        "systemic_share: expected a number in (0, 1], got 0",
        "confidence: expected a number, got 'x'",
        "n_boot: expected a whole number of at least 2, got 1",
    ):
        assert part in message
    assert len(told.value.faults) == 6


@pytest.mark.parametrize(
    ("ids", "values", "options", "message"),
    [
        (["u0t0p0", "u0t0p9"], [1.0, 2.0], {}, "u0t0p9"),
        (["u0t0p0"], [1.0, 2.0], {}, "values: expected 1 values, got 2"),
        (["u0t0p0"], [math.inf], {}, "expected a finite number or NaN"),
        (["u0t0p0"], ["high"], {}, "values: expected real numbers"),
        ([7], [1.0], {}, "7"),
        (["u0t0p0"], [1.0], {"support": {"nobody": 1.0}}, "nobody"),
        (["u0t0p0"], [1.0], {"support": {"u0t0": "good"}}, "support"),
        (["u0t0p0"], [1.0], {"n_boot": True}, "n_boot"),
        (["u0t0p0"], [1.0], {"reliability": -0.1}, "reliability"),
    ],
)
def test_bad_input_is_refused_by_name(ids: Any, values: Any, options: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        diagnose(pyramid_of(SMALL), ids, values, **options)


def test_what_is_no_pyramid_and_no_seed_is_refused() -> None:
    with pytest.raises(OrgError, match="build_pyramid"):
        diagnose(Organisation.from_columns(["a"], [None]), ["a"], [1.0])  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="rng: expected a Generator"):
        small([nan] * 24, rng=-1)
    with pytest.raises(DisclosureError, match="min_n"):
        small(min_n=2)


def test_one_id_alone_is_one_person() -> None:
    assert diagnose(pyramid_of(SMALL), "u0t0p0", [1.0]).n_people == 1
