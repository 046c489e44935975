"""Many answers as JSON: the same as by the plain way, only faster."""

from __future__ import annotations

import io
import json as library
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.assessment import Instrument, Responses
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange import fast

ROWS = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2", "a3")]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
KEYS = st.sampled_from(["respondent_id", "a1", "a2", "a3", "team", "other", "a:1"])
CELLS = st.sampled_from([None, 1, 5, 9, 2.5, True, "ann", "a:b", "", "\u2028", 10**30]) | st.floats(1, 5) | st.text()
LINES = st.lists(st.dictionaries(KEYS, CELLS), max_size=4)


def plainly(records: list[Any], **options: Any) -> Responses:
    return Responses.from_records(records, CALM, **options)


def outcome(function: Any, *args: Any, **options: Any) -> tuple[str, Any]:
    try:
        return "", function(*args, **options)
    except LeadkitError as error:
        return type(error).__name__, str(error)


@given(LINES, st.booleans(), st.booleans())
def test_a_list_and_lines_give_what_the_plain_way_gives(records: list[Any], is_list: bool, escaped: bool) -> None:
    options: dict[str, Any] = {"groups": ("team",), "allow_missing_items": True, "ignore": ("other",)}
    if is_list:
        text = library.dumps(records, ensure_ascii=escaped)
    else:
        text = "\n".join(library.dumps(record, ensure_ascii=escaped) for record in records)
    assert outcome(fast.read_responses, text, CALM, **options) == outcome(plainly, records, **options)


def test_samples_come_back() -> None:
    answers = samples.answers("ved", rng=1)
    ids = answers.instrument.item_ids
    lines = [
        library.dumps(
            {"respondent_id": name, "team": team}
            | {item: None if value != value else value for item, value in zip(ids, row, strict=True)}  # noqa: PLR0124 - NaN
        )
        for name, team, row in zip(answers.respondent_ids, answers.groups["team"], answers.values.tolist(), strict=True)
    ]
    for text in (
        "\n".join(lines),
        "\r\n".join(lines) + "\r\n\r\n",
        f"[{','.join(lines)}]",
        "\ufeff" + "\n".join(lines),
    ):
        found = fast.read_responses(io.StringIO(text), answers.instrument, groups="team")
        assert found.respondent_ids == answers.respondent_ids
        assert found[:] == Responses(
            answers.instrument, answers.values, answers.respondent_ids, {"team": answers.groups["team"]}
        )


@pytest.mark.parametrize(
    "record",
    [
        '{"respondent_id": "ann", "a1": 1, "a1": 2}',
        '{"respondent_id": "a:b", "a1": 1, "a1": 2}',
        r'{"respondent_id": "a\u003ab", "a1": 1, "a1": 2}',
        r'{"respondent_id": "ann", "a1": 1, "\u0061\u0031": 2}',
    ],
)
def test_no_key_is_there_twice(record: str) -> None:
    for text in (record, f"[{record}]"):
        with pytest.raises(FormatError, match="the key 'a1' is there more than once"):
            fast.read_responses(text, CALM, allow_missing_items=True)


def test_every_wrong_line_is_told_with_its_number() -> None:
    text = '{"respondent_id": "ann"}\n{"a1": }\n\n{"a1": NaN}\n'
    with pytest.raises(FormatError) as caught:
        fast.read_responses(text, CALM)
    assert [fault.row for fault in caught.value.faults] == [2, 4]
    assert "line 2: column 8: Expecting value" in str(caught.value)
    assert "line 4: NaN is not JSON" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ResponseError, "there are no records"),
        ("[]", ResponseError, "there are no records"),
        ("[1]", ResponseError, "record 1: expected a mapping, got 1"),
        ("3", ResponseError, "record 1: expected a mapping, got 3"),
        ("[[", FormatError, "line 1, column 3"),
        ("[" * 100_000, FormatError, "too deeply|Expecting|column"),
        ('[{"respondent_id": ["x"]}]', ResponseError, "record 1, key 'respondent_id': expected a text or a number"),
        ('[{"respondent_id": "ann", "mood": 3}]', ResponseError, "column 'mood': unknown column"),
        ('[{"respondent_id": "ann", "a1": {"x": 1}}]', ResponseError, "respondent 'ann', item 'a1'"),
        ('{"a1": 1}', ResponseError, "column 'respondent_id': is not among the columns"),
        ('{"respondent_id": "ann", "a1": 1e400}', ResponseError, "item 'a1': inf is outside 1..5"),
    ],
)
def test_what_is_wrong_is_told(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fast.read_responses(text, CALM, allow_missing_items=True)


def test_limits_are_kept() -> None:
    with pytest.raises(FormatError, match=r"there are 2 records, more than the limit of 1 \(max_records\)"):
        fast.read_responses("{}\n{}", CALM, max_records=1)
    with pytest.raises(FormatError, match="more than 3 characters"):
        fast.read_responses("{}\n{}", CALM, max_chars=3)


@pytest.mark.parametrize("source", [None, 3, b"{}", {"a1": 1}])
def test_what_is_no_text_is_refused(source: Any) -> None:
    with pytest.raises(TypeError):
        fast.read_responses(source, CALM)


@given(st.text() | st.text('[]{}":,0 \n\\aN', max_size=40))
def test_any_text_is_a_located_error(text: str) -> None:
    with pytest.raises(LeadkitError) as caught:
        fast.read_responses(text, CALM)
    assert str(caught.value)


def test_without_msgspec_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgspec", None)
    with pytest.raises(ImportError, match=r"pip install 'leadkit\[fast\]'"):
        fast.read_responses("[]", CALM)
