"""How messages are read, and how far the people who read them agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit import frameworks
from leadkit._convert import structure, unstructure
from leadkit.errors import ResponseError
from leadkit.stats import FLAGS
from leadkit.stats.agreement import krippendorff_alpha
from leadkit.ved import VED_FLAGS, MessageCoding, read_messages

RUBRIC = frameworks.message_rubric()
CODES = RUBRIC.code_ids


def coding(message: str, coder: str, *codes: str) -> MessageCoding:
    return MessageCoding(message_id=message, coder_id=coder, codes=codes)


SPRING_AND_AUTUMN = [
    coding("spring", "ann", "reason", "ambition", "deadline"),
    coding("spring", "bo", "reason", "deadline"),
    coding("spring", "cy", "reason", "ambition", "belief_in_the_team"),
    coding("autumn", "ann", "target_first", "pressure"),
    coding("autumn", "bo", "target_first", "pressure", "reason"),
    coding("winter", "ann"),
    coding("winter", "cy"),
]


@st.composite
def codings(draw: st.DrawFn) -> list[MessageCoding]:
    pairs = draw(st.lists(st.sampled_from(list(product("mnop", "abc"))), min_size=1, max_size=9, unique=True))
    return [coding(m, c, *draw(st.sets(st.sampled_from(CODES), max_size=5))) for m, c in pairs]


def units(rows: Sequence[MessageCoding]) -> list[list[float]]:
    """Message x code by coder, written out once more."""
    by_pair = {(row.message_id, row.coder_id): row.codes for row in rows}
    messages = sorted({row.message_id for row in rows})
    coders = sorted({row.coder_id for row in rows})
    return [
        [float(code in by_pair[m, c]) if (m, c) in by_pair else float("nan") for c in coders]
        for m in messages
        for code in CODES
    ]


def test_shares_and_contrasts_are_those_counted_by_hand() -> None:
    reading = read_messages(SPRING_AND_AUTUMN)
    assert reading.message_ids == ("autumn", "spring", "winter")
    assert reading.coder_ids == ("ann", "bo", "cy")
    assert reading.code_ids == CODES
    assert reading.n_coders.tolist() == [2, 3, 2]
    spring = dict(zip(CODES, reading.share[1].tolist(), strict=True))
    assert spring["reason"] == 1
    assert spring["ambition"] == spring["deadline"] == pytest.approx(2 / 3)
    assert spring["belief_in_the_team"] == pytest.approx(1 / 3)
    assert sum(spring.values()) == pytest.approx(8 / 3)
    # Autumn: 1 leader's code against 4; spring: 6 against 2; winter: none.
    assert reading.contrast[:2].tolist() == pytest.approx([-0.6, 0.5])
    assert np.isnan(reading.contrast[2])
    assert reading.message_flags == ((), (), ("no_codes",))
    assert reading.rubric == RUBRIC.title
    assert reading.sides == tuple(code.side for code in RUBRIC.codes)


def test_alpha_of_two_coders_is_the_one_worked_out_by_hand() -> None:
    # 20 units, 40 ratings, 9 of them "seen", one unit in disagreement: 1 - 39 x 1/(9 x 31).
    rows = [row for row in SPRING_AND_AUTUMN if row.coder_id != "cy" and row.message_id != "winter"]
    rows[3] = coding("autumn", "bo", "target_first", "pressure")
    assert read_messages(rows).alpha == pytest.approx(1 - 39 / (9 * 31), abs=1e-15)


@given(codings())
def test_alpha_is_krippendorffs_over_message_by_code(rows: list[MessageCoding]) -> None:
    reading = read_messages(rows)
    direct = krippendorff_alpha(units(rows), metric="nominal")
    assert reading.alpha == pytest.approx(direct.alpha, abs=1e-12, nan_ok=True)
    assert set(reading.flags) == {*direct.flags, "no_interval"}
    assert set(reading.flags) <= set(FLAGS) | set(VED_FLAGS)
    assert {flag for row in reading.message_flags for flag in row} <= set(VED_FLAGS)


@given(codings())
def test_shares_are_shares_and_the_contrast_lies_between_minus_one_and_one(rows: list[MessageCoding]) -> None:
    reading = read_messages(rows)
    assert np.all((reading.share >= 0) & (reading.share <= 1))
    known = ~np.isnan(reading.contrast)
    assert np.all(np.abs(reading.contrast[known]) <= 1)
    assert np.array_equal(known, reading.share.any(axis=1))


@given(codings())
def test_the_contrast_is_negated_when_the_sides_change_places(rows: list[MessageCoding]) -> None:
    swapped = attrs.evolve(
        RUBRIC,
        codes=[attrs.evolve(code, side="leader" if code.side == "manager" else "manager") for code in RUBRIC.codes],
    )
    one, other = read_messages(rows), read_messages(rows, swapped)
    assert np.array_equal(other.contrast, -one.contrast, equal_nan=True)
    assert np.array_equal(other.share, one.share)
    assert other.alpha == one.alpha or np.isnan(one.alpha)


@settings(max_examples=15)
@given(codings(), st.randoms(use_true_random=False))
def test_the_order_of_the_codings_changes_nothing(rows: list[MessageCoding], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = (read_messages(given, n_resamples=20, rng=3) for given in (rows, shuffled))
    assert one == other


@settings(max_examples=15)
@given(codings())
def test_whole_messages_are_resampled(rows: list[MessageCoding]) -> None:
    reading = read_messages(rows, n_resamples=40, rng=5)
    table = np.array(units(rows)).reshape(len(reading.message_ids), len(CODES), -1)
    pairable = table[reading.n_coders > 1]
    assume(len(pairable) > 1 and not np.isnan(reading.alpha))
    reached = {
        round(alpha, 10)
        for draw in product(range(len(pairable)), repeat=len(pairable))
        if not np.isnan(alpha := krippendorff_alpha(np.concatenate(pairable[list(draw)]), metric="nominal").alpha)
    }
    low, high = reading.alpha_interval.low, reading.alpha_interval.high
    assert min(reached) - 1e-9 <= low <= high <= max(reached) + 1e-9


def test_a_message_that_carries_all_disagreement_makes_the_interval_wide() -> None:
    rows = [coding(f"m{i}", coder, "reason") for i in range(5) for coder in ("ann", "bo")]
    rows += [coding("odd", "ann", *CODES), coding("odd", "bo")]
    reading = read_messages(rows, n_resamples=400, rng=1)
    # A third of the resamples does not draw the odd message, and then the coders agree perfectly.
    assert reading.alpha_interval.high == 1
    assert reading.alpha_interval.low < 0 < reading.alpha
    assert reading.flags == ()
    assert reading.n_resamples == 400


def test_the_interval_is_the_same_for_the_same_seed_and_any_number_of_workers() -> None:
    first = read_messages(SPRING_AND_AUTUMN, n_resamples=60, rng=2)
    assert first == read_messages(SPRING_AND_AUTUMN, n_resamples=60, rng=2)
    with ThreadPoolExecutor(2) as pool:
        assert first == read_messages(SPRING_AND_AUTUMN, n_resamples=60, rng=2, executor=pool)
    wider = read_messages(SPRING_AND_AUTUMN, n_resamples=60, rng=2, level=0.99).alpha_interval
    assert wider.low <= first.alpha_interval.low <= first.alpha_interval.high <= wider.high


def test_without_resamples_the_interval_is_nan_and_says_so() -> None:
    reading = read_messages(SPRING_AND_AUTUMN)
    assert np.isnan([reading.alpha_interval.low, reading.alpha_interval.high]).all()
    assert reading.alpha_interval.level == 0.95
    assert reading.flags == ("no_interval",)


def test_one_message_has_an_alpha_and_no_interval() -> None:
    reading = read_messages(SPRING_AND_AUTUMN[:3], n_resamples=10, rng=1)
    assert 0 < reading.alpha < 1
    assert np.isnan(reading.alpha_interval.low)
    assert reading.flags == ("too_few_rows",)


def test_resamples_in_which_nobody_saw_anything_are_counted_and_left_out() -> None:
    rows = [coding("full", "ann", "reason"), coding("full", "bo", "reason")]
    rows += [coding("empty", coder) for coder in ("ann", "bo")]
    reading = read_messages(rows, n_resamples=40, rng=1)
    assert 0 < reading.n_undefined < 40
    assert reading.flags == ("undefined_resamples",)
    assert reading.alpha_interval.low == reading.alpha_interval.high == 1


def test_one_coder_alone_gives_a_contrast_and_no_agreement() -> None:
    reading = read_messages([coding("spring", "ann", "reason")], n_resamples=10, rng=1)
    assert reading.contrast.tolist() == [1.0]
    assert np.isnan(reading.alpha)
    assert np.isnan(reading.alpha_interval.low)
    assert reading.message_flags == (("one_coder",),)
    assert reading.flags == ("rows_dropped", "too_few_pairs")


def test_messages_that_nobody_found_anything_in_have_no_agreement_to_speak_of() -> None:
    reading = read_messages([coding("winter", "ann"), coding("winter", "bo")], n_resamples=10, rng=1)
    assert np.isnan(reading.alpha)
    assert reading.flags == ("no_variation",)


def test_the_practice_messages_read_as_they_were_written() -> None:
    rows = [coding(message.id, "key", *message.codes) for message in RUBRIC.practice]
    reading = read_messages(rows)
    contrast = dict(zip(reading.message_ids, reading.contrast.tolist(), strict=True))
    assert contrast == {"as_a_leader": 1.0, "as_a_manager": -1.0, "in_between": pytest.approx(-0.2)}


def test_a_rubric_of_ones_own_decides_what_is_counted() -> None:
    own = attrs.evolve(RUBRIC, title="Short", version="2.0.0", codes=[RUBRIC.codes[0], RUBRIC.codes[-1]], practice=())
    reading = read_messages([coding("m", "ann", "ambition"), coding("m", "bo", "ambition", "checking")], own)
    assert reading.code_ids == ("ambition", "checking")
    assert reading.contrast.tolist() == pytest.approx([1 / 3])
    assert (reading.rubric, reading.rubric_version) == ("Short", "2.0.0")


def test_every_fault_of_all_codings_is_in_one_error() -> None:
    rows: list[Any] = [
        coding("spring", "ann", "ambitoin", "reason"),
        coding("spring", "ann", "reason"),
        "spring",
        coding("spring", "bo", "zzz", "dead line"),
    ]
    with pytest.raises(ResponseError) as caught:
        read_messages(rows)
    assert [str(fault) for fault in caught.value.faults] == [
        "message 'spring', coder 'ann': unknown code 'ambitoin' (did you mean 'ambition'?)",
        "message 'spring', coder 'ann': is there again: codings[0] and codings[1]",
        "codings[2]: expected a MessageCoding, got 'spring'",
        "message 'spring', coder 'bo': unknown code 'dead line' (did you mean 'deadline'?)",
        "message 'spring', coder 'bo': unknown code 'zzz'",
    ]


def test_no_codings_are_refused() -> None:
    with pytest.raises(ResponseError, match="codings: expected at least one, got none"):
        read_messages([])


@pytest.mark.parametrize("codes", ["reason", 3, None, [["reason"]]])
def test_codes_that_are_no_collection_of_ids_are_refused(codes: Any) -> None:
    with pytest.raises(ResponseError, match="coding: codes: expected a collection of code ids, got"):
        MessageCoding(message_id="spring", coder_id="ann", codes=codes)


def test_a_wrong_coding_is_refused_with_every_fault() -> None:
    with pytest.raises(ResponseError) as caught:
        MessageCoding(message_id="", coder_id=3, codes=["reason", "", 4])  # type: ignore[arg-type,list-item]
    assert [fault.where for fault in caught.value.faults] == ["message_id", "coder_id", "codes", "codes"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_resamples": 100}, "rng: n_resamples=100 needs a Generator, a SeedSequence or an integer, got None"),
        ({"n_resamples": 100, "rng": "seed"}, "rng: expected a Generator"),
        ({"n_resamples": 1, "rng": 1}, "n_resamples: expected a whole number of at least 2"),
        ({"n_resamples": -5, "rng": 1}, "n_resamples: expected a whole number of at least 2"),
        ({"level": 95}, "level: expected a number inside"),
        ({"level": 0, "n_resamples": 10, "rng": 1}, "level: expected a number inside"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_messages(SPRING_AND_AUTUMN, **options)


@given(codings())
def test_codings_survive_the_converter(rows: list[MessageCoding]) -> None:
    assert structure(unstructure(rows), list[MessageCoding], error=ResponseError) == rows


def test_codings_are_read_from_json_with_the_place_of_a_fault() -> None:
    data = json.loads('[{"message_id": "spring", "coder_id": "ann", "codes": ["reason", "deadline"]}]')
    assert structure(data, tuple[MessageCoding, ...], error=ResponseError) == (
        coding("spring", "ann", "deadline", "reason"),
    )
    data[0] |= {"coder_id": "", "code": []}
    with pytest.raises(ResponseError, match=r"\[0\]"):
        structure(data, tuple[MessageCoding, ...], error=ResponseError)


def test_a_reading_becomes_json_rows_and_a_table() -> None:
    reading = read_messages([*SPRING_AND_AUTUMN, coding("<i>", "ann")])
    plain = json.loads(json.dumps(reading.to_dict(), allow_nan=False))
    assert plain["alpha_interval"] == {"low": None, "high": None, "level": 0.95}
    assert plain["contrast"][3] is None
    rows = json.loads(json.dumps(reading.to_records(), allow_nan=False))
    assert [row["message_id"] for row in rows] == ["<i>", "autumn", "spring", "winter"]
    assert rows[0]["flags"] == "no_codes one_coder"
    assert rows[2]["share_reason"] == 1
    page = reading._repr_html_()
    assert "&lt;i&gt;" in page
    assert "share_pressure" in page
