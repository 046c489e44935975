"""The endgame that everybody can say: its goals, and how far an organisation is from each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, Self, TypeAlias, get_args

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float, float_array, number_faults, repeated, string_faults
from leadkit._results import TableResult
from leadkit.errors import Fault, OrgError, did_you_mean
from leadkit.frameworks import Catalogue, EndgameEntry, endgames
from leadkit.org.flags import sorted_flags
from leadkit.typing import FloatArray

__all__ = ["Direction", "Endgame", "EndgameGoal", "EndgameStatus", "track_endgame"]

Direction: TypeAlias = Literal["high", "low"]
"""Whether a goal is better high or low."""


@frozen(kw_only=True)
class EndgameGoal:
    """One goal that everybody in an organisation can say, and the figure that shows it is reached.

    Parameters
    ----------
    id : str
        What actual figures call it.
    text : str
        The sentence that everybody can say.
    unit : str
        In what it is counted.
    target : float
        Where to end [unit].
    direction : {"high", "low"}
        Whether more or less than the target is better still.

    Raises
    ------
    OrgError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> EndgameGoal(id="complaints", text="Nobody has reason to complain.", unit="a month", target=0, direction="low")
    EndgameGoal(id='complaints', text='Nobody has reason to complain.', unit='a month', target=0.0, direction='low')
    """

    id: str
    text: str
    unit: str
    target: float
    direction: Direction

    def __attrs_post_init__(self) -> None:
        faults = [fault for name in ("id", "text", "unit") for fault in string_faults(getattr(self, name), name)]
        wrong_target = number_faults(self.target, "target")
        if not wrong_target:
            object.__setattr__(self, "target", float(self.target))
        faults += wrong_target
        if self.direction not in get_args(Direction):
            faults.append(Fault("direction", f"expected 'high' or 'low', got {self.direction!r}"))
        if faults:
            raise OrgError.from_faults(faults, subject=f"endgame goal {self.id!r}")

    @classmethod
    def from_entry(cls, entry: EndgameEntry) -> Self:
        """Take a goal from the list that comes with leadkit, or from one of one's own in the same form.

        Examples
        --------
        >>> from leadkit.frameworks import endgames
        >>> EndgameGoal.from_entry(endgames().entry("full_retention")).text
        'Every customer of a year ago is still our customer today.'
        """
        return cls(id=entry.id, text=entry.statement, unit=entry.unit, target=entry.target, direction=entry.direction)


def _goal_tuple(goals: Iterable[EndgameGoal]) -> tuple[EndgameGoal, ...]:
    return tuple(goals)


@frozen(kw_only=True)
class Endgame:
    """Where an organisation means to end: a few goals under one name.

    Parameters
    ----------
    id : str
        What it is called.
    goals : sequence of EndgameGoal
        At least one; their ids are unique.

    Raises
    ------
    OrgError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Endgame.from_catalogue(["zero_complaints", "full_retention"], endgame_id="2030").goal_ids
    ('zero_complaints', 'full_retention')
    """

    id: str
    goals: tuple[EndgameGoal, ...] = field(converter=_goal_tuple)

    def __attrs_post_init__(self) -> None:
        faults = string_faults(self.id, "id")
        if not self.goals:
            faults.append(Fault("goals", "expected at least one goal"))
        strangers = [(i, goal) for i, goal in enumerate(self.goals) if not isinstance(goal, EndgameGoal)]
        faults += [Fault(f"goals[{i}]", f"expected an EndgameGoal, got {goal!r}") for i, goal in strangers]
        ids = [goal.id for goal in self.goals if isinstance(goal, EndgameGoal)]
        faults += [Fault("goals", f"id {name!r} is there more than once") for name in repeated(ids)]
        if faults:
            raise OrgError.from_faults(faults, subject=f"endgame {self.id!r}")

    @classmethod
    def from_catalogue(
        cls,
        goal_ids: Iterable[str] | None = None,
        *,
        endgame_id: str = "endgame",
        catalogue: Catalogue[EndgameEntry] | None = None,
    ) -> Self:
        """Build an endgame from goals that come with leadkit.

        Parameters
        ----------
        goal_ids : iterable of str, optional
            Which entries of the catalogue, in this order; all of them when None.
        endgame_id : str
            What the endgame is called.
        catalogue : Catalogue of EndgameEntry, optional
            A list of one's own from `leadkit.frameworks.endgames(path)`; the list of leadkit when None.

        Returns
        -------
        Endgame
            Goals whose text is the statement of the entry.

        Raises
        ------
        UnknownIdError
            The catalogue has no such entry; the message gives the nearest.
        OrgError
            No id is given, or one is given twice.

        Examples
        --------
        >>> len(Endgame.from_catalogue().goals)
        6
        """
        entries = endgames() if catalogue is None else catalogue
        chosen = entries.ids if goal_ids is None else tuple(goal_ids)
        return cls(id=endgame_id, goals=[EndgameGoal.from_entry(entries.entry(name)) for name in chosen])

    @property
    def goal_ids(self) -> tuple[str, ...]:
        """Ids of the goals, in their order."""
        return tuple(goal.id for goal in self.goals)


@frozen(kw_only=True, eq=False)
class EndgameStatus(TableResult):
    """How far an organisation is from its endgame, one row a goal.

    Parameters
    ----------
    endgame_id : str
        The endgame.
    goal_ids, units : tuple of g str
        The goals, and in what each is counted.
    directions : tuple of g of {"high", "low"}
        Whether more or less than the target is better still.
    actual : (g,) array
        Where the organisation is [unit]; NaN where that is not known, as are then gap and progress.
    target : (g,) array
        Where to end [unit].
    baseline : (g,) array
        Where it began [unit]; NaN where that is not known.
    gap : (g,) array
        How much is still missing [unit]: target - actual where high is better, actual - target where low is;
        0 on the target, negative beyond it.
    progress : (g,) array
        (actual - baseline)/(target - baseline): 0 at the baseline, 1 on the target, negative when it went the wrong
        way, above 1 beyond the target; NaN without a baseline or with the baseline on the target.
    is_reached : tuple of g of bool or None
        Whether the actual figure is at or beyond the target; None, never False, where it is not known.
    flags : tuple of str
        `no_actual`, `no_baseline` and `baseline_on_target`, where that is so for one goal at least.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "goal_ids": "goal",
        "units": "unit",
        "directions": "direction",
        "actual": "actual",
        "target": "target",
        "baseline": "baseline",
        "gap": "gap",
        "progress": "progress",
        "is_reached": "is_reached",
    }

    endgame_id: str
    goal_ids: tuple[str, ...]
    units: tuple[str, ...]
    directions: tuple[Direction, ...]
    actual: FloatArray = field(converter=float_array)
    target: FloatArray = field(converter=float_array)
    baseline: FloatArray = field(converter=float_array)
    gap: FloatArray = field(converter=float_array)
    progress: FloatArray = field(converter=float_array)
    is_reached: tuple[bool | None, ...]
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    @property
    def n_reached(self) -> int:
        """Goals that are known to be reached."""
        return sum(reached is True for reached in self.is_reached)

    @property
    def n_unknown(self) -> int:
        """Goals without an actual figure."""
        return sum(reached is None for reached in self.is_reached)


def track_endgame(
    endgame: Endgame,
    actuals: Mapping[str, float | None],
    *,
    baseline: Mapping[str, float | None] | None = None,
) -> EndgameStatus:
    """Tell how far an organisation is from each goal of its endgame.

    Parameters
    ----------
    endgame : Endgame
        The goals.
    actuals : mapping of str to float
        Goal id to where the organisation is [unit of the goal]; left out, None or NaN is not known.
    baseline : mapping of str to float, optional
        Goal id to where it began [unit of the goal]; left out, None or NaN is not known.

    Returns
    -------
    EndgameStatus
        One row a goal, in the order of the endgame.

    Raises
    ------
    OrgError
        A figure is no finite number, or belongs to no goal; `faults` holds all of it. Or `endgame` is something else.

    Examples
    --------
    >>> endgame = Endgame.from_catalogue(["zero_complaints", "full_retention"])
    >>> status = track_endgame(endgame, {"zero_complaints": 5}, baseline={"zero_complaints": 20})
    >>> status.gap.tolist(), status.progress.tolist(), status.is_reached
    ([5.0, nan], [0.75, nan], (False, None))
    """
    if not isinstance(endgame, Endgame):
        msg = f"endgame: expected an Endgame, got {type(endgame).__name__}"
        raise OrgError(msg)
    began = {} if baseline is None else baseline
    faults = _figure_faults(endgame, actuals, "actuals") + _figure_faults(endgame, began, "baseline")
    if faults:
        raise OrgError.from_faults(faults, subject=f"endgame {endgame.id!r}")
    goals = endgame.goals
    actual, start = _figures(endgame, actuals), _figures(endgame, began)
    target = np.array([goal.target for goal in goals])
    # Comparing says exactly what is reached; a difference of two tiny numbers may round to 0.
    better = np.array([goal.direction == "high" for goal in goals])
    reached = np.where(better, actual >= target, actual <= target)
    known, distance = ~np.isnan(actual), target - start
    flags = {"no_actual": ~known, "no_baseline": np.isnan(start), "baseline_on_target": distance == 0}
    return EndgameStatus(
        endgame_id=endgame.id,
        goal_ids=endgame.goal_ids,
        units=tuple(goal.unit for goal in goals),
        directions=tuple(goal.direction for goal in goals),
        actual=actual,
        target=target,
        baseline=start,
        gap=np.where(better, target - actual, actual - target),
        progress=(actual - start) / np.where(distance == 0, np.nan, distance),
        is_reached=tuple(yes if told else None for yes, told in zip(reached.tolist(), known.tolist(), strict=True)),
        flags=[name for name, places in flags.items() if places.any()],
    )


def _figure_faults(endgame: Endgame, figures: Mapping[str, float | None], where: str) -> list[Fault]:
    """List the figures that are no number or belong to no goal."""
    if not isinstance(figures, Mapping):
        return [Fault(where, f"expected a mapping of goal ids and numbers, got {type(figures).__name__}")]
    known, faults = endgame.goal_ids, []
    for name, value in figures.items():
        if name not in known:
            hint = did_you_mean(name, known) if isinstance(name, str) else ""
            faults.append(Fault(where, f"no goal {name!r}{hint}"))
        elif not _is_missing(value):
            faults += number_faults(value, f"{where}[{name!r}]")
    return faults


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float | np.floating) and math.isnan(value))


def _figures(endgame: Endgame, figures: Mapping[str, float | None]) -> FloatArray:
    return np.array([as_float(figures.get(name)) for name in endgame.goal_ids])
