"""What item parameters say along the trait: category probabilities, information, expected score, reliability."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from leadkit.stats._arrays import floats, vector
from leadkit.stats.irt.arguments import finite_number
from leadkit.stats.irt.logcurves import log_curves, log_probabilities
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.typing import FloatArray

CELLS = 2**18
REACH_SD = 10.0
RELIABILITY_POINTS = 2001


def category_probabilities(parameters: ItemParameters, theta: ArrayLike) -> FloatArray:
    """Give the probability of each category of each item.

    Parameters
    ----------
    parameters : ItemParameters
        The k items.
    theta : (q,) array-like or float
        Places on the trait.

    Returns
    -------
    (q, k, m) array
        Probabilities, summing to 1 over the categories; 0 for a category that an item does not have. NaN at a missing
        place and for an item whose parameters are not known.

    Raises
    ------
    ValueError
        `theta` is not a vector of real finite numbers.

    References
    ----------
    .. [1] F. Samejima, "Estimation of latent ability using a response pattern of graded scores", Psychometrika
       Monograph 17, 1969.
    .. [2] E. Muraki, "A generalized partial credit model: application of an EM algorithm", Applied Psychological
       Measurement 16, 1992.

    Examples
    --------
    >>> parameters = ItemParameters("grm", [1.0], [[-1.0, 1.0]])
    >>> category_probabilities(parameters, [0.0]).round(3)
    array([[[0.269, 0.462, 0.269]]])
    """
    return np.exp(log_probabilities(parameters, places(theta)))


def item_information(parameters: ItemParameters, theta: ArrayLike) -> FloatArray:
    """Give the Fisher information of each item, the sum of P'^2 / P over its categories.

    Parameters
    ----------
    parameters : ItemParameters
        The k items.
    theta : (q,) array-like or float
        Places on the trait.

    Returns
    -------
    (q, k) array
        Information, at least 0; a row's sum is that of the test. NaN at a missing place and for an item whose
        parameters are not known.

    Raises
    ------
    ValueError
        `theta` is not a vector of real finite numbers.

    References
    ----------
    .. [1] F. B. Baker and S.-H. Kim, "Item Response Theory: Parameter Estimation Techniques", 2nd edition, Dekker,
       2004.

    Examples
    --------
    >>> parameters = ItemParameters("gpcm", [2.0], [[0.5]])
    >>> item_information(parameters, [0.5, 3.0]).round(4)
    array([[1.    ],
           [0.0266]])
    """
    points = places(theta)
    result = np.empty((points.size, parameters.n_items))
    for block in row_blocks(points.size, parameters.thresholds.size):
        curves = log_curves(parameters, points[block])
        result[block] = (np.exp(curves.value) * curves.first**2).sum(axis=2)
    return result


def expected_score(parameters: ItemParameters, theta: ArrayLike) -> FloatArray:
    """Give the expected sum of the answers' codes.

    Parameters
    ----------
    parameters : ItemParameters
        The k items.
    theta : (q,) array-like or float
        Places on the trait.

    Returns
    -------
    (q,) array
        Expected sums, between the lowest and the highest possible. NaN at a missing place, and everywhere when the
        parameters of an item are not known.

    Raises
    ------
    ValueError
        `theta` is not a vector of real finite numbers.

    References
    ----------
    .. [1] F. M. Lord, "Applications of Item Response Theory to Practical Testing Problems", Erlbaum, 1980.

    Examples
    --------
    >>> parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [-1.0, 1.0]], lowest=1)
    >>> expected_score(parameters, [-9.0, 0.0, 9.0]).round(2)
    array([2., 4., 6.])
    """
    points = places(theta)
    result = np.empty(points.size)
    steps = np.arange(parameters.thresholds.shape[1] + 1)
    for block in row_blocks(points.size, parameters.thresholds.size):
        mean = (np.exp(log_probabilities(parameters, points[block])) * steps).sum(axis=2)
        result[block] = mean.sum(axis=1) + parameters.lowest * parameters.n_items
    return result


def marginal_reliability(parameters: ItemParameters, *, prior_sd: float = 1.0) -> float:
    """Give the reliability of a score on average over a normally distributed trait.

    Parameters
    ----------
    parameters : ItemParameters
        The k items; one whose parameters are not known counts for nothing.
    prior_sd : float
        Standard deviation of the trait, whose mean is 0; above 0.

    Returns
    -------
    float
        The mean of I / (I + 1 / prior_sd^2) over the trait, I the test's information; in [0, 1). NaN when no item is
        known.

    Raises
    ------
    ValueError
        `prior_sd` is not a number above 0.

    References
    ----------
    .. [1] B. F. Green, R. D. Bock, L. G. Humphreys, R. L. Linn and M. D. Reckase, "Technical guidelines for assessing
       computerized adaptive tests", Journal of Educational Measurement 21, 1984.

    Examples
    --------
    >>> parameters = ItemParameters("grm", [1.5, 1.5, 2.0], [[-1.0, 1.0], [-0.5, 0.5], [-1.0, 0.0]])
    >>> round(marginal_reliability(parameters), 3)
    0.638
    """
    sd = finite_number(prior_sd, "prior_sd", above=0.0)
    if not parameters.is_known.any():
        return float("nan")
    z = np.linspace(-REACH_SD, REACH_SD, RELIABILITY_POINTS)
    weight = np.exp(-0.5 * z**2)
    information = np.nansum(item_information(parameters, sd * z), axis=1)
    return float(weight @ (information / (information + sd**-2)) / weight.sum())


def places(theta: ArrayLike) -> FloatArray:
    """Return places on the trait as a vector; one number is a vector of one."""
    return vector(np.atleast_1d(floats(theta, "theta")), "theta")


def row_blocks(n: int, cells: int, *, most: int = CELLS) -> Iterator[slice]:
    """Cut `n` rows of `cells` numbers each into blocks of at most so many numbers, or of one row."""
    rows = max(1, most // cells)
    for start in range(0, n, rows):
        yield slice(start, start + rows)
