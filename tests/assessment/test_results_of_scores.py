"""What is made of scores: reliability, bands, norms, change, classes and fit."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit import samples
from leadkit.assessment import (
    Instrument,
    Responses,
    classify,
    compare,
    precision,
    profile_fit,
    reliability,
    score,
    standard_errors,
)
from leadkit.errors import ResponseError, UnknownIdError
from leadkit.stats import cronbach_alpha, item_analysis, norm_table, omega

NAN = float("nan")


def people(two: Instrument, n: int = 60, seed: int = 1, *, shift: float = 0.0) -> Responses:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(n, 1)) + shift
    raw = np.clip(np.rint(3 + trait + rng.normal(scale=0.8, size=(n, 5))), 1, 5)
    raw[:, 1] = 6 - raw[:, 1]
    return Responses(two, raw, [f"p{i}" for i in range(n)], {"team": ["north", "south"] * (n // 2)})


def test_reliability_is_that_of_the_keyed_items(two: Instrument) -> None:
    given = people(two)
    table = reliability(given)
    keyed = given.values[:, :3].copy()
    keyed[:, 1] = 6 - keyed[:, 1]
    weighted = keyed * [1, 1, 2]
    assert table.dimension_ids == ("vision", "drive")
    assert table.alpha[0] == cronbach_alpha(weighted).alpha
    assert table.omega[0] == omega(weighted).omega
    assert table.analysis("vision") == item_analysis(keyed, items=["vis1", "vis2", "vis3"], bounds=(1, 5))
    assert "weighted_items" in table.row_flags[0]
    assert table.row_flags[1] == ("underidentified",)
    sd = np.std(score(given).column("vision"), ddof=1)
    assert table.standard_error[0] == pytest.approx(sd * np.sqrt(1 - table.alpha[0]), abs=1e-12)
    assert table.coefficients() == {"vision": table.alpha[0], "drive": table.alpha[1]}


def test_reliability_by_group_takes_each_group_by_itself(two: Instrument) -> None:
    given = people(two)
    table = reliability(given, by="team")
    assert list(zip(table.dimension_ids, table.groups, strict=True)) == [
        ("vision", "north"),
        ("drive", "north"),
        ("vision", "south"),
        ("drive", "south"),
    ]
    north = reliability(given[np.array([team == "north" for team in given.groups["team"]])])
    assert np.array_equal(table.alpha[:2], north.alpha)
    assert table.n_respondents.tolist() == [30] * 4
    with pytest.raises(ValueError, match="this table has an alpha for each 'team'"):
        table.coefficients()
    with pytest.raises(UnknownIdError, match=r"unknown group variable 'teem' .*'team'"):
        reliability(given, by="teem")
    with pytest.raises(ValueError, match="do not sort together"):
        reliability(evolve(given, groups={"team": [1, "a"] * 30}), by="team")
    with pytest.raises(ValueError, match="no respondent has a group"):
        reliability(evolve(given, groups={"team": [None] * 60}), by="team")


def test_a_reliability_table_has_rows_for_people_and_machines(two: Instrument) -> None:
    table = reliability(people(two), level=0.9)
    records = table.to_records()
    assert records[0]["dimension_id"] == "vision"
    assert records[0]["group"] is None
    assert [row["item"] for row in table.item_records()] == list(two.item_ids)
    json.dumps([table.to_dict(), records, table.item_records()], allow_nan=False)
    assert "<td>vision</td>" in table._repr_html_()
    assert set(table.flags) == {flag for row in table.row_flags for flag in row}
    with pytest.raises(UnknownIdError, match="known: drive, vision"):
        table.analysis("visio")


def test_standard_errors_follow_from_reliabilities_and_composites_from_their_parts(two: Instrument) -> None:
    scores = score(people(two))
    spread = precision(scores, {"vision": 0.8, "drive": 0.7})
    sd = np.std(scores.values, axis=0, ddof=1)
    expected = sd[:2] * np.sqrt([0.2, 0.3])
    np.testing.assert_allclose(spread.standard_error[:2], expected, rtol=0, atol=1e-12)
    composite = np.sqrt((3 * expected[0]) ** 2 + expected[1] ** 2) / 4
    assert spread.standard_error[2] == pytest.approx(composite, abs=1e-12)
    assert spread.reliability[2] == pytest.approx(1 - (composite / sd[2]) ** 2, abs=1e-12)
    given = precision(scores, {"vision": 0.8, "drive": 0.7, "lead": 0.9})
    assert given.standard_error[2] == pytest.approx(sd[2] * np.sqrt(0.1), abs=1e-12)
    assert np.array_equal(
        standard_errors(scores, reliability(people(two))),
        precision(scores, reliability(people(two)).coefficients()).standard_error,
        equal_nan=True,
    )
    json.dumps(spread.to_records(), allow_nan=False)


def test_a_reliability_out_of_range_or_a_single_person_gives_no_band(two: Instrument) -> None:
    scores = score(people(two))
    spread = precision(scores, {"vision": -0.1, "drive": 1.0})
    assert np.isnan(spread.standard_error[0])
    assert spread.standard_error[1] == 0
    assert spread.scale_flags == (("reliability_out_of_range",), (), ())
    alone = scores[:1].with_bands({"vision": 0.8})
    assert np.isnan(alone.low).all()
    assert alone.flags == ("single_person",)
    with pytest.raises(UnknownIdError, match="unknown scale 'visoin'"):
        precision(scores, {"visoin": 0.8})


def test_bands_are_wider_for_a_wider_level_and_kelley_pulls_to_the_mean(two: Instrument) -> None:
    scores = score(people(two))
    narrow = scores.with_bands({"vision": 0.8}, level=0.68)
    wide = scores.with_bands({"vision": 0.8}, "observed", 0.95)
    assert (wide.band("vision")[0] < narrow.band("vision")[0]).all()
    sem = wide.precision.standard_error[0]
    np.testing.assert_allclose(wide.high[:, 0] - scores.values[:, 0], 1.959963984540054 * sem, rtol=0, atol=1e-12)
    kelley = scores.with_bands({"vision": 0.8}, kind="kelley")
    mean = scores.column("vision").mean()
    np.testing.assert_allclose(kelley.estimate[:, 0], mean + 0.8 * (scores.column("vision") - mean), rtol=0, atol=1e-12)
    assert np.isnan(wide.low[:, 1]).all()
    assert wide.to_records()[0]["low"] == wide.low[0, 0]
    json.dumps(wide.to_dict(), allow_nan=False)
    assert "95% bands (observed)" in wide._repr_html_()
    with pytest.raises(UnknownIdError):
        wide.band("visoin")


def test_norms_name_their_group_and_its_size(two: Instrument) -> None:
    scores = score(people(two))
    table = norm_table(scores.column("vision"), name="demo", version="2026")
    normed = scores.normed({"vision": table})
    assert np.array_equal(normed.percentile[:, 0], table.percentile_rank(scores.column("vision")))
    assert np.array_equal(normed.stanine[:, 0], table.stanine(scores.column("vision")))
    assert dict(normed.norm_names) == {"vision": "demo 2026"}
    assert dict(normed.norm_sizes) == {"vision": 60}
    assert normed.flags == ("small_norm_sample",)
    json.dumps([normed.to_dict(), normed.to_records()], allow_nan=False)
    assert "demo 2026 (n = 60)" in normed._repr_html_()
    with pytest.raises(ValueError, match="expected a norm table"):
        scores.normed({})
    with pytest.raises(UnknownIdError):
        scores.normed({"x": table})


def test_change_matches_people_by_id_and_lists_the_others(two: Instrument) -> None:
    before, after = score(people(two)), score(people(two, seed=2, shift=1.0))
    mixed = after[np.r_[5:60, 0:4]]
    change = compare(before, mixed, reliability={"vision": 0.8, "drive": 0.7})
    assert change.unmatched_before == ("p4",)
    assert change.unmatched_after == ()
    assert len(change.respondent_ids) == 59
    assert change.respondent_ids[0] == "p0"
    np.testing.assert_allclose(change.change[0], after.values[0] - before.values[0], rtol=0, atol=1e-12)
    kept = np.array([name != "p4" for name in before.respondent_ids])
    sd = np.std(before.values[kept], axis=0, ddof=1)
    np.testing.assert_allclose(change.standardised, change.change / sd, rtol=0, atol=1e-10)
    error = sd[0] * np.sqrt(2 * 0.2)
    np.testing.assert_allclose(change.rci[:, 0], change.change[:, 0] / error, rtol=0, atol=1e-10)
    assert change.threshold[0] == pytest.approx(1.959963984540054 * error, abs=1e-10)
    for row, index in zip(change.category, change.rci[:, 0], strict=True):
        expected = (
            "improved"
            if index > 1.959963984540054
            else "declined"
            if index < -1.959963984540054
            else "no reliable change"
        )
        assert row[0] == expected
        assert row[2] is None
    assert sum(change.counts("vision").values()) == 59
    assert sum(change.counts("lead").values()) == 0
    back = compare(mixed, before, reliability={"vision": 0.8}, higher_is_better=False)
    assert back.counts("vision")["improved"] > 0
    json.dumps([change.to_dict(), change.to_records()], allow_nan=False)
    assert "Change of 59 people" in change._repr_html_()
    assert "reliability_out_of_range" in change.flags
    with pytest.raises(UnknownIdError):
        change.counts("x")


def test_change_refuses_what_cannot_be_compared(two: Instrument) -> None:
    before = score(people(two))
    with pytest.raises(ResponseError, match="before is in metric 'mean', after in 'pomp'"):
        compare(before, score(people(two), metric="pomp"), reliability={})
    changed = evolve(two, version="2.0.0")
    after = score(Responses(changed, people(two).values, before.respondent_ids))
    with pytest.raises(ResponseError, match=r"before was scored by 'two' 1.0.0 .* after by 'two' 2.0.0 .*crosswalk="):
        compare(before, after, reliability={})
    walked = compare(before, after, reliability={"drive": 0.7}, crosswalk={"vision": "drive"})
    assert walked.scale_ids == ("drive",)
    np.testing.assert_allclose(walked.change[:, 0], after.column("drive") - before.column("vision"), rtol=0, atol=1e-12)
    for wrong in ({"x": "drive"}, {"vision": "x"}):
        with pytest.raises(UnknownIdError, match="unknown scale 'x'"):
            compare(before, after, reliability={}, crosswalk=wrong)
    with pytest.raises(UnknownIdError, match="unknown scale 'y'"):
        compare(before, before, reliability={"y": 0.5})


def test_nobody_in_common_is_an_empty_change(two: Instrument) -> None:
    before = score(people(two))
    after = evolve(before, respondent_ids=tuple(f"q{i}" for i in range(60)))
    change = compare(before, after, reliability={"vision": 0.8})
    assert change.change.shape == (0, 3)
    assert len(change.unmatched_before) == len(change.unmatched_after) == 60


def test_classes_carry_their_probabilities(two: Instrument) -> None:
    scores = score(people(two), metric="pomp")
    found = classify(
        scores,
        {"vision": [40, 70], "lead": [30, 60]},
        sem={"vision": 8.0, "lead": 6.0},
        labels=["grow", "steady", "strong"],
    )
    assert found.scale_ids == ("vision", "lead")
    np.testing.assert_allclose(found.probability.sum(axis=2), 1.0, rtol=0, atol=1e-12)
    assert np.array_equal(found.band[:, 0], np.searchsorted([40, 70], scores.column("vision"), side="right"))
    first = found.to_records()[0]
    assert first["band"] == found.labels[found.band[0, 0]]
    assert first["probability_grow"] == found.probability[0, 0, 0]
    assert dict(found.cuts) == {"vision": (40.0, 70.0), "lead": (30.0, 60.0)}
    assert "a person decides" in found.note
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.note in found._repr_html_()
    everywhere = classify(scores, [50], sem=5.0)
    assert everywhere.scale_ids == scores.scale_ids
    assert everywhere.labels == ("band0", "band1")


def test_a_missing_score_has_no_class(two: Instrument) -> None:
    scores = score(Responses(two, [[NAN] * 5, [3.0] * 5], ["a", "b"]))
    found = classify(scores, [3], sem=0.5)
    assert found.band[0].tolist() == [-1] * 3
    assert np.isnan(found.probability[0]).all()
    assert found.to_records()[0]["band"] is None


def test_wrong_cuts_are_refused(two: Instrument) -> None:
    scores = score(people(two))
    with pytest.raises(ValueError, match="cuts: expected equally many"):
        classify(scores, {"vision": [1, 2], "drive": [3]}, sem=1.0)
    with pytest.raises(ValueError, match="cuts: expected equally many"):
        classify(scores, {}, sem=1.0)
    with pytest.raises(UnknownIdError, match="unknown scale 'x'"):
        classify(scores, {"x": [3]}, sem=1.0)
    with pytest.raises(UnknownIdError, match="unknown scale in sem 'drive'"):
        classify(scores, {"drive": [3]}, sem={"vision": 1.0})
    with pytest.raises(ValueError, match="cuts"):
        classify(scores, [3, 2], sem=1.0)


def test_profile_fit_splits_the_distance_into_its_parts(two: Instrument) -> None:
    scores = score(people(two))
    target = {"vision": 5.0, "drive": 4.0, "lead": 4.5}
    fit = profile_fit(scores, target)
    distance = ((scores.values - [5, 4, 4.5]) ** 2).sum(axis=1)
    np.testing.assert_allclose(fit.distance2, distance, rtol=0, atol=1e-10)
    parts = 3 * fit.elevation_difference**2 + fit.scatter_difference**2 + fit.shape_component
    np.testing.assert_allclose(parts, distance, rtol=0, atol=1e-10)
    assert fit.to_records()[0]["respondent_id"] == "p0"
    json.dumps(fit.to_dict(), allow_nan=False)
    with pytest.raises(UnknownIdError):
        profile_fit(scores, {"x": 3})


def read_gz(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "data", "prefix", "reverse"),
    [
        ("bfi_agree", "bfi", "A", {"A1"}),
        ("bfi_conscientious", "bfi", "C", {"C4", "C5"}),
        ("lq2002_lead", "lq2002", "LEAD", set()),
    ],
)
def test_reliability_through_records_meets_the_reference(
    name: str,
    data: str,
    prefix: str,
    reverse: set[str],
    shared_data: Callable[[str], Path],
    golden: Callable[[str], Any],
) -> None:
    rows = read_gz(shared_data(f"stats/{data}.csv.gz"))
    columns = [column for column in rows[0] if column.startswith(prefix) and column[len(prefix) :].isdigit()]
    high = 6 if data == "bfi" else 5
    key = Instrument.from_rows(
        [{"item": c.lower(), "dimension": "d", "reverse": c in reverse, "low": 1, "high": high} for c in columns],
        id="reference",
        version="1.0.0",
        title="Reference",
        source="R",
        licence="facts",
    )
    records = [
        {"respondent_id": str(i), **{c.lower(): int(row[c]) if row[c] else None for c in columns}}
        for i, row in enumerate(rows)
    ]
    given = Responses.from_records(records, key)
    for missing in ("pairwise", "listwise"):
        reference = golden("stats/reliability.json")[name][missing]
        table = reliability(given, missing=missing, interval_n="rows" if missing == "pairwise" else "harmonic")
        assert table.alpha[0] == pytest.approx(reference["raw_alpha"], abs=1e-10)
        assert [table.alpha_low[0], table.alpha_high[0]] == pytest.approx(reference["feldt_ci95"], abs=1e-10)
        analysis = table.analyses[0]
        assert analysis.mean.tolist() == pytest.approx(reference["item_mean"], abs=1e-10)
        assert analysis.sd.tolist() == pytest.approx(reference["item_sd"], abs=1e-10)
        assert analysis.n_answered.tolist() == reference["item_n"]
        assert analysis.item_rest_r.tolist() == pytest.approx(reference["r_drop"], abs=1e-10)
        assert analysis.alpha_if_dropped.tolist() == pytest.approx(reference["alpha_if_dropped_raw"], abs=1e-10)
        assert analysis.item_total_r_corrected.tolist() == pytest.approx(
            reference["r_cor_overlap_corrected"], abs=1e-10
        )
    fitted = golden("stats/reliability.json")[name].get("omega_u_ml_cov")
    assert reliability(given).omega[0] == pytest.approx(fitted["omega"], abs=1e-5)
    if data == "bfi":
        scored = score(given, min_answered=1)
        reference = golden("stats/scoreitems_bfi.json")["impute_none"]
        at = {"A": 0, "C": 1}[prefix]
        assert np.mean(scored.values) == pytest.approx(reference["means"][at], abs=1e-12)
        assert np.std(scored.values, ddof=1) == pytest.approx(reference["sds"][at], abs=1e-12)


@pytest.mark.parametrize("group", [np.array(["north", "south"]), ["north"], {"team": 1}, 3])
def test_what_is_no_group_is_told_as_unknown(group: Any) -> None:
    answers = samples.answers("ved", rng=1)
    with pytest.raises(UnknownIdError, match="unknown group variable"):
        reliability(answers, by=group)
    table = reliability(answers, by="team")
    with pytest.raises(UnknownIdError, match="unknown row of this reliability table"):
        table.analysis("vision", group)
    with pytest.raises(UnknownIdError, match="unknown row of this reliability table"):
        table.analysis(group)
