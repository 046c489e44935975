"""Real answers through comma-separated text, checked against other programs."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit import frameworks
from leadkit.assessment import Responses, score
from leadkit.errors import ResponseError
from leadkit.interchange.csv import read_responses, write_responses

DATA = Path(__file__).parent.parent / "data"


def unzipped(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return file.read()


@pytest.fixture(scope="module")
def bfi(shared_data: Callable[[str], Path]) -> Responses:
    form = frameworks.load(DATA / "bfi.toml")
    with gzip.open(shared_data("stats/bfi.csv.gz"), "rt", encoding="utf-8", newline="") as file:
        return read_responses(file, form, id="id", ignore=("gender", "education", "age"))


def test_the_lead_items_of_lq2002_are_read(shared_data: Callable[[str], Path]) -> None:
    form = frameworks.load(DATA / "lq2002_lead.toml")
    text = unzipped(shared_data("stats/lq2002.csv.gz"))
    answers = read_responses(text, form, id=None, groups="COMPID", ignore_other_columns=True)
    assert answers.values.shape == (2042, 11)
    assert not np.isnan(answers.values).any()
    assert len(set(answers.groups["COMPID"])) == 49
    assert answers.respondent_ids[0] == "row2"


def test_scores_of_lq2002_are_the_means_in_the_file_itself(shared_data: Callable[[str], Path]) -> None:
    form = frameworks.load(DATA / "lq2002_lead.toml")
    text = unzipped(shared_data("stats/lq2002.csv.gz"))
    answers = read_responses(text, form, id=None, groups="LEAD", ignore_other_columns=True)
    in_file = np.array(answers.groups["LEAD"], dtype=np.float64)
    assert np.abs(score(answers).column("lead") - in_file).max() < 1e-8


def test_columns_of_lq2002_that_nobody_named_are_refused(shared_data: Callable[[str], Path]) -> None:
    form = frameworks.load(DATA / "lq2002_lead.toml")
    with pytest.raises(ResponseError, match="row 1, column 'TSIG01': unknown column"):
        read_responses(unzipped(shared_data("stats/lq2002.csv.gz")), form, id=None, groups="COMPID")


def test_all_answers_of_bfi_are_read(bfi: Responses) -> None:
    assert bfi.values.shape == (2800, 25)
    assert np.count_nonzero(np.isnan(bfi.values)) == 508
    assert bfi.respondent_ids[:2] == ("61617", "61618")


def test_bfi_is_the_same_after_writing_and_reading(bfi: Responses) -> None:
    assert read_responses(write_responses(bfi), bfi.instrument) == bfi


def test_scores_of_bfi_are_those_of_psych(bfi: Responses, golden: Callable[[str], Any]) -> None:
    expected = golden("stats/scoreitems_bfi.json")["impute_none"]
    meet(bfi, expected)


def test_scores_of_bfi_with_medians_filled_in_are_those_of_psych(bfi: Responses, golden: Callable[[str], Any]) -> None:
    expected = golden("stats/scoreitems_bfi.json")["impute_median"]
    filled = np.where(np.isnan(bfi.values), np.nanmedian(bfi.values, axis=0), bfi.values)
    meet(Responses(bfi.instrument, filled, bfi.respondent_ids, allow_fractions=True), expected)


def meet(answers: Responses, expected: Any) -> None:
    scores = score(answers)
    assert list(scores.scale_ids) == expected["names"]
    rows = np.array(expected["rows_1based"]) - 1
    np.testing.assert_allclose(scores.values[rows], expected["scores"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(scores.values.mean(axis=0), expected["means"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(scores.values.std(axis=0, ddof=1), expected["sds"], rtol=0, atol=1e-12)
