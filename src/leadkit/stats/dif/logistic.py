"""Logistic regression of an item on score, group and both: uniform and non-uniform DIF of binary or ordered items."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import bool_array, float_array
from leadkit._results import plain
from leadkit.stats.dif.design import DIFTable, comparison
from leadkit.stats.dif.nested import MODELS, nested_models
from leadkit.typing import BoolArray, FloatArray


@frozen(kw_only=True, eq=False)
class LogisticDIF(DIFTable):
    """Four nested proportional-odds models of every item, and what group and interaction add.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    n_strata : (k,) int array
        Levels of the matching score that hold people of both groups. All levels are used.
    log_likelihood : (k, 4) array
        Of the models without predictors, with the score, with score and group, with both and their product; NaN for a
        model that has no finite estimate.
    chi2_uniform, p_uniform : (k,) array
        Twice what the group adds to the log-likelihood of the score, on 1 degree of freedom, and its upper tail.
    chi2_nonuniform, p_nonuniform : (k,) array
        Twice what the product adds to score and group, on 1 degree of freedom, and its upper tail.
    chi2_total, p_total : (k,) array
        Their sum, on 2 degrees of freedom, and its upper tail.
    nagelkerke : (k, 3) array
        Nagelkerke's R^2 of the models with predictors, in [0, 1].
    delta_r2_uniform, delta_r2_total : (k,) array
        What the group, and group and product together, add to Nagelkerke's R^2.
    group_coefficient : (k,) array
        Coefficient of the group (focal 1, reference 0) beside the score [logit]; above 0 where the focal group answers
        higher at the same score.
    converged : (k,) bool array
        Whether all four models have been fitted.
    item_flags : tuple of tuple of str
        `constant_item`, `separated` where a model separates the answers perfectly and has no finite estimate,
        `not_converged`, and `few_strata` where fewer than two scores lie in the range that both groups cover; a
        difference that score and group cannot be told apart on is NaN.
    reference, focal : label
        The two groups; None for one that nobody belongs to.
    n_reference, n_focal : int
        Complete rows of each group.
    n_rows, n_used : int
        Rows given, and complete rows with a group.
    matching : {"total", "given"}
        What people were matched on: the total over the items, or scores that were given.
    flags : tuple of str
        All item flags, `rows_dropped`, `single_group`, and `small_group` for fewer than 100 rows in a group.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "items": "item",
        "n_strata": "n_strata",
        "chi2_uniform": "chi2_uniform",
        "p_uniform": "p_uniform",
        "chi2_nonuniform": "chi2_nonuniform",
        "p_nonuniform": "p_nonuniform",
        "chi2_total": "chi2_total",
        "p_total": "p_total",
        "delta_r2_uniform": "delta_r2_uniform",
        "delta_r2_total": "delta_r2_total",
        "group_coefficient": "group_coefficient",
        "converged": "converged",
        "item_flags": "flags",
    }

    log_likelihood: FloatArray = field(converter=float_array)
    chi2_uniform: FloatArray = field(converter=float_array)
    chi2_nonuniform: FloatArray = field(converter=float_array)
    chi2_total: FloatArray = field(converter=float_array)
    p_uniform: FloatArray = field(converter=float_array)
    p_nonuniform: FloatArray = field(converter=float_array)
    p_total: FloatArray = field(converter=float_array)
    nagelkerke: FloatArray = field(converter=float_array)
    delta_r2_uniform: FloatArray = field(converter=float_array)
    delta_r2_total: FloatArray = field(converter=float_array)
    group_coefficient: FloatArray = field(converter=float_array)
    converged: BoolArray = field(converter=bool_array)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item, with a `log_likelihood_<model>` and `nagelkerke_<model>` a model.

        Returns
        -------
        list of dict
            The rows in the order of the result; the models are null, score, group and interaction. NaN becomes None.
        """
        keys = [f"log_likelihood_{model}" for model in MODELS] + [f"nagelkerke_{model}" for model in MODELS[1:]]
        rows = zip(super().to_records(), plain(np.hstack([self.log_likelihood, self.nagelkerke])), strict=True)
        return [record | dict(zip(keys, row, strict=True)) for record, row in rows]


def logistic_dif(
    x: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    reference: Hashable,
    matching: ArrayLike | None = None,
    items: Sequence[str] | None = None,
) -> LogisticDIF:
    """Regress each item on the matching score, then on the group too, then on their product.

    The model is logit P(Y <= c) = zeta_c - eta for the categories c that somebody chose, eta = b1 score + b2 group +
    b3 score group with group 1 in the focal group; a binary item gives the usual logistic regression. What b2 adds is
    uniform DIF (the same at every score), what b3 adds non-uniform DIF [1]_, the gain in Nagelkerke's R^2 its size
    [2]_.

    Parameters
    ----------
    x : (n, k) array-like
        Answers in ordered categories, a row a person; NaN, None or masked is missing. Only the order of an item's
        categories enters its own regression, but the numbers enter the total.
    groups : (n,) array-like
        Label of each person's group, two in all; None or NaN is no group.
    reference : label
        The group that the other one, the focal group, is compared with.
    matching : (n,) array-like, optional
        Score that people are matched on; by default the total over all items, the studied one included.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.

    Returns
    -------
    LogisticDIF
        One row an item. Rows with any gap are left out. With one group only everything is NaN (`single_group`).

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, an item has more than 500 different answers, an argument differs in
        length, there are more than two groups, or two of which none is the reference.

    References
    ----------
    .. [1] B. D. Zumbo, "A Handbook on the Theory and Methods of Differential Item Functioning: Logistic Regression
       Modeling as a Unitary Framework for Binary and Likert-type (Ordinal) Item Scores", Directorate of Human
       Resources Research and Evaluation, Ottawa, 1999.
    .. [2] N. J. D. Nagelkerke, "A note on a general definition of the coefficient of determination", Biometrika 78,
       1991.
    .. [3] P. McCullagh, "Regression models for ordinal data", Journal of the Royal Statistical Society B 42, 1980.

    Examples
    --------
    Six items of four categories, the first of which is easier for the focal group than the others are:

    >>> rng = np.random.default_rng(1)
    >>> group = np.repeat(["old", "new"], 300)
    >>> latent = rng.normal(size=(600, 1)) + rng.logistic(size=(600, 6))
    >>> latent[group == "new", 0] += 1
    >>> result = logistic_dif(np.digitize(latent, [-1, 0, 1]), group, reference="old")
    >>> result.group_coefficient.round(2)
    array([ 1.12, -0.16, -0.19, -0.22, -0.14, -0.29])
    >>> result.p_uniform.round(4)
    array([0.    , 0.3067, 0.2306, 0.1591, 0.3815, 0.0695])
    >>> round(result.to_records()[0]["delta_r2_uniform"], 3)
    0.058
    """
    people = comparison(x, groups, reference=reference, matching=matching, items=items)
    scores = tuple(people.scores())
    models = [nested_models(people, item, score) for item, score in enumerate(scores)]
    likelihood = np.array([one.log_likelihood for one in models])
    informative = np.array([one.informative for one in models])
    return LogisticDIF(
        log_likelihood=likelihood,
        group_coefficient=[one.group_coefficient for one in models],
        converged=[one.converged for one in models],
        **_differences(likelihood, informative, n=len(people.is_focal)),
        **people.common(
            n_strata=[people.strata(item, score).n_strata for item, score in enumerate(scores)],
            item_flags=[one.flags for one in models],
        ),
    )


def _differences(likelihood: FloatArray, informative: BoolArray, *, n: int) -> dict[str, Any]:
    """Compare the models: likelihood ratios where the difference can be told, and Nagelkerke's R^2."""
    from scipy.special import chdtrc

    gains = np.where(informative, np.maximum(2 * np.diff(likelihood, axis=1), 0), np.nan)
    _, uniform, nonuniform = gains.T
    total = uniform + nonuniform
    null = likelihood[:, :1]
    share = 2 / max(n, 1)
    nagelkerke = np.expm1(share * (null - likelihood[:, 1:])) / np.expm1(share * null)
    step_uniform, step_nonuniform = np.where(informative[:, 1:], np.diff(nagelkerke, axis=1), np.nan).T
    return {
        "chi2_uniform": uniform,
        "chi2_nonuniform": nonuniform,
        "chi2_total": total,
        "p_uniform": np.asarray(chdtrc(1, uniform)),
        "p_nonuniform": np.asarray(chdtrc(1, nonuniform)),
        "p_total": np.asarray(chdtrc(2, total)),
        "nagelkerke": nagelkerke,
        "delta_r2_uniform": step_uniform,
        "delta_r2_total": step_uniform + step_nonuniform,
    }
