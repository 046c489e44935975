"""Dated rows of people, from which the organisation as of any day is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Self, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit.errors import OrgError, did_you_mean
from leadkit.org.change.days import ALWAYS, NEVER, day_number
from leadkit.org.change.spans import Spans
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.cells import as_column, expect_one_length
from leadkit.org.organisation.viewing import CELLS
from leadkit.typing import BoolArray, IntArray

__all__ = ["History"]

Day: TypeAlias = date | np.datetime64
ObjectArray: TypeAlias = NDArray[np.object_]

COLUMNS = (*CELLS, "acting_ids", "serves")
POLICIES = ("root_tokens", "job_shares", "conflicts", "single_root", "strict")


@frozen(eq=False, repr=False)
class History:
    """Rows of people, each valid on the days of a half-open span [from, to).

    Build it with `from_columns`; `as_of` takes the organisation of a day.

    Examples
    --------
    >>> from datetime import date
    >>> history = History.from_columns(
    ...     ["ann", "bo", "bo"],
    ...     [None, "ann", None],
    ...     [date(2024, 1, 1), date(2024, 1, 1), date(2024, 7, 1)],
    ...     [None, date(2024, 7, 1), None],
    ... )
    >>> history.as_of(date(2024, 6, 30)).root_ids, history.as_of(date(2024, 7, 1)).root_ids
    (('ann',), ('ann', 'bo'))
    >>> [day.isoformat() for day in history.change_days()]
    ['2024-01-01', '2024-07-01']
    """

    _ids: NDArray[Any]
    _manager_ids: NDArray[Any]
    _start: IntArray
    _stop: IntArray
    _is_effective: BoolArray = field()
    _columns: Mapping[str, NDArray[Any]]
    _attributes: Mapping[str, NDArray[Any]] | None
    _dotted: tuple[NDArray[Any], NDArray[Any]] | None

    @classmethod
    def from_columns(
        cls,
        ids: Any,
        manager_ids: Any,
        valid_from: Any,
        valid_to: Any = None,
        *,
        sequence: Any = None,
        **columns: Any,
    ) -> Self:
        """Take dated rows; what concerns one day only is checked when `as_of` builds the organisation of that day.

        Parameters
        ----------
        ids, manager_ids : sequence of m
            Post and manager, as for `Organisation.from_columns`; an id may be in many rows.
        valid_from : sequence of m dates
            First day of each row: `datetime.date` or `numpy.datetime64`, no text. None or NaT: since ever.
        valid_to : sequence of m dates, optional
            First day on which the row is no longer valid; None or NaT, and every row without this column: open.
            A row that ends on its first day is never valid.
        sequence : sequence of m int, optional
            Which of the rows of one id with the same first day corrects the others: the highest wins, and the others
            never were.
        **columns
            Further columns by the names of `Organisation.from_columns`. `dotted`, a pair of columns, and `attributes`
            are as there; a dotted line counts on the days on which both its ends are there.

        Returns
        -------
        History

        Raises
        ------
        OrgError
            Rows of one id overlap (`overlapping_dates`, a violation for each row that begins before an earlier one
            has ended), a day or a sequence number cannot be read, or a row ends before it begins (`bad_value`);
            `violations` holds all of it.
        ValueError
            Columns differ in length or are no columns.
        TypeError
            There is no such column.
        """
        dotted, attributes = columns.pop("dotted", None), columns.pop("attributes", None)
        _expect_known(columns, COLUMNS, "column")
        given = {"ids": as_column(ids, "ids"), "manager_ids": as_column(manager_ids, "manager_ids")}
        given |= {name: as_column(values, name) for name, values in columns.items() if values is not None}
        given["valid_from"] = _day_column(valid_from, "valid_from")
        if valid_to is not None:
            given["valid_to"] = _day_column(valid_to, "valid_to")
        if sequence is not None:
            given["sequence"] = as_column(sequence, "sequence")
        extra = None if attributes is None else _attribute_columns(attributes)
        expect_one_length({**given, **{f"attributes[{name!r}]": values for name, values in (extra or {}).items()}})
        spans = Spans(given)
        effective = spans.effective_rows()
        if spans.violations:
            raise OrgError.from_violations(
                sorted(spans.violations, key=lambda found: (found.code, found.ids, found.rows))
            )
        return cls(
            given["ids"].copy(),
            given["manager_ids"].copy(),
            sealed(spans.start),
            sealed(spans.stop),
            sealed(effective),
            {name: given[name].copy() for name in COLUMNS if name in given},
            extra,
            None if dotted is None else _pair(dotted),
        )

    @property
    def n_rows(self) -> int:
        """Rows that were given."""
        return len(self._ids)

    def as_of(self, day: Day, **policies: Any) -> Organisation:
        """Build the organisation of one day.

        Parameters
        ----------
        day : date or datetime64
            The day.
        **policies
            `root_tokens`, `job_shares`, `conflicts`, `single_root`, `strict`, as for `Organisation.from_columns`.

        Returns
        -------
        Organisation
            Rows in the order given. In its violations rows are counted among those valid on that day.

        Raises
        ------
        OrgError
            `day` is none, or the rows of that day are no organisation.
        TypeError
            There is no such policy.
        """
        _expect_known(policies, POLICIES, "policy")
        at = day_number(day, "day")
        rows = np.flatnonzero(self._is_effective & (self._start <= at) & (at < self._stop))
        columns: dict[str, Any] = {name: values[rows] for name, values in self._columns.items()}
        attributes = None
        if self._attributes is not None:
            attributes = {name: values[rows] for name, values in self._attributes.items()}
        return Organisation.from_columns(
            self._ids[rows],
            self._manager_ids[rows],
            **columns,
            dotted=self._dotted_among(rows),
            attributes=attributes,
            **policies,
        )

    def change_days(self) -> tuple[date, ...]:
        """Give, in order, the days on which a row begins to be valid or no longer is.

        Returns
        -------
        tuple of date
            Between two neighbours of them, and before the first and from the last on, nothing changes.
        """
        valid = self._is_effective & (self._start < self._stop)
        days = np.unique(np.concatenate([self._start[valid], self._stop[valid]]))
        bounded = days[(days != ALWAYS) & (days != NEVER)]
        return tuple(bounded.astype("datetime64[D]").tolist())

    def _dotted_among(self, rows: IntArray) -> tuple[ObjectArray, ObjectArray] | None:
        """Keep the dotted lines whose ends are there; an end that is nobody's in any row is left to the checks."""
        if self._dotted is None:
            return None
        gone = _texts(self._ids) - _texts(self._ids[rows])
        people, managers = self._dotted
        lines = zip(people.tolist(), managers.tolist(), strict=True)
        kept = np.array([not gone & _texts(line) for line in lines], dtype=np.bool_)
        return people[kept], managers[kept]

    def __repr__(self) -> str:
        return f"History({self.n_rows} rows)"


def _day_column(values: Any, name: str) -> NDArray[Any]:
    """Return a column of days, datetimes in the unit they came in."""
    column = np.asarray(values) if hasattr(values, "__array__") else None
    if column is not None and column.dtype.kind == "M" and column.ndim == 1:
        return column
    return as_column(values, name)


def _attribute_columns(attributes: Any) -> dict[str, NDArray[Any]]:
    if isinstance(attributes, Mapping):
        return {name: as_column(values, f"attributes[{name!r}]") for name, values in attributes.items()}
    msg = f"attributes: expected a mapping of names to columns, got {type(attributes).__name__}"
    raise ValueError(msg)


def _texts(values: Any) -> set[str]:
    return {value for value in values if isinstance(value, str)}


def _pair(dotted: Any) -> tuple[ObjectArray, ObjectArray]:
    if isinstance(dotted, str | Mapping) or not hasattr(dotted, "__len__") or len(dotted) != 2:
        msg = "dotted: expected a pair of columns, person ids and manager ids"
        raise ValueError(msg)
    people, managers = (as_column(values, "dotted").astype(object) for values in dotted)
    expect_one_length({"dotted person ids": people, "dotted manager ids": managers})
    return people, managers


def _expect_known(given: Mapping[str, Any], known: tuple[str, ...], kind: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        msg = f"no {kind} {unknown[0]!r}{did_you_mean(unknown[0], known)}; known: {', '.join(known)}"
        raise TypeError(msg)
