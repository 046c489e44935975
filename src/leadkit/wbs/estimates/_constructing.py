"""The ways to state an estimate: constructors in any unit of time, and plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self, TypeAlias

from attrs import field, frozen

from leadkit.errors import Fault, PlanError
from leadkit.wbs.estimates._checking import is_number, minutes_of_unit, parameter_faults, unit_faults

__all__ = ["EstimateKind", "StatedEstimate", "TimeUnit"]

EstimateKind: TypeAlias = Literal["fixed", "uniform", "triangular", "pert", "lognormal", "lognormal_quantiles"]
"""Which distribution an estimate has, named after the constructor."""
TimeUnit: TypeAlias = Literal["m", "h", "d", "w"]
"""Minutes, hours, working days of `day_minutes`, or weeks of five such days."""


def _as_minutes(values: Any) -> Any:
    """Make a tuple of floats of numbers; what is none stays as it is, for the check to name."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return values
    return tuple(float(value) if is_number(value) else value for value in values)


@frozen(kw_only=True)
class StatedEstimate:
    """What is stated of an estimate, checked and in minutes; `Estimate` knows what follows from it."""

    kind: EstimateKind
    parameters: tuple[float, ...] = field(converter=_as_minutes)

    def __attrs_post_init__(self) -> None:
        _raise(parameter_faults(self.kind, self.parameters))

    @classmethod
    def fixed(cls, value: float, unit: TimeUnit = "d", *, day_minutes: float = 480) -> Self:
        """Take one number as certain.

        Parameters
        ----------
        value : float
            Time or work [unit], at least 0.
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.fixed(90, "m").minutes()
        90
        """
        return cls._of("fixed", (value,), unit, day_minutes)

    @classmethod
    def uniform(cls, low: float, high: float, *, unit: TimeUnit = "d", day_minutes: float = 480) -> Self:
        """Take every value from `low` to `high` as equally likely.

        Parameters
        ----------
        low, high : float
            Shortest and longest time [unit], at least 0.
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.uniform(1, 4, unit="h").mean
        150.0
        """
        return cls._of("uniform", (low, high), unit, day_minutes)

    @classmethod
    def triangular(
        cls, low: float, mode: float, high: float, *, unit: TimeUnit = "d", day_minutes: float = 480
    ) -> Self:
        """Take three points with straight lines between them.

        Parameters
        ----------
        low, mode, high : float
            Shortest, likeliest and longest time [unit], at least 0, in this order of size.
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.triangular(2, 3, 7, unit="h").mean
        240.0
        """
        return cls._of("triangular", (low, mode, high), unit, day_minutes)

    @classmethod
    def pert(
        cls,
        low: float,
        mode: float,
        high: float,
        *,
        shape: float = 4.0,
        unit: TimeUnit = "d",
        day_minutes: float = 480,
    ) -> Self:
        """Take three points with a smooth curve between them.

        Parameters
        ----------
        low, mode, high : float
            Optimistic, likeliest and pessimistic time [unit], at least 0, in this order of size.
        shape : float, default 4.0
            Weight of the mode, at least 0; 0 is the uniform distribution, a high number pulls towards the mode.
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> estimate = Estimate.pert(1, 4, 7, unit="m")
        >>> estimate.mean, estimate.classical_variance, round(estimate.variance, 4)
        (4.0, 1.0, 1.2857)
        """
        return cls._of("pert", (low, mode, high), unit, day_minutes, shape)

    @classmethod
    def lognormal(cls, mean: float, sd: float, *, unit: TimeUnit = "d", day_minutes: float = 480) -> Self:
        """Take the lognormal distribution with this mean and standard deviation.

        Parameters
        ----------
        mean : float
            Expected time [unit], above 0 unless `sd` is 0.
        sd : float
            Standard deviation [unit], at least 0.
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.lognormal(10, 3, unit="m").minutes(0.9)
        14
        """
        return cls._of("lognormal", (mean, sd), unit, day_minutes)

    @classmethod
    def lognormal_quantiles(cls, p10: float, p90: float, *, unit: TimeUnit = "d", day_minutes: float = 480) -> Self:
        """Take the lognormal distribution with these 10 % and 90 % quantiles.

        Parameters
        ----------
        p10 : float
            Time that one piece of work in ten stays below [unit], above 0 unless `p90` is 0 too.
        p90 : float
            Time that nine in ten stay below [unit].
        unit : {"m", "h", "d", "w"}, default "d"
            Minutes, hours, working days or weeks of five working days.
        day_minutes : float, default 480
            Minutes in a working day.

        Returns
        -------
        Estimate

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> round(Estimate.lognormal_quantiles(4, 9, unit="m").quantile(0.5), 6)
        6.0
        """
        return cls._of("lognormal_quantiles", (p10, p90), unit, day_minutes)

    @classmethod
    def _of(cls, kind: EstimateKind, times: tuple[Any, ...], unit: Any, day_minutes: Any, *numbers: Any) -> Self:
        faults = unit_faults(unit, day_minutes)
        factor = 1.0 if faults else minutes_of_unit(unit, day_minutes)
        scaled = _as_minutes([time * factor if is_number(time) else time for time in times] + list(numbers))
        _raise(faults + parameter_faults(kind, scaled))
        return cls(kind=kind, parameters=scaled)

    def to_dict(self) -> dict[str, Any]:
        """Give kind and parameters as plain data for `from_dict` and for JSON.

        Returns
        -------
        dict

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.fixed(2, "h").to_dict()
        {'kind': 'fixed', 'parameters': [120.0]}
        """
        return {"kind": self.kind, "parameters": list(self.parameters)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build an estimate from plain data.

        Parameters
        ----------
        data : mapping
            What `to_dict` gives: the kind, and the parameters in minutes.

        Returns
        -------
        Estimate

        Raises
        ------
        PlanError
            A key is unknown or missing, or a value is wrong; `faults` holds everything that is.

        Examples
        --------
        >>> from leadkit.wbs import Estimate
        >>> Estimate.from_dict({"kind": "fixed", "parameters": [120]}) == Estimate.fixed(2, "h")
        True
        """
        from leadkit._convert import structure_fields

        return structure_fields(data, cls, error=PlanError, subject="estimate")


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise PlanError.from_faults(faults, subject="estimate")
