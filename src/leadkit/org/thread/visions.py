"""Every level has a vision: its scale and context differ, from the whole organisation to one's own customers today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from attrs import evolve, field, frozen

from leadkit._fields import string_faults
from leadkit._results import TableResult, Value
from leadkit.errors import Fault, OrgError
from leadkit.org.flags import sorted_flags
from leadkit.org.people import TIERS, Tier, unknown_tier

__all__ = ["Scope", "Vision", "VisionCheck", "check_visions"]

Scope: TypeAlias = Literal["organisation", "function", "team", "own_work"]
"""What a vision is about, widest first."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

TIERS_WITH_A_VISION = (Tier.SENIOR_LEADER, Tier.MIDDLE_MANAGER, Tier.FRONT_LINE_LEADER, Tier.FRONT_LINE)
"""From the senior leaders towards the customer."""


FINDINGS = {
    "duplicate_tier": "duplicate_tiers",
    "horizon_lengthens": "longer_tiers",
    "missing_tier": "missing_tiers",
    "scope_widens": "wider_tiers",
}
"""Flag to the field that says where."""


def _tier(value: Any) -> Any:
    return Tier(value) if isinstance(value, int) and not isinstance(value, bool) and value in TIERS else value


@frozen(kw_only=True, eq=False)
class Vision(Value):
    """What one tier wants to become or bring about.

    Parameters
    ----------
    tier : Tier
        Whose vision it is; a tier of posts, not the customers.
    statement : str
        The vision in words.
    scope : {"organisation", "function", "team", "own_work"}
        What it is about: senior leaders the whole organisation, middle managers a function, front-line leaders a
        team, front-line employees their own customers.
    horizon_days : int
        How far it looks ahead [days], at least 1; 1 is today.

    Raises
    ------
    OrgError
        Something is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Vision(tier=Tier.FRONT_LINE, statement="Nobody hangs up unheard", scope="own_work", horizon_days=1).scope
    'own_work'
    >>> Vision(tier=Tier.FRONT_LINE, statement="", scope="world", horizon_days=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.OrgError: vision of FRONT_LINE: 3 faults
      statement: expected a text that is not empty, got ''
      scope: expected one of 'organisation', 'function', 'team', 'own_work', got 'world'
      horizon_days: expected a whole number of at least 1, got 0
    """

    tier: Tier = field(converter=_tier)
    statement: str
    scope: Scope
    horizon_days: int

    def __attrs_post_init__(self) -> None:
        faults = _tier_faults(self.tier) + string_faults(self.statement, "statement")
        if self.scope not in SCOPES:
            faults.append(Fault("scope", f"expected one of {', '.join(map(repr, SCOPES))}, got {self.scope!r}"))
        if isinstance(self.horizon_days, bool) or not isinstance(self.horizon_days, int) or self.horizon_days < 1:
            faults.append(Fault("horizon_days", f"expected a whole number of at least 1, got {self.horizon_days!r}"))
        if faults:
            whose = self.tier.name if isinstance(self.tier, Tier) else repr(self.tier)
            raise OrgError.from_faults(faults, subject=f"vision of {whose}")


@frozen(kw_only=True, eq=False)
class VisionCheck(TableResult):
    """Whether every tier has one vision, and whether visions narrow towards the customer; one row a vision.

    Parameters
    ----------
    visions : tuple of Vision
        All visions, from the senior leaders towards the customer, those of support posts last.
    missing_tiers, duplicate_tiers : tuple of Tier
        Tiers without a vision and tiers with more than one.
    wider_tiers, longer_tiers : tuple of Tier
        Tiers with a vision of wider scope, or looking further ahead, than one of the nearest tier before it that has
        a vision. Support posts stand outside this order.
    flags : tuple of str
        `missing_tier`, `duplicate_tier`, `scope_widens`, `horizon_lengthens`, for each of these that is not empty.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "tiers": "tier",
        "statements": "statement",
        "scopes": "scope",
        "horizons": "horizon_days",
        "vision_flags": "flags",
    }

    visions: tuple[Vision, ...]
    missing_tiers: tuple[Tier, ...]
    duplicate_tiers: tuple[Tier, ...]
    wider_tiers: tuple[Tier, ...]
    longer_tiers: tuple[Tier, ...]
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python, tiers by name."""
        named = {name: [tier.name for tier in getattr(self, name)] for name in FINDINGS.values()}
        return super().to_dict() | {"visions": self.to_records()} | named

    @property
    def is_complete(self) -> bool:
        """Whether nothing was found."""
        return not self.flags

    @property
    def tiers(self) -> tuple[str, ...]:
        """Name of the tier of each vision."""
        return tuple(vision.tier.name for vision in self.visions)

    @property
    def statements(self) -> tuple[str, ...]:
        """Words of each vision."""
        return tuple(vision.statement for vision in self.visions)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Scope of each vision."""
        return tuple(vision.scope for vision in self.visions)

    @property
    def horizons(self) -> tuple[int, ...]:
        """How far each vision looks ahead [days]."""
        return tuple(vision.horizon_days for vision in self.visions)

    @property
    def vision_flags(self) -> tuple[tuple[str, ...], ...]:
        """What was found about the tier of each vision."""
        return tuple(
            tuple(flag for flag, name in FINDINGS.items() if vision.tier in getattr(self, name))
            for vision in self.visions
        )


def check_visions(visions: Iterable[Vision]) -> VisionCheck:
    """Check that every tier has one vision and that visions narrow towards the customer.

    Senior leaders look at the whole organisation and years ahead, middle managers at a function, front-line leaders
    at a team, front-line employees at their own customers today. So neither scope nor horizon grows on the way.

    Parameters
    ----------
    visions : iterable of Vision
        The visions, in any order.

    Returns
    -------
    VisionCheck
        What is missing, there twice, or grows towards the customer.

    Raises
    ------
    OrgError
        Something given is no Vision.

    Examples
    --------
    >>> check = check_visions([
    ...     Vision(tier=Tier.SENIOR_LEADER, statement="First choice", scope="organisation", horizon_days=1825),
    ...     Vision(tier=Tier.FRONT_LINE_LEADER, statement="One team", scope="team", horizon_days=90),
    ...     Vision(tier=Tier.FRONT_LINE, statement="Heard today", scope="own_work", horizon_days=365),
    ... ])
    >>> check.flags
    ('horizon_lengthens', 'missing_tier')
    >>> check.missing_tiers[0].name, check.longer_tiers[0].name
    ('MIDDLE_MANAGER', 'FRONT_LINE')
    """
    given = _checked(visions)
    by_tier = {
        tier: [vision for vision in given if vision.tier is tier] for tier in (*TIERS_WITH_A_VISION, Tier.SUPPORT)
    }
    wider, longer = [], []
    before: list[Vision] = []
    for tier in TIERS_WITH_A_VISION:
        here = by_tier[tier]
        if not here:
            continue
        if before:
            narrowest = max(SCOPES.index(vision.scope) for vision in before)
            if min(SCOPES.index(vision.scope) for vision in here) < narrowest:
                wider.append(tier)
            if max(vision.horizon_days for vision in here) > min(vision.horizon_days for vision in before):
                longer.append(tier)
        before = here
    missing = [tier for tier in TIERS_WITH_A_VISION if not by_tier[tier]]
    # functions of support each have their own vision, so several are no repeats
    duplicate = [tier for tier in TIERS_WITH_A_VISION if len(by_tier[tier]) > 1]
    check = VisionCheck(
        visions=tuple(vision for tier in by_tier for vision in sorted(by_tier[tier], key=_sorting)),
        missing_tiers=tuple(missing),
        duplicate_tiers=tuple(duplicate),
        wider_tiers=tuple(wider),
        longer_tiers=tuple(longer),
    )
    return evolve(check, flags=[flag for flag, name in FINDINGS.items() if getattr(check, name)])


def _checked(visions: Iterable[Vision]) -> tuple[Vision, ...]:
    if isinstance(visions, Vision) or not isinstance(visions, Iterable):
        msg = f"visions: expected several of them, got {type(visions).__name__}"
        raise OrgError(msg)
    given = tuple(visions)
    faults = [
        Fault(f"visions[{i}]", f"expected a Vision, got {type(vision).__name__}")
        for i, vision in enumerate(given)
        if not isinstance(vision, Vision)
    ]
    if faults:
        raise OrgError.from_faults(faults)
    return given


def _sorting(vision: Vision) -> tuple[int, int, str]:
    return SCOPES.index(vision.scope), -vision.horizon_days, vision.statement


def _tier_faults(tier: object) -> list[Fault]:
    if not isinstance(tier, Tier):
        return [Fault("tier", unknown_tier(tier))]
    if tier is Tier.CUSTOMER:
        return [Fault("tier", "the customers are whom visions serve; expected a tier of posts")]
    return []
