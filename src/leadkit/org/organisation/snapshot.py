"""A validated, immutable snapshot of an organisation: its people, their reporting lines, and what was wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import bool_array, sealed
from leadkit._results import Result, html_table, plain
from leadkit.errors import Fault, OrgError
from leadkit.graphs.tree import TreeIndex
from leadkit.org.organisation.advisories import tell_warnings
from leadkit.org.organisation.assembling import assemble, columns_of_people
from leadkit.org.organisation.findings import Findings
from leadkit.org.organisation.nearest import unknown_id
from leadkit.org.organisation.posts import Posts
from leadkit.org.organisation.rows import Conflicts, JobShares
from leadkit.org.organisation.viewing import COLUMNS, Weighting, person_at, public_column, weights_of
from leadkit.org.people import Person, Violation
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Organisation", "Weighting"]


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Organisation(Result):
    """A snapshot of who works where and reports to whom; build it with `from_columns` or `from_people`.

    People keep the order of the rows. Two organisations are equal when their rows are, in whatever order.

    Parameters
    ----------
    posts : Posts
        The rows as arrays of small codes, for computing; `column` gives them for people to read.
    tree : TreeIndex
        The solid lines.
    declared_root : (n,) bool array
        Roots that the table declared; the others were made so by a repair.
    violations : tuple of Violation
        What was wrong and has been repaired or resolved by a policy, and what is worth a look; in the order of the
        codes and the ids.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bob", "cyd"], [None, "ann", "ann"], fte=[1, 1, 0.5])
    >>> firm
    Organisation(3 posts, 2 layers, 1 root)
    >>> firm.reports_of("ann"), firm.manager_of("cyd"), firm.weights("fte").tolist()
    (('bob', 'cyd'), 'ann', [1.0, 1.0, 0.5])
    >>> Organisation.from_columns(["ann", "bob"], [None, "anne"])
    Traceback (most recent call last):
    ...
    leadkit.errors.OrgError: unknown_manager: row 1: 'bob' reports to 'anne', which is nobody's id
    """

    posts: Posts
    tree: TreeIndex
    declared_root: BoolArray = field(converter=bool_array)
    violations: tuple[Violation, ...] = ()
    _known_index: dict[str, int] | None = field(default=None, alias="known_index")

    @classmethod
    def from_columns(
        cls,
        ids: Sequence[Any] | NDArray[Any],
        manager_ids: Sequence[Any] | NDArray[Any],
        *,
        names: Any = None,
        titles: Any = None,
        teams: Any = None,
        tiers: Any = None,
        customer_facing: Any = None,
        fte: Any = None,
        holders: Any = None,
        status: Any = None,
        formal_leader: Any = None,
        shareable: Any = None,
        acting_ids: Any = None,
        dotted: Any = None,
        serves: Any = None,
        attributes: Mapping[str, Any] | None = None,
        root_tokens: Collection[str] = (),
        job_shares: JobShares = "error",
        conflicts: Conflicts = "error",
        single_root: bool = False,
        strict: bool = True,
    ) -> Organisation:
        """Build an organisation from columns of one length, one row a post.

        A column is a sequence or an array (of numpy or a data frame); None, NaN, a data frame's NA and an empty text
        are missing. Everything that is wrong is collected before anything is raised.

        Parameters
        ----------
        ids : (n,) sequence of str
            Ids, compared exactly.
        manager_ids : (n,) sequence of str or None
            Id of each row's manager; missing for a root.
        names, titles, teams : (n,) sequence of str, optional
            Texts; never keys.
        tiers : (n,) sequence of Tier, optional
            Explicit tiers: members, their numbers or names.
        customer_facing, formal_leader, shareable : (n,) sequence of bool, optional
            A missing `shareable` is False, the others are then not known.
        fte : (n,) sequence of float, optional
            Full-time equivalents, at least 0.
        holders : (n,) sequence of int, optional
            People who hold the post, at least 1; missing is 1.
        status : (n,) sequence of str, optional
            "active" (also when missing), "absent", "vacant" or "left".
        acting_ids : (n,) sequence of str, optional
            Who stands in for a vacant or absent holder.
        dotted : pair of sequences of str, optional
            Person ids and manager ids, one pair a dotted line.
        serves : (n,) sequence of sequences of str, optional
            The posts that a support post serves.
        attributes : mapping of str to (n,) sequence of str, optional
            Further texts by name.
        root_tokens : collection of str
            Texts that stand for "no manager" and are no person's id, compared after strip and case-folding.
        job_shares : {"error", "merge"}
            What a second row with the manager and title of the kept one is: an error, or a further holder.
        conflicts : {"error", "keep_first", "prefer_root"}
            What any other row of one id is: an error, or dropped in favour of the first row, or of the first that
            declares a root.
        single_root : bool
            Whether more than one declared root is an error.
        strict : bool
            Whether errors are raised. If not, they are repaired, which always ends in a tree, the same one for every
            order of the rows but where an id occurs more than once.

        Returns
        -------
        Organisation
            The snapshot, with what was repaired or resolved in `violations`.

        Raises
        ------
        OrgError
            Something is wrong and `strict`; `violations` holds all of it.
        ValueError
            The columns differ in length, something is no column, or a policy is unknown.

        Examples
        --------
        >>> shared = Organisation.from_columns(["a", "b", "b"], ["XX", "a", "a"], root_tokens=["xx"], job_shares="merge")
        >>> shared.weights().tolist(), shared.violations[0].code
        ([1.0, 2.0], 'duplicate_id')
        >>> Organisation.from_columns(["a", "b"], ["b", "a"], strict=False).root_ids
        ('a',)
        """
        columns = {
            "names": names,
            "titles": titles,
            "teams": teams,
            "tiers": tiers,
            "customer_facing": customer_facing,
            "fte": fte,
            "holders": holders,
            "status": status,
            "formal_leader": formal_leader,
            "shareable": shareable,
            "acting_ids": acting_ids,
            "serves": serves,
        }
        posts, lines, index, findings = assemble(
            ids,
            manager_ids,
            columns,
            dotted,
            attributes,
            root_tokens=root_tokens,
            job_shares=job_shares,
            conflicts=conflicts,
            single_root=single_root,
        )
        if strict:
            findings.raise_errors()
        return cls(
            posts=posts,
            tree=lines.tree,
            declared_root=lines.declared_root,
            violations=findings.in_order(),
            known_index=index,
        )

    @classmethod
    def from_people(cls, people: Iterable[Person], **policies: Any) -> Organisation:
        """Build an organisation from records; `policies` and errors are those of `from_columns`.

        Raises
        ------
        TypeError
            Something is no Person.

        Examples
        --------
        >>> Organisation.from_people([Person(id="ann"), Person(id="bob", manager_id="ann")]).ids
        ('ann', 'bob')
        """
        return cls.from_columns(**columns_of_people(people), **policies)

    @property
    def n(self) -> int:
        """Number of posts."""
        return len(self.posts.ids)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids in the order of the rows."""
        return tuple(self.posts.ids.tolist())

    @cached_property
    def root_ids(self) -> tuple[str, ...]:
        """Ids of the roots by code point, declared or made by a repair."""
        return tuple(sorted(self.posts.ids[self.tree.roots].tolist()))

    @cached_property
    def sorted_rows(self) -> IntArray:
        """Indices of the people by the code points of their ids: an order that no shuffling of rows changes."""
        ids = self.posts.ids.tolist()
        return sealed(np.array(sorted(range(self.n), key=ids.__getitem__), dtype=np.int64))

    @cached_property
    def is_filled(self) -> BoolArray:
        """Whether somebody holds each post (active or absent), shape (n,)."""
        return self.posts.is_filled

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the rows sorted by id, as 64 hexadecimal digits."""
        return self.posts.digest(self.sorted_rows, self.tree.parents)

    @cached_property
    def _index(self) -> dict[str, int]:
        if self._known_index is not None:
            return self._known_index
        return dict(zip(self.posts.ids.tolist(), range(self.n), strict=True))

    def index_of(self, person_id: str) -> int:
        """Find a person's index.

        Raises
        ------
        OrgError
            Nobody has this id; the message names the three nearest.
        """
        if not isinstance(person_id, str) or person_id not in self._index:
            raise OrgError(self._unknown(person_id))
        return self._index[person_id]

    def indices_of(self, person_ids: Iterable[str]) -> IntArray:
        """Find the indices of several people; all unknown ids are told at once in an OrgError."""
        if not isinstance(person_ids, Iterable):
            msg = f"person ids: expected a collection of texts, got {person_ids!r}"
            raise OrgError(msg)
        given = [person_ids] if isinstance(person_ids, str) else list(person_ids)
        found = [self._index.get(person_id) if isinstance(person_id, str) else None for person_id in given]
        unknown = [place for place, index in enumerate(found) if index is None]
        if unknown:
            raise OrgError.from_faults(Fault("", self._unknown(given[place])) for place in unknown)
        return sealed(np.array(found, dtype=np.int64))

    def person(self, person_id: str) -> Person:
        """Make the record of one person."""
        return person_at(self.posts, self.tree.parents, self.index_of(person_id))

    def people(self) -> Iterator[Person]:
        """Make the record of everybody, one after the other, in the order of the rows."""
        return (person_at(self.posts, self.tree.parents, row) for row in range(self.n))

    def manager_of(self, person_id: str) -> str | None:
        """Name the manager; None for a root."""
        above = int(self.tree.parents[self.index_of(person_id)])
        return None if above < 0 else str(self.posts.ids[above])

    def reports_of(self, person_id: str, *, whole_line: bool = False) -> tuple[str, ...]:
        """Name the direct reports, or everybody below, by the code points of their ids."""
        place = self.index_of(person_id)
        below = self.tree.subtree(place)[1:] if whole_line else self.tree.children(place)
        return tuple(sorted(self.posts.ids[below].tolist()))

    def chain(self, person_id: str) -> tuple[str, ...]:
        """Name the posts up the solid line, nearest first, filled or not."""
        return tuple(self.posts.ids[self.tree.ancestors(self.index_of(person_id))].tolist())

    def column(self, name: str) -> Any:
        """Give a column of `from_columns` by name, read-only, in a form that `from_columns` takes.

        Parameters
        ----------
        name : str
            Name of an argument of `from_columns`, from "ids" to "attributes".

        Returns
        -------
        array, pair of arrays or mapping
            "fte": (n,) float array, NaN = not known. "holders": (n,) int array. "shareable": (n,) bool array.
            "dotted": a pair of (d,) object arrays, person ids and manager ids. "serves": (n,) object array of tuples.
            "attributes": a mapping of names to (n,) object arrays. All others: (n,) object array, None = not known.

        Raises
        ------
        ValueError
            There is no such column.
        """
        return public_column(self.posts, self.tree.parents, name)

    def weights(self, kind: Weighting = "heads") -> FloatArray:
        """Say how much each post counts.

        Parameters
        ----------
        kind : {"heads", "posts", "fte"}
            "heads": the holders of an active or absent post; "posts": 1; "fte": the full-time equivalents of an active
            or absent post. A vacant or left post has 0 heads and 0 full-time equivalents.

        Returns
        -------
        (n,) float array
            Weights, at least 0.

        Raises
        ------
        OrgError
            The full-time equivalents of a filled post are not known; every such row is named.
        ValueError
            `kind` is unknown.
        """
        return weights_of(self.posts, kind)

    def to_dict(self) -> dict[str, Any]:
        """Give the digest, every column and the violations as plain Python that `json.dumps` takes."""
        columns = {name: plain(self.column(name)) for name in COLUMNS}
        return {"digest": self.digest, **columns, "violations": plain(self.violations)}

    def _replace(self, *, parents: ArrayLike | None = None, posts: Posts | None = None, **columns: Any) -> Organisation:
        """Make a snapshot of the same or of other people that shares whatever does not change.

        For modules of this package: nothing is read or repaired, only the tree is checked.

        Parameters
        ----------
        parents : (n,) array_like of int, optional
            New solid lines; a new root counts as declared. Lines that are no tree are a ValueError.
        posts : Posts, optional
            Other rows (`posts.taken(rows)`, `posts.joined(more)`), for which `parents` is then needed.
        **columns
            Columns of `Posts` in its codes, for instance `status=codes` or `dotted=(people, managers)`.

        Returns
        -------
        Organisation
            With the warnings of its own state as `violations`, rows counted in itself.
        """
        rows = self.posts if posts is None else posts
        rows = rows.replaced(**columns) if columns else rows
        if parents is None:
            tree, declared = self.tree, self.declared_root
        else:
            tree = TreeIndex.from_parents(parents)
            declared = tree.parents < 0
            if posts is None:
                # a root that a repair made is not declared by leaving it alone
                declared &= self.declared_root | (self.tree.parents >= 0)
        findings = Findings()
        tell_warnings(rows, tree, declared, np.arange(tree.n), findings)
        return Organisation(
            posts=rows,
            tree=tree,
            declared_root=declared,
            violations=findings.in_order(),
            known_index=self._known_index if posts is None else None,
        )

    def _unknown(self, person_id: object) -> str:
        return unknown_id(person_id, self.posts.ids, self._index, lambda: self.sorted_rows)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        fields = ("posts", "tree", "declared_root", "violations")
        return (partial(Organisation, **{name: getattr(self, name) for name in fields}), ())

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Organisation) else NotImplemented

    def __hash__(self) -> int:  # type: ignore[override]  # a snapshot never changes
        return hash(self.digest)

    def __repr__(self) -> str:
        counts = {"post": self.n, "layer": self.tree.n_layers, "root": len(self.tree.roots)}
        return "Organisation(" + ", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in counts.items()) + ")"

    def _repr_html_(self) -> str:
        counts = {"posts": self.n, "layers": self.tree.n_layers, "roots": len(self.tree.roots)}
        return html_table("Organisation", ("what", "how many"), (counts | {"violations": len(self.violations)}).items())
