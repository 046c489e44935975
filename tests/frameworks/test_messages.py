"""The rubric of the leader's and the manager's message."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from leadkit import frameworks
from leadkit.errors import DefinitionError, UnknownIdError
from leadkit.frameworks import MessageCode, MessageRubric, PracticeMessage
from leadkit.frameworks._files import shipped_text


def test_the_rubric_is_read_once_and_gives_its_codes() -> None:
    rubric = frameworks.message_rubric()
    assert rubric is frameworks.message_rubric()
    assert frameworks.message_codes() == rubric.codes
    assert rubric.licence == "MIT"
    assert "not been validated" in rubric.note


def test_the_two_sides_have_as_many_codes_so_that_all_of_them_balance() -> None:
    sides = [code.side for code in frameworks.message_codes()]
    assert sides.count("leader") == sides.count("manager") == 5


def test_the_codes_named_by_the_framework_are_there_on_their_side() -> None:
    sides = {code.id: code.side for code in frameworks.message_codes()}
    assert all(sides[name] == "leader" for name in ("ambition", "reason", "shared_effort", "belief_in_the_team"))
    assert all(sides[name] == "manager" for name in ("target_first", "deadline", "method", "pressure"))
    assert sides["target_last"] == "leader"


def test_descriptions_and_examples_are_unique_sentences() -> None:
    texts = [text for code in frameworks.message_codes() for text in (code.description, code.example)]
    assert len(set(texts)) == len(texts)
    assert all(text[0].isupper() and text.endswith(".") for text in texts)


def test_practice_messages_show_each_side_alone_a_mixture_and_every_code() -> None:
    rubric = frameworks.message_rubric()
    sides = [{rubric.code(name).side for name in message.codes} for message in rubric.practice]
    assert {"leader"} in sides
    assert {"manager"} in sides
    assert {"leader", "manager"} in sides
    assert {name for message in rubric.practice for name in message.codes} == set(rubric.code_ids)


def test_no_practice_message_has_its_target_first_and_last() -> None:
    for message in frameworks.message_rubric().practice:
        assert len({"target_first", "target_last"} & set(message.codes)) == 1


def test_a_wrong_code_names_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown code 'ambitions' \(did you mean 'ambition'\?\)"):
        frameworks.message_rubric().code("ambitions")


def test_a_rubric_of_ones_own_is_read_as_strictly(tmp_path: Path) -> None:
    path = tmp_path / "rubric.toml"
    path.write_text(shipped_text("leader_message").replace('title = "', 'title = "Our '), encoding="utf-8")
    assert frameworks.message_rubric(path).title == "Our Leader's message, manager's message"
    path.write_text(shipped_text("leader_message").replace('side = "leader"', 'side = "leaders"', 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"codes\[0\]\.side: expected one of 'leader', 'manager', got 'leaders'"):
        frameworks.message_rubric(str(path))


def test_a_rubric_says_everything_that_is_wrong_with_it() -> None:
    rubric = frameworks.message_rubric()
    practice = PracticeMessage(id="one", text="Go.", codes=["deadlin"])
    with pytest.raises(DefinitionError) as caught:
        attrs.evolve(rubric, title="", codes=[rubric.code("deadline")] * 2, practice=[practice, practice])
    assert [str(fault) for fault in caught.value.faults] == [
        "title: expected a text that is not empty, got ''",
        "codes: id 'deadline' is there more than once",
        "codes: no code of the side 'leader'",
        "practice: id 'one' is there more than once",
        "practice[0].codes: unknown code 'deadlin' (did you mean 'deadline'?)",
        "practice[1].codes: unknown code 'deadlin' (did you mean 'deadline'?)",
    ]


def test_codes_and_practice_messages_check_themselves() -> None:
    with pytest.raises(DefinitionError, match=r"code 'a': side: expected one of 'leader', 'manager', got 'boss'"):
        MessageCode(id="a", name="A", side="boss", description="D.", example="E.")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="practice message 'p': codes: 'reason' is there more than once"):
        PracticeMessage(id="p", text="Go.", codes=["reason", "reason"])


def test_practice_messages_are_optional_and_the_notebook_view_is_escaped() -> None:
    codes = [
        MessageCode(id="why", name="<Why>", side="leader", description="Says why.", example="Because."),
        MessageCode(id="when", name="When", side="manager", description="Says when.", example="Now."),
    ]
    rubric = MessageRubric(title="Short", version="1.0.0", source="Us", licence="MIT", note="-", codes=codes)
    assert rubric.practice == ()
    assert rubric.code_ids == ("why", "when")
    assert "&lt;Why&gt;" in rubric._repr_html_()
