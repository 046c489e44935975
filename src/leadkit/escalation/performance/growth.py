"""Where a member can grow: what the pilot found, and what is on offer for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, member_faults
from leadkit._results import Result
from leadkit.errors import Fault, UnknownIdError
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.pilot.evaluation import PilotEvaluation, PilotRow
from leadkit.skills import ActionKind, DevelopmentAction, SkillMatrix

__all__ = ["GrowthArea", "Skills", "as_skills", "growth_areas", "skill_faults"]

Skills: TypeAlias = Matrix | SkillMatrix | Mapping[str, Iterable[str]]
"""What tells the skills of a domain: an escalation matrix, skills that are domains themselves, or domain to skills."""

KINDS: tuple[ActionKind, ...] = get_args(ActionKind)


@frozen(kw_only=True, eq=False)
class GrowthArea(Result):
    """Something a member can learn, with the reason and the offers.

    Parameters
    ----------
    domain : str or None
        The domain; None where the member as a whole is to be coached.
    evidence : PilotRow
        What the pilot found.
    actions : tuple of DevelopmentAction
        The offers for the skills of the domain that would bring the member further: by kind (training, certification,
        management development, research assignment, coaching), then hours, then id. For coaching those of that kind.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import member_report, periods, pilot_outcomes
    >>> log, offers = samples.tickets(450), samples.development_actions()
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> found = {"outcomes": pilot_outcomes(log), "catalogue": offers, "skills": samples.escalation_matrix()}
    >>> area = member_report(log, "boris", periods=months, **found).growth[0]
    >>> area.domain, area.evidence.verdict, area.actions[0].name
    ('network', 'train', 'Network: course')
    """

    domain: str | None
    evidence: PilotRow
    actions: tuple[DevelopmentAction, ...] = field(converter=as_tuple)


def growth_areas(
    evaluation: PilotEvaluation, person: str, catalogue: Iterable[DevelopmentAction], skills: Skills | None
) -> tuple[GrowthArea, ...]:
    """List where a member can grow, by domain, the member as a whole last."""
    offers = sorted(catalogue, key=lambda action: (KINDS.index(action.kind), action.hours, action.id))
    cells = [row for row in evaluation.cells if row.person == person]
    areas = [
        GrowthArea(domain=row.domain, evidence=row, actions=_for(row.domain, offers, person, skills))
        for row in cells
        if row.verdict == "train" and row.domain is not None
    ]
    for row in evaluation.people:
        if row.person == person and row.verdict == "coach":
            wanted = {
                action.id for cell in cells if cell.domain for action in _for(cell.domain, offers, person, skills)
            }
            actions = [action for action in offers if action.kind == "coaching" and action.id in wanted]
            areas.append(GrowthArea(domain=None, evidence=row, actions=tuple(actions)))
    return tuple(areas)


def as_skills(skills: Any) -> Any:
    """Read the lists of a mapping once; what is none stays as it is, for the check to name."""
    return {domain: as_tuple(own) for domain, own in skills.items()} if isinstance(skills, Mapping) else skills


def skill_faults(catalogue: object, skills: object) -> list[Fault]:
    """Refuse a catalogue that holds something else, and what tells no skills of domains."""
    faults = member_faults(catalogue, DevelopmentAction, "catalogue", "DevelopmentAction")
    if skills is None or isinstance(skills, Matrix | SkillMatrix):
        return faults
    if not isinstance(skills, Mapping):
        what = f"expected a Matrix, a SkillMatrix or a mapping of domains to skills, got {type(skills).__name__}"
        return [*faults, Fault("skills", what)]
    for domain, own in skills.items():
        faults += id_faults(domain, "skills")
        where = f"skills[{domain!r}]"
        if not isinstance(own, tuple):
            faults.append(Fault(where, f"expected a list of skills, got {own!r}"))
        else:
            faults += [fault for place, one in enumerate(own) for fault in id_faults(one, f"{where}[{place}]")]
    return faults


def _for(
    domain: str, offers: list[DevelopmentAction], person: str, skills: Skills | None
) -> tuple[DevelopmentAction, ...]:
    """Choose the offers for a domain that would bring the person further, as far as that is known."""
    wanted = _skills_of(domain, skills)
    held: SkillMatrix | None = skills.skills if isinstance(skills, Matrix) else None
    if isinstance(skills, SkillMatrix):
        held = skills
    return tuple(
        action
        for action in offers
        if action.skill in wanted and (held is None or not _level(held, person, action.skill) >= action.reaches)
    )


def _skills_of(domain: str, skills: Skills | None) -> frozenset[str]:
    if isinstance(skills, Matrix):
        own: Any = {one.id: one.skills for one in skills.domains}
    elif isinstance(skills, Mapping):
        own = skills
    else:
        return frozenset((domain,))
    if domain not in own:
        raise UnknownIdError.of(domain, own, kind="domain")
    return frozenset(own[domain])


def _level(held: SkillMatrix, person: str, skill: str) -> float:
    """Give the level that a person has; NaN where nothing is known of it."""
    return held.level(person, skill) if person in held.people and skill in held.skills else float("nan")
