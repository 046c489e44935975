"""Repeated work that gives the same numbers whoever does it: a seed a replicate, results in the order of the seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from leadkit.typing import Executor, FloatArray, Progress, RNGLike

Item = TypeVar("Item")
Result = TypeVar("Result")
CHUNKS = 32


def replicate_seeds(rng: RNGLike | None, n: int) -> list[np.random.SeedSequence]:
    """Spawn one seed a replicate from the state of `rng`.

    A seed or SeedSequence gives the same seeds whenever it is used and is not changed; a Generator moves on.
    """
    is_seed = isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0
    if not is_seed and not isinstance(rng, np.random.Generator | np.random.SeedSequence):
        msg = f"rng: expected a Generator, a SeedSequence or an integer of at least 0, got {rng!r}"
        raise ValueError(msg)
    generator = np.random.default_rng(rng)
    entropy = generator.integers(2**32, size=4, dtype=np.uint64)
    return np.random.SeedSequence([int(word) for word in entropy]).spawn(n)


def replicate(
    work: Callable[[Item], float],
    items: Sequence[Item],
    executor: Executor | None,
    progress: Progress | None = None,
) -> FloatArray:
    """Apply `work` to every item, in chunks on `executor` when there is one; results in the order of the items."""
    chunks = chunked(items)
    return np.concatenate([np.empty(0), *in_order(partial(_each, work), chunks, executor=executor, progress=progress)])


def chunked(items: Sequence[Item]) -> list[Sequence[Item]]:
    """Cut items into a few chunks of nearly equal size."""
    size = max(1, -(-len(items) // CHUNKS))
    return [items[i : i + size] for i in range(0, len(items), size)]


def counted_on(progress: Progress | None, before: int, total: int) -> Progress:
    """Tell `progress` of a part of the work, after `before` steps of `total`."""
    whole = total

    def tell(done: int, total: int) -> None:  # noqa: ARG001 - the total of the part
        if progress is not None:
            progress(before + done, whole)

    return tell


def in_order(
    work: Callable[..., Result], *arguments: Sequence[Any], executor: Executor | None, progress: Progress | None
) -> list[Result]:
    """Apply `work` to the first of all arguments, to the second, and so on; results in that order.

    `progress` is told after each how many are done.
    """
    total = len(arguments[0])
    results: list[Result] = []
    for result in map(work, *arguments) if executor is None else executor.map(work, *arguments):
        results.append(result)
        if progress is not None:
            progress(len(results), total)
    return results


def _each(work: Callable[[Item], float], items: Sequence[Item]) -> FloatArray:
    return np.fromiter(map(work, items), dtype=np.float64, count=len(items))
