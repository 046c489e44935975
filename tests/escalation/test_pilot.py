"""The rules of a pilot: expected shares, the exact test, shrinkage, error control, verdicts and what follows."""

from __future__ import annotations

import copy
import json
import math
import pickle
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pytest
from scipy import stats

from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.pilot import PilotEvaluation, PilotOutcomes, PilotRow, evaluate_pilot
from leadkit.escalation.pilot.control import benjamini_hochberg
from leadkit.escalation.pilot.measures import measured
from leadkit.escalation.pilot.shrinkage import CellCount, concentration, shrink
from leadkit.escalation.pilot.sizes import cases_needed
from leadkit.escalation.pilot.tails import binomial_tail, clopper_pearson, hypergeometric, lower_tail
from leadkit.skills import SkillMatrix

PEOPLE = ("ann", "bo", "cy", "dee")


def counted(*rows: tuple[str, str, int, int], stratum: list[str] | None = None) -> PilotOutcomes:
    """Read rows of person, domain, cases and successes."""
    person, domain, count, success = zip(*rows, strict=True)
    return PilotOutcomes.from_columns(person, domain, success, count=count, stratum=stratum)


def team(*successes: int, n: int = 50, domain: str = "billing") -> list[tuple[str, str, int, int]]:
    return [(person, domain, n, own) for person, own in zip(PEOPLE, successes, strict=True)]


def cell(found: PilotEvaluation, person: str, domain: str = "billing") -> PilotRow:
    return next(row for row in found.cells if (row.person, row.domain) == (person, domain))


def exact_tail(observed: int, draws: list[tuple[int, int, int]]) -> Fraction:
    """Add up, in fractions, the chances of every way to have at most `observed` successes."""
    laws = [
        {k: Fraction(comb(good, k) * comb(total - good, n - k), comb(total, n)) for k in range(n + 1)}
        for n, total, good in draws
    ]
    ways = product(*(law.items() for law in laws))
    return sum(
        (math.prod((p for _, p in way), start=Fraction(1)) for way in ways if sum(k for k, _ in way) <= observed),
        Fraction(0),
    )


# rule 1: what is expected


def test_expected_takes_out_the_mix_of_cases() -> None:
    """The second person has the hard cases; both are exactly like the team in each stratum."""
    rows = [("ann", "d", 90, 81), ("ann", "d", 10, 5), ("bo", "d", 10, 9), ("bo", "d", 90, 45)]
    outcomes = counted(*rows, stratum=["easy", "hard", "easy", "hard"])
    found = evaluate_pilot(outcomes)
    assert [(row.observed, row.expected, row.gap) for row in found.cells] == [(0.86, 0.86, 0.0), (0.54, 0.54, 0.0)]
    assert cell(evaluate_pilot(counted(*rows)), "bo", "d").gap == pytest.approx(-0.16)


def test_expected_is_the_weighted_rate_of_the_strata() -> None:
    rows = [("ann", "d", 4, 3), ("ann", "d", 2, 0), ("bo", "d", 6, 3), ("bo", "d", 3, 1)]
    found = evaluate_pilot(counted(*rows, stratum=["x", "y", "x", "y"]))
    assert found.cells[0].expected == pytest.approx(float((4 * Fraction(6, 10) + 2 * Fraction(1, 5)) / 6), abs=1e-15)
    assert [(own.label, own.n_cases, own.n_successes, own.people) for own in found.strata] == [
        ("d/x", 10, 6, ("ann", "bo")),
        ("d/y", 5, 1, ("ann", "bo")),
    ]


def test_a_stratum_of_one_person_is_reported_and_not_tested() -> None:
    rows = [("ann", "d", 20, 12), ("bo", "d", 20, 18), ("ann", "d", 30, 0)]
    found = evaluate_pilot(counted(*rows, stratum=["x", "x", "alone"]))
    assert found.flags == ("no_comparison:d/alone",)
    row = found.cells[0]
    assert (row.n, row.successes, row.n_compared) == (50, 12, 20)
    assert row.p_value == pytest.approx(float(exact_tail(12, [(20, 40, 30)])), rel=1e-12)
    assert row.expected == pytest.approx((20 * 30 / 40 + 0) / 50)


def test_somebody_without_any_comparison_is_never_fine() -> None:
    found = evaluate_pilot(counted(("ann", "d", 5000, 4900)))
    row = found.cells[0]
    assert found.flags == ("no_comparison:d",)
    assert (row.verdict, row.gap, row.n_compared) == ("observe_more", 0.0, 0)
    assert math.isnan(row.p_value)
    assert math.isnan(row.q_value)
    assert found.concentration == 50.0
    assert row.n_needed is not None
    assert row.n > row.n_needed


# rule 2: the test


@pytest.mark.parametrize(
    "draws",
    [
        [(3, 7, 4)],
        [(3, 7, 4), (2, 5, 5), (4, 9, 2)],
        [(1, 2, 1)] * 6,
        [(5, 5, 3), (2, 6, 0), (3, 6, 3)],
        [(6, 20, 13), (9, 12, 4), (2, 3, 1)],
    ],
)
def test_the_tail_is_that_of_all_ways_counted_in_fractions(draws: list[tuple[int, int, int]]) -> None:
    for observed in range(-1, sum(n for n, _, _ in draws) + 1):
        assert lower_tail(observed, draws) == pytest.approx(float(exact_tail(observed, draws)), rel=1e-12, abs=0)


def test_one_stratum_is_the_law_of_scipy() -> None:
    for n, total, good in [(50, 120, 90), (400, 1000, 617), (7000, 20000, 15000)]:
        law = stats.hypergeom(total, good, n)
        for observed in (int(law.mean() - 6 * law.std()), int(law.mean()), int(law.mean() + 2 * law.std())):
            assert lower_tail(observed, [(n, total, good)]) == pytest.approx(law.cdf(observed), rel=1e-8)


def test_large_strata_agree_with_whole_numbers_of_any_size() -> None:
    n, total, good, observed = 600, 3000, 2100, 380
    ways = sum(comb(good, k) * comb(total - good, n - k) for k in range(observed + 1))
    assert lower_tail(observed, [(n, total, good)]) == pytest.approx(float(Fraction(ways, comb(total, n))), rel=1e-11)


def test_strata_of_a_million_cases_stay_in_range() -> None:
    tail = lower_tail(450_000, [(300_000, 1_000_000, 500_000)] * 3)
    assert tail == pytest.approx(0.5, abs=2e-3)
    start, law = hypergeometric((300_000, 1_000_000, 500_000))
    assert law.sum() == pytest.approx(1.0, abs=1e-12)
    assert start > 140_000


def test_the_tail_of_nothing_is_certain() -> None:
    assert lower_tail(0, []) == 1.0
    assert lower_tail(-1, []) == 0.0


def test_people_are_tested_over_all_their_strata() -> None:
    rows = [*team(40, 30, 45, 44), *team(44, 33, 40, 47, domain="login")]
    bo = evaluate_pilot(counted(*rows)).people[1]
    assert (bo.person, bo.domain, bo.n, bo.successes) == ("bo", None, 100, 63)
    assert bo.p_value == pytest.approx(lower_tail(63, [(50, 200, 159), (50, 200, 164)]), rel=1e-12)


def test_binomial_tail_and_interval_are_those_of_scipy() -> None:
    for observed, n, p in [(0, 5, 0.3), (12, 40, 0.5), (40, 40, 0.9), (5, 9, 1.0), (3, 9, 0.0)]:
        assert binomial_tail(observed, n, p) == pytest.approx(stats.binom.cdf(observed, n, p), rel=1e-12)
        ends = stats.binomtest(observed, n).proportion_ci(method="exact")
        assert clopper_pearson(observed, n) == pytest.approx((ends.low, ends.high), rel=1e-9)


# rule 3: shrinkage


def test_concentration_by_the_formula() -> None:
    cells = [CellCount("d", n, s, e) for n, s, e in [(40, 38, 0.75), (30, 12, 0.75), (50, 40, 0.7), (20, 20, 1.0)]]
    used = cells[:3]
    chi = sum((c.successes - c.n * c.expected) ** 2 / (c.n * c.expected * (1 - c.expected)) for c in used)
    rho = (chi / 2 - 1) / (40 - 1)
    assert concentration(cells) == pytest.approx(1 / rho - 1, rel=1e-14)
    assert 1 < concentration(cells) < 50


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [
        ([], 50.0),
        ([CellCount("d", 10, 5, 0.5)], 50.0),
        ([CellCount("d", 10, 5, 0.5), CellCount("e", 10, 1, 0.5)], 50.0),
        ([CellCount("d", 10, 5, 0.5), CellCount("d", 10, 5, 0.5)], 50.0),
        ([CellCount("d", 1, 1, 0.5), CellCount("d", 1, 0, 0.1), CellCount("d", 1, 1, 0.1)], 50.0),
        ([CellCount("d", 40, 40, 0.5), CellCount("d", 40, 0, 0.5)], 1.0),
        ([CellCount("d", 10, 10, 1.0), CellCount("d", 10, 0, 0.0)], 50.0),
    ],
)
def test_concentration_is_bounded(cells: list[CellCount], kappa: float) -> None:
    assert concentration(cells) == kappa


def test_shrunken_is_the_mean_of_the_beta_law() -> None:
    found = shrink(20, 9, 0.7, 12.5)
    law = stats.beta(9 + 12.5 * 0.7, 11 + 12.5 * 0.3)
    assert (found.value, found.low, found.high) == pytest.approx((law.mean(), law.ppf(0.025), law.ppf(0.975)), rel=1e-9)


def test_where_all_fail_or_succeed_there_is_no_spread() -> None:
    found = evaluate_pilot(counted(*team(50, 50, 50, 50), *team(0, 0, 0, 0, domain="login")))
    rows = [cell(found, "ann"), cell(found, "ann", "login")]
    assert [(row.shrunken, row.low, row.high, row.p_value) for row in rows] == [(1, 1, 1, 1), (0, 0, 0, 1)]
    assert [row.n_needed for row in rows] == [cases_needed(1.0, 0.05, 0.8), None]
    assert {row.verdict for row in rows} == {"fine"}


def test_rows_carry_the_shrunken_rate() -> None:
    found = evaluate_pilot(counted(*team(45, 28, 46, 44)))
    bo, drawn = cell(found, "bo"), shrink(50, 28, 0.815, found.concentration)
    assert (bo.shrunken, bo.low, bo.high) == (drawn.value, drawn.low, drawn.high)
    assert bo.shrunken_gap == pytest.approx(drawn.value - 0.815)
    assert found.concentration == concentration([CellCount("billing", 50, s, 0.815) for s in (45, 28, 46, 44)])


# rule 4: error control


def test_benjamini_hochberg_is_that_of_scipy() -> None:
    p = np.random.default_rng(5).beta(0.5, 2, 40)
    p[3] = p[7]
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-14)
    assert benjamini_hochberg([]).tolist() == []
    assert benjamini_hochberg([0.5, 0.5]).tolist() == [0.5, 0.5]
    assert np.isnan(benjamini_hochberg([math.nan])).all()


def test_the_family_is_cells_and_people_of_enough_cases_and_domains_with_a_target() -> None:
    rows = [*team(40, 30, 45, 44), *team(7, 3, 8, 7, n=9, domain="login"), *team(7, 8, 9, 9, n=10, domain="mail")]
    found = evaluate_pilot(counted(*rows), targets={"login": 0.9})
    tested = [row for row in (*found.cells, *found.people) if row.n >= 10]
    family = [row.p_value for row in (*tested, found.domains[1])]
    assert len(family) == 8 + 4 + 1
    assert [row.q_value for row in (*tested, found.domains[1])] == benjamini_hochberg(family).tolist()
    assert all(math.isnan(row.q_value) and not math.isnan(row.p_value) for row in found.cells if row.n < 10)
    assert [math.isnan(row.q_value) for row in found.domains] == [True, False, True]


# rule 5: verdicts


def test_a_weak_cell_is_to_train() -> None:
    found = evaluate_pilot(counted(*team(45, 28, 46, 44)))
    assert [row.verdict for row in found.cells] == ["fine", "train", "fine", "fine"]
    bo = cell(found, "bo")
    assert bo.q_value <= 0.05
    assert bo.shrunken_gap <= -0.05


def test_a_gap_too_small_to_matter_is_no_finding() -> None:
    """A gap of three points in ten thousand cases is certain, and not worth a training."""
    rows = team(9100, 8800, 9100, 9100, n=10_000)
    found = evaluate_pilot(counted(*rows))
    bo = cell(found, "bo")
    assert bo.q_value < 1e-6
    assert -0.05 < bo.shrunken_gap < 0
    assert bo.verdict == "fine"
    assert cell(evaluate_pilot(counted(*rows), min_gap=0.02), "bo").verdict == "train"


def test_few_cases_or_a_wide_interval_ask_for_more() -> None:
    few = evaluate_pilot(counted(*team(9, 8, 9, 9, n=9)))
    assert {row.verdict for row in few.cells} == {"observe_more"}
    wide = evaluate_pilot(counted(*team(26, 24, 25, 25, n=30)))
    assert {row.verdict for row in wide.cells} == {"observe_more"}
    assert all(row.low - row.expected < -0.05 for row in wide.cells)
    enough = evaluate_pilot(counted(*team(26, 24, 25, 25, n=30)), min_gap=0.4)
    assert {row.verdict for row in enough.cells} == {"fine"}


def test_with_as_many_cases_as_needed_a_wide_interval_is_fine() -> None:
    outcomes = counted(*team(168, 160, 168, 168, n=240))
    for power, verdict in [(0.8, "observe_more"), (0.5, "fine")]:
        bo = cell(evaluate_pilot(outcomes, power=power), "bo")
        assert bo.low - bo.expected < -0.05
        assert bo.n_needed == cases_needed(bo.expected, 0.05, power)
        assert bo.verdict == verdict


def test_a_person_weak_everywhere_a_little_is_to_coach() -> None:
    rows = [row for domain in ("a", "b", "c", "d", "e", "f") for row in team(43, 33, 43, 43, domain=domain)]
    found = evaluate_pilot(counted(*rows), q=0.01)
    assert {row.verdict for row in found.cells if row.person == "bo"} == {"observe_more"}
    assert [row.verdict for row in found.people] == ["fine", "coach", "fine", "fine"]


def test_who_has_a_weak_cell_is_trained_and_not_coached() -> None:
    found = evaluate_pilot(counted(*team(45, 28, 46, 44)))
    assert found.people[1].q_value <= 0.05
    assert [row.verdict for row in found.people] == ["fine"] * 4


def test_a_domain_below_its_target_is_for_the_whole_team() -> None:
    rows = [*team(35, 35, 36, 34), *team(48, 48, 48, 48, domain="login")]
    found = evaluate_pilot(counted(*rows), targets={"billing": 0.8})
    billing, login = found.domains
    assert (billing.person, billing.expected, billing.verdict) == (None, 0.8, "train_team")
    assert billing.p_value == pytest.approx(stats.binom.cdf(140, 200, 0.8), rel=1e-12)
    assert (billing.low, billing.high) == clopper_pearson(140, 200)
    assert login.verdict is None
    assert math.isnan(login.expected)
    assert math.isnan(login.p_value)
    assert math.isnan(billing.shrunken)
    assert evaluate_pilot(counted(*rows), targets={"login": 0.9}).domains[1].verdict == "fine"


def test_cases_needed_find_the_gap_with_the_power_asked_for() -> None:
    """The exact binomial test agrees with the approximation to a few hundredths of power."""
    for expected, gap, power in [(0.8, 0.03, 0.8), (0.7, 0.02, 0.9), (0.6, 0.02, 0.8)]:
        n = cases_needed(expected, gap, power)
        assert n is not None
        critical = stats.binom.ppf(0.05, n, expected) - 1
        assert stats.binom.cdf(critical, n, expected) <= 0.05
        assert stats.binom.cdf(critical, n, expected - gap) == pytest.approx(power, abs=0.03)
    assert cases_needed(0.8, 0.1, 0.8) == 109
    assert cases_needed(0.05, 0.05, 0.8) == 52
    assert cases_needed(0.04, 0.05, 0.8) is None
    assert cases_needed(math.nan, 0.05, 0.8) is None


def test_a_team_of_equals_has_nobody_flagged_in_95_of_100_pilots() -> None:
    rng = np.random.default_rng(20260302)
    rates = {"billing": 0.8, "login": 0.6, "network": 0.9}
    silent = 0
    for _ in range(100):
        rows = [
            (f"p{i}", domain, n, int(rng.binomial(n, rate)))
            for i in range(8)
            for domain, rate in rates.items()
            for n in (int(rng.integers(12, 60)),)
        ]
        found = evaluate_pilot(counted(*rows), targets=rates)
        verdicts = {row.verdict for row in (*found.cells, *found.people, *found.domains)}
        silent += not verdicts & {"train", "coach", "train_team"}
    assert silent >= 95


# rule 6: times and ratings


def test_times_and_ratings_come_with_intervals_and_without_verdict() -> None:
    seconds = [60.0, 120.0, 90.0, 300.0, 45.0, 80.0, 100.0, None]
    outcomes = PilotOutcomes.from_columns(
        ["ann"] * 8, ["a"] * 5 + ["b"] * 3, [True] * 8, seconds=seconds, csat=[5, 4, None, None, None, 3, None, None]
    )
    found = evaluate_pilot(outcomes)
    assert [row.seconds.n for row in found.cells if row.seconds] == [5, 2]
    ann = found.people[0]
    assert ann.seconds is not None
    assert ann.csat is not None
    assert (ann.seconds.n, ann.seconds.median, ann.seconds.median_low, ann.seconds.median_high) == (
        7,
        90.0,
        45.0,
        300.0,
    )
    known = [60, 120, 90, 300, 45, 80, 100]
    ends = stats.t.interval(0.95, 6, np.mean(known), stats.sem(known))
    assert (ann.seconds.mean_low, ann.seconds.mean_high) == pytest.approx(ends, rel=1e-12)
    assert (ann.csat.n, ann.csat.mean, ann.csat.median) == (3, 4.0, 4.0)
    assert found.domains[1].csat == measured([3])
    assert found.domains[1].csat is not None
    assert math.isnan(found.domains[1].csat.mean_low)
    record = found.to_records()[0]
    assert (record["seconds_n"], record["seconds_median"], record["csat_mean"]) == (5, 90.0, 4.5)


def test_the_interval_of_a_median_covers_it_as_it_should() -> None:
    for n, rank in [(5, 0), (6, 1), (8, 1), (9, 2), (20, 6), (100, 40)]:
        found = measured(np.arange(1, n + 1))
        if rank == 0:
            assert math.isnan(found.median_low)
        else:
            assert (found.median_low, found.median_high) == (rank, n + 1 - rank)
            assert stats.binom.cdf(rank - 1, n, 0.5) <= 0.025 < stats.binom.cdf(rank, n, 0.5)
    assert measured([]).n == 0
    assert math.isnan(measured([math.nan]).median)


# what follows: training needs


def matrix() -> Matrix:
    skills = SkillMatrix(
        ["ann", "bo", "cy", "dee"],
        ["invoices", "sql", "tact"],
        [[3, 3, 3], [1, 3, math.nan], [2, 2, 2], [3, 1, 2]],
    )
    levels = [
        LevelRule(id="L1", rank=1, threshold=1),
        LevelRule(id="L2", rank=2, threshold=2, by_skill={"invoices": 3}),
    ]
    domains = [
        Domain(id="billing", skills={"invoices": 0, "tact": 0}),
        Domain(id="login", skills={"sql": 0, "tact": 1}),
    ]
    return build_matrix(skills, levels, domains=domains)


def test_cells_to_train_become_needs_below_the_level() -> None:
    found = evaluate_pilot(counted(*team(45, 28, 46, 44), *team(46, 25, 45, 44, domain="login")))
    needs = found.training_needs(matrix(), target_level="L2")
    assert [(need.person, need.skill, need.target, need.reason) for need in needs] == [
        ("bo", "invoices", 3.0, "billing L2: pilot"),
        ("bo", "tact", 3.0, "billing L2: pilot, login L2: pilot"),
    ]
    assert needs[0].current == 1.0
    assert math.isnan(needs[1].current)
    assert found.already_at_level(matrix(), target_level="L2") == ()


def test_who_holds_the_level_on_paper_is_named_instead() -> None:
    found = evaluate_pilot(counted(*team(28, 45, 46, 44)))
    assert found.training_needs(matrix(), target_level="L2") == ()
    assert [row.person for row in found.already_at_level(matrix(), target_level="L2")] == ["ann"]


def test_a_level_that_asks_nothing_of_a_skill_makes_no_need() -> None:
    skills = SkillMatrix(PEOPLE, ["invoices", "tact"], [[1, math.nan]] * 4)
    domain = Domain(id="billing", skills={"invoices": 0, "tact": -1})
    own = build_matrix(skills, [LevelRule(id="L1", rank=1, threshold=1)], domains=[domain])
    found = evaluate_pilot(counted(*team(28, 45, 46, 44)))
    assert found.training_needs(own, target_level="L1") == ()


def test_needs_of_what_the_matrix_does_not_know() -> None:
    found = evaluate_pilot(counted(*team(45, 28, 46, 44)))
    with pytest.raises(UnknownIdError, match="unknown level 'L3'"):
        found.training_needs(matrix(), target_level="L3")
    with pytest.raises(UnknownIdError, match="unknown level 'None'"):
        found.already_at_level(matrix(), target_level=None)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="matrix: expected a Matrix, got str"):
        found.training_needs("matrix", target_level="L2")  # type: ignore[arg-type]
    other = evaluate_pilot(counted(*team(45, 28, 46, 44, domain="network")))
    with pytest.raises(UnknownIdError, match="unknown domain 'network'"):
        other.training_needs(matrix(), target_level="L2")
    stranger = evaluate_pilot(counted(("eve", "billing", 50, 28), *team(45, 48, 46, 44)))
    with pytest.raises(UnknownIdError, match="unknown person 'eve'"):
        stranger.training_needs(matrix(), target_level="L2")


# bad input


def test_all_faults_of_the_columns_at_once() -> None:
    with pytest.raises(EscalationError) as caught:
        PilotOutcomes.from_columns(
            ["ann", "", 3, "ann", "ann"],
            ["a", "a", "a", " a", "a"],
            [True, 2, None, 0.5, "yes"],
            stratum=["x", "x", None, "x", "x"],
            seconds=[1, -1, math.inf, None, math.nan],
            csat=["good", True, 1, 2, 3],
        )
    assert [fault.where for fault in caught.value.faults] == [
        "person[1]",
        "person[2]",
        "domain[3]",
        "stratum[2]",
        "success[1]",
        "success[2]",
        "success[3]",
        "success[4]",
        "seconds[1]",
        "seconds[2]",
        "csat[0]",
        "csat[1]",
    ]


def test_times_and_ratings_of_which_no_mean_could_be_told_are_refused() -> None:
    with pytest.raises(EscalationError) as caught:
        PilotOutcomes.from_columns(["a"] * 2, ["d"] * 2, [1, 0], seconds=[1e200, 1e100], csat=[-1e101, None])
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("seconds[0]", "expected a number of at least 0 and at most 1e+100, got 1e+200"),
        ("csat[0]", "expected a number from -1e+100 to 1e+100, got -1e+101"),
    ]


def test_faults_of_counts() -> None:
    with pytest.raises(EscalationError) as caught:
        PilotOutcomes.from_columns(["a"] * 4, ["d"] * 4, [1, 2, 3, -1], count=[1, 0, 2.5, 10**400])
    assert [fault.where for fault in caught.value.faults] == ["count[1]", "count[2]", "count[3]", "success[3]"]
    with pytest.raises(EscalationError, match=r"success\[1\]: expected at most 4, the count of its row, got 5"):
        PilotOutcomes.from_columns(["a"] * 2, ["d"] * 2, [1, 5], count=[1, 4])
    with pytest.raises(EscalationError, match=r"success\[0\]: expected a whole number from 0 to 2\^53, got True"):
        PilotOutcomes.from_columns(["a"], ["d"], [True], count=[4])
    with pytest.raises(EscalationError, match=r"count\[0\]: expected a whole number from 1 to"):
        PilotOutcomes.from_columns(["a"], ["d"], [1], count=[True])
    with pytest.raises(
        EscalationError, match=r"seconds\[0\]: is of a single case, so expected None in a row of 4 cases"
    ):
        PilotOutcomes.from_columns(["a", "a"], ["d", "d"], [1, 0], count=[4, 1], seconds=[3.0, 2.0])
    with pytest.raises(EscalationError, match=r"csat\[0\]: expected a number or None, got 1000"):
        PilotOutcomes.from_columns(["a"], ["d"], [1], csat=[10**400])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"person": None}, "person: expected a column, one value a row, got None"),
        ({"person": "ann"}, "person: expected a column, one value a row, got 'ann'"),
        ({"person": {"ann"}}, "person: expected a column"),
        ({"success": 1}, "success: expected a column"),
        ({"success": None}, "success: expected a column"),
        ({"count": 3}, "count: expected a column"),
        ({"stratum": {"a": 1}}, "stratum: expected a column"),
        ({"domain": ["a", "b"]}, "domain: expected 1 rows, as many as in 'person', got 2"),
        ({"csat": []}, "csat: expected 1 rows"),
        ({"success": [[1]]}, "expected True, False, 1 or 0"),
    ],
)
def test_what_is_no_column_is_refused(columns: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"person": ["ann"], "domain": ["a"], "success": [True]}
    with pytest.raises(EscalationError, match=message):
        PilotOutcomes(**{**given, **columns})


def test_all_faults_of_the_options_at_once() -> None:
    outcomes = counted(*team(45, 28, 46, 44))
    wrong: dict[str, Any] = {
        "q": 0,
        "min_gap": "5 %",
        "min_n": 0,
        "power": 1,
        "targets": {"billing": 80, "x": math.nan},
    }
    with pytest.raises(EscalationError) as caught:
        evaluate_pilot(outcomes, **wrong)
    assert [str(fault) for fault in caught.value.faults] == [
        "q: expected a number above 0 and below 1, got 0",
        "min_gap: expected a number, got '5 %'",
        "min_n: expected a number of at least 1, got 0",
        "power: expected a number of at least 0.5 and below 1, got 1",
        "target of domain 'billing': expected a number from 0 to 1, got 80",
        "target of domain 'x': expected a finite number, got nan",
    ]
    with pytest.raises(EscalationError, match=r"targets: expected a mapping of domain to rate, got 0\.8"):
        evaluate_pilot(outcomes, targets=0.8)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="min_n: expected a whole number, got True"):
        evaluate_pilot(outcomes, min_n=True)
    with pytest.raises(UnknownIdError, match=r"unknown domain of a target 'biling' \(did you mean 'billing'\?\)"):
        evaluate_pilot(outcomes, targets={"biling": 0.8})
    with pytest.raises(EscalationError, match="outcomes: expected a PilotOutcomes, got list"):
        evaluate_pilot([])  # type: ignore[arg-type]


# forms


def test_outcomes_take_any_kind_of_column() -> None:
    listed = PilotOutcomes.from_columns(["bo", "ann"], ["a", "a"], [True, False], stratum=("x", "y"), csat=[1, None])
    arrays = PilotOutcomes.from_columns(
        np.array(["ann", "bo"]),
        np.array(["a", "a"]),
        np.array([0, 1], dtype=np.int8),
        stratum=np.array(["y", "x"], dtype=object),
        csat=np.array([math.nan, 1], dtype=np.float32),
    )
    assert listed == arrays
    assert len(listed) == listed.n_cases == 2
    assert type(arrays.person[0]) is str
    assert not arrays.success.flags.writeable
    assert listed != PilotOutcomes.from_columns(["bo", "ann"], ["a", "a"], [True, True], stratum=("x", "y"))


def test_a_pilot_without_cases_is_empty() -> None:
    found = evaluate_pilot(PilotOutcomes.from_columns([], [], [], stratum=[], count=[], seconds=[]))
    assert (found.cells, found.people, found.domains, found.flags) == ((), (), (), ("empty",))
    assert found.to_records() == []
    assert "PilotEvaluation" in found._repr_html_()


def test_results_are_values_that_travel() -> None:
    outcomes = counted(*team(45, 28, 46, 44), ("eve", "mail", 3, 1))
    found = evaluate_pilot(outcomes, targets={"billing": 0.9})
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == found  # noqa: S301
    assert pickle.loads(pickle.dumps(outcomes)) == outcomes  # noqa: S301
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["cells"][1]["verdict"] == "train"
    assert told["targets"] == {"billing": 0.9}
    assert told["strata"][0]["people"] == list(PEOPLE)
    records = found.to_records()
    json.dumps(records, allow_nan=False)
    assert len(records) == 5 + 5 + 2
    assert [(row["person"], row["domain"]) for row in records[4:6]] == [("eve", "mail"), ("ann", None)]
    assert records[-1]["person"] is None
    assert records[-1]["p_value"] is None
    assert records[0]["seconds_n"] is None
    assert "bo" in found._repr_html_()
    assert "observed" in found.cells[0]._repr_html_()
    assert {flag.partition(":")[0] for flag in found.flags} <= set(ESCALATION_FLAGS)
