"""The wording of every questionnaire keeps the rules that make it worth answering."""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple

import pytest

from leadkit import frameworks
from leadkit.assessment import Dimension, Instrument, Item

SUBJECTS = {
    "crm_culture": "this team",
    "customer_focus": "this leader",
    "excellent_leader": "this leader",
    "lead_without_title": "this person",
    "team_lead": "this team lead",
    "ved": "this leader",
    "vitals": "this leader",
}
N_DIMENSIONS = {
    "crm_culture": 4,
    "customer_focus": 11,
    "excellent_leader": 10,
    "lead_without_title": 6,
    "team_lead": 14,
    "ved": 7,
    "vitals": 6,
}
COMPOSITES = {
    "crm_culture": {
        "material_service": {"delivery_process", "recovery_improvement"},
        "personal_service": {"developing_people", "managers_as_change_agents"},
    },
    "customer_focus": {},
    "excellent_leader": {},
    "lead_without_title": {
        "persuasive": {
            "influence",
            "persuasion",
            "respect",
            "emotional_intelligence",
            "empowerment",
            "serving_the_boss",
        }
    },
    "team_lead": {},
    "ved": {
        "leadership": {"vision", "engagement", "delivery"},
        "management": {"planning", "organising", "monitoring", "reviewing"},
    },
    "vitals": {},
}
FREQUENCY = ("Never", "Rarely", "Sometimes", "Often", "Always")
TRUTH = ("Not at all true", "Slightly true", "Partly true", "Mostly true", "Completely true")

MOST_WORDS = 20
NEGATIONS = re.compile(
    r"\b(not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|hardly|\w+n't)\b", re.IGNORECASE
)
FREQUENCIES = re.compile(
    r"\b(always|never|often|rarely|seldom|sometimes|usually|normally|regularly|frequently|constantly|every day)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(synerg\w*|leverag\w*|stakeholder\w*|kpis?|proactive\w*|paradigm\w*|holistic\w*|bandwidth|deliverable\w*|"
    r"empower\w*|facilitat\w*|align\w*|optimi[sz]\w*|incentivi[sz]\w*|granular\w*|touchpoint\w*|actionable|agile)\b",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(\w+iz(e|es|ed|ing|ation)|behavior\w*|color\w*|favor\w*|honor\w*|practicing|center)\b", re.IGNORECASE
)
OPENING_CLAUSE = r"(?:(?:When|Before|After|If|At|In|Halfway) [^,]+, )?"
FIRST_PERSON_START = re.compile(rf"^(?:{OPENING_CLAUSE}(?:I|we)\b|(?:I|My|We|Our)\b)")
FIRST_PERSON = re.compile(r"\b(I|me|my|mine|myself|we|us|our|ours|ourselves)\b", re.IGNORECASE)
SECOND_PERSON = re.compile(r"\b(you|your|yours)\b", re.IGNORECASE)


class Placed(NamedTuple):
    """An item and where it stands."""

    framework: str
    dimension: Dimension
    item: Item


def placed_items() -> list[Placed]:
    return [
        Placed(name, dimension, item)
        for name in frameworks.names()
        for dimension in frameworks.load(name).dimensions
        for item in dimension.items
    ]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def text_complaints(text: str) -> list[str]:
    found = []
    if len(text.split()) > MOST_WORDS:
        found.append("too long")
    if not re.fullmatch(r"[A-Z][A-Za-z',-]*(?: [A-Za-z',-]+)*\.", text):
        found.append("not one plain sentence")
    if len(re.findall(r"\b(?:and|or)\b", text)) > 1:
        found.append("more than one idea")
    for name, pattern in (("frequency", FREQUENCIES), ("jargon", JARGON), ("american", AMERICAN)):
        found += [f"{name}: {hit.group()}" for hit in pattern.finditer(text)]
    return found


def item_complaints(item: Item, subject: str) -> list[str]:
    text, observed = str(item.text), str(item.observer_text or "")
    found = text_complaints(text) + text_complaints(observed)
    if not FIRST_PERSON_START.match(text):
        found.append("not in the first person")
    if not re.match(rf"{OPENING_CLAUSE}{subject}\b", observed, re.IGNORECASE):
        found.append(f"the observer does not read about {subject}")
    if FIRST_PERSON.search(observed) or SECOND_PERSON.search(text + observed):
        found.append("mixed persons")
    if len(NEGATIONS.findall(text)) > (0 if item.reverse else 1):
        found.append("double negative")
    return found


@pytest.mark.parametrize("placed", placed_items(), ids=lambda placed: f"{placed.framework}-{placed.item.id}")
def test_every_item_keeps_the_rules_of_wording(placed: Placed) -> None:
    assert item_complaints(placed.item, SUBJECTS[placed.framework]) == []


@pytest.mark.parametrize(
    ("text", "observer_text", "reverse", "complaint"),
    [
        ("People are told the goal.", "This leader tells people the goal.", False, "not in the first person"),
        ("I tell people the goal.", "People are told the goal.", False, "the observer does not read about this leader"),
        ("I tell people the goal.", "This leader tells our people the goal.", False, "mixed persons"),
        ("I do not tell people the goal.", "This leader hides the goal.", True, "double negative"),
        ("I never say that nobody cares.", "This leader says who cares.", False, "double negative"),
        ("I often tell people the goal.", "This leader tells people the goal.", False, "frequency: often"),
        ("I leverage the team.", "This leader uses the team.", False, "jargon: leverage"),
        ("I organize the team.", "This leader organises the team.", False, "american: organize"),
        ("I say it and do it or leave it.", "This leader says it.", False, "more than one idea"),
        ("I say it; then I do it.", "This leader says it.", False, "not one plain sentence"),
        ("I " + "go " * 20 + "on.", "This leader goes on.", False, "too long"),
    ],
)
def test_the_rules_of_wording_find_a_breach(text: str, observer_text: str, reverse: bool, complaint: str) -> None:
    item = Item(id="a1", text=text, observer_text=observer_text, reverse=reverse)
    assert complaint in item_complaints(item, "this leader")


@pytest.mark.parametrize("name", frameworks.names())
def test_every_file_says_what_it_is_and_that_it_is_not_validated(name: str) -> None:
    instrument = frameworks.load(name)
    assert instrument.id == name
    assert (instrument.licence, instrument.status, instrument.language) == ("MIT", "unvalidated", "en")
    assert "has not been validated" in str(instrument.note)
    assert len(str(instrument.description).split(". ")) >= 2
    assert instrument.source


@pytest.mark.parametrize("name", frameworks.names())
def test_answers_run_from_one_to_five_and_every_one_has_a_label(name: str) -> None:
    scale = frameworks.load(name).scale
    assert (scale.low, scale.high) == (1, 5)
    assert scale.labels == (TRUTH if name in {"vitals", "crm_culture"} else FREQUENCY)


@pytest.mark.parametrize("name", frameworks.names())
def test_a_dimension_has_enough_items_and_at_least_one_reversed(name: str) -> None:
    least = 6 if name == "vitals" else 4
    for dimension in frameworks.load(name).dimensions:
        assert len(dimension.items) >= least, dimension.id
        assert any(item.reverse for item in dimension.items), dimension.id
        assert sum(item.reverse for item in dimension.items) <= len(dimension.items) // 3, dimension.id
        assert dimension.description, dimension.id


@pytest.mark.parametrize("name", frameworks.names())
def test_about_one_item_in_five_is_reversed(name: str) -> None:
    items = frameworks.load(name).items
    assert 0.15 <= sum(item.reverse for item in items) / len(items) <= 0.25


@pytest.mark.parametrize("name", frameworks.names())
def test_dimensions_and_composites_are_those_of_the_framework(name: str) -> None:
    instrument = frameworks.load(name)
    assert len(instrument.dimensions) == N_DIMENSIONS[name]
    assert {part.id: set(part.weights) for part in instrument.composites} == COMPOSITES[name]
    assert all(weight == 1.0 for part in instrument.composites for weight in part.weights.values())


def test_vitals_follows_its_letters_and_ved_its_parts() -> None:
    assert frameworks.load("vitals").dimension_ids == (
        "values",
        "interests",
        "temperament",
        "around_the_clock",
        "life_mission",
        "strengths",
    )
    assert frameworks.load("ved").dimension_ids == (
        "vision",
        "engagement",
        "delivery",
        "planning",
        "organising",
        "monitoring",
        "reviewing",
    )


def test_temperament_has_two_items_a_facet_and_nothing_else_has_facets() -> None:
    facets = [(placed.dimension.id, placed.item.facet) for placed in placed_items() if placed.item.facet]
    assert sorted(facets) == [
        ("temperament", facet)
        for facet in ("composure", "composure", "directness", "directness", "patience", "patience")
    ]


def test_no_sentence_stands_twice_in_all_the_files() -> None:
    sentences = [" ".join(words_of(str(text))) for p in placed_items() for text in (p.item.text, p.item.observer_text)]
    assert len(set(sentences)) == len(sentences) == 2 * 269


def test_no_two_items_say_nearly_the_same() -> None:
    items = [(placed.item.id, frozenset(words_of(str(placed.item.text)))) for placed in placed_items()]
    near = [(first, second) for (first, a), (second, b) in combinations(items, 2) if len(a & b) / len(a | b) > 0.7]
    assert near == []


def test_the_observer_reads_the_same_behaviour() -> None:
    def stems(text: object) -> set[str]:
        return {word[:4] for word in words_of(str(text)) if len(word) >= 4}

    apart = [
        placed.item.id
        for placed in placed_items()
        if len(stems(placed.item.text) & stems(placed.item.observer_text)) < 0.5 * len(stems(placed.item.text))
    ]
    assert apart == []


def test_item_ids_are_short_and_number_through_their_dimension() -> None:
    for name in frameworks.names():
        for dimension in frameworks.load(name).dimensions:
            prefixes = {item.id.rstrip("0123456789") for item in dimension.items}
            assert len(prefixes) == 1, dimension.id
            assert [item.id for item in dimension.items] == [
                f"{prefix}{number}" for prefix in prefixes for number in range(1, len(dimension.items) + 1)
            ]
            assert all(len(item.id) <= 6 for item in dimension.items)


def test_every_instrument_is_told_from_every_other_by_its_hash() -> None:
    hashes = {frameworks.load(name).hash for name in frameworks.names()}
    assert len(hashes) == len(frameworks.names())


def test_loading_gives_an_instrument() -> None:
    assert all(isinstance(frameworks.load(name), Instrument) for name in frameworks.names())
