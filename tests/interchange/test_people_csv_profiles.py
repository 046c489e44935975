"""People as other systems export them, and the published organograms of three UK departments."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from leadkit import testing
from leadkit.errors import OrgError
from leadkit.interchange.csv import read_people, write_people
from leadkit.interchange.csv._people_profiles import PROFILES
from leadkit.org import Organisation, Person

Data = Callable[[str], Path]

SUCCESSFACTORS = """\
STATUS,USERID,USERNAME,TITLE,DEPARTMENT,MANAGER,HR
Status,User ID,User Name,Title,Department,Manager,HR Manager
ACTIVE,0007,ann,Head,Service,NO_MANAGER,h1
active,0008,bob,Adviser,Service,0007,h1
INACTIVE,0009,cyd,Adviser,,0007,
,0010,dee,,,no_mgr,
"""
WORKDAY = """\
Employee_ID,Full_Name,Manager_ID,Team_ID,start_date,Termination_Date,Cost_Centre
1,Ann Lee,,T1,2020-01-01,,9
2,Bob Roy,1,T1,2024-06-01,2024-06-30,9
3,Cyd Fox,1,T2,2024-07-01-07:00,2024-12-31T00:00:00.000-08:00,
"""


def statuses(people: Organisation) -> list[str]:
    return list(people.column("status"))


def test_successfactors_has_two_rows_of_header_and_tokens_for_no_manager() -> None:
    people = read_people(SUCCESSFACTORS, profile="successfactors")
    assert people.ids == ("0007", "0008", "0009", "0010")
    assert people.root_ids == ("0007", "0010")
    assert statuses(people) == ["active", "active", "left", "active"]
    assert people.person("0008") == Person(
        id="0008",
        manager_id="0007",
        title="Adviser",
        team="Service",
        attributes={"USERNAME": "bob", "HR": "h1"},
    )
    named = read_people(SUCCESSFACTORS, profile="successfactors", columns={"name": "username"})
    assert named.person("0007").name == "ann"


def test_root_tokens_of_ones_own_stand_beside_those_of_the_profile() -> None:
    text = SUCCESSFACTORS + "ACTIVE,0011,eve,,,THE BOARD,\n"
    with pytest.raises(OrgError, match="row 7: '0011' reports to 'THE BOARD'"):
        read_people(text, profile="successfactors")
    people = read_people(text, profile="successfactors", root_tokens=("the board",))
    assert people.root_ids == ("0007", "0010", "0011")


@pytest.mark.parametrize("first", ["ACTIVE,1,NO_MANAGER", "x,1,no_mgr", "inactive,1,", "x,3,4"])
def test_a_person_in_the_second_row_of_the_header_is_not_lost_silently(first: str) -> None:
    text = f"STATUS,USERID,MANAGER\n{first}\nACTIVE,4,NO_MANAGER\n"
    with pytest.raises(OrgError, match="row 2: looks like a person; the profile 'successfactors' has two rows"):
        read_people(text, profile="successfactors")


def test_a_second_row_of_the_header_that_is_missing_is_told() -> None:
    with pytest.raises(OrgError, match="row 1: expected a second row of the header below it, with labels"):
        read_people("USERID,MANAGER\n", profile="successfactors")
    with pytest.raises(OrgError, match="row 1: expected a column 'MANAGER' for manager_id"):
        read_people("STATUS,USERID\nStatus,User ID\n", profile="successfactors")
    assert read_people("USERID,MANAGER\nUser,Boss\n", profile="successfactors", max_rows=0).n == 0
    with pytest.raises(OrgError, match="row 3: there are more than 0 rows"):
        read_people("USERID,MANAGER\nUser,Boss\n1,\n", profile="successfactors", max_rows=0)


def test_bamboohr() -> None:
    text = (
        "employeeNumber,supervisorEId,jobTitle,department,location,status\n07,,Head,S,Ghent,Active\n8,07,,,,Inactive\n"
    )
    people = read_people(text, profile="bamboohr")
    assert people.person("07") == Person(
        id="07", title="Head", team="S", attributes={"location": "Ghent", "status": "Active"}
    )
    assert people.manager_of("8") == "07"
    mapped = read_people(text, profile="bamboohr", columns={"status": "status"})
    assert statuses(mapped) == ["active", "left"]


def test_workday_without_a_day_has_left_whoever_has_a_last_day() -> None:
    people = read_people(WORKDAY, profile="workday")
    assert statuses(people) == ["active", "left", "left"]
    assert people.person("2") == Person(
        id="2",
        manager_id="1",
        name="Bob Roy",
        team="T1",
        status="left",
        attributes={"Start_Date": "2024-06-01", "Termination_Date": "2024-06-30", "Cost_Centre": "9"},
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 5, 31), ["active", "vacant", "vacant"]),
        (date(2024, 6, 1), ["active", "active", "vacant"]),
        (date(2024, 6, 30), ["active", "active", "vacant"]),
        (date(2024, 7, 1), ["active", "left", "active"]),
        (date(2024, 12, 31), ["active", "left", "active"]),
        (date(2025, 1, 1), ["active", "left", "left"]),
    ],
)
def test_workday_as_of_a_day(day: date, expected: list[str]) -> None:
    people = read_people(WORKDAY, profile="workday", as_of=day)
    assert statuses(people) == expected
    assert people.person("3").attributes["Start_Date"] == "2024-07-01-07:00"


def test_either_date_will_do_and_neither_is_told() -> None:
    text = "Employee_ID,Manager_ID,{}\n1,,2024-05-01\n2,1,\n"
    day = date(2024, 4, 1)
    begun = text.format("Start_Date")
    assert statuses(read_people(begun, profile="workday", as_of=day)) == ["vacant", "active"]
    assert statuses(read_people(begun, profile="workday")) == ["active", "active"]
    assert statuses(read_people(text.format("Termination_Date"), profile="workday", as_of=day)) == ["active", "active"]
    assert statuses(read_people(text.format("Other"), profile="workday")) == ["active", "active"]
    with pytest.raises(OrgError, match="row 1: expected a column 'Start_Date' or 'Termination_Date'"):
        read_people(text.format("Other"), profile="workday", as_of=day)


def test_a_status_of_ones_own_holds_where_the_dates_say_nothing() -> None:
    text = "Employee_ID,Manager_ID,Worker_Status,Termination_Date\n1,,Active,\n2,1,Inactive,\n3,1,Active,2024-01-01\n"
    people = read_people(text, profile="workday", columns={"status": "worker_status"})
    assert statuses(people) == ["active", "left", "left"]


@pytest.mark.parametrize("cell", ["31/05/2024", "2024-02-30", "soon", "20240531", "\u0662024-01-01"])
def test_a_date_that_is_none_is_told_when_dates_matter(cell: str) -> None:
    text = f"Employee_ID,Manager_ID,Termination_Date\n1,,\n2,1,{cell}\n"
    assert statuses(read_people(text, profile="workday")) == ["active", "left"]
    with pytest.raises(OrgError, match="row 3, column 'Termination_Date': expected a date like 2024-05-31, got"):
        read_people(text, profile="workday", as_of=date(2024, 5, 31), strict=False)


def test_a_day_is_a_date_and_of_use_where_there_are_dates() -> None:
    with pytest.raises(TypeError, match="as_of: expected a date, got datetime"):
        read_people(WORKDAY, profile="workday", as_of=datetime(2024, 5, 31))
    with pytest.raises(TypeError, match="as_of: expected a date, got str"):
        read_people(WORKDAY, profile="workday", as_of="2024-05-31")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="as_of: the profile 'leadkit' has no dates"):
        read_people("id,manager_id\n", as_of=date(2024, 5, 31))


def test_other_profiles_keep_apostrophes_and_know_no_exact_attributes() -> None:
    text = "Post Unique Reference,Reports to Senior Post,attribute:x,id\n'=1,Xx,'=2,y\n"
    people = read_people(text, profile="uk_organogram")
    assert people.ids == ("'=1",)
    assert people.person("'=1").attributes == {"attribute:x": "'=2", "id": "y"}


def test_a_token_that_is_somebodys_id_is_no_token() -> None:
    text = "Post Unique Reference,Reports to Senior Post\nXX,\nb,XX\n"
    assert read_people(text, profile="uk_organogram").manager_of("b") == "XX"
    with pytest.raises(OrgError, match="row 4: 'c' reports to 'xx', which is nobody's id"):
        read_people(text + "c,xx\n", profile="uk_organogram")


@pytest.mark.parametrize("profile", ["hr", "", None, 5, ["leadkit"]])
def test_an_unknown_profile_is_refused(profile: Any) -> None:
    expected = "profile: expected one of 'leadkit', 'successfactors', 'bamboohr', 'workday', 'uk_organogram', got"
    with pytest.raises(ValueError, match=expected):
        read_people("id,manager_id\n", profile=profile)
    with pytest.raises(ValueError, match=expected):
        write_people(Organisation.from_columns([], []), profile=profile)


FIRM = Organisation.from_people(
    [
        Person(
            id="007", name="Ann", title="Head", team="S", fte=1.0, attributes={"Site": "n", "Start_Date": "2020-01-01"}
        ),
        Person(id="@8", manager_id="007", status="vacant", fte=0.5, dotted_manager_ids=("007",)),
        Person(id="9", manager_id="@8", status="left", title="=x", attributes={"Termination_Date": "2024-06-30"}),
        Person(id="10", manager_id="007", status="absent"),
    ]
)


WRITTEN = {
    "successfactors": """\
STATUS,USERID,MANAGER,TITLE,DEPARTMENT
Status,User ID,Manager,Title,Department
ACTIVE,007,NO_MANAGER,Head,S
INACTIVE,'@8,007,,
INACTIVE,9,'@8,'=x,
ACTIVE,10,007,,
""",
    "bamboohr": """\
employeeNumber,supervisorEId,jobTitle,department
007,,Head,S
'@8,007,,
9,'@8,'=x,
10,007,,
""",
    "workday": """\
Employee_ID,Manager_ID,Full_Name,Team_ID,Start_Date,Termination_Date
007,,Ann,S,2020-01-01,
'@8,007,,,,
9,'@8,,,,2024-06-30
10,007,,,,
""",
    "uk_organogram": """\
Post Unique Reference,Reports to Senior Post,Job Title,FTE
007,XX,Head,1.0
'@8,007,,0.5
9,'@8,'=x,
10,007,,
""",
}


@pytest.mark.parametrize(("profile", "text"), WRITTEN.items())
def test_other_profiles_are_written_as_far_as_they_can_say_it(profile: Any, text: str) -> None:
    assert write_people(FIRM, profile=profile) == text
    again = read_people(text, profile=profile)
    assert again.tree.parents.tolist() == FIRM.tree.parents.tolist()
    assert write_people(again, profile=profile).replace("''", "'") == text


@given(testing.organisation())
def test_every_profile_keeps_the_lines_whoever_is_called_what(people: Organisation) -> None:
    for profile in PROFILES:
        again = read_people(write_people(people, profile=profile), profile=profile)  # type: ignore[arg-type]
        assert again.tree.parents.tolist() == people.tree.parents.tolist()


def test_somebody_called_like_a_root_token_stays_a_manager() -> None:
    people = Organisation.from_columns(["XX", "b", "c"], [None, "XX", None])
    text = write_people(people, profile="uk_organogram")
    assert text.splitlines()[1:] == ["XX,,,", "b,XX,,", "c,,,"]
    assert read_people(text, profile="uk_organogram") == people
    alike = Organisation.from_columns(["NO_MANAGER", "b"], [None, "NO_MANAGER"])
    text = write_people(alike, profile="successfactors")
    assert text.splitlines()[2:] == ["ACTIVE,NO_MANAGER,NO_MGR,,", "ACTIVE,b,NO_MANAGER,,"]
    assert read_people(text, profile="successfactors") == alike


def test_nobody_is_written_as_a_header_in_every_profile() -> None:
    nobody = Organisation.from_columns([], [])
    for profile in PROFILES:
        text = write_people(nobody, profile=profile)  # type: ignore[arg-type]
        assert len(text.splitlines()) == (2 if profile == "successfactors" else 1)
        assert read_people(text, profile=profile) == nobody  # type: ignore[arg-type]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def department(shared_data: Data, name: str, **policies: Any) -> Organisation:
    with shared_data(f"org/uk_{name}_2013_senior.csv").open(encoding="utf-8", newline="") as file:
        return read_people(file, profile="uk_organogram", **policies)


def codes(found: Organisation | OrgError) -> Counter[str]:
    return Counter(violation.code for violation in found.violations)


def test_the_organogram_of_the_dwp_meets_the_reference_tree(shared_data: Data, golden: Callable[[str], Any]) -> None:
    expected = golden("org/uk_dwp_tree.json")["prefer_root"]
    dwp = department(shared_data, "dwp", job_shares="merge", conflicts="prefer_root")
    assert (dwp.n, dwp.tree.n_layers) == (expected["posts"], expected["layers"]) == (225, 6)
    assert list(dwp.root_ids) == expected["declared_roots"]
    assert dwp.tree.level_counts().tolist() == expected["headcount_by_layer"]
    spans = dwp.tree.n_children[dwp.tree.n_children > 0]
    assert len(spans) == expected["senior_managers"]
    assert spans.mean() == pytest.approx(expected["mean_senior_span"], abs=1e-12)
    assert (np.median(spans), spans.max()) == (expected["median_senior_span"], expected["max_senior_span"])
    assert (spans == 1).sum() == expected["span_of_one"]
    assert dwp.weights("fte").sum() == pytest.approx(expected["senior_fte_total"], abs=1e-9)
    own = dwp.weights("fte").copy()
    for row in rows_of(shared_data("org/uk_dwp_2013_junior.csv")):
        own[dwp.index_of(row["Reporting Senior Post"])] += float(row["Number of Posts in FTE"])
    total = dwp.tree.roll_up(own)
    top = np.argsort(-total)[:10]
    assert [dwp.ids[place] for place in top] == [wanted["post"] for wanted in expected["top10_by_fte"]]
    assert total[top].tolist() == pytest.approx([wanted["fte"] for wanted in expected["top10_by_fte"]], abs=1e-9)


def test_what_the_organogram_has_more_of_are_attributes(shared_data: Data) -> None:
    dwp = department(shared_data, "dwp", job_shares="merge", conflicts="prefer_root")
    assert dwp.person("DWP8") == Person(
        id="DWP8",
        manager_id="DWP202",
        title="Contracted Customer Services Director",
        fte=1.0,
        attributes={
            "Grade": "SCS2",
            "Organisation": "Department for Work and Pensions",
            "Unit": "Operations - Contracted Customer Services",
            "Professional/Occupational Group": "Operational Delivery",
            "Valid?": "1",
        },
    )
    by_unit = department(shared_data, "dwp", columns={"team": "Unit"}, job_shares="merge", conflicts="prefer_root")
    assert by_unit.person("DWP8").team == "Operations - Contracted Customer Services"


def test_defects_of_the_dwp_are_told_by_the_lines_of_its_file(shared_data: Data) -> None:
    with pytest.raises(OrgError) as caught:
        department(shared_data, "dwp")
    lines = shared_data("org/uk_dwp_2013_senior.csv").read_text(encoding="utf-8").splitlines()
    found = [violation for violation in caught.value.violations if violation.code.endswith("duplicate_id")]
    (conflict,) = [violation for violation in caught.value.violations if violation.code == "conflicting_duplicate"]
    assert {violation.ids[0] for violation in found} == {"DWP108", "DWP179", "DWP184"}
    assert conflict.ids == ("DWP135",)
    for violation in (*found, conflict):
        assert violation.message.startswith(f"row {violation.rows[0]}: ")
        assert lines[violation.rows[0] - 1].startswith(violation.ids[0])


def test_the_organograms_of_hmrc_and_the_home_office_are_read_when_they_need_not_be_strict(shared_data: Data) -> None:
    with pytest.raises(OrgError) as caught:
        department(shared_data, "hmrc")
    assert {violation.ids for violation in caught.value.violations if violation.severity == "error"} == {("0",)}
    hmrc = department(shared_data, "hmrc", strict=False)
    assert (hmrc.n, len(hmrc.root_ids)) == (353 - 5, 1)
    assert codes(hmrc)["conflicting_duplicate"] + codes(hmrc)["duplicate_id"] == 5
    home = department(shared_data, "home_office", strict=False)
    assert home.n == 259 - 3
    found = {(violation.code, violation.ids[0]) for violation in home.violations if violation.ids}
    assert {
        ("self_manager", "2UKVI02"),
        ("conflicting_duplicate", "1SIIG11"),
        ("conflicting_duplicate", "2SIIGSEC"),
        ("duplicate_id", "2UKBA18"),
    } <= found


@pytest.mark.parametrize("name", ["dwp", "hmrc", "home_office"])
def test_a_department_survives_our_own_file(shared_data: Data, name: str) -> None:
    made = department(shared_data, name, job_shares="merge", conflicts="prefer_root", strict=False)
    assert read_people(io.StringIO(write_people(made), newline="")) == made
