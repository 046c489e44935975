"""Simulated networks against separate code, closed forms and the laws of the critical path."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binomtest, kendalltau, kstest, spearmanr

from leadkit.errors import CycleError
from leadkit.wbs import LINK_KINDS, WBS_FLAGS, Estimate, Probability, RiskResult, cpm, simulate_network
from leadkit.wbs.estimates._laws import Pert, from_normal
from leadkit.wbs.risk import _blocks
from leadkit.wbs.risk._drawing import Draws, law_of_estimate

REFERENCE_RUNS = 4_000_000
FORK = [Estimate.pert(1, 2, 9, unit="m"), Estimate.uniform(1, 6, unit="m"), Estimate.lognormal(4, 1, unit="m")]


def minutes(*values: float) -> list[Estimate]:
    return [Estimate.fixed(value, "m") for value in values]


def golden_run(case: dict[str, Any], **options: Any) -> RiskResult:
    links = case["links"]
    return simulate_network(
        [Estimate.pert(*points, unit="m") for points in case["estimates_pert"]],
        [link[0] for link in links],
        [link[1] for link in links],
        kind=[LINK_KINDS.index(link[2]) for link in links],
        lag=[float(link[3]) for link in links],
        **options,
    )


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """Draw links of four kinds with lags, each from a lower to a higher index."""
    n = draw(st.integers(2, 6))
    pairs = [(i, j) for j in range(n) for i in range(j)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=8))
    m = len(chosen)
    return {
        "n": n,
        "predecessor": np.array([i for i, _ in chosen], dtype=np.int64),
        "successor": np.array([j for _, j in chosen], dtype=np.int64),
        "kind": draw(st.lists(st.integers(0, 3), min_size=m, max_size=m)),
        "lag": draw(st.lists(st.integers(-5, 9), min_size=m, max_size=m)),
    }


def links_of(network: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in network.items() if name != "n"}


@pytest.mark.parametrize("place", range(4))
def test_small_networks_agree_with_four_million_runs_of_separate_code(golden: Callable[[str], Any], place: int) -> None:
    case = golden("wbs/risk.json")["cases"][place]
    n = 60_000
    risk = golden_run(case, n=n, rng=5)
    spread = math.sqrt(1 / n + 1 / REFERENCE_RUNS)
    assert abs(risk.mean - case["mean"]) < 4 * case["sd"] * spread
    # the kurtosis of these finishes is below 4, so the relative error of the sd is below sqrt(3 / 4) / sqrt(n)
    assert abs(risk.sd - case["sd"]) < 4 * case["sd"] * spread
    for share, value in ((0.5, case["p50"]), (0.8, case["p80"])):
        assert abs(risk.quantile(share) - value) < 5 * risk.quantile_standard_error(share)
    for found, value in zip(risk.criticality, case["criticality"], strict=True):
        assert abs(found - value) <= 4 * math.sqrt(value * (1 - value)) * spread + 1 / n
    assert np.abs(risk.cruciality - case["cruciality"]).max() < 4.5 * spread
    assert np.abs(risk.ssi - case["ssi"]).max() < 5 * spread
    if place == 0:
        assert case["id"] == "foundry"
        assert case["finish_at_means"] == 15


def test_general_foundry_merges_paths_and_says_so(golden: Callable[[str], Any]) -> None:
    risk = golden_run(golden("wbs/risk.json")["cases"][0], n=20_000)
    assert risk.mean > 15 * 1.01
    assert risk.flags == ("merge_bias",)
    assert "merge_bias" not in simulate_network(FORK, [0, 1], [1, 2], n=20_000).flags
    assert set(risk.flags) <= set(WBS_FLAGS)


@settings(max_examples=25)
@given(networks(), st.data())
def test_fixed_estimates_reproduce_the_critical_path(network: dict[str, Any], data: st.DataObject) -> None:
    durations = data.draw(st.lists(st.integers(0, 20), min_size=network["n"], max_size=network["n"]))
    path = cpm(durations, **links_of(network))
    risk = simulate_network(minutes(*durations), **links_of(network), n=3)
    assert (risk.finish == path.early_end).all()
    assert np.array_equal(risk.criticality, path.is_critical.astype(float))
    assert (risk.mean, risk.sd, risk.p80) == (path.early_end, 0, path.early_end)
    assert np.isnan(risk.cruciality).all()
    assert not risk.ssi.any()
    assert risk.flags == ("constant_finish",)


@settings(max_examples=20)
@given(networks(), st.integers(0, 2**32), st.sampled_from([0.0, 0.4]))
def test_every_run_is_the_critical_path_of_its_durations(
    network: dict[str, Any], seed: int, correlation: float
) -> None:
    estimates = [FORK[place % 3] for place in range(network["n"])]
    risk = simulate_network(estimates, **links_of(network), n=40, rng=seed, correlation=correlation)
    durations, finish = _blocks.durations_and_finish(risk._model, risk._seeds, risk.n, 40)
    path = cpm(durations.T, **links_of(network))
    assert np.array_equal(np.sort(finish), risk.finish)
    assert np.allclose(finish, path.early_end, rtol=1e-14)
    assert np.array_equal(risk.criticality, path.is_critical.mean(axis=0))
    for place, ratio in enumerate(risk.cruciality):
        expected = math.nan if np.ptp(finish) == 0 else abs(np.corrcoef(durations[place], finish)[0, 1])
        assert ratio == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
    expected_ssi = path.is_critical.mean(axis=0) * durations.std(axis=1, ddof=1)
    if np.ptp(finish) > 0:
        assert risk.ssi == pytest.approx(expected_ssi / finish.std(ddof=1), rel=1e-9)


@settings(max_examples=20)
@given(networks(), st.integers(0, 2**32))
def test_the_mean_finish_is_at_least_the_finish_at_the_means(network: dict[str, Any], seed: int) -> None:
    estimates = [FORK[place % 3] for place in range(network["n"])]
    at_means = cpm([estimate.mean for estimate in estimates], **links_of(network)).early_end
    risk = simulate_network(estimates, **links_of(network), n=1000, rng=seed)
    # 4.5 standard errors: one case in 3e5
    assert risk.mean >= at_means - 4.5 * risk.sd / math.sqrt(1000) - 1e-9


def test_the_greatest_of_two_uniform_times_has_the_known_distribution() -> None:
    n = 40_000
    risk = simulate_network([Estimate.uniform(0, 60, unit="m")] * 2, [], [], n=n, rng=8)
    assert risk.mean == pytest.approx(40, abs=4 * math.sqrt(200 / n))
    assert risk.sd == pytest.approx(math.sqrt(200), rel=0.02)
    assert risk.quantile(0.25) == pytest.approx(30, abs=4 * risk.quantile_standard_error(0.25))
    assert risk.criticality.sum() == pytest.approx(1, abs=1e-12)
    # cov(X, max) = 1/24 of the square of the width, so r = (1/24) / sqrt(1/12 x 1/18)
    assert risk.cruciality == pytest.approx([math.sqrt(216) / 24] * 2, abs=4 / math.sqrt(n))


def test_the_standard_error_of_a_quantile_is_the_spread_over_repeats() -> None:
    p80 = [simulate_network(FORK, [0], [2], n=400, rng=seed) for seed in range(100)]
    for share in (0.5, 0.8):
        spread = np.std([risk.quantile(share) for risk in p80], ddof=1)
        told = np.mean([risk.quantile_standard_error(share) for risk in p80])
        assert told == pytest.approx(spread, rel=0.25)
    assert p80[0].quantile_standard_error(0) >= 0
    assert p80[0].quantile_standard_error(1) > 0


@settings(max_examples=15)
@given(st.floats(0, 1), st.floats(0, 1))
def test_quantiles_and_probabilities_rise(one: float, other: float) -> None:
    risk = simulate_network(FORK, [0], [1], n=300)
    low, high = sorted((one, other))
    assert risk.quantile(low) <= risk.quantile(high)
    assert risk.probability(risk.quantile(low)).value <= risk.probability(risk.quantile(high)).value
    assert risk.quantile(low) == np.quantile(risk.finish, low)


def test_named_quantiles_are_quantiles() -> None:
    risk = simulate_network(FORK, [0], [1], n=300)
    assert (risk.p50, risk.p80) == (risk.quantile(0.5), risk.quantile(0.8))
    curve = risk.s_curve(5)
    assert [row["probability"] for row in curve] == [0, 0.25, 0.5, 0.75, 1]
    assert [row["finish"] for row in curve] == np.quantile(risk.finish, [0, 0.25, 0.5, 0.75, 1]).tolist()
    assert len(risk.s_curve()) == 101
    assert "date" not in curve[0]


@pytest.mark.parametrize("limit", [5.0, 7, 9.5, -1, 1e9])
def test_a_probability_has_the_wilson_interval(limit: float) -> None:
    risk = simulate_network(FORK, [0], [1], n=300)
    found = risk.probability(limit)
    hits = int((risk.finish <= limit).sum())
    expected = binomtest(hits, 300).proportion_ci(method="wilson")
    assert found.value == hits / 300
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert found.level == 0.95
    assert found == Probability(value=found.value, low=found.low, high=found.high)
    narrow = risk.probability(limit, level=0.5)
    assert found.low <= narrow.low <= narrow.high <= found.high
    json.dumps(found.to_dict(), allow_nan=False)


def test_rounding_alone_does_not_miss_a_limit() -> None:
    risk = simulate_network(minutes(0.1, 0.2), [0], [1], n=5)
    assert risk.finish[0] > 0.3
    assert risk.probability(0.3).value == 1
    assert risk.probability(0.2999).value == 0


def test_the_same_seed_gives_the_same_digits_whoever_does_the_work() -> None:
    alone = simulate_network(FORK, [0, 0], [1, 2], n=5000, rng=4)
    with ThreadPoolExecutor(3) as executor:
        shared = simulate_network(FORK, [0, 0], [1, 2], n=5000, rng=4, executor=executor)
    assert alone == shared
    assert alone == simulate_network(FORK, [0, 0], [1, 2], n=5000, rng=np.random.SeedSequence(4))
    assert alone != simulate_network(FORK, [0, 0], [1, 2], n=5000, rng=5)
    rng = np.random.default_rng(4)
    first, second = (simulate_network(FORK, [0], [1], n=10, rng=rng) for _ in range(2))
    assert first != second


def test_the_order_of_links_changes_nothing() -> None:
    one = simulate_network(FORK, [0, 1], [1, 2], kind=[0, 3], lag=[1, 2], n=500)
    assert one == simulate_network(FORK, [1, 0], [2, 1], kind=[3, 0], lag=[2, 1], n=500)


def test_more_runs_begin_with_the_same_runs() -> None:
    few, many = (simulate_network(FORK, [0], [1], n=n) for n in (1024, 2048))
    assert np.isin(few.finish, many.finish).all()


def test_pieces_that_fit_into_memory_add_up_to_the_same_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_blocks, "NUMBERS_A_PIECE", 300)
    risk = simulate_network(FORK, [0, 0], [1, 2], n=1500)
    durations, finish = _blocks.durations_and_finish(risk._model, risk._seeds, 1500, 1500)
    assert durations.shape == (3, 1500)
    assert np.array_equal(np.sort(finish), risk.finish)
    for place in range(3):
        assert risk.cruciality[place] == pytest.approx(abs(np.corrcoef(durations[place], finish)[0, 1]), rel=1e-9)


def test_rank_cruciality_is_that_of_the_first_two_thousand_runs() -> None:
    risk = simulate_network([*FORK, Estimate.fixed(3, "m")], [0, 1, 3], [2, 2, 2], n=2500)
    durations, finish = _blocks.durations_and_finish(risk._model, risk._seeds, risk.n, 2000)
    assert durations.shape == (4, 2000)
    for place in range(3):
        rho, tau = spearmanr(durations[place], finish).statistic, kendalltau(durations[place], finish).statistic
        assert risk.cruciality_spearman[place] == pytest.approx(abs(rho), abs=1e-12)
        assert risk.cruciality_kendall[place] == pytest.approx(abs(tau), abs=1e-12)
    assert math.isnan(risk.cruciality_spearman[3])
    assert math.isnan(risk.cruciality_kendall[3])
    assert not risk.cruciality_spearman.flags.writeable
    assert not risk.cruciality_kendall.flags.writeable


def test_rank_cruciality_of_a_constant_finish_is_not_known() -> None:
    risk = simulate_network([Estimate.fixed(100, "m"), Estimate.uniform(1, 2, unit="m")], [], [], n=50)
    assert np.isnan(risk.cruciality_spearman).all()
    assert np.isnan(risk.cruciality_kendall).all()
    assert np.isnan(risk.cruciality).all()
    assert risk.ssi.tolist() == [0, 0]
    assert risk.flags == ("constant_finish",)


def test_an_activity_that_varies_and_is_critical_without_moving_the_finish_has_no_ssi() -> None:
    varying, fixed = Estimate.uniform(1, 2, unit="m"), Estimate.fixed(9, "m")
    # the second starts when the first does, however long that takes, and its finish holds up the first one's start
    risk = simulate_network([varying, fixed], [0], [1], kind=1, n=50)
    assert risk.criticality.tolist() == [1, 1]
    assert np.isnan(risk.ssi[0])
    assert risk.ssi[1] == 0


@pytest.mark.parametrize("correlation", [0.3, 0.9])
def test_correlated_durations_keep_their_distributions_and_go_together(correlation: float) -> None:
    n = 20_000
    estimates = [*FORK, Estimate.triangular(1, 2, 6, unit="m"), Estimate.fixed(2, "m")]
    draws = Draws.of(estimates, correlation=correlation)
    durations = draws.sample(np.random.default_rng(2), n)
    for estimate, drawn in zip(estimates[:4], durations, strict=False):
        for share in (0.1, 0.5, 0.9):
            below = (drawn <= estimate.quantile(share)).mean()
            assert abs(below - share) < 5 * math.sqrt(share * (1 - share) / n)
    assert (durations[4] == 2).all()
    # the rank correlation of two normal values is (6 / pi) arcsin(r / 2)
    expected = 6 / math.pi * math.asin(correlation / 2)
    found = np.asarray(spearmanr(durations[:4], axis=1).statistic)[np.triu_indices(4, 1)]
    assert found == pytest.approx(expected, abs=0.03)


def test_correlation_widens_a_chain_and_leaves_its_mean() -> None:
    alone, together = (simulate_network(FORK, [0, 1], [1, 2], n=8000, correlation=rho) for rho in (0.0, 0.8))
    assert together.sd > 1.2 * alone.sd
    assert abs(together.mean - alone.mean) < 5 * together.sd / math.sqrt(8000)
    assert (alone.correlation, together.correlation) == (0.0, 0.8)


@pytest.mark.parametrize("mode", [0, 5e-324, 1e-9, 0.05, 0.3, 0.5, 0.99, 1 - 1e-16, 1])
@pytest.mark.parametrize("shape", [0, 1e-3, 0.5, 4, 30, 100, 1000])
def test_pert_durations_have_their_beta_distribution_exactly(mode: float, shape: float) -> None:
    estimate = Estimate.pert(3, 3 + 2 * mode, 5, shape=shape, unit="m")
    drawn = Draws.of([Estimate.fixed(1, "m"), estimate], correlation=0.0).sample(np.random.default_rng(6), 20_000)[1]
    assert drawn.min() >= 3
    assert drawn.max() <= 5
    rise, fall = Pert(3, 3 + 2 * mode, 5, shape).exponents
    # 63 tests together are wrong once in 1,600 seeds
    assert kstest((drawn - 3) / 2, beta(1 + rise, 1 + fall).cdf).pvalue > 1e-5


def test_many_pert_estimates_are_drawn_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    few = simulate_network([Estimate.pert(1, 2, 9, unit="m")] * 3, [0, 1], [1, 2], n=9000)
    monkeypatch.setattr("leadkit.wbs.risk._drawing.MOST_IN_STRIPS", 2)
    many = simulate_network([Estimate.pert(1, 2, 9, unit="m")] * 3, [0, 1], [1, 2], n=9000)
    assert few != many
    assert abs(few.mean - many.mean) < 5 * few.sd * math.sqrt(2 / 9000)
    assert few.sd == pytest.approx(many.sd, rel=0.05)


def test_far_out_normal_values_stay_finite() -> None:
    far = np.array([-40.0, 40.0])
    for estimate in FORK:
        assert np.isfinite(from_normal(law_of_estimate(estimate), far)).all()


def test_a_result_becomes_records_json_and_bytes_and_cannot_be_changed() -> None:
    risk = simulate_network([*FORK, Estimate.fixed(1, "m")], [0], [1], n=200)
    records = risk.to_records()
    assert [row["id"] for row in records] == list(risk.ids) == ["0", "1", "2", "3"]
    assert records[3]["cruciality"] is None
    plain = json.loads(json.dumps(risk.to_dict(), allow_nan=False))
    assert plain["n"] == 200
    assert plain["cruciality"][3] is None
    assert not any(name.startswith("_") for name in plain)
    again = pickle.loads(pickle.dumps(risk))  # noqa: S301 - written a moment ago
    assert again == risk
    assert np.array_equal(again.cruciality_kendall, risk.cruciality_kendall, equal_nan=True)
    assert "RiskResult" in risk._repr_html_()
    for values in (risk.finish, risk.criticality, risk.cruciality, risk.ssi):
        assert not values.flags.writeable


def test_no_activities_take_no_time() -> None:
    risk = simulate_network([], [], [], n=4)
    assert risk.finish.tolist() == [0, 0, 0, 0]
    assert risk.ids == ()
    assert risk.probability(0).value == 1
    assert risk.cruciality_spearman.shape == risk.cruciality_kendall.shape == (0,)


def test_one_run_has_no_spread() -> None:
    risk = simulate_network(FORK, [0], [1], n=1)
    assert math.isnan(risk.sd)
    assert math.isnan(risk.quantile_standard_error(0.5))
    assert "constant_finish" in risk.flags
    json.dumps(risk.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n: expected a whole number of runs of at least 1, got 0"),
        ({"n": 2.5}, "n: expected a whole number"),
        ({"n": True}, "n: expected a whole number"),
        ({"correlation": 1.0}, r"correlation: expected a number in \[0, 1\), got 1.0"),
        ({"correlation": -0.1}, "correlation: expected"),
        ({"correlation": math.nan}, "correlation: expected"),
        ({"correlation": "high"}, "correlation: expected"),
        ({"rng": None}, "rng: expected"),
        ({"rng": -1}, "rng: expected"),
        ({"successor": [5]}, "successor"),
        ({"successor": [0]}, "cannot depend on itself"),
        ({"successor": [1, 2]}, "differ in length"),
        ({"kind": 4}, "kind"),
        ({"lag": math.nan}, "lag"),
        ({"estimates": [Estimate.fixed(1), 2.0]}, r"estimates\[1\]: expected an Estimate, got 2.0"),
    ],
)
def test_bad_input_is_named(options: dict[str, Any], message: str) -> None:
    given_: dict[str, Any] = {"estimates": FORK, "predecessor": [0], "successor": [1], "n": 5} | options
    with pytest.raises(ValueError, match=message):
        simulate_network(**given_)


def test_a_loop_is_named() -> None:
    with pytest.raises(CycleError) as caught:
        simulate_network(FORK, [0, 1], [1, 0])
    assert caught.value.cycle == (0, 1, 0)


def test_questions_that_have_no_answer_are_refused() -> None:
    risk = simulate_network(FORK, [0], [1], n=5)
    for question in (lambda: risk.quantile(1.5), lambda: risk.quantile(math.nan), lambda: risk.date(0.5)):
        with pytest.raises(ValueError, match=r"p: expected a share|knows no calendar"):
            question()
    with pytest.raises(ValueError, match="knows no calendar"):
        risk.date(0.5)
    with pytest.raises(ValueError, match="knows no calendar"):
        risk.probability(datetime(2026, 1, 5, tzinfo=UTC))
    with pytest.raises(ValueError, match="limit: expected working minutes or an aware datetime, got 'soon'"):
        risk.probability("soon")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"level: expected a number in \(0, 1\), got 1"):
        risk.probability(5, level=1)
    for points in (1, 2.0, True):
        with pytest.raises(ValueError, match="points: expected a whole number of at least 2"):
            risk.s_curve(points)  # type: ignore[arg-type]
