"""Change agents: shares agree with a walk, and what is shown points at no single manager."""

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
from leadkit.org import ORG_FLAGS, ChangeAgents, Organisation, Tier, build_pyramid, measure_change_agents
from leadkit.org.showing import expect_showable

AGENTS = ("engaged_share", "not_engaged_share", "unknown_share")
THREADS = ("covered_share", "not_covered_share", "unknown_share_of_threads", "no_agent_share")
STATUSES = ("active", "absent", "vacant", "left")


def pyramid_of(managers: dict[str, str | None], *, senior_depth: int = 0, **columns: Any) -> Any:
    organisation = Organisation.from_columns(list(managers), list(managers.values()), **columns)
    return build_pyramid(organisation, senior_depth=senior_depth)


def lines(sizes: list[int], *, above: dict[int, int] | None = None, without: int = 0) -> dict[str, str | None]:
    """A middle manager for each size with one leader of so many people; `without` people in a line of a leader alone."""
    managers: dict[str, str | None] = {"top": None}
    for j in range(len(sizes)):
        managers[f"m{j}"] = f"m{above[j]}" if above and j in above else "top"
    for j, size in enumerate(sizes):
        managers[f"l{j}"] = f"m{j}"
        managers |= {f"f{j}.{k}": f"l{j}" for k in range(size)}
    if without:
        managers["l.alone"] = "top"
        managers |= {f"f.alone{k}": "l.alone" for k in range(without)}
    return managers


MANAGERS = lines([2, 1], without=1)


@st.composite
def measured(draw: st.DrawFn) -> Any:
    """Columns of an organisation in any row order with vacancies, job shares and explicit tiers, and scores."""
    n = draw(st.integers(0, 18))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parents = [int(rng.integers(max(-1, i - 3), i)) if i else -1 for i in range(n)]
    ids = [f"p{name:02}" for name in rng.permutation(n)]
    columns = {
        "ids": ids,
        "manager_ids": [None if up < 0 else ids[up] for up in parents],
        "status": rng.choice(STATUSES, n, p=[0.8, 0.1, 0.05, 0.05]).tolist(),
        "holders": rng.integers(1, 3, n).tolist(),
        "fte": (rng.integers(0, 5, n) / 4).tolist(),
        "tiers": [None if rng.random() < 0.8 else Tier(int(rng.choice([1, 2, 3, 4, 9]))) for _ in range(n)],
    }
    scores = np.where(rng.random(n) < 0.25, np.nan, rng.integers(1, 6, n))
    return columns, scores, rng.permutation(n)


def walk(pyramid: Any, scores: Any, limit: float, weights: str) -> dict[str, Any]:
    """Look along each line one post at a time."""
    organisation = pyramid.organisation
    score = dict(zip(organisation.ids, scores, strict=True))
    weight = dict(zip(organisation.ids, organisation.weights(weights), strict=True))
    status = dict(zip(organisation.ids, organisation.column("status"), strict=True))
    filled = {
        tier: [i for i in organisation.ids if status[i] in {"active", "absent"} and pyramid.tier_of(i) is tier]
        for tier in Tier
    }
    agents = filled[Tier.MIDDLE_MANAGER] or filled[Tier.FRONT_LINE_LEADER]

    def state(person: str) -> str:
        known = [score[post] for post in (person, *organisation.chain(person)) if post in set(agents)]
        if any(value >= limit for value in known):
            return "covered"
        if any(math.isnan(value) for value in known):
            return "unknown"
        return "not_covered" if known else "no_agent"

    def shares(people: list[str], states: list[str], words: tuple[str, ...]) -> list[float]:
        total = sum(weight[one] for one in people)
        parts = [sum(weight[one] for one, its in zip(people, states, strict=True) if its == word) for word in words]
        return [part / total if total else math.nan for part in parts]

    front, leaders = filled[Tier.FRONT_LINE], filled[Tier.FRONT_LINE_LEADER]
    of_agents = ["unknown" if math.isnan(score[one]) else "engaged" if score[one] >= limit else "not" for one in agents]
    return {
        "n": (len(agents), len(front)),
        "agents": shares(agents, of_agents, ("engaged", "not", "unknown")),
        "threads": shares(front, [state(one) for one in front], ("covered", "not_covered", "unknown", "no_agent")),
        "uncovered": tuple(sorted(one for one in leaders if state(one) == "not_covered")),
        "without": tuple(sorted(one for one in leaders if state(one) == "no_agent")),
    }


@given(measured(), st.sampled_from(["heads", "posts", "fte"]))
@settings(max_examples=150)
def test_shares_are_what_a_walk_along_each_line_finds(case: Any, weights: Any) -> None:
    columns, scores, _ = case
    pyramid = build_pyramid(Organisation.from_columns(**columns))
    measure = measure_change_agents(pyramid, scores, threshold=3, weights=weights)
    found = walk(pyramid, scores, 3, weights)
    assert (measure.n_agents, measure.n_threads) == found["n"]
    assert [getattr(measure, name) for name in AGENTS] == pytest.approx(found["agents"], nan_ok=True, abs=1e-12)
    assert [getattr(measure, name) for name in THREADS] == pytest.approx(found["threads"], nan_ok=True, abs=1e-12)
    assert measure.uncovered_leader_ids == found["uncovered"]
    assert measure.no_agent_leader_ids == found["without"]


@given(measured())
def test_the_shares_of_agents_and_the_four_of_threads_sum_to_one(case: Any) -> None:
    columns, scores, _ = case
    measure = measure_change_agents(build_pyramid(Organisation.from_columns(**columns)), scores, threshold=3)
    assume(measure.n_agents and measure.n_threads)
    assert sum(getattr(measure, name) for name in AGENTS) == pytest.approx(1, abs=1e-12)
    assert sum(getattr(measure, name) for name in THREADS) == pytest.approx(1, abs=1e-12)


@given(measured(), st.sampled_from(["heads", "posts", "fte"]))
def test_the_order_of_the_rows_changes_nothing(case: Any, weights: Any) -> None:
    columns, scores, order = case
    moved: dict[str, Any] = {name: [cells[i] for i in order] for name, cells in columns.items()}
    other = Organisation.from_columns(**moved)
    first = measure_change_agents(
        build_pyramid(Organisation.from_columns(**columns)), scores, threshold=3, weights=weights
    )
    by_id = dict(zip(columns["ids"], scores, strict=True))
    second = measure_change_agents(build_pyramid(other), by_id, threshold=3, weights=weights)
    assert first == second
    assert first.disclosed(min_n=3) == second.disclosed(min_n=3)


def test_one_engaged_manager_on_the_chain_covers_a_thread() -> None:
    managers = lines([2, 2, 2], above={1: 0})
    measure = measure_change_agents(pyramid_of(managers), {"m0": 4, "m1": 1, "m2": 2}, threshold=4)
    assert measure.covered_share == pytest.approx(2 / 3)
    assert measure.uncovered_leader_ids == ("l2",)
    unknown = measure_change_agents(pyramid_of(managers), {"m1": 1, "m2": 2}, threshold=4)
    assert unknown.covered_share == 0.0
    assert unknown.unknown_share_of_threads == pytest.approx(2 / 3)


def test_without_a_filled_middle_manager_front_line_leaders_stand_in() -> None:
    pyramid = pyramid_of(MANAGERS, status=["active", "vacant", "left"] + ["active"] * 7)
    measure = measure_change_agents(pyramid, {"m0": 9, "l0": 5, "l1": 1}, threshold=3)
    assert measure.flags == ("no_middle_tier",)
    assert measure.n_agents == 3
    assert [getattr(measure, name) for name in AGENTS] == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert [getattr(measure, name) for name in THREADS] == [0.5, 0.25, 0.25, 0.0]
    assert measure.uncovered_leader_ids == ("l1",)


def test_a_threshold_by_tier_needs_the_one_of_the_agents() -> None:
    pyramid = pyramid_of(MANAGERS)
    measure = measure_change_agents(pyramid, {"m0": 3, "m1": 2}, threshold={Tier.MIDDLE_MANAGER: 3})
    assert (measure.engaged_share, measure.threshold) == (0.5, 3.0)
    with pytest.raises(OrgError, match="threshold: there is none for MIDDLE_MANAGER"):
        measure_change_agents(pyramid, {}, threshold={Tier.FRONT_LINE: 3})


@pytest.mark.parametrize(
    ("managers", "columns", "flags"),
    [
        ({}, {}, ("no_agents", "no_middle_tier", "no_threads")),
        ({"solo": None}, {}, ("no_agents", "no_middle_tier", "no_threads")),
        (MANAGERS, {"status": ["vacant"] * len(MANAGERS)}, ("no_agents", "no_middle_tier", "no_threads")),
        ({"solo": None, "one": "solo"}, {}, ("no_agents", "no_middle_tier")),
    ],
    ids=["nobody", "one person", "everybody's post vacant", "boss and one"],
)
def test_without_agents_or_threads_shares_are_nan(managers: Any, columns: Any, flags: Any) -> None:
    measure = measure_change_agents(pyramid_of(managers, **columns), {}, threshold={Tier.FRONT_LINE: 1})
    assert measure.flags == flags
    assert all(math.isnan(getattr(measure, name)) for name in AGENTS)
    assert math.isnan(measure.covered_share) == ("no_threads" in flags)
    assert math.isnan(measure.threshold)
    shown = measure.disclosed()
    assert all(math.isnan(getattr(shown, name)) for name in AGENTS + THREADS)
    assert json.dumps(shown.to_dict(), allow_nan=False)


def test_people_who_weigh_nothing_have_no_shares() -> None:
    pyramid = pyramid_of(MANAGERS, fte=[0.0] * len(MANAGERS))
    measure = measure_change_agents(pyramid, {"m0": 3.0}, threshold=1, weights="fte")
    assert measure.flags == ("no_weight",)
    assert math.isnan(measure.engaged_share)


@pytest.mark.parametrize(
    ("scores", "options", "message"),
    [
        ([1.0], {}, "engagement: expected 10 values, got 1"),
        ({"m9": 1.0}, {}, "m9"),
        ({"m0": "keen"}, {}, "engagement"),
        ({}, {"threshold": "high"}, "threshold: expected a number, got 'high'"),
        ({}, {"weights": "people"}, "weights: expected one of"),
    ],
)
def test_what_does_not_fit_is_refused(scores: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure_change_agents(pyramid_of(MANAGERS), scores, **{"threshold": 1.0} | options)


def test_a_mapping_is_no_pyramid() -> None:
    with pytest.raises(OrgError, match="expected a Pyramid"):
        measure_change_agents({}, {}, threshold=1)  # type: ignore[arg-type]


def test_a_measure_is_not_text_before_it_is_disclosed() -> None:
    measure = measure_change_agents(pyramid_of(MANAGERS), {}, threshold=1)
    for show in (measure.to_dict, measure.to_records):
        with pytest.raises(DisclosureError, match="disclosed"):
            show()
    with pytest.raises(TypeError, match="disclosed"):
        expect_showable(measure, ChangeAgents, "report")
    expect_showable(measure.disclosed(), ChangeAgents, "report")


def disclosed(sizes: list[int], engagement: Any, *, min_n: int = 5, **options: Any) -> ChangeAgents:
    scores = {f"m{j}": value for j, value in enumerate(engagement)}
    return measure_change_agents(pyramid_of(lines(sizes, **options)), scores, threshold=3).disclosed(min_n=min_n)


def shown(measure: ChangeAgents, names: tuple[str, ...]) -> list[float | None]:
    fields = measure.to_dict()
    return [fields[name] for name in names]


def test_disclosure_keeps_what_rests_on_enough_people_and_names_nobody() -> None:
    measure = disclosed([2] * 12, [5] * 6 + [1] * 6)
    assert shown(measure, AGENTS) == [0.5, 0.5, 0.0]
    assert shown(measure, THREADS) == [0.5, 0.5, 0.0, 0.0]
    assert (measure.n_agents, measure.n_threads, measure.min_n, measure.footing) == (12, 24, 5, None)
    assert (measure.uncovered_leader_ids, measure.no_agent_leader_ids) == ((), ())
    told = json.dumps(measure.to_dict(), allow_nan=False) + repr(measure) + repr(pickle.dumps(measure))
    assert not [name for name in lines([2] * 12) if f"'{name}'" in told or f'"{name}"' in told]
    assert measure.to_records()[3] == {"of": "threads", "state": "covered", "share": 0.5}
    assert set(measure.flags) <= set(ORG_FLAGS)


@pytest.mark.parametrize("uneven", ["m", "f"])
def test_unequal_weights_cannot_be_taken_apart(uneven: str) -> None:
    managers = lines([2] * 6)
    fte = [1 + k / 64 if name[0] == uneven else 1.0 for k, name in enumerate(managers)]
    pyramid = pyramid_of(managers, fte=fte)
    names = [f"m{j}" for j in range(6)]
    worlds: dict[str, set[int]] = defaultdict(set)
    for choice in itertools.product([1.0, 5.0], repeat=6):
        engagement = dict(zip(names, choice, strict=True))
        measure = measure_change_agents(pyramid, engagement, threshold=3, weights="fte")
        told = measure.disclosed(min_n=3)
        worlds[json.dumps(told.to_dict(), sort_keys=True)].add(choice.count(5.0))
        assert (told.weights, told.flags) == ("posts", ("disclosed", "shown_by_posts"))
        if choice.count(5.0) == 3:
            assert shown(told, AGENTS) == [0.5, 0.5, 0.0]
            assert shown(told, THREADS) == [0.5, 0.5, 0.0, 0.0]
            assert measure.weights == "fte"
            assert (measure.engaged_share == 0.5) is (uneven == "f")
    assert sorted(map(sorted, worlds.values())) == [[0], [1, 2, 4, 5], [3], [6]]


def test_few_agents_show_only_what_the_tree_tells() -> None:
    measure = disclosed([9] * 4, [5, 1, 5, 1], without=12)
    assert shown(measure, AGENTS) == [None] * 3
    assert shown(measure, THREADS) == [None, None, None, 0.25]


def test_few_agents_of_one_kind_are_hidden_and_not_left_to_be_worked_out() -> None:
    measure = disclosed([9] * 12, [5] * 10 + [1] * 2)
    assert shown(measure, AGENTS) == [None] * 3
    assert shown(measure, THREADS) == [None] * 3 + [0.0]


def test_a_line_of_a_size_of_its_own_hides_whose_it_is() -> None:
    alike = disclosed([3] * 12, [5] * 6 + [1] * 6)
    apart = disclosed([3] * 11 + [50], [5] * 6 + [1] * 6)
    assert shown(alike, THREADS) == [0.5, 0.5, 0.0, 0.0]
    assert shown(apart, THREADS) == [None] * 3 + [0.0]
    assert shown(apart, AGENTS) == [0.5, 0.5, 0.0]


def test_agents_above_agents_can_be_exchanged_with_those_elsewhere() -> None:
    sizes = [3] * 14
    engagement = [1.0, 1] + [5] * 6 + [1] * 6
    nested = disclosed(sizes, engagement, above={2: 0, 3: 1})
    assert nested.covered_share == pytest.approx(18 / 42)
    assert math.isnan(disclosed(sizes, [5.0, *engagement[1:]], above={2: 0, 3: 1}).covered_share)


def test_few_threads_without_an_agent_are_not_left_to_be_worked_out() -> None:
    measure = disclosed([3] * 12, [5] * 6 + [1] * 6, without=2)
    hidden = [name for name, share in zip(THREADS, shown(measure, THREADS), strict=True) if share is None]
    assert "no_agent_share" in hidden
    assert len(hidden) > 1


def test_few_threads_show_nothing() -> None:
    measure = disclosed([4], [5.0])
    assert shown(measure, THREADS) == [None] * 4


def test_an_unscored_agent_above_leaves_those_beneath_without_exchange() -> None:
    sizes = [3] * 14
    engagement = [math.nan, 1] + [5.0] * 6 + [1] * 6
    assert shown(disclosed(sizes, engagement, above={2: 0}), THREADS)[:3] == [None] * 3


def test_disclosing_again_needs_no_more_people_than_before() -> None:
    measure = disclosed([2] * 12, [5] * 6 + [1] * 6)
    assert measure.disclosed(min_n=3) is measure
    with pytest.raises(DisclosureError, match="disclosed with 5 already"):
        measure.disclosed(min_n=6)


@pytest.mark.parametrize(
    ("sizes", "values"),
    [
        ([2] * 6, (1, 5)),
        ([1, 2, 3, 4, 5, 6, 7], (1, 5)),
        ([1, 1, 1, 1, 5, 6], (1, 5)),
        ([2, 2, 3, 3, 2, 3, 4], (1, 5)),
        ([2, 3, 2, 3, 2], (1, 5, math.nan)),
    ],
)
def test_no_choice_of_scores_gives_a_few_managers_away(sizes: list[int], values: tuple[float, ...]) -> None:
    pyramid = pyramid_of(lines(sizes))
    names = [f"m{j}" for j in range(len(sizes))]
    worlds = defaultdict(list)
    for choice in itertools.product(values, repeat=len(sizes)):
        measure = measure_change_agents(pyramid, dict(zip(names, choice, strict=True)), threshold=3)
        worlds[json.dumps(measure.disclosed(min_n=3).to_dict(), sort_keys=True)].append(choice)
    for key, given_away in worlds.items():
        for value in (1, 5):
            found = [name for name, of in zip(names, zip(*given_away, strict=True), strict=True) if set(of) == {value}]
            assert len(found) == 0 or len(found) >= 3, (key, value, found)
    assert len(worlds) > 2
