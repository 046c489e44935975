"""Candidates as a model: a value for every criterion, how sure it is, and the groups that selection is watched for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import repeated, sealed, string_faults
from leadkit._results import Value
from leadkit.assessment.answers import missing
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.responses import id_faults, id_tuple
from leadkit.assessment.scoring import Scores
from leadkit.errors import Fault, ResponseError, UnknownIdError, did_you_mean
from leadkit.stats._arrays import floats
from leadkit.stats._groups import group_codes
from leadkit.typing import BoolArray, FloatArray

__all__ = ["Candidates"]


def _numbers(values: Any) -> Any:
    """Copy numbers; what holds something else stays as it is, for the check to name beside all other faults."""
    try:
        numbers = np.asarray(values)
        if numbers.dtype.kind != "f" or isinstance(values, np.ma.MaskedArray):
            numbers = floats(values, "")
    except ValueError:
        return values
    owned = numbers.dtype == np.float64 and numbers.base is None and not numbers.flags.writeable
    return numbers if owned else sealed(np.array(numbers, dtype=np.float64))


def _optional_numbers(values: Any) -> Any:
    return None if values is None else _numbers(values)


def _labels(labels: Any) -> Any:
    if labels is None or isinstance(labels, str) or not isinstance(labels, Iterable):
        return labels
    plain = (label.item() if isinstance(label, np.generic) else label for label in labels)
    return tuple(None if missing(label) else label for label in plain)


@frozen(eq=False, repr=False)
class Candidates(Value):
    """The values of n candidates on c criteria.

    Parameters
    ----------
    ids : sequence of str
        n different ids.
    values : array_like, shape (n, c)
        A column for every criterion, in whatever units; NaN is missing. Kept as a read-only copy.
    standard_errors : array_like, shape (n, c), optional
        Standard error of every value, in the units of the value and at least 0; NaN where it is not known. Without
        them values are taken as they are.
    groups : sequence, optional
        The group of each candidate (None: no group), for the impact ratio only; it never enters a value.
    criterion_ids : sequence of str
        Names of the columns, by which criteria find theirs; without names, columns go by the order of the criteria.
    provenance : Provenance, optional
        That of the scores which the values come from.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Candidates(["ann", "bo"], [[4.0, 12], [3.5, None]], criterion_ids=["coaching", "projects"])
    Candidates(2 candidates x 2 criteria, 1 value missing)
    >>> Candidates(["ann", "ann"], [[4.0], ["high"]])
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: candidates: 2 faults
      candidate 'ann': is there 2 times, in rows 1, 2
      values: expected real numbers, got text
    """

    ids: tuple[str, ...] = field(converter=id_tuple)
    values: FloatArray = field(converter=_numbers)
    standard_errors: FloatArray | None = field(default=None, converter=_optional_numbers, kw_only=True)
    groups: tuple[Any, ...] | None = field(default=None, converter=_labels, kw_only=True)
    criterion_ids: tuple[str, ...] = field(default=(), converter=id_tuple, kw_only=True)
    provenance: Provenance | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.ids, "candidate")
        faults += [fault for i, name in enumerate(self.criterion_ids) for fault in string_faults(name, f"column {i}")]
        faults += [Fault(f"column {name!r}", "is there more than once") for name in repeated(self.criterion_ids)]
        faults += self._number_faults("values")
        if self.standard_errors is not None:
            faults += self._number_faults("standard_errors")
        if self.groups is not None:
            try:
                group_codes(self.groups, "groups", length=len(self.ids))
            except ValueError as error:
                faults.append(Fault("", str(error)))
        if faults:
            raise ResponseError.from_faults(faults, subject="candidates")

    @classmethod
    def from_scores(
        cls,
        scores: Scores,
        *,
        standard_errors: ArrayLike | None = None,
        groups: str | Sequence[Hashable] | None = None,
    ) -> Self:
        """Take respondents as candidates and their scales as criteria.

        Parameters
        ----------
        scores : Scores
            n respondents on d scales.
        standard_errors : array_like, shape (d,) or (n, d), optional
            Standard error of each scale, as `leadkit.assessment.standard_errors` gives it, or of each score.
        groups : str or sequence, optional
            Name of a group variable of the scores, or the group of each respondent.

        Raises
        ------
        UnknownIdError
            The scores have no such group variable.
        ResponseError
            The standard errors or the groups do not fit the scores.

        Examples
        --------
        >>> from leadkit import samples
        >>> from leadkit.assessment import score, standard_errors
        >>> scores = score(samples.answers("ved", rng=1))
        >>> errors = standard_errors(scores, {"vision": 0.8, "engagement": 0.8, "delivery": 0.8})
        >>> people = Candidates.from_scores(scores, standard_errors=errors, groups="team")
        >>> len(people), people.criterion_ids[:3]
        (24, ('vision', 'engagement', 'delivery'))
        """
        labels: Any = groups
        if isinstance(groups, str):
            if groups not in scores.groups:
                raise UnknownIdError.of(groups, scores.groups, kind="group variable")
            labels = scores.groups[groups]
        errors = _optional_numbers(standard_errors)
        if isinstance(errors, np.ndarray) and errors.shape == (len(scores.scale_ids),):
            errors = np.broadcast_to(errors, scores.values.shape)
        return cls(
            scores.respondent_ids,
            scores.values,
            standard_errors=errors,
            groups=labels,
            criterion_ids=scores.scale_ids,
            provenance=scores.provenance,
        )

    def with_criterion(
        self,
        criterion_id: str,
        values: Mapping[str, float | None] | ArrayLike,
        *,
        standard_errors: Mapping[str, float | None] | ArrayLike | None = None,
    ) -> Self:
        """Put a column beside the others, such as the success of projects beside scores of a questionnaire.

        Parameters
        ----------
        criterion_id : str
            Name of the new column.
        values : mapping of str to float, or array_like, shape (n,)
            Candidate to value, where a candidate who is not named has none; or one value a candidate, in their order.
        standard_errors : mapping of str to float, or array_like, shape (n,), optional
            The errors of the values. Without them the values are taken as they are, with errors of 0 where other
            columns have some.

        Raises
        ------
        ResponseError
            The columns have no names or one of this name, a candidate is unknown, or a value is no number.

        Examples
        --------
        >>> people = Candidates(["ann", "bo"], [[4.0], [3.5]], criterion_ids=["coaching"])
        >>> people.with_criterion("projects", {"bo": 7, "ann": 3}).values.tolist()
        [[4.0, 3.0], [3.5, 7.0]]
        """
        if not self.criterion_ids:
            msg = f"column {criterion_id!r}: the other columns have no names; give criterion_ids first"
            raise ResponseError(msg)
        errors = None
        if self.standard_errors is not None or standard_errors is not None:
            own = np.zeros(self.values.shape) if self.standard_errors is None else self.standard_errors
            new = np.zeros(len(self)) if standard_errors is None else self._column(standard_errors, "standard_errors")
            errors = np.column_stack([own, new])
        return evolve(
            self,
            values=np.column_stack([self.values, self._column(values, "values")]),
            standard_errors=errors,
            criterion_ids=(*self.criterion_ids, criterion_id),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        gaps = int(np.count_nonzero(np.isnan(self.values)))
        lacking = f"{gaps} value{'s' * (gaps != 1)} missing"
        return f"Candidates({len(self)} candidates x {self.values.shape[1]} criteria, {lacking})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"

    def _column(self, values: Any, name: str) -> FloatArray:
        """Read the values of a new column, in the order of the candidates."""
        if isinstance(values, Mapping):
            unknown = [key for key in values if key not in self.ids]
            if unknown:
                faults = [
                    Fault(name, f"unknown candidate {key!r}{did_you_mean(str(key), self.ids)}") for key in unknown
                ]
                raise ResponseError.from_faults(faults, subject="candidates")
            values = [values.get(key) for key in self.ids]
        column = _numbers(values)
        if not _is_numbers(column) or column.shape != (len(self),):
            what = f"expected {len(self)} numbers, one a candidate, got {values!r}"
            raise ResponseError.from_faults([Fault(name, what)], subject="candidates")
        return np.asarray(column)

    def _number_faults(self, name: str) -> list[Fault]:
        """List what is wrong with the values or with their errors."""
        numbers = getattr(self, name)
        if not _is_numbers(numbers):
            try:
                floats(numbers, name)
            except ValueError as error:
                return [Fault("", str(error))]
        n = len(self.ids)
        if name == "values":
            fits = numbers.ndim == 2 and len(numbers) == n and numbers.shape[1] > 0
            fits &= numbers.ndim == 2 and numbers.shape[1] == (len(self.criterion_ids) or numbers.shape[1])
            expected = f"({n}, {len(self.criterion_ids) or 'c'}): a row for each id, a column for each criterion"
        else:
            fits = numbers.shape == np.shape(self.values)
            expected = f"{np.shape(self.values)}, that of the values"
        if not fits:
            return [Fault(name, f"expected shape {expected}, got {numbers.shape}")]
        wrong = np.isinf(numbers)
        faults = self._cell_faults(name, wrong, "expected a finite number or NaN")
        if name == "standard_errors":
            faults += self._cell_faults(name, (numbers < 0) & ~wrong, "expected a number of at least 0")
        return faults

    def _cell_faults(self, name: str, wrong: BoolArray, expected: str) -> list[Fault]:
        columns = [repr(other) for other in self.criterion_ids] or [str(j) for j in range(wrong.shape[1])]
        numbers = getattr(self, name)
        return [
            Fault(f"{name}: candidate {self.ids[i]!r}, column {columns[j]}", f"{expected}, got {numbers[i, j]:g}")
            for i, j in np.argwhere(wrong).tolist()
        ]


def _is_numbers(values: Any) -> bool:
    """Tell whether `_numbers` could read the values."""
    return type(values) is np.ndarray and values.dtype == np.float64 and not values.flags.writeable
