"""Reports on an organisation: the inverted pyramid, and what runs through its lines, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from leadkit.org import (
    Alignment,
    BusFactor,
    ChangeAgents,
    Diagnosis,
    DisclosedRollUp,
    InfluenceReport,
    LevelView,
    Obligations,
    Pyramid,
    Structure,
    SuccessionCover,
    Thread,
)
from leadkit.reports.pyramid_content import pyramid_page
from leadkit.reports.pyramid_findings import PyramidFindings
from leadkit.reports.sections import page_html, page_text
from leadkit.typing import Progress

__all__ = ["pyramid", "pyramid_markdown"]


def pyramid(
    pyramid: Pyramid,
    *,
    structure: Structure | None = None,
    obligations: Obligations | None = None,
    roll_up: DisclosedRollUp | None = None,
    thread: Thread | None = None,
    levels: LevelView | None = None,
    alignment: Alignment | None = None,
    diagnosis: Diagnosis | None = None,
    agents: ChangeAgents | None = None,
    influence: InfluenceReport | None = None,
    succession: BusFactor | SuccessionCover | Sequence[BusFactor | SuccessionCover] | None = None,
    same_answers: bool = True,
    individuals: bool | None = None,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write an HTML page about an organisation: customers on top, who carries whom, and where to begin.

    The page is one file that needs no network, reads on a phone and prints. Every section beside the pyramid is there
    when its result is given.

    Parameters
    ----------
    pyramid : Pyramid
        Tiers and distances to the customer; what was found wrong with the table of people is told with it.
    structure : Structure, optional
        Spans and layers.
    obligations : Obligations, optional
        Who owes what to whom.
    roll_up : DisclosedRollUp, optional
        Scores by line; lines that are held back are counted by reason and never named.
    thread : Thread, optional
        The golden thread, disclosed.
    levels : LevelView, optional
        Scores by level, disclosed.
    alignment : Alignment, optional
        Whether everyone pulls in the same direction, disclosed.
    diagnosis : Diagnosis, optional
        At which level to begin, disclosed.
    agents : ChangeAgents, optional
        The middle managers as change agents, disclosed.
    influence : InfluenceReport, optional
        Leadership without a position.
    succession : BusFactor, SuccessionCover or both, optional
        What rests on few people, and who could follow.
    same_answers : bool
        Whether scores by line, scores by level and the diagnosis may rest on the same answers. Two cuts of the same
        answers can be subtracted from each other, so beside scores by line the means by level are left out, and beside
        either the mean of the front line; False shows them, and is for answers to different questions or for what
        `leadkit.org.audit_cells` has judged together.
    individuals : bool, optional
        Whether posts are listed by name with their tier and the way their support takes; where there are at most 60
        when None. No score of anybody is in that list.
    title : str, optional
        The heading.
    notice : str
        Something to say first, above everything, like "Synthetic data".
    picture : bool
        Whether to draw; without pictures their tables stay.
    progress : Progress, optional
        Told after every section how many of how many are done.

    Returns
    -------
    str
        HTML5; every text of users is escaped.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    TypeError
        A result is of another class, or has not been through `disclosed`, which the message names.
    ValueError
        A result is about other people than the pyramid.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> firm = org.build_pyramid(samples.organisation(rng=1))
    >>> page = pyramid(firm, structure=org.measure_structure(firm.organisation))
    >>> page.count("<h1>"), "Front-line employees" in page, "Spans and layers" in page
    (1, True, True)
    """
    given = PyramidFindings(
        pyramid=pyramid,
        structure=structure,
        obligations=obligations,
        roll_up=roll_up,
        thread=thread,
        levels=levels,
        alignment=alignment,
        diagnosis=diagnosis,
        agents=agents,
        influence=influence,
        succession=succession,
        same_answers=same_answers,
    )
    return page_html(
        pyramid_page(given, title=title, notice=notice, individuals=individuals, picture=picture, progress=progress)
    )


def pyramid_markdown(
    pyramid: Pyramid,
    *,
    structure: Structure | None = None,
    obligations: Obligations | None = None,
    roll_up: DisclosedRollUp | None = None,
    thread: Thread | None = None,
    levels: LevelView | None = None,
    alignment: Alignment | None = None,
    diagnosis: Diagnosis | None = None,
    agents: ChangeAgents | None = None,
    influence: InfluenceReport | None = None,
    succession: BusFactor | SuccessionCover | Sequence[BusFactor | SuccessionCover] | None = None,
    same_answers: bool = True,
    individuals: bool | None = None,
    title: str | None = None,
    notice: str = "",
) -> str:
    """Write the same about an organisation as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `pyramid`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> pyramid_markdown(org.build_pyramid(samples.organisation(rng=1))).splitlines()[0]
    '# The inverted pyramid'
    """
    given = PyramidFindings(
        pyramid=pyramid,
        structure=structure,
        obligations=obligations,
        roll_up=roll_up,
        thread=thread,
        levels=levels,
        alignment=alignment,
        diagnosis=diagnosis,
        agents=agents,
        influence=influence,
        succession=succession,
        same_answers=same_answers,
    )
    return page_text(
        pyramid_page(given, title=title, notice=notice, individuals=individuals, picture=False, progress=None)
    )
