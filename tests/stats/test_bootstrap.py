"""The bootstrap: its intervals against a peer, its independence of order and executor, its edges."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS
from leadkit.stats.resampling import BootstrapMethod, bootstrap

METHODS: tuple[BootstrapMethod, ...] = ("bca", "percentile", "basic")
every_method = pytest.mark.parametrize("method", METHODS)
nan = math.nan

DATA = np.random.default_rng(8).exponential(size=25)


class PicklingExecutor(Executor):
    """Sends every task through pickle, as a pool of processes does."""

    def __init__(self) -> None:
        self.n_tasks = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.n_tasks += 1
        function, arguments, options = pickle.loads(pickle.dumps((fn, args, kwargs)))  # noqa: S301 - our own bytes
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **options))
        return future


def correlation(x: Any, y: Any) -> float:
    return float(np.corrcoef(x, y)[0, 1])


# A second way


@every_method
@pytest.mark.parametrize("statistic", [np.mean, np.median, np.var])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_from_the_same_replicates_are_those_of_scipy(method: Any, statistic: Any, level: float) -> None:
    ours = bootstrap(statistic, DATA, rng=1, n_resamples=400, method=method, level=level)
    same_replicates: Any = SimpleNamespace(bootstrap_distribution=ours.replicates)
    theirs = scipy.stats.bootstrap(
        (DATA,),
        statistic,
        n_resamples=0,
        bootstrap_result=same_replicates,
        method=method,
        confidence_level=level,
        vectorized=False,
    )
    assert ours.interval.low == pytest.approx(theirs.confidence_interval.low, rel=1e-10)
    assert ours.interval.high == pytest.approx(theirs.confidence_interval.high, rel=1e-10)
    assert ours.standard_error == pytest.approx(theirs.standard_error, rel=1e-10)
    assert ours.estimate == statistic(DATA)
    assert ours.interval.level == level
    assert ours.flags == ()


def test_the_standard_error_of_a_mean_is_near_its_formula() -> None:
    result = bootstrap(np.mean, DATA, rng=2, n_resamples=2000, method="percentile")
    assert result.standard_error == pytest.approx(DATA.std() / math.sqrt(25), rel=0.06)
    assert result.replicates.mean() == pytest.approx(DATA.mean(), abs=4 * result.standard_error / math.sqrt(2000))


@given(st.integers(0, 2**63))
@settings(max_examples=20)
def test_every_resample_holds_as_many_rows_and_keeps_rows_together(seed: int) -> None:
    rows = np.arange(6)
    seen: list[tuple[Any, Any]] = []

    def record(x: Any, y: Any) -> float:
        seen.append((x, y))
        return float(x.mean())

    bootstrap(record, rows, rows[:, None] * [1, 2], rng=seed, n_resamples=4, method="percentile")
    for x, y in seen:
        assert len(x) == 6
        assert np.array_equal(y, x[:, None] * [1, 2])
    assert np.array_equal(seen[0][0], rows)


# Independence


@every_method
def test_the_result_does_not_depend_on_the_executor(method: Any) -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 15))
    alone = bootstrap(correlation, x, y, rng=7, n_resamples=75, method=method)
    with ThreadPoolExecutor(3) as pool:
        threads = bootstrap(correlation, x, y, rng=7, n_resamples=75, method=method, executor=pool)
    assert threads == alone


def test_tasks_can_be_sent_to_other_processes() -> None:
    pool = PicklingExecutor()
    alone = bootstrap(np.mean, DATA, rng=7, n_resamples=40, units=np.arange(25) // 3)
    assert bootstrap(np.mean, DATA, rng=7, n_resamples=40, units=np.arange(25) // 3, executor=pool) == alone
    assert pool.n_tasks > 2


@given(st.permutations(range(8)), st.booleans())
@settings(max_examples=25)
def test_the_result_does_not_depend_on_the_order_of_the_rows(order: list[int], by_units: bool) -> None:
    x = np.array([[1.0, 5.0], [2.0, 5.0], [nan, 1.0], [2.0, 3.0], [8.0, 1.0], [2.0, 5.0], [0.0, 0.5], [4.0, 4.0]])
    names = np.array(["a", "b", None, "a", "c", "c", "b", "a"], dtype=object)

    def spread(values: Any, labels: Any) -> float:
        return float(np.nanvar(values) + sum(label == "a" for label in labels))

    def run(rows: Any) -> Any:
        units = names[rows] if by_units else None
        return bootstrap(spread, x[rows], names[rows], rng=3, n_resamples=30, units=units)

    whole, moved = run(np.arange(8)), run(order)
    assert np.allclose(moved.replicates, whole.replicates, rtol=1e-12, atol=0)
    assert moved.interval.low == pytest.approx(whole.interval.low, rel=1e-12)
    assert moved.flags == whole.flags


def test_a_seed_gives_the_same_result_in_every_form_and_is_not_used_up() -> None:
    sequence = np.random.SeedSequence(5)
    results = [bootstrap(np.mean, DATA, rng=rng, n_resamples=20) for rng in (5, np.int64(5), sequence, sequence)]  # type: ignore[arg-type]
    results.append(bootstrap(np.mean, DATA, rng=np.random.default_rng(5), n_resamples=20))
    assert all(result == results[0] for result in results)
    assert sequence.n_children_spawned == 0


def test_a_generator_moves_on_and_another_seed_draws_otherwise() -> None:
    generator = np.random.default_rng(5)
    first, second = (bootstrap(np.mean, DATA, rng=generator, n_resamples=20) for _ in range(2))
    assert first != second
    assert bootstrap(np.mean, DATA, rng=6, n_resamples=20) != first


def test_more_resamples_begin_with_the_same_ones() -> None:
    few, many = (bootstrap(np.mean, DATA, rng=5, n_resamples=n) for n in (10, 40))
    assert np.array_equal(many.replicates[:10], few.replicates)


def test_masked_and_text_arrays_reach_the_statistic_as_they_are() -> None:
    masked = np.ma.MaskedArray(DATA[:6], mask=np.arange(6) == 1)
    words = np.array(["a", "b", "a", "a", "b", "b"])

    def share(x: Any, names: Any) -> float:
        assert isinstance(x, np.ma.MaskedArray)
        return float(x.count()) + float((names == "a").mean())

    result = bootstrap(share, masked, words, rng=1, n_resamples=20, method="percentile")
    assert result.estimate == 5.5


# Units


@every_method
def test_whole_units_are_drawn(method: Any) -> None:
    values, units = np.array([1.0, 1.0, 1.0, 10.0, 100.0, 100.0]), ["a", "a", "a", "b", "c", "c"]
    result = bootstrap(np.sum, values, units=units, rng=1, n_resamples=60, method=method)
    sums = {a * 3 + b * 10 + c * 200 for a in range(4) for b in range(4) for c in range(4) if a + b + c == 3}
    assert set(result.replicates.tolist()) <= sums
    assert len(set(result.replicates.tolist())) > 5
    assert result.n_units == 3


def test_rows_that_are_units_of_their_own_are_drawn_like_rows() -> None:
    ordered = np.sort(DATA)
    assert bootstrap(np.mean, ordered, units=np.arange(25), rng=1, n_resamples=30) == bootstrap(
        np.mean, ordered, rng=1, n_resamples=30
    )


def test_rows_without_a_unit_are_left_out_and_flagged() -> None:
    units = np.array(["a", None, "b", "c", "b"], dtype=object)
    result = bootstrap(np.mean, [1.0, 50.0, 2.0, 3.0, 4.0], units=units, rng=1, n_resamples=30)
    assert result.estimate == 2.5
    assert result.replicates.max() < 5
    assert result.n_units == 3
    assert "rows_dropped" in result.flags
    assert bootstrap(np.mean, [1.0, 2.0, 9.0], units=[1.0, 2.0, nan], rng=1, n_resamples=5).n_units == 2


# Edges


@every_method
def test_one_row_or_unit_has_no_standard_error(method: Any) -> None:
    for arrays, units in (([3.0], None), ([3.0, 3.0], ["a", "a"])):
        result = bootstrap(np.mean, arrays, rng=1, n_resamples=5, units=units, method=method)
        assert result.estimate == 3
        assert math.isnan(result.standard_error)
        assert math.isnan(result.interval.low)
        assert result.n_undefined == 5
        assert result.flags == ("too_few_rows", "undefined_resamples")


def test_no_rows_at_all_never_reach_the_statistic() -> None:
    def fails(x: Any) -> float:
        raise AssertionError(x)

    for units, flags in ((None, ()), ([], ())):
        result = bootstrap(fails, np.empty((0, 2)), rng=1, n_resamples=5, units=units)
        assert math.isnan(result.estimate)
        assert result.flags == ("too_few_rows", "undefined_resamples", *flags)
    unlabelled = bootstrap(fails, [1.0, 2.0], rng=1, n_resamples=5, units=[None, None])
    assert unlabelled.flags == ("rows_dropped", "too_few_rows", "undefined_resamples")


def test_undefined_replicates_are_left_out_and_flagged_without_a_warning() -> None:
    x, y = np.array([0.0, 0.0, 1.0, 0.0]), np.array([1.0, 2.0, 4.0, 3.0])
    result = bootstrap(correlation, x, y, rng=1, n_resamples=100, method="percentile")
    undefined = np.isnan(result.replicates)
    assert 0 < undefined.sum() == result.n_undefined < 100
    assert result.standard_error == pytest.approx(result.replicates[~undefined].std(ddof=1))
    assert result.interval.low == pytest.approx(np.quantile(result.replicates[~undefined], 0.025))
    assert result.flags == ("undefined_resamples",)


def test_an_undefined_leave_one_out_value_is_left_out_of_the_acceleration() -> None:
    x, y = np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 2.5, 3.0, 4.5])
    result = bootstrap(correlation, x, y, rng=1, n_resamples=100, method="bca")
    assert math.isfinite(result.interval.low)
    assert "undefined_resamples" in result.flags


@pytest.mark.parametrize("value", [nan, math.inf])
@every_method
def test_an_undefined_estimate_has_no_interval(method: Any, value: float) -> None:
    result = bootstrap(lambda x: value if len(set(x)) == 3 else 1.0, [1, 2, 3], rng=1, n_resamples=30, method=method)
    assert math.isnan(result.estimate)
    assert math.isnan(result.interval.low)
    assert "undefined_resamples" in result.flags


def test_a_statistic_that_never_varies_has_no_bca_interval() -> None:
    constant = bootstrap(lambda x: float(len(x) > 0), DATA, rng=1, n_resamples=30)
    assert constant.standard_error == 0
    assert math.isnan(constant.interval.low)
    assert constant.flags == ("no_variance",)
    plain = bootstrap(lambda x: float(len(x) > 0), DATA, rng=1, n_resamples=30, method="percentile")
    assert (plain.interval.low, plain.interval.high) == (1, 1)
    assert plain.flags == ()


def test_replicates_all_on_one_side_of_the_estimate_have_no_bca_interval() -> None:
    result = bootstrap(lambda x: float(len(set(x.tolist()))) + x[0] / 1e3, DATA, rng=1, n_resamples=30)
    assert result.replicates.max() < result.estimate
    assert math.isnan(result.interval.low)
    assert result.flags == ("no_variance",)


def test_a_level_beyond_the_reach_of_the_acceleration_has_no_bca_interval() -> None:
    heavy = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    reached = bootstrap(np.mean, heavy, rng=1, n_resamples=200, level=0.9)
    beyond = bootstrap(np.mean, heavy, rng=1, n_resamples=200, level=1 - 1e-12)
    assert math.isfinite(reached.interval.low)
    assert math.isnan(beyond.interval.low)
    assert beyond.flags == ("no_variance",)


def test_input_is_not_changed_by_a_statistic_that_writes() -> None:
    data = DATA.copy()

    def writes(x: Any) -> float:
        x[:] = x.mean()
        return float(x[0])

    bootstrap(writes, data, rng=1, n_resamples=5)
    assert np.array_equal(data, DATA)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = bootstrap(np.mean, DATA[:4], rng=1, n_resamples=8, units=[1, 1, 2, 2])
    json.dumps(result.to_dict(), allow_nan=False)
    assert len(result.to_dict()["replicates"]) == 8
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    assert not result.replicates.flags.writeable
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.estimate = 1.0


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap(np.mean, rng=1), "arrays: expected at least one array, got none"),
        (lambda: bootstrap(np.mean, 3.0, rng=1), r"arrays\[0\]: expected at least one dimension, got a single number"),
        (lambda: bootstrap(np.mean, [1, 2], 3.0, rng=1), r"arrays\[1\]: expected 2 rows .*, got a single number"),
        (lambda: bootstrap(correlation, [1, 2], [1], rng=1), r"arrays\[1\]: expected 2 rows as in arrays\[0\], got 1"),
        (lambda: bootstrap(np.mean, [1, 2], rng=None), "rng: expected a Generator, a SeedSequence or an integer"),  # type: ignore[arg-type]
        (lambda: bootstrap(np.mean, [1, 2], rng=-1), "rng: expected .* of at least 0, got -1"),
        (lambda: bootstrap(np.mean, [1, 2], rng=True), "rng: expected .* got True"),
        (lambda: bootstrap(np.mean, [1, 2], rng=1, n_resamples=1), "n_resamples: expected a whole number of at least"),
        (lambda: bootstrap(np.mean, [1, 2], rng=1, n_resamples=9.5), "n_resamples: expected a whole number"),  # type: ignore[arg-type]
        (lambda: bootstrap(np.mean, [1, 2], rng=1, level=95), r"level: expected a number inside \(0, 1\), got 95"),
        (lambda: bootstrap(np.mean, [1, 2], rng=1, method="t"), "method: expected one of 'bca', 'percentile', 'basic'"),  # type: ignore[arg-type]
        (lambda: bootstrap(np.mean, [1, 2], rng=1, units=["a"]), "units: expected 2 labels, got 1"),
        (lambda: bootstrap(np.mean, [1, 2], rng=1, units=[1, "a"]), "units: labels of kind int, str do not sort"),
        (lambda: bootstrap(lambda x: x, [1, 2], rng=1), r"statistic: expected one real number, got \[1, 2\]"),
        (lambda: bootstrap(lambda _: "3", [1, 2], rng=1), "statistic: expected one real number, got '3'"),  # type: ignore[arg-type,return-value]
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
