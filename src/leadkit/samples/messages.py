"""Synthetic codings of announcements by people who mostly, but not always, see the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadkit import frameworks
from leadkit.samples._checks import count
from leadkit.samples.people import people
from leadkit.typing import BoolArray, RNGLike

if TYPE_CHECKING:
    from leadkit.frameworks import MessageRubric
    from leadkit.ved import MessageCoding

__all__ = ["messages"]

PRESENT = {"leader": (0.75, 0.15), "manager": (0.1, 0.75), "mixed": (0.45, 0.45)}
"""Style of a message to the share of codes of the leader's and of the manager's side in it."""


def messages(
    *, rng: RNGLike, n: int = 12, n_coders: int = 3, rubric: MessageRubric | None = None
) -> tuple[MessageCoding, ...]:
    """Draw synthetic codings: a third of the messages each in a leader's, a manager's and a mixed way.

    A coder overlooks about one code in eight and sees one in twenty that is not there, each coder to a different degree.

    Parameters
    ----------
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same sample.
    n : int
        Number of messages, at least 1.
    n_coders : int
        Number of people who read all of them, at least 1.
    rubric : MessageRubric, optional
        The codes; `frameworks.message_rubric()` when None.

    Returns
    -------
    tuple of MessageCoding
        By message, then by coder. Synthetic: about nobody.

    Raises
    ------
    ValueError
        `n` or `n_coders` is below 1.

    Examples
    --------
    >>> codings = messages(rng=1, n=2)
    >>> [(coding.message_id, coding.coder_id) for coding in codings][2:4]
    [('message-01', 'fatima.fernandes'), ('message-02', 'naveen.vargas')]
    >>> sorted(codings[0].codes)
    ['deadline', 'reason', 'shared_effort', 'target_last']
    """
    from leadkit.ved import MessageCoding

    count(n, "n", at_least=1)
    count(n_coders, "n_coders", at_least=1)
    rubric = frameworks.message_rubric() if rubric is None else rubric
    rng = np.random.default_rng(rng)
    coders = [person.id for person in people(n_coders, rng=rng)]
    by_leader = np.array([code.side == "leader" for code in rubric.codes])
    overlooks = rng.uniform(0.05, 0.2, size=n_coders)
    imagines = rng.uniform(0.02, 0.08, size=n_coders)
    width = max(2, len(str(n)))
    codings = []
    for number in range(1, n + 1):
        style = list(PRESENT)[(number - 1) % len(PRESENT)]
        present = _present(by_leader, style, rubric.code_ids, rng)
        for coder, miss, fancy in zip(coders, overlooks, imagines, strict=True):
            seen = rng.random(len(by_leader)) < np.where(present, 1 - miss, fancy)
            codes = [name for name, is_seen in zip(rubric.code_ids, seen, strict=True) if is_seen]
            codings.append(
                MessageCoding(message_id=f"message-{number:0{width}}", coder_id=coder, codes=frozenset(codes))
            )
    return tuple(codings)


def _present(by_leader: BoolArray, style: str, code_ids: tuple[str, ...], rng: np.random.Generator) -> BoolArray:
    """Draw which codes a message holds; it cannot name its target both first and last."""
    leader, manager = PRESENT[style]
    present: BoolArray = rng.random(len(by_leader)) < np.where(by_leader, leader, manager)
    if {"target_first", "target_last"} <= set(code_ids):
        first, last = code_ids.index("target_first"), code_ids.index("target_last")
        present[first] &= not present[last]
    return present
