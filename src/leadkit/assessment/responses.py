"""Answers as a model, one row a respondent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import FrozenMapping, float_array, frozen_mapping, sealed
from leadkit._results import Value
from leadkit.assessment.answers import (
    AnswerRules,
    OutOfRange,
    aligned,
    id_text,
    match_columns,
    matrix_faults,
    missing,
    read_columns,
    row_index,
    row_labels,
    transposed,
)
from leadkit.assessment.instrument import Instrument
from leadkit.errors import Fault, ResponseError
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Responses", "concat"]


def id_tuple(values: Iterable[str]) -> tuple[str, ...]:
    """Keep ids as a tuple."""
    return tuple(values)


def _groups(groups: Mapping[str, Sequence[Any]]) -> Mapping[str, tuple[Any, ...]]:
    return frozen_mapping({name: tuple(map(_group_label, labels)) for name, labels in groups.items()})


def _group_label(value: Any) -> Any:
    return None if missing(value) else value.item() if isinstance(value, np.generic) else value


@frozen(eq=False, repr=False)
class Responses(Value):
    """The answers of n respondents to the k items of an instrument.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    values : array_like, shape (n, k)
        Answers on the instrument's scale as they were given (not yet reversed), in the order of
        `instrument.item_ids`; NaN = not answered.
        Kept as a read-only copy.
    respondent_ids : sequence of str
        n different ids.
    groups : mapping of str to sequence
        Group variables, one value a row; None = no group.
    allow_fractions : bool
        Whether answers may lie between two codes.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from leadkit.assessment import Instrument, Responses
    >>> rows = [{"item": "a1", "dimension": "calm", "low": 1, "high": 5}]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> Responses.from_records([{"respondent_id": "r1", "a1": 4}, {"respondent_id": "r2", "a1": None}], calm)
    Responses('calm' 1.0.0: 2 respondents x 1 items, 1 not answered)
    >>> Responses.from_records([{"respondent_id": "r17", "a1": 9}], calm)
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: respondent 'r17', item 'a1': 9 is outside 1..5
    """

    instrument: Instrument
    values: FloatArray = field(converter=float_array)
    respondent_ids: tuple[str, ...] = field(converter=id_tuple)
    groups: Mapping[str, tuple[Any, ...]] = field(factory=FrozenMapping, converter=_groups)
    allow_fractions: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        n, k = len(self.respondent_ids), self.instrument.n_items
        if not n and self.values.shape == (0,):  # no rows at all, as a list of lists says it
            object.__setattr__(self, "values", sealed(self.values.reshape(0, k)))
        faults = []
        if self.values.shape != (n, k):
            expected = f"({n}, {k}): a row for each id, a column for each item"
            faults.append(Fault("values", f"expected shape {expected}, got {self.values.shape}"))
        faults += [
            Fault(f"group {name!r}", f"expected {n} values, got {len(labels)}")
            for name, labels in self.groups.items()
            if len(labels) != n
        ]
        faults += id_faults(self.respondent_ids, "respondent")
        if not faults:
            faults += matrix_faults(
                self.values, self.respondent_ids, self.instrument, allow_fractions=self.allow_fractions
            )
        if faults:
            raise ResponseError.from_faults(faults)

    @classmethod
    def from_records(
        cls,
        records: Iterable[Mapping[str, Any]],
        instrument: Instrument,
        *,
        id: str = "respondent_id",  # noqa: A002 - the column's name
        groups: Collection[str] = (),
        ignore: Collection[str] = (),
        on_out_of_range: OutOfRange = "error",
        allow_fractions: bool = False,
        allow_missing_items: bool = False,
    ) -> Self:
        """Read one mapping a respondent; an item that a record lacks is not answered.

        Parameters
        ----------
        records : iterable of mapping
            Keys are item ids (or external ids) and the names given below.
        instrument : Instrument
            The questionnaire.
        id : str
            Key of the respondent's id.
        groups, ignore : collection of str
            Keys to keep as group variables, and keys to leave out.
        on_out_of_range : {"error", "missing"}
            What to do with a number outside the scale.
        allow_fractions : bool
            Whether 3.7 is an answer.
        allow_missing_items : bool
            Whether an item may be absent from every record.

        Raises
        ------
        ResponseError
            Any record is wrong; `faults` holds every fault of every record.
        """
        return cls.from_columns(
            transposed(records),
            instrument,
            id=id,
            groups=groups,
            ignore=ignore,
            on_out_of_range=on_out_of_range,
            allow_fractions=allow_fractions,
            allow_missing_items=allow_missing_items,
        )

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, Any],
        instrument: Instrument,
        *,
        id: str = "respondent_id",  # noqa: A002 - the column's name
        groups: Collection[str] = (),
        ignore: Collection[str] = (),
        on_out_of_range: OutOfRange = "error",
        allow_fractions: bool = False,
        allow_missing_items: bool = False,
    ) -> Self:
        """Read one sequence a column; the options are those of `from_records`.

        Examples
        --------
        >>> from leadkit import frameworks
        >>> rows = {"respondent_id": ["ann", "bo"], "vis1": [4, 5], "del1": [2, None]}
        >>> Responses.from_columns(rows, frameworks.load("ved"), allow_missing_items=True).n_answered.tolist()
        [2, 1]
        """
        reserved = (id, *groups)
        rules = AnswerRules(scale=instrument.scale, on_out_of_range=on_out_of_range, allow_fractions=allow_fractions)
        table, n = aligned(columns)
        found, faults = match_columns(
            list(table), instrument, reserved=reserved, ignore=ignore, allow_missing_items=allow_missing_items
        )
        ids = [id_text(value) for value in table.get(id, [None] * n)]
        if id in table:
            faults += id_faults(ids, "respondent")
        values, wrong = read_columns(
            {i: table[name] for i, name in found.items()}, n, instrument, rules, row_labels("respondent", ids)
        )
        if faults or wrong:
            raise ResponseError.from_faults([*faults, *wrong])
        return cls(
            instrument,
            sealed(values),
            ids,
            {name: table[name] for name in groups},
            allow_fractions=allow_fractions,
        )

    @property
    def n_answered(self) -> IntArray:
        """Number of answers of each respondent, shape (n,)."""
        return sealed(np.count_nonzero(~np.isnan(self.values), axis=1))

    @property
    def no_answers(self) -> BoolArray:
        """Whether a respondent answered nothing, shape (n,)."""
        return sealed(np.all(np.isnan(self.values), axis=1))

    def __len__(self) -> int:
        return len(self.respondent_ids)

    def __getitem__(self, rows: ArrayLike | slice) -> Self:
        """Take rows by a boolean mask, by positions or by a slice."""
        index = row_index(rows, len(self))
        return evolve(
            self,
            values=sealed(self.values[index]),
            respondent_ids=tuple(self.respondent_ids[i] for i in index),
            groups={name: tuple(labels[i] for i in index) for name, labels in self.groups.items()},
        )

    def __repr__(self) -> str:
        missing_cells = int(np.count_nonzero(np.isnan(self.values)))
        size = f"{len(self)} respondents x {self.instrument.n_items} items, {missing_cells} not answered"
        return f"Responses({self.instrument.id!r} {self.instrument.version}: {size})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"


def concat(parts: Iterable[Responses]) -> Responses:
    """Put responses to the same instrument below each other; columns are aligned by item id.

    Raises
    ------
    ResponseError
        There are no parts, they answer different instruments, they have different group variables, or a respondent
        is in two of them.

    Examples
    --------
    >>> from leadkit import samples
    >>> answers = samples.answers("ved", rng=1)
    >>> concat([answers[:5], answers[5:]]) == answers
    True
    """
    pieces = list(parts)
    if not pieces:
        msg = "concat: expected at least one part, got none"
        raise ResponseError(msg)
    first = pieces[0]
    faults = []
    for i, piece in enumerate(pieces[1:], start=1):
        if piece.instrument.hash != first.instrument.hash:
            mine, other = first.instrument, piece.instrument
            what = f"answers {other.id!r} {other.version} ({other.hash[:12]}), "
            faults.append(Fault(f"part {i}", what + f"part 0 {mine.id!r} {mine.version} ({mine.hash[:12]})"))
        if set(piece.groups) != set(first.groups):
            faults.append(Fault(f"part {i}", f"has groups {sorted(piece.groups)}, part 0 {sorted(first.groups)}"))
    if faults:
        raise ResponseError.from_faults(faults, subject="concat")
    order = [[piece.instrument.item_ids.index(item) for item in first.instrument.item_ids] for piece in pieces]
    return Responses(
        first.instrument,
        sealed(np.concatenate([piece.values[:, columns] for piece, columns in zip(pieces, order, strict=True)])),
        [name for piece in pieces for name in piece.respondent_ids],
        {name: [label for piece in pieces for label in piece.groups[name]] for name in first.groups},
        allow_fractions=any(piece.allow_fractions for piece in pieces),
    )


def id_faults(ids: Sequence[Any], kind: str) -> list[Fault]:
    """List ids that are empty or there more than once."""
    faults = [
        Fault(f"row {i}", f"expected a {kind} id, a text that is not empty, got {name!r}")
        for i, name in enumerate(ids, start=1)
        if not isinstance(name, str) or not name
    ]
    if len(set(ids)) < len(ids):
        rows: dict[Any, list[str]] = {}
        for i, name in enumerate(ids, start=1):
            rows.setdefault(name, []).append(str(i))
        faults += [
            Fault(f"{kind} {name!r}", f"is there {len(places)} times, in rows {', '.join(places)}")
            for name, places in rows.items()
            if name and len(places) > 1
        ]
    return faults
