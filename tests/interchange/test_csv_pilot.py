"""Pilots and training needs as comma-separated text."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given

from leadkit.escalation import PilotEvaluation, PilotOutcomes, evaluate_pilot
from leadkit.interchange.csv import write_needs, write_pilot
from leadkit.skills import TrainingNeed
from leadkit.testing.pilot import pilot_outcomes

NAN = float("nan")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


class TestPilot:
    @given(pilot_outcomes())
    def test_every_record_is_a_row_of_the_same_numbers(self, outcomes: PilotOutcomes) -> None:
        found = evaluate_pilot(outcomes)
        records, rows = found.to_records(), rows_of(write_pilot(found))
        assert len(rows) == len(records)
        for record, row in zip(records, rows, strict=True):
            assert list(row) == list(record)
            for name, value in record.items():
                if value is None:
                    assert row[name] == ""
                elif not isinstance(value, str):
                    assert float(row[name]) == value

    def test_a_pilot_without_a_case_is_a_header(self) -> None:
        found = evaluate_pilot(PilotOutcomes(person=[], domain=[], success=[]))
        assert write_pilot(found).startswith("person,domain,n,successes,")
        assert rows_of(write_pilot(found)) == []

    def test_formulas_are_made_harmless(self) -> None:
        found = evaluate_pilot(PilotOutcomes(person=["=1+1", "bo"], domain=["@x", "@x"], success=[1, 0]))
        assert [(row["person"], row["domain"]) for row in rows_of(write_pilot(found))] == [
            ("'=1+1", "'@x"),
            ("bo", "'@x"),
            ("'=1+1", ""),
            ("bo", ""),
            ("", "'@x"),
        ]

    @pytest.mark.parametrize("wrong", [None, "pilot", []])
    def test_anything_else_is_refused(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="write_pilot: expected a PilotEvaluation, got "):
            write_pilot(wrong)


class TestNeeds:
    def test_a_row_a_need_in_the_order_given(self) -> None:
        needs = [TrainingNeed("cy", "=login", NAN, 3), TrainingNeed("bo", "billing", 1.5, 2, weight=2, reason="a, b")]
        assert write_needs(needs) == (
            'person,skill,current,target,weight,reason\ncy,\'=login,,3,1,\nbo,billing,1.5,2,2,"a, b"\n'
        )
        assert write_needs(iter(needs)) == write_needs(needs)
        assert write_needs(()) == "person,skill,current,target,weight,reason\n"

    @pytest.mark.parametrize("wrong", [None, "ann", ["ann"], 3])
    def test_anything_else_is_refused(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="write_needs: expected TrainingNeeds, got "):
            write_needs(wrong)

    def test_a_pilot_is_no_list_of_needs(self) -> None:
        found: PilotEvaluation = evaluate_pilot(PilotOutcomes(person=["a"], domain=["d"], success=[1]))
        with pytest.raises(TypeError, match="got PilotEvaluation"):
            write_needs(found)  # type: ignore[arg-type]
