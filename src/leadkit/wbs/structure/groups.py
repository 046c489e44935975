"""The inner nodes of the structure, and trees of them as flat rows, so that no depth is too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from attrs import evolve, field, frozen

from leadkit._checks import as_tuple, id_faults, member_faults, text_faults
from leadkit._fields import FrozenMapping
from leadkit.wbs._checking import as_measures, measure_faults, raise_faults
from leadkit.wbs.structure._codes import code_faults
from leadkit.wbs.structure.describing import Dictionary
from leadkit.wbs.structure.packages import WorkPackage, dictionary_faults

__all__ = ["Group", "Node", "grown"]


@frozen(kw_only=True, eq=False, repr=False)
class Group:
    """A part of the work that is divided into smaller parts.

    Parameters
    ----------
    id : str
        Unique in the structure; not empty, without space around it or control characters.
    name : str
        What people call it.
    children : sequence of Group or WorkPackage
        Its parts, in order.
    measures : mapping of str to float
        Quantities that are stated for the whole group, finite and at least 0; those of the parts are added up by
        `Wbs.roll_up`.
    code : str, optional
        Pins the code, such as "1.3"; None follows the position.
    dictionary : Dictionary, optional
        What is written about it.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Notes
    -----
    Comparing, hashing, copying and pickling take no recursion, so a tree may be thousands of levels deep.

    Examples
    --------
    >>> Group(id="build", children=[WorkPackage(id="api"), WorkPackage(id="page")])
    Group(id='build', name='', 2 children)
    """

    id: str
    name: str = ""
    children: tuple[Group | WorkPackage, ...] = field(default=(), converter=as_tuple)
    measures: Mapping[str, float] = field(default=FrozenMapping(), converter=as_measures)
    code: str | None = None
    dictionary: Dictionary | None = None

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + text_faults(self, "name")
        faults += member_faults(self.children, (Group, WorkPackage), "children", "Group or WorkPackage")
        faults += measure_faults(self.measures) + code_faults(self.code) + dictionary_faults(self.dictionary)
        raise_faults(faults, f"group {self.id!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Group):
            return NotImplemented
        return self is other or all(mine == theirs for mine, theirs in zip(_flat(self), _flat(other), strict=False))

    def __hash__(self) -> int:
        return hash(tuple(_flat(self)))

    def __repr__(self) -> str:
        n = len(self.children)
        return f"Group(id={self.id!r}, name={self.name!r}, {n} {'child' if n == 1 else 'children'})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_regrown, (tuple(_flat(self)),))


Node: TypeAlias = Group | WorkPackage
"""A node of the structure."""


def grown(parts: Iterable[tuple[Node, int]]) -> Group:
    """Build a tree from its nodes in reversed outline order, groups still without parts, each with its number of parts."""
    waiting: list[Node] = []
    for node, n_parts in parts:
        if isinstance(node, Group) and n_parts:
            first = len(waiting) - n_parts
            children = tuple(reversed(waiting[first:]))
            del waiting[first:]
            waiting.append(evolve(node, children=children))
        else:
            waiting.append(node)
    return cast("Group", waiting[0])


def _flat(top: Group) -> Iterator[Any]:
    """Go through a tree in outline order; the number of children of each group says what hangs where."""
    waiting: list[Node] = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Group):
            yield (len(node.children), node.id, node.name, node.measures, node.code, node.dictionary)
            waiting.extend(reversed(node.children))
        else:
            yield node


def _regrown(rows: tuple[Any, ...]) -> Group:
    return grown((row, 0) if isinstance(row, WorkPackage) else (_bare(*row[1:]), row[0]) for row in reversed(rows))


def _bare(own: str, name: str, measures: Mapping[str, float], code: str | None, dictionary: Dictionary | None) -> Group:
    return Group(id=own, name=name, measures=measures, code=code, dictionary=dictionary)
