"""What a report on an organisation is made of: every result may be shown, and all are about the same posts."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from leadkit.org import (
    Alignment,
    BusFactor,
    ChangeAgents,
    Diagnosis,
    DisclosedRollUp,
    InfluenceReport,
    LevelView,
    Obligations,
    Pyramid,
    Structure,
    SuccessionCover,
    Thread,
)
from leadkit.org.showing import expect_showable

__all__ = ["MINIMUMS", "PyramidFindings"]


def _succession(given: Any) -> tuple[Any, ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, tuple | list) else (given,)


@frozen(kw_only=True, eq=False)
class PyramidFindings:
    """What is found about one organisation, checked: every result may be shown, and is about the same posts.

    Parameters
    ----------
    pyramid : Pyramid
        Tiers and distances.
    structure, obligations, roll_up, thread, levels, alignment, diagnosis, agents, influence : optional
        Results as `leadkit.reports.pyramid` takes them.
    succession : tuple of BusFactor and SuccessionCover
        What is found about succession.
    same_answers : bool
        Whether scores by line, by level and the diagnosis may rest on the same answers.

    Raises
    ------
    TypeError
        Something is of another class, or has not been through `disclosed`.
    ValueError
        A result is about other posts.
    """

    pyramid: Pyramid
    structure: Structure | None = None
    obligations: Obligations | None = None
    roll_up: DisclosedRollUp | None = None
    thread: Thread | None = None
    levels: LevelView | None = None
    alignment: Alignment | None = None
    diagnosis: Diagnosis | None = None
    agents: ChangeAgents | None = None
    influence: InfluenceReport | None = None
    succession: tuple[BusFactor | SuccessionCover, ...] = field(default=(), converter=_succession)
    same_answers: bool = True

    def __attrs_post_init__(self) -> None:
        expect_showable(self.pyramid, Pyramid, "pyramid")
        for name, expected in CLASSES.items():
            value = getattr(self, name)
            if value is not None:
                expect_showable(value, expected, name)
        for one in self.succession:
            expect_showable(one, (BusFactor, SuccessionCover), "succession")
        for name in ("structure", "obligations", "influence"):
            value = getattr(self, name)
            if value is not None and value.ids != self.pyramid.organisation.ids:
                msg = f"{name}: is about other posts than the pyramid"
                raise ValueError(msg)

    @property
    def hides_levels(self) -> bool:
        """Whether means by level could be subtracted from those by line: two cuts of the same answers."""
        return self.same_answers and self.roll_up is not None

    @property
    def hides_mean(self) -> bool:
        """Whether the mean of the front line, which the diagnosis gives, could be subtracted from other means."""
        return self.same_answers and (self.roll_up is not None or self.levels is not None)

    @property
    def has_scores(self) -> bool:
        """Whether anything rests on what people answered."""
        return any(getattr(self, name) is not None for name in MINIMUMS)


CLASSES: dict[str, type] = {
    "structure": Structure,
    "obligations": Obligations,
    "roll_up": DisclosedRollUp,
    "thread": Thread,
    "levels": LevelView,
    "alignment": Alignment,
    "diagnosis": Diagnosis,
    "agents": ChangeAgents,
    "influence": InfluenceReport,
}
MINIMUMS = {
    "thread": ("golden thread", "min_n"),
    "levels": ("scores by level", "min_n"),
    "alignment": ("same direction", "min_n"),
    "agents": ("change agents", "min_n"),
    "roll_up": ("scores by line", "min_n"),
    "diagnosis": ("root cause", "shown_from"),
    "influence": ("leadership without a position", "min_n"),
}
"""What rests on answers, what it is called, and the field with its least number of people."""
