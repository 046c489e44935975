"""Sameness of one person's answers: runs of equal ones, different ones, and spread."""

from __future__ import annotations

from typing import Any

import numpy as np

from leadkit.stats.careless.within import Block, centred
from leadkit.typing import FloatArray, IntArray


def sameness(block: Block) -> dict[str, Any]:
    """Give the rows of the indices that need nothing but the person's own answers."""
    longest, n_runs = answer_runs(block)
    n = block.n_answered
    return {
        "longstring": longest,
        "average_string": n / np.where(n_runs > 0, n_runs, np.nan),
        "irv": response_variability(block),
        "n_answered": n,
        "n_distinct": different_answers(block),
    }


def answer_runs(block: Block) -> tuple[IntArray, IntArray]:
    """Give the length of each person's longest run of equal answers, and number of runs; both 0 without answers.

    A missing answer ends a run and is part of none.
    """
    answers = block.answers
    goes_on = (answers[1:] == answers[:-1]).astype(np.int32)
    known = np.ones((len(answers), 1), np.int32) if block.missing is None else (~block.missing).astype(np.int32)
    run = np.zeros(answers.shape[1], np.int32) + known[0]
    longest = run.copy()
    for same, answered in zip(goes_on, known[1:], strict=True):
        run *= same
        run += answered
        np.maximum(longest, run, out=longest)
    return longest.astype(np.int64), block.n_answered - goes_on.sum(axis=0)


def different_answers(block: Block) -> IntArray:
    """Count the different answers of each person, (n,); 0 without answers."""
    ordered = np.sort(block.answers, axis=0)
    steps: IntArray = (ordered[1:] != ordered[:-1]).sum(axis=0, dtype=np.int64)
    # missing answers sort to the end, where each of them differs from its neighbour
    return 1 + steps - (len(ordered) - block.n_answered)


def response_variability(block: Block) -> FloatArray:
    """Give the standard deviation (divisor n - 1) of each person's answers, (n,); NaN below two answers."""
    n = block.n_answered
    squares = centred(block.answers.copy(), block.missing)
    return np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
