"""Readiness of hand-overs and gates, and the record of one that took place."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit.errors import PlanError, UnknownIdError
from leadkit.wbs import (
    Document,
    Estimate,
    Gate,
    Group,
    Handover,
    Plan,
    Progress,
    Status,
    Wbs,
    WorkPackage,
    complete_handover,
    readiness,
)
from leadkit.wbs.handover.checking import DocumentState

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


def package(own: str, **fields: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(1), **fields)


def project() -> Plan:
    """Design passes a gate to build; build is handed to the desk, and the desk hands the whole to the customer."""
    design = Group(id="design", name="Design", children=[package("sketch", documents=[Document(id="drawing")])])
    build = Group(id="build", name="Build", children=[package("api"), package("page")])
    run = Group(id="run", name="Run", children=[package("train")])
    return Plan(
        wbs=Wbs(root=Group(id="site", children=[design, build, run])),
        start=START,
        gates=[Gate(id="freeze", after="design", before="build", documents=[Document(id="spec")])],
        handovers=[
            Handover(
                id="beta",
                from_phase="build",
                to_phase="run",
                to_team="Desk",
                deliverables=["source"],
                acceptance=["tests pass"],
                documents=[Document(id="manual")],
            ),
            Handover(
                id="launch",
                from_phase="run",
                documents=[Document(id="report", kind="management_report")],
                customer=True,
            ),
        ],
    )


def status(**percent: float) -> Status:
    return Status(as_of=NOON, progress=[Progress(package=own, percent=p) for own, p in percent.items()])


ALL: dict[str, DocumentState] = {"drawing": "approved", "spec": "approved", "manual": "approved", "report": "approved"}
DONE = {"sketch": 100, "api": 100, "page": 100, "train": 100}


def test_a_phase_is_ready_when_all_of_it_and_all_before_it_is() -> None:
    found = readiness(project(), "beta", status(**DONE), documents=ALL, accepted=["source", "tests pass"])
    assert found.is_ready
    assert found.missing == ()
    assert [(item.kind, item.id) for item in found.items] == [
        ("work_package", "api"),
        ("work_package", "page"),
        ("deliverable", "source"),
        ("acceptance", "tests pass"),
        ("document", "manual"),
        ("gate", "freeze"),
    ]
    assert (found.next_phase, found.next_team) == ("run", "Desk")
    assert found.message == "Build comes to Desk by 2026-01-07 08:00 at the latest; nothing misses."


def test_every_kind_of_thing_may_miss() -> None:
    found = readiness(project(), "beta", status(sketch=100, api=50), documents={"manual": "draft"})
    assert found.missing == (
        "work package 'api' is running",
        "work package 'page' is not started",
        "deliverable 'source' is open",
        "acceptance 'tests pass' is open",
        "document 'manual' is draft",
        "gate 'freeze' is not ready",
    )
    assert not found.is_ready


def test_what_lies_before_what_lies_before_counts() -> None:
    documents: dict[str, DocumentState] = {**ALL, "spec": "missing"}
    found = readiness(project(), "launch", status(**DONE), documents=documents, accepted=["source", "tests pass"])
    assert found.missing == ("gate 'freeze' is not ready", "handover 'beta' is not ready")


def test_a_customer_waits_for_the_report_to_management() -> None:
    given: dict[str, DocumentState] = {**ALL, "report": "draft"}
    found = readiness(project(), "launch", status(**DONE), documents=given, accepted=["source", "tests pass"])
    assert found.missing == ("management report 'report' is draft",)
    assert found.message.startswith("Run comes to the customer by 2026-01-07 17:00")
    assert readiness(project(), "launch", status(**DONE), documents=ALL, accepted=["source", "tests pass"]).is_ready


def test_documents_of_packages_count_for_their_phase() -> None:
    found = readiness(project(), "freeze", status(sketch=100), documents={"spec": "approved"})
    assert found.missing == ("document 'drawing' is missing",)
    assert found.message == "Gate freeze opens Build by 2026-01-06 08:00 at the latest; document 'drawing' is missing."
    assert found.flags == ("overdue",)
    early = Status(as_of=START, progress=[])
    assert readiness(project(), "freeze", early, documents={}).flags == ()


def test_a_single_package_may_be_handed_over() -> None:
    plan = project().with_(handovers=[Handover(id="h", from_phase="api", to_phase="page")], gates=[])
    found = readiness(plan, "h", status(api=100), documents={})
    assert found.is_ready
    assert found.message == "api comes by 2026-01-06 08:00 at the latest; nothing misses."
    last = plan.with_(gates=[Gate(id="end", after="site")], handovers=[])
    assert readiness(last, "gate:end", status(), documents={}).message.startswith("Gate end opens by")


def test_an_id_of_both_kinds_asks_which() -> None:
    plan = project().with_(gates=[Gate(id="beta", after="design")])
    with pytest.raises(PlanError, match="'handover:beta' or 'gate:beta'"):
        readiness(plan, "beta", status(), documents={})
    assert readiness(plan, "gate:beta", status(), documents={}).id == "gate:beta"


def test_what_the_plan_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="unknown handover or gate 'bata'"):
        readiness(project(), "bata", status(), documents={})
    with pytest.raises(UnknownIdError) as caught:
        readiness(project(), "beta", status(apo=1), documents={"manuel": "draft"}, accepted=["sauce"])
    assert len(caught.value.faults) == 3
    assert "did you mean 'manual'" in str(caught.value)
    with pytest.raises(PlanError, match="'manual': expected 'missing', 'draft' or 'approved', got 'done'"):
        readiness(project(), "beta", status(), documents={"manual": "done"})  # type: ignore[dict-item]


def test_a_name_without_its_kind_is_suggested() -> None:
    with pytest.raises(UnknownIdError, match="did you mean 'beta'"):
        readiness(project(), "bet", status(), documents={})


def test_things_of_another_kind_are_refused_together() -> None:
    wrong: Any = None
    with pytest.raises(PlanError) as caught:
        readiness(project(), "beta", wrong, documents=wrong, accepted=5)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["status", "documents", "accepted"]
    for accepted in ("source", b"source", [3]):
        with pytest.raises(PlanError, match="accepted: expected a collection of texts, got"):
            readiness(project(), "beta", status(), documents={}, accepted=accepted)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="documents: expected ids as text, got 7"):
        readiness(project(), "beta", status(), documents={7: "draft"})  # type: ignore[dict-item]


def test_results_are_plain_for_machines() -> None:
    found = readiness(project(), "beta", status(api=50), documents={})
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["next_team"] == "Desk"
    assert found.to_records()[0] == {"kind": "work_package", "id": "api", "state": "running", "needed": "done"}
    assert "api" in found._repr_html_()


def test_a_handover_is_recorded_when_it_is_ready() -> None:
    plan = project()
    found = readiness(plan, "beta", status(**DONE), documents=ALL, accepted=["source", "tests pass"])
    record = complete_handover(plan, found, NOON, signed_by="ann")
    assert (record.id, record.signed_by, record.next_team, record.is_late) == ("handover:beta", "ann", "Desk", False)
    assert complete_handover(plan, found, NOON + timedelta(days=9), signed_by="ann").is_late
    assert json.dumps(record.to_dict(), allow_nan=False)


def test_a_handover_that_is_not_ready_is_refused_and_says_what_misses() -> None:
    plan = project()
    found = readiness(plan, "beta", status(sketch=100), documents=ALL)
    with pytest.raises(PlanError) as caught:
        complete_handover(plan, found, NOON, signed_by="ann")
    assert len(caught.value.faults) == len(found.missing) == 4


def test_a_record_tells_everything_that_is_wrong() -> None:
    plan = project()
    found = readiness(plan, "beta", status(**DONE), documents=ALL, accepted=["source", "tests pass"])
    other = plan.with_(handovers=())
    with pytest.raises(PlanError) as caught:
        complete_handover(other, found, START - timedelta(days=1), signed_by="")
    assert [fault.where for fault in caught.value.faults] == ["signed_by", "readiness", "at"]
    with pytest.raises(PlanError, match="at: is missing"):
        complete_handover(plan, found, None, signed_by="ann")  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="time zone"):
        complete_handover(plan, found, datetime(2026, 1, 9), signed_by="ann")
