"""Reliability against the numbers of R's psych package on questionnaire data."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from leadkit.stats.reliability import cronbach_alpha, guttman_lambdas, item_analysis, split_half

Reference = tuple[dict[str, Any], NDArray[np.float64]]
DATA_SETS = ("bfi_agree", "bfi_conscientious", "lq2002_lead", "bfi_AC_10_omega")


def columns(path: Path, names: list[str]) -> NDArray[np.float64]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return np.array([[float(row[name] or "nan") for name in names] for row in rows])


@pytest.fixture(params=DATA_SETS)
def reference(
    request: pytest.FixtureRequest, golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> Reference:
    """Give the reference numbers of a questionnaire and its answers, reverse-keyed."""
    numbers = golden("stats/reliability.json")
    if request.param == "lq2002_lead":
        names = [f"LEAD{number:02d}" for number in range(1, 12)]
        return numbers[request.param], columns(shared_data("stats/lq2002.csv.gz"), names)
    parts = [numbers[name] for name in ("bfi_agree", "bfi_conscientious")]
    if request.param != "bfi_AC_10_omega":
        parts = [numbers[request.param]]
    x = columns(shared_data("stats/bfi.csv.gz"), [name for part in parts for name in part["items"]])
    keys = np.array([key for part in parts for key in part["keys"]])
    return numbers[request.param], np.where(keys < 0, 7 - x, x)


def close(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_alpha_its_error_and_both_intervals(reference: Reference, missing: Any) -> None:
    numbers, x = reference
    expected = numbers[missing]
    feldt = cronbach_alpha(x, missing=missing, interval_n="rows")
    duhachek = cronbach_alpha(x, missing=missing, interval="duhachek", interval_n="rows")
    close(feldt.alpha, expected["raw_alpha"])
    close(feldt.standardised, expected["std_alpha"])
    close(feldt.average_r, expected["average_r"])
    close(feldt.standard_error, expected["duhachek_iacobucci_ase"])
    close([feldt.interval.low, feldt.interval.high], expected["feldt_ci95"])
    close([duhachek.interval.low, duhachek.interval.high], expected["duhachek_ci95"])
    assert feldt.interval_n == expected["n"]
    assert (feldt.n_items, feldt.n_rows, feldt.n_complete) == (numbers["k"], numbers["n_rows"], numbers["n_complete"])
    dropped = missing == "listwise" and numbers["n_complete"] < numbers["n_rows"]
    assert feldt.flags == (("rows_dropped",) if dropped else ())


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_every_item(reference: Reference, missing: Any) -> None:
    numbers, x = reference
    expected = numbers[missing]
    result = item_analysis(x, items=expected["item_names"], bounds=(1, 6), missing=missing, interval_n="rows")
    assert result.n_answered.tolist() == expected["item_n"]
    close(result.mean, expected["item_mean"])
    close(result.sd, expected["item_sd"])
    close(result.item_rest_r, expected["r_drop"])
    close(result.item_total_r_corrected, expected["r_cor_overlap_corrected"])
    close(result.alpha_if_dropped, expected["alpha_if_dropped_raw"])
    close(result.alpha.alpha, expected["raw_alpha"])
    counted = x[~np.isnan(x).any(axis=1)] if missing == "listwise" else x
    close(result.floor, (counted == 1).sum(axis=0) / expected["item_n"])
    close(result.ceiling, (counted == 6).sum(axis=0) / expected["item_n"])


def test_the_sum_of_complete_answers(reference: Reference) -> None:
    numbers, x = reference
    result = item_analysis(x, missing="listwise")
    close(result.item_total_r, numbers["listwise"]["r_total_raw"])
    close(result.total_mean / numbers["k"], numbers["listwise"]["scale_mean"])
    close(result.total_sd, numbers["sem"]["sd_total_listwise"])
    close(result.standard_error_of_measurement, numbers["sem"]["sem_alpha"])


def test_lambdas_of_the_covariances(reference: Reference) -> None:
    numbers, x = reference
    expected = numbers["lambdas_listwise_cov"]
    result = guttman_lambdas(x, missing="listwise", lambda4="none")
    close(result.lambda1, expected["lambda1"])
    close(result.lambda2, expected["lambda2"])
    close(result.lambda3, expected["lambda3"])
    close(result.lambda5, expected["lambda5"])
    close(result.lambda6, expected["lambda6_smc"])
    close(result.ten_berge[3], expected["mu3_ten_berge_zegers"])


def test_lambdas_of_the_correlations_are_those_of_standardised_items(reference: Reference) -> None:
    numbers, x = reference
    expected = numbers["psych_guttman_corr"]
    complete = x[~np.isnan(x).any(axis=1)]
    result = guttman_lambdas((complete - complete.mean(axis=0)) / complete.std(axis=0, ddof=1))
    close(result.lambda1, expected["lambda1"])
    close(result.lambda2, expected["lambda2"])
    close(result.lambda3, expected["lambda3"])
    close(result.lambda5, expected["lambda5"])
    close(result.lambda6, expected["lambda6"])
    close(result.ten_berge, [expected["tenberge"][f"mu{r}"] for r in range(4)])
    assert result.lambda4_method == "exact"
    splits = numbers["psych_splithalf_corr"]
    if numbers["k"] % 2:
        assert result.n_splits > splits["n_splits"]
        assert result.lambda4 >= max(expected["lambda4_max"], splits["max_lambda4"]) - 1e-10
    else:
        assert result.n_splits == splits["n_splits"]
        close(result.lambda4, expected["lambda4_max"])
        close(result.lambda4, splits["max_lambda4"])


@pytest.mark.parametrize("halves", ["odd_even", "first_second"])
def test_split_halves(reference: Reference, halves: Any) -> None:
    numbers, x = reference
    expected = numbers["split_half"]
    result = split_half(x, halves=halves)
    close(result.r, expected[f"{halves}_r"])
    close(result.spearman_brown, expected[f"{halves}_spearman_brown"])
    close(result.flanagan_rulon, expected[f"{halves}_flanagan_rulon"])
    assert result.n == numbers["n_complete"]
