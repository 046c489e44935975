"""How a person's profile compares with a wanted one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from leadkit._fields import float_array, int_array
from leadkit._results import TableResult
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Scores
from leadkit.stats.self_other import profile_similarity
from leadkit.typing import FloatArray, IntArray

__all__ = ["ProfileFit", "profile_fit"]


@frozen(kw_only=True, eq=False)
class ProfileFit(TableResult):
    """Similarity of every person's profile to a target, one row a person.

    Parameters
    ----------
    respondent_ids : tuple of str
        The people.
    scale_ids : tuple of str
        The scales of the target.
    target : array, shape (d,)
        The wanted profile.
    correlation : array, shape (n,)
        Similarity of shape; NaN with fewer than three scales or no spread.
    distance2 : array, shape (n,)
        Cronbach and Gleser's D^2 = n_dimensions elevation_difference^2 + scatter_difference^2 + shape_component.
    elevation_difference, scatter_difference, shape_component : array, shape (n,)
        Its parts: person minus target.
    mean_absolute_difference : array, shape (n,)
        Mean of |person - target|.
    n_dimensions : int array, shape (n,)
        Scales that are known of the person.
    person_flags : tuple of tuple of str
        What is doubtful about each row.
    provenance : Provenance
        That of the scores.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "respondent_ids": "respondent_id",
        "correlation": "correlation",
        "distance2": "distance2",
        "elevation_difference": "elevation_difference",
        "scatter_difference": "scatter_difference",
        "shape_component": "shape_component",
        "mean_absolute_difference": "mean_absolute_difference",
        "n_dimensions": "n_dimensions",
        "person_flags": "flags",
    }

    respondent_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]
    target: FloatArray = field(converter=float_array)
    correlation: FloatArray = field(converter=float_array)
    distance2: FloatArray = field(converter=float_array)
    elevation_difference: FloatArray = field(converter=float_array)
    scatter_difference: FloatArray = field(converter=float_array)
    shape_component: FloatArray = field(converter=float_array)
    mean_absolute_difference: FloatArray = field(converter=float_array)
    n_dimensions: IntArray = field(converter=int_array)
    person_flags: tuple[tuple[str, ...], ...]
    flags: tuple[str, ...]
    provenance: Provenance


def profile_fit(scores: Scores, target: Mapping[str, float]) -> ProfileFit:
    """Compare every person's profile with a wanted one.

    Parameters
    ----------
    scores : Scores
        The people.
    target : mapping of str to float
        The wanted score of each scale, in the metric of the scores.

    Raises
    ------
    UnknownIdError
        The target names a scale that is not there.

    References
    ----------
    .. [1] L. J. Cronbach and G. C. Gleser, "Assessing similarity between profiles", Psychological Bulletin 50, 1953.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> profile_fit(scores, {"vision": 5, "engagement": 4, "delivery": 4}).n_dimensions.max().item()
    3
    """
    wanted = {name: float(value) for name, value in target.items()}
    places = [scores.position(name) for name in wanted]
    result = profile_similarity(scores.values[:, places], list(wanted.values()))
    return ProfileFit(
        respondent_ids=scores.respondent_ids,
        scale_ids=tuple(wanted),
        target=list(wanted.values()),
        correlation=result.correlation,
        distance2=result.distance2,
        elevation_difference=result.elevation_difference,
        scatter_difference=result.scatter_difference,
        shape_component=result.shape_component,
        mean_absolute_difference=result.mean_absolute_difference,
        n_dimensions=result.n_dimensions,
        person_flags=result.profile_flags,
        flags=result.flags,
        provenance=scores.provenance,
    )
