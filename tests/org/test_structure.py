"""Spans and layers: what is counted, the bands, and the reference organisations."""

from __future__ import annotations

import csv
import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import ORG_FLAGS, SPAN_BANDS, Organisation, Person, Structure, measure_structure
from leadkit.testing import organisation as organisations


def team(n: int, **columns: Any) -> Organisation:
    """One leader with n direct reports."""
    ids = ["lead", *(f"p{i:02}" for i in range(n))]
    return Organisation.from_columns(ids, [None, *["lead"] * n], **columns)


class TestReferenceOrganisations:
    @pytest.mark.parametrize("count", ["filled", "posts"])
    def test_the_krackhardt_managers_are_as_in_the_reference_file(
        self, golden: Callable[[str], Any], count: Any
    ) -> None:
        known = golden("org/krackhardt_tree.json")
        result = measure_structure(Organisation.from_columns(known["ids"], known["manager"]), count=count)
        assert result.layer.tolist() == known["layer"]
        assert result.span.tolist() == known["direct_span"]
        assert result.total_reports.tolist() == known["total_reports"]
        assert result.headcount_by_layer.tolist() == known["headcount_by_layer"]
        assert (result.n_layers, result.n_managers) == (known["layers"], known["managers"])
        assert result.n_contributors == known["individual_contributors"]
        assert (result.mean_span, result.median_span, result.max_span) == (4, 4, known["max_span"])
        assert len(result.span_of_one) == known["span_eq_1"]
        assert result.contributors_per_manager == known["employees_per_manager"]
        assert dict(result.band_counts) == {
            "thin": 1,
            "player_coach": 3,
            "coach": 1,
            "supervisor": 0,
            "facilitator": 0,
            "coordinator": 0,
        }

    def test_the_uk_department_is_as_in_the_reference_file(
        self, golden: Callable[[str], Any], shared_data: Callable[[str], Path]
    ) -> None:
        known = golden("org/uk_dwp_tree.json")["prefer_root"]
        with shared_data("org/uk_dwp_2013_senior.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        people = Organisation.from_columns(
            [row["Post Unique Reference"] for row in rows],
            [row["Reports to Senior Post"] for row in rows],
            titles=[row["Job Title"] for row in rows],
            root_tokens=("XX",),
            job_shares="merge",
            conflicts="prefer_root",
        )
        result = measure_structure(people, count="posts")
        assert result.n_layers == known["layers"]
        assert result.headcount_by_layer.tolist() == known["headcount_by_layer"]
        assert result.n_managers == known["senior_managers"]
        assert result.mean_span == pytest.approx(known["mean_senior_span"], rel=1e-12)
        assert (result.median_span, result.max_span) == (known["median_senior_span"], known["max_senior_span"])
        assert len(result.span_of_one) == known["span_of_one"]


class TestCounting:
    def test_filled_counts_active_and_absent_posts_as_one_whoever_shares_them(self) -> None:
        people = team(4, status=["active", "active", "absent", "vacant", "left"], holders=[1, 3, 1, 1, 1])
        assert measure_structure(people).span[0] == 2
        assert measure_structure(people, count="posts").span[0] == 4
        assert measure_structure(people).headcount_by_layer.tolist() == [1, 2]

    def test_fte_counts_full_time_equivalents_of_filled_posts(self) -> None:
        people = team(3, fte=[1.0, 0.5, 0.75, None], status=["active", "active", "active", "vacant"])
        result = measure_structure(people, count="fte")
        assert result.span.tolist() == [1.25, 0, 0, 0]
        assert result.headcount_by_layer.tolist() == [1.0, 1.25]
        assert result.count == "fte"

    def test_a_span_of_one_is_one_report_that_counts_however_many_hours(self) -> None:
        ids, managers = ["a", "b", "c", "d", "e"], [None, "a", "b", "b", "c"]
        people = Organisation.from_columns(ids, managers, fte=[1, 0.4, 0.5, 0.5, 0])
        assert measure_structure(people, count="fte").span_of_one == ("a",)
        assert measure_structure(people).span_of_one == ("a", "c")

    def test_managers_are_posts_with_a_report_filled_or_not(self) -> None:
        people = Organisation.from_columns(["a", "b", "c"], [None, "a", "b"], status=["vacant", "active", "vacant"])
        result = measure_structure(people)
        assert (result.n_managers, result.n_contributors, result.contributors_per_manager) == (2, 1, 0.5)
        assert result.span.tolist() == [1, 0, 0]
        # b leads nobody who counts, so only a is in the averages
        assert (result.mean_span, result.median_span, result.max_span) == (1, 1, 1)

    def test_total_reports_are_the_whole_line_without_oneself(self) -> None:
        people = Organisation.from_columns(
            ["a", "b", "c", "d"], [None, "a", "b", "b"], status=["active", "vacant", "active", "active"]
        )
        assert measure_structure(people).total_reports.tolist() == [2, 2, 0, 0]

    def test_several_roots_share_the_first_layer(self) -> None:
        result = measure_structure(Organisation.from_columns(["a", "b", "c"], [None, None, "b"]))
        assert result.layer.tolist() == [1, 1, 2]
        assert result.headcount_by_layer.tolist() == [2, 1]

    def test_a_line_of_a_hundred_thousand_is_no_trouble(self) -> None:
        ids = [f"p{i:06}" for i in range(100_000)]
        result = measure_structure(Organisation.from_columns(ids, [None, *ids[:-1]]))
        assert result.n_layers == 100_000
        assert result.total_reports[0] == 99_999
        assert len(result.span_of_one) == 99_999


class TestBands:
    @pytest.mark.parametrize(
        ("n", "band"),
        [
            (1, "thin"),
            (2, "thin"),
            (3, "player_coach"),
            (5, "player_coach"),
            (6, "coach"),
            (8, "supervisor"),
            (10, "supervisor"),
            (11, "facilitator"),
            (15, "facilitator"),
            (16, "coordinator"),
            (60, "coordinator"),
        ],
    )
    def test_a_band_begins_at_its_first_number_and_ends_before_its_second(self, n: int, band: str) -> None:
        counts = measure_structure(team(n)).band_counts
        assert {name for name, number in counts.items() if number} == {band}

    def test_bands_can_be_ones_own_and_what_lies_outside_is_flagged(self) -> None:
        result = measure_structure(team(4), bands={"wide": (8, math.inf), "narrow": (1, 4)})
        assert dict(result.band_counts) == {"wide": 0, "narrow": 0}
        assert result.flags == ("spans_outside_bands",)
        assert dict(result.bands) == {"wide": (8.0, math.inf), "narrow": (1.0, 4.0)}

    def test_less_than_one_full_time_equivalent_lies_in_no_standard_band(self) -> None:
        result = measure_structure(team(1, fte=[1, 0.5]), count="fte")
        assert sum(result.band_counts.values()) == 0
        assert result.flags == ("spans_outside_bands",)

    def test_the_standard_bands_cover_every_whole_span_and_cannot_be_changed(self) -> None:
        edges = list(SPAN_BANDS.values())
        assert [low for low, _ in edges[1:]] == [high for _, high in edges[:-1]]
        assert (edges[0][0], edges[-1][1]) == (1, math.inf)
        with pytest.raises(TypeError):
            SPAN_BANDS["thin"] = (0, 1)  # type: ignore[index]  # what is tested


class TestLaws:
    @given(organisations())
    def test_all_posts_counted_the_spans_sum_to_the_posts_below_a_root(self, people: Organisation) -> None:
        result = measure_structure(people, count="posts")
        assert result.span.sum() == people.n - len(people.root_ids)
        assert np.array_equal(result.span, people.tree.n_children)
        assert np.array_equal(result.total_reports, people.tree.size - 1)

    @given(organisations(), st.sampled_from(["filled", "posts"]))
    def test_every_number_is_that_of_a_walk(self, people: Organisation, count: Any) -> None:
        result = measure_structure(people, count=count)
        counts = {one.id for one in people.people() if count == "posts" or one.status in {"active", "absent"}}
        spans = []
        for post, name in enumerate(people.ids):
            assert result.layer[post] == len(people.chain(name)) + 1
            assert result.span[post] == len(counts & set(people.reports_of(name)))
            assert result.total_reports[post] == len(counts & set(people.reports_of(name, whole_line=True)))
            spans += [len(counts & set(people.reports_of(name)))]
        assert result.headcount_by_layer.sum() == len(counts)
        assert result.span_of_one == tuple(
            sorted(name for name, span in zip(people.ids, spans, strict=True) if span == 1)
        )
        assert sum(result.band_counts.values()) == sum(span > 0 for span in spans)
        assert result.n_managers + result.n_contributors == people.n

    @given(organisations(), st.randoms(use_true_random=False))
    def test_shuffling_the_rows_changes_nothing(self, people: Organisation, random: Random) -> None:
        rows = list(people.people())
        random.shuffle(rows)
        first, second = measure_structure(people), measure_structure(Organisation.from_people(rows))
        assert sorted(first.to_records(), key=str) == sorted(second.to_records(), key=str)
        names = [name for name in first.to_dict() if name not in {"ids", "layer", "span", "total_reports"}]
        assert [first.to_dict()[name] for name in names] == [second.to_dict()[name] for name in names]

    def test_fractions_of_people_sum_to_the_same_bits_in_any_order(self) -> None:
        rng = np.random.default_rng(3)
        rows = [
            Person(id=f"p{i}", manager_id=f"p{rng.integers(0, i)}" if i else None, fte=float(rng.random()))
            for i in range(300)
        ]
        order = rng.permutation(300)
        first = measure_structure(Organisation.from_people(rows), count="fte")
        second = measure_structure(Organisation.from_people([rows[i] for i in order]), count="fte")
        assert np.array_equal(first.total_reports[order], second.total_reports)
        assert np.array_equal(first.span[order], second.span)
        assert first.mean_span == second.mean_span
        assert np.array_equal(first.headcount_by_layer, second.headcount_by_layer)


class TestResult:
    def test_it_is_plain_json_read_only_and_survives_pickling(self) -> None:
        result = measure_structure(team(2))
        fields = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert fields["bands"]["coordinator"] == [16.0, None]
        assert result.to_records()[0] == {"id": "lead", "layer": 1, "span": 2.0, "total_reports": 2.0}
        for array in (result.layer, result.span, result.total_reports, result.headcount_by_layer):
            assert not array.flags.writeable
        assert result == pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes

    def test_a_notebook_shows_the_numbers_and_a_few_layers(self) -> None:
        shown = measure_structure(team(2))._repr_html_()
        assert "mean_span" in shown
        assert "Layers" in shown
        assert "flags" not in shown
        ids = [f"p{i}" for i in range(30)]
        deep = measure_structure(Organisation.from_columns(ids, [None, *ids[:-1]]), bands={"<b>": (5, 6)})._repr_html_()
        assert "Layers" not in deep
        assert "spans_outside_bands" in deep
        assert "<b>" not in deep

    def test_flags_have_their_lines(self) -> None:
        assert {"no_spans", "spans_outside_bands"} <= set(ORG_FLAGS)

    @pytest.mark.parametrize("people", [Organisation.from_columns([], []), Organisation.from_columns(["a"], [None])])
    def test_without_reports_there_is_nothing_to_average(self, people: Organisation) -> None:
        result = measure_structure(people)
        assert np.isnan([result.mean_span, result.median_span, result.max_span, result.contributors_per_manager]).all()
        assert result.flags == ("no_spans",)
        assert (result.n_managers, result.n_contributors, result.n_layers) == (0, people.n, people.n)
        assert isinstance(result, Structure)
        assert "Structure" in result._repr_html_()

    def test_when_everything_is_vacant_nobody_is_counted(self) -> None:
        result = measure_structure(team(3, status=["vacant"] * 4))
        assert (result.n_managers, result.contributors_per_manager) == (1, 3)
        assert result.headcount_by_layer.tolist() == [0, 0]
        assert result.flags == ("no_spans",)


class TestBadInput:
    @pytest.mark.parametrize("given", [None, ["a"]])
    def test_only_an_organisation_has_a_structure(self, given: Any) -> None:
        with pytest.raises(OrgError, match="organisation: expected an Organisation, got"):
            measure_structure(given)

    @pytest.mark.parametrize("count", ["heads", None, 1])
    def test_an_unknown_count_is_refused(self, count: Any) -> None:
        with pytest.raises(OrgError, match="count: expected one of 'filled', 'posts', 'fte', got"):
            measure_structure(team(1), count=count)

    def test_full_time_equivalents_have_to_be_known_where_they_count(self) -> None:
        with pytest.raises(OrgError, match=r"row 1 .'p00'.: the FTE is not known"):
            measure_structure(team(1, fte=[1, None]), count="fte")

    @pytest.mark.parametrize(
        ("bands", "message"),
        [
            (None, "bands: expected a mapping of a name to .low, high., got NoneType"),
            ([(1, 2)], "got list"),
            ({"a": 3}, "band 'a': expected two numbers 0 <= low < high, got 3"),
            ({"a": (1, 2, 3)}, "got .1, 2, 3."),
            ({"a": (2, 2)}, "got .2, 2."),
            ({"a": (-1, 2)}, "got .-1, 2."),
            ({"a": (1, math.nan)}, "got .1, nan."),
            ({"a": (True, 2)}, "got .True, 2."),
            ({"a": ("1", 2)}, "got .'1', 2."),
            ({" ": (1, 2)}, "band ' ': expected a name that is a text with something in it"),
            ({7: (1, 2)}, "band 7: expected a name"),
            ({"a": "12"}, "got '12'"),
            ({"b": (4, 9), "a": (1, 5)}, "band 'b': begins at 4, inside band 'a', which ends at 5"),
        ],
    )
    def test_bands_that_are_none_are_refused(self, bands: Any, message: str) -> None:
        with pytest.raises(OrgError, match=message):
            measure_structure(team(1), bands=bands)

    def test_everything_that_is_wrong_with_bands_is_said_at_once(self) -> None:
        with pytest.raises(OrgError) as caught:
            measure_structure(team(1), bands={"a": (3, 1), "": (1, 2), "c": "wide"})  # type: ignore[dict-item]  # what is tested
        assert len(caught.value.faults) == 3
