"""The package mirt as an engine: what it is asked, and its answer in our terms."""

from __future__ import annotations

import math
import warnings
from importlib.metadata import version
from typing import Any, Self

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray, IntArray

FAMILIES = {"grm": "GRM", "gpcm": "GPCM", "pcm": "GPCM", "2pl": "2PL"}
THRESHOLDS = {"grm": "thresholds", "gpcm": "steps", "pcm": "steps", "2pl": "difficulty"}
DISCRIMINATION_RANGE = (0.1, 5.0)
THRESHOLD_RANGE = (-6.0, 6.0)
NEAR = 1e-6


@frozen(kw_only=True)
class Fit:
    """Estimates for the items that were fitted, thresholds filled up with NaN."""

    discrimination: FloatArray
    thresholds: FloatArray
    log_likelihood: float
    latent_sd: float
    n_iterations: int
    converged: bool

    @classmethod
    def nothing(cls) -> Self:
        """Return the answer where there is no item to fit."""
        return cls(
            discrimination=np.empty(0),
            thresholds=np.empty((0, 1)),
            log_likelihood=math.nan,
            latent_sd=math.nan,
            n_iterations=0,
            converged=False,
        )


def load_engine() -> str:
    """Return the engine's name and version.

    Raises
    ------
    ImportError
        It is not installed.
    """
    try:
        import mirt
    except ImportError as error:
        msg = "calibrate needs mirt: pip install 'leadkit[irt]'"
        raise ImportError(msg) from error
    return f"{mirt.__name__} {version(mirt.__name__)}"


def fit_items(
    steps: IntArray, *, model: str, n_categories: IntArray, n_points: int, tolerance: float, max_iterations: int
) -> Fit:
    """Fit answers (n, k), steps above the lowest category and -1 for none.

    Rows are sorted first, so that their order does not reach the sums, and so the last digits, of the estimation.
    """
    import mirt

    family: dict[str, Any] = {"model": FAMILIES[model]}
    if model != "2pl":
        family["n_categories"] = n_categories.tolist()
    if model == "pcm":
        # one slope for all items over a trait of sd 1 is slope 1 over a trait whose sd is that slope
        family["constraints"] = [("discrimination", list(range(n_categories.size)))]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        result = mirt.fit_mirt(
            steps[np.lexsort(steps.T)],
            n_quadpts=hermite_points(n_points),
            tol=tolerance,
            max_iter=max_iterations,
            accelerate="squarem",
            compute_standard_errors=False,
            **family,
        )
    found = result.model.parameters
    slope = np.asarray(found["discrimination"], dtype=np.float64).reshape(-1)
    thresholds = np.asarray(found[THRESHOLDS[model]], dtype=np.float64).reshape(slope.size, -1)
    exists = np.arange(1, thresholds.shape[1] + 1) < n_categories[:, None]
    is_inside = _inside(slope, DISCRIMINATION_RANGE) and _inside(thresholds[exists], THRESHOLD_RANGE)
    latent_sd = float(slope[0]) if model == "pcm" else 1.0
    return Fit(
        discrimination=np.ones_like(slope) if model == "pcm" else slope,
        thresholds=np.where(exists, thresholds * latent_sd, np.nan),
        log_likelihood=float(result.log_likelihood),
        latent_sd=latent_sd,
        n_iterations=int(result.n_iterations),
        converged=bool(result.converged) and is_inside,
    )


def hermite_points(n_points: int) -> int:
    """Return how many Gauss-Hermite points lie as close about 0 as so many equally spaced points from -6 to 6.

    Near 0 the n points for a standard normal weight are pi sqrt(2 / (2 n + 1)) apart.
    """
    distance = (THRESHOLD_RANGE[1] - THRESHOLD_RANGE[0]) / (n_points - 1)
    return math.ceil((math.pi**2 * 2 / distance**2 - 1) / 2)


def _inside(values: FloatArray, ends: tuple[float, float]) -> bool:
    return bool(((values > ends[0] + NEAR) & (values < ends[1] - NEAR)).all())
