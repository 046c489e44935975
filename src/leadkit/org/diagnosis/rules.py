"""The rules that say at which level to begin: the first one that applies."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit._fields import number_faults
from leadkit.errors import Fault, OrgError
from leadkit.org.diagnosis.bootstrap import Resamples
from leadkit.org.diagnosis.levels import LEVELS, Level, LevelShares
from leadkit.org.showing import checked_minimum

__all__ = ["Better", "Rule", "Settings", "apply_rules"]

Better: TypeAlias = Literal["high", "low"]
Rule: TypeAlias = Literal[
    "too_few", "systemic_shortfall", "individual_not_separable", "largest_component", "no_clear_level"
]

LEAST_UNITS, LEAST_TEAMS, LEAST_RESAMPLES = 2, 4, 2


@frozen(kw_only=True)
class Settings:
    """What `diagnose` was asked, checked; an absent target or reliability is None."""

    target: float | None = None
    better: Better = "high"
    reliability: float | None = None
    systemic_share: float = 0.8
    confidence: float = 0.8
    n_boot: int = 500
    min_n: int = 5

    def __attrs_post_init__(self) -> None:
        checked_minimum(self.min_n)
        faults = [] if self.target is None else number_faults(self.target, "target")
        if self.better not in {"high", "low"}:
            faults.append(Fault("better", f"expected 'high' or 'low', got {self.better!r}"))
        if self.reliability is not None:
            faults += _share_faults(self.reliability, "reliability")
        faults += _share_faults(self.systemic_share, "systemic_share", above=0)
        faults += _share_faults(self.confidence, "confidence", above=0)
        is_whole = isinstance(self.n_boot, int | np.integer) and not isinstance(self.n_boot, bool)
        if not is_whole or self.n_boot < LEAST_RESAMPLES:
            what = f"expected a whole number of at least {LEAST_RESAMPLES}, got {self.n_boot!r}"
            faults.append(Fault("n_boot", what))
        if faults:
            raise OrgError.from_faults(faults)

    def is_too_small(self, *, n_units: int, n_teams: int, n_people: int) -> bool:
        """Whether there is too little to tell levels apart."""
        return n_units < LEAST_UNITS or n_teams < LEAST_TEAMS or n_people < self.min_n


def apply_rules(
    settings: Settings, shares: LevelShares, resamples: Resamples, *, is_too_small: bool, missing: float
) -> tuple[Rule, Level | None]:
    """Give the first rule that applies and the level it names.

    Parameters
    ----------
    settings : Settings
        Target, systemic share and confidence.
    shares : LevelShares
        Those of the data, one data set.
    resamples : Resamples
        How often each level is largest.
    is_too_small : bool
        As `Settings.is_too_small` says.
    missing : float
        Share of the team means that miss the target; NaN without one.
    """
    if is_too_small:
        return "too_few", None
    if not math.isnan(missing) and missing >= settings.systemic_share:
        return "systemic_shortfall", "leadership"
    joined: dict[str, bool] = dict(zip(LEVELS, shares.joined[0].tolist(), strict=False))
    largest = int(shares.largest()[0])
    if joined["individual"] and largest == LEVELS.index("individual"):
        return "individual_not_separable", None
    # what stands for two levels is none of them
    support: list[tuple[float, Level]] = [(resamples.support[level], level) for level in LEVELS if not joined[level]]
    likely: list[tuple[float, Level]] = [(share, level) for share, level in support if share >= settings.confidence]
    if likely:
        return "largest_component", max(likely)[1]
    return "no_clear_level", None


def _share_faults(value: object, where: str, *, above: float = -1.0) -> list[Fault]:
    faults = number_faults(value, where)
    if faults:
        return faults
    if above < float(value) <= 1 and float(value) >= 0:  # type: ignore[arg-type]
        return []
    return [Fault(where, f"expected a number in {'(' if above == 0 else '['}0, 1], got {value!r}")]
