"""The golden thread: shares, first breaks and strengths agree with a walk, and what is shown points at nobody."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import ORG_FLAGS, Organisation, Thread, Tier, build_pyramid, trace_thread
from leadkit.org.showing import expect_showable

SHARES = ("unbroken_share", "broken_share", "unknown_share")
STATUSES = ("active", "absent", "vacant", "left")
MANAGERS = {"top": None, "a": "top", "b": "top", "c": "top", "a1": "a", "a2": "a", "b1": "b", "b2": "b", "c1": "c"}


def pyramid_of(managers: dict[str, str | None], *, senior_depth: int = 1, **columns: Any) -> Any:
    organisation = Organisation.from_columns(list(managers), list(managers.values()), **columns)
    return build_pyramid(organisation, senior_depth=senior_depth)


def lines(sizes: list[int]) -> dict[str, str | None]:
    """One boss, a leader for each size, so many front-line people under each."""
    managers: dict[str, str | None] = {"top": None}
    for j, size in enumerate(sizes):
        managers[f"l{j}"] = "top"
        managers |= {f"f{j}.{k}": f"l{j}" for k in range(size)}
    return managers


@st.composite
def measured(draw: st.DrawFn) -> Any:
    """Columns of an organisation in any row order, with vacancies, job shares and explicit tiers, and scores."""
    n = draw(st.integers(0, 16))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parents = [int(rng.integers(max(-1, i - 4), i)) if i else -1 for i in range(n)]
    ids = [f"p{name:02}" for name in rng.permutation(n)]
    tiers = [None if rng.random() < 0.8 else Tier(int(rng.choice([1, 2, 3, 4, 9]))) for _ in range(n)]
    columns = {
        "ids": ids,
        "manager_ids": [None if up < 0 else ids[up] for up in parents],
        "status": rng.choice(STATUSES, n, p=[0.7, 0.1, 0.1, 0.1]).tolist(),
        "holders": rng.integers(1, 3, n).tolist(),
        "fte": (rng.integers(0, 5, n) / 4).tolist(),
        "tiers": tiers,
    }
    scores = np.where(rng.random(n) < draw(st.sampled_from([0.0, 0.3])), np.nan, rng.integers(1, 6, n))
    order = rng.permutation(n)
    return columns, scores, order, dict.fromkeys(Tier, 0.0) | {tier: float(rng.integers(1, 5)) for tier in Tier}


def shuffled(columns: dict[str, Any], order: Any) -> dict[str, Any]:
    return {name: [cells[i] for i in order] for name, cells in columns.items()}


def walk(pyramid: Any, scores: Any, threshold: Any, weights: str) -> dict[str, Any]:
    """Follow every thread one post at a time."""
    organisation = pyramid.organisation
    status = dict(zip(organisation.ids, organisation.column("status"), strict=True))
    score = dict(zip(organisation.ids, scores, strict=True))
    weight = dict(zip(organisation.ids, organisation.weights(weights), strict=True))
    found: dict[str, Any] = {"status": {}, "strength": {}, "break": {}, "n_vacant": 0}
    for person in organisation.ids:
        if status[person] not in {"active", "absent"} or pyramid.tier_of(person) is not Tier.FRONT_LINE:
            continue
        above = organisation.chain(person)
        found["n_vacant"] += sum(status[post] in {"vacant", "left"} for post in above)
        filled = [post for post in above if status[post] in {"active", "absent"}]
        known = [post for post in (person, *filled) if not math.isnan(score[post])]
        below = [post for post in known if score[post] < threshold[pyramid.tier_of(post)]]
        gap = any(math.isnan(score[post]) for post in filled)
        found["status"][person] = "broken" if below else "unknown" if gap else "unbroken"
        found["strength"][person] = min((score[post] for post in known), default=math.nan)
        found["break"][person] = below[0] if below else None
    found["weight"] = {person: weight[person] for person in found["status"]}
    return found


@given(measured(), st.sampled_from(["heads", "posts", "fte"]))
@settings(max_examples=150)
def test_threads_are_what_a_walk_up_each_line_finds(case: Any, weights: Any) -> None:
    columns, scores, _, threshold = case
    pyramid = build_pyramid(Organisation.from_columns(**columns))
    thread = trace_thread(pyramid, scores, threshold=threshold, weights=weights)
    found = walk(pyramid, scores, threshold, weights)
    assert thread.ids == tuple(sorted(found["status"]))
    assert dict(zip(thread.ids, thread.status, strict=True)) == found["status"]
    assert dict(zip(thread.ids, thread.break_ids, strict=True)) == found["break"]
    assert np.array_equal(thread.strength, [found["strength"][one] for one in thread.ids], equal_nan=True)
    assert (thread.n_threads, thread.n_vacant_links) == (len(found["status"]), found["n_vacant"])
    total = sum(found["weight"].values())
    for word, name in zip(("unbroken", "broken", "unknown"), SHARES, strict=True):
        part = sum(found["weight"][one] for one, status in found["status"].items() if status == word)
        assert getattr(thread, name) == pytest.approx(part / total if total else math.nan, nan_ok=True, abs=1e-12)
    for tier, share in thread.first_break.items():
        part = sum(
            found["weight"][one] for one, post in found["break"].items() if post and pyramid.tier_of(post) is tier
        )
        assert share == pytest.approx(part / total if total else math.nan, nan_ok=True, abs=1e-12)


@given(measured())
def test_shares_sum_to_one_and_first_breaks_to_the_broken_ones(case: Any) -> None:
    columns, scores, _, threshold = case
    thread = trace_thread(build_pyramid(Organisation.from_columns(**columns)), scores, threshold=threshold)
    assume(thread.n_threads > 0)
    assert sum(getattr(thread, name) for name in SHARES) == pytest.approx(1, abs=1e-12)
    assert sum(thread.first_break.values()) == pytest.approx(thread.broken_share, abs=1e-12)


@given(measured(), st.sampled_from(["heads", "posts", "fte"]))
def test_the_order_of_the_rows_changes_nothing(case: Any, weights: Any) -> None:
    columns, scores, order, threshold = case
    given_scores = dict(zip(columns["ids"], scores, strict=True))
    one = build_pyramid(Organisation.from_columns(**columns))
    other = build_pyramid(Organisation.from_columns(**shuffled(columns, order)))
    first = trace_thread(one, scores, threshold=threshold, weights=weights)
    second = trace_thread(other, given_scores, threshold=threshold, weights=weights)
    assert first == second
    assert first.disclosed(min_n=3) == second.disclosed(min_n=3)


def test_a_missing_score_never_breaks_a_thread() -> None:
    pyramid = pyramid_of(MANAGERS)
    thread = trace_thread(pyramid, {"top": 4, "b": 4, "c": 4, "a1": 5, "a2": 1, "b1": 5}, threshold=3)
    assert dict(zip(thread.ids, thread.status, strict=True)) == {
        "a1": "unknown",
        "a2": "broken",
        "b1": "unbroken",
        "b2": "unbroken",
        "c1": "unbroken",
    }
    assert thread.strength.tolist() == [4, 1, 4, 4, 4]


def test_the_first_break_is_the_one_nearest_to_the_customer() -> None:
    thread = trace_thread(
        pyramid_of(MANAGERS), {"top": 1, "a": 1, "b": 5, "c": 5, "a1": 1, "a2": 5, "b1": 5, "b2": 5}, threshold=2
    )
    assert thread.break_ids == ("a1", "a", "top", "top", "top")
    assert thread.first_break == {
        Tier.FRONT_LINE: 0.2,
        Tier.FRONT_LINE_LEADER: 0.2,
        Tier.MIDDLE_MANAGER: 0.0,
        Tier.SENIOR_LEADER: 0.6,
        Tier.SUPPORT: 0.0,
    }


def test_vacant_posts_are_skipped_and_counted_on_each_thread_whatever_their_score() -> None:
    status = ["active", "vacant", "left", "active", "active", "absent", "vacant", "active", "active"]
    thread = trace_thread(
        pyramid_of(MANAGERS, status=status), dict.fromkeys(MANAGERS, 5.0) | {"a": 0.0, "b": math.nan}, threshold=3
    )
    assert thread.ids == ("a1", "a2", "b2", "c1")
    # a on two threads, b on one
    assert (thread.unbroken_share, thread.n_vacant_links) == (1.0, 3)


def test_a_vacant_manager_on_seven_threads_is_seven_vacant_links() -> None:
    managers = lines([7])
    status = ["vacant" if name == "l0" else "active" for name in managers]
    assert trace_thread(pyramid_of(managers, status=status), {}, threshold=3).n_vacant_links == 7


def test_what_is_asked_differs_by_tier() -> None:
    scores = dict.fromkeys(MANAGERS, 3.0)
    asked = {Tier.FRONT_LINE: 2, Tier.FRONT_LINE_LEADER: 4, Tier.SENIOR_LEADER: 3}
    thread = trace_thread(pyramid_of(MANAGERS), scores, threshold=asked)
    assert set(thread.break_ids) == {"a", "b", "c"}
    assert thread.threshold == {Tier.FRONT_LINE: 2.0, Tier.FRONT_LINE_LEADER: 4.0, Tier.SENIOR_LEADER: 3.0}


def test_a_score_on_the_threshold_is_enough() -> None:
    thread = trace_thread(pyramid_of(MANAGERS), dict.fromkeys(MANAGERS, 3.0), threshold=3)
    assert thread.unbroken_share == 1.0


def test_support_posts_and_named_customers_can_break_a_thread() -> None:
    tiers = [None, Tier.SUPPORT, Tier.CUSTOMER, None, None, None, None, None, None]
    pyramid = pyramid_of(MANAGERS, tiers=tiers)
    thread = trace_thread(pyramid, dict.fromkeys(MANAGERS, 5.0) | {"a": 1, "b": 1}, threshold=3)
    assert (thread.first_break[Tier.SUPPORT], thread.first_break[Tier.CUSTOMER]) == (0.4, 0.4)
    assert list(thread.first_break) == sorted(Tier)


def test_nobody_above_leaves_no_thread_unknown_and_is_flagged() -> None:
    thread = trace_thread(pyramid_of({"solo": None}, tiers=[Tier.FRONT_LINE]), [math.nan], threshold=1)
    assert (thread.status, thread.flags) == (("unbroken",), ("no_leader_on_thread",))
    assert math.isnan(thread.strength[0])


@pytest.mark.parametrize(
    ("managers", "columns"),
    [({}, {}), ({"solo": None}, {}), (MANAGERS, {"status": ["vacant"] * 9})],
    ids=["nobody", "one person", "everybody's post vacant"],
)
def test_without_threads_shares_are_nan(managers: Any, columns: Any) -> None:
    thread = trace_thread(pyramid_of(managers, **columns), {}, threshold=1)
    assert thread.flags == ("no_threads",)
    assert all(math.isnan(getattr(thread, name)) for name in SHARES)
    assert all(math.isnan(share) for share in thread.first_break.values())
    assert (thread.n_threads, thread.ids, thread.strength.tolist()) == (0, (), [])
    assert json.dumps(thread.disclosed().to_dict(), allow_nan=False)


def test_threads_that_weigh_nothing_have_no_shares() -> None:
    thread = trace_thread(pyramid_of(MANAGERS, fte=[0.0] * 9), [3.0] * 9, threshold=1, weights="fte")
    assert thread.flags == ("no_weight",)
    assert math.isnan(thread.unbroken_share)
    assert thread.n_threads == 5


def test_a_chain_of_a_hundred_thousand_is_followed() -> None:
    n = 100_000
    ids = [f"{i:06}" for i in range(n)]
    pyramid = build_pyramid(Organisation.from_columns(ids, [None, *ids[:-1]]))
    scores = np.full(n, 3.0)
    scores[[1, 70_000]] = [1.0, 2.0]
    thread = trace_thread(pyramid, scores, threshold=2.5)
    assert (thread.ids, thread.break_ids, thread.strength.tolist()) == (("099999",), ("070000",), [1.0])


@pytest.mark.parametrize(
    ("scores", "options", "message"),
    [
        ([1.0, 2.0], {}, "scores: expected 9 values, got 2"),
        ({"topp": 1.0}, {}, "topp.*top"),
        ({"top": "high"}, {}, "scores.*real numbers, got text"),
        ({"top": math.inf}, {}, "scores.*finite number or NaN"),
        ([[1.0] * 9], {}, "scores: expected one dimension, got 2"),
        ({}, {"threshold": math.nan}, "threshold: expected a finite number, got nan"),
        ({}, {"threshold": True}, "threshold: expected a number, got True"),
        ({}, {"threshold": {Tier.FRONT_LINE: 1}}, "none for FRONT_LINE_LEADER(.|\n)*none for SENIOR_LEADER"),
        ({}, {"threshold": {"front": 1}}, "'front'.*expected a Tier"),
        ({}, {"threshold": {True: 1}}, "True.*expected a Tier"),
        (
            {},
            {"threshold": {Tier.FRONT_LINE: "x", Tier.FRONT_LINE_LEADER: 1, Tier.SENIOR_LEADER: 1}},
            "FRONT_LINE.*'x'",
        ),
        ({}, {"weights": "people"}, "weights: expected one of"),
        ({}, {"weights": "fte"}, "'top'"),
    ],
)
def test_what_does_not_fit_is_refused(scores: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trace_thread(pyramid_of(MANAGERS), scores, **{"threshold": 1.0} | options)


def test_an_organisation_is_no_pyramid() -> None:
    with pytest.raises(OrgError, match=r"build_pyramid.*got Organisation"):
        trace_thread(pyramid_of(MANAGERS).organisation, {}, threshold=1)


def test_a_thread_is_not_text_before_it_is_disclosed() -> None:
    thread = trace_thread(pyramid_of(MANAGERS), [3.0] * 9, threshold=1)
    with pytest.raises(DisclosureError, match="disclosed"):
        thread.to_dict()
    with pytest.raises(DisclosureError, match="disclosed"):
        thread.to_records()
    with pytest.raises(TypeError, match="disclosed"):
        expect_showable(thread, Thread, "report")
    assert "disclosed" in thread._repr_html_()
    expect_showable(thread.disclosed(), Thread, "report")


def test_arrays_cannot_be_changed() -> None:
    thread = trace_thread(pyramid_of(MANAGERS), [3.0] * 9, threshold=1)
    with pytest.raises(ValueError, match="read-only"):
        thread.strength[0] = 1
    with pytest.raises(TypeError):
        thread.first_break[Tier.FRONT_LINE] = 1  # type: ignore[index]


def large(*, leader: float = 5.0, others: float = 5.0, front: int = 0) -> Thread:
    """Ten leaders of six each, `front` of whom score too low; the scores of the first leader and of the others."""
    managers = lines([6] * 10)
    scores = dict.fromkeys(managers, 5.0) | {f"l{j}": others for j in range(10)} | {"l0": leader}
    low = [name for name in managers if name[0] == "f"][-front:] if front else []
    return trace_thread(pyramid_of(managers), scores | dict.fromkeys(low, 1.0), threshold=3)


def test_disclosure_keeps_what_rests_on_enough_people() -> None:
    thread = large(leader=1, front=20)
    shown = thread.disclosed()
    assert [getattr(shown, name) for name in SHARES] == [getattr(thread, name) for name in SHARES]
    assert (shown.n_threads, shown.min_n, shown.flags) == (60, 5, ("disclosed",))
    assert (shown.ids, shown.status, shown.break_ids, shown.strength.size, shown.footing) == ((), (), (), 0, None)
    assert shown.first_break[Tier.FRONT_LINE] == pytest.approx(20 / 60)


def test_a_disclosed_thread_holds_nobody() -> None:
    shown = large(leader=1, front=20).disclosed()
    told = json.dumps(shown.to_dict(), allow_nan=False) + repr(shown) + repr(pickle.dumps(shown)) + shown._repr_html_()
    assert not [name for name in lines([6] * 10) if f"'{name}'" in told or f'"{name}"' in told]
    assert shown.to_dict()["first_break"]["SUPPORT"] == 0.0
    assert "FRONT_LINE_LEADER" in shown._repr_html_()
    assert shown.to_records()[0] == {"tier": "FRONT_LINE", "threshold": 3.0, "first_break": pytest.approx(20 / 60)}
    assert set(shown.flags) <= set(ORG_FLAGS)


def test_a_status_of_few_threads_is_hidden_and_not_left_to_be_worked_out() -> None:
    thread = large(front=3)
    shown = thread.disclosed()
    assert all(math.isnan(getattr(shown, name)) for name in SHARES)
    assert large(front=5).disclosed().broken_share == pytest.approx(5 / 60)


def test_few_threads_show_nothing() -> None:
    thread = trace_thread(pyramid_of(lines([2, 2])), [3.0] * 7, threshold=1).disclosed()
    assert all(math.isnan(getattr(thread, name)) for name in SHARES)


def test_the_one_boss_cannot_be_worked_out_from_what_is_left() -> None:
    managers = lines([6] * 10)
    top_low = dict.fromkeys(managers, 5.0) | {"top": 1.0}
    shown = trace_thread(pyramid_of(managers), top_low, threshold=3).disclosed()
    hidden = [tier for tier, share in shown.first_break.items() if math.isnan(share)]
    assert Tier.SENIOR_LEADER in hidden
    assert len(hidden) > 1


def test_the_one_boss_does_not_hide_a_tier_that_holds_enough_people() -> None:
    shown = large(front=20).disclosed()
    assert shown.first_break[Tier.FRONT_LINE] == pytest.approx(20 / 60)
    assert math.isnan(shown.first_break[Tier.SENIOR_LEADER])
    assert math.isnan(shown.first_break[Tier.FRONT_LINE_LEADER])


def test_a_leader_with_the_only_line_of_its_size_is_not_pointed_at() -> None:
    managers = lines([6] * 9 + [17])
    leaders = {name: 5.0 for name in managers if name[0] != "f"}
    alone = trace_thread(pyramid_of(managers), leaders | {"l9": 1.0}, threshold=3)
    one_of_nine = trace_thread(pyramid_of(managers), leaders | {"l3": 1.0}, threshold=3)
    assert math.isnan(alone.disclosed().broken_share)
    assert one_of_nine.disclosed().broken_share == pytest.approx(6 / 71)


def test_disclosing_again_needs_no_more_people_than_before() -> None:
    shown = large(front=20).disclosed(min_n=5)
    assert shown.disclosed(min_n=4) is shown
    with pytest.raises(DisclosureError, match="disclosed with 5 already"):
        shown.disclosed(min_n=6)
    with pytest.raises(DisclosureError, match="at least 3"):
        shown.disclosed(min_n=2)


@given(measured(), st.integers(3, 5))
@settings(max_examples=100)
def test_hidden_statuses_and_tiers_hold_enough_threads_together(case: Any, min_n: int) -> None:
    columns, scores, _, _ = case
    thread = trace_thread(build_pyramid(Organisation.from_columns(**columns)), scores, threshold=3, weights="posts")
    shown = thread.disclosed(min_n=min_n)
    n = thread.n_threads
    for whole, parts, left in (
        (1.0, [getattr(thread, name) for name in SHARES], [getattr(shown, name) for name in SHARES]),
        (shown.broken_share, [*thread.first_break.values()], [*shown.first_break.values()]),
    ):
        if n == 0 or math.isnan(whole):
            continue
        counts = [round(part * n) for part in parts]
        hidden = [count for count, part in zip(counts, left, strict=True) if math.isnan(part)]
        assert not 0 < sum(hidden) < min_n or sum(hidden) == sum(counts)
        assert all(count == 0 or count >= min_n for count in counts if count not in hidden)


def nobody_is_found_out(managers: dict[str, str | None], scored: str, min_n: int = 3) -> int:
    """Compare all scores that give the same disclosed thread: is somebody below what is asked in every one of them?

    Return how many different disclosed threads show something.
    """
    pyramid = pyramid_of(managers, senior_depth=0)
    names = [name for name in managers if name[0] in scored]
    worlds = defaultdict(list)
    for low in itertools.product([False, True], repeat=len(names)):
        thread = trace_thread(pyramid, dict(zip(names, np.where(low, 1.0, 5.0), strict=True)), threshold=3)
        shown = thread.disclosed(min_n=min_n)
        key = json.dumps(shown.to_dict(), sort_keys=True)
        worlds[key].append(low)
    for key, given_away in worlds.items():
        found = [name for name, is_low in zip(names, np.all(given_away, axis=0), strict=True) if is_low]
        assert len(found) == 0 or len(found) >= min_n, (key, found)
    return sum(json.loads(key)["broken_share"] is not None for key in worlds)


@pytest.mark.parametrize(
    ("sizes", "scored", "informative"),
    [([2, 2, 2], "tlf", True), ([1, 2, 3], "tlf", True), ([1, 2, 3, 4, 5], "tl", False), ([2] * 5, "tl", True)],
)
def test_no_choice_of_scores_gives_a_few_people_away(sizes: list[int], scored: str, informative: bool) -> None:
    n_shown = nobody_is_found_out(lines(sizes), scored)
    assert n_shown > (1 if informative else 0)


@pytest.mark.parametrize("weights", ["heads", "fte"])
def test_unequal_weights_of_posts_cannot_be_taken_apart(weights: Any) -> None:
    managers = lines([3, 3, 3])
    unequal: dict[str, Any] = {"holders": [2**k for k in range(13)], "fte": [1 + k / 64 for k in range(13)]}
    pyramid = pyramid_of(managers, **unequal)
    front = [name for name in managers if name[0] == "f"]
    worlds: dict[str, set[int]] = defaultdict(set)
    for low in itertools.product([1.0, 5.0], repeat=len(front)):
        scores = dict.fromkeys(managers, 5.0) | dict(zip(front, low, strict=True))
        thread = trace_thread(pyramid, scores, threshold=3, weights=weights)
        shown = thread.disclosed(min_n=3)
        assert shown.flags == ("disclosed", "shown_by_posts")
        assert shown.weights == "posts"
        worlds[json.dumps(shown.to_dict(), sort_keys=True)].add(low.count(1.0))
        if low.count(1.0) == 3:
            assert (shown.broken_share, shown.unbroken_share, shown.unknown_share) == (3 / 9, 6 / 9, 0.0)
            assert shown.first_break[Tier.FRONT_LINE] == 3 / 9
            weighted = pyramid.organisation.weights(weights)[[name in front for name in managers]]
            assert thread.broken_share == pytest.approx(weighted[np.array(low) == 1.0].sum() / weighted.sum())
            assert (thread.weights, thread.flags) == (weights, ())
    # nothing but the number of broken threads makes a difference, or that there are too few on one side
    assert sorted(map(sorted, worlds.values())) == [[0], [1, 2, 7, 8], [3], [4], [5], [6], [9]]


def test_equal_weights_are_shown_as_they_were_asked_for() -> None:
    managers = lines([6] * 2)
    scores = dict.fromkeys(managers, 5.0) | {f"f0.{k}": 1.0 for k in range(6)}
    shown = trace_thread(pyramid_of(managers, fte=[0.5] * 15), scores, threshold=3, weights="fte").disclosed()
    assert (shown.broken_share, shown.weights, shown.flags) == (0.5, "fte", ("disclosed",))


def test_middle_managers_are_not_given_away_either() -> None:
    managers: dict[str, str | None] = {"top": None, "m0": "top", "m1": "top", "m2": "top"}
    for j in range(6):
        managers |= {f"l{j}": f"m{j // 2}"} | {f"f{j}.{k}": f"l{j}" for k in range(1 + j % 3)}
    assert nobody_is_found_out(managers, "tml") > 0
