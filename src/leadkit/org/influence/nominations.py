"""Who goes to whom: the answers to a question such as "whom do you ask for advice?", placed on an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, bool_array
from leadkit._results import Value
from leadkit.errors import MOST_FAULTS_SHOWN, Fault, OrgError
from leadkit.graphs import Network
from leadkit.org._expecting import expect_organisation
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.cells import is_missing
from leadkit.org.people import not_an_id
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Nominations"]

Unknown: TypeAlias = Literal["error", "drop"]


@frozen(kw_only=True, eq=False, repr=False)
class Nominations(Value):
    """The n people of an organisation and whom each of them names.

    These are raw answers: there is no `to_dict` and no table, and the repr counts them only. What may be shown comes
    from `measure_influence`.

    Parameters
    ----------
    ids : tuple of n str
        The people, in the order of the organisation.
    network : Network
        A tie runs from the person who names to the person who is named; nobody names themselves, and who is named
        twice by the same person has one tie with the sum of the weights.
    responded : (n,) bool array
        Who answered; everybody who names somebody did.
    question : str
        What was asked.
    n_self_dropped : int
        Nominations of oneself, which are left out.
    n_unknown_dropped : int
        Nominations left out because one side is nobody in the organisation.
    flags : tuple of str
        `respondents_inferred`, `respondents_added`, `unknown_dropped`.

    Raises
    ------
    OrgError
        The parts do not fit each other.
    """

    ids: tuple[str, ...]
    network: Network
    responded: BoolArray = field(converter=bool_array)
    question: str = "advice"
    n_self_dropped: int = field(default=0, converter=as_int)
    n_unknown_dropped: int = field(default=0, converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def __attrs_post_init__(self) -> None:
        n = len(self.ids)
        if self.network.n != n or self.responded.shape != (n,) or not self.network.directed:
            msg = f"nominations: expected a directed network of {n} and {n} marks of who responded, one a person"
            raise OrgError(msg)
        if not self.responded[self.network.source].all():
            msg = "nominations: somebody names a colleague and is not marked as having responded"
            raise OrgError(msg)

    def __repr__(self) -> str:
        return (
            f"Nominations(question={self.question!r}, n={len(self.ids)}, ties={self.network.n_edges}, "
            f"respondents={int(self.responded.sum())})"
        )

    @classmethod
    def from_columns(
        cls,
        organisation: Organisation,
        source_ids: Iterable[str],
        target_ids: Iterable[str],
        *,
        weights: ArrayLike | None = None,
        respondent_ids: Iterable[str] | None = None,
        question: str = "advice",
        unknown: Unknown = "error",
    ) -> Nominations:
        """Place m nominations on an organisation.

        Parameters
        ----------
        organisation : Organisation
            The n people.
        source_ids, target_ids : (m,) iterable of str
            The person who names and the person who is named.
        weights : (m,) array_like of float, optional
            How often or how strongly, finite and at least 0. A weight of 0 is no tie, though its source answered.
        respondent_ids : iterable of str, optional
            Everybody who answered, also those who named nobody. Without it, those who named somebody are taken, flag
            `respondents_inferred`. Whoever is not on the list but names somebody answered all the same: they count
            too, flag `respondents_added`.
        question : str
            What was asked.
        unknown : {"error", "drop"}
            What to do about a person who is nobody in the organisation, or a blank (None, NaN, ""). Dropping such a
            nomination does not undo that its source answered.

        Returns
        -------
        Nominations
            Ties of posts that are vacant or left are kept here; `measure_influence` leaves them out.

        Raises
        ------
        OrgError
            Somebody is unknown, an id is no text, or a weight is negative or not finite; `faults` holds all of it.
            Or `organisation` is something else, the columns differ in length, or `unknown` is another word.

        Examples
        --------
        >>> from leadkit.org import Organisation
        >>> organisation = Organisation.from_columns(["boss", "ann", "bob"], [None, "boss", "boss"])
        >>> Nominations.from_columns(organisation, ["ann", "bob", "bob"], ["bob", "boss", "bob"])
        Nominations(question='advice', n=3, ties=2, respondents=2)
        """
        expect_organisation(organisation)
        if unknown not in {"error", "drop"}:
            msg = f"unknown: expected one of 'error', 'drop', got {unknown!r}"
            raise OrgError(msg)
        if not isinstance(question, str):
            msg = f"question: expected a text, got {question!r}"
            raise OrgError(msg)
        named = {"source": _column(source_ids, "source_ids"), "target": _column(target_ids, "target_ids")}
        m = _one_length(named, weights)
        people = None if respondent_ids is None else _column(respondent_ids, "respondent_ids")
        strength, faults = _strengths(weights, m)
        source, target, listed = _all_places(
            organisation, {**named, "respondent": people or []}, faults, strict=unknown == "error"
        )
        known = (source >= 0) & (target >= 0)
        tie = known if strength is None else known & (strength > 0)
        network = Network.from_edges(
            organisation.n, source[tie], target[tie], None if strength is None else strength[tie]
        )
        responded, flags = _respondents(organisation.n, source, None if people is None else listed)
        if not (known.all() and (listed >= 0).all()):
            flags.add("unknown_dropped")
        return cls(
            ids=organisation.ids,
            network=network,
            responded=responded,
            question=question,
            n_self_dropped=network.n_loops_dropped,
            n_unknown_dropped=int((~known).sum()),
            flags=flags,
        )


def _column(ids: Iterable[str], name: str) -> list[Any]:
    if isinstance(ids, str | Mapping) or not isinstance(ids, Iterable):
        msg = f"{name}: expected a column of ids, got {ids!r}"
        raise OrgError(msg)
    return list(ids)


def _one_length(columns: dict[str, list[Any]], weights: ArrayLike | None) -> int:
    lengths = {f"{name}_ids": len(column) for name, column in columns.items()}
    if weights is not None:
        lengths["weights"] = np.size(weights)
    if len(set(lengths.values())) > 1:
        msg = "columns differ in length: " + ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise OrgError(msg)
    return lengths["source_ids"]


def _strengths(weights: ArrayLike | None, m: int) -> tuple[FloatArray | None, list[Fault]]:
    """Turn weights into numbers, and say where one is none."""
    if weights is None:
        return None, []
    try:
        strength = np.asarray(weights, dtype=np.float64).reshape(m)
    except (TypeError, ValueError) as error:
        msg = "weights: expected one number a nomination"
        raise OrgError(msg) from error
    wrong = np.flatnonzero(~(np.isfinite(strength) & (strength >= 0)))
    if not wrong.size and strength.max(initial=0.0) > np.finfo(np.float64).max / max(m, 1):
        msg = "weights: together they are larger than a number can be"
        raise OrgError(msg)
    what = "expected a finite number of at least 0, got"
    return strength, [Fault(f"row {row}, weight", f"{what} {strength[row]:g}") for row in wrong.tolist()]


def _all_places(
    organisation: Organisation, columns: dict[str, list[Any]], faults: list[Fault], *, strict: bool
) -> tuple[IntArray, ...]:
    """Find everybody's index, -1 for nobody; raise for all faults at once."""
    index = dict(zip(organisation.ids, range(organisation.n), strict=True))
    found = []
    for name, people in columns.items():
        wrong = []
        if set(map(type, people)) - {str}:
            wrong = [row for row, one in enumerate(people) if not (isinstance(one, str) or is_missing(one))]
            faults += [Fault(f"row {row}, {name}", not_an_id(people[row])) for row in wrong]
            people = [one if isinstance(one, str) else "" for one in people]  # noqa: PLW2901
        places = np.fromiter(map(index.get, people, repeat(-1)), dtype=np.int64, count=len(people))
        found.append(places)
        if strict:
            rows = sorted(set(np.flatnonzero(places < 0).tolist()) - set(wrong))
            faults += [
                Fault(f"row {row}, {name}", _nobody(organisation, people[row], n_told))
                for n_told, row in enumerate(rows, start=len(faults))
            ]
    if faults:
        raise OrgError.from_faults(faults, subject="nominations")
    return tuple(found)


def _nobody(organisation: Organisation, person: str, n_told: int) -> str:
    """Say that nobody has this id, with the nearest ones as long as somebody reads on."""
    if not person:
        return "no id; unknown='drop' leaves such rows out"
    if n_told < MOST_FAULTS_SHOWN:
        try:
            organisation.index_of(person)
        except OrgError as error:
            return str(error)
    return f"unknown person id {person!r}"


def _respondents(n: int, source: IntArray, listed: IntArray | None) -> tuple[BoolArray, set[str]]:
    """Tell who answered, and whether that is guessed or completed."""
    naming = np.zeros(n, dtype=np.bool_)
    naming[source[source >= 0]] = True
    if listed is None:
        return naming, {"respondents_inferred"}
    responded = np.zeros(n, dtype=np.bool_)
    responded[listed[listed >= 0]] = True
    return responded | naming, {"respondents_added"} if (naming & ~responded).any() else set()
