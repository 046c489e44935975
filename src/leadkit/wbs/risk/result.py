"""When the work may end, how likely each date is, and which activities decide it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, number_faults, sealed
from leadkit._results import TableResult
from leadkit.typing import FloatArray
from leadkit.wbs.risk._blocks import Model, durations_and_finish
from leadkit.wbs.risk._clock import Clock, kept
from leadkit.wbs.risk._ranking import kendall, spearman
from leadkit.wbs.risk.probability import Probability, wilson

__all__ = ["RiskResult"]

MOST_RUNS_RANKED = 2000


@frozen(kw_only=True, eq=False)
class RiskResult(TableResult):
    """What `simulate` and `simulate_network` find; made by them.

    Parameters
    ----------
    n : int
        Number of runs.
    finish : array of float, shape (n,)
        Working minutes from the start to the finish of the whole, in ascending order.
    mean, sd : float
        Mean and standard deviation (divisor n - 1) of the finishes [minutes]; the latter NaN for a single run.
    ids : tuple of str
        The activities that the arrays below speak of.
    criticality : array of float
        Share of the runs in which the activity is critical, in [0, 1].
    cruciality : array of float
        |Pearson correlation| between its duration and the finish, in [0, 1]; NaN where either is constant [1]_.
    ssi : array of float
        Schedule sensitivity index: criticality x sd of the duration / sd of the finish; 0 for a constant activity, NaN
        where a critical activity varies and the finish does not [1]_.
    correlation : float
        The correlation between durations that was asked for.
    flags : tuple of str
        "calendar_simulation", "constant_finish", "merge_bias", and those of the plan: "duplicate_link",
        "no_estimate:<id>"; see `leadkit.wbs.WBS_FLAGS`.

    References
    ----------
    .. [1] M. Vanhoucke, "Measuring Time: Improving Project Performance Using Earned Value Management", Springer, 2009,
       chapter 3.

    Examples
    --------
    >>> from leadkit.wbs import Estimate, simulate_network
    >>> two = [Estimate.fixed(60, "m"), Estimate.uniform(0, 120, unit="m")]
    >>> risk = simulate_network(two, [0], [1], n=2000)
    >>> bool(abs(risk.mean - 120) < 3 * risk.sd / 2000**0.5)
    True
    >>> risk.criticality.tolist(), risk.cruciality.round(9).tolist()
    ([1.0, 1.0], [nan, 1.0])
    """

    n: int
    finish: FloatArray = field(converter=float_array)
    mean: float
    sd: float
    ids: tuple[str, ...]
    criticality: FloatArray = field(converter=float_array)
    cruciality: FloatArray = field(converter=float_array)
    ssi: FloatArray = field(converter=float_array)
    correlation: float = 0.0
    flags: tuple[str, ...] = ()
    _model: Model = field(alias="model", eq=False, repr=False)
    _seeds: tuple[np.random.SeedSequence, ...] = field(alias="seeds", eq=False, repr=False)
    _clock: Clock | None = field(default=None, alias="clock", eq=False, repr=False)

    _columns: ClassVar[Mapping[str, str]] = {
        "ids": "id",
        "criticality": "criticality",
        "cruciality": "cruciality",
        "ssi": "ssi",
    }

    @cached_property
    def cruciality_spearman(self) -> FloatArray:
        """|Spearman's rho| between each duration and the finish, from the first 2,000 runs; NaN where one is constant.

        The runs are drawn again when it is asked for.
        """
        return sealed(spearman(*self._first_runs()))

    @cached_property
    def cruciality_kendall(self) -> FloatArray:
        """|Kendall's tau-b| between each duration and the finish, from the first 2,000 runs; NaN where one is constant.

        The runs are drawn again when it is asked for.
        """
        return sealed(kendall(*self._first_runs()))

    @property
    def p50(self) -> float:
        """Median finish [minutes]."""
        return self.quantile(0.5)

    @property
    def p80(self) -> float:
        """Finish that four runs in five keep [minutes]."""
        return self.quantile(0.8)

    def quantile(self, p: float) -> float:
        """Give the finish that a share `p` of the runs keep, with linear interpolation between runs.

        Parameters
        ----------
        p : float
            A share in [0, 1].

        Returns
        -------
        float
            Working minutes since the start.

        Raises
        ------
        ValueError
            `p` is not a number in [0, 1].
        """
        return float(np.quantile(self.finish, as_share(p)))

    def quantile_standard_error(self, p: float) -> float:
        """Give the standard error of `quantile(p)` that comes from the number of runs.

        Parameters
        ----------
        p : float
            A share in [0, 1].

        Returns
        -------
        float
            Minutes; NaN for a single run.

        Raises
        ------
        ValueError
            `p` is not a number in [0, 1].

        Notes
        -----
        The estimator of Maritz and Jarrett: the standard deviation of the order statistic of rank r = (n - 1)p + 1 when
        the runs themselves are taken for the population. Its place among them has the beta distribution with
        parameters r and n + 1 - r.

        References
        ----------
        .. [1] J. S. Maritz and R. G. Jarrett, "A note on estimating the variance of the sample median", Journal of the
           American Statistical Association 73(361), 194-196, 1978.
        """
        from scipy.special import betainc

        rank = (self.n - 1) * as_share(p) + 1
        if self.n == 1:
            return float("nan")
        reached = np.asarray(betainc(rank, self.n + 1 - rank, np.linspace(0, 1, self.n + 1)))
        weight = np.diff(reached)
        deviation = self.finish - self.quantile(p)
        first, second = float(weight @ deviation), float(weight @ deviation**2)
        return float(np.sqrt(max(0.0, second - first**2)))

    def date(self, p: float) -> datetime:
        """Give the date that a share `p` of the runs keep.

        Parameters
        ----------
        p : float
            A share in [0, 1].

        Returns
        -------
        datetime.datetime
            `quantile(p)` working minutes after the start of the plan, in its calendar's zone. Of a plan that was
            simulated in instants, the earliest finish of a run that at least a share `p` of the runs keep.

        Raises
        ------
        ValueError
            `p` is not a number in [0, 1], or there is no calendar: the result of `simulate_network`.
        InfeasibleError
            The calendar does not open for so long.
        """
        return self._on_a_calendar("date").date(as_share(p), self.quantile(p))

    def probability(self, limit: float | datetime, *, level: float = 0.95) -> Probability:
        """Estimate how likely the work is done by a limit.

        Parameters
        ----------
        limit : float or datetime.datetime
            Working minutes since the start, or an aware instant.
        level : float, default 0.95
            Confidence of the interval, in (0, 1).

        Returns
        -------
        Probability
            The share of the runs that keep the limit, with its Wilson interval.

        Raises
        ------
        ValueError
            The limit is no number, or a datetime that is naive or that the result of `simulate_network` is asked about.
        """
        if isinstance(limit, datetime):
            if limit.utcoffset() is None:
                msg = f"limit: expected an aware datetime, got {limit.isoformat()} without a time zone"
                raise ValueError(msg)
            hits = self._on_a_calendar("limit").kept(limit, self.finish)
        elif number_faults(limit, "limit"):
            msg = f"limit: expected working minutes or an aware datetime, got {limit!r}"
            raise ValueError(msg)
        else:
            hits = kept(self.finish, float(limit))
        return wilson(hits, self.n, level=level)

    def s_curve(self, points: int = 101) -> list[dict[str, Any]]:
        """Give the curve of finish against probability.

        Parameters
        ----------
        points : int, default 101
            Number of shares, from 0 to 1 at equal distances; at least 2.

        Returns
        -------
        list of dict
            "probability" and "finish" [minutes]; with "date" (ISO text) where there is a calendar.

        Raises
        ------
        ValueError
            `points` is no whole number of at least 2.
        """
        if not isinstance(points, int | np.integer) or isinstance(points, bool) or points < 2:
            msg = f"points: expected a whole number of at least 2, got {points!r}"
            raise ValueError(msg)
        shares = np.linspace(0, 1, points)
        rows: list[dict[str, Any]] = [
            {"probability": share, "finish": value}
            for share, value in zip(shares.tolist(), np.quantile(self.finish, shares).tolist(), strict=True)
        ]
        if self._clock is not None:
            for row in rows:
                row["date"] = self._clock.date(row["probability"], row["finish"]).isoformat()
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Give every public field as plain Python that `json.dumps(..., allow_nan=False)` takes; NaN becomes None.

        Returns
        -------
        dict
            Field name to value; arrays become lists.
        """
        return {name: value for name, value in super().to_dict().items() if not name.startswith("_")}

    def _on_a_calendar(self, name: str) -> Clock:
        if self._clock is None:
            msg = f"{name}: simulate_network counts minutes and knows no calendar; simulate a plan for dates"
            raise ValueError(msg)
        return self._clock

    def _first_runs(self) -> tuple[FloatArray, FloatArray]:
        return durations_and_finish(self._model, self._seeds, self.n, MOST_RUNS_RANKED)


def as_share(p: float) -> float:
    """Take a share in [0, 1] and refuse anything else."""
    if number_faults(p, "p") or not 0 <= p <= 1:
        msg = f"p: expected a share in [0, 1], got {p!r}"
        raise ValueError(msg)
    return float(p)
