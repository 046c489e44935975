"""Who leads with a position and who without."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.graphs import Network
from leadkit.org import ORG_FLAGS, InfluenceReport, Nominations, Organisation, Tier, build_pyramid, measure_influence
from leadkit.org.influence.ranking import mid_rank_percentile, order_agreement, top_overlap, top_places

IDS = ("boss", "ann", "bob", "cem", "dee", "eva")
MANAGERS = (None, "boss", "boss", "ann", "ann", "bob")
TIES = [
    ("ann", "boss"),
    ("bob", "boss"),
    ("cem", "ann"),
    ("dee", "ann"),
    ("bob", "cem"),
    ("eva", "cem"),
    ("dee", "cem"),
    ("boss", "cem"),
    ("boss", "eva"),
]


def firm(**columns: Any) -> Organisation:
    return Organisation.from_columns(IDS, MANAGERS, **columns)


def named(organisation: Organisation, ties: list[tuple[str, str]] = TIES, **options: Any) -> Nominations:
    return Nominations.from_columns(organisation, [one for one, _ in ties], [other for _, other in ties], **options)


def measured(organisation: Organisation | None = None, ties: list[tuple[str, str]] = TIES, **options: Any) -> Any:
    organisation = firm() if organisation is None else organisation
    chosen: dict[str, Any] = {"measures": ("in_degree",), "identify": True} | options
    return measure_influence(organisation, named(organisation, ties), **chosen)


@st.composite
def answered(draw: st.DrawFn, *, most: int = 9) -> tuple[Organisation, Nominations]:
    n = draw(st.integers(1, most))
    ids = [f"p{place}" for place in range(n)]
    managers = [None] + [ids[draw(st.integers(0, place - 1))] for place in range(1, n)]
    status = draw(st.lists(st.sampled_from(["active", "active", "active", "absent", "vacant"]), min_size=n, max_size=n))
    ties = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3 * n))
    organisation = Organisation.from_columns(ids, managers, status=status)
    return organisation, named(organisation, ties, respondent_ids=ids)


def krackhardt(golden: Callable[[str], Any], shared_data: Callable[[str], Path]) -> tuple[Organisation, Nominations]:
    tree = golden("org/krackhardt_tree.json")
    organisation = Organisation.from_columns(tree["ids"], [manager or None for manager in tree["manager"]])
    with shared_data("org/krackhardt_advice.csv").open(encoding="utf-8") as lines:
        arcs = [(row["source"], row["target"]) for row in csv.DictReader(lines)]
    return organisation, named(organisation, arcs, respondent_ids=tree["ids"])


def test_the_krackhardt_managers_meet_the_reference_figures(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    reference = golden("org/krackhardt_formal_informal.json")
    organisation, nominations = krackhardt(golden, shared_data)
    report = measure_influence(organisation, nominations, measures=("in_degree",))
    assert report.tau_b == pytest.approx(reference["kendall_taub_indegree_advice_vs_subtree"], rel=1e-12)
    assert report.boss_sought_share == pytest.approx(reference["share_reports_who_seek_boss_advice"], rel=1e-12)
    assert report.ties_to_boss_share == pytest.approx(reference["share_of_advice_ties_to_own_boss"], rel=1e-12)


def test_the_reference_tau_against_subtree_size_is_that_against_authority(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    # In this firm a higher tier always has the larger subtree, so both orders of authority are one.
    organisation, nominations = krackhardt(golden, shared_data)
    report = measure_influence(organisation, nominations, measures=("in_degree",), identify=True)
    size = np.asarray(organisation.tree.size, dtype=np.float64)
    assert np.array_equal(report.authority, mid_rank_percentile(size))
    assert order_agreement(report.in_degree, size) == report.tau_b


def test_in_degrees_of_the_krackhardt_managers_are_shares_of_the_twenty_others(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    organisation, nominations = krackhardt(golden, shared_data)
    report = measure_influence(organisation, nominations, identify=True)
    assert (report.in_degree * 20).tolist() == pytest.approx(golden("org/krackhardt_advice.json")["indegree"])
    assert report.response_rate == 1
    assert report.flags == ("identified", "numbers_withheld")


def test_a_small_firm_by_hand() -> None:
    report = measured(min_nominators=4)
    assert report.in_degree.tolist() == [2 / 5, 2 / 5, 0, 4 / 5, 0, 1 / 5]
    assert report.influence * 12 == pytest.approx([8, 8, 2, 11, 2, 5])
    assert report.authority * 12 == pytest.approx([11, 9, 7, 3, 3, 3])
    assert report.gap == pytest.approx(report.influence - report.authority)
    assert report.role == ("positional", "positional", "positional", "informal_leader", "colleague", "colleague")
    assert report.persuasive_share[:2].tolist() == [0, 0]
    assert report.persuasive_share[3] == pytest.approx(3 / 4)
    assert math.isnan(report.persuasive_share[2])
    assert report.persuasive_share[5] == 0
    assert report.formal_persuasive_share == 0
    assert report.boss_sought_share == pytest.approx(4 / 5)
    assert report.ties_to_boss_share == pytest.approx(4 / 9)
    assert (report.n_informal_leaders, report.n_withheld, report.informal_leader_ids) == (1, 0, ("cem",))
    assert (report.n, report.n_respondents, report.response_rate) == (6, 6, 1)


def test_influence_is_the_mean_of_the_percentiles_of_the_measures() -> None:
    measures = ("in_degree", "pagerank", "betweenness", "harmonic")
    each = {one: measured(measures=(one,)).influence for one in measures}
    together = measured(measures=tuple(each))
    assert together.influence == pytest.approx(sum(each.values()) / 4, abs=1e-15)
    assert np.array_equal(measured(measures=tuple(each)[::-1]).influence, together.influence)
    assert measured(measures=("eigenvector",), ties=[*TIES, ("cem", "boss")]).influence[3] == pytest.approx(10 / 12)


@pytest.mark.parametrize("measure", ["pagerank", "betweenness", "harmonic"])
def test_measures_rank_people_as_networkx_does(measure: Any) -> None:
    graph = nx.DiGraph([(IDS.index(one), IDS.index(other)) for one, other in TIES])
    peer = {
        "pagerank": lambda: nx.pagerank(graph, tol=1e-14, max_iter=1000),
        "betweenness": lambda: nx.betweenness_centrality(graph),
        "harmonic": lambda: nx.harmonic_centrality(graph),
    }[measure]()
    expected = mid_rank_percentile(np.array([peer[place] for place in range(6)]))
    assert measured(measures=(measure,)).influence == pytest.approx(expected)


def test_weights_move_pagerank_and_no_count() -> None:
    organisation = firm()
    light, heavy = named(organisation), named(organisation, weights=[1, 50, 1, 1, 1, 1, 1, 1, 50])
    cases: Any = (("in_degree", True), ("harmonic", True), ("pagerank", False))
    for measure, is_same in cases:
        first, second = (
            measure_influence(organisation, answers, measures=(measure,), identify=True).influence
            for answers in (light, heavy)
        )
        assert np.array_equal(first, second) is is_same


def test_eigenvector_centrality_is_refused_where_it_is_not_unique() -> None:
    two_pairs = [("ann", "bob"), ("bob", "ann"), ("cem", "dee"), ("dee", "cem")]
    with pytest.raises(OrgError, match="eigenvector centrality is not defined here: not_unique"):
        measured(ties=two_pairs, measures=("eigenvector",))
    with pytest.raises(OrgError, match="no_cycle"):
        measured(ties=[("ann", "bob"), ("cem", "bob"), ("dee", "bob")], measures=("eigenvector",))


@given(st.lists(st.one_of(st.integers(-3, 3), st.none()), max_size=12))
def test_percentiles_are_shares_below_and_half_of_those_level(values: list[int | None]) -> None:
    given_values = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = [value for value in values if value is not None]
    expected = [
        math.nan if one is None else (sum(x < one for x in known) + sum(x == one for x in known) / 2) / len(known)
        for one in values
    ]
    assert mid_rank_percentile(given_values) == pytest.approx(expected, nan_ok=True)
    if known:
        assert np.nanmean(mid_rank_percentile(given_values)) == pytest.approx(0.5)


def test_values_that_differ_by_rounding_share_a_rank() -> None:
    assert mid_rank_percentile(np.array([0.1 + 0.2, 0.3, 0.4])).tolist() == [1 / 3, 1 / 3, 5 / 6]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_order_agreement_is_tau_b_over_all_pairs(values: list[int], random: Any) -> None:
    x, y = np.array(values, dtype=np.float64), np.array([random.randint(0, 3) for _ in values], dtype=np.float64)
    pairs = [(i, j) for i in range(len(x)) for j in range(i)]
    signs = [(np.sign(x[i] - x[j]), np.sign(y[i] - y[j])) for i, j in pairs]
    below = math.sqrt(sum(a != 0 for a, _ in signs) * sum(b != 0 for _, b in signs))
    expected = sum(a * b for a, b in signs) / below if below else math.nan
    assert order_agreement(x, y) == pytest.approx(expected, nan_ok=True, abs=1e-12)


def test_the_overlap_of_two_tops_breaks_ties_by_id() -> None:
    by_id = np.array([2, 1, 0])
    assert top_places(np.array([1.0, 1.0, 1.0]), by_id, 2).tolist() == [1, 2]
    assert top_places(np.array([1.0, 2.0, np.nan]), by_id, 9).tolist() == [0, 1]
    assert top_overlap(np.array([0, 1]), np.array([1, 2])) == pytest.approx(1 / 3)
    assert math.isnan(top_overlap(np.array([]), np.array([])))
    # cem is first by influence, boss by authority; of boss and ann, level in influence, ann comes first by id
    assert measured(top_k=1).top_k_overlap == 0
    assert measured(top_k=2).top_k_overlap == pytest.approx(1 / 3)


def test_roles_follow_their_rules() -> None:
    assert measured(informal_at=8 / 12).role[:2] == ("leader", "leader")
    assert measured(informal_at=0.95).role[3] == "colleague"
    assert measured(min_nominators=5).role[3] == "colleague"
    assert measured(min_nominators=5).n_informal_leaders == 0


def test_a_designation_decides_who_is_a_formal_leader() -> None:
    organisation = firm(formal_leader=[False, None, None, True, None, None])
    report = measured(organisation)
    assert report.role == ("colleague", "positional", "positional", "leader", "colleague", "colleague")
    assert report.formal_persuasive_share == pytest.approx(3 / 6)


def test_formal_authority_puts_the_tier_before_the_size_and_support_beside_the_front_line() -> None:
    organisation = firm(tiers=[None, "FRONT_LINE", "SENIOR_LEADER", "SUPPORT", "FRONT_LINE", "MIDDLE_MANAGER"])
    report = measured(organisation)
    # boss (senior, 6), bob (senior, 2), eva (middle, 1), ann (front line, 3), cem and dee level (1 post each)
    assert report.authority * 12 == pytest.approx([11, 5, 9, 2, 2, 7])
    assert set(report.by_tier) == {Tier.FRONT_LINE, Tier.MIDDLE_MANAGER, Tier.SENIOR_LEADER, Tier.SUPPORT}
    assert list(report.by_tier) == sorted(report.by_tier)
    given_pyramid = build_pyramid(organisation, senior_depth=0)
    other = measure_influence(organisation, named(organisation), pyramid=given_pyramid, measures=("in_degree",))
    assert other.n == 6


def test_a_tier_has_means_from_min_n_people_on() -> None:
    report = measured(min_n=3)
    front = report.by_tier[Tier.FRONT_LINE]
    assert (front.n, front.mean_influence, front.mean_gap) == (3, pytest.approx(0.5), pytest.approx(0.25))
    assert report.by_tier[Tier.FRONT_LINE_LEADER].n == 2
    assert math.isnan(report.by_tier[Tier.FRONT_LINE_LEADER].mean_influence)
    assert math.isnan(measured(min_n=4).by_tier[Tier.FRONT_LINE].mean_gap)


@given(answered())
@settings(max_examples=30)
def test_shares_of_ties_agree_with_a_walk(drawn: tuple[Organisation, Nominations]) -> None:
    organisation, nominations = drawn
    report = measure_influence(organisation, nominations, measures=("in_degree",), identify=True, force=True)
    ids, filled = organisation.ids, organisation.is_filled
    ties = {
        (one, other)
        for one, other in zip(nominations.network.source.tolist(), nominations.network.target.tolist(), strict=True)
        if filled[one] and filled[other]
    }
    lines = {place: {organisation.index_of(one) for one in organisation.chain(ids[place])} for place in range(len(ids))}
    outside = {(s, t) for s, t in ties if s not in lines[t] and t not in lines[s]}
    for place in range(len(ids)):
        mine = [tie for tie in ties if tie[1] == place]
        expected = sum(tie in outside for tie in mine) / len(mine) if mine else math.nan
        assert report.persuasive_share[place] == pytest.approx(expected, nan_ok=True)
    bosses = {place: organisation.tree.parents[place] for place in np.flatnonzero(filled).tolist()}
    seekers = [place for place, boss in bosses.items() if boss >= 0 and filled[boss]]
    to_boss = sum((place, bosses[place]) in ties for place in seekers)
    assert report.boss_sought_share == pytest.approx(to_boss / len(seekers) if seekers else math.nan, nan_ok=True)
    assert report.ties_to_boss_share == pytest.approx(to_boss / len(ties) if ties else math.nan, nan_ok=True)
    led = [tie for tie in ties if organisation.tree.n_children[tie[1]]]
    expected = sum(tie in outside for tie in led) / len(led) if led else math.nan
    assert report.formal_persuasive_share == pytest.approx(expected, nan_ok=True)


def test_a_boss_whose_post_is_not_filled_is_no_boss_to_name() -> None:
    report = measured(firm(status=["active", "vacant", *["active"] * 4]))
    # of bob, eva and the now bossless cem and dee, only bob and eva have one; bob names his
    assert report.boss_sought_share == pytest.approx(1 / 2)


@given(answered(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing(drawn: tuple[Organisation, Nominations], random: Any) -> None:
    organisation, nominations = drawn
    network = nominations.network
    ties = [
        (organisation.ids[one], organisation.ids[other])
        for one, other in zip(network.source, network.target, strict=True)
    ]
    people = list(organisation.people())
    random.shuffle(people)
    random.shuffle(ties)
    shuffled = Organisation.from_people(people)
    options: Any = {"measures": ("in_degree", "pagerank", "harmonic"), "min_n": 3, "top_k": 3}
    before = measure_influence(organisation, nominations, **options, identify=True)
    after = measure_influence(
        shuffled, named(shuffled, ties, respondent_ids=organisation.ids), **options, identify=True
    )
    order = shuffled.indices_of(organisation.ids)
    for name in ("influence", "authority", "gap", "in_degree", "persuasive_share"):
        assert getattr(after, name)[order] == pytest.approx(getattr(before, name), nan_ok=True)
    assert tuple(after.role[place] for place in order) == before.role
    first, second = (report.to_dict() for report in (before, after))
    rows = {"ids", "influence", "authority", "gap", "in_degree", "persuasive_share", "role", "by_tier"}
    for name in set(first) - rows:
        assert (
            first[name] == pytest.approx(second[name])
            if isinstance(first[name], float)
            else first[name] == second[name]
        )


def test_a_low_response_hides_influence_unless_forced() -> None:
    organisation = firm()
    few = named(organisation, [("ann", "boss"), ("bob", "boss")])
    report = measure_influence(organisation, few, measures=("in_degree",), identify=True)
    assert report.flags == ("identified", "low_response", "respondents_inferred")
    assert (report.n, report.n_respondents) == (6, 2)
    assert report.response_rate == pytest.approx(1 / 3)
    for name in ("influence", "gap", "in_degree", "persuasive_share"):
        assert np.isnan(getattr(report, name)).all()
    for name in ("tau_b", "top_k_overlap", "formal_persuasive_share", "boss_sought_share", "ties_to_boss_share"):
        assert math.isnan(getattr(report, name))
    assert report.role == (None,) * 6
    assert (report.n_informal_leaders, report.n_withheld, report.informal_leader_ids) == (None, None, ())
    assert all(math.isnan(tier.mean_influence) for tier in report.by_tier.values())
    assert not np.isnan(report.authority).any()
    forced = measure_influence(organisation, few, measures=("in_degree",), identify=True, force=True)
    assert "low_response" in forced.flags
    assert forced.in_degree.tolist() == [1, 0, 0, 0, 0, 0]
    assert forced.boss_sought_share == 1


def test_half_of_the_people_are_enough() -> None:
    organisation = firm()
    half = named(organisation, [("ann", "boss"), ("bob", "boss"), ("eva", "boss")])
    report = measure_influence(organisation, half, measures=("in_degree",), identify=True)
    assert "low_response" not in report.flags
    assert report.in_degree[0] == 1


def test_the_one_respondent_has_no_share_of_other_respondents() -> None:
    organisation = Organisation.from_columns(["a", "b"], [None, "a"])
    report = measure_influence(organisation, named(organisation, [("b", "a")]), measures=("in_degree",), identify=True)
    assert report.in_degree.tolist() == [1, pytest.approx(math.nan, nan_ok=True)]
    assert report.influence.tolist() == [0.5, pytest.approx(math.nan, nan_ok=True)]
    assert report.role == ("positional", None)


def test_unfilled_posts_have_no_numbers_and_their_ties_do_not_count() -> None:
    organisation = firm(status=["active", "active", "left", "active", "vacant", "absent"])
    report = measured(organisation)
    assert "unfilled_dropped" in report.flags
    assert (report.n, report.n_respondents) == (4, 4)
    assert np.isnan(report.influence[[2, 4]]).all()
    assert np.isnan(report.authority[[2, 4]]).all()
    assert report.role[2] is None
    assert report.in_degree[[0, 1, 3, 5]].tolist() == [1 / 3, 1 / 3, 2 / 3, 1 / 3]
    assert report.influence[[0, 1, 3, 5]] * 8 == pytest.approx([3, 3, 7, 3])


def test_an_organisation_of_nobody_is_legal() -> None:
    for organisation in (Organisation.from_columns([], []), firm(status=["vacant"] * 6)):
        report = measure_influence(organisation, named(organisation, []))
        assert report.flags == ("no_filled_posts", "respondents_inferred")
        assert report.n == 0
        assert math.isnan(report.response_rate)
        assert math.isnan(report.tau_b)
        assert report.by_tier == {}
        json.dumps(report.to_dict(), allow_nan=False)


def test_one_person_alone_has_no_order_and_no_ties() -> None:
    organisation = Organisation.from_columns(["a"], [None])
    answers = named(organisation, [], respondent_ids=["a"])
    report = measure_influence(organisation, answers, measures=("pagerank",), identify=True)
    assert report.influence.tolist() == [0.5]
    assert report.flags == (
        "identified",
        "no_boss_to_name",
        "no_formal_ties",
        "no_ties",
        "no_variance",
        "numbers_withheld",
    )


def test_a_forest_and_a_deep_chain_are_measured() -> None:
    n = 3000
    ids = [f"p{place:04d}" for place in range(n)]
    chain = Organisation.from_columns(ids, [None, *ids[:-1]])
    report = measure_influence(chain, named(chain, list(zip(ids[1:], ids[:-1], strict=True))), identify=True)
    assert report.boss_sought_share == 1
    assert report.formal_persuasive_share == 0
    forest = Organisation.from_columns(ids[:4], [None] * 4)
    report = measured(forest, [("p0001", "p0000"), ("p0002", "p0000"), ("p0003", "p0000"), ("p0000", "p0001")])
    assert report.persuasive_share[0] == 1
    assert math.isnan(report.boss_sought_share)


def test_a_report_is_read_only_and_json_safe() -> None:
    report = measured()
    with pytest.raises(ValueError, match="read-only"):
        report.influence[0] = 1
    full = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert full["by_tier"]["FRONT_LINE"] == {"n": 3, "mean_influence": None, "mean_gap": None}
    assert full["persuasive_share"][2] is None
    rows = report.to_records()
    assert rows[3] == {
        "id": "cem",
        "influence": pytest.approx(11 / 12),
        "authority": 0.25,
        "gap": pytest.approx(2 / 3),
        "in_degree": 0.8,
        "persuasive_share": 0.75,
        "role": "informal_leader",
    }
    assert report.is_identified
    assert "<td>FRONT_LINE</td>" in report._repr_html_()
    assert report == measured()
    assert set(report.flags) <= set(ORG_FLAGS)


def test_what_is_shown_is_escaped() -> None:
    ids = ["<b>", "a", "c", "d"]
    organisation = Organisation.from_columns(ids, [None] * 4)
    ties = [("a", "<b>"), ("c", "<b>"), ("d", "<b>"), ("<b>", "a")]
    report = measure_influence(organisation, named(organisation, ties), identify=True)
    assert report.informal_leader_ids == ("<b>",)
    assert "<b>" not in report._repr_html_()


def test_nominations_count_what_they_leave_out() -> None:
    organisation = firm()
    answers = named(
        organisation,
        [("ann", "bob"), ("ann", "bob"), ("bob", "bob"), ("cem", "ghost"), ("ghost", "cem"), ("dee", "")],
        unknown="drop",
        question="trust",
    )
    assert answers.network.n_edges == 1
    assert (answers.n_self_dropped, answers.n_unknown_dropped, answers.network.n_duplicates_merged) == (1, 3, 1)
    assert answers.responded.tolist() == [False, True, True, True, True, False]
    assert answers.flags == ("respondents_inferred", "unknown_dropped")
    assert answers.question == measure_influence(organisation, answers).question == "trust"


def test_missing_cells_are_dropped_like_unknown_people() -> None:
    organisation = firm()
    columns: Any = (["ann", "bob", None], [None, math.nan, "bob"])
    answers = Nominations.from_columns(organisation, *columns, unknown="drop")
    assert answers.n_unknown_dropped == 3
    assert answers.responded.sum() == 2
    with pytest.raises(OrgError, match="row 0, target: no id; unknown='drop'"):
        Nominations.from_columns(organisation, *columns)


def test_weights_of_nominations_add_up_and_zero_is_no_tie() -> None:
    answers = named(firm(), [("ann", "bob"), ("ann", "bob"), ("cem", "bob")], weights=[1, 2.5, 0])
    assert answers.network.weights is not None
    assert answers.network.weights.tolist() == [3.5]
    assert answers.responded.tolist() == [False, True, False, True, False, False]


def test_respondents_are_those_listed_and_those_who_name_somebody() -> None:
    organisation = firm()
    listed = named(organisation, [("ann", "bob")], respondent_ids=["ann", "cem"])
    assert listed.responded.tolist() == [False, True, False, True, False, False]
    assert listed.flags == ()
    more = named(organisation, [("ann", "bob"), ("bob", "bob")], respondent_ids=["cem"])
    assert more.responded.tolist() == [False, True, True, True, False, False]
    assert more.flags == ("respondents_added",)
    dropped = named(organisation, [("ann", "bob")], respondent_ids=["ann", "ghost"], unknown="drop")
    assert dropped.flags == ("unknown_dropped",)
    assert dropped.n_unknown_dropped == 0


def test_everything_wrong_with_nominations_is_told_at_once() -> None:
    sources: Any = ["ann", "anna", 7, "bob"]
    targets: Any = ["bob", "bob", "bob", None]
    with pytest.raises(OrgError) as caught:
        Nominations.from_columns(firm(), sources, targets, weights=[1, 1, -1, math.inf], respondent_ids=["dea"])
    told = [str(fault) for fault in caught.value.faults]
    assert told[:2] == [
        "row 2, weight: expected a finite number of at least 0, got -1",
        "row 3, weight: expected a finite number of at least 0, got inf",
    ]
    assert "row 2, source: expected a text, got the int 7" in told[2]
    assert told[3].startswith("row 1, source: unknown person id 'anna'; nearest: 'ann'")
    assert told[4].startswith("row 3, target: no id")
    assert told[5].startswith("row 0, respondent: unknown person id 'dea'; nearest: 'dee'")


def test_only_the_first_unknown_people_get_suggestions() -> None:
    with pytest.raises(OrgError) as caught:
        named(firm(), [("ann", f"ghost{row}") for row in range(30)])
    assert len(caught.value.faults) == 30
    assert "nearest" in str(caught.value.faults[19])
    assert str(caught.value.faults[20]) == "row 20, target: unknown person id 'ghost20'"


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ((["ann"], []), {}, "columns differ in length: source_ids 1, target_ids 0"),
        ((["ann"], ["bob"]), {"weights": [1, 2]}, "weights 2"),
        ((["ann"], ["bob"]), {"weights": ["much"]}, "weights: expected one number a nomination"),
        ((["ann", "bob"], ["bob", "ann"]), {"weights": [1e308, 1e308]}, "weights: together"),
        ((["ann"], ["bob"]), {"unknown": "keep"}, "unknown: expected one of 'error', 'drop', got 'keep'"),
        (("ann", ["bob", "bob", "bob"]), {}, "source_ids: expected a column"),
        ((["ann"], ["bob"]), {"respondent_ids": "ann"}, "respondent_ids: expected a column"),
        ((["ann"], ["bob"]), {"question": 3}, "question: expected a text"),
    ],
)
def test_bad_nominations_are_refused(columns: Any, options: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        Nominations.from_columns(firm(), *columns, **options)


def test_parts_that_do_not_fit_are_no_nominations() -> None:
    network = Network.from_edges(2, [0], [1])
    with pytest.raises(OrgError, match="expected a directed network of 3"):
        Nominations(ids=("a", "b", "c"), network=network, responded=[True, True, True])
    with pytest.raises(OrgError, match="not marked as having responded"):
        Nominations(ids=("a", "b"), network=network, responded=[False, True])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measures": ()}, "measures: expected some of in_degree"),
        ({"measures": "in_degree"}, "each once, got 'in_degree'"),
        ({"measures": ("in_degree", "in_degree")}, "each once"),
        ({"measures": ("fame",)}, "got \\('fame',\\)"),
        ({"informal_at": 0}, "informal_at: expected a number above 0 and at most 1, got 0"),
        ({"informal_at": 1.5}, "got 1.5"),
        ({"informal_at": math.nan}, "got nan"),
        ({"informal_at": "high"}, "got 'high'"),
        ({"min_nominators": 0}, "min_nominators: expected a whole number of at least 1, got 0"),
        ({"top_k": 2.0}, "top_k: expected a whole number of at least 1, got 2.0"),
        ({"top_k": True}, "top_k: expected a whole number"),
    ],
)
def test_bad_options_are_refused(options: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        measured(**options)


@pytest.mark.parametrize("min_n", [2, 0, 3.0, True])
def test_a_minimum_below_three_is_refused(min_n: Any) -> None:
    with pytest.raises(DisclosureError, match="min_n: expected a whole number of at least 3"):
        measured(min_n=min_n)


def test_nominations_and_pyramids_of_other_people_are_refused() -> None:
    organisation = firm()
    turned = Organisation.from_people(reversed(list(organisation.people())))
    with pytest.raises(OrgError, match="nominations: they belong to other people"):
        measure_influence(turned, named(organisation))
    with pytest.raises(OrgError, match="pyramid: it was built of another organisation"):
        measure_influence(organisation, named(organisation), pyramid=build_pyramid(turned))
    with pytest.raises(OrgError, match="pyramid: it was built of another organisation"):
        measure_influence(organisation, named(organisation), pyramid=build_pyramid(firm(status=["left"] * 6)))
    twin = build_pyramid(firm())
    assert measure_influence(organisation, named(organisation), pyramid=twin).n == 6


def test_other_things_than_an_organisation_and_its_answers_are_refused() -> None:
    organisation: Any = firm()
    answers: Any = named(organisation)
    pyramid: Any = build_pyramid(organisation)
    with pytest.raises(OrgError, match="organisation: expected an Organisation, got Pyramid"):
        Nominations.from_columns(pyramid, [], [])
    with pytest.raises(OrgError, match="organisation: expected an Organisation, got Pyramid"):
        measure_influence(pyramid, answers)
    with pytest.raises(OrgError, match="nominations: expected Nominations, got int"):
        measure_influence(organisation, 3)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="pyramid: expected a Pyramid, as build_pyramid gives it, got int"):
        measure_influence(organisation, answers, pyramid=3)  # type: ignore[arg-type]


def test_raw_nominations_count_themselves_and_show_no_tie() -> None:
    answers = named(firm())
    assert repr(answers) == "Nominations(question='advice', n=6, ties=9, respondents=6)"
    assert not hasattr(answers, "to_dict")
    assert not hasattr(answers, "to_records")
    assert not hasattr(answers, "_repr_html_")
    assert answers == named(firm())
    assert answers != named(firm(), TIES[1:])


def test_a_report_is_a_table() -> None:
    assert isinstance(measured(), InfluenceReport)
    assert [row["id"] for row in measured().to_records()] == list(IDS)
