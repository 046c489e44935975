"""The work breakdown structure: one tree of all the work, with codes, accounts and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self, TypeAlias, cast

from attrs import field, frozen

from leadkit._checks import as_tuple, member_faults
from leadkit._fields import FrozenMapping, repeated
from leadkit._results import MOST_ROWS_SHOWN, html_table
from leadkit.errors import Fault, UnknownIdError
from leadkit.typing import IntArray
from leadkit.wbs._checking import raise_faults, unknown_node
from leadkit.wbs.structure._adding import added_up
from leadkit.wbs.structure._breakdown import breakdown
from leadkit.wbs.structure._codes import prefix_faults, split_code, written
from leadkit.wbs.structure._dictionaries import parts_of, plain_parts
from leadkit.wbs.structure._outline import Outline, laid_out
from leadkit.wbs.structure._reading import read_outline
from leadkit.wbs.structure._records import records_of
from leadkit.wbs.structure._rows import read_rows
from leadkit.wbs.structure.accounts import ControlAccount, Raci
from leadkit.wbs.structure.groups import Group, Node
from leadkit.wbs.structure.packages import WorkPackage

__all__ = ["Missing", "Wbs"]

Missing: TypeAlias = Literal["nan", "skip"]
"""What a part without a value does to a sum: makes it NaN, or counts nothing."""


@frozen(kw_only=True, repr=False)
class Wbs:
    """All the work of a project as one tree.

    Parameters
    ----------
    root : Group
        The project; every id below it is there once.
    prefix : str
        What all codes begin with, such as "CRM"; it is the code of the root and may be empty.
    control_accounts : sequence of ControlAccount
        Where scope, budget and progress are managed; each covers its node and everything below.
    raci : sequence of Raci
        Who does what; entries hold for everything below until a node has its own of the same role.

    Raises
    ------
    PlanError
        An id is there twice, a pinned code has another prefix, an account is there twice; `faults` holds all of it.
    UnknownIdError
        An account or an entry names a node that is not there.

    Notes
    -----
    A code is the numbers of the places on the way from the root. A node with a `code` of its own is pinned to it, and
    the nodes after it count on from its last number.
    Nothing here takes recursion, so a tree may be thousands of levels deep.

    References
    ----------
    .. [1] Project Management Institute, "Practice Standard for Work Breakdown Structures", 3rd ed., 2019.

    Examples
    --------
    >>> wbs = Wbs.from_outline('''
    ... crm | Customer service
    ...   data | Data
    ...     move | Move the tickets
    ...     check | Check them
    ...   train | Training
    ... ''')
    >>> wbs
    Wbs(root='crm', 2 groups, 3 packages)
    >>> wbs.code("check"), wbs.find("1.2").name, [node.id for node in wbs.path("check")]
    ('1.2', 'Check them', ['crm', 'data', 'check'])
    """

    root: Group
    prefix: str = ""
    control_accounts: tuple[ControlAccount, ...] = field(default=(), converter=as_tuple)
    raci: tuple[Raci, ...] = field(default=(), converter=as_tuple)
    _outline: Outline = field(init=False, eq=False)
    _account_of: Mapping[str, ControlAccount] = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        faults = [] if isinstance(self.root, Group) else [Fault("root", f"expected a Group, got {self.root!r}")]
        faults += prefix_faults(self.prefix) + _account_faults(self.control_accounts)
        faults += member_faults(self.raci, Raci, "raci", "Raci")
        if not faults:
            outline, faults = laid_out(self.root, self.prefix)
            object.__setattr__(self, "_outline", outline)
        raise_faults(faults, "work breakdown structure")
        for account in self.control_accounts:
            self._place(account.node, f"control account {account.id!r}")
        own = {account.node: account for account in sorted(self.control_accounts, key=_id_of, reverse=True)}
        object.__setattr__(self, "_account_of", own)
        for entry in self.raci:
            self._place(entry.node, f"RACI entry {entry.role} of {entry.person!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made, (type(self), self.root, self.prefix, self.control_accounts, self.raci))

    @classmethod
    def from_outline(cls, text: str, *, prefix: str = "") -> Self:
        r"""Read one node a line, each level two spaces or one tab further in.

        Parameters
        ----------
        text : str
            Lines such as "id | name" or "name"; the id is then the code. Empty lines do not count. A line with lines
            below it is a group, any other a work package. The one line that is furthest out is the root; where several
            are, a root without a name is made above them.
        prefix : str
            What all codes begin with.

        Returns
        -------
        Wbs

        Raises
        ------
        PlanError
            A line is indented by half a level or by more than one, or has no id; each with the number of its line.

        Examples
        --------
        >>> wbs = Wbs.from_outline("Help desk\n  Tickets\n    Move\n  Training", prefix="HD")
        >>> [(node.id, node.name) for node in wbs.nodes]
        [('HD', 'Help desk'), ('HD.1', 'Tickets'), ('HD.1.1', 'Move'), ('HD.2', 'Training')]
        """
        return cls(root=read_outline(text, prefix), prefix=prefix)

    @classmethod
    def from_records(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Read one node a row, in any order.

        Parameters
        ----------
        rows : iterable of mapping
            Each with an `id`, and a `parent` (the id of its group) or a `code` that says where it belongs; the root has
            neither, or the prefix as its code. Where no row is the root, or several are, a root is made above them.
            Besides `name` and the fields of a work package there are `kind` "group" (a row with rows below it is one
            anyway) and `position` (place among its siblings). None and NaN count as not given.

        Returns
        -------
        Wbs
            Siblings are in the order of `position` where all of them have one, else by the last number of their code
            (counted on in row order where a row has none), then by row. A code that is given stays pinned.

        Raises
        ------
        PlanError
            A key is unknown, a field is wrong, a code belongs nowhere; `faults` holds all of it, each with its row.
        CycleError
            Rows are each other's parents.
        UnknownIdError
            A parent is not there.

        Examples
        --------
        >>> rows = [{"id": "b", "code": "1.2"}, {"id": "a", "code": "1.1"}, {"id": "part", "code": "1"}]
        >>> [node.id for node in Wbs.from_records(rows).nodes]
        ['root', 'part', 'a', 'b']
        """
        root, prefix = read_rows(rows)
        return cls(root=root, prefix=prefix)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_dict` gives; unknown keys are refused with their place.

        Raises
        ------
        PlanError
            Something is wrong; `faults` holds all of it.
        """
        root, prefix, accounts, raci = parts_of(data)
        return cls(root=root, prefix=prefix, control_accounts=accounts, raci=raci)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a node in outline order, in plain Python, that `from_records` reads back.

        Returns
        -------
        list of dict
            `id`, `parent`, `position`, `code` (where pinned; the prefix at the root), `name`, `kind` and all other
            fields of a work package, None where a group has no such field. Accounts and roles are not in it.
        """
        return records_of(self._outline, self.prefix)

    def to_dict(self) -> dict[str, Any]:
        """Give everything in plain Python that `json.dumps(..., allow_nan=False)` takes; flat, however deep the tree.

        Returns
        -------
        dict
            `prefix`, `nodes` (as `to_records`), `control_accounts` and `raci`.
        """
        return {
            "prefix": self.prefix,
            "nodes": self.to_records(),
            "control_accounts": plain_parts(self.control_accounts, ControlAccount),
            "raci": plain_parts(self.raci, Raci),
        }

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All groups and packages in outline order, the root first."""
        return self._outline.nodes

    @property
    def packages(self) -> tuple[WorkPackage, ...]:
        """The work packages in outline order."""
        return self._outline.packages

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups in outline order, the root first."""
        return self._outline.groups

    @property
    def parents(self) -> IntArray:
        """Place of each node's group in `nodes`, -1 for the root, as `leadkit.graphs` takes it; shape (n,)."""
        return self._outline.parents

    def node(self, id: str) -> Node:  # noqa: A002 - the field's name
        """Find a node; an unknown id raises `UnknownIdError`."""
        return self._outline.nodes[self._place(id)]

    def parent(self, id: str) -> Group | None:  # noqa: A002 - the field's name
        """Find the group that a node is part of; None for the root."""
        above = self._outline.above[self._place(id)]
        return None if above < 0 else cast("Group", self._outline.nodes[above])

    def path(self, id: str) -> tuple[Node, ...]:  # noqa: A002 - the field's name
        """Give the nodes on the way from the root to a node, both included."""
        return tuple(self._outline.nodes[i] for i in reversed(self._line(self._place(id))))

    def children(self, id: str) -> tuple[Node, ...]:  # noqa: A002 - the field's name
        """Give the parts of a node in order; a package has none."""
        node = self.node(id)
        return node.children if isinstance(node, Group) else ()

    def code(self, id: str) -> str:  # noqa: A002 - the field's name
        """Give the code of a node with the prefix; the root's is the prefix."""
        return written(self.prefix, self._outline.numbers(self._place(id)))

    def level(self, id: str) -> int:  # noqa: A002 - the field's name
        """Count the numbers in the code of a node; 0 for the root."""
        return self._outline.codes.length[self._outline.code_place[self._place(id)]]

    def find(self, code: str) -> Node:
        """Find a node by its code, with or without the prefix; where two have it, the first.

        Raises
        ------
        UnknownIdError
            No node has this code; the message gives the nearest codes.

        Examples
        --------
        >>> wbs = Wbs(root=Group(id="crm", children=[WorkPackage(id="data")]), prefix="CRM")
        >>> wbs.find("CRM.1").id, wbs.find("1").id
        ('data', 'data')
        """
        outline = self._outline
        prefix, numbers = split_code(code) if isinstance(code, str) else (code, ())
        is_ours = prefix in {"", self.prefix} and written(prefix, numbers) == code
        place = outline.codes.look(numbers) if is_ours else None
        first = None if place is None else outline.first_with.get(place)
        if first is None:
            near = [i for i, at in enumerate(outline.code_place) if outline.codes.length[at] <= len(numbers) + 1]
            known = [written(self.prefix, outline.numbers(i)) for i in near]
            raise UnknownIdError.of(str(code), known, kind="code")
        return outline.nodes[first]

    def account(self, id: str) -> ControlAccount | None:  # noqa: A002 - the field's name
        """Give the control account that covers a node: its own, else the nearest above; None where there is none."""
        line = (self._outline.nodes[i].id for i in self._line(self._place(id)))
        return next((self._account_of[own] for own in line if own in self._account_of), None)

    def roll_up(self, measure: str, *, missing: Missing = "nan") -> Mapping[str, float]:
        """Add a measure up from the packages to the root.

        Parameters
        ----------
        measure : str
            "cost", "effort", "weight" or any other name.
        missing : {"nan", "skip"}
            Whether a part without a value makes the sum NaN or counts nothing.

        Returns
        -------
        mapping of str to float
            Id to value in outline order: the node's own, else the sum of its parts. NaN where there is none: at a
            package or an empty group without a value, and with "skip" at a group without any value below it.

        Raises
        ------
        ValueError
            `missing` is another word.

        Examples
        --------
        >>> parts = [WorkPackage(id="a", measures={"cost": 3}), WorkPackage(id="b")]
        >>> wbs = Wbs(root=Group(id="all", children=parts))
        >>> dict(wbs.roll_up("cost")), dict(wbs.roll_up("cost", missing="skip"))
        ({'all': nan, 'a': 3.0, 'b': nan}, {'all': 3.0, 'a': 3.0, 'b': nan})
        """
        values = added_up(self._outline, measure, missing)
        return FrozenMapping((node.id, value) for node, value in zip(self._outline.nodes, values, strict=True))

    def work_breakdown(self, *, day_minutes: float = 480) -> list[dict[str, Any]]:
        """List the work as the team is given it, in outline order.

        Parameters
        ----------
        day_minutes : float
            Working minutes in a day, above 0.

        Returns
        -------
        list of dict
            `code`, `name`, `level`, `responsible` (whoever has the role R, else the responsible of the dictionary
            entry, else None), `days` (duration at the mean of the estimate; None for groups and without an estimate),
            `start_limit` and `finish_limit` (ISO text or None).

        Raises
        ------
        ValueError
            `day_minutes` is no number above 0.

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> api = WorkPackage(id="api", name="Interface", estimate=Estimate.pert(1, 2, 9))
        >>> wbs = Wbs(root=Group(id="crm", children=[api]), raci=[Raci(node="crm", person="ann", role="R")])
        >>> wbs.work_breakdown()[1]["responsible"], wbs.work_breakdown()[1]["days"]
        ('ann', 3.0)
        """
        return breakdown(self._outline, self.prefix, self.raci, day_minutes)

    def __repr__(self) -> str:
        counts = (_counted(len(self.groups), "group"), _counted(len(self.packages), "package"))
        return f"Wbs(root={self.root.id!r}, {', '.join(counts)})"

    def _repr_html_(self) -> str:
        shown = self._outline.nodes[:MOST_ROWS_SHOWN]
        rows = [(written(self.prefix, self._outline.numbers(i)), node.name or node.id) for i, node in enumerate(shown)]
        rest = len(self._outline.nodes) - len(shown)
        table = html_table("Wbs", ("code", "name"), rows)
        return table + (f"<p>... and {rest} more rows</p>" if rest else "")

    def _place(self, id: str, where: str = "") -> int:  # noqa: A002 - the field's name
        place = self._outline.place.get(id)
        if place is None:
            raise unknown_node(id, self._outline.place, where)
        return place

    def _line(self, i: int) -> list[int]:
        line = []
        while i >= 0:
            line.append(i)
            i = self._outline.above[i]
        return line


def _made(cls: type[Wbs], root: Group, prefix: str, accounts: Any, raci: Any) -> Wbs:
    return cls(root=root, prefix=prefix, control_accounts=accounts, raci=raci)


def _id_of(account: ControlAccount) -> str:
    return account.id


def _counted(n: int, word: str) -> str:
    return f"{n} {word}{'s' * (n != 1)}"


def _account_faults(accounts: object) -> list[Fault]:
    faults = member_faults(accounts, ControlAccount, "control_accounts", "ControlAccount")
    if faults:
        return faults
    twice = repeated(account.id for account in accounts)  # type: ignore[attr-defined]
    return [Fault(f"control account {own!r}", "is there more than once") for own in twice]
