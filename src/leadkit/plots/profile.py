"""The profile of one person, or of the mean of all, over the scales of an instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from leadkit.assessment import BandedScores, Scores
from leadkit.plots.axes import expect_matplotlib
from leadkit.plots.rows import profile_row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ProfileKind", "profile"]

ProfileKind: TypeAlias = Literal["bar", "radar"]


def profile(
    scores: Scores,
    respondent_id: str | None = None,
    *,
    bands: BandedScores | None = None,
    ax: Axes | None = None,
    kind: ProfileKind = "bar",
    reference: Literal["mean"] | Mapping[str, float] | None = None,
) -> Axes:
    """Draw the profile of one person, or of the mean of all, over the scales.

    A scale without a score is drawn as such, with the words "no score".
    Scales with different ends (sums of dimensions of different length) share an axis in percent of each span.

    Parameters
    ----------
    scores : Scores
        The people, n of them, on d scales.
    respondent_id : str, optional
        Whose profile; the mean of all who have a score when None, with one standard deviation (divisor n - 1) as
        whiskers.
    bands : BandedScores, optional
        `scores.with_bands(...)`, drawn as whiskers of one person.
    ax : Axes, optional
        Where to draw; polar for a radar. A new Figure, known to no global state, when None: `ax.figure` is it.
    kind : {"bar", "radar"}
        Bars over all scales, composites lighter; or a closed line over the dimensions, of which it needs three.
    reference : "mean" or mapping of str to float, optional
        What to compare with: the mean of all respondents, or a number a scale (a target, a norm) in the metric.

    Returns
    -------
    Axes
        The one given, or that of a new figure.

    Raises
    ------
    ImportError
        matplotlib is not installed.
    TypeError
        The scores are something else; for raw feedback the message names `disclose`.
    UnknownIdError
        There is no such respondent, or the reference names a scale that is not there.
    ValueError
        The kind is unknown, the axes do not fit it, a radar has fewer than three dimensions, or the bands are those
        of other scores or of nobody.

    References
    ----------
    .. [1] M. Okabe and K. Ito, "Color universal design: how to make figures and presentations that are friendly to
       colorblind people", J*Fly, 2008.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> ax = profile(scores, scores.respondent_ids[0], reference="mean")
    >>> len(ax.patches), [float(end) for end in ax.get_xlim()]
    (9, [1.0, 5.0])
    """
    if kind not in get_args(ProfileKind):
        msg = f"kind: expected one of {', '.join(map(repr, get_args(ProfileKind)))}, got {kind!r}"
        raise ValueError(msg)
    expect_matplotlib("profile")
    row = profile_row(scores, respondent_id, bands=bands, reference=reference)
    if kind == "radar":
        from leadkit.plots.radar import draw_radar

        return draw_radar(row, ax)
    from leadkit.plots.bars import draw_bars

    return draw_bars(row, ax)
