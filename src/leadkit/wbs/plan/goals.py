"""What a plan is measured by, and what may happen to it: metrics and discrete risks."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import as_amount, as_tuple, id_faults, optional_id_faults, text_faults, word_faults
from leadkit._fields import number_faults, repeated
from leadkit.errors import Fault
from leadkit.wbs._checking import raise_faults
from leadkit.wbs.estimates import Estimate

__all__ = ["Direction", "Event", "Metric"]

Direction: TypeAlias = Literal["at_least", "at_most"]
"""On which side of its target a metric is met."""

DIRECTIONS: tuple[str, ...] = get_args(Direction)


@frozen(kw_only=True)
class Metric:
    """A target that is set for the team or for one person.

    Parameters
    ----------
    id : str
        Unique among the metrics of a plan.
    name, unit : str
        What is measured, and in what.
    target : float
        The value that decides.
    direction : {"at_least", "at_most"}
        Whether a value meets the target from above or from below; the target itself meets it.
    person : str, optional
        Whose target it is; None when it is the team's.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Metric(id="defects", target=3, direction="at_most").target
    3.0
    """

    id: str
    name: str = ""
    target: float = field(converter=as_amount)
    direction: Direction = "at_least"
    unit: str = ""
    person: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + text_faults(self, "name", "unit")
        faults += number_faults(self.target, "target")
        faults += word_faults(self.direction, DIRECTIONS, "direction") + optional_id_faults(self.person, "person")
        raise_faults(faults, f"metric {self.id!r}")


@frozen(kw_only=True)
class Event:
    """Something that may happen and then costs time: a discrete risk.

    Parameters
    ----------
    id : str
        Unique among the events of a plan.
    probability : float
        How likely it is, in [0, 1].
    impact : Estimate
        How much longer each of `packages` takes when it happens.
    packages : iterable of str
        Ids of the work packages that it hits, all in the same run.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Event(id="strike", probability=0.1, impact=Estimate.triangular(1, 2, 5), packages=["build"]).packages
    ('build',)
    """

    id: str
    probability: float = field(converter=as_amount)
    impact: Estimate
    packages: tuple[str, ...] = field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id")
        of_probability = number_faults(self.probability, "probability")
        if not of_probability and not 0 <= self.probability <= 1:
            of_probability = [Fault("probability", f"{self.probability:g} is outside 0..1")]
        faults += of_probability
        if not isinstance(self.impact, Estimate):
            faults.append(Fault("impact", f"expected an Estimate, got {self.impact!r}"))
        if not isinstance(self.packages, tuple):
            faults.append(Fault("packages", f"expected a list of ids, got {self.packages!r}"))
        else:
            of_ids = [f for place, own in enumerate(self.packages) for f in id_faults(own, f"packages[{place}]")]
            faults += of_ids or [Fault("packages", f"{own!r} is there twice") for own in repeated(self.packages)]
        raise_faults(faults, f"event {self.id!r}")
