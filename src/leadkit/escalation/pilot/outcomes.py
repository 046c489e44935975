"""The cases of a pilot: who worked on what, and whether it succeeded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._results import Value
from leadkit.errors import EscalationError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.pilot._columns import (
    as_counts,
    as_ids,
    as_measures,
    count_faults,
    id_column_faults,
    length_faults,
    measure_faults,
    success_faults,
)
from leadkit.typing import FloatArray, IntArray

__all__ = ["Column", "PilotOutcomes"]

Column: TypeAlias = Sequence[Any] | ArrayLike
"""A column of a table: a list, an array or a series, one value a row."""


@frozen(kw_only=True, eq=False)
class PilotOutcomes(Value):
    """The cases of a pilot, kept in one order whatever the order they are given in.

    Parameters
    ----------
    person, domain : (n,) sequence of str
        Who worked on the case, and the domain it belongs to.
    success : (n,) sequence of bool or int
        Whether the case succeeded; with `count` the number of cases of the row that did.
    stratum : (n,) sequence of str, optional
        What makes cases of one domain easier or harder, such as the product; without it a domain is one stratum.
    count : (n,) sequence of int, optional
        How many cases a row stands for, at least 1; by default 1.
    seconds : (n,) sequence of float, optional
        Working time of the case, at least 0 [s]; NaN or None where not known, and in rows of more than one case.
    csat : (n,) sequence of float, optional
        The customer's rating on any scale; NaN or None where there is none, and in rows of more than one case.

    Raises
    ------
    EscalationError
        Columns differ in length, or a value is wrong; `faults` names every row.

    Examples
    --------
    >>> outcomes = PilotOutcomes(person=["bo", "ann"], domain=["billing", "billing"], success=[True, False])
    >>> outcomes.person, outcomes.success, outcomes.n_cases
    (('ann', 'bo'), array([0, 1]), 2)
    """

    person: tuple[str, ...] = field(converter=as_ids)
    domain: tuple[str, ...] = field(converter=as_ids)
    success: IntArray = field(converter=as_counts)
    stratum: tuple[str, ...] | None = field(default=None, converter=as_ids)
    count: IntArray | None = field(default=None, converter=as_counts)
    seconds: FloatArray | None = field(default=None, converter=as_measures)
    csat: FloatArray | None = field(default=None, converter=as_measures)

    def __attrs_post_init__(self) -> None:
        faults = length_faults(self, ("person", "domain", "success", "stratum", "count", "seconds", "csat"))
        if not faults:
            faults = [
                *id_column_faults(self.person, "person"),
                *id_column_faults(self.domain, "domain"),
                *id_column_faults(self.stratum, "stratum"),
                *count_faults(self.count),
                *success_faults(self.success, self.count),
                *measure_faults(self.seconds, self.count, "seconds", at_least_0=True),
                *measure_faults(self.csat, self.count, "csat", at_least_0=False),
            ]
        raise_faults(faults, "pilot outcomes", EscalationError)
        self._put_in_order()

    @classmethod
    def from_columns(
        cls,
        person: Column,
        domain: Column,
        success: Column,
        *,
        stratum: Column | None = None,
        count: Column | None = None,
        seconds: Column | None = None,
        csat: Column | None = None,
    ) -> Self:
        """Read the columns of a table, one row a case, or `count` cases of which `success` succeeded.

        Parameters and errors are those of the class.

        Examples
        --------
        >>> outcomes = PilotOutcomes.from_columns(["ann", "bo"], ["billing", "billing"], [9, 4], count=[10, 8])
        >>> outcomes.n_cases
        18
        """
        columns: dict[str, Any] = {"person": person, "domain": domain, "success": success, "stratum": stratum}
        return cls(**columns, count=count, seconds=seconds, csat=csat)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.person)

    @property
    def n_cases(self) -> int:
        """Number of cases, where a row may stand for several."""
        return len(self) if self.count is None else int(self.count.sum())

    def _put_in_order(self) -> None:
        """Sort the rows by all they hold, so that no sum depends on the order they came in."""
        numbers = [column for column in (self.success, self.count, self.seconds, self.csat) if column is not None]
        names = [column for column in (self.person, self.domain, self.stratum) if column is not None]
        keys: list[Any] = [
            *reversed(numbers),
            *(np.unique(column, return_inverse=True)[1] for column in reversed(names)),
        ]
        order = np.lexsort(keys) if len(self) else np.empty(0, dtype=np.int64)
        for name in ("person", "domain", "stratum"):
            texts = getattr(self, name)
            if texts is not None:
                object.__setattr__(self, name, tuple(texts[i] for i in order))
        success = np.asarray(self.success, dtype=np.int64)
        object.__setattr__(self, "success", as_counts(success[order]))
        for name in ("count", "seconds", "csat"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, (as_counts if name == "count" else as_measures)(values[order]))
