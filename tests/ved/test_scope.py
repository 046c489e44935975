"""The vision expected at a level: the table, statements, and findings that explain themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit._convert import structure, unstructure
from leadkit.errors import DefinitionError, ResponseError, UnknownIdError
from leadkit.ved import VED_FLAGS, Reach, ScopeTable, VisionScope, VisionStatement, scope_check, vision_scopes

TABLE = vision_scopes()

OWN = """
title = "Two levels"
version = "1.0.0"
source = "Us"
licence = "MIT"
note = "Ours."
reaches = [{ id = "shift", name = "Shift", description = "Today." }, { id = "site", name = "Site", description = "All." }]
[[scopes]]
level = "lead"
name = "Lead"
horizon_months = [1, 3]
reach = ["shift"]
[[scopes]]
level = "head"
name = "Head"
horizon_months = [4, 12]
reach = ["shift", "site"]
"""

statements = st.builds(
    VisionStatement,
    text=st.text(min_size=1).filter(str.strip),
    horizon_months=st.none() | st.floats(0.1, 300),
    reach=st.none() | st.sampled_from(TABLE.reach_ids),
)


def statement(horizon: float | None = 12, reach: str | None = "department") -> VisionStatement:
    return VisionStatement(text="Callers reach us within a minute.", horizon_months=horizon, reach=reach)


def test_higher_levels_look_further_and_wider() -> None:
    assert TABLE is vision_scopes()
    assert TABLE.levels == ("team_leader", "supervisor", "manager", "director", "executive")
    for lower, higher in zip(TABLE.scopes, TABLE.scopes[1:], strict=False):
        assert all(a < b for a, b in zip(lower.horizon_months, higher.horizon_months, strict=True))
        ends = [[TABLE.reach_ids.index(scope.reach[end]) for end in (0, -1)] for scope in (lower, higher)]
        assert ends[0][0] <= ends[1][0]
        assert ends[0][1] <= ends[1][1]
    assert "not a validated standard" in TABLE.note


@pytest.mark.parametrize(
    ("horizon", "reach", "verdicts", "fits"),
    [
        (12, "department", ["fits", "fits"], True),
        (6, "department", ["fits", "fits"], True),
        (24, "department", ["fits", "fits"], True),
        (5.5, "department", ["too_near", "fits"], False),
        (25, "team", ["too_far", "too_narrow"], False),
        (12, "organisation", ["fits", "too_wide"], False),
        (None, "department", ["not_stated", "fits"], None),
        (12, None, ["fits", "not_stated"], None),
        (None, None, ["not_stated", "not_stated"], None),
        (None, "market", ["not_stated", "too_wide"], False),
    ],
)
def test_a_vision_is_held_against_the_level_of_a_manager(
    horizon: float | None, reach: str | None, verdicts: list[str], *, fits: bool | None
) -> None:
    check = scope_check(statement(horizon, reach), "manager")
    assert [finding.verdict for finding in check.findings] == verdicts
    assert check.fits is fits
    assert check.scope == TABLE.scope("manager")
    assert set(check.flags) <= set(VED_FLAGS)
    assert len(check.flags) == verdicts.count("not_stated")


def test_findings_say_what_was_stated_what_is_expected_and_ask_on() -> None:
    near, narrow = scope_check(statement(1, "team"), "director").findings
    assert near.explanation.startswith("It looks 1 month ahead; at the level Director, 18 to 60 months are expected. ")
    assert narrow.explanation.startswith(
        "It is about: Team; at the level Director is expected: Department or Organisation. "
    )
    assert near.explanation.endswith("?")
    assert narrow.explanation.endswith("?")
    silent = scope_check(statement(None, None), "director").findings
    assert [finding.stated for finding in silent] == ["", ""]
    assert silent[0].explanation.startswith("It does not say when; ")
    assert silent[1].explanation.startswith("It does not say for whom; ")
    good = scope_check(statement(12, "department"), "manager").findings
    assert not any(finding.explanation.endswith("?") for finding in good)


def test_the_levels_at_which_a_vision_fits_are_named() -> None:
    assert scope_check(statement(4, "team"), "executive").fitting_levels == ("team_leader", "supervisor")
    assert scope_check(statement(48, None), "manager").fitting_levels == ("director", "executive")
    assert scope_check(statement(None, None), "manager").fitting_levels == ()
    assert scope_check(statement(200, "team"), "manager").fitting_levels == ()


@given(statements, st.sampled_from(TABLE.levels))
def test_a_level_is_among_the_fitting_ones_exactly_when_nothing_is_amiss(vision: VisionStatement, level: str) -> None:
    check = scope_check(vision, level)
    says_something = vision.horizon_months is not None or vision.reach is not None
    assert (level in check.fitting_levels) == (check.fits is not False and says_something)


@given(statements, st.sampled_from(TABLE.levels), st.text(min_size=1).filter(str.strip))
def test_the_words_of_a_vision_change_no_finding(vision: VisionStatement, level: str, words: str) -> None:
    other = attrs.evolve(vision, text=words)
    assert scope_check(other, level).findings == scope_check(vision, level).findings


def test_own_levels_and_reaches_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "levels.toml"
    path.write_text(OWN, encoding="utf-8")
    table = vision_scopes(path)
    check = scope_check(statement(2, "site"), "lead", table=table)
    assert [finding.verdict for finding in check.findings] == ["fits", "too_wide"]
    assert (check.table, check.table_version) == ("Two levels", "1.0.0")
    assert table.to_records()[1] == {
        "level": "head",
        "name": "Head",
        "horizon_low": 4,
        "horizon_high": 12,
        "reach": "shift site",
    }
    assert table.reach_name("site") == "Site"
    assert "4 to 12" in table._repr_html_()


def test_unknown_levels_and_reaches_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown level 'manger' \(did you mean 'manager'\?\)"):
        scope_check(statement(), "manger")
    with pytest.raises(UnknownIdError, match=r"unknown reach 'departement' \(did you mean 'department'\?\)"):
        scope_check(statement(reach="departement"), "manager")
    with pytest.raises(UnknownIdError, match="unknown reach 'planet'"):
        TABLE.reach_name("planet")


def test_a_plain_text_is_refused_because_nobody_has_read_it() -> None:
    with pytest.raises(TypeError, match="expected a VisionStatement with its horizon and reach, got 'Be the best'"):
        scope_check("Be the best", "manager")  # type: ignore[arg-type]


def test_a_wrong_statement_is_refused_with_every_fault() -> None:
    with pytest.raises(ResponseError) as caught:
        VisionStatement(text=" ", horizon_months=-3, reach="The team")
    assert [fault.where for fault in caught.value.faults] == ["text", "horizon_months", "reach"]
    with pytest.raises(ResponseError, match="horizon_months: expected a number, got True"):
        VisionStatement(text="Up.", horizon_months=True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[4, 12]",
            "[12, 4]",
            r"scopes\[1\]\.horizon_months: expected 1 <= nearest <= furthest, got 12\.\.4",
        ),
        ("[4, 12]", "[0, 4]", r"expected 1 <= nearest <= furthest, got 0\.\.4"),
        (
            '["shift", "site"]',
            '["shift", "sight"]',
            r"scopes\[1\]\.reach: unknown reach 'sight' \(did you mean 'site'\?\)",
        ),
        ('["shift", "site"]', '["site", "shift"]', "expected neighbours, narrowest first, got site, shift"),
        ('["shift", "site"]', '["site", "site"]', "'site' is there more than once"),
        ('["shift", "site"]', "[]", "expected at least one id of a reach"),
        ('level = "head"', 'level = "lead"', "scopes: 'lead' is there more than once"),
        ('level = "head"', 'level = "Head"', "'Head' is not an identifier"),
        ('note = "Ours."', 'note = ""', "note: expected a text that is not empty"),
        ('note = "Ours."', 'remark = "Ours."', "unknown key 'remark'"),
        ('id = "site"', 'id = "Site"', "reaches"),
        ('name = "Head"', 'name = " "', "name: expected a text that is not empty"),
        ("[4, 12]", "[4, 12.5]", "expected a whole number, got 12.5"),
        ("[[scopes]]", "[[scopes", "this is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "levels.toml"
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message) as caught:
        vision_scopes(path)
    assert "levels.toml" in str(caught.value)


@pytest.mark.parametrize("months", [(6,), [6, 24], 12, (6.0, 24), (True, 24)])
def test_a_horizon_is_two_whole_numbers_of_months(months: Any) -> None:
    with pytest.raises(DefinitionError, match="level 'manager': horizon_months"):
        VisionScope(level="manager", name="Manager", horizon_months=months, reach=["team"])


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        ScopeTable(title="None", version="1", source="Us", licence="MIT", note="Ours.", reaches=(), scopes=())
    assert [str(fault) for fault in caught.value.faults] == [
        "reaches: expected at least one entry",
        "scopes: expected at least one entry",
    ]
    with pytest.raises(DefinitionError, match="reach 'team': description"):
        Reach(id="team", name="Team", description="")


@given(statements)
def test_a_statement_survives_json(vision: VisionStatement) -> None:
    text = json.dumps(unstructure(vision))
    assert structure(json.loads(text), VisionStatement, error=ResponseError) == vision


def test_the_table_survives_json() -> None:
    text = json.dumps(unstructure(TABLE))
    assert structure(json.loads(text), ScopeTable, error=DefinitionError) == TABLE


def test_a_horizon_in_words_is_refused_when_read() -> None:
    with pytest.raises(ResponseError, match="horizon_months: expected a number, got '12'"):
        structure({"text": "Up.", "horizon_months": "12"}, VisionStatement, error=ResponseError)


def test_a_check_becomes_json_rows_and_an_escaped_table() -> None:
    vision = VisionStatement(text="<b>Up</b>", horizon_months=3)
    check = scope_check(vision, "manager")
    plain = json.loads(json.dumps(check.to_dict(), allow_nan=False))
    assert plain["statement"] == {"text": "<b>Up</b>", "horizon_months": 3, "reach": None}
    assert plain["scope"]["horizon_months"] == [6, 24]
    assert plain["flags"] == ["no_reach"]
    rows = json.loads(json.dumps(check.to_records(), allow_nan=False))
    assert [list(row) for row in rows] == [["level", "aspect", "verdict", "stated", "expected", "explanation"]] * 2
    page = check._repr_html_()
    assert "&lt;b&gt;Up&lt;/b&gt;" in page
    assert "too_near" in page
