"""Twenty million people times thirty items in a Parquet file: scored in less than a gigabyte, beside the bare engine.

Every job runs in a fresh process, which reports its processor time and the most memory that it ever held. Beside ours
runs the same work written by hand for that engine, with every rule of ours (`by hand`), and the engine's own mean of
the items of each dimension, which knows of reversed items and passes over gaps and has no rule at all (`bare`).
`LEADKIT_MILLIONS` says how many millions of rows, 20 if it does not; they take 0.4 GB of disk, and an engine's scores 0.6 GB
at a time.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add, and_
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit import frames
from leadkit.assessment import Instrument
from leadkit.stats import cronbach_alpha

N = round(float(os.environ.get("LEADKIT_MILLIONS", "20")) * 1_000_000)
CHUNK = 500_000
GIGABYTE = 1e9
GOAL = 1.3
REPEATS = 3
NEEDED = 3
DIMENSIONS = {f"d{d}": [f"i{d}_{j}" for j in range(5)] for d in range(6)}
TURNED = {names[-1] for names in DIMENSIONS.values()}
ROWS = [
    {"item": name, "dimension": dimension, "reverse": name in TURNED, "low": 1, "high": 5}
    for dimension, names in DIMENSIONS.items()
    for name in names
]
FORM = Instrument.from_rows(ROWS, id="bench", version="1.0.0", title="Bench", source="Made up", licence="MIT")
Job: TypeAlias = Callable[[str, str], object]
Figures: TypeAlias = dict[str, float]


def write_answers(path: Path) -> None:
    """Write answers with 3 % gaps, a number for everybody and one of 1,000 teams, a piece at a time."""
    rng = np.random.default_rng(1)
    fields = {"who": pa.int64(), "team": pa.int16()} | dict.fromkeys(FORM.item_ids, pa.int8())
    with pq.ParquetWriter(path, pa.schema(fields)) as writer:
        for start in range(0, N, CHUNK):
            n = min(CHUNK, N - start)
            leaning = rng.integers(-1, 2, n, np.int8)
            table = {"who": pa.array(np.arange(start, start + n)), "team": pa.array(rng.integers(0, 1000, n, np.int16))}
            for name in FORM.item_ids:
                answers = np.clip(rng.integers(1, 6, n, np.int8) + (-leaning if name in TURNED else leaning), 1, 5)
                table[name] = pa.array(answers, mask=rng.integers(0, 33, n, np.int8) == 0)
            writer.write_table(pa.table(table, schema=pa.schema(fields)), row_group_size=CHUNK // 4)


def polars_ours(path: str) -> Any:
    import polars as pl

    return frames.score(pl.scan_parquet(path), FORM, keep=["who", "team"])


def polars_by_hand(path: str) -> Any:
    import polars as pl

    scores = []
    for dimension, names in DIMENSIONS.items():
        answers = [(6 - pl.col(name) if name in TURNED else pl.col(name)).fill_null(0) for name in names]
        given = reduce(add, [pl.col(name).is_not_null().cast(pl.UInt8) for name in names])
        right = reduce(and_, [pl.col(name).is_between(1, 5).fill_null(value=True) for name in names])
        scores.append(pl.when((given >= NEEDED) & right).then(reduce(add, answers) / given).alias(dimension))
    return pl.scan_parquet(path).select("who", "team", *scores)


def polars_bare(path: str) -> Any:
    import polars as pl

    means = [
        pl.mean_horizontal(6 - pl.col(name) if name in TURNED else pl.col(name) for name in names).alias(dimension)
        for dimension, names in DIMENSIONS.items()
    ]
    return pl.scan_parquet(path).select("who", "team", *means)


def polars_moments(path: str, out: str) -> None:
    import polars as pl

    tell_moments(frames.item_moments(pl.scan_parquet(path), FORM), out)


def polars_to_parquet(scored: Any, out: str) -> None:
    scored.sink_parquet(out)


def polars_to_groups(scored: Any, out: str) -> None:
    import polars as pl

    means = [pl.col(dimension).mean() for dimension in DIMENSIONS]
    scored.group_by("team").agg(*means).sort("team").collect(engine="streaming").write_parquet(out)


def duckdb_base() -> Any:
    import duckdb

    base = duckdb.connect()
    base.execute("SET memory_limit = '600MB'; SET threads = 2")
    return base


def duckdb_ours(path: str) -> Any:
    return frames.score(duckdb_base().read_parquet(path), FORM, keep=["who", "team"])


def duckdb_by_hand(path: str) -> Any:
    scores = []
    for dimension, names in DIMENSIONS.items():
        wrong = " OR ".join(f"{name} < 1 OR {name} > 5" for name in names)
        value = f"CASE WHEN {wrong} THEN NULL WHEN {given(names)} >= {NEEDED} THEN {mean(names)} END"
        scores.append(f"{value} AS {dimension}")
    return duckdb_base().read_parquet(path).project(", ".join(["who", "team", *scores]))


def duckdb_bare(path: str) -> Any:
    means = [f"{mean(names)} AS {dimension}" for dimension, names in DIMENSIONS.items()]
    return duckdb_base().read_parquet(path).project(", ".join(["who", "team", *means]))


def given(names: list[str]) -> str:
    return "(" + " + ".join(f"({name} IS NOT NULL)::INT" for name in names) + ")"


def mean(names: list[str]) -> str:
    total = " + ".join(f"coalesce({f'6 - {name}' if name in TURNED else name}, 0)" for name in names)
    return f"({total}) / {given(names)}"


def duckdb_moments(path: str, out: str) -> None:
    tell_moments(frames.item_moments(duckdb_base().read_parquet(path), FORM), out)


def duckdb_to_parquet(scored: Any, out: str) -> None:
    scored.write_parquet(out)


def duckdb_to_groups(scored: Any, out: str) -> None:
    means = ", ".join(f"avg({dimension}) AS {dimension}" for dimension in DIMENSIONS)
    scored.aggregate(f"team, {means}", "team").order("team").write_parquet(out)


def tell_moments(moments: Any, out: str) -> None:
    np.savez(out, alpha=cronbach_alpha(moments).alpha, counts=moments.counts, products=moments.products)


def run_here(engine: str, way: str, target: str, path: str, out: str) -> Figures:
    """Do one job and say what it took."""
    known = globals()
    wall, processor = time.perf_counter(), time.process_time()
    if way == "moments":
        known[f"{engine}_moments"](path, out)
    else:
        known[f"{engine}_to_{target}"](known[f"{engine}_{way}"](path), out)
    return {
        "processor": time.process_time() - processor,
        "wall": time.perf_counter() - wall,
        "bytes": most_memory(),
    }


def most_memory() -> float:
    """Say the most bytes that this process has ever held; what it was forked from does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024.0 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def run(*job: str) -> Figures:
    done = subprocess.run([sys.executable, __file__, *job], check=True, capture_output=True, text=True)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("millions")
    write_answers(folder / "answers.parquet")
    yield folder / "answers.parquet"
    shutil.rmtree(folder)


@pytest.mark.parametrize("target", ["parquet", "groups"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_scores_of_a_file(
    engine: str, target: str, answers: Path, benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    ways = ("ours", "by_hand", "bare")
    out = {way: answers.with_name(f"{engine}_{target}_{way}.parquet") for way in ways}
    runs: dict[str, list[Figures]] = {way: [] for way in ways}

    def interleaved() -> None:
        for _ in range(REPEATS):
            for way in ways:
                runs[way].append(run(engine, way, target, str(answers), str(out[way])))

    benchmark.pedantic(interleaved, rounds=1)  # type: ignore[no-untyped-call]
    assert_same_scores(out["ours"], out["by_hand"], N if target == "parquet" else 1000)
    for path in out.values():
        path.unlink()
    took = {way: statistics.median(figures["processor"] for figures in runs[way]) for way in ways}
    held = {way: max(figures["bytes"] for figures in runs[way]) for way in ways}
    ratio = took["ours"] / took["bare"]
    benchmark.extra_info.update(took=took, held=held, ratio=ratio)
    tell(
        f"{engine} to {target}: {took['ours']:.3g} s against {took['bare']:.3g} s bare: ratio {ratio:.2f}, "
        f"at most {GOAL}; {took['by_hand']:.3g} s by hand; "
        + ", ".join(f"{way} {amount / 1e6:.0f} MB" for way, amount in held.items())
    )
    assert held["ours"] < GIGABYTE
    assert ratio <= GOAL


def test_moments_of_a_file(answers: Path, benchmark: BenchmarkFixture, tell: Callable[[str], None]) -> None:
    out = {engine: answers.with_name(f"{engine}.npz") for engine in ("polars", "duckdb")}
    figures: dict[str, Figures] = {}

    def both() -> None:
        for engine, path in out.items():
            figures[engine] = run(engine, "moments", "", str(answers), str(path))

    benchmark.pedantic(both, rounds=1)  # type: ignore[no-untyped-call]
    one, other = (np.load(path) for path in out.values())
    np.testing.assert_array_equal(one["counts"], other["counts"])
    np.testing.assert_allclose(one["products"], other["products"], rtol=1e-12)
    benchmark.extra_info.update(figures)
    tell(", ".join(f"{name}: {f['processor']:.3g} s, {f['bytes'] / 1e6:.0f} MB" for name, f in figures.items()))
    assert all(found["bytes"] < GIGABYTE for found in figures.values())


def assert_same_scores(one: Path, other: Path, n_rows: int) -> None:
    """Compare two files a piece at a time, in the order of rows, which both engines keep."""
    pieces = zip(*(pq.ParquetFile(path).iter_batches(CHUNK) for path in (one, other)), strict=True)
    seen = 0
    for ours, theirs in pieces:
        seen += len(ours)
        for name in ours.schema.names:
            np.testing.assert_allclose(floats(ours[name]), floats(theirs[name]), rtol=1e-12, err_msg=name)
    assert seen == n_rows


def floats(column: Any) -> Any:
    return column.cast("float64").to_numpy(zero_copy_only=False)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run_here(*sys.argv[1:])) + "\n")
