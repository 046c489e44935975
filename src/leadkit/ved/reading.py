"""How messages are read: as a leader's or as a manager's, by people who code them, and how far the coders agree."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from leadkit._fields import sealed
from leadkit.errors import Fault, ResponseError, did_you_mean
from leadkit.frameworks import MessageRubric, Side, message_rubric
from leadkit.stats import ConfidenceInterval
from leadkit.stats.agreement import krippendorff_alpha
from leadkit.stats.resampling import bootstrap
from leadkit.typing import BoolArray, Executor, FloatArray, RNGLike
from leadkit.ved.messages import MessageCoding, MessageReading

__all__ = ["read_messages"]


def read_messages(
    codings: Iterable[MessageCoding],
    rubric: MessageRubric | None = None,
    *,
    n_resamples: int = 0,
    level: float = 0.95,
    rng: RNGLike | None = None,
    executor: Executor | None = None,
) -> MessageReading:
    """Count what coders saw in messages, say whose way of announcing prevails, and how far the coders agree.

    People read and code; leadkit counts. It never looks at the words of a message.

    Parameters
    ----------
    codings : iterable of MessageCoding
        One a message and coder, in any order; not everybody needs to code every message.
    rubric : MessageRubric, optional
        The codes and their sides; `frameworks.message_rubric()` when None.
    n_resamples : int
        Number of resamples of the messages for the interval of alpha; 0 for none.
    level : float
        Two-sided confidence level, inside (0, 1).
    rng : Generator, SeedSequence or int, optional
        Source of the seeds, one spawned a resample; required with `n_resamples`.
    executor : Executor, optional
        Where resamples are computed; the result does not depend on it, nor on the order of the codings.

    Returns
    -------
    MessageReading
        Shares, contrast, and Krippendorff's alpha. Whole messages are resampled, because the codes of one message
        are read together. Without `n_resamples` the interval is NaN, with flag `no_interval`.

    Raises
    ------
    ResponseError
        There are no codings, one is something else, a coder coded a message twice, or a code is not in the rubric;
        `faults` holds all of it.
    ValueError
        `rng` is missing where it is needed, or an option is out of its range.

    References
    ----------
    .. [1] K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania, 2011.
    .. [2] A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", Cambridge University Press, 1997.

    Examples
    --------
    >>> codings = [
    ...     MessageCoding(message_id="spring", coder_id="ann", codes={"reason", "ambition", "deadline"}),
    ...     MessageCoding(message_id="spring", coder_id="bo", codes={"reason", "deadline"}),
    ...     MessageCoding(message_id="autumn", coder_id="ann", codes={"target_first", "pressure"}),
    ...     MessageCoding(message_id="autumn", coder_id="bo", codes={"target_first", "pressure"}),
    ... ]
    >>> reading = read_messages(codings)
    >>> reading.message_ids, reading.contrast.tolist(), round(reading.alpha, 3)
    (('autumn', 'spring'), [-1.0, 0.2], 0.86)
    >>> with_interval = read_messages(codings, n_resamples=200, rng=1)
    >>> with_interval.alpha_interval.low <= with_interval.alpha <= with_interval.alpha_interval.high
    True
    """
    codes = message_rubric() if rubric is None else rubric
    rows = list(codings)
    faults = _coding_faults(rows, codes)
    if faults:
        raise ResponseError.from_faults(faults)
    message_ids = tuple(sorted({row.message_id for row in rows}))
    coder_ids = tuple(sorted({row.coder_id for row in rows}))
    seen = _seen(rows, message_ids, coder_ids, codes.code_ids)

    n_coders = np.count_nonzero(~np.isnan(seen[:, 0, :]), axis=1)
    times = np.nansum(seen, axis=2)
    sides: tuple[Side, ...] = tuple(code.side for code in codes.codes)
    agreement = krippendorff_alpha(seen.reshape(-1, len(coder_ids)), metric="nominal", level=level)
    interval, n_undefined, doubts = _interval(
        seen, agreement.alpha, n_resamples=n_resamples, level=level, rng=rng, executor=executor
    )
    return MessageReading(
        message_ids=message_ids,
        code_ids=codes.code_ids,
        sides=sides,
        coder_ids=coder_ids,
        n_coders=sealed(n_coders),
        share=sealed(times / n_coders[:, None]),
        contrast=sealed(_contrast(times, np.array(sides) == "leader")),
        alpha=agreement.alpha,
        alpha_interval=interval,
        n_resamples=n_resamples,
        n_undefined=n_undefined,
        message_flags=tuple(
            ("no_codes",) * bool(none) + ("one_coder",) * bool(one)
            for none, one in zip(~times.any(axis=1), n_coders == 1, strict=True)
        ),
        flags=tuple(sorted({*agreement.flags, *doubts})),
        rubric=codes.title,
        rubric_version=codes.version,
    )


def alpha_of_counts(used: FloatArray, differing: FloatArray) -> float:
    """Krippendorff's alpha of two values from the sums of messages; NaN when only one value was used.

    Parameters
    ----------
    used : array, shape (messages, 2)
        Pairable ratings with each of the two values.
    differing : array, shape (messages,)
        Coincidences of the one value with the other.

    Examples
    --------
    >>> alpha_of_counts(np.array([[3.0, 5.0]]), np.array([0.0]))
    1.0
    """
    no, yes = (float(total) for total in used.sum(axis=0))
    if not no * yes > 0:
        return math.nan
    return 1 - (no + yes - 1) * float(differing.sum()) / (no * yes)


def _coding_faults(rows: list[Any], rubric: MessageRubric) -> list[Fault]:
    faults = [] if rows else [Fault("codings", "expected at least one, got none")]
    first: dict[tuple[str, str], int] = {}
    for i, row in enumerate(rows):
        if not isinstance(row, MessageCoding):
            faults.append(Fault(f"codings[{i}]", f"expected a MessageCoding, got {row!r}"))
            continue
        where = f"message {row.message_id!r}, coder {row.coder_id!r}"
        before = first.setdefault((row.message_id, row.coder_id), i)
        if before != i:
            faults.append(Fault(where, f"is there again: codings[{before}] and codings[{i}]"))
        faults += [
            Fault(where, f"unknown code {code!r}{did_you_mean(code, rubric.code_ids)}")
            for code in sorted(row.codes.difference(rubric.code_ids))
        ]
    return faults


def _seen(
    rows: list[MessageCoding], message_ids: tuple[str, ...], coder_ids: tuple[str, ...], code_ids: tuple[str, ...]
) -> FloatArray:
    """Whether a coder saw a code in a message, 1 or 0, shape (m, c, coders); NaN where they did not read it."""
    messages, coders, codes = ({name: i for i, name in enumerate(ids)} for ids in (message_ids, coder_ids, code_ids))
    seen = np.full((len(messages), len(codes), len(coders)), np.nan)
    for row in rows:
        seen[messages[row.message_id], :, coders[row.coder_id]] = 0.0
        seen[messages[row.message_id], [codes[code] for code in row.codes], coders[row.coder_id]] = 1.0
    return seen


def _contrast(times: FloatArray, leaders: BoolArray) -> FloatArray:
    leader, manager = times[:, leaders].sum(axis=1), times[:, ~leaders].sum(axis=1)
    total = leader + manager
    contrast: FloatArray = np.divide(leader - manager, total, out=np.full(total.shape, np.nan), where=total > 0)
    return contrast


def _interval(
    seen: FloatArray, alpha: float, *, n_resamples: int, level: float, rng: RNGLike | None, executor: Executor | None
) -> tuple[ConfidenceInterval, int, set[str]]:
    """Resample the messages with at least two coders; the interval, how many resamples gave no value, and flags."""
    nothing = ConfidenceInterval(np.nan, np.nan, level)
    if n_resamples == 0:
        return nothing, 0, {"no_interval"}
    if rng is None:
        msg = f"rng: n_resamples={n_resamples} needs a Generator, a SeedSequence or an integer, got None"
        raise ValueError(msg)
    n_ratings = np.count_nonzero(~np.isnan(seen), axis=2)
    pairable = n_ratings[:, 0] > 1
    yes = np.nansum(seen, axis=2)[pairable]
    n_ratings = n_ratings[pairable]
    used = np.column_stack([(n_ratings - yes).sum(axis=1), yes.sum(axis=1)])
    differing = (yes * (n_ratings - yes) / (n_ratings - 1)).sum(axis=1)
    result = bootstrap(
        alpha_of_counts,
        used,
        differing,
        rng=rng,
        n_resamples=n_resamples,
        level=level,
        method="percentile",
        executor=executor,
    )
    if np.isnan(alpha):
        return nothing, 0, set()
    if result.n_units < 2:
        return nothing, 0, {"too_few_rows"}
    return result.interval, result.n_undefined, set(result.flags) & {"undefined_resamples"}
