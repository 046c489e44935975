"""One report through all domains: what each chapter comes down to first, then chapter by chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadkit.reports.chapters import READING, Chapter, chapter
from leadkit.reports.full_arguments import (
    ChapterName,
    EscalationArguments,
    FeedbackArguments,
    PlanArguments,
    PyramidArguments,
    TeamArguments,
    checked_arguments,
)
from leadkit.reports.markdown import escaped, fact_list, joined, sentence_list
from leadkit.reports.page import render
from leadkit.typing import Progress

__all__ = ["full", "full_markdown"]

TITLE = "Leadership and service"
KIND = "Full report"
STEPS = 100
"""Parts in which the work on a chapter is told."""


def full(
    *,
    team: TeamArguments | None = None,
    feedback: FeedbackArguments | None = None,
    pyramid: PyramidArguments | None = None,
    plan: PlanArguments | None = None,
    escalation: EscalationArguments | None = None,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write one HTML page through all domains: what they come down to on the first screen, then chapter by chapter.

    The page is one file that needs no network, reads on a phone and prints, a chapter on a new sheet. Every chapter is
    there when its arguments are given, and says what the report of the same name says; long tables, and persons where
    there are more than eight, are folded on a screen and open on paper. What each report protects stays protected; that
    two chapters which rest on the same answers cannot be held against each other is up to the one who gives both.

    Parameters
    ----------
    team : mapping, optional
        The arguments of `leadkit.reports.team`: VITALS, V.E.D. and the scores of a team.
    feedback : mapping, optional
        The arguments of `leadkit.reports.feedback`: disclosed feedback of several raters.
    pyramid : mapping, optional
        The arguments of `leadkit.reports.pyramid`: the organisation with its customers on top.
    plan : mapping, optional
        The arguments of `leadkit.reports.plan`: a project.
    escalation : mapping, optional
        The arguments of `leadkit.reports.escalation`: the escalation matrix and what its pilot found.
    title : str, optional
        The heading of the whole; a `title` among the arguments of a chapter is that of the chapter.
    notice : str
        Something to say first, above everything, like "Synthetic data"; for the whole, not for a chapter.
    picture : bool
        Whether to draw, in all chapters; without pictures their tables stay.
    progress : Progress, optional
        Told as the chapters are made how many hundredths of a chapter are done, of 100 a chapter.

    Returns
    -------
    str
        HTML5; every text of users is escaped.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    TypeError
        An argument of a chapter is unknown or missing, or belongs to the whole, all of them in one message; or a result
        is of another class; for raw feedback the message names `disclose`.
    ValueError
        There is no chapter, or the results of one are about different things. Every error of a chapter says in which.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> from leadkit.assessment import score
    >>> page = full(
    ...     team={"scores": score(samples.answers("ved", rng=1)), "individuals": False},
    ...     pyramid={"pyramid": org.build_pyramid(samples.organisation(rng=1)), "title": "Our service"},
    ... )
    >>> page.count("<h1>"), page.count('class="chapter"'), 'href="#pyramid-pyramid"' in page
    (1, 2, True)
    """
    given = _given(team=team, feedback=feedback, pyramid=pyramid, plan=plan, escalation=escalation)
    chapters = _chapters(given, picture=picture, progress=progress)
    return render(
        "full.html.jinja",
        language="en",
        style=("report.css", "full.css"),
        title=TITLE if title is None else title,
        kind=KIND,
        notice=notice,
        lead=_lead(chapters),
        reading=READING,
        chapters=chapters,
    )


def full_markdown(
    *,
    team: TeamArguments | None = None,
    feedback: FeedbackArguments | None = None,
    pyramid: PyramidArguments | None = None,
    plan: PlanArguments | None = None,
    escalation: EscalationArguments | None = None,
    title: str | None = None,
    notice: str = "",
) -> str:
    """Write the same through all domains as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `full`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples
    >>> text = full_markdown(plan={"plan": samples.plan()}, title="What we do")
    >>> text.splitlines()[0], "## The plan: Self-service portal" in text
    ('# What we do', True)
    """
    given = _given(team=team, feedback=feedback, pyramid=pyramid, plan=plan, escalation=escalation)
    chapters = _chapters(given, picture=False, progress=None)
    return joined(
        [
            f"# {escaped(TITLE if title is None else title)}",
            f"**Notice.** {escaped(notice)}" if notice else "",
            f"{KIND}. {escaped(_lead(chapters))}",
            sentence_list(READING),
            "## In short",
            *(text for one in chapters for text in (f"### {escaped(one.name)}", sentence_list(one.short))),
            *(text for one in chapters for text in one.text),
            "## Notes on method and origin",
            *(text for one in chapters for text in _notes(one)),
        ]
    )


def _given(**chapters: Any) -> dict[ChapterName, dict[str, Any]]:
    given: Mapping[ChapterName, Any] = chapters  # type: ignore[assignment]  # the names are those of the chapters
    return checked_arguments(given)


def _chapters(
    given: dict[ChapterName, dict[str, Any]], *, picture: bool, progress: Progress | None
) -> tuple[Chapter, ...]:
    """Make chapter after chapter, and tell of the work in hundredths of each."""
    total = STEPS * len(given)
    made = []
    for at, (name, arguments) in enumerate(given.items()):
        part = None if progress is None else _part(progress, STEPS * at, total)
        made.append(chapter(name, arguments, picture=picture, progress=part))
        if progress is not None:
            progress(STEPS * (at + 1), total)
    return tuple(made)


def _part(progress: Progress, start: int, whole: int) -> Progress:
    """Tell of the work on one chapter but its end, which is told when the chapter is made."""

    def tell(done: int, total: int) -> None:
        if done < total:
            progress(start + STEPS * done // total, whole)

    return tell


def _lead(chapters: tuple[Chapter, ...]) -> str:
    what = f"{len(chapters)} chapters come" if len(chapters) > 1 else "1 chapter comes"
    return f"What {what} down to stands first; then all numbers with their doubts, and at the end how they were made."


def _notes(one: Chapter) -> tuple[str, ...]:
    return (f"### {escaped(one.name)}", sentence_list(one.notes.methods), fact_list(one.notes.provenance))
