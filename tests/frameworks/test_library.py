"""Frameworks are found by name or path, in the language asked for, and a new one needs no code."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import leadkit
from leadkit import frameworks
from leadkit.assessment import Instrument
from leadkit.errors import DefinitionError, UnknownIdError
from leadkit.frameworks._files import shipped_names, shipped_text

NEW_FRAMEWORK = """
id = "shift_handover"
version = "1.0.0"
title = { en = "Shift handover", de = "Schichtübergabe" }
description = { en = "How a shift is handed over.", de = "Wie eine Schicht übergeben wird." }
source = "Example"
licence = "CC0-1.0"
status = "pilot"
note = { en = "For trial.", de = "Zur Probe." }
scale = { low = 0, high = 2, labels = [{ en = "No", de = "Nein" }, { en = "Partly", de = "Teils" }, { en = "Yes", de = "Ja" }] }

[[dimensions]]
id = "telling"
name = { en = "Telling", de = "Sagen" }
items = [
    { id = "tel1", text = { en = "I tell the next shift what is open.", de = "Ich sage, was offen ist." } },
    { id = "tel2", text = { en = "I go home early.", de = "Ich gehe zu früh." }, reverse = true },
]

[[composites]]
id = "whole"
name = { en = "Handover", de = "Übergabe" }
weights = { telling = 1 }
"""


@pytest.fixture
def new_framework(tmp_path: Path) -> Path:
    path = tmp_path / "handover.toml"
    path.write_text(NEW_FRAMEWORK, encoding="utf-8")
    return path


def test_the_seven_frameworks_are_listed_in_order() -> None:
    assert frameworks.names() == (
        "crm_culture",
        "customer_focus",
        "excellent_leader",
        "lead_without_title",
        "team_lead",
        "ved",
        "vitals",
    )


def test_every_shipped_file_is_a_framework_or_one_of_the_five_lists() -> None:
    lists = {"development_actions", "endgames", "interest_areas", "leader_message", "values"}
    assert set(shipped_names()) == {*frameworks.names(), *lists}


def test_a_framework_is_read_once() -> None:
    assert frameworks.load("ved") is frameworks.load("ved")


def test_english_is_the_language_of_what_is_shipped() -> None:
    assert frameworks.load("ved", "en") == frameworks.load("ved") == frameworks.load("ved", "en-GB")
    assert Instrument.parse(shipped_text("ved")) == frameworks.load("ved")


@pytest.mark.parametrize("read", [frameworks.load, frameworks.about])
def test_a_wrong_name_lists_the_right_ones_and_the_nearest(read: Callable[[str], object]) -> None:
    with pytest.raises(UnknownIdError) as caught:
        read("team_leed")
    message = str(caught.value)
    assert message.startswith("unknown framework 'team_leed' (did you mean 'team_lead'?)")
    assert all(name in message for name in frameworks.names())


@pytest.mark.parametrize("name", ["values", "leader_message", "endgames", "", "../ved", "VED"])
def test_what_is_no_framework_is_refused(name: str) -> None:
    with pytest.raises(UnknownIdError, match="unknown framework"):
        frameworks.load(name)


@given(st.text(max_size=30).filter(lambda text: text not in frameworks.names() and not text.endswith(".toml")))
def test_any_other_name_is_refused_in_one_way(name: str) -> None:
    with pytest.raises(UnknownIdError):
        frameworks.load(name)


def test_a_language_that_is_not_there_names_those_that_are(new_framework: Path) -> None:
    with pytest.raises(UnknownIdError, match=r"'fr'.*known: en$"):
        frameworks.load("ved", "fr")
    with pytest.raises(UnknownIdError, match=r"'fr'.*known: de, en$"):
        frameworks.load(new_framework, "fr")


@pytest.mark.parametrize("as_given", [Path, str])
def test_a_new_framework_is_one_file_and_no_code(new_framework: Path, as_given: Callable[[Path], Any]) -> None:
    instrument = frameworks.load(as_given(new_framework))
    assert (instrument.id, instrument.title, instrument.scale_ids) == (
        "shift_handover",
        "Shift handover",
        ("telling", "whole"),
    )
    assert instrument.keys().tolist() == [[1.0], [-1.0]]
    assert frameworks.about(as_given(new_framework)).languages == ("de", "en")


@pytest.mark.parametrize("tag", ["de", "de-AT", "DE"])
def test_every_text_comes_in_the_language_asked_for(new_framework: Path, tag: str) -> None:
    german = frameworks.load(new_framework, tag)
    assert (german.title, german.note, german.description, german.language) == (
        "Schichtübergabe",
        "Zur Probe.",
        "Wie eine Schicht übergeben wird.",
        "de",
    )
    assert [item.text for item in german.items] == ["Ich sage, was offen ist.", "Ich gehe zu früh."]
    assert german.scale.labels == ("Nein", "Teils", "Ja")
    assert german.hash == frameworks.load(new_framework).hash
    assert frameworks.about(new_framework, tag).title == "Schichtübergabe"


def test_a_file_in_one_other_language_loads_without_naming_it(tmp_path: Path) -> None:
    path = tmp_path / "nur_deutsch.toml"
    path.write_text(
        'id = "kurz"\nversion = "1.0.0"\nlanguage = "de"\ntitle = "Kurz"\nsource = "Beispiel"\nlicence = "MIT"\n'
        'status = "unvalidated"\nscale = { low = 1, high = 5 }\n'
        '[[dimensions]]\nid = "a"\nname = "A"\nitems = [{ id = "a1", text = "Ich höre zu." }]\n',
        encoding="utf-8",
    )
    assert frameworks.load(path).items[0].text == "Ich höre zu."
    with pytest.raises(UnknownIdError, match="known: de"):
        frameworks.load(path, "en")


def test_a_file_dropped_beside_the_others_is_listed_and_loads(tmp_path: Path) -> None:
    package = tmp_path / "leadkit"
    shutil.copytree(Path(leadkit.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "frameworks" / "data" / "shift_handover.toml").write_text(NEW_FRAMEWORK, encoding="utf-8")
    code = "from leadkit import frameworks as f; print(*f.names()); print(f.load('shift_handover', 'de').title)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    listed, title = run.stdout.splitlines()
    assert listed.split() == sorted([*frameworks.names(), "shift_handover"])
    assert title == "Schichtübergabe"


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "handover.toml"
    path.write_text(NEW_FRAMEWORK, encoding="utf-8-sig")
    assert frameworks.load(path).id == "shift_handover"


def test_a_changed_file_is_read_again(new_framework: Path) -> None:
    before = frameworks.load(new_framework)
    new_framework.write_text(NEW_FRAMEWORK.replace("1.0.0", "1.1.0"), encoding="utf-8")
    assert (before.version, frameworks.load(new_framework).version) == ("1.0.0", "1.1.0")


def test_every_fault_of_a_file_is_reported_with_its_path(new_framework: Path) -> None:
    text = NEW_FRAMEWORK.replace("reverse = true", "revers = true").replace('status = "pilot"', 'status = "tried"')
    new_framework.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        frameworks.load(new_framework)
    message = str(caught.value)
    assert message.startswith(f"{new_framework}: 2 faults")
    assert "dimensions[0].items[1]: unknown key 'revers' (did you mean 'reverse'?)" in message
    assert "status: expected one of 'unvalidated', 'pilot', 'validated', got 'tried'" in message
    assert len(caught.value.faults) == 2


def test_what_is_not_toml_or_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("id = ", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"broken\.toml: this is not TOML"):
        frameworks.load(path)
    path.write_bytes("title = 'Übergabe'".encode("latin-1"))
    with pytest.raises(DefinitionError, match=r"broken\.toml: this is not UTF-8 text: byte 9 is 0xdc"):
        frameworks.load(path)


def test_a_file_that_is_not_there_is_an_ordinary_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        frameworks.load(tmp_path / "missing.toml")
    with pytest.raises(FileNotFoundError):
        frameworks.about("missing.toml")


@given(
    position=st.integers(0, len(NEW_FRAMEWORK)),
    removed=st.integers(0, 12),
    added=st.text(max_size=6) | st.sampled_from(["[[", "]", "id = 1\n", "'''", "low = true\n"]),
)
def test_a_damaged_file_loads_or_is_a_definition_error(position: int, removed: int, added: str) -> None:
    damaged = NEW_FRAMEWORK[:position] + added + NEW_FRAMEWORK[position + removed :]
    with TemporaryDirectory() as folder:
        path = Path(folder, "damaged.toml")
        path.write_bytes(damaged.encode("utf-8", errors="replace"))
        outcome: Instrument | Exception
        try:
            outcome = frameworks.load(path)
        except (DefinitionError, UnknownIdError) as error:
            outcome = error
    if isinstance(outcome, DefinitionError):
        assert str(path) in str(outcome)
    elif isinstance(outcome, UnknownIdError):
        assert "language" in str(outcome)
    else:
        assert outcome.n_items <= 2


@pytest.mark.parametrize("name", frameworks.names())
def test_keys_and_wording_are_those_of_the_recorded_version(name: str, golden: Callable[[str], Any]) -> None:
    instrument = frameworks.load(name)
    texts = [[item.id, item.text, item.observer_text] for item in instrument.items]
    wording = json.dumps([texts, list(instrument.scale.labels)], ensure_ascii=True)
    found = {
        "version": instrument.version,
        "hash": instrument.hash,
        "wording": hashlib.sha256(wording.encode("ascii")).hexdigest(),
    }
    assert found == golden("frameworks/hashes.json")["frameworks"][name], (
        "changed keys, scale or wording make a new major version: bump it and record it in hashes.json"
    )


def test_every_recorded_framework_is_still_shipped(golden: Callable[[str], Any]) -> None:
    assert sorted(golden("frameworks/hashes.json")["frameworks"]) == list(frameworks.names())
