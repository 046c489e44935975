"""Reports on what many raters say about each person, as far as it may be shown."""

from __future__ import annotations

from typing import Any

from attrs import fields

from leadkit.assessment import DisclosedFeedback
from leadkit.reports.feedback_content import FeedbackPage, feedback_page
from leadkit.reports.feedback_text import feedback_text
from leadkit.reports.page import render
from leadkit.typing import Progress

__all__ = ["feedback", "feedback_contents", "feedback_filling", "feedback_markdown"]

CONTENT = tuple(part.name for part in fields(FeedbackPage))


def feedback(
    disclosed: DisclosedFeedback,
    *,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write an HTML page on disclosed feedback: how much is shown and why, then person by person.

    The page is one file that needs no network, reads on a phone and prints, a person a sheet. For one person's own
    page give `disclosed.for_ratee(ratee_id)`; the agreement of roles in the overview stays that over all ratees.

    Parameters
    ----------
    disclosed : DisclosedFeedback
        What may be shown; raw feedback is refused, and the host's log is not read.
    title : str, optional
        The heading; the title of the questionnaire by default.
    notice : str
        Something to say first, above everything, like "Synthetic data".
    picture : bool
        Whether to draw self, others, gap and target of every dimension.
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
        The feedback is something else; for raw feedback the message names `disclose`.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> raw = assessment.feedback(samples.ratings("ved", n_leaders=2, rng=1))
    >>> page = feedback(assessment.disclose(raw, assessment.DisclosurePolicy()))
    >>> page.count("<h1>"), "n &lt; 3" in page
    (1, True)
    """
    page = feedback_page(disclosed, title=title, notice=notice, picture=picture, progress=progress)
    return render(
        "feedback.html.jinja",
        language=disclosed.instrument.language,
        contents=[*feedback_contents(page), ("notes", "Notes")],
        **feedback_filling(page),
    )


def feedback_markdown(disclosed: DisclosedFeedback, *, title: str | None = None, notice: str = "") -> str:
    """Write the same on disclosed feedback as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `feedback`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> raw = assessment.feedback(samples.ratings("ved", n_leaders=2, rng=1))
    >>> feedback_markdown(assessment.disclose(raw, assessment.DisclosurePolicy())).splitlines()[0]
    '# V.E.D. leadership check'
    """
    return feedback_text(feedback_page(disclosed, title=title, notice=notice, picture=False, progress=None))


def feedback_filling(page: FeedbackPage) -> dict[str, Any]:
    """Give everything that the template asks for."""
    return {name: getattr(page, name) for name in CONTENT}


def feedback_contents(page: FeedbackPage) -> list[tuple[str, str]]:
    """List the sections that there are: anchor and name."""
    return [("overview", "Overview"), *((("people", "Person by person"),) if page.ratees else ())]
