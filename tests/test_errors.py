"""Errors: one family, located faults, suggestions."""

from __future__ import annotations

import pickle

import pytest

from leadkit import errors
from leadkit.errors import (
    CycleError,
    Fault,
    InfeasibleError,
    LeadkitError,
    OrgError,
    PlanError,
    ResponseError,
    UnknownIdError,
    did_you_mean,
)
from leadkit.org import Violation

FAMILY = [
    getattr(errors, name) for name in errors.__all__ if isinstance(getattr(errors, name), type) and name != "Fault"
]


@pytest.mark.parametrize("family", FAMILY)
def test_every_error_is_a_leadkit_error_and_keeps_its_faults_through_pickle(family: type[LeadkitError]) -> None:
    assert issubclass(family, LeadkitError)
    error = family.from_faults([Fault("row 2", "wrong", row=2, column="a")], subject="file.csv")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(again), again.faults) == ("file.csv: row 2: wrong", error.faults)


@pytest.mark.parametrize("family", [f for f in FAMILY if f not in {LeadkitError, UnknownIdError}])
def test_wrong_values_are_value_errors(family: type[LeadkitError]) -> None:
    assert issubclass(family, ValueError)


def test_an_unknown_id_is_a_lookup_error_whose_message_reads_well() -> None:
    error = UnknownIdError.of("visoin", ["vision", "drive"], kind="dimension")
    assert isinstance(error, LookupError)
    assert str(error) == "unknown dimension 'visoin' (did you mean 'vision'?); known: drive, vision"
    assert str(UnknownIdError.of("x", [], kind="scale")) == "unknown scale 'x'; known: none"
    many = UnknownIdError.of("x", [f"n{i:02}" for i in range(30)], kind="scale")
    assert str(many).endswith("n19, ...")


def test_a_long_list_of_faults_is_shown_in_part_and_kept_whole() -> None:
    error = ResponseError.from_faults([Fault(f"row {i}", "wrong") for i in range(25)])
    assert str(error).splitlines()[0] == "25 faults"
    assert str(error).splitlines()[-1] == "  ... and 5 more"
    assert len(error.faults) == 25


def test_a_fault_without_a_place_is_its_sentence() -> None:
    assert str(Fault("", "there are no rows")) == "there are no rows"


def test_suggestions_do_not_mind_capital_letters() -> None:
    assert did_you_mean("VED", ["ved", "vitals"]) == " (did you mean 'ved'?)"
    assert did_you_mean("zzz", ["ved"]) == ""


def test_planning_errors_carry_what_a_caller_needs() -> None:
    assert CycleError("round", cycle=["a", "b"]).cycle == ("a", "b")
    assert InfeasibleError("no", reasons=["too late"]).reasons == ("too late",)
    assert issubclass(CycleError, PlanError)


def test_an_error_about_people_carries_its_violations_and_counts_them_by_code() -> None:
    loops = [
        Violation("self_manager", "error", (f"p{i}",), (i,), f"row {i}: 'p{i}' reports to itself") for i in range(25)
    ]
    error = OrgError.from_violations([*loops, Violation("no_root", "error", (), (), "no top")])
    assert len(error.violations) == len(error.faults) == 26
    assert error.faults[0] == Fault("self_manager", "row 0: 'p0' reports to itself")
    lines = str(error).splitlines()
    assert lines[0] == "26 violations: 1 no_root, 25 self_manager"
    assert lines[1] == "  row 0: 'p0' reports to itself"
    assert lines[-1] == "  ... and 6 more"
    assert str(OrgError.from_violations(loops[:1])) == "self_manager: row 0: 'p0' reports to itself"
    assert OrgError.from_faults([Fault("p1", "is unknown")]).violations == ()
