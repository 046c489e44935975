from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import CycleError, FormatError, LeadkitError
from leadkit.interchange.psplib import read_sm
from leadkit.wbs import cpm

TEXT = """************************************************************************
file with basedata            : own.bas
initial value random generator: 1
************************************************************************
projects                      :  1
jobs (incl. supersource/sink ):  5
horizon                       :  12
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
************************************************************************
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      3      0       9        3        9
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           5
   5        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     4       2    1
  3      1     3       1    0
  4      1     5       0    3
  5      1     0       0    0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1  R 2
    2    3
************************************************************************
"""


def test_a_file_becomes_a_problem_with_source_and_sink() -> None:
    problem = read_sm(TEXT)
    assert problem.ids == ("1", "2", "3", "4", "5")
    assert problem.duration.tolist() == [0, 4, 3, 5, 0]
    links = list(zip(problem.predecessor.tolist(), problem.successor.tolist(), strict=True))
    assert links == [(0, 1), (0, 2), (1, 3), (2, 4), (3, 4)]
    assert not problem.kind.any()
    assert not problem.lag.any()
    assert problem.demand.tolist() == [[0, 0], [2, 1], [1, 0], [0, 3], [0, 0]]
    assert problem.capacity.tolist() == [2, 3]
    assert problem.needs == ((),) * 5


def test_an_open_file_other_line_ends_and_shuffled_rows_give_the_same() -> None:
    lines = TEXT.split("\n")
    place = lines.index("   1        1          2           2   3")
    lines[place], lines[place + 3] = lines[place + 3], lines[place]
    assert read_sm(io.StringIO(TEXT)) == read_sm(TEXT.replace("\n", "\r\n")) == read_sm("\n".join(lines))


def test_a_release_date_bounds_every_start() -> None:
    assert read_sm(TEXT.replace("3      0       9", "3      7       9")).release.tolist() == [7] * 5


def test_a_file_without_resources_is_read() -> None:
    text = TEXT.replace("renewable                 :  2", "renewable                 :  0")
    for old, new in (
        ("0    0\n", "\n"),
        ("2    1\n", "\n"),
        ("1    0\n", "\n"),
        ("0    3\n", "\n"),
        ("    2    3\n", ""),
    ):
        text = text.replace(old, new)
    assert read_sm(text).demand.shape == (5, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("jobs (incl", "tasks (incl", "there is no line 'jobs ...: number'"),
        (":  5\n", ":  x\n", "line 6: jobs: expected a whole number in 0..1000000000000, got 'x'"),
        (":  5\n", ":\n", "line 6: jobs: expected a whole number in 0..1000000000000, got ''"),
        ("  5\n", "  6\n", "PRECEDENCE RELATIONS: expected 6 jobs, as the head says, got 5"),
        ("nonrenewable              :  0", "nonrenewable              :  1", "line 10: only renewable resources can be read, not nonrenewable"),
        ("PRECEDENCE", "PRECEDING", "there is no section PRECEDENCE RELATIONS"),
        ("   2   3\n", "   2   3   4\n", "line 19: PRECEDENCE RELATIONS: job 1: expected 2 successors, got 3"),
        ("   2   3\n", "   2   9\n", "line 19: PRECEDENCE RELATIONS: job 1: unknown successor 9"),
        ("   2   3\n", "   2   1\n", "line 19: PRECEDENCE RELATIONS: job 1 cannot follow itself"),
        ("   2   3\n", "   2   x\n", "line 19: PRECEDENCE RELATIONS: expected a whole number"),
        ("   2        1          1           4", "   3        1          1           4", "line 21: PRECEDENCE RELATIONS: job 3 is there more than once"),
        ("   2        1          1           4", "   0        1          1           4", "line 20: PRECEDENCE RELATIONS: jobs count from 1, got 0"),
        ("   2        1          1           4", "   2        3          1           4", "line 20: PRECEDENCE RELATIONS: job 2: expected one mode, got 3"),
        ("   5        1          0\n", "   5        1\n", "line 23: PRECEDENCE RELATIONS: expected at least 3 numbers, got 2"),
        ("   5        1          0\n", "   6        1          0\n", "PRECEDENCE RELATIONS: job 5 is missing"),
        ("  3      1     3", "  2      2     3", "line 30: REQUESTS/DURATIONS: job 2 is there more than once; only one mode a job can be read"),
        ("  3      1     3", "  3      1    -3", "line 30: REQUESTS/DURATIONS: expected a whole number"),
        ("  3      1     3", "  3      1   2.5", "got '2.5'"),
        ("  3      1     3", "  3      1   ٣", "got '٣'"),
        ("  3      1     3", "  3      1     " + "3" * 60, "got '3333333333333333333333333333333333333333...'"),
        ("1    0\n", "1\n", "line 30: REQUESTS/DURATIONS: job 3: expected 2 requests, got 1"),
        ("    2    3\n", "    2\n", "line 36: RESOURCEAVAILABILITIES: expected 2 numbers, got 1"),
        ("    2    3\n", "    2    3\n    2    3\n", "line 37: RESOURCEAVAILABILITIES: expected one row of numbers, got 2"),
        ("    2    3\n", "", "RESOURCEAVAILABILITIES: expected one row of numbers, got 0"),
        ("    1      3      0", "    1      4      0", "line 15: PROJECT INFORMATION: expected 3 jobs between source and sink, got 4"),
        ("    1      3      0       9        3        9", "    1", "line 15: PROJECT INFORMATION: expected at least 3 numbers, got 1"),
        ("    1      3      0       9        3        9", "    1   x", "line 15: PROJECT INFORMATION: expected a whole number"),
        ("    1      3      0       9        3        9\n", "", "PROJECT INFORMATION: expected one project, got 0"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(old: str, new: str, message: str) -> None:
    assert old in TEXT
    with pytest.raises(FormatError) as caught:
        read_sm(TEXT.replace(old, new, 1))
    assert message in str(caught.value)


def test_every_fault_is_in_one_error_in_the_order_of_lines() -> None:
    text = (
        TEXT.replace("   2   3\n", "   2   9\n")
        .replace("  3      1     3", "  3      1     x")
        .replace("    2    3\n", "    2\n")
    )
    with pytest.raises(FormatError, match="PSPLIB file: ") as caught:
        read_sm(text)
    rows = [fault.row for fault in caught.value.faults if fault.row]
    assert rows == [19, 30, 36]


def test_jobs_in_a_circle_are_named() -> None:
    text = TEXT.replace("   4        1          1           5", "   4        1          1           2")
    with pytest.raises(CycleError) as caught:
        read_sm(text)
    assert caught.value.cycle == ("2", "4", "2")


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    lines = TEXT.splitlines()
    for end in range(len(lines) - 2):
        with pytest.raises(FormatError):
            read_sm("\n".join(lines[:end]))


def test_what_is_no_text_and_what_is_too_long_is_refused() -> None:
    with pytest.raises(TypeError, match="expected the text of a PSPLIB file"):
        read_sm(7)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="more than 10 characters"):
        read_sm(TEXT, max_chars=10)


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_a_problem_or_a_located_error(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = (
            text[:start]
            + data.draw(
                st.sampled_from(["", " ", "9", "-1", "\n", ":", "*", "R", "1e9", "99999999999999"])
                | st.text(max_size=3)
            )
            + text[end:]
        )
    try:
        read_sm(text)
    except LeadkitError as error:
        assert str(error)


@given(st.text(max_size=60))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read_sm(text)


@pytest.mark.parametrize(("folder", "count", "n"), [("j30", 40, 32), ("j60", 30, 62), ("j120", 30, 122)])
def test_every_file_of_the_library_is_read(shared_data: Callable[[str], Path], folder: str, count: int, n: int) -> None:
    root = shared_data("wbs/psplib")
    with (root / "best_known.csv").open(encoding="utf-8") as table:
        path = {row["file"]: int(row["cpm_lower_bound"]) for row in csv.DictReader(table)}
    files = sorted((root / folder).glob("*.sm"))
    assert len(files) == count
    for file in files:
        with file.open(encoding="ascii") as opened:
            problem = read_sm(opened)
        assert (problem.n, problem.demand.shape[1]) == (n, 4)
        assert problem.duration[[0, -1]].tolist() == [0, 0]
        assert cpm(problem.duration, problem.predecessor, problem.successor).finish == path[file.name]
