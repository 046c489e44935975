"""Early and late dates of a network, its floats, and what is critical in it."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import bool_array, float_array, frozen_mapping, int_array
from leadkit._results import TableResult
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["CriticalPath", "NumberArray"]

NumberArray: TypeAlias = IntArray | FloatArray
"""int64 where everything that went in is whole, else float64."""


def _numbers(values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    return int_array(array) if array.dtype.kind in "iu" else float_array(array)


def _end(value: Any) -> Any:
    array = np.asarray(value)
    return _numbers(array) if array.ndim else array.item()


@frozen(kw_only=True, eq=False)
class CriticalPath(TableResult):
    """What `cpm` finds: dates of n activities, for one set of durations (n,) or for several (runs, n).

    All arrays are read-only, int64 where everything that went in is whole, else float64, in the unit of the durations.

    Parameters
    ----------
    early_start, early_finish : (n,) or (runs, n) array
        Least start that every link and release allows, and the finish after it.
    late_start, late_finish : (n,) or (runs, n) array
        Greatest finish that every link, due date and `finish` allows, and the start before it.
    total_float : (n,) or (runs, n) array
        Late start less early start; negative where a due date or `finish` cannot be met.
    free_float : (n,) or (runs, n) array
        The most an activity can be later than its early dates without moving any other early date or `early_end`; at
        least 0.
    is_critical : (n,) or (runs, n) bool array
        Whether the total float is at most 0; of floats, at most 1e-9 x max(1, `early_end`).
    finish : number or (runs,) array
        Latest finish allowed to all.
    early_end : number or (runs,) array
        Greatest early finish; 0 without activities.
    flags : tuple of str
        `negative_float` where some due date or `finish` cannot be met, in any run.

    Examples
    --------
    >>> from leadkit.wbs import cpm
    >>> cpm([2, 3, 1], [0, 1], [2, 2]).to_records()[0]["free_float"]
    1
    """

    early_start: NumberArray = field(converter=_numbers)
    early_finish: NumberArray = field(converter=_numbers)
    late_start: NumberArray = field(converter=_numbers)
    late_finish: NumberArray = field(converter=_numbers)
    total_float: NumberArray = field(converter=_numbers)
    free_float: NumberArray = field(converter=_numbers)
    is_critical: BoolArray = field(converter=bool_array)
    finish: int | float | NumberArray = field(converter=_end)
    early_end: int | float | NumberArray = field(converter=_end)
    flags: tuple[str, ...] = ()

    _columns: ClassVar = frozen_mapping(
        {
            name: name
            for name in (
                "early_start",
                "early_finish",
                "late_start",
                "late_finish",
                "total_float",
                "free_float",
                "is_critical",
            )
        }
    )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an activity, with its index as `activity`; of several runs one a run and activity, `run` first.

        Returns
        -------
        list of dict
            In the order of the activities, run after run.
        """
        columns = {name: getattr(self, name).tolist() for name in self._columns}
        if self.early_start.ndim == 1:
            return _rows({}, columns)
        runs = range(self.early_start.shape[0])
        return [row for run in runs for row in _rows({"run": run}, {name: of[run] for name, of in columns.items()})]


def _rows(head: dict[str, Any], columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    rows = enumerate(zip(*columns.values(), strict=True))
    return [{**head, "activity": place, **dict(zip(columns, row, strict=True))} for place, row in rows]
