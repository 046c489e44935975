"""Answers in data files of SPSS, written by pyreadstat's own writer."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import testing
from leadkit.assessment import Instrument, Responses
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange import spss
from leadkit.interchange.spss import _program

ROWS = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
FRAME = pd.DataFrame(
    {
        "respondent_id": [11.0, 12.0, 13.0],
        "a1": [4.0, 9.0, np.nan],
        "a2": [1.0, -2.0, 5.0],
        "team": [1.0, 2.0, 9.0],
        "place": ["Rome", "none", ""],
    }
)
ABOUT: dict[str, Any] = {
    "variable_value_labels": {"team": {1: "north"}, "a1": {1: "No", 5: "Yes", 9: "no answer"}},
    "missing_ranges": {"a1": [9], "a2": [{"lo": -9, "hi": -1}], "team": [9], "place": ["none"]},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sav"


def written(path: Path, frame: pd.DataFrame = FRAME, **about: Any) -> Path:
    pyreadstat.write_sav(frame, path, **about)
    return path


def test_codes_labels_and_missing_values_are_read(path: Path) -> None:
    found = spss.read_responses(written(path, **ABOUT), CALM, groups=("team", "place"))
    expected = Responses(
        CALM,
        [[4.0, 1.0], [np.nan, np.nan], [np.nan, 5.0]],
        ["11", "12", "13"],
        {"team": ["north", 2, None], "place": ["Rome", None, None]},
    )
    assert found == expected
    assert type(found.groups["team"][1]) is int


def test_a_compressed_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "answers.zsav"
    pyreadstat.write_sav(FRAME, path, compress=True, **ABOUT)
    assert spss.read_responses(path, CALM, ignore=("team", "place")).n_answered.tolist() == [2, 0, 1]


def test_what_is_not_declared_missing_is_a_fault(path: Path) -> None:
    written(path)
    with pytest.raises(ResponseError) as caught:
        spss.read_responses(path, CALM, groups=("team",), ignore_other_columns=True)
    assert [str(fault) for fault in caught.value.faults] == [
        "respondent '12', item 'a1': 9 is outside 1..5",
        "respondent '12', item 'a2': -2 is outside 1..5",
    ]
    found = spss.read_responses(path, CALM, ignore_other_columns=True, on_out_of_range="missing")
    assert found.n_answered.tolist() == [2, 0, 1]


def test_rows_without_ids_are_numbered(path: Path) -> None:
    written(path, FRAME.rename(columns={"respondent_id": "respondent_id_"}), **ABOUT)
    found = spss.read_responses(path, CALM, id=None, ignore_other_columns=True)
    assert found.respondent_ids == ("row1", "row2", "row3")
    written(path, FRAME, **ABOUT)
    assert spss.read_responses(path, CALM, id=None, ignore_other_columns=True) == found
    kept = spss.read_responses(path, CALM, id=None, groups="respondent_id", ignore_other_columns=True)
    assert kept.groups["respondent_id"] == (11, 12, 13)


def test_days_are_groups_as_text(path: Path) -> None:
    days = pd.Series([date(2026, 3, 2), date(2026, 3, 3), None], dtype=object)
    frame = FRAME[["respondent_id", "a1", "a2"]].assign(day=days)
    written(path, frame, missing_ranges={"a1": [9], "a2": [-2]})
    assert spss.read_responses(path, CALM, groups=["day"]).groups["day"] == ("2026-03-02", "2026-03-03", None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"id": "respondentid"}, r"variable 'respondentid': is not in the file \(did you mean 'respondent_id'\?\)"),
        ({"groups": ["tem"]}, "variable 'tem': is not in the file"),
        ({}, "column 'team': unknown column"),
        ({"ignore": ["team", "place", "a2"]}, "no column for item 'a2'"),
        ({"id": None, "ignore": ["respondent_id", "team", "place", "a1", "a2"]}, "no variable is known"),
    ],
)
def test_a_wrong_variable_is_told(path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        spss.read_responses(written(path, **ABOUT), CALM, **options)


def test_text_in_an_item_is_told(path: Path) -> None:
    written(path, pd.DataFrame({"respondent_id": ["ann"], "a1": ["four"], "a2": [1.0]}))
    with pytest.raises(ResponseError, match="respondent 'ann', item 'a1': 'four' is a text"):
        spss.read_responses(path, CALM)


def test_the_limit_is_kept(path: Path) -> None:
    with pytest.raises(FormatError, match="more than 2 rows"):
        spss.read_responses(written(path, **ABOUT), CALM, max_rows=2)
    assert len(spss.read_responses(path, CALM, ignore_other_columns=True, max_rows=3)) == 3


@pytest.mark.parametrize("source", ["answers.sav", None, b"$FL2", 3])
def test_what_is_no_path_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match=r"expected the path of a file \(pathlib.Path\)"):
        spss.read_responses(source, CALM)


@given(answers=testing.responses())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_drawn_answers_come_back(tmp_path: Path, answers: Responses) -> None:
    names = list(answers.instrument.item_ids)
    frame = pd.DataFrame(answers.values, columns=names)
    frame.insert(0, "respondent_id__", [f"p{i}" for i in range(len(answers))])
    path = written(tmp_path / "drawn.sav", frame)
    found = spss.read_responses(path, answers.instrument, id="respondent_id__", allow_fractions=answers.allow_fractions)
    assert np.array_equal(found.values, answers.values, equal_nan=True)


def test_a_file_that_breaks_the_reader_breaks_nothing_else(path: Path) -> None:
    broken = bytearray(written(path, **ABOUT).read_bytes())
    broken[broken.index(b"TEAM    ") - 18] = 255  # a width beyond all bounds, which ends the process that reads it
    path.write_bytes(broken)
    with pytest.raises(FormatError, match="this is no data file of SPSS that can be read"):
        spss.read_responses(path, CALM, groups=("team", "place"))


def test_the_reading_program_gives_plain_data(path: Path, tmp_path: Path) -> None:
    written(path, FRAME.assign(day=[date(2026, 3, 2)] * 3), **ABOUT)
    found = _program.read(str(path), 2)
    assert found["columns"]["day"] == ["2026-03-02"] * 2
    assert found["labels"]["team"] == [(1.0, "north")]
    assert found["ranges"]["a2"] == [{"lo": -9.0, "hi": -1.0}]
    assert _program.plain(np.array([1.0])) == [1.0]
    (tmp_path / "text.sav").write_text("a,b\n1,2\n")
    assert "ReadstatError" in _program.read(str(tmp_path / "text.sav"), 2)["error"]


def test_text_of_an_item_that_is_declared_missing_is_no_answer(path: Path) -> None:
    written(
        path, pd.DataFrame({"respondent_id": ["ann"], "a1": ["none"], "a2": [1.0]}), missing_ranges={"a1": ["none"]}
    )
    assert spss.read_responses(path, CALM).n_answered.tolist() == [1]


@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_file_is_an_error_of_leadkit(tmp_path: Path, data: st.DataObject) -> None:
    good = written(tmp_path / "good.sav", **ABOUT).read_bytes()
    kind = data.draw(st.sampled_from(["noise", "cut", "changed"]))
    if kind == "noise":
        broken = data.draw(st.binary(max_size=400))
    elif kind == "cut":
        broken = good[: data.draw(st.integers(0, len(good) - 1))]
    else:
        place = data.draw(st.integers(0, len(good) - 1))
        broken = good[:place] + data.draw(st.binary(min_size=1, max_size=4)) + good[place + 1 :]
    path = tmp_path / "broken.sav"
    path.write_bytes(broken)
    try:
        spss.read_responses(path, CALM, groups=("team", "place"), on_out_of_range="missing", max_rows=100)
    except LeadkitError as error:
        assert str(error)
    else:
        assert kind != "noise"


def test_without_pyreadstat_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(ImportError, match=r"pip install 'leadkit\[spss\]'"):
        spss.read_responses(Path("x.sav"), CALM)
