"""Who can do what, and who could follow where, as given: checked, and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from leadkit.errors import Fault, OrgError
from leadkit.org.organisation import Organisation

__all__ = ["READINESS", "Readiness", "read_coverage", "read_successors"]

Readiness: TypeAlias = Literal["now", "year", "later"]
"""When somebody could take a post over: at once, within a year, or later."""

READINESS: tuple[Readiness, ...] = ("now", "year", "later")


def read_coverage(organisation: Organisation, coverage: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Read who is proficient in each function, functions by name and people by id."""
    faults: list[Fault] = []
    read: dict[str, tuple[str, ...]] = {}
    for function, people in _items(coverage, "coverage"):
        if not isinstance(function, str) or not function.strip():
            faults.append(Fault("coverage", f"expected the name of a function, got {function!r}"))
            continue
        where = f"coverage[{function!r}]"
        if isinstance(people, str | Mapping) or not isinstance(people, Iterable):
            faults.append(Fault(where, f"expected a collection of ids, got {people!r}"))
            continue
        given = list(people)
        faults += [fault for one in given for fault in _id_faults(organisation, one, where)]
        read[function] = tuple(sorted({one for one in given if isinstance(one, str)}))
    if faults:
        raise OrgError.from_faults(faults)
    return dict(sorted(read.items()))


def read_successors(
    organisation: Organisation, successors: Mapping[str, Iterable[tuple[str, Readiness]]]
) -> dict[str, dict[str, Readiness]]:
    """Read who could follow where and when, posts and people by id."""
    faults: list[Fault] = []
    read: dict[str, dict[str, Readiness]] = {}
    for post, pairs in _items(successors, "successors"):
        faults += _id_faults(organisation, post, "successors")
        where = f"successors[{post!r}]"
        if isinstance(pairs, str | Mapping) or not isinstance(pairs, Iterable):
            faults.append(Fault(where, f"expected a collection of (id, readiness) pairs, got {pairs!r}"))
            continue
        found: dict[str, Readiness] = {}
        for pair in pairs:
            if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
                faults.append(Fault(where, f"expected a pair of an id and a readiness, got {pair!r}"))
                continue
            one, ready = pair
            wrong = _id_faults(organisation, one, where)
            if ready not in READINESS:
                wrong.append(Fault(where, f"unknown readiness {ready!r}; known: {', '.join(READINESS)}"))
            elif one == post:
                wrong.append(Fault(where, "nobody follows themselves"))
            elif not wrong and found.setdefault(one, ready) != ready:
                wrong.append(Fault(where, f"{one!r} is down both for {found[one]!r} and for {ready!r}"))
            faults += wrong
        read[post] = dict(sorted(found.items()))
    if faults:
        raise OrgError.from_faults(faults)
    return dict(sorted(read.items()))


def _items(mapping: object, name: str) -> Iterable[tuple[Any, Any]]:
    if not isinstance(mapping, Mapping):
        msg = f"{name}: expected a mapping, got {type(mapping).__name__}"
        raise OrgError(msg)
    return mapping.items()


def _id_faults(organisation: Organisation, person_id: object, where: str) -> list[Fault]:
    try:
        organisation.index_of(person_id)  # type: ignore[arg-type]  # anything else is refused with a message
    except OrgError as error:
        return [Fault(where, str(error))]
    return []
