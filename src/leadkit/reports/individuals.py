"""Reports about one person."""

from __future__ import annotations

from attrs import fields

from leadkit.assessment import BandedScores, Reliability, Scores
from leadkit.reports.content import IndividualPage, individual_page
from leadkit.reports.leadership import QUADRANT_NAMES
from leadkit.reports.page import render
from leadkit.reports.texts import individual_text
from leadkit.ved import VedScores, VedStyle
from leadkit.vitals import VitalsProfile

__all__ = ["individual", "individual_markdown"]

CONTENT = tuple(part.name for part in fields(IndividualPage))


def individual(
    scores: Scores,
    respondent_id: str,
    *,
    bands: BandedScores | None = None,
    reliability: Reliability | None = None,
    vitals: VitalsProfile | None = None,
    ved: VedScores | None = None,
    style: VedStyle | None = None,
    min_group: int = 5,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
) -> str:
    """Write an HTML page about one person: scores with their scale and band, V.E.D., VITALS, and how to read them.

    The page is one file that needs no network, reads on a phone and prints.

    Parameters
    ----------
    scores : Scores
        Everybody's scores; of the others only means are shown.
    respondent_id : str
        Whose page.
    bands : BandedScores, optional
        `scores.with_bands(...)`.
    reliability : ReliabilityTable or mapping of str to float, optional
        In the place of `bands`: 95 % bands around the observed scores are worked out from it.
    vitals : VitalsProfile, optional
        The person's VITALS reading.
    ved : VedScores, optional
        V.E.D. scores with a row of the person.
    style : VedStyle, optional
        The place between leading and managing, with a row of the person.
    min_group : int
        The mean of all is shown on a scale where at least so many others have a score.
    title : str, optional
        The heading; the person's id by default.
    notice : str
        Something to say first, above everything, like "Synthetic data".
    picture : bool
        Whether to draw the profile picture as well, where matplotlib is installed (about 0.1 s).

    Returns
    -------
    str
        HTML5; every text of users is escaped.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    TypeError
        The scores are something else; for raw feedback the message names `disclose`.
    UnknownIdError
        There is no such respondent.
    ValueError
        Both bands and reliability are given, the bands are those of other scores, the VITALS reading is somebody
        else's, or `min_group` is no whole number above 0.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> page = individual(scores, scores.respondent_ids[0], picture=False)
    >>> page.splitlines()[0], "not people" in page
    ('<!DOCTYPE html>', True)
    """
    page = individual_page(
        scores,
        respondent_id,
        bands=bands,
        reliability=reliability,
        vitals=vitals,
        ved=ved,
        style=style,
        min_group=min_group,
        title=title,
        notice=notice,
        picture=picture,
    )
    contents = [("scores", "Scores")]
    contents += [("ved", "Vision, engagement, delivery")] if page.leader else []
    contents += [("vitals", "VITALS")] if page.vitals else []
    return render(
        "individual.html.jinja",
        language=scores.instrument.language,
        contents=[*contents, ("notes", "Notes")],
        quadrants=tuple(QUADRANT_NAMES.values()),
        **{name: getattr(page, name) for name in CONTENT},
    )


def individual_markdown(
    scores: Scores,
    respondent_id: str,
    *,
    bands: BandedScores | None = None,
    reliability: Reliability | None = None,
    vitals: VitalsProfile | None = None,
    ved: VedScores | None = None,
    style: VedStyle | None = None,
    min_group: int = 5,
    title: str | None = None,
    notice: str = "",
) -> str:
    r"""Write the same about one person as Markdown, for chat and e-mail; needs no other package.

    Parameters, errors and the rule for small groups are those of `individual`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> individual_markdown(scores, scores.respondent_ids[0], title="Ann *B.*").splitlines()[0]
    '# Ann \\*B.\\*'
    """
    page = individual_page(
        scores,
        respondent_id,
        bands=bands,
        reliability=reliability,
        vitals=vitals,
        ved=ved,
        style=style,
        min_group=min_group,
        title=title,
        notice=notice,
        picture=False,
    )
    return individual_text(page)
