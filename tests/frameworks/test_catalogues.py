"""The lists beside the questionnaires are complete, consistent and read strictly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
import pytest

from leadkit import frameworks
from leadkit.errors import DefinitionError, UnknownIdError
from leadkit.frameworks import Catalogue, DevelopmentEntry, EndgameEntry, InterestArea, ValueEntry

LOADERS: list[Callable[..., Catalogue[Any]]] = [
    frameworks.development_actions,
    frameworks.values,
    frameworks.interest_areas,
    frameworks.endgames,
]
HEAD = 'title = "Own"\nversion = "1.0.0"\nsource = "Us"\nlicence = "MIT"\nnote = "Ours."\n'
ACTION = """
[[entries]]
id = "reading_circle"
name = "Reading circle"
description = "Four people read and meet."
develops = ["interests", "vision"]
hours = 6
cost = 0.5
cost_unit = "day_rates_per_person"
"""


@pytest.mark.parametrize("loader", LOADERS)
def test_a_list_is_read_once_and_says_where_it_comes_from(loader: Callable[..., Catalogue[Any]]) -> None:
    catalogue = loader()
    assert catalogue is loader()
    assert catalogue.licence == "MIT"
    assert catalogue.source
    assert catalogue.note.endswith(".")
    assert tuple(catalogue) == catalogue.entries
    assert len(catalogue) == len(set(catalogue.ids)) == len(catalogue.ids)


@pytest.mark.parametrize("loader", LOADERS)
def test_names_and_descriptions_are_unique_plain_sentences(loader: Callable[..., Catalogue[Any]]) -> None:
    records = loader().to_records()
    for key in {"name", "description", "statement"} & set(records[0]):
        texts = [record[key] for record in records]
        assert len(set(texts)) == len(texts)
        assert all(text[0].isupper() for text in texts)
        assert key == "name" or all(text.endswith(".") for text in texts)


def test_the_lists_are_of_the_promised_size_and_kind() -> None:
    assert len(frameworks.values()) == 32
    assert len(frameworks.interest_areas()) == 17
    assert len(frameworks.development_actions()) == 26
    assert len(frameworks.endgames()) == 6
    kinds = [type(loader().entries[0]) for loader in LOADERS]
    assert kinds == [DevelopmentEntry, ValueEntry, InterestArea, EndgameEntry]


def test_actions_named_by_the_framework_are_there() -> None:
    assert {
        "coaching",
        "certification",
        "management_development_programme",
        "research_assignment",
        "shadowing",
        "team_outing",
    } <= set(frameworks.development_actions().ids)


def test_every_dimension_of_every_framework_has_an_action_and_no_action_an_unknown_one() -> None:
    dimensions = set(chain.from_iterable(frameworks.load(name).dimension_ids for name in frameworks.names()))
    developed = set(chain.from_iterable(action.develops for action in frameworks.development_actions()))
    assert developed == dimensions


def test_an_action_develops_few_things_and_each_once() -> None:
    for action in frameworks.development_actions():
        assert 2 <= len(action.develops) <= 6, action.id
        assert len(set(action.develops)) == len(action.develops), action.id
        assert action.hours > 0


def test_the_endgames_named_by_the_framework_are_there_with_their_targets() -> None:
    goals = {goal.id: (goal.target, goal.direction) for goal in frameworks.endgames()}
    assert goals["full_satisfaction"] == (100.0, "high")
    assert goals["full_retention"] == (100.0, "high")
    assert goals["zero_complaints"] == (0.0, "low")
    assert {"money_back_guarantee", "customer_delight"} <= set(goals)
    assert all(0 <= goal.target <= 100 for goal in frameworks.endgames() if goal.unit == "percent")


def test_an_entry_is_found_by_its_id_and_a_wrong_id_names_the_nearest() -> None:
    assert frameworks.values().entry("courage").name == "Courage"
    with pytest.raises(UnknownIdError, match=r"unknown entry 'curage' \(did you mean 'courage'\?\)"):
        frameworks.values().entry("curage")


@pytest.mark.parametrize("as_given", [Path, str])
def test_a_list_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path, as_given: Callable[[Path], Any]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + ACTION, encoding="utf-8-sig")
    (action,) = frameworks.development_actions(as_given(path))
    assert (action.hours, action.cost, action.develops) == (6.0, 0.5, ("interests", "vision"))


@pytest.mark.parametrize("loader", [frameworks.values, frameworks.interest_areas])
def test_named_lists_of_ones_own_are_read_too(tmp_path: Path, loader: Callable[..., Catalogue[Any]]) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[[entries]]\nid = "play"\nname = "Play"\ndescription = "To play."\n', encoding="utf-8")
    assert loader(path).ids == ("play",)


def test_an_endgame_of_ones_own_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    entry = attrs.asdict(frameworks.endgames().entry("promises_kept")) | {"target": 95}
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in entry.items()]
    path.write_text(HEAD + "[[entries]]\n" + "\n".join(lines), encoding="utf-8")
    assert frameworks.endgames(path).entry("promises_kept").target == 95.0


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("hours = 6", "hour = 6", "entries[0]: unknown key 'hour' (did you mean 'hours'?)"),
        ("hours = 6", "", "entries[0]: 'hours' is missing"),
        ("hours = 6", 'hours = "6"', "entries[0].hours: expected a number, got '6'"),
        ("hours = 6", "hours = -1", "entries[0].hours: expected a number of at least 0, got -1.0"),
        ("hours = 6", "hours = nan", "entries[0].hours: expected a finite number, got nan"),
        ("cost = 0.5", "cost = -0.5", "entries[0].cost: expected a number of at least 0, got -0.5"),
        ("_per_person", "_per_persons", "did you mean 'day_rates_per_person'?"),
        ('["interests", "vision"]', "[]", "entries[0].develops: expected the id of at least one dimension"),
        ('"vision"]', '"Vision"]', "entries[0].develops[1]: 'Vision' is not an identifier"),
        ('"reading_circle"', '"reading circle"', "entries[0].id: 'reading circle' is not an identifier"),
        ('"Reading circle"', '" "', "entries[0].name: expected a text that is not empty"),
        ('licence = "MIT"', "", "'licence' is missing"),
        ('note = "Ours."', 'note = ""', "note: expected a text that is not empty"),
        ('title = "Own"', 'title = "Own"\nstatus = "x"', "unknown key 'status'"),
    ],
)
def test_a_wrong_list_says_what_and_where(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = HEAD + ACTION
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        frameworks.development_actions(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


def test_all_faults_of_a_list_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        HEAD + ACTION.replace("hours = 6", "hours = -6").replace("cost = 0.5", "cost = -1"), encoding="utf-8"
    )
    with pytest.raises(DefinitionError) as caught:
        frameworks.development_actions(path)
    assert [fault.where for fault in caught.value.faults] == ["entries[0].hours", "entries[0].cost"]


def test_an_id_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + ACTION + ACTION, encoding="utf-8")
    with pytest.raises(DefinitionError, match="entries: id 'reading_circle' is there more than once"):
        frameworks.development_actions(path)


def test_a_list_without_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + "entries = []\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="entries: expected at least one entry"):
        frameworks.values(path)


def test_what_is_not_toml_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("title", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"own\.toml: this is not TOML"):
        frameworks.values(path)


def test_entries_check_themselves_when_made_in_code() -> None:
    with pytest.raises(DefinitionError, match="endgame 'calls': 2 faults"):
        EndgameEntry(
            id="calls",
            name="Calls",
            statement="Fewer calls.",
            metric="calls",
            unit="",
            target=0,
            direction="down",  # type: ignore[arg-type]
        )
    with pytest.raises(DefinitionError, match=r"value 'Joy': id: 'Joy' is not an identifier"):
        ValueEntry(id="Joy", name="Joy", description="To be glad.")


def test_records_hold_scalars_only_and_the_notebook_view_is_escaped() -> None:
    record = frameworks.development_actions().to_records()[0]
    assert record["develops"] == "self_management goals temperament accountability influence"
    assert all(isinstance(value, str | float) for value in record.values())
    risky = ValueEntry(id="risk", name="<b>Risk</b>", description="To dare.")
    catalogue = Catalogue(title="<i>", version="1.0.0", source="Us", licence="MIT", note="-", entries=[risky])
    html = catalogue._repr_html_()
    assert "&lt;b&gt;Risk" in html
    assert "<i>" not in html
