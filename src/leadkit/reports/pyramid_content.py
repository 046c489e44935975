"""Everything that a report on an organisation says, gathered once for HTML and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from leadkit._version import __version__
from leadkit.plots.tiers import UNITS, counted
from leadkit.reports.blocks import Section
from leadkit.reports.notes import Notes
from leadkit.reports.pyramid_diagnosis import diagnosis_section
from leadkit.reports.pyramid_findings import MINIMUMS, PyramidFindings
from leadkit.reports.pyramid_influence import influence_section, succession_section
from leadkit.reports.pyramid_lines import lines_section
from leadkit.reports.pyramid_structure import obligations_section, posts_section, structure_section
from leadkit.reports.pyramid_thread import agents_section, alignment_section, levels_section, thread_section
from leadkit.reports.pyramid_tiers import tiers_section
from leadkit.reports.pyramid_wording import NOT_SHOWN, Labels
from leadkit.reports.sections import SectionsPage, gathered
from leadkit.typing import Progress

__all__ = ["pyramid_page"]

INDIVIDUALS_UP_TO = 60
ABOUT_POSTS = (
    "The pyramid describes posts and reporting lines as the table of people gives them. It does not say how well "
    "anybody works."
)
ABOUT_SCORES = "Scores describe answers, not people. " + NOT_SHOWN
DECIDES = (
    "A person decides what follows from them, best in a talk with those concerned.",
    "No decision should rest on these numbers alone.",
)
TIERS = (
    "A post's tier is that of the first rule that applies: the tier the table names; a declared top is a senior leader; "
    "so is a leader of leaders at most {depth} below a top; other leaders of leaders are middle managers; other leaders "
    "are front-line leaders; of all others, those who face customers or about whom it is not known are front-line "
    "employees, the rest support posts."
)
DOTTED = "Dotted lines enter no tier, no span and no score."
LAST = "The page describes posts and answers, not people. A person decides."
MISSING = "A missing score is never counted as 0."


def pyramid_page(
    given: PyramidFindings,
    *,
    title: str | None,
    notice: str,
    individuals: bool | None,
    picture: bool,
    progress: Progress | None,
) -> SectionsPage:
    """Gather what a report on an organisation says; `leadkit.reports.pyramid` says what the options mean."""
    organisation = given.pyramid.organisation
    names_people = organisation.n <= INDIVIDUALS_UP_TO if individuals is None else individuals
    steps = _steps(given, names_people=names_people)
    sizes = (counted(organisation.n, "post"), counted(len(organisation.root_ids), "top"))
    return SectionsPage(
        title="The inverted pyramid" if title is None else title,
        kind="Organisation",
        lead=f"{', '.join(sizes)}; customers come first.",
        notice=notice,
        reading=(ABOUT_POSTS, *((ABOUT_SCORES,) if given.has_scores else ()), *DECIDES),
        sections=gathered(steps, picture=picture, progress=progress),
        notes=Notes(methods=_methods(given), provenance=_origin(given)),
        last=LAST,
    )


def _steps(given: PyramidFindings, *, names_people: bool) -> Sequence[Callable[[], Section]]:
    """List the sections that there are, each to be made when its turn comes."""
    labels = Labels.of(given.pyramid.organisation)
    made: dict[str, Callable[[Any], Section]] = {
        "pyramid": tiers_section,
        "structure": lambda one: structure_section(one, labels, names_people=names_people),
        "obligations": obligations_section,
        "thread": thread_section,
        "levels": lambda one: levels_section(one, is_beside_lines=given.hides_levels),
        "alignment": alignment_section,
        "agents": agents_section,
        "roll_up": lambda one: lines_section(one, given.pyramid.organisation, labels),
        "diagnosis": lambda one: diagnosis_section(one, hides_mean=given.hides_mean),
        "influence": lambda one: influence_section(one, labels),
    }
    found = [(write, getattr(given, name)) for name, write in made.items()]
    steps: list[Callable[[], Section]] = [partial(write, one) for write, one in found if one is not None]
    if given.succession:
        steps.append(lambda: succession_section(given.succession, labels))
    if names_people:
        steps.append(lambda: posts_section(given.pyramid, labels))
    return steps


def _methods(given: PyramidFindings) -> tuple[str, ...]:
    depth = counted(given.pyramid.senior_depth, "step")
    return (TIERS.format(depth=depth), DOTTED, *((MISSING,) if given.has_scores else ()))


def _origin(given: PyramidFindings) -> tuple[tuple[str, str], ...]:
    least = [
        (name, getattr(getattr(given, part), attribute))
        for part, (name, attribute) in MINIMUMS.items()
        if getattr(given, part) is not None
    ]
    told = f"{least[0][1]}" if len({n for _, n in least}) == 1 else "; ".join(f"{name} {n}" for name, n in least)
    return (
        ("People (SHA-256 of all rows)", given.pyramid.organisation.digest),
        ("Counted", UNITS[given.pyramid.weights][1]),
        (
            "Deepest leader of leaders who is a senior leader",
            f"{counted(given.pyramid.senior_depth, 'step')} below a top",
        ),
        *((("Fewest people that a number shown rests on", told),) if least else ()),
        ("Made with", f"leadkit {__version__}"),
    )
