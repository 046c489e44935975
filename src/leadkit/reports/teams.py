"""Reports about a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import fields

from leadkit.assessment import BandedScores, ReliabilityTable, Responses, Scores
from leadkit.reports.content import TeamPage, team_page
from leadkit.reports.leadership import QUADRANT_NAMES
from leadkit.reports.page import render
from leadkit.reports.texts import team_text
from leadkit.typing import Progress
from leadkit.ved import MessageReading, VedScores, VedStyle
from leadkit.vitals import VitalsProfile

__all__ = ["team", "team_contents", "team_filling", "team_markdown"]

CONTENT = tuple(part.name for part in fields(TeamPage))


def team(
    scores: Scores,
    *,
    reliability: ReliabilityTable | Mapping[str, float] | None = None,
    bands: BandedScores | None = None,
    responses: Responses | None = None,
    by: str | None = None,
    vitals: Iterable[VitalsProfile] = (),
    ved: VedScores | None = None,
    style: VedStyle | None = None,
    messages: MessageReading | None = None,
    min_group: int = 5,
    individuals: bool = True,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write an HTML page about a team: who answered, how scores spread, how far to trust them, and person by person.

    The page is one file that needs no network, reads on a phone and prints, a person a page.

    Parameters
    ----------
    scores : Scores
        Everybody's scores.
    reliability : ReliabilityTable or mapping of str to float, optional
        A table is shown with its item statistics. From a mapping, or a table without groups, come 95 % bands around
        the scores of each person.
    bands : BandedScores, optional
        `scores.with_bands(...)`, in the place of those by `reliability`.
    responses : Responses, optional
        The answers behind the scores: tells which questions were left out, and who gave one answer throughout.
    by : str, optional
        The group variable whose means are shown; the first of the scores by default.
    vitals : iterable of VitalsProfile
        Readings of people; those of people without scores get a section of their own.
    ved : VedScores, optional
        V.E.D. scores.
    style : VedStyle, optional
        Places between leading and managing.
    messages : MessageReading, optional
        How messages were read.
    min_group : int
        Least number of people behind a mean of a group; fewer are shown as "fewer than 5".
    individuals : bool
        Whether single people are shown. False is for a page that goes round: no scores and names of persons, nothing
        about fewer than `min_group` people, and no mean from which one of so few could be worked out by subtraction.
    title : str, optional
        The heading; the title of the questionnaire by default.
    notice : str
        Something to say first, above everything, like "Synthetic data".
    picture : bool
        Whether to draw everybody's profile picture as well, where matplotlib is installed (about 0.1 s a person).
    progress : Progress, optional
        Told after every person how many of how many are done.

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
        `by` is no group variable of the scores.
    ValueError
        The responses or the bands are not those behind the scores, VITALS readings come with `individuals=False`, or
        `min_group` is no whole number above 0.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> answers = samples.answers("ved", rng=1)
    >>> page = team(score(answers), responses=answers, individuals=False)
    >>> page.count("<h1>"), answers.respondent_ids[0] in page
    (1, False)
    """
    page = team_page(
        scores,
        reliability=reliability,
        bands=bands,
        responses=responses,
        by=by,
        vitals=vitals,
        ved=ved,
        style=style,
        messages=messages,
        min_group=min_group,
        individuals=individuals,
        title=title,
        notice=notice,
        picture=picture,
        progress=progress,
    )
    return render(
        "team.html.jinja",
        language=scores.instrument.language,
        contents=[*team_contents(page), ("notes", "Notes")],
        **team_filling(page),
    )


def team_markdown(
    scores: Scores,
    *,
    reliability: ReliabilityTable | Mapping[str, float] | None = None,
    bands: BandedScores | None = None,
    responses: Responses | None = None,
    by: str | None = None,
    vitals: Iterable[VitalsProfile] = (),
    ved: VedScores | None = None,
    style: VedStyle | None = None,
    messages: MessageReading | None = None,
    min_group: int = 5,
    individuals: bool = True,
    title: str | None = None,
    notice: str = "",
) -> str:
    """Write the same about a team as Markdown, for chat and e-mail; needs no other package.

    Parameters, errors and the rules for small groups are those of `team`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> team_markdown(score(samples.answers("ved", rng=1)), individuals=False).splitlines()[0]
    '# V.E.D. leadership check'
    """
    page = team_page(
        scores,
        reliability=reliability,
        bands=bands,
        responses=responses,
        by=by,
        vitals=vitals,
        ved=ved,
        style=style,
        messages=messages,
        min_group=min_group,
        individuals=individuals,
        title=title,
        notice=notice,
        picture=False,
        progress=None,
    )
    return team_text(page)


def team_filling(page: TeamPage) -> dict[str, Any]:
    """Give everything that the template asks for."""
    return {"quadrants": tuple(QUADRANT_NAMES.values()), **{name: getattr(page, name) for name in CONTENT}}


def team_contents(page: TeamPage) -> list[tuple[str, str]]:
    """List the sections that there are: anchor and name."""
    entries = [
        ("answered", "Who answered", True),
        ("scores", "Scores of all", True),
        ("groups", f"By {page.groups.by}" if page.groups else "", page.groups is not None),
        ("ved", "Vision, engagement, delivery", page.leadership is not None),
        ("messages", "Messages", page.messages is not None),
        ("reliability", "How far to trust them", bool(page.consistency)),
        ("people", "Person by person", bool(page.people)),
    ]
    return [(anchor, name) for anchor, name, is_there in entries if is_there]
