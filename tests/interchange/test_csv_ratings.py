"""Reading and writing evaluations as comma-separated text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import testing
from leadkit.assessment import Instrument, Ratings, Responses
from leadkit.errors import LeadkitError, ResponseError
from leadkit.interchange.csv import read_ratings, write_ratings

ROWS = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
HEADER = "ratee_id,rater_id,role,a1,a2\n"


def faults_of(text: str, **options: Any) -> list[str]:
    with pytest.raises(ResponseError) as caught:
        read_ratings(text, CALM, **options)
    return [str(fault) for fault in caught.value.faults]


def test_evaluations_are_those_of_the_records_with_the_same_content() -> None:
    records: list[dict[str, Any]] = [
        {"ratee_id": "ann", "rater_id": "bo", "role": "peer", "team": "north", "a1": 4, "a2": None},
        {"ratee_id": "ann", "rater_id": "ann", "role": "self", "team": None, "a1": 5, "a2": 1},
    ]
    text = "ratee_id;team;rater_id;role;a1;a2\nann;north;bo;peer;4;\nann;;ann;self;5;1\n"
    assert read_ratings(text, CALM, groups="team") == Ratings.from_records(records, CALM, groups=["team"])


def test_columns_may_have_other_names() -> None:
    text = "about,by,as,a1,a2,note\nann,bo,peer,4,5,x\n"
    given_back = read_ratings(text, CALM, ratee="about", rater="by", role="as", ignore_other_columns=True)
    assert (given_back.ratee_ids, given_back.rater_ids, given_back.roles) == (("ann",), ("bo",), ("peer",))


def test_every_fault_of_a_file_comes_in_one_error_in_reading_order() -> None:
    text = HEADER + "ann,bo,peer,4,5\nann,bo,peer,9,5\n,bo,peer,1,1\nann,,Direct Report,1,1\nann,cy,self,x,1\nann,di\n"
    known = "self, manager, peer, direct_report, customer, other"
    unknown_role = (
        f"expected one of {known} or an identifier of your own, got 'Direct Report' (did you mean 'direct_report'?)"
    )
    assert faults_of(text) == [
        "row 3, column 'role': the evaluation of 'ann' by 'bo' as 'peer' is in row 2 already",
        "row 3, column 'a1': 9 is outside 1..5",
        "row 4, column 'ratee_id': expected the ratee's id, got nothing",
        "row 5, column 'rater_id': expected the rater's id, got nothing",
        f"row 5, column 'role': {unknown_role}",
        "row 6, column 'role': 'self', but 'cy' rates 'ann'",
        "row 6, column 'a1': 'x' is not a number; expected a whole number 1..5",
        "row 7: expected 5 cells like the header, got 2",
    ]


def test_a_missing_column_of_persons_is_a_fault_beside_the_answers() -> None:
    assert faults_of("ratee_id,rater_id,a1,a2\nann,bo,9,1\n") == [
        "row 1, column 'role': is not among the columns",
        "row 2, column 'a1': 9 is outside 1..5",
    ]


def test_evaluations_keep_names_of_their_own() -> None:
    ratings = Ratings(Responses(CALM, [[1, 2]], ["first"]), ["ann"], ["bo"], ["peer"])
    written = write_ratings(ratings)
    assert written == "ratee_id,rater_id,role,evaluation_id,a1,a2\nann,bo,peer,first,1,2\n"
    assert read_ratings(written, CALM) == ratings


def test_evaluations_without_names_of_their_own_are_named_by_who_rates_whom() -> None:
    ratings = read_ratings(HEADER + "ann,bo,peer,1,2\n", CALM)
    assert ratings.responses.respondent_ids == ("bo on ann as peer",)
    assert write_ratings(ratings) == HEADER + "ann,bo,peer,1,2\n"


def test_names_of_evaluations_are_checked_like_ids() -> None:
    text = "ratee_id,rater_id,role,evaluation_id,a1,a2\nann,bo,peer,e1,1,2\nann,cy,peer,e1,1,2\nann,di,peer,,1,2\n"
    assert faults_of(text) == [
        "row 3, column 'evaluation_id': 'e1' is in row 2 already",
        "row 4, column 'evaluation_id': expected the evaluation's id, got nothing",
    ]


def test_two_evaluations_that_would_bear_one_name_are_told_so() -> None:
    assert faults_of(HEADER + "c,a on b,peer,1,2\nb on c,a,peer,1,2\n") == [
        "row 3: the evaluation 'a on b on c as peer' is in row 2 already; name both in a column 'evaluation_id'"
    ]


def test_a_custom_role_is_kept() -> None:
    assert read_ratings(HEADER + "ann,bo,mentor,1,2\n", CALM).roles == ("mentor",)


def test_only_ratings_are_written() -> None:
    with pytest.raises(TypeError, match="write_ratings: expected Ratings, got Responses"):
        write_ratings(Responses(CALM, [[1, 2]], ["ann"]))  # type: ignore[arg-type]


@settings(max_examples=10)
@given(testing.ratings())
def test_reading_what_was_written_gives_the_same_ratings(ratings: Ratings) -> None:
    groups = tuple(ratings.responses.groups)
    assert read_ratings(write_ratings(ratings), ratings.instrument, groups=groups) == ratings


CELLS = st.sampled_from(("ann", "bo", "self", "peer", "", "3", "9", "=x", '"', "#question", "\0", "e1"))


@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=7).map(",".join), max_size=5), st.sampled_from(("", "evaluation_id,"))
)
def test_any_rows_give_ratings_or_a_leadkit_error(rows: list[str], more: str) -> None:
    text = f"ratee_id,rater_id,role,{more}a1,a2\n" + "\n".join(rows)
    try:
        outcome: Ratings | LeadkitError = read_ratings(text, CALM)
    except LeadkitError as error:
        outcome = error
    assert len(outcome) if isinstance(outcome, Ratings) else outcome.faults
