"""What a matrix cannot be made of: levels that do not follow each other, and names that lead nowhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from leadkit._checks import id_faults, member_faults, word_faults
from leadkit._fields import repeated
from leadkit.errors import Fault, did_you_mean
from leadkit.escalation.matrix.rules import Domain, LevelRule
from leadkit.skills import SkillMatrix

__all__ = ["PLACEMENTS", "part_faults"]

PLACEMENTS: Final = ("highest", "all")


def part_faults(skills: Any, levels: Any, domains: Any, owners: Any, placement: object) -> list[Fault]:
    """List everything that is wrong with the parts of a matrix, each by itself and beside the others."""
    of_levels = _list_faults(levels, LevelRule, "levels", "LevelRule")
    of_domains = _list_faults(domains, Domain, "domains", "Domain")
    faults = of_levels + of_domains + word_faults(placement, PLACEMENTS, "placement")
    if not isinstance(skills, SkillMatrix):
        faults.insert(0, Fault("skills", f"expected a SkillMatrix, got {skills!r}"))
    else:
        if not of_levels:
            faults += _level_faults(levels, skills.skills)
        if not of_domains:
            for domain in domains:
                faults += _unknown_skills(domain.skills, f"domain {domain.id!r}", skills.skills)
                faults += [] if of_levels else _overflows(domain, levels)
    return faults + _owner_faults(owners, None if of_domains else [domain.id for domain in domains])


def _list_faults(parts: Any, kind: type, where: str, word: str) -> list[Fault]:
    """Refuse what is no list of models with ids of their own, or an empty one."""
    if isinstance(parts, tuple) and not parts:
        return [Fault(where, f"expected at least one {word}, got none")]
    faults = member_faults(parts, kind, where, word)
    if faults:
        return faults
    return [Fault(where, f"id {own!r} is there more than once") for own in repeated(part.id for part in parts)]


def _level_faults(levels: Sequence[LevelRule], skills: Sequence[str]) -> list[Fault]:
    faults = []
    for level in levels:
        faults += _unknown_skills(level.by_skill, f"level {level.id!r}, by_skill", skills)
    ranks = sorted(level.rank for level in levels)
    if ranks != list(range(1, len(levels) + 1)):
        told = ", ".join(map(str, ranks))
        return [*faults, Fault("levels", f"expected the ranks 1 to {len(levels)}, each once, got {told}")]
    for lower, upper in pairwise(sorted(levels, key=lambda level: level.rank)):
        faults += _falling(lower, upper, skills)
    return faults


def _falling(lower: LevelRule, upper: LevelRule, skills: Sequence[str]) -> list[Fault]:
    """Refuse a level that asks for less than the one below it."""
    return [
        Fault(
            f"levels {lower.id!r} and {upper.id!r}, skill {skill!r}",
            f"the threshold falls from {lower.threshold_of(skill):g} to {upper.threshold_of(skill):g}",
        )
        for skill in skills
        if upper.threshold_of(skill) < lower.threshold_of(skill)
    ]


def _unknown_skills(named: Mapping[str, float], where: str, skills: Sequence[str]) -> list[Fault]:
    known = set(skills)
    return [
        Fault(where, f"unknown skill {skill!r}{did_you_mean(skill, skills)}") for skill in named if skill not in known
    ]


def _overflows(domain: Domain, levels: Sequence[LevelRule]) -> list[Fault]:
    """Refuse offsets that lift a threshold beyond every number."""
    return [
        Fault(f"domain {domain.id!r}, skill {skill!r}", f"offset {offset:g} is too large for level {level.id!r}")
        for skill, offset in domain.skills.items()
        for level in levels
        if math.isinf(level.threshold_of(skill) + offset)
    ]


def _owner_faults(owners: object, domains: Sequence[str] | None) -> list[Fault]:
    if not isinstance(owners, Mapping):
        return [Fault("owners", f"expected a mapping of domains to lists of ids, got {owners!r}")]
    faults = []
    for domain, chain in owners.items():
        where = f"owners of {domain!r}"
        if domains is not None and domain not in domains:
            faults.append(Fault(where, f"unknown domain {domain!r}{did_you_mean(domain, domains)}"))
        if not isinstance(chain, tuple) or not chain:
            faults.append(Fault(where, f"expected a list of ids, the first to be asked in front, got {chain!r}"))
            continue
        of_ids = [fault for place, own in enumerate(chain) for fault in id_faults(own, f"{where}[{place}]")]
        faults += of_ids or [Fault(where, f"{own!r} is there more than once") for own in repeated(chain)]
    return faults
