"""Everything that a report on disclosed feedback says, gathered once for HTML and Markdown."""

from __future__ import annotations

from attrs import frozen

from leadkit.assessment import DisclosedFeedback, Instrument, Provenance
from leadkit.assessment.disclosure.expecting import expect_disclosed
from leadkit.plots.feedback_row import role_name
from leadkit.plots.labels import words
from leadkit.reports.feedback_overview import FeedbackOverview, feedback_overview
from leadkit.reports.feedback_ratee import RateePage, ratee_page
from leadkit.reports.feedback_wording import PICTURE
from leadkit.reports.notes import Notes, rules_text
from leadkit.reports.wording import how_to_read, metric_sentence, people
from leadkit.typing import Progress

__all__ = ["FeedbackPage", "feedback_page"]

CHANCE = (
    "The mean of a role is the mean of its raters' scores. Chance plays a part in every one of them, the more so the "
    "fewer raters there are."
)
METHODS = (
    "A dimension with too few answers has no score. A missing score is never counted as 0.",
    CHANCE,
    "Numbers that are not shown enter nothing else on this page.",
)


@frozen(kw_only=True)
class FeedbackPage:
    """Everything that a report on feedback says.

    Parameters
    ----------
    title, kind, lead, notice : str
        The head.
    reading : tuple of str
        How to read it, before any number.
    metric : str
        What a score counts.
    overview : FeedbackOverview
        About everybody.
    roles : tuple of str
        What the roles are called, in the order of the columns.
    ratees : tuple of RateePage
        Person by person.
    picture : str
        How to read the pictures; empty where there are none.
    notes : Notes
        Method and origin.
    """

    title: str
    kind: str
    lead: str
    notice: str
    reading: tuple[str, ...]
    metric: str
    overview: FeedbackOverview
    roles: tuple[str, ...]
    ratees: tuple[RateePage, ...]
    picture: str
    notes: Notes


def feedback_page(
    disclosed: DisclosedFeedback, *, title: str | None, notice: str, picture: bool, progress: Progress | None
) -> FeedbackPage:
    """Gather what a report on feedback says; `leadkit.reports.feedback` says what the options mean."""
    expect_disclosed(disclosed, "disclosed")
    instrument = disclosed.instrument
    total = len(disclosed.ratee_ids)
    ratees = []
    for done, ratee_id in enumerate(disclosed.ratee_ids, start=1):
        ratees.append(ratee_page(disclosed.for_ratee(ratee_id)))
        if progress is not None:
            progress(done, total)
    counts = {"role": len(disclosed.roles), "dimension": len(disclosed.dimension_ids), "question": instrument.n_items}
    size = ", ".join(people(count, one=name, many=f"{name}s") for name, count in counts.items())
    return FeedbackPage(
        title=words(instrument.title, instrument.language) if title is None else title,
        kind="Feedback from several raters",
        lead=f"{people(total)} rated, {size}.",
        notice=notice,
        reading=how_to_read(instrument),
        metric=metric_sentence(disclosed.metric, instrument),
        overview=feedback_overview(disclosed),
        roles=tuple(role_name(role) for role in disclosed.roles),
        ratees=tuple(ratees),
        picture=PICTURE if picture else "",
        notes=Notes(
            methods=METHODS,
            provenance=_origin(instrument, disclosed.provenance),
        ),
    )


def _origin(instrument: Instrument, made: Provenance) -> tuple[tuple[str, str], ...]:
    note = words(instrument.note, instrument.language)
    return (
        ("Questionnaire", f"{words(instrument.title, instrument.language)} ({instrument.id} {instrument.version})"),
        ("Where the idea comes from", instrument.source),
        ("Licence of the wording", instrument.licence),
        ("Status", instrument.status),
        *((("Note", note),) if note else ()),
        ("Key (SHA-256 of all that affects scoring)", made.instrument_hash),
        ("Rules of the feedback", rules_text(made.rules)),
        ("Made with", f"leadkit {made.leadkit_version}"),
    )
