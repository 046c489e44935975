"""Laws of disclosure: nobody is found out, by algebra or by trying everything, and stricter never shows more."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.assessment import (
    Dimension,
    DisclosedFeedback,
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

Row = tuple[str, str, str, list[float]]
ROLES = ("self", "manager", "peer", "direct_report", "customer", "other", "mentor")


def instrument_of(sizes: list[list[float]], *, low: int = 1, high: int = 3, reverse: bool = False) -> Instrument:
    """Make an instrument from the weights of the items of every dimension."""
    dimensions = tuple(
        Dimension(
            id=f"d{i}",
            name=f"D{i}",
            items=tuple(
                Item(id=f"d{i}_{j}", text="t", weight=weight, reverse=reverse and j == 1)
                for j, weight in enumerate(weights)
            ),
            min_answered=1,
        )
        for i, weights in enumerate(sizes)
    )
    return Instrument(
        id="small",
        version="1.0.0",
        title="Small",
        scale=ResponseScale(low=low, high=high),
        dimensions=dimensions,
        source="made up",
        licence="MIT",
        status="unvalidated",
    )


def ratings_of(form: Instrument, rows: list[Row]) -> Ratings:
    """Make evaluations from (ratee, rater, role, answers)."""
    values = np.array([answers for *_, answers in rows], dtype=np.float64).reshape(len(rows), form.n_items)
    ratees, raters, roles, _ = zip(*rows, strict=True)
    names = [f"e{i}" for i in range(len(rows))]
    return Ratings(Responses(form, values, names), ratees, raters, roles)


@st.composite
def small_ratings(draw: st.DrawFn, *, most_answers: int = 9, n_ratees: int = 1) -> Ratings:
    """Draw evaluations with at most `most_answers` answers a ratee by anonymous raters, on one or two dimensions."""
    sizes = draw(
        st.sampled_from([[[1.0]], [[1.0, 1.0]], [[1.0, 2.0]], [[0.25, 3.0]], [[1.0], [2.0, 1.0]], [[1.0, 7.0]]])
    )
    high = draw(st.sampled_from([2, 3]))
    form = instrument_of(sizes, high=high, reverse=draw(st.booleans()))
    k = form.n_items
    rows: list[Row] = []
    answer = st.sampled_from([*map(float, range(1, high + 1)), float("nan")])
    for t in range(n_ratees):
        roles = draw(st.lists(st.sampled_from(ROLES[2:]), min_size=0, max_size=most_answers // k))
        if draw(st.booleans()):
            rows.append((f"t{t}", f"t{t}", "self", draw(st.lists(answer, min_size=k, max_size=k))))
        if draw(st.booleans()):
            rows.append((f"t{t}", "boss", "manager", draw(st.lists(answer, min_size=k, max_size=k))))
        same = draw(st.booleans())
        seen: set[tuple[str, str]] = set()
        for i, role in enumerate(roles):
            rater = f"p{i // 2 if same else i}"
            if (rater, role) not in seen:
                seen.add((rater, role))
                rows.append((f"t{t}", rater, role, draw(st.lists(answer, min_size=k, max_size=k))))
    if not rows:
        rows.append(("t0", "p0", "peer", [1.0] * k))
    return ratings_of(form, rows)


def policies(
    *, below: st.SearchStrategy[Any] | None = None, spread: str = "never"
) -> st.SearchStrategy[DisclosurePolicy]:
    """Draw policies."""
    return st.builds(
        DisclosurePolicy,
        min_n=st.dictionaries(st.sampled_from(ROLES), st.integers(1, 4), max_size=5),
        attributed=st.frozensets(st.sampled_from(["self", "manager", "mentor"])),
        below=st.sampled_from(["omit", "merge"]) if below is None else below,
        comment_min_n=st.integers(1, 5),
        spread=st.just(spread),
    )


@st.composite
def two_waves(draw: st.DrawFn) -> tuple[Ratings, Ratings]:
    """Draw evaluations of one ratee on one or two items, and the same a year later: some raters new, gone or changed."""
    form = instrument_of(draw(st.sampled_from([[[1.0]], [[1.0]], [[1.0, 1.0]]])), high=draw(st.sampled_from([2, 3])))
    k = form.n_items
    answers = st.lists(st.sampled_from([*map(float, range(1, form.scale.high + 1))]), min_size=k, max_size=k)
    roles = st.sampled_from(["peer", "peer", "customer", "other"])
    waves: tuple[list[Any], list[Any]] = ([], [])
    unknown = 0
    for i in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["same", "same", "same", "gone", "new", "changed", "moved"]))
        unknown += k * (2 if kind in {"changed", "moved"} else 1)
        if unknown > 9:
            break
        role, given = draw(roles), draw(answers)
        if kind != "new":
            waves[0].append(("t0", f"p{i}", role, given))
        if kind != "gone":
            later = draw(answers) if kind == "changed" else given
            waves[1].append(("t0", f"p{i}", draw(roles) if kind == "moved" else role, later))
    for wave in waves:
        if not wave:
            wave.append(("t0", "boss", "manager", [1.0] * k))
    return ratings_of(form, waves[0]), ratings_of(form, waves[1])


def found_by_brute_force(*releases: tuple[DisclosedFeedback, Feedback]) -> set[tuple[str, str, str]]:
    """Try every set of whole answers that gives the published numbers; report what is the same in all of them.

    Works from what is shown, how many raters each role has, who answered which item and, between releases, who
    answered as before.
    """
    found: set[tuple[str, str, str]] = set()
    for ratee in {name for shown, _ in releases for name in shown.ratee_ids}:
        for d in range(len(releases[0][0].dimension_ids)):
            found |= _found(releases, ratee, d)
    return found


def _found(releases: tuple[tuple[DisclosedFeedback, Feedback], ...], ratee: str, d: int) -> set[tuple[str, str, str]]:
    form = releases[0][1].instrument
    scale, dimension = form.scale, form.dimensions[d]
    columns = [form.item_ids.index(item.id) for item in dimension.items]
    weights = np.array([item.weight for item in dimension.items])
    people = [_people(shown, raw, ratee, columns) for shown, raw in releases]
    unknown = {key: pattern for release in people for key, pattern, _, _ in release}
    cells = [(key, c) for key, pattern in unknown.items() for c, has in enumerate(pattern) if has]
    if not cells:
        return set()
    options = np.array(list(product(range(scale.low, scale.high + 1), repeat=len(cells))), dtype=np.float64)
    table = {key: np.full((len(options), len(columns)), np.nan) for key in unknown}
    for place, (key, c) in enumerate(cells):
        table[key][:, c] = options[:, place]
    score = {
        key: np.nansum(answers * weights, axis=1) / np.where(np.isnan(answers), 0.0, weights).sum(axis=1)
        for key, answers in table.items()
    }
    fits = np.ones(len(options), dtype=np.bool_)
    for (shown, _), release in zip(releases, people, strict=True):
        if ratee not in shown.ratee_ids:
            continue
        t = shown.ratee_ids.index(ratee)
        for r, role in enumerate(shown.roles):
            members = [key for key, _, _, slot in release if slot == role]
            if not members:
                continue
            mean = shown.mean[t, r, d]
            if not np.isnan(mean):
                average = np.mean([score[key] for key in members], axis=0)
                if shown.reason[t, r, d] != "end_coded":
                    fits &= np.isclose(average, mean, atol=1e-9)
                else:
                    near = 1 / len(members)
                    at_high = np.isclose(mean, scale.high - near) & (average >= scale.high - near - 1e-9)
                    at_low = np.isclose(mean, scale.low + near) & (average <= scale.low + near + 1e-9)
                    fits &= at_high | at_low
            for c, column in enumerate(columns):
                item_mean = shown.item_mean[t, r, column]
                if not np.isnan(item_mean):
                    given_by = [key for key in members if (key, c) in cells]
                    fits &= np.isclose(np.mean([table[key][:, c] for key in given_by], axis=0), item_mean, atol=1e-9)
    assert fits.any()
    return _the_same(table, score, fits, people, releases, ratee, dimension)


def _people(
    shown: DisclosedFeedback, raw: Feedback, ratee: str, columns: list[int]
) -> list[tuple[tuple[str, str, bytes], tuple[bool, ...], str, str]]:
    """Give every anonymous rater of a ratee who answered: who, with what; which items; own and published role."""
    digest = raw.rater_digest
    people = []
    for i, (about, role_place, rater) in enumerate(zip(digest.ratee, digest.role, digest.rater_ids, strict=True)):
        role, answers = raw.roles[role_place], digest.answers[i, columns]
        if raw.ratee_ids[about] != ratee or role in shown.policy.attributed or np.isnan(answers).all():
            continue
        t = shown.ratee_ids.index(ratee)
        slot = "other" if shown.log.pooled[t, shown.roles.index(role)] else role
        people.append(((rater, role, answers.tobytes()), tuple((~np.isnan(answers)).tolist()), role, slot))
    return people


def _the_same(
    table: Any, score: Any, fits: Any, people: Any, releases: Any, ratee: str, dimension: Any
) -> set[tuple[str, str, str]]:
    found = set()
    for key, answers in table.items():
        if np.ptp(score[key][fits]) < 1e-9:
            found.add((ratee, key[1], dimension.id))
        for c, item in enumerate(dimension.items):
            if not np.isnan(answers[0, c]) and np.ptp(answers[fits, c]) == 0:
                found.add((ratee, key[1], item.id))
    for (shown, _), release in zip(releases, people, strict=True):
        for role in {own for _, _, own, _ in release}:
            t, r, d = shown.ratee_ids.index(ratee), shown.roles.index(role), shown.dimension_ids.index(dimension.id)
            if np.isnan(shown.mean[t, r, d]) or shown.log.pooled[t, r]:
                total = np.sum([score[key] for key, _, own, _ in release if own == role], axis=0)
                if np.ptp(total[fits]) < 1e-9:
                    found.add((ratee, role, dimension.id))
    return found


@settings(max_examples=300)
@given(given=small_ratings(), policy=policies(), weighting=st.sampled_from(["equal_roles", "equal_raters"]))
def test_nothing_hidden_can_be_worked_out(given: Any, policy: Any, weighting: Any) -> None:
    raw = feedback(given, weighting=weighting)
    shown = disclose(raw, policy)
    assert audit(shown, raw).recoverable == ()
    assert found_by_brute_force((shown, raw)) == set()


@settings(max_examples=150)
@given(given=small_ratings(most_answers=12), policy=policies(below=st.just("omit")), data=st.data())
def test_raising_one_minimum_never_shows_more(given: Any, policy: Any, data: Any) -> None:
    raw = feedback(given)
    role = data.draw(st.sampled_from(ROLES))
    higher = {**policy.min_n, role: policy.minimum(role) + data.draw(st.integers(1, 3))}
    stricter = DisclosurePolicy(
        min_n=higher, attributed=policy.attributed, below="omit", comment_min_n=policy.comment_min_n
    )
    before, after = disclose(raw, policy), disclose(raw, stricter)
    for name in ("mean", "item_mean", "n_shown", "sd"):
        shown_before, shown_after = ~np.isnan(getattr(before, name)), ~np.isnan(getattr(after, name))
        assert not np.any(shown_after & ~shown_before), name
        assert np.array_equal(getattr(before, name)[shown_after], getattr(after, name)[shown_after]), (
            f"{name} changed where it stayed"
        )


@settings(max_examples=60)
@given(given=small_ratings(n_ratees=3), policy=policies(), data=st.data())
def test_the_order_of_the_evaluations_changes_nothing(given: Any, policy: Any, data: Any) -> None:
    order = data.draw(st.permutations(range(len(given))))
    shuffled = given[np.array(order)]
    assert disclose(feedback(shuffled), policy) == disclose(feedback(given), policy)


@settings(max_examples=60)
@given(given=small_ratings(n_ratees=3), policy=policies())
def test_one_persons_results_do_not_depend_on_who_else_was_rated(given: Any, policy: Any) -> None:
    shown = disclose(feedback(given), policy)
    for ratee in shown.ratee_ids:
        alone = given[np.array([name == ratee for name in given.ratee_ids])]
        own, apart = shown.for_ratee(ratee), disclose(feedback(alone), policy)
        for role in apart.roles:
            r, a = own.roles.index(role), apart.roles.index(role)
            assert np.array_equal(own.mean[:, r], apart.mean[:, a], equal_nan=True)
            assert np.array_equal(own.item_mean[:, r], apart.item_mean[:, a], equal_nan=True)
        assert np.array_equal(own.others_mean, apart.others_mean, equal_nan=True)
        assert audit(own, feedback(given)).recoverable == ()


@settings(max_examples=60)
@given(given=small_ratings(), policy=policies(), metric=st.sampled_from(["sum", "pomp"]))
def test_the_metric_changes_nothing_about_what_is_shown(given: Any, policy: Any, metric: Any) -> None:
    points = disclose(feedback(given), policy)
    other = disclose(feedback(given, metric=metric), policy)
    assert np.array_equal(points.reason, other.reason)
    assert np.array_equal(points.item_reason, other.item_reason)
    low, high = given.instrument.scale.low, given.instrument.scale.high
    if metric == "pomp":
        assert np.allclose(other.mean, 100 * (points.mean - low) / (high - low), equal_nan=True)


@settings(max_examples=150)
@given(data=st.data(), policy=policies())
def test_no_difference_of_two_releases_tells_what_somebody_answered(data: Any, policy: Any) -> None:
    before, now = data.draw(two_waves())
    earlier, raw = feedback(before), feedback(now)
    first, second = disclose(earlier, policy), disclose(raw, policy, previous=earlier)
    assert audit(second, raw).recoverable == ()
    assert found_by_brute_force((first, earlier), (second, raw)) == set()


@settings(max_examples=60)
@given(given=small_ratings(n_ratees=2), policy=policies())
def test_the_same_evaluations_again_are_shown_again(given: Any, policy: Any) -> None:
    raw = feedback(given)
    once, twice = disclose(raw, policy), disclose(raw, policy, previous=raw)
    assert np.array_equal(once.mean, twice.mean, equal_nan=True)
    assert np.array_equal(once.item_mean, twice.item_mean, equal_nan=True)


@settings(max_examples=60)
@given(given=small_ratings(n_ratees=2), policy=policies())
def test_every_hidden_cell_is_explained_to_the_host_and_to_nobody_else(given: Any, policy: Any) -> None:
    shown = disclose(feedback(given), policy)
    assert np.array_equal(shown.log.cells != "", np.isnan(shown.mean))
    assert np.array_equal(shown.log.items != "", np.isnan(shown.item_mean))
    assert set(np.unique(shown.reason.astype(str))) <= {"", "not_shown", "end_coded"}
    assert set(np.unique(shown.item_reason.astype(str))) <= {"", "not_shown"}
    assert "log" not in shown.to_dict()
