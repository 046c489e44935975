"""Runs in blocks: each with a seed of its own, and summed up as it arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.stats._replicates import replicate_seeds
from leadkit.typing import Executor, FloatArray, Progress, RNGLike
from leadkit.wbs.risk._drawing import Draws
from leadkit.wbs.risk._passes import Ends, Passes

__all__ = ["BLOCK", "Model", "Totals", "durations_and_finish", "simulated"]

BLOCK = 1024
# so many durations are in memory at a time, several times over
NUMBERS_A_PIECE = 2**20
LEAST_RUNS_A_PIECE = 16


@frozen(kw_only=True, eq=False)
class Model:
    """All that a block of runs needs, whoever works it out; `middle` holds durations near the mean, to sum around."""

    draws: Draws
    passes: Passes
    middle: FloatArray
    finish_in_the_middle: float


@frozen(kw_only=True, eq=False)
class Block:
    """One block of runs: every finish, and sums by activity of deviations from the middle."""

    ends: Ends
    duration: FloatArray
    squares: FloatArray
    products: FloatArray


@frozen(kw_only=True, eq=False)
class Totals:
    """All runs: finishes in the order of the blocks, and sums by activity of deviations from the middle."""

    ends: Ends
    duration: FloatArray
    squares: FloatArray
    products: FloatArray

    @classmethod
    def of(cls, blocks: Iterator[Block], n_activities: int, runs: int, *, with_instants: bool) -> Self:
        """Add blocks up as they arrive."""
        finish = np.empty(runs)
        instants = np.empty(runs, dtype=np.int64) if with_instants else None
        critical = np.zeros(n_activities, dtype=np.int64)
        sums = np.zeros((3, n_activities))
        done = 0
        for block in blocks:
            some = slice(done, done + len(block.ends.finish))
            finish[some] = block.ends.finish
            if instants is not None and block.ends.instants is not None:
                instants[some] = block.ends.instants
            critical += block.ends.critical
            sums += (block.duration, block.squares, block.products)
            done = some.stop
        return cls(ends=Ends(finish, critical, instants), duration=sums[0], squares=sums[1], products=sums[2])


def simulated(
    model: Model, n: int, rng: RNGLike, *, executor: Executor | None, progress: Progress | None, with_instants: bool
) -> tuple[Totals, tuple[np.random.SeedSequence, ...]]:
    """Do `n` runs; give their sums, and the seeds of the blocks."""
    seeds = replicate_seeds(rng, -(-n // BLOCK))
    totals = Totals.of(
        _arriving(model, seeds, block_sizes(n), executor, progress), len(model.middle), n, with_instants=with_instants
    )
    return totals, tuple(seeds)


def block_sizes(n: int) -> list[int]:
    """Cut runs into blocks; the last one may be smaller."""
    return [min(BLOCK, n - low) for low in range(0, n, BLOCK)]


def durations_and_finish(
    model: Model, seeds: Sequence[np.random.SeedSequence], n: int, most: int
) -> tuple[FloatArray, FloatArray]:
    """Draw the first runs of `n` again, at most so many: their durations (n_activities, runs) and finishes (runs,)."""
    pieces = [
        (durations, model.passes.ends(durations).finish)
        for seed, size in zip(seeds, block_sizes(n)[: -(-most // BLOCK)], strict=False)
        for durations in drawn(model.draws, seed, size)
    ]
    durations = np.concatenate([part for part, _ in pieces], axis=1)[:, :most]
    return durations, np.concatenate([finish for _, finish in pieces])[:most]


def drawn(draws: Draws, seed: np.random.SeedSequence, size: int) -> Iterator[FloatArray]:
    """Draw the durations of one block, in pieces that fit into memory however many activities there are."""
    rng = np.random.default_rng(seed)
    piece = max(LEAST_RUNS_A_PIECE, NUMBERS_A_PIECE // max(1, len(draws.laws)))
    for low in range(0, size, piece):
        yield draws.sample(rng, min(piece, size - low))


def _arriving(
    model: Model,
    seeds: Sequence[np.random.SeedSequence],
    sizes: Sequence[int],
    executor: Executor | None,
    progress: Progress | None,
) -> Iterator[Block]:
    work = partial(_block, model)
    done = map(work, seeds, sizes) if executor is None else executor.map(work, seeds, sizes)
    for count, block in enumerate(done, start=1):
        yield block
        if progress is not None:
            progress(count, len(seeds))


def _block(model: Model, seed: np.random.SeedSequence, size: int) -> Block:
    pieces = [_piece(model, durations) for durations in drawn(model.draws, seed, size)]
    if len(pieces) == 1:
        return pieces[0]
    instants = [piece.ends.instants for piece in pieces if piece.ends.instants is not None]
    return Block(
        ends=Ends(
            np.concatenate([piece.ends.finish for piece in pieces]),
            _sum_of([piece.ends.critical for piece in pieces]),
            np.concatenate(instants) if instants else None,
        ),
        duration=_sum_of([piece.duration for piece in pieces]),
        squares=_sum_of([piece.squares for piece in pieces]),
        products=_sum_of([piece.products for piece in pieces]),
    )


def _piece(model: Model, durations: FloatArray) -> Block:
    """Work out some runs; `durations` is used up."""
    ends = model.passes.ends(durations)
    durations -= model.middle[:, None]
    # einsum, not @: a threaded BLAS adds in another order on another machine
    return Block(
        ends=ends,
        duration=durations.sum(axis=1),
        squares=np.einsum("ij,ij->i", durations, durations),
        products=np.einsum("ij,j->i", durations, ends.finish - model.finish_in_the_middle),
    )


def _sum_of(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    total: NDArray[Any] = np.add.reduce(parts)
    return total
