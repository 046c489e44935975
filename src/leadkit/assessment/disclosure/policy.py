"""What may be shown: how many raters a role needs, who knows that they are named, and what becomes of small roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._fields import FrozenMapping, frozen_mapping, identifier_faults, whole_number_faults
from leadkit.errors import DisclosureError, Fault

__all__ = ["POOL", "Below", "DisclosurePolicy", "Spread"]

Below: TypeAlias = Literal["omit", "merge"]
Spread: TypeAlias = Literal["never", "shown"]

POOL = "other"
"""The role under which pooled raters are shown."""
DEFAULTS = {"self": 1, "manager": 1, "peer": 3, "direct_report": 3, "customer": 3, "other": 3}
FEWEST_ANONYMOUS = 3
LEAST_ANONYMOUS = 2


def _counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(counts)


def _role_set(roles: Iterable[str]) -> frozenset[str]:
    return frozenset([roles] if isinstance(roles, str) else roles)


@frozen(kw_only=True)
class DisclosurePolicy:
    """How many raters it takes before a role is shown, and what else stays hidden.

    Parameters
    ----------
    min_n : mapping of str to int
        Role to the fewest raters for which its mean is shown. Roles that are not named keep their default: 1 for self
        and manager, 3 for all others. A role that is not attributed needs 2 whatever is asked, because the mean of one
        rater is that rater's own score.
    attributed : set of str
        Roles whose raters know that their answers are shown as theirs.
    below : {"omit", "merge"}
        What becomes of an anonymous role under its minimum: it is left out, or pooled with the others like it as
        "other".
    comment_min_n : int
        Fewest comments of an anonymous role for them to be shown.
    spread : {"never", "shown"}
        Whether standard deviation, lowest and highest score of anonymous roles are shown; "shown" gives single raters
        away and is the host's own decision.

    Raises
    ------
    DisclosureError
        A part is wrong; the message lists all of it.

    Examples
    --------
    >>> policy = DisclosurePolicy(min_n={"peer": 5})
    >>> policy.minimum("peer"), policy.minimum("customer"), policy.minimum("self")
    (5, 3, 1)
    """

    min_n: Mapping[str, int] = field(factory=FrozenMapping, converter=_counts)
    attributed: frozenset[str] = field(default=frozenset({"self", "manager"}), converter=_role_set)
    below: Below = "omit"
    comment_min_n: int = 5
    spread: Spread = "never"

    def __attrs_post_init__(self) -> None:
        faults = [fault for role in sorted(self.attributed, key=str) for fault in identifier_faults(role, "attributed")]
        for role, least in self.min_n.items():
            faults += identifier_faults(role, "min_n") + _fewest_faults(least, f"min_n[{role!r}]")
        faults += _fewest_faults(self.comment_min_n, "comment_min_n")
        for word, name, allowed in ((self.below, "below", Below), (self.spread, "spread", Spread)):
            if word not in get_args(allowed):
                faults.append(Fault(name, f"expected one of {', '.join(map(repr, get_args(allowed)))}, got {word!r}"))
        if self.below == "merge" and POOL in self.attributed:
            faults.append(Fault("attributed", f"small roles are pooled as {POOL!r}, whose raters cannot be named ones"))
        if faults:
            raise DisclosureError.from_faults(faults, subject="disclosure policy")
        object.__setattr__(self, "min_n", FrozenMapping(dict(DEFAULTS) | dict(self.min_n)))

    def minimum(self, role: str) -> int:
        """Give the fewest raters for which a role is shown; never below 2 where it is not attributed."""
        if role in self.attributed:
            return self.min_n.get(role, 1)
        return max(LEAST_ANONYMOUS, self.min_n.get(role, FEWEST_ANONYMOUS))

    def is_anonymous(self, role: str) -> bool:
        """Tell whether the raters of a role are not to be found out."""
        return role not in self.attributed


def _fewest_faults(value: int, where: str) -> list[Fault]:
    faults = whole_number_faults(value, where)
    if not faults and value < 1:
        faults = [Fault(where, f"expected at least 1, got {value!r}")]
    return faults
