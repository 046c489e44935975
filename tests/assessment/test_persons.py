"""Pseudonyms, and the rights of one person: a copy of everything, and to be forgotten."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from leadkit import samples
from leadkit.assessment import (
    Comment,
    DisclosurePolicy,
    disclose,
    erase_comments,
    erase_person,
    export_person,
    feedback,
    pseudonymise,
)
from leadkit.errors import DisclosureError, UnknownIdError

GIVEN = samples.ratings("ved", n_leaders=3, rng=4)


def test_a_pseudonym_is_the_hmac_of_the_id() -> None:
    expected = hmac.new(b"key", b"ann", sha256).hexdigest()
    assert pseudonymise(["ann", "bo"], "key")[0] == pseudonymise(["ann"], b"key")[0] == expected


def test_equal_ids_have_equal_pseudonyms_and_another_key_gives_others() -> None:
    names = pseudonymise(["ann", "bo", "ann"], "key")
    assert names[0] == names[2] != names[1]
    assert pseudonymise(["ann"], "another")[0] != names[0]


@pytest.mark.parametrize("key", ["", b"", None, 3])
def test_a_missing_key_is_refused(key: Any) -> None:
    with pytest.raises(DisclosureError, match="key: expected bytes or a text that is not empty"):
        pseudonymise(["ann"], key)


def test_ids_that_are_no_texts_are_refused_all_at_once() -> None:
    wrong: Any = ["ann", 3, None]
    with pytest.raises(DisclosureError) as caught:
        pseudonymise(wrong, "key")
    assert [fault.where for fault in caught.value.faults] == ["ids[1]", "ids[2]"]
    with pytest.raises(DisclosureError, match="expected several ids, got the text 'ann'"):
        pseudonymise("ann", "key")


def test_an_export_has_the_answers_of_the_person_and_the_disclosed_results_about_them() -> None:
    ratee = GIVEN.ratee_ids[0]
    raw = feedback(GIVEN, comments=[Comment(ratee_id=ratee, rater_id=ratee, role="self", text="I try")])
    export = export_person(GIVEN, disclose(raw, DisclosurePolicy()), ratee)
    own = [i for i, rater in enumerate(GIVEN.rater_ids) if rater == ratee]
    assert len(export.answers) == len(own)
    first = export.answers[0]
    assert first["role"] == GIVEN.roles[own[0]]
    assert first["vis1"] == GIVEN.responses.values[own[0], 0]
    assert {row["ratee_id"] for row in export.results} == {ratee}
    assert [dict(comment) for comment in export.comments] == [{"role": "self", "dimension_id": None, "text": "I try"}]
    json.dumps(export.to_dict(), allow_nan=False)


def test_an_export_names_no_other_rater() -> None:
    ratee = GIVEN.ratee_ids[0]
    export = export_person(GIVEN, disclose(feedback(GIVEN), DisclosurePolicy()), ratee)
    others = {rater for rater in GIVEN.rater_ids if rater not in GIVEN.ratee_ids}
    assert not [name for name in others if name in json.dumps(export.to_dict())]


def test_somebody_who_only_rated_has_answers_and_no_results() -> None:
    rater = next(name for name in GIVEN.rater_ids if name not in GIVEN.ratee_ids)
    export = export_person(GIVEN, disclose(feedback(GIVEN), DisclosurePolicy()), rater)
    assert len(export.answers) >= 1
    assert export.results == ()


def test_an_unknown_person_is_named_with_the_nearest_known() -> None:
    shown = disclose(feedback(GIVEN), DisclosurePolicy())
    with pytest.raises(UnknownIdError, match="person 'nobody'"):
        export_person(GIVEN, shown, "nobody")
    with pytest.raises(UnknownIdError, match="person 'nobody'"):
        erase_person(GIVEN, "nobody")


def test_erasing_leaves_no_trace_and_names_whose_results_change() -> None:
    person = GIVEN.ratee_ids[0]
    rest, again = erase_person(GIVEN, person)
    assert person not in {*rest.ratee_ids, *rest.rater_ids}
    rated = {ratee for ratee, rater in zip(GIVEN.ratee_ids, GIVEN.rater_ids, strict=True) if rater == person}
    assert set(again) == rated - {person}
    kept = [person not in pair for pair in zip(GIVEN.ratee_ids, GIVEN.rater_ids, strict=True)]
    assert rest == GIVEN[np.array(kept)]


def test_results_of_people_who_are_not_named_stay_as_they_were() -> None:
    rater = next(name for name in GIVEN.rater_ids if name not in GIVEN.ratee_ids)
    rest, again = erase_person(GIVEN, rater)
    before, after = feedback(GIVEN), feedback(rest)
    for ratee in set(before.ratee_ids).difference(again):
        i, j = before.ratee_ids.index(ratee), after.ratee_ids.index(ratee)
        assert np.array_equal(before.others_mean[i], after.others_mean[j], equal_nan=True)


def test_comments_by_and_about_a_person_are_erased_with_the_person() -> None:
    texts = [
        Comment(ratee_id=ratee, rater_id=rater, role="peer", text="x")
        for ratee, rater in (("ann", "bo"), ("bo", "cy"), ("ann", "cy"))
    ]
    assert erase_comments(texts, "bo") == (texts[2],)


def test_an_id_that_is_no_proper_text_has_a_pseudonym_too() -> None:
    assert len(pseudonymise(["\ud800"], "key")[0]) == 64
