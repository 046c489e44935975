"""Every fault of a failed conversion, with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from cattrs import (
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    StructureHandlerNotFoundError,
)

from leadkit.errors import Fault, LeadkitError, did_you_mean

__all__ = ["faults_of", "join_path"]


def faults_of(error: BaseException, path: str = "") -> Iterator[Fault]:
    """Walk a tree of exceptions and give each leaf with the path that leads to it.

    Raises
    ------
    StructureHandlerNotFoundError
        There is a class in the tree that cannot be read, which is no fault of the data.
    """
    if isinstance(error, ClassValidationError):
        located, others = error.group_exceptions()
        for inner, note in located:
            if isinstance(inner, KeyError) and inner.args == (note.name,):
                yield Fault(path, f"{note.name!r} is missing")
            else:
                yield from faults_of(inner, join_path(path, note.name))
        for inner in others:
            yield from faults_of(inner, path)
    elif isinstance(error, IterableValidationError):
        elements, others = error.group_exceptions()
        for inner, index in elements:
            yield from faults_of(inner, f"{path}[{index.index!r}]")
        for inner in others:
            yield from faults_of(inner, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [a.name for a in attrs.fields(error.cl) if a.init]
        for name in sorted(error.extra_fields, key=str):
            yield Fault(path, f"unknown key {name!r}{did_you_mean(str(name), known)}")
    elif isinstance(error, StructureHandlerNotFoundError):
        raise error
    elif isinstance(error, LeadkitError) and error.faults:
        for fault in error.faults:
            yield attrs.evolve(fault, where=join_path(path, fault.where))
    else:
        yield Fault(path, str(error))


def join_path(path: str, part: str) -> str:
    """Join two parts of a path with a dot, unless one is empty or the second is an index."""
    if not path or not part or part.startswith("["):
        return path + part
    return f"{path}.{part}"
