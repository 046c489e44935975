"""One row of an organisation: a post and who holds it, its tier and status, and what can be wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import FrozenMapping
from leadkit.errors import Fault, OrgError

__all__ = ["Person", "Severity", "Status", "Tier", "Violation"]

Status: TypeAlias = Literal["active", "absent", "vacant", "left"]
"""Whether a post is held: active and absent posts are filled, vacant and left ones are not."""
Severity: TypeAlias = Literal["error", "warning"]
"""How bad a violation is: an error keeps a strict organisation from being built."""

STATUSES: tuple[Status, ...] = ("active", "absent", "vacant", "left")


class Tier(IntEnum):
    """A level of the inverted pyramid, numbered from the customers, who stand on top.

    Examples
    --------
    >>> Tier.FRONT_LINE < Tier.SENIOR_LEADER
    True
    """

    CUSTOMER = 0
    FRONT_LINE = 1
    FRONT_LINE_LEADER = 2
    MIDDLE_MANAGER = 3
    SENIOR_LEADER = 4
    SUPPORT = 9


@frozen
class Violation:
    """One thing that is wrong with a table of people.

    Parameters
    ----------
    code : str
        What kind of thing: "cycle", "unknown_manager", ...
    severity : {"error", "warning"}
        An error keeps a strict organisation from being built; a warning does not.
    ids : tuple of str
        The people concerned.
    rows : tuple of int
        Their rows in the table as it was given, counted from 0.
    message : str
        What was found, in one sentence.
    repair : str, optional
        What `strict=False` or a policy does about it; None where nothing is done.

    Examples
    --------
    >>> Violation("self_manager", "error", ("p7",), (3,), "'p7' reports to itself", "becomes a root").code
    'self_manager'
    """

    code: str
    severity: Severity
    ids: tuple[str, ...]
    rows: tuple[int, ...]
    message: str
    repair: str | None = None


TIERS = frozenset(int(tier) for tier in Tier)


def _native(value: Any) -> Any:
    """Turn numpy's scalars into Python's."""
    return value.item() if isinstance(value, np.generic) else value


def _text(value: Any) -> Any:
    """Turn an empty text into None."""
    return (_native(value) or None) if isinstance(value, str) else _native(value)


def _number(value: Any) -> Any:
    plain = _native(value)
    return None if isinstance(plain, float) and math.isnan(plain) else plain


def _tier(value: Any) -> Any:
    plain = _native(value)
    return Tier(plain) if isinstance(plain, int) and not isinstance(plain, bool) and plain in TIERS else plain


def _texts(value: Any) -> Any:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
        return value
    return tuple(map(_native, value))


def _attributes(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    # only an empty text is missing: 0 is a fault
    return FrozenMapping({name: text for name, text in value.items() if text is not None and text != ""})


@frozen(kw_only=True)
class Person:
    """One row: a post and who holds it.

    Ids are texts and are compared exactly: "007", "7" and " 7" are three ids. An empty text is missing.

    Parameters
    ----------
    id : str
        The post's id; not empty, not only white space.
    manager_id : str, optional
        Id of the post this one reports to; None for a root.
    name, title, team : str, optional
        Texts for people to read; never keys.
    tier : Tier, optional
        The tier, where it is known better than the reporting lines tell.
    customer_facing : bool, optional
        Whether the post serves customers; None = not known.
    fte : float, optional
        Full-time equivalents of the post, at least 0; None = not known.
    holders : int
        People who hold the post, at least 1; more than one is a job share.
    status : {"active", "absent", "vacant", "left"}
        Whether the post is held.
    formal_leader : bool, optional
        Whether the post is officially designated a leader's; None = told by having reports.
    shareable : bool
        Whether person-level results about the holder may be shown.
    acting_id : str, optional
        Who stands in for a vacant or absent holder; somebody else.
    dotted_manager_ids : tuple of str
        Posts this one also answers to, outside the solid line.
    serves : tuple of str
        Posts that a support post serves; not itself.
    attributes : mapping of str to str
        Anything else, as texts.

    Raises
    ------
    OrgError
        Something is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Person(id="p1", manager_id="p0", status="absent", acting_id="p2").holders
    1
    >>> Person(id=7, holders=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.OrgError: person 7: 2 faults
      id: expected a text, got the int 7; ids are texts, compared exactly ('007' is not '7'): read them as text
      holders: expected a whole number in 1..2147483647, got 0
    """

    id: str = field(converter=_native)
    manager_id: str | None = field(default=None, converter=_text)
    name: str | None = field(default=None, converter=_text)
    title: str | None = field(default=None, converter=_text)
    team: str | None = field(default=None, converter=_text)
    tier: Tier | None = field(default=None, converter=_tier)
    customer_facing: bool | None = field(default=None, converter=_native)
    fte: float | None = field(default=None, converter=_number)
    holders: int = field(default=1, converter=_native)
    status: Status = "active"
    formal_leader: bool | None = field(default=None, converter=_native)
    shareable: bool = field(default=False, converter=_native)
    acting_id: str | None = field(default=None, converter=_text)
    dotted_manager_ids: tuple[str, ...] = field(default=(), converter=_texts)
    serves: tuple[str, ...] = field(default=(), converter=_texts)
    attributes: Mapping[str, str] = field(factory=FrozenMapping, converter=_attributes)

    def __attrs_post_init__(self) -> None:
        faults = [
            *_id_faults(self.id),
            *_text_faults(self),
            *_value_faults(self),
            *_reference_faults(self),
            *_attribute_faults(self.attributes),
        ]
        if faults:
            raise OrgError.from_faults(faults, subject=f"person {self.id!r}")


def not_an_id(value: object) -> str:
    """Say why `value` is no id, and what to do about it.

    Examples
    --------
    >>> not_an_id(7)
    "expected a text, got the int 7; ids are texts, compared exactly ('007' is not '7'): read them as text"
    """
    shown = f"the {type(value).__name__} {_native(value)!r}"
    return f"expected a text, got {shown}; ids are texts, compared exactly ('007' is not '7'): read them as text"


def fte_fault(value: object) -> str | None:
    """Say what is wrong with full-time equivalents; None when nothing is."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        return f"expected a number, got {value!r}"
    if not 0 <= value < math.inf:
        return f"expected a finite number of at least 0, got {value!r}"
    return None


def holders_fault(value: object) -> str | None:
    """Say what is wrong with a number of holders; None when nothing is."""
    is_number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if is_number and 1 <= value < 2**31:  # type: ignore[operator]  # a number by the line above
        return None
    return f"expected a whole number in 1..{2**31 - 1}, got {value!r}"


def _id_faults(value: object) -> list[Fault]:
    if not isinstance(value, str):
        return [Fault("id", not_an_id(value))]
    return [] if value.strip() else [Fault("id", "expected a text that is not empty")]


def _text_faults(person: Person) -> list[Fault]:
    faults = [
        Fault(name, not_an_id(value))
        for name in ("manager_id", "acting_id")
        if (value := getattr(person, name)) is not None and not isinstance(value, str)
    ]
    faults += [
        Fault(name, f"expected a text, got {value!r}")
        for name in ("name", "title", "team")
        if (value := getattr(person, name)) is not None and not isinstance(value, str)
    ]
    return faults


def _value_faults(person: Person) -> list[Fault]:
    found = [
        ("tier", None if person.tier is None or isinstance(person.tier, Tier) else unknown_tier(person.tier)),
        ("fte", None if person.fte is None else fte_fault(person.fte)),
        ("holders", holders_fault(person.holders)),
        ("status", None if person.status in STATUSES else unknown_status(person.status)),
    ]
    faults = [Fault(name, what) for name, what in found if what is not None]
    faults += [
        Fault(name, f"expected True, False or None, got {value!r}")
        for name in ("customer_facing", "formal_leader")
        if (value := getattr(person, name)) is not None and not isinstance(value, bool)
    ]
    if not isinstance(person.shareable, bool):
        faults.append(Fault("shareable", f"expected True or False, got {person.shareable!r}"))
    return faults


def unknown_status(value: object) -> str:
    """Say which statuses there are."""
    return f"unknown status {value!r}; known: {', '.join(STATUSES)}"


def unknown_tier(value: object) -> str:
    """Say which tiers there are."""
    return f"unknown tier {value!r}; known: {', '.join(f'{tier.name} ({tier:d})' for tier in Tier)}"


def _reference_faults(person: Person) -> list[Fault]:
    faults = []
    for name in ("dotted_manager_ids", "serves"):
        references: Any = getattr(person, name)
        if not isinstance(references, tuple):
            faults.append(Fault(name, f"expected a sequence of ids, got {references!r}"))
        else:
            faults += [Fault(name, not_an_id(value)) for value in references if not isinstance(value, str)]
    if isinstance(person.id, str) and person.acting_id == person.id:
        faults.append(Fault("acting_id", "nobody stands in for themselves"))
    if isinstance(person.serves, tuple) and isinstance(person.id, str) and person.id in person.serves:
        faults.append(Fault("serves", "a post does not serve itself"))
    return faults


def _attribute_faults(attributes: object) -> list[Fault]:
    if not isinstance(attributes, Mapping):
        return [Fault("attributes", f"expected a mapping of texts, got {attributes!r}")]
    return [
        Fault("attributes", f"expected texts, got {name!r}: {value!r}")
        for name, value in attributes.items()
        if not (isinstance(name, str) and isinstance(value, str))
    ]
