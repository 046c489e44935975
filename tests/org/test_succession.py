"""Who could be lost, and who would follow."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import (
    ORG_FLAGS,
    BusFactor,
    Nominations,
    Organisation,
    RemovalImpact,
    SuccessionCover,
    bus_factor,
    removal_impact,
    succession_cover,
)

IDS = ("boss", "ann", "bob", "cem", "dee", "eva")
MANAGERS = (None, "boss", "boss", "ann", "ann", "cem")
TIES = [("eva", "cem"), ("dee", "ann"), ("ann", "boss"), ("cem", "ann"), ("bob", "cem"), ("boss", "ann")]


def firm(**columns: Any) -> Organisation:
    return Organisation.from_columns(IDS, MANAGERS, **columns)


def named(organisation: Organisation, ties: list[tuple[str, str]] = TIES) -> Nominations:
    return Nominations.from_columns(organisation, [one for one, _ in ties], [other for _, other in ties])


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    n = draw(st.integers(1, 12))
    ids = draw(st.permutations([f"p{place}" for place in range(n)]))
    above = [draw(st.integers(-1, place - 1)) for place in range(n)]
    status = draw(st.lists(st.sampled_from(["active", "absent", "vacant", "left"]), min_size=n, max_size=n))
    return Organisation.from_columns(ids, [ids[place] if place >= 0 else None for place in above], status=status)


def test_critical_functions_are_counted_over_active_people() -> None:
    organisation = firm(status=["active", "active", "absent", "left", "vacant", "active"])
    result = bus_factor(
        organisation,
        {"rosters": ["ann", "bob", "cem"], "refunds": ["eva", "ann", "eva"], "audits": ["bob", "dee"], "demos": []},
    )
    assert result.functions == ("audits", "demos", "refunds", "rosters")
    assert result.n_proficient.tolist() == [0, 0, 2, 1]
    assert dict(result.single_points) == {"rosters": "ann"}
    assert result.uncovered == ("audits", "demos")
    assert result.flags == ("inactive_left_out",)
    assert bus_factor(organisation, {"refunds": ["ann"]}).flags == ()
    assert result.to_records()[2] == {"function": "refunds", "n_proficient": 2}


def test_no_function_gives_no_row() -> None:
    result = bus_factor(firm(), {})
    assert isinstance(result, BusFactor)
    assert (result.functions, dict(result.single_points), result.uncovered) == ((), {}, ())
    assert result.to_records() == []


@pytest.mark.parametrize(
    ("coverage", "message"),
    [
        ({"refunds": ["anna"]}, "coverage\\['refunds'\\]: unknown person id 'anna'; nearest: 'ann'"),
        ({"refunds": "ann"}, "expected a collection of ids, got 'ann'"),
        ({"refunds": 3}, "expected a collection of ids, got 3"),
        ({"refunds": [7]}, "person ids are texts, got 7"),
        ({"refunds": [["ann"]]}, "person ids are texts"),
        ({" ": ["ann"]}, "expected the name of a function, got ' '"),
        ({3: ["ann"]}, "expected the name of a function, got 3"),
        (["refunds"], "coverage: expected a mapping, got list"),
    ],
)
def test_bad_coverage_is_refused(coverage: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        bus_factor(firm(), coverage)
    with pytest.raises(OrgError, match=message):
        removal_impact(firm(), "ann", coverage=coverage)


def test_everything_wrong_with_coverage_is_told_at_once() -> None:
    with pytest.raises(OrgError) as caught:
        bus_factor(firm(), {"refunds": ["x", "ann", "y"], "rosters": None, "": []})  # type: ignore[dict-item]
    assert len(caught.value.faults) == 4


def test_reports_move_up_to_the_post_above() -> None:
    impact = removal_impact(firm(), "ann")
    assert isinstance(impact, RemovalImpact)
    assert (impact.person_id, impact.new_manager_id, impact.reparented) == ("ann", "boss", ("cem", "dee"))
    assert (impact.n_layers_before, impact.n_layers_after) == (4, 3)
    assert (impact.uncovered_functions, impact.n_ties_lost, impact.left_without_tie) == (None, None, None)
    assert impact.flags == ()


def test_without_the_root_its_reports_become_roots() -> None:
    impact = removal_impact(firm(), "boss")
    assert (impact.new_manager_id, impact.reparented, impact.n_layers_after) == (None, ("ann", "bob"), 3)


@given(organisations(), st.data())
@settings(max_examples=60)
def test_layers_after_are_those_of_the_organisation_without_the_post(
    organisation: Organisation, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(organisation.ids))
    kept = [one for one in organisation.ids if one != gone]
    managers = [organisation.manager_of(one) for one in kept]
    above = organisation.manager_of(gone)
    after = Organisation.from_columns(kept, [above if manager == gone else manager for manager in managers])
    impact = removal_impact(organisation, gone)
    assert impact.n_layers_before == organisation.tree.n_layers
    assert impact.n_layers_after == after.tree.n_layers
    assert impact.reparented == organisation.reports_of(gone)


def test_functions_that_one_person_alone_covers_are_lost_with_them() -> None:
    organisation = firm(status=["active", "active", "absent", "active", "active", "active"])
    coverage = {"rosters": ["ann", "bob"], "refunds": ["ann", "eva"], "demos": ["ann"], "audits": ["bob"]}
    assert removal_impact(organisation, "ann", coverage=coverage).uncovered_functions == ("demos", "rosters")
    assert removal_impact(organisation, "eva", coverage=coverage).uncovered_functions == ()
    # bob is absent: what he alone could do is uncovered already
    absent = removal_impact(organisation, "bob", coverage=coverage)
    assert (absent.uncovered_functions, absent.flags) == ((), ("not_active",))


def test_ties_of_the_removed_are_lost_and_some_people_keep_none() -> None:
    organisation = firm()
    impact = removal_impact(organisation, "cem", nominations=named(organisation), identify=True)
    assert impact.n_ties_lost == 3
    assert impact.left_without_tie == ("bob", "eva")
    assert impact.flags == ("identified",)
    impact = removal_impact(organisation, "bob", nominations=named(organisation), identify=True)
    assert (impact.n_ties_lost, impact.left_without_tie) == (1, ())


def test_ties_of_people_who_are_not_shareable_are_not_told() -> None:
    organisation = firm(shareable=[True, True, True, False, True, False])
    nominations = named(organisation)
    hidden = removal_impact(organisation, "cem", nominations=nominations)
    assert (hidden.n_ties_lost, hidden.left_without_tie, hidden.flags) == (None, None, ("numbers_withheld",))
    other = Nominations.from_columns(organisation, ["cem"], ["boss"])
    assert hidden == removal_impact(organisation, "cem", nominations=other)
    agreed = firm(shareable=[True, True, True, True, True, False])
    impact = removal_impact(agreed, "cem", nominations=nominations)
    assert (impact.n_ties_lost, impact.left_without_tie, impact.flags) == (3, ("bob",), ())


def test_ties_of_unfilled_posts_are_none_to_lose() -> None:
    organisation = firm(status=["active", "active", "left", "active", "active", "absent"])
    impact = removal_impact(organisation, "cem", nominations=named(organisation), identify=True)
    assert (impact.n_ties_lost, impact.left_without_tie) == (2, ("eva",))
    gone = removal_impact(organisation, "bob", nominations=named(organisation), identify=True)
    assert (gone.n_ties_lost, gone.flags) == (0, ("identified", "not_active"))


def test_one_person_alone_leaves_nothing() -> None:
    organisation = Organisation.from_columns(["a"], [None])
    impact = removal_impact(
        organisation, "a", coverage={"all": ["a"]}, nominations=named(organisation, []), identify=True
    )
    assert (impact.n_layers_before, impact.n_layers_after) == (1, 0)
    assert (impact.reparented, impact.uncovered_functions) == ((), ("all",))
    assert (impact.n_ties_lost, impact.left_without_tie) == (0, ())


def test_unknown_people_and_other_peoples_nominations_are_refused() -> None:
    with pytest.raises(OrgError, match="unknown person id 'anna'; nearest: 'ann'"):
        removal_impact(firm(), "anna")
    with pytest.raises(OrgError, match="unknown person id 'ann'"):
        removal_impact(Organisation.from_columns([], []), "ann")
    other = Organisation.from_columns(["a", "b"], [None, "a"])
    with pytest.raises(OrgError, match="nominations: they belong to other people"):
        removal_impact(firm(), "ann", nominations=named(other, [("b", "a")]))


def test_a_post_is_covered_by_somebody_active_who_is_ready_now() -> None:
    organisation = firm(status=["active", "active", "active", "absent", "active", "left"])
    cover = succession_cover(
        organisation,
        {
            "boss": [("bob", "now"), ("ann", "now"), ("dee", "year"), ("ann", "now")],
            "ann": [("cem", "now"), ("dee", "year"), ("bob", "later")],
            "bob": [],
            "cem": [("dee", "now"), ("eva", "later")],
        },
    )
    assert cover.post_ids == ("ann", "bob", "boss", "cem")
    assert cover.n_now.tolist() == [0, 0, 2, 1]
    assert cover.n_year.tolist() == [1, 0, 1, 0]
    assert cover.n_later.tolist() == [1, 0, 0, 0]
    assert cover.without_ready_now == ("ann", "bob")
    assert dict(cover.shared_successors) == {"bob": ("ann", "boss"), "dee": ("ann", "boss", "cem")}
    assert cover.cover_share == pytest.approx(1 / 2)
    assert cover.flags == ("inactive_left_out",)
    assert cover.to_records()[2] == {"post_id": "boss", "n_now": 2, "n_year": 1, "n_later": 0}


def test_no_post_has_no_cover_share() -> None:
    cover = succession_cover(firm(), {})
    assert isinstance(cover, SuccessionCover)
    assert math.isnan(cover.cover_share)
    assert (cover.post_ids, cover.without_ready_now, dict(cover.shared_successors), cover.flags) == ((), (), {}, ())


@pytest.mark.parametrize(
    ("successors", "message"),
    [
        ({"anna": []}, "successors: unknown person id 'anna'; nearest: 'ann'"),
        ({"ann": [("bop", "now")]}, "successors\\['ann'\\]: unknown person id 'bop'; nearest: 'bob'"),
        ({"ann": [("bob", "soon")]}, "unknown readiness 'soon'; known: now, year, later"),
        ({"ann": [("bob", ["now"])]}, "unknown readiness \\['now'\\]"),
        ({"ann": [("ann", "now")]}, "nobody follows themselves"),
        ({"ann": [("bob", "now"), ("bob", "year")]}, "'bob' is down both for 'now' and for 'year'"),
        ({"ann": ["bob"]}, "expected a pair of an id and a readiness, got 'bob'"),
        ({"ann": [("bob",)]}, "expected a pair"),
        ({"ann": [3]}, "expected a pair"),
        ({"ann": "bob"}, "expected a collection of \\(id, readiness\\) pairs, got 'bob'"),
        ({"ann": None}, "expected a collection"),
        ([("ann", [])], "successors: expected a mapping, got list"),
    ],
)
def test_bad_successors_are_refused(successors: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        succession_cover(firm(), successors)


def test_everything_wrong_with_successors_is_told_at_once() -> None:
    with pytest.raises(OrgError) as caught:
        succession_cover(firm(), {"x": [("y", "soon")], "ann": [("ann", "now")]})  # type: ignore[list-item]
    assert len(caught.value.faults) == 4


def test_everybody_gone_covers_nothing() -> None:
    organisation = firm(status=["vacant"] * 6)
    assert bus_factor(organisation, {"refunds": IDS}).uncovered == ("refunds",)
    assert succession_cover(organisation, {"boss": [("ann", "now")]}).cover_share == 0


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_rows_and_entries_changes_nothing(random: Any) -> None:
    organisation = firm(shareable=[True] * 6)
    people = list(organisation.people())
    random.shuffle(people)
    shuffled = Organisation.from_people(people)
    coverage = {"rosters": ["ann", "bob"], "refunds": ["eva"], "demos": []}
    successors: Any = {"boss": [("ann", "now"), ("bob", "later")], "ann": [("bob", "now")]}
    ties = random.sample(TIES, len(TIES))
    turned = dict(random.sample([(name, people[::-1]) for name, people in coverage.items()], 3))
    late = dict(random.sample([(name, pairs[::-1]) for name, pairs in successors.items()], 2))
    assert bus_factor(shuffled, turned) == bus_factor(organisation, coverage)
    assert succession_cover(shuffled, late) == succession_cover(organisation, successors)
    first = removal_impact(organisation, "cem", coverage=coverage, nominations=named(organisation))
    assert removal_impact(shuffled, "cem", coverage=turned, nominations=named(shuffled, ties)) == first


def test_results_are_read_only_and_json_safe() -> None:
    organisation = firm()
    results = (
        bus_factor(organisation, {"refunds": ["ann"], "demos": []}),
        removal_impact(organisation, "ann", coverage={"refunds": ["ann"]}, nominations=named(organisation)),
        succession_cover(organisation, {}),
    )
    for result in results:
        json.dumps(result.to_dict(), allow_nan=False)
        assert set(result.flags) <= set(ORG_FLAGS)
        assert type(result).__name__ in result._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        results[0].n_proficient[0] = 1
    assert results[0].to_dict()["single_points"] == {"refunds": "ann"}
    with pytest.raises(TypeError):
        results[0].single_points["refunds"] = "bob"  # type: ignore[index]


def test_a_long_chain_loses_one_layer() -> None:
    n = 5000
    ids = [f"p{place:05d}" for place in np.arange(n)]
    chain = Organisation.from_columns(ids, [None, *ids[:-1]])
    impact = removal_impact(chain, ids[n // 2])
    assert (impact.n_layers_before, impact.n_layers_after) == (n, n - 1)
