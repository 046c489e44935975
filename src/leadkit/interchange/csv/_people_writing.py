"""The columns of an organisation as texts, in the words of a profile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from leadkit.interchange.csv._cells import score_texts
from leadkit.interchange.csv._people_cells import joined
from leadkit.interchange.csv._people_header import attribute_header
from leadkit.interchange.csv._people_profiles import COLUMN_OF, NEEDED, Profile, header_key
from leadkit.org import Organisation

__all__ = ["columns_of_profile", "own_columns"]

TRUTHS = {True: "true", False: "false", None: ""}
DEFAULTS = {"holders": "1", "status": "active", "shareable": "false"}


def own_columns(organisation: Organisation, profile: Profile) -> dict[str, list[str]]:
    """Give headers and texts of everything: facts that some row tells, then attributes."""
    columns: dict[str, list[str]] = {}
    for fact in COLUMN_OF:
        texts = _texts(organisation, fact, profile)
        if fact in NEEDED or set(texts) - {DEFAULTS.get(fact, "")}:
            columns[fact] = texts
    attributes = {
        name: texts
        for name, values in sorted(organisation.column("attributes").items())
        if any(texts := _or_nothing(values))
    }
    keys = Counter(map(header_key, attributes))
    taken = {*map(header_key, COLUMN_OF), *(key for key, n in keys.items() if n > 1)}
    return columns | {attribute_header(name, taken, profile): texts for name, texts in attributes.items()}


def columns_of_profile(organisation: Organisation, profile: Profile) -> dict[str, list[str]]:
    """Give headers and texts of what another system's file can say, its dates among it where they were read from one."""
    columns = {header: _texts(organisation, fact, profile) for fact, header in profile.headers.items()}
    attributes = organisation.column("attributes")
    nothing = [""] * organisation.n
    dates = [name for name in (profile.starts, profile.ends) if name]
    return columns | {name: _or_nothing(attributes[name]) if name in attributes else nothing for name in dates}


def _texts(organisation: Organisation, fact: str, profile: Profile) -> list[str]:
    if fact == "dotted_manager_ids":
        return _dotted(organisation)
    values = organisation.column(COLUMN_OF[fact])
    if fact == "manager_id":
        return _or_nothing(values, instead=_root_token(organisation, profile))
    if fact == "fte":
        # adding zero makes -0.0, which a spreadsheet would take for a formula, 0.0
        return score_texts(values + 0.0)
    if fact == "serves":
        return list(map(joined, values))
    if fact == "status":
        return [profile.status_texts[status] for status in values.tolist()]
    if fact == "tier":
        return ["" if tier is None else tier.name for tier in values.tolist()]
    if fact in {"customer_facing", "formal_leader", "shareable"}:
        return [TRUTHS[value] for value in values.tolist()]
    if fact == "holders":
        return list(map(str, values.tolist()))
    return _or_nothing(values)


def _or_nothing(values: Iterable[str | None], *, instead: str = "") -> list[str]:
    return [instead if text is None else text for text in values]


def _root_token(organisation: Organisation, profile: Profile) -> str:
    """Choose what stands for no manager: the first token that is nobody's id, or else nothing."""
    ids = set(organisation.ids)
    return next((token for token in profile.root_tokens if token not in ids), "")


def _dotted(organisation: Organisation) -> list[str]:
    managers: defaultdict[str, list[str]] = defaultdict(list)
    for own, manager in zip(*(side.tolist() for side in organisation.column("dotted")), strict=True):
        managers[own].append(manager)
    return [joined(managers.get(own, ())) for own in organisation.ids]
