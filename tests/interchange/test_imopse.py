from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import CycleError, FormatError, LeadkitError
from leadkit.interchange.imopse import read_def, salaries
from leadkit.wbs import Need

TEXT = """==========
File name: own.def
General characteristics:
Tasks: 4
Resources: 2
Precedence relations: 3
Number of skill types: 3
==========
ResourceID \t Salary \t Skills
1\t \t \t56.0\t \t Q1: 0 \t  Q2: 1 \t
2\t \t \t53\t \t Q10:2 Q1 : 2
==========
TaskID \t Duration \t Skill \t Predecessor IDs
1\t \t \t37\t Q2: 1\t \t
2\t \t \t0\t Q1:2\t \t
3\t \t \t21\t Q10 : 1\t \t1\t2
4\t \t \t23\t Q1: 0\t \t3
==========
"""


def test_a_file_becomes_a_problem_with_people() -> None:
    problem = read_def(TEXT)
    assert problem.ids == ("1", "2", "3", "4")
    assert problem.person_ids == ("1", "2")
    assert problem.skill_ids == ("Q1", "Q2", "Q10")
    np.testing.assert_array_equal(problem.levels, [[0, 1, math.nan], [2, math.nan, 2]])
    assert problem.duration.tolist() == [37, 0, 21, 23]
    assert list(zip(problem.predecessor.tolist(), problem.successor.tolist(), strict=True)) == [(0, 2), (1, 2), (2, 3)]
    assert problem.needs[2] == (Need(skills={"Q10": 1}),)
    assert [problem.qualified(needs[0]).tolist() for needs in problem.needs] == [
        [True, False], [False, True], [False, True], [True, True],
    ]  # fmt: skip


def test_salaries_stay_within_reach() -> None:
    found = salaries(TEXT)
    assert dict(found) == {"1": 56.0, "2": 53.0}
    assert json.loads(json.dumps(dict(found))) == found


def test_blanks_line_ends_and_order_of_rows_do_not_matter() -> None:
    lines = TEXT.splitlines()
    lines[9:11] = lines[10:8:-1]
    lines[13], lines[15] = lines[15], lines[13]
    closed = re.sub(r"\s*:\s*(?=\d)", ":", TEXT)
    for text in ("\n".join(lines), closed, TEXT.replace("\n", "\r\n"), TEXT.replace("\t", " "), TEXT.replace("Q", "q")):
        assert read_def(text) == read_def(TEXT)
    assert read_def(io.StringIO(TEXT)) == read_def(TEXT)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Tasks: 4", "Task: 4", "there is no line 'Tasks: number'"),
        ("Tasks: 4", "Tasks: four", "line 4: Tasks: expected a whole number in 0..1000000000000, got 'four'"),
        ("Tasks: 4", "Tasks: 5", "TaskID: expected 5 tasks, as the head says, got 4"),
        ("Resources: 2", "Resources: 3", "ResourceID: expected 3 resources, as the head says, got 2"),
        ("relations: 3", "relations: 4", "expected 4 precedence relations, as the head says, got 3"),
        ("types: 3", "types: 2", "expected at most 2 skill types, as the head says, got 3"),
        ("ResourceID", "Resource", "there is no table ResourceID"),
        ("TaskID", "Task", "there is no table TaskID"),
        ("1\t \t \t56.0", "2\t \t \t56.0", "line 11: resource 2 is there more than once"),
        ("1\t \t \t56.0", "x\t \t \t56.0", "line 10: resource: expected a whole number"),
        ("1\t \t \t56.0", "3\t \t \t56.0", "ResourceID: resource 1 is missing"),
        ("56.0", "much", "line 10: resource 1: expected a salary, got 'much'"),
        ("56.0", "nan", "line 10: resource 1: expected a salary, got 'nan'"),
        ("\t \t \t56.0\t \t Q1: 0 \t  Q2: 1 \t", "", "line 10: resource 1: expected a salary, got ''"),
        ("Q2: 1 \t", "Q1: 2", "line 10: resource 1: skill Q1 has two levels"),
        ("Q2: 1 \t", "Q2: 1.5", "line 10: resource 1: expected skills such as 'Q3: 1', got '.5'"),
        ("Q2: 1 \t", "SQL: 1", "line 10: resource 1: expected skills such as 'Q3: 1', got 'SQL: 1'"),
        ("1\t \t \t37\t Q2: 1", "1\t \t \t37", "line 14: task 1: expected a number, a duration and a skill such as 'Q3: 1'"),
        ("37\t Q2: 1", "3.5\t Q2: 1", "line 14: task 1: duration: expected a whole number in 0..1000000000000, got '3.5'"),
        ("Q10 : 1\t \t1\t2", "Q10 : 1\t \t1\tx", "line 16: task 3: predecessor: expected a whole number"),
        ("Q10 : 1\t \t1\t2", "Q10 : 1\t \t1\t8", "line 16: task 3: unknown predecessor 8"),
        ("Q10 : 1\t \t1\t2", "Q10 : 1\t \t1\t3", "line 16: task 3 cannot follow itself"),
        ("2\t \t \t0\t Q1:2", "1\t \t \t0\t Q1:2", "line 15: task 1 is there more than once"),
        ("4\t \t \t23", "5\t \t \t23", "TaskID: task 4 is missing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(FormatError) as caught:
        read_def(TEXT.replace(old, new, 1))
    assert message in str(caught.value)


def test_every_fault_is_in_one_error_in_the_order_of_lines() -> None:
    with pytest.raises(FormatError, match="iMOPSE file: ") as caught:
        read_def(TEXT.replace("56.0", "much").replace("37", "x").replace("\t \t3\n", "\t \t7\n"))
    assert [fault.row for fault in caught.value.faults if fault.row] == [10, 14, 17]


def test_salaries_refuse_a_broken_table_of_people_only() -> None:
    assert dict(salaries(TEXT.replace("37", "x"))) == {"1": 56.0, "2": 53.0}
    with pytest.raises(FormatError, match="line 10: resource 1: expected a salary"):
        salaries(TEXT.replace("56.0", "much"))


def test_tasks_in_a_circle_are_named() -> None:
    with pytest.raises(CycleError) as caught:
        read_def(TEXT.replace("37\t Q2: 1\t \t", "37\t Q2: 1\t \t4").replace("relations: 3", "relations: 4"))
    assert caught.value.cycle == ("1", "3", "4", "1")


def test_a_table_of_levels_has_a_limit() -> None:
    n = 3200
    people = "\n".join(f"{k} 1.0 Q{k}: 1" for k in range(1, n + 1))
    text = f"Tasks: 1\nResources: {n}\nPrecedence relations: 0\nNumber of skill types: {n}\nResourceID\n{people}\n=\nTaskID\n1 1 Q1: 1\n=\n"
    with pytest.raises(FormatError, match="more than 10000000 pairs of a person and a skill"):
        read_def(text)


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    lines = TEXT.splitlines()
    for end in range(len(lines) - 1):
        with pytest.raises(FormatError):
            read_def("\n".join(lines[:end]))


def test_what_is_no_text_and_what_is_too_long_is_refused() -> None:
    with pytest.raises(TypeError, match="expected the text of an iMOPSE file"):
        read_def(7)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="more than 10 characters"):
        read_def(TEXT, max_chars=10)


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_a_problem_or_a_located_error(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        part = st.sampled_from(["", " ", "9", "-1", "\n", ":", "=", "Q1", "1e9", "99999999999999"]) | st.text(
            max_size=3
        )
        text = text[:start] + data.draw(part) + text[end:]
    try:
        read_def(text)
        salaries(text)
    except LeadkitError as error:
        assert str(error)


@given(st.text(max_size=60))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read_def(text)


@pytest.mark.parametrize(("folder", "count"), [("small", 6), ("d36", 36)])
def test_every_file_of_the_data_set_is_read(shared_data: Callable[[str], Path], folder: str, count: int) -> None:
    files = sorted((shared_data("wbs/imopse") / folder).glob("*.def"))
    assert len(files) == count
    for file in files:
        text = file.read_text(encoding="ascii")
        problem = read_def(text)
        heads = {name: int(number) for name, number in re.findall(r"^([A-Z][a-z ]+): *(\d+)\s*$", text, re.MULTILINE)}
        assert problem.n == heads["Tasks"]
        assert len(problem.person_ids) == heads["Resources"] == len(salaries(text))
        assert len(problem.predecessor) == heads["Precedence relations"]
        assert all(problem.qualified(needs[0]).any() for needs in problem.needs)
