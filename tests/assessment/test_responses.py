"""Answers as a model: what is read, what is refused, and where the fault is."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit._convert import structure, unstructure
from leadkit.assessment import ROLES, Comment, Instrument, Ratings, Responses, concat, score
from leadkit.errors import LeadkitError, ResponseError
from leadkit.testing import comment, instrument, ratings, responses

NAN = float("nan")


def record(name: str, *answers: Any, **more: Any) -> dict[str, Any]:
    return {"respondent_id": name, **dict(zip(("vis1", "vis2", "vis3", "dri1", "dri2"), answers, strict=True)), **more}


def test_records_become_a_read_only_matrix(two: Instrument) -> None:
    given = Responses.from_records(
        [record("ann", 1, 2, 3, 4, 5, team="north"), {"respondent_id": 7, "vis1": ""}], two, groups=["team"]
    )
    assert given.respondent_ids == ("ann", "7")
    assert np.array_equal(given.values, [[1.0, 2, 3, 4, 5], [NAN] * 5], equal_nan=True)
    assert given.groups == {"team": ("north", None)}
    assert given.no_answers.tolist() == [False, True]
    assert given.n_answered.tolist() == [5, 0]
    assert not given.values.flags.writeable
    assert repr(given) == "Responses('two' 1.0.0: 2 respondents x 5 items, 5 not answered)"
    assert given._repr_html_() == "<p>Responses(&#x27;two&#x27; 1.0.0: 2 respondents x 5 items, 5 not answered)</p>"


def test_the_array_given_is_copied(two: Instrument) -> None:
    values = np.full((1, 5), 3.0)
    given = Responses(two, values, ["ann"])
    values[0, 0] = 1
    assert given.values[0, 0] == 3


@pytest.mark.parametrize("blank", [None, NAN, "", "  ", pd.NA, pd.NaT, np.float64("nan")])
def test_blanks_of_every_kind_are_missing(two: Instrument, blank: Any) -> None:
    given = Responses.from_records([record("ann", blank, 2, 3, 4, 5)], two)
    assert np.isnan(given.values[0, 0])


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (9, "respondent 'ann', item 'vis1': 9 is outside 1..5"),
        (0, "0 is outside 1..5"),
        (3.7, "3.7 is not a whole number 1..5"),
        ("3", "'3' is a text; expected a whole number 1..5"),
        ("TRUE", "'TRUE' is a text"),
        (True, "True is not a number; expected a whole number 1..5"),
        (np.True_, "True is not a number"),
        (float("inf"), "inf is outside 1..5"),
        (1e400, "inf is outside"),
        (10**400, "is not a number"),
        (2 + 1j, "is not a number"),
        ([3], "is not a number"),
    ],
)
def test_what_is_no_answer_is_refused_with_person_item_and_scale(two: Instrument, answer: Any, told: str) -> None:
    with pytest.raises(ResponseError) as caught:
        Responses.from_records([record("ann", answer, 2, 3, 4, 5)], two)
    assert told in str(caught.value)
    assert len(caught.value.faults) == 1


def test_whole_numbers_of_every_type_are_read(two: Instrument) -> None:
    given = Responses.from_records([record("ann", 1, 2.0, np.int8(3), np.float32(4), np.uint64(5))], two)
    assert given.values.tolist() == [[1, 2, 3, 4, 5]]


def test_options_let_fractions_and_strays_pass(two: Instrument) -> None:
    rows = [record("ann", 3.5, 9, -1, 4, 5)]
    given = Responses.from_records(rows, two, allow_fractions=True, on_out_of_range="missing")
    assert np.array_equal(given.values, [[3.5, NAN, NAN, 4, 5]], equal_nan=True)
    assert given[[0]].allow_fractions
    with pytest.raises(ResponseError, match="'x' is a text"):
        Responses.from_records([record("ann", "x", 1, 1, 1, 1)], two, on_out_of_range="missing")
    with pytest.raises(ValueError, match="on_out_of_range: expected 'error' or 'missing', got 'drop'"):
        Responses.from_records(rows, two, on_out_of_range="drop")  # type: ignore[arg-type]


def test_all_faults_come_together_and_the_message_shows_twenty(two: Instrument) -> None:
    rows = [record(f"r{i}", 9, 9, 9, 9, 9) for i in range(6)] + [record("r0", 1, 1, 1, 1, 1, zz=1)]
    with pytest.raises(ResponseError) as caught:
        Responses.from_records(rows, two)
    assert len(caught.value.faults) == 30 + 2
    message = str(caught.value)
    assert "32 faults" in message
    assert "... and 12 more" in message
    assert "column 'zz': unknown column; ignore it if it is no item" in message
    assert "respondent 'r0': is there 2 times, in rows 1, 7" in message


def test_an_unknown_column_suggests_the_nearest_known_one(two: Instrument) -> None:
    with pytest.raises(ResponseError) as caught:
        Responses.from_records([{**record("ann", 1, 2, 3, 4, 5), "Vis1": 3, "tean": 1}], two, groups=["team"])
    told = str(caught.value)
    assert "column 'Vis1': unknown column (did you mean 'vis1'?)" in told
    assert "column 'tean': unknown column (did you mean 'team'?)" in told
    assert "column 'team': is not among the columns (did you mean 'tean'?)" in told


def test_columns_may_be_ignored_or_bear_an_external_name(two: Instrument) -> None:
    rows = [{"respondent_id": "ann", "vis1": 1, "vis2": 2, "vis3": 3, "Q4": 4, "dri2": 5, "age": 40}]
    assert Responses.from_records(rows, two, ignore=["age"]).values.tolist() == [[1, 2, 3, 4, 5]]
    with pytest.raises(ResponseError, match=r"column 'Q4': item 'dri1' is in column 'dri1' too"):
        Responses.from_records([{"dri1": 1, **rows[0]}], two, ignore=["age"])


def test_an_item_absent_everywhere_is_a_fault_unless_allowed(two: Instrument) -> None:
    rows = [{"respondent_id": "ann", "vis1": 1}]
    with pytest.raises(ResponseError, match=r"no column for item 'vis2', 'vis3', 'dri1', 'dri2'"):
        Responses.from_records(rows, two)
    given = Responses.from_records(rows, two, allow_missing_items=True)
    assert given.n_answered.tolist() == [1]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([], "there are no records"),
        ([3], "record 1: expected a mapping, got 3"),
        ([record("", 1, 1, 1, 1, 1)], "row 1: expected a respondent id, a text that is not empty, got ''"),
        ([record(None, 1, 1, 1, 1, 1)], "row 1: expected a respondent id"),  # type: ignore[arg-type]
        ([{"vis1": 1}], "column 'respondent_id': is not among the columns"),
    ],
)
def test_records_without_people_are_refused(two: Instrument, records: Any, told: str) -> None:
    with pytest.raises(ResponseError) as caught:
        Responses.from_records(records, two)
    assert told in str(caught.value)


def test_columns_of_every_kind_give_the_same_answers(two: Instrument) -> None:
    ids, answers = ["a", "b"], [[1, 2], [2, None], [3, 3], [4, 4], [5, 5]]
    names = two.item_ids
    plain: dict[str, Any] = {"respondent_id": ids, **dict(zip(names, answers, strict=True))}
    wanted = Responses.from_columns(plain, two)
    frames: list[Any] = [
        pd.DataFrame(plain),
        pd.DataFrame(plain).convert_dtypes(),
        pd.DataFrame(plain).convert_dtypes(dtype_backend="pyarrow"),
        {name: np.array(values, dtype=object) for name, values in plain.items()},
        {name: tuple(values) for name, values in plain.items()},
        {name: iter(values) for name, values in plain.items()},
    ]
    for frame in frames:
        assert Responses.from_columns(frame, two) == wanted


def test_columns_are_checked_like_records(two: Instrument) -> None:
    columns: dict[str, Any] = {"respondent_id": ["a", "b"], **{name: np.array([1.0, 9.5]) for name in two.item_ids}}
    columns["vis2"] = np.array([True, False])
    with pytest.raises(ResponseError) as caught:
        Responses.from_columns(columns, two)
    told = str(caught.value)
    assert "respondent 'b', item 'vis1': 9.5 is outside 1..5" in told
    assert "respondent 'a', item 'vis2': True is not a number" in told
    with pytest.raises(ResponseError, match=r"column 'vis1': expected 2 values like the longest column, got 1"):
        Responses.from_columns({**columns, "vis1": [1]}, two)


def test_the_model_checks_itself(two: Instrument) -> None:
    with pytest.raises(ResponseError, match=r"values: expected shape \(2, 5\)"):
        Responses(two, np.ones((1, 5)), ["a", "b"])
    with pytest.raises(ResponseError, match="group 'team': expected 1 values, got 2"):
        Responses(two, np.ones((1, 5)), ["a"], {"team": ["x", "y"]})
    with pytest.raises(ResponseError, match=r"respondent 'a', item 'vis2': 7 is outside 1\.\.5"):
        Responses(two, [[1, 7, 1, 1, 1]], ["a"])
    with pytest.raises(ResponseError, match=r"2.5 is not a whole number"):
        Responses(two, [[1, 2.5, 1, 1, 1]], ["a"])
    assert Responses(two, [[1, 2.5, 1, 1, 1]], ["a"], allow_fractions=True).values[0, 1] == 2.5


def test_rows_are_taken_by_mask_position_and_slice(two: Instrument) -> None:
    given = Responses.from_records(
        [record(name, 1, 2, 3, 4, 5, team=name.upper()) for name in "abc"], two, groups=["team"]
    )
    assert given[[True, False, True]].respondent_ids == ("a", "c")
    assert given[1:].respondent_ids == ("b", "c")
    assert given[[-1, 0]].groups["team"] == ("C", "A")
    assert given[1].respondent_ids == ("b",)
    assert len(given[[]]) == 0
    for wrong, told in (
        ([True], "expected a mask of 3"),
        ([3], "position 3 is outside 0..2"),
        (["a"], "expected a mask"),
    ):
        with pytest.raises(ResponseError, match=told):
            given[wrong]


def test_nobody_is_a_valid_but_empty_model(two: Instrument) -> None:
    nobody = Responses(two, np.empty((0, 5)), [])
    assert len(nobody) == 0
    assert score(nobody).values.shape == (0, 3)


def test_concat_aligns_columns_by_item_and_refuses_other_keys(two: Instrument) -> None:
    first = Responses.from_records([record("a", 1, 2, 3, 4, 5)], two)
    from attrs import evolve

    turned = evolve(two, dimensions=tuple(evolve(part, items=part.items[::-1]) for part in two.dimensions[::-1]))
    second = Responses.from_records([record("b", 5, 4, 3, 2, 1)], turned)
    both = concat([first, second])
    assert both.values.tolist() == [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]
    other = evolve(two, id="other")
    with pytest.raises(ResponseError, match=r"part 1: answers 'other' 1.0.0 .* part 0 'two' 1.0.0"):
        concat([first, Responses.from_records([record("b", 5, 4, 3, 2, 1)], other)])
    with pytest.raises(ResponseError, match="part 1: has groups"):
        concat([first, Responses(two, [[1] * 5], ["b"], {"team": ["x"]})])
    with pytest.raises(ResponseError, match="respondent 'a': is there 2 times"):
        concat([first, first])
    with pytest.raises(ResponseError, match="expected at least one part"):
        concat([])


def test_ratings_know_who_rates_whom_as_what(two: Instrument) -> None:
    answers = dict.fromkeys(two.item_ids, 3)
    rows = [
        {"ratee_id": "ann", "rater_id": "ann", "role": "self", **answers},
        {"ratee_id": "ann", "rater_id": "bo", "role": "peer", **answers},
        {"ratee_id": "cy", "rater_id": "bo", "role": "mentor", **answers},
    ]
    given = Ratings.from_records(rows, two)
    assert (given.ratee_ids, given.rater_ids, given.roles) == (
        ("ann", "ann", "cy"),
        ("ann", "bo", "bo"),
        ("self", "peer", "mentor"),
    )
    assert given.responses.respondent_ids[1] == "bo on ann as peer"
    assert given.instrument is two
    assert repr(given) == "Ratings('two' 1.0.0: 3 evaluations of 2 ratees by 2 raters)"
    assert given[1:].roles == ("peer", "mentor")
    assert len(given) == 3
    assert "&#x27;two&#x27;" in given._repr_html_()


def test_faulty_ratings_tell_everything_at_once(two: Instrument) -> None:
    answers = dict.fromkeys(two.item_ids, 3)
    rows = [
        {"ratee_id": "ann", "rater_id": "bo", "role": "self", **answers},
        {"ratee_id": "ann", "rater_id": "", "role": "peer", **answers},
        {"ratee_id": "ann", "rater_id": "cy", "role": "Peer!", **answers},
        {"ratee_id": "ann", "rater_id": "di", "role": "peer", **answers, "vis1": 9},
        {"ratee_id": "ann", "rater_id": "di", "role": "peer", **answers},
    ]
    with pytest.raises(ResponseError) as caught:
        Ratings.from_records(rows, two)
    told = str(caught.value)
    for fact in (
        "row 1: role 'self', but 'bo' rates 'ann'",
        "row 2: expected a rater id",
        "row 3, role: expected one of self, manager",
        "rater 'di': rates 'ann' as 'peer' more than once",
        "evaluation 'di on ann as peer', item 'vis1': 9 is outside 1..5",
    ):
        assert fact in told
    with pytest.raises(ResponseError, match="column 'role': is not among the columns"):
        Ratings.from_records([{"ratee_id": "a", "rater_id": "b", **answers}], two)
    with pytest.raises(ResponseError, match="roles: expected 1 values, got 2"):
        Ratings(Responses(two, [[3] * 5], ["x"]), ["a"], ["b"], ["peer", "peer"])


def test_a_comment_says_who_wrote_about_whom() -> None:
    assert Comment(ratee_id="a", rater_id="b", role="peer", text="Thanks.").dimension_id is None
    with pytest.raises(ResponseError, match=r"(?s)comment: 2 faults.*text.*role"):
        Comment(ratee_id="a", rater_id="b", role="P", text=" ")
    assert ROLES[0] == "self"


@given(responses())
def test_plain_data_and_back_gives_the_same_responses(drawn: Responses) -> None:
    assert structure(unstructure(drawn), Responses, error=ResponseError) == drawn
    assert pickle.loads(pickle.dumps(drawn)) == drawn  # noqa: S301 - our own bytes
    assert (drawn == 3) is False


@given(ratings(), comment())
def test_plain_data_and_back_gives_the_same_ratings(drawn: Ratings, said: Comment) -> None:
    assert structure(unstructure(drawn), Ratings, error=ResponseError) == drawn
    assert structure(unstructure(said), Comment, error=ResponseError) == said


@given(responses(missing=True))
def test_records_and_back_give_the_same_answers(drawn: Responses) -> None:
    rows = [
        {
            "respondent_id": name,
            **{item: None if np.isnan(x) else x for item, x in zip(drawn.instrument.item_ids, row, strict=True)},
        }
        for name, row in zip(drawn.respondent_ids, drawn.values.tolist(), strict=True)
    ]
    read = Responses.from_records(rows, drawn.instrument)
    assert np.array_equal(read.values, drawn.values, equal_nan=True)


@given(
    instrument(),
    st.lists(
        st.dictionaries(
            st.text(max_size=3) | st.sampled_from(("respondent_id", "d0_0", "d0_1")),
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=3)
            | st.binary(max_size=2)
            | st.lists(st.integers(), max_size=2),
            max_size=4,
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_any_malformed_record_gives_a_response_error_and_nothing_else(
    form: Instrument, rows: list[dict[str, Any]], lenient: bool
) -> None:
    try:
        Responses.from_records(rows, form, allow_missing_items=lenient)
    except LeadkitError as error:
        assert isinstance(error, ResponseError)


def test_of_very_many_unknown_columns_all_are_listed_and_the_first_get_a_suggestion(two: Instrument) -> None:
    row = {**record("ann", 1, 2, 3, 4, 5), **{f"vis1{i:04}": 1 for i in range(3000)}}
    with pytest.raises(ResponseError) as caught:
        Responses.from_records([row], two)
    suggested = ["did you mean" in str(fault) for fault in caught.value.faults]
    assert len(suggested) == 3000
    assert all(suggested[:20])
    assert not any(suggested[20:])
