"""SCIM users into an organisation: names matched without regard to case, managers found by whatever names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from attrs import frozen

from leadkit.errors import Fault, OrgError
from leadkit.interchange._json_text import parsed
from leadkit.interchange._people import MAX_CHARS, MAX_FIELD, MAX_ROWS, PeopleTable, raise_faults
from leadkit.interchange._text import TextSource, whole_text
from leadkit.interchange.scim.schemas import ENTERPRISE, LIST_RESPONSE, MATCHED_BY, OWN, OWN_FACTS, USER
from leadkit.org import Organisation

__all__ = ["read_scim"]

SUBJECT = "SCIM"
KEYS = ("id", "externalId", "employeeNumber", "userName")
"""Kinds of key that may name a manager, in the order in which they are tried."""
KEPT = ("externalId", "employeeNumber", "userName")
"""Kinds of key that are kept as attributes."""


@frozen(kw_only=True)
class _User:
    """A user as far as it is read: its place, its keys, its manager's names, its row."""

    where: str
    keys: Mapping[str, str]
    manager: tuple[str, ...]
    cells: Mapping[str, Any]
    attributes: Mapping[str, str]
    dotted: tuple[str, ...]
    is_ours: bool


def read_scim(
    source: TextSource | Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
    max_field: int = MAX_FIELD,
    **policies: Any,
) -> Organisation:
    """Read SCIM users.

    Attribute names and schema names match without regard to case. A manager is an object with `value` or `$ref` (its
    last path segment counts), or a plain text; it is looked for among the ids, then the external ids, the employee
    numbers and the user names, and the kind of key that hit first is kept in the attribute `scim.matched_by`. A user
    that is not active has left.

    Parameters
    ----------
    source : str, text file, dict or list of dict
        JSON, or what `json.loads` made of it: a ListResponse, a list of users, or one user.
    max_rows, max_chars, max_field : int
        Most users, characters of the text, and characters of a value.
    **policies
        Those of `Organisation.from_columns`: `root_tokens`, `job_shares`, `conflicts`, `single_root`, `strict`.

    Returns
    -------
    leadkit.org.Organisation
        With `externalId`, `employeeNumber` and `userName` as attributes `scim.externalId` and so on, where the user
        does not carry our own extension.

    Raises
    ------
    OrgError
        The text is no JSON or no list of users (every fault with its place), a limit is exceeded, or the people are no
        organisation.
    TypeError
        The source is something else.

    References
    ----------
    .. [1] P. Hunt et al., "System for Cross-domain Identity Management: Core Schema", RFC 7643, 2015.

    Examples
    --------
    >>> enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    >>> users = [{"id": "1", "userName": "ann"}, {"id": "2", "userName": "bob", enterprise: {"manager": "ann"}}]
    >>> firm = read_scim(users)
    >>> firm.manager_of("2"), firm.person("2").attributes["scim.matched_by"]
    ('1', 'userName')
    """
    faults: list[Fault] = []
    resources = _resources(_parsed(source, max_chars))
    if len(resources) > max_rows:
        msg = f"{SUBJECT}: there are {len(resources)} users, the limit (max_rows) is {max_rows}"
        raise OrgError(msg)
    reader = _Reader(max_field, faults)
    users = [reader.user(resource, f"Resources[{i}]") for i, resource in enumerate(resources)]
    raise_faults(faults, SUBJECT)
    return _table(users).organisation(policies)


def _parsed(source: TextSource | Mapping[str, Any] | Sequence[Any], max_chars: int) -> Any:
    if isinstance(source, Mapping) or (isinstance(source, Sequence) and not isinstance(source, str | bytes)):
        return source
    text = whole_text(
        cast("TextSource", source), max_chars, what="SCIM users", error=OrgError, hint="SCIM is JSON in UTF-8"
    )
    return parsed(text, error=OrgError, subject=f"{SUBJECT}: no JSON")


def _resources(data: Any) -> Sequence[Any]:
    """Take the users out of a ListResponse, a list, or a single user."""
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        return data
    if not isinstance(data, Mapping):
        msg = f"{SUBJECT}: expected a ListResponse or a list of users, got {type(data).__name__}"
        raise OrgError(msg)
    folded = {str(name).casefold(): value for name, value in data.items()}
    schemas = folded.get("schemas", ())
    names = {str(name).casefold() for name in schemas} if isinstance(schemas, Sequence) else set()
    if LIST_RESPONSE.casefold() in names or "resources" in folded:
        resources = folded.get("resources", [])
        if not isinstance(resources, Sequence) or isinstance(resources, str | bytes):
            msg = f"{SUBJECT}: Resources: expected a list of users, got {type(resources).__name__}"
            raise OrgError(msg)
        return resources
    if USER.casefold() in names or "username" in folded or "id" in folded:
        return [data]
    msg = f"{SUBJECT}: expected a ListResponse, a list of users or a user, got an object with {sorted(folded)[:4]}"
    raise OrgError(msg)


class _Reader:
    """Reads one user after the other and notes what is wrong."""

    def __init__(self, max_field: int, faults: list[Fault]) -> None:
        self._max_field = max_field
        self._faults = faults

    def user(self, resource: Any, where: str) -> _User:
        """Read a user; what is wrong with it is noted."""
        core = self._folded(resource, where)
        enterprise = self._folded(core.get(ENTERPRISE.casefold(), {}), f"{where}.{ENTERPRISE}")
        own_at = f"{where}.{OWN}"
        own = self._folded(core.get(OWN.casefold(), {}), own_at)
        keys = {
            "id": self._text(core, "id", where),
            "externalId": self._text(core, "externalId", where),
            "employeeNumber": self._text(enterprise, "employeeNumber", f"{where}.{ENTERPRISE}"),
            "userName": self._text(core, "userName", where),
        }
        known = {kind: text for kind, text in keys.items() if text is not None}
        cells = {
            "names": self._name(core, where),
            "titles": self._text(core, "title", where),
            "teams": self._text(enterprise, "department", f"{where}.{ENTERPRISE}"),
            "status": self._status(core, own, where),
            "serves": self._texts(own, "serves", own_at),
        }
        for fact, column in OWN_FACTS.items():
            if fact.casefold() in own and fact != "status":
                cells[column] = self._fact(own, fact, own_at)
        named_at = f"{own_at}.attributes"
        named = self._folded(own.get("attributes", {}), named_at, fold=False)
        attributes = {name: text for name in named if (text := self._text(named, name, named_at, fold=False))}
        kept = {} if own else {f"scim.{kind}": known[kind] for kind in KEPT if kind in known}
        return _User(
            where=where,
            keys=known,
            manager=self._manager(enterprise, f"{where}.{ENTERPRISE}.manager"),
            cells=cells,
            attributes={**kept, **attributes},
            dotted=self._texts(own, "dottedManagers", own_at),
            is_ours=bool(own),
        )

    def _fault(self, where: str, what: str) -> None:
        self._faults.append(Fault(where, what))

    def _folded(self, value: Any, where: str, *, fold: bool = True) -> dict[str, Any]:
        """Give an object with its names case-folded; anything else is a fault."""
        if not isinstance(value, Mapping):
            self._fault(where, f"expected an object, got {type(value).__name__}")
            return {}
        if not fold:
            return {str(name): item for name, item in value.items()}
        folded: dict[str, Any] = {}
        for name, item in value.items():
            if str(name).casefold() in folded:
                self._fault(where, f"{name!r} is there more than once, case apart")
            folded[str(name).casefold()] = item
        return folded

    def _text(self, data: Mapping[str, Any], name: str, where: str, *, fold: bool = True) -> str | None:
        value = data.get(name.casefold() if fold else name)
        return self._checked(value, f"{where}.{name}")

    def _checked(self, value: Any, where: str) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self._fault(where, f"expected a text, got {value!r}"[:200])
            return None
        if len(value) > self._max_field:
            self._fault(where, f"{len(value)} characters, the limit (max_field) is {self._max_field}")
            return None
        return value

    def _texts(self, data: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
        values = data.get(name.casefold(), ())
        if not isinstance(values, Sequence) or isinstance(values, str | bytes):
            self._fault(f"{where}.{name}", f"expected a list of texts, got {type(values).__name__}")
            return ()
        checked = (self._checked(value, f"{where}.{name}[{i}]") for i, value in enumerate(values))
        return tuple(text for text in checked if text is not None)

    def _fact(self, own: Mapping[str, Any], fact: str, where: str) -> Any:
        """Give a fact of our extension as it stands; a list or an object is a fault, the rest is the model's to judge."""
        value = own[fact.casefold()]
        if isinstance(value, Mapping | list | tuple):
            self._fault(f"{where}.{fact}", f"expected a single value, got {type(value).__name__}")
            return None
        return self._checked(value, f"{where}.{fact}") if isinstance(value, str) else value

    def _name(self, core: Mapping[str, Any], where: str) -> str | None:
        shown = self._text(core, "displayName", where)
        if shown is not None or "name" not in core:
            return shown
        return self._text(self._folded(core["name"], f"{where}.name"), "formatted", f"{where}.name")

    def _status(self, core: Mapping[str, Any], own: Mapping[str, Any], where: str) -> Any:
        active = core.get("active")
        if active is not None and not isinstance(active, bool):
            self._fault(f"{where}.active", f"expected true or false, got {active!r}"[:200])
        if active is False:
            return "left"
        return self._fact(own, "status", where) if "status" in own else None

    def _manager(self, enterprise: Mapping[str, Any], where: str) -> tuple[str, ...]:
        """List the names under which the manager may be found; none for a root."""
        value = enterprise.get("manager")
        if value is None or isinstance(value, str):
            text = self._checked(value, where)
            return () if text is None else (text,)
        reference = self._folded(value, where)
        text = self._text(reference, "value", where)
        if text is not None:
            return (text,)
        link = self._text(reference, "$ref", where)
        return () if link is None else (_last_segment(link),)


def _last_segment(link: str) -> str:
    try:
        path = urlsplit(link).path
    except ValueError:
        path = link
    return unquote(path.rstrip("/").rsplit("/", 1)[-1])


def _table(users: Sequence[_User]) -> PeopleTable:
    """Find every manager, and lay the users out as rows."""
    known: dict[str, dict[str, str]] = {kind: {} for kind in KEYS}
    ids = [_id_of(user) for user in users]
    for user, own in zip(users, ids, strict=True):
        for kind, text in user.keys.items():
            known[kind].setdefault(text, own)
    table = PeopleTable()
    for user, own in zip(users, ids, strict=True):
        attributes = dict(user.attributes)
        manager = user.manager[0] if user.manager else None
        hit = next((kind for kind in KEYS if manager in known[kind]), None)
        if manager is not None and hit is not None:
            manager = known[hit][manager]
            if not user.is_ours:
                attributes[MATCHED_BY] = hit
        table.add({"ids": own, "manager_ids": manager, **user.cells}, attributes=attributes, dotted=user.dotted)
    return table


def _id_of(user: _User) -> str:
    """Give the id, or else the first key that is there; nothing is a blank id."""
    return next((user.keys[kind] for kind in KEYS if kind in user.keys), "")
