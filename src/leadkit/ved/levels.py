"""The vision expected at a level, as data: how far ahead, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrs import field, frozen

from leadkit._convert import structure
from leadkit._fields import identifier_faults, repeated, string_faults, whole_number_faults
from leadkit._results import html_table
from leadkit.assessment.definition import toml_data
from leadkit.errors import DefinitionError, Fault, UnknownIdError, did_you_mean
from leadkit.frameworks._files import user_text

__all__ = ["Reach", "ScopeTable", "VisionScope", "vision_scopes"]


def _reach_ids(reach: Iterable[str]) -> tuple[str, ...]:
    return tuple(reach)


@frozen(kw_only=True)
class Reach:
    """Whom a vision is about.

    Parameters
    ----------
    id, name, description : str
        Identifier, what people call it, and who belongs to it.
    """

    id: str
    name: str
    description: str

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id")
        faults += string_faults(self.name, "name") + string_faults(self.description, "description")
        _raise_faults(faults, f"reach {self.id!r}")


@frozen(kw_only=True)
class VisionScope:
    """The vision that is expected at one level.

    Parameters
    ----------
    level, name : str
        Identifier of the level, and what people call it.
    horizon_months : tuple of two int
        The nearest and the furthest horizon that fit, at least 1 [months].
    reach : tuple of str
        Ids of the reaches that fit, narrowest first.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> scope = VisionScope(level="manager", name="Manager", horizon_months=(6, 24), reach=("department",))
    >>> scope.horizon_months
    (6, 24)
    """

    level: str
    name: str
    horizon_months: tuple[int, int]
    reach: tuple[str, ...] = field(converter=_reach_ids)

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.level, "level") + string_faults(self.name, "name")
        faults += _horizon_faults(self.horizon_months)
        if not self.reach:
            faults.append(Fault("reach", "expected at least one id of a reach"))
        faults += [Fault("reach", f"{name!r} is there more than once") for name in repeated(self.reach)]
        _raise_faults(faults, f"level {self.level!r}")


@frozen(kw_only=True)
class ScopeTable:
    """What is expected at each level, and the words for whom a vision is about.

    Parameters
    ----------
    title, version, source, licence, note : str
        What it is called, which version it is, where it comes from, under which licence, and what to know.
    reaches : tuple of Reach
        At least one, narrowest first.
    scopes : tuple of VisionScope
        At least one, lowest level first; each names neighbouring reaches.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.
    """

    title: str
    version: str
    source: str
    licence: str
    note: str
    reaches: tuple[Reach, ...]
    scopes: tuple[VisionScope, ...]

    def __attrs_post_init__(self) -> None:
        faults = []
        for name in ("title", "version", "source", "licence", "note"):
            faults += string_faults(getattr(self, name), name)
        for name, ids in (("reaches", self.reach_ids), ("scopes", self.levels)):
            faults += [] if ids else [Fault(name, "expected at least one entry")]
            faults += [Fault(name, f"{again!r} is there more than once") for again in repeated(ids)]
        for i, scope in enumerate(self.scopes):
            faults += _reach_faults(scope.reach, self.reach_ids, f"scopes[{i}].reach")
        _raise_faults(faults, f"table {self.title!r}")

    @property
    def levels(self) -> tuple[str, ...]:
        """Ids of the levels, lowest first."""
        return tuple(scope.level for scope in self.scopes)

    @property
    def reach_ids(self) -> tuple[str, ...]:
        """Ids of the reaches, narrowest first."""
        return tuple(reach.id for reach in self.reaches)

    def scope(self, level: str) -> VisionScope:
        """Return what is expected at a level.

        Raises
        ------
        UnknownIdError
            There is no such level; the message gives the nearest.
        """
        for scope in self.scopes:
            if scope.level == level:
                return scope
        raise UnknownIdError.of(level, self.levels, kind="level")

    def reach_name(self, reach_id: str) -> str:
        """Say what people call a reach.

        Raises
        ------
        UnknownIdError
            There is no such reach; the message gives the nearest.
        """
        for reach in self.reaches:
            if reach.id == reach_id:
                return reach.name
        raise UnknownIdError.of(reach_id, self.reach_ids, kind="reach")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a level: `level`, `name`, `horizon_low`, `horizon_high`, `reach` joined by a space."""
        return [
            {
                "level": scope.level,
                "name": scope.name,
                "horizon_low": scope.horizon_months[0],
                "horizon_high": scope.horizon_months[1],
                "reach": " ".join(scope.reach),
            }
            for scope in self.scopes
        ]

    def _repr_html_(self) -> str:
        rows = [
            (scope.name, "{} to {}".format(*scope.horizon_months), tuple(map(self.reach_name, scope.reach)))
            for scope in self.scopes
        ]
        return html_table(self.title, ("level", "months ahead", "for whom"), rows)


def vision_scopes(path: str | Path | None = None) -> ScopeTable:
    """Load what is expected of a vision at each level.

    Parameters
    ----------
    path : str or Path, optional
        A TOML file of one's own in the same form, with one's own levels; the table of leadkit when None.

    Returns
    -------
    ScopeTable
        Levels with their horizons and reaches, lowest first.

    Raises
    ------
    DefinitionError
        The user's file is wrong; the message lists every fault with its path.
    FileNotFoundError
        There is no file at that path.

    References
    ----------
    .. [1] E. Jaques, "Requisite Organization", Cason Hall, 1989 (the time span of work grows with the level).

    Examples
    --------
    >>> table = vision_scopes()
    >>> table.levels
    ('team_leader', 'supervisor', 'manager', 'director', 'executive')
    >>> table.scope("director").horizon_months, table.scope("director").reach
    ((18, 60), ('department', 'organisation'))
    """
    if path is None:
        return _shipped_scopes()
    return _table(user_text(Path(path)), str(path))


@cache
def _shipped_scopes() -> ScopeTable:
    file = files("leadkit.ved").joinpath("data", "vision_scope.toml")
    return _table(file.read_text(encoding="utf-8"), "vision_scope")


def _table(text: str, subject: str) -> ScopeTable:
    return structure(toml_data(text, subject=subject), ScopeTable, error=DefinitionError, subject=subject)


def _horizon_faults(horizon: object) -> list[Fault]:
    where = "horizon_months"
    if not isinstance(horizon, tuple) or len(horizon) != 2:
        return [Fault(where, f"expected the nearest and the furthest number of months, got {horizon!r}")]
    faults = [fault for i, months in enumerate(horizon) for fault in whole_number_faults(months, f"{where}[{i}]")]
    if not faults and not 1 <= horizon[0] <= horizon[1]:
        faults.append(Fault(where, f"expected 1 <= nearest <= furthest, got {horizon[0]}..{horizon[1]}"))
    return faults


def _reach_faults(reach: tuple[str, ...], known: tuple[str, ...], where: str) -> list[Fault]:
    unknown = [name for name in reach if name not in known]
    if unknown:
        return [Fault(where, f"unknown reach {name!r}{did_you_mean(name, known)}") for name in unknown]
    places = [known.index(name) for name in reach]
    if places != list(range(places[0], places[0] + len(places))):
        return [Fault(where, f"expected neighbours, narrowest first, got {', '.join(reach)}")]
    return []


def _raise_faults(faults: list[Fault], subject: str) -> None:
    if faults:
        raise DefinitionError.from_faults(faults, subject=subject)
