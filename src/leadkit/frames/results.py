"""Results as data frames."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Literal, TypeAlias, get_args

import narwhals.stable.v2 as nw

from leadkit.assessment import Feedback

__all__ = ["Backend", "to_frame"]

Backend: TypeAlias = Literal["pandas", "polars", "pyarrow"]
"""The library whose data frame is wanted."""


def to_frame(result: Any, *, backend: Backend = "pandas") -> Any:
    """Turn the rows of a result into a data frame.

    Parameters
    ----------
    result : Scores, any table, DisclosedFeedback, EventLog, ...
        Anything with `to_records()`.
    backend : {"pandas", "polars", "pyarrow"}
        Which data frame to make.

    Returns
    -------
    data frame
        The rows and columns of `to_records()`, in that order.
        What is not known (None there, NaN in the result) is null; in a column of numbers or texts of pandas, NaN.
        Whole numbers beside others, or beside gaps in pandas, become floats; a column of numbers and texts becomes
        texts.

    Raises
    ------
    TypeError
        `result` has no rows; or it is a raw `Feedback`, which is not for showing.
    ValueError
        `backend` is not one of those above.
    ImportError
        `backend` is not installed.

    Examples
    --------
    >>> from leadkit import samples, score
    >>> scores = score(samples.answers("ved", n=3, rng=1))
    >>> to_frame(scores, backend="polars").columns[:3]
    ['respondent_id', 'team', 'vision']
    """
    if backend not in get_args(Backend):
        msg = f"backend: expected one of {', '.join(map(repr, get_args(Backend)))}, got {backend!r}"
        raise ValueError(msg)
    if isinstance(result, Feedback):
        msg = "result: raw Feedback is not for showing; call disclose(feedback, policy) first"
        raise TypeError(msg)
    if isinstance(result, type) or not callable(getattr(result, "to_records", None)):
        msg = f"result: expected a result with to_records(), got {type(result).__name__}"
        raise TypeError(msg)
    if find_spec(backend) is None:
        msg = f"backend: {backend} is not installed"
        raise ImportError(msg)
    return nw.from_dict(_columns(result), backend=backend).to_native()


def _columns(result: Any) -> dict[str, list[Any]]:
    records: list[Mapping[str, Any]] = result.to_records()
    names = dict.fromkeys(name for record in records for name in record)
    if not records:
        names = dict.fromkeys(getattr(result, "_columns", {}).values())
    return {name: _one_kind([record.get(name) for record in records]) for name in names}


def _one_kind(values: list[Any]) -> list[Any]:
    """Make values of several kinds alike, since a column of a data frame holds one."""
    kinds = set(map(type, values)) - {type(None)}
    if len(kinds) < 2:
        return values
    kind = float if kinds == {int, float} else str
    return [None if value is None else kind(value) for value in values]
