"""Evaluations as a model: one row says what one rater answered about one ratee."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Self

from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import IDENTIFIER, repeated, sealed
from leadkit._results import Value
from leadkit.assessment.answers import (
    AnswerRules,
    OutOfRange,
    aligned,
    id_text,
    match_columns,
    missing,
    read_columns,
    row_index,
    row_labels,
    transposed,
)
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.responses import Responses, id_tuple
from leadkit.errors import Fault, ResponseError

__all__ = ["ROLES", "Comment", "Ratings"]

ROLES = ("self", "manager", "peer", "direct_report", "customer", "other")
"""The roles a rater may have, in the order in which they are reported; custom identifiers are allowed beside them."""


@frozen(eq=False, repr=False)
class Ratings(Value):
    """Evaluations: one row says what one rater answered about one ratee in one role.

    Parameters
    ----------
    responses : Responses
        The answers; its ids name the evaluations.
    ratee_ids, rater_ids : sequence of str
        Who is rated and who rates, one a row.
    roles : sequence of str
        What the rater is to the ratee: one of `ROLES` or an identifier of your own.

    Raises
    ------
    ResponseError
        A length differs, an id is empty, a role is no identifier, somebody rates the same person twice in one role,
        or the role is `self` and two people are named; `faults` holds all of it.
    """

    responses: Responses
    ratee_ids: tuple[str, ...] = field(converter=id_tuple)
    rater_ids: tuple[str, ...] = field(converter=id_tuple)
    roles: tuple[str, ...] = field(converter=id_tuple)

    def __attrs_post_init__(self) -> None:
        faults = []
        for name in ("ratee_ids", "rater_ids", "roles"):
            values = getattr(self, name)
            if len(values) != len(self.responses):
                faults.append(Fault(name, f"expected {len(self.responses)} values, got {len(values)}"))
        if not faults:
            faults = _rating_faults(self.ratee_ids, self.rater_ids, self.roles)
        if faults:
            raise ResponseError.from_faults(faults)

    @classmethod
    def from_records(
        cls,
        records: Iterable[Mapping[str, Any]],
        instrument: Instrument,
        *,
        ratee: str = "ratee_id",
        rater: str = "rater_id",
        role: str = "role",
        groups: Collection[str] = (),
        ignore: Collection[str] = (),
        on_out_of_range: OutOfRange = "error",
        allow_fractions: bool = False,
        allow_missing_items: bool = False,
    ) -> Self:
        """Read one mapping an evaluation; the options are those of `Responses.from_records`."""
        return cls.from_columns(
            transposed(records),
            instrument,
            ratee=ratee,
            rater=rater,
            role=role,
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
        ratee: str = "ratee_id",
        rater: str = "rater_id",
        role: str = "role",
        groups: Collection[str] = (),
        ignore: Collection[str] = (),
        on_out_of_range: OutOfRange = "error",
        allow_fractions: bool = False,
        allow_missing_items: bool = False,
    ) -> Self:
        """Read one sequence a column; the options are those of `Responses.from_records`.

        Examples
        --------
        >>> from leadkit import frameworks
        >>> columns = {"ratee_id": ["ann"], "rater_id": ["bo"], "role": ["peer"], "vis1": [4]}
        >>> Ratings.from_columns(columns, frameworks.load("ved"), allow_missing_items=True)
        Ratings('ved' 1.0.0: 1 evaluations of 1 ratees by 1 raters)
        """
        rules = AnswerRules(scale=instrument.scale, on_out_of_range=on_out_of_range, allow_fractions=allow_fractions)
        table, n = aligned(columns)
        found, faults = match_columns(
            list(table),
            instrument,
            reserved=(ratee, rater, role, *groups),
            ignore=ignore,
            allow_missing_items=allow_missing_items,
        )
        who = [[id_text(value) for value in table.get(name, [None] * n)] for name in (ratee, rater, role)]
        if all(name in table for name in (ratee, rater, role)):
            faults += _rating_faults(*who)
        ids = [f"{by} on {about} as {as_role}" for about, by, as_role in zip(*who, strict=True)]
        values, wrong = read_columns(
            {i: table[name] for i, name in found.items()}, n, instrument, rules, row_labels("evaluation", ids)
        )
        if faults or wrong:
            raise ResponseError.from_faults([*faults, *wrong])
        responses = Responses(
            instrument, sealed(values), ids, {name: table[name] for name in groups}, allow_fractions=allow_fractions
        )
        return cls(responses, *who)

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.responses.instrument

    def __len__(self) -> int:
        return len(self.responses)

    def __getitem__(self, rows: ArrayLike | slice) -> Self:
        """Take rows by a boolean mask, by positions or by a slice."""
        index = row_index(rows, len(self))
        return evolve(
            self,
            responses=self.responses[index],
            ratee_ids=tuple(self.ratee_ids[i] for i in index),
            rater_ids=tuple(self.rater_ids[i] for i in index),
            roles=tuple(self.roles[i] for i in index),
        )

    def __repr__(self) -> str:
        size = f"{len(self)} evaluations of {len(set(self.ratee_ids))} ratees by {len(set(self.rater_ids))} raters"
        return f"Ratings({self.instrument.id!r} {self.instrument.version}: {size})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"


@frozen(kw_only=True)
class Comment:
    """What a rater wrote about a ratee; kept beside the ratings, never inside a matrix.

    Parameters
    ----------
    ratee_id, rater_id, role : str
        Who is meant, who wrote, and as what.
    text : str
        The words.
    dimension_id : str, optional
        The dimension that it is about.
    """

    ratee_id: str
    rater_id: str
    role: str
    text: str
    dimension_id: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = [
            Fault(name, f"expected a text that is not empty, got {getattr(self, name)!r}")
            for name in ("ratee_id", "rater_id", "text")
            if missing(getattr(self, name)) or not isinstance(getattr(self, name), str)
        ]
        faults += _role_faults(self.role, "role")
        if faults:
            raise ResponseError.from_faults(faults, subject="comment")


def _role_faults(role: object, where: str) -> list[Fault]:
    if isinstance(role, str) and IDENTIFIER.fullmatch(role):
        return []
    return [Fault(where, f"expected one of {', '.join(ROLES)} or an identifier of your own, got {role!r}")]


def _rating_faults(ratees: Sequence[Any], raters: Sequence[Any], roles: Sequence[Any]) -> list[Fault]:
    faults = []
    for i, (ratee, rater, role) in enumerate(zip(ratees, raters, roles, strict=True), start=1):
        for kind, name in (("ratee", ratee), ("rater", rater)):
            if not isinstance(name, str) or not name:
                faults.append(Fault(f"row {i}", f"expected a {kind} id, a text that is not empty, got {name!r}"))
        faults += _role_faults(role, f"row {i}, role")
        if role == "self" and ratee != rater:
            faults.append(Fault(f"row {i}", f"role 'self', but {rater!r} rates {ratee!r}"))
    for ratee, rater, role in repeated(zip(ratees, raters, roles, strict=True)):
        faults.append(Fault(f"rater {rater!r}", f"rates {ratee!r} as {role!r} more than once"))
    return faults
