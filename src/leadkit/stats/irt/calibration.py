"""Calibration of item parameters by marginal maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int
from leadkit.stats._arrays import check_word, first_place, item_names, matrix, whole_number
from leadkit.stats._base import Result
from leadkit.stats.flags import sorted_flags
from leadkit.stats.irt.arguments import finite_number
from leadkit.stats.irt.engine import Fit, fit_items, load_engine
from leadkit.stats.irt.parameters import LARGEST_CODE, ItemParameters, lowest_code
from leadkit.typing import BoolArray, FloatArray, IntArray

CalibrationModel: TypeAlias = Literal["grm", "gpcm", "pcm", "2pl"]
MODELS = ("grm", "gpcm", "pcm", "2pl")
FEWEST_POINTS = 61


@frozen(kw_only=True, eq=False)
class Calibration(Result):
    """Item parameters that make the answers of a sample most likely.

    Parameters
    ----------
    parameters : ItemParameters
        The k items, on a trait with mean 0 and standard deviation `latent_sd`. Items that the data say nothing about
        have NaN.
    log_likelihood : float
        Marginal log-likelihood, at most 0; NaN where nothing could be estimated, as is all that follows from it.
    aic, bic : float
        Akaike's and Schwarz's criterion; the latter with ln n.
    latent_sd : float
        Standard deviation of the trait: 1, except for the partial credit model, where discriminations are 1 and it is
        estimated.
    n : int
        Persons with an answer to a calibrated item.
    n_items : int
        Items given, k.
    n_quadpts : int
        Points of the trait that the integration is as fine as.
    n_iterations : int
        Iterations of the estimation.
    converged : bool
        Whether they met the tolerance, with every estimate inside the range that is searched.
    engine : str
        Which program estimated, with its version.
    flags : tuple of str
        `constant_item`, `underidentified`, `rows_dropped`, `too_few_rows`, `not_converged`.
    """

    parameters: ItemParameters
    log_likelihood: float = field(converter=as_float)
    aic: float = field(converter=as_float)
    bic: float = field(converter=as_float)
    latent_sd: float = field(converter=as_float)
    n: int = field(converter=as_int)
    n_items: int = field(converter=as_int)
    n_quadpts: int = field(converter=as_int)
    n_iterations: int = field(converter=as_int)
    converged: bool = field(converter=bool)
    engine: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


class _Coded(NamedTuple):
    """Answers as steps above the lowest category, (n, k), -1 for none, and the steps that each item goes up to."""

    steps: IntArray
    highest: IntArray
    lowest: int


def calibrate(
    responses: ArrayLike,
    *,
    model: CalibrationModel = "grm",
    n_quadpts: int = 61,
    lowest: int | None = None,
    items: Sequence[str] | None = None,
    tolerance: float = 1e-6,
    max_iterations: int = 2000,
) -> Calibration:
    """Estimate item parameters by marginal maximum likelihood over a normal trait (extra `irt`).

    The EM algorithm of the package mirt does the work. It integrates over Gauss-Hermite points, which lie far apart
    where most people are; so many are used that they lie there no further apart than `n_quadpts` equally spaced points
    from -6 to 6 do.

    Parameters
    ----------
    responses : (n, k) array-like
        Codes of the chosen categories, whole numbers, a row a person; NaN, None or masked is missing and skipped. An
        item's categories go from `lowest` to the highest code it has.
    model : {"grm", "gpcm", "pcm", "2pl"}
        Graded response, generalised partial credit, partial credit (Rasch), or two-parameter logistic model.
    n_quadpts : int
        How fine the integration is, at least 61, which 247 Gauss-Hermite points are; their number grows with the square.
        Twenty-one Gauss-Hermite points lose ten units of log-likelihood on 20 items; tests far longer need more than 61.
    lowest : int, optional
        Code of the lowest category; the lowest of all answers by default.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.
    tolerance : float
        Change of the log-likelihood that ends the iterations, above 0.
    max_iterations : int
        Most steps of the estimation.

    Returns
    -------
    Calibration
        An item with the same answer from everybody (`constant_item`), or with a category below its highest that nobody
        chose (`underidentified`), has NaN and is left out; join such a category with its neighbour to keep the item.
        When the remaining answers have fewer patterns than the model has parameters, all is NaN (`underidentified`).
        The search keeps thresholds within -6..6 and discriminations within 0.1..5; an estimate at such an end is no
        maximum (`not_converged`), and often a negative item that was not turned round.

    Raises
    ------
    ValueError
        An answer is no whole number or below `lowest`, an item has more than two categories under `"2pl"`, or an
        option is outside its range.
    ImportError
        The package mirt is not installed.

    References
    ----------
    .. [1] R. D. Bock and M. Aitkin, "Marginal maximum likelihood estimation of item parameters: application of an EM
       algorithm", Psychometrika 46, 1981.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(400, 1))
    >>> answers = 1 + (trait + rng.logistic(size=(400, 5)) > 0.5).astype(int)
    >>> result = calibrate(answers, model="2pl")
    >>> result.converged, result.parameters.n_items, result.latent_sd
    (True, 5, 1.0)
    """
    check_word(model, "model", MODELS)
    points = whole_number(n_quadpts, "n_quadpts", least=FEWEST_POINTS)
    limit = finite_number(tolerance, "tolerance", above=0.0)
    most = whole_number(max_iterations, "max_iterations", least=1)
    coded = _coded(responses, model, lowest)
    names = item_names(items, coded.highest.size)
    engine = load_engine()

    constant, unused = _undefined_items(coded)
    known = _identified(~constant & ~unused, coded, model)
    used = (coded.steps[:, known] >= 0).any(axis=1)
    fit = Fit.nothing()
    if known.any():
        fit = fit_items(
            coded.steps[np.ix_(used, known)],
            model=model,
            n_categories=coded.highest[known] + 1,
            n_points=points,
            tolerance=limit,
            max_iterations=most,
        )
    n, n_parameters = int(used.sum()), _n_parameters(known, coded, model)
    flags = {
        "constant_item": constant.any(),
        "underidentified": not (known | constant).all(),
        "rows_dropped": not used.all(),
        "too_few_rows": used.size < 2,
        "not_converged": known.any() and not fit.converged,
    }
    return Calibration(
        parameters=_item_parameters(fit, model, known, coded, names),
        log_likelihood=fit.log_likelihood,
        aic=2 * n_parameters - 2 * fit.log_likelihood,
        bic=math.log(max(n, 1)) * n_parameters - 2 * fit.log_likelihood,
        latent_sd=fit.latent_sd,
        n=n,
        n_items=known.size,
        n_quadpts=points,
        n_iterations=fit.n_iterations,
        converged=fit.converged,
        engine=engine,
        flags=(name for name, applies in flags.items() if applies),
    )


def _coded(responses: ArrayLike, model: str, lowest: int | None) -> _Coded:
    x = matrix(responses, "responses")
    answered = ~np.isnan(x)
    codes = np.where(answered, x, 0.0)
    broken = (codes != np.floor(codes)) | (np.abs(codes) > LARGEST_CODE)
    if broken.any():
        place = first_place(broken)
        msg = f"responses{list(place)}: expected the whole number of a category, got {x[place]:g}"
        raise ValueError(msg)
    least = _lowest_of(codes[answered]) if lowest is None else lowest_code(lowest)
    low = answered & (codes < least)
    if low.any():
        place = first_place(low)
        msg = f"responses{list(place)}: {x[place]:g} is below the lowest category {least}"
        raise ValueError(msg)
    steps = np.where(answered, codes - least, -1).astype(np.int64)
    if model == "2pl" and (steps > 1).any():
        place = first_place(steps > 1)
        msg = f"responses{list(place)}: {x[place]:g} is outside {least}..{least + 1}, the two categories of model '2pl'"
        raise ValueError(msg)
    return _Coded(steps, steps.max(axis=0, initial=0), least)


def _lowest_of(codes: FloatArray) -> int:
    return int(codes.min()) if codes.size else 1


def _undefined_items(coded: _Coded) -> tuple[BoolArray, BoolArray]:
    """Return which items have at most one category in use, and which of the others have a category out of use."""
    in_use = np.array([np.unique(column[column >= 0]).size for column in coded.steps.T])
    return in_use < 2, (in_use >= 2) & (in_use <= coded.highest)


def _n_parameters(known: BoolArray, coded: _Coded, model: str) -> int:
    return int(coded.highest[known].sum()) + (1 if model == "pcm" else int(known.sum()))


def _identified(known: BoolArray, coded: _Coded, model: str) -> BoolArray:
    """Return the known items, none of them when they have no more patterns of answers than there are parameters."""
    patterns = math.prod(int(highest) + 1 for highest in coded.highest[known])
    return known if patterns > _n_parameters(known, coded, model) else np.zeros_like(known)


def _item_parameters(fit: Fit, model: str, known: BoolArray, coded: _Coded, names: tuple[str, ...]) -> ItemParameters:
    discrimination = np.full(known.size, np.nan)
    thresholds = np.full((known.size, max(1, int(coded.highest.max(initial=0, where=known)))), np.nan)
    discrimination[known] = fit.discrimination
    thresholds[known] = fit.thresholds
    kind: Literal["grm", "gpcm"] = "gpcm" if model in {"gpcm", "pcm"} else "grm"
    return ItemParameters(kind, discrimination, thresholds, lowest=coded.lowest, items=names)
