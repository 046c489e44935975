"""Data files of SPSS that leadkit writes: what is in them, and that they come back."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import frameworks, samples, testing
from leadkit.assessment import Instrument, Responses, feedback, score
from leadkit.errors import FormatError, UnknownIdError
from leadkit.interchange import spss

ROWS = [{"item": name, "dimension": "calm", "low": 1, "high": 5, "text": f"Text of {name}."} for name in ("a1", "a2")]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
ANSWERS = Responses(
    CALM,
    [[4.0, 1.0], [np.nan, np.nan], [2.0, 5.0]],
    ["11", "b\u00f6", "c"],
    {"team": ["n", None, "=1"], "wave": [1, None, 2]},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sav"


def read(path: Path, content: bytes) -> Any:
    path.write_bytes(content)
    return pyreadstat.read_sav(path)


def named(first: str | None, second: str | None) -> Instrument:
    """Give both items an external id for SPSS."""
    (calm,) = CALM.dimensions
    items = [
        attrs.evolve(item, external_ids={} if name is None else {"spss": name})
        for item, name in zip(calm.items, (first, second), strict=True)
    ]
    return attrs.evolve(CALM, dimensions=[attrs.evolve(calm, items=items)])


def test_answers_come_back(path: Path) -> None:
    path.write_bytes(spss.write_responses(ANSWERS))
    assert spss.read_responses(path, CALM, groups=["team", "wave"]) == ANSWERS


def test_pyreadstat_finds_labels_and_measures(path: Path) -> None:
    answers = samples.answers("ved", rng=1)
    frame, about = read(path, spss.write_responses(answers))
    instrument = answers.instrument
    assert about.column_names == ["respondent_id", "team", *instrument.item_ids]
    assert about.column_names_to_labels["vis1"] == instrument.items[0].text
    expected = dict(zip(map(float, range(1, 6)), instrument.scale.labels, strict=True))
    assert about.variable_value_labels == dict.fromkeys(instrument.item_ids, expected)
    assert about.variable_measure == {"respondent_id": "nominal", "team": "nominal"} | dict.fromkeys(
        instrument.item_ids, "ordinal"
    )
    assert about.original_variable_types["vis1"] == "F8.0"
    assert about.file_label == instrument.title
    assert np.array_equal(frame[list(instrument.item_ids)].to_numpy(), answers.values, equal_nan=True)


def test_groups_of_numbers_are_numbers_and_all_others_are_text(path: Path) -> None:
    groups: dict[str, list[Any]] = {
        "year": [2024, None, 2026],
        "share": [0.5, 1.0, None],
        "large": [2**53 + 1, 1, 2],
        "mixed": [1, "one", None],
        "truth": [True, False, None],
        "nothing": [None] * 3,
    }
    answers = Responses(CALM, ANSWERS.values, ANSWERS.respondent_ids, groups)
    path.write_bytes(spss.write_responses(answers))
    assert dict(spss.read_responses(path, CALM, groups=list(groups)).groups) == {
        "year": (2024, None, 2026),
        "share": (0.5, 1, None),
        "large": ("9007199254740993", "1", "2"),
        "mixed": ("1", "one", None),
        "truth": ("True", "False", None),
        "nothing": (None,) * 3,
    }


def test_fractions_come_back(path: Path) -> None:
    answers = Responses(CALM, [[1.25, 4.0]], ["ann"], allow_fractions=True)
    path.write_bytes(spss.write_responses(answers))
    assert spss.read_responses(path, CALM, allow_fractions=True) == answers


def test_no_respondent_at_all_comes_back(path: Path) -> None:
    path.write_bytes(spss.write_responses(ANSWERS[:0]))
    assert spss.read_responses(path, CALM, groups=["team", "wave"]) == ANSWERS[:0]


def test_the_same_answers_are_the_same_bytes_and_bear_no_date(path: Path) -> None:
    content = spss.write_responses(ANSWERS)
    _, about = read(path, content)
    assert (about.creation_time.year, about.creation_time.hour) == (1970, 0)
    assert spss.write_responses(ANSWERS) == content


def test_an_item_bears_its_name_of_spss(path: Path) -> None:
    form = named("Q1_calm", "by_2")
    answers = attrs.evolve(ANSWERS, instrument=form)
    frame, _ = read(path, spss.write_responses(answers))
    assert list(frame.columns) == ["respondent_id", "team", "wave", "Q1_calm", "by_2"]
    assert spss.read_responses(path, form, groups=["team", "wave"]) == answers


def test_long_labels_are_cut_between_characters(path: Path) -> None:
    long = "\u00e4" * 300
    form = Instrument.from_rows(
        [{**ROWS[0], "text": long + "\0\ud800"}], id="calm", version="1.0.0", title=long, source="x", licence="MIT"
    )
    form = attrs.evolve(form, scale=attrs.evolve(form.scale, labels=[f"{i}{long}" for i in range(1, 6)]))
    _, about = read(path, spss.write_responses(Responses(form, [[1.0]], ["ann"])))
    assert about.column_names_to_labels["a1"] == "\u00e4" * 126 + "..."
    assert about.variable_value_labels["a1"][1.0] == "1" + "\u00e4" * 58 + "..."
    assert about.file_label == "\u00e4" * 30 + "..."


def test_the_wording_is_that_of_the_language(path: Path) -> None:
    rows = [{**ROWS[0], "text": {"en": "calm", "de": "ruhig"}}]
    title = {"en": "Calm", "de": "Ruhe"}
    form = Instrument.from_rows(rows, id="calm", version="1.0.0", title=title, source="x", licence="MIT")
    form = attrs.evolve(form, dimensions=[attrs.evolve(form.dimensions[0], name=title)])
    answers = Responses(form, [[1.0]], ["ann"])
    assert read(path, spss.write_responses(answers))[1].column_names_to_labels["a1"] == "calm"
    assert read(path, spss.write_responses(answers, language="de"))[1].column_names_to_labels["a1"] == "ruhig"
    assert read(path, spss.write_scores(score(answers), language="de"))[1].column_names_to_labels["calm"] == "Ruhe"
    with pytest.raises(UnknownIdError, match="'fr'"):
        spss.write_responses(answers, language="fr")
    with pytest.raises(UnknownIdError, match="'fr'"):
        spss.write_scores(score(answers), language="fr")


def test_scores_are_numbers_of_full_precision(path: Path) -> None:
    scores = score(samples.answers("ved", rng=1))
    frame, about = read(path, spss.write_scores(scores))
    assert list(frame.columns) == ["respondent_id", "team", *scores.scale_ids]
    assert np.array_equal(frame[list(scores.scale_ids)].to_numpy(), scores.values, equal_nan=True)
    assert frame["team"].tolist() == list(scores.groups["team"])
    assert frame["respondent_id"].tolist() == list(scores.respondent_ids)
    assert about.variable_measure["vision"] == "scale"
    assert about.column_names_to_labels["vision"] == frameworks.load("ved").dimension("vision").name
    frame, _ = read(path, spss.write_scores(scores, groups=()))
    assert "team" not in frame
    with pytest.raises(UnknownIdError, match="'taem'"):
        spss.write_scores(scores, groups="taem")


def test_every_wrong_name_and_text_is_told_at_once() -> None:
    answers = Responses(
        named("by", "A.1."),
        [[1, 2], [3, 4], [5, 1]],
        ["ann ", "\x1f", "c\0"],
        {
            "2nd": ["x", "y", "z"],
            "": [1, 2, 3],
            "Team": ["a ", "\ud800", "y" * 32_768],
            "team": [1, 2, 3],
            "a" * 65: [1] * 3,
        },
    )
    with pytest.raises(FormatError) as caught:
        spss.write_responses(answers)
    shape = "expected a letter, then letters, digits and . _ $ # @ (not a dot last), at most 64 bytes in UTF-8"
    remedy = "rename the group, or give the item an external id for 'spss'"
    assert [str(fault) for fault in caught.value.faults] == [
        f"variable '2nd': {shape}",
        f"variable '': {shape}",
        f"variable '{'a' * 65}': {shape}",
        f"variable 'by': SPSS uses this word itself; {remedy}",
        f"variable 'A.1.': {shape}",
        f"variable 'Team': is the same as 'team' in SPSS; {remedy}",
        "respondent 'ann ': 'ann ' ends in a blank, which SPSS drops",
        "respondent '\\x1f': '\\x1f' is blank, which is no text in SPSS",
        "respondent 'c\\x00': 'c\\x00' holds a character that SPSS cannot keep",
        "respondent 'ann ', group 'Team': 'a ' ends in a blank, which SPSS drops",
        "respondent '\\x1f', group 'Team': '\\ud800' holds a character that SPSS cannot keep",
        "respondent 'c\\x00', group 'Team': expected at most 32767 bytes in UTF-8, got 32768",
    ]
    with pytest.raises(FormatError, match="variable 'Team': is the same as 'team' in SPSS"):
        spss.write_scores(score(answers), groups=["Team", "team"])


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("respondent_id", "variable 'respondent_id': is the same as 'respondent_id' in SPSS"),
        ("A1", "variable 'A1': is the same as 'a1' in SPSS"),
    ],
)
def test_a_group_named_as_another_variable_is_refused(group: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        spss.write_responses(Responses(CALM, [[1, 2]], ["ann"], {group: ["x"]}))


def test_a_name_that_would_be_read_as_another_item_is_refused() -> None:
    with pytest.raises(FormatError, match="item 'a1': its variable 'a2' is the name of another item too"):
        spss.write_responses(Responses(named("a2", "a1"), [[1, 2]], ["ann"]))


@pytest.mark.parametrize("value", [None, CALM, "text", 3])
def test_what_is_no_answers_or_scores_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="write_responses: expected Responses"):
        spss.write_responses(value)
    with pytest.raises(TypeError, match="write_scores: expected Scores"):
        spss.write_scores(value)


def test_raw_feedback_is_not_written() -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    with pytest.raises(TypeError, match="disclose"):
        spss.write_scores(raw)


@pytest.mark.parametrize("package", ["pyreadstat", "pandas"])
def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf"needs {package}: pip install 'leadkit\[spss\]'"):
        spss.write_responses(ANSWERS)


TEXTS = st.text(max_size=5) | st.text("ab \n\u00e4\U0001f600", min_size=240, max_size=520)
NAMES = st.from_regex(r"\A[^\W\d_][\w.$#@]{0,30}\Z") | st.text(min_size=1, max_size=70)


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_in_the_file(tmp_path: Path, data: st.DataObject) -> None:
    answers = data.draw(testing.responses(min_size=0))
    n = len(answers)
    ids = data.draw(st.lists(TEXTS.filter(bool), min_size=n, max_size=n, unique=True))
    groups = {
        name: data.draw(st.lists(TEXTS | st.none(), min_size=n, max_size=n))
        for name in data.draw(st.lists(NAMES, max_size=2))
    }
    answers = Responses(answers.instrument, answers.values, ids, groups)
    try:
        content = spss.write_responses(answers)
    except FormatError as error:
        assert error.faults
        return
    path = tmp_path / "drawn.sav"
    path.write_bytes(content)
    columns, _ = pyreadstat.read_sav(path, output_format="dict")
    names = list(columns)
    assert names == ["respondent_id", *groups, *answers.instrument.item_ids]
    found = np.array([list(columns[name]) for name in names[1 + len(groups) :]], dtype=np.float64).T
    assert np.array_equal(found.reshape(answers.values.shape), answers.values, equal_nan=True)
    if n:  # texts without rows have no type
        assert tuple(columns["respondent_id"]) == answers.respondent_ids
        for name in groups:
            labels = [None if not cell or cell != cell else cell for cell in columns[name]]  # noqa: PLR0124
            assert tuple(labels) == answers.groups[name]


@given(answers=testing.responses(min_size=0))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_drawn_answers_come_back(tmp_path: Path, answers: Responses) -> None:
    path = tmp_path / "drawn.sav"
    path.write_bytes(spss.write_responses(answers))
    assert spss.read_responses(path, answers.instrument, groups=list(answers.groups)) == answers


@pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")
def test_pspp_reads_the_same(path: Path, tmp_path: Path) -> None:
    answers = samples.answers("ved", rng=1)
    path.write_bytes(spss.write_responses(answers))
    target = tmp_path / "out.csv"
    program = tmp_path / "program.sps"
    program.write_text(f"GET FILE='{path}'.\nSAVE TRANSLATE /OUTFILE='{target}' /TYPE=CSV /FIELDNAMES.\n")
    subprocess.run(["pspp", str(program)], check=True, capture_output=True)  # noqa: S607
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert [row["respondent_id"].strip() for row in rows] == list(answers.respondent_ids)
    assert [row["team"].strip() for row in rows] == list(answers.groups["team"])
    found = [[float(row[name].strip() or "nan") for name in answers.instrument.item_ids] for row in rows]
    assert np.array_equal(found, answers.values, equal_nan=True)
