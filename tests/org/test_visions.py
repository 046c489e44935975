"""Every level has a vision, and visions narrow towards the customer."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from leadkit.errors import OrgError
from leadkit.org import ORG_FLAGS, Tier, Vision, VisionCheck, check_visions
from leadkit.org.showing import expect_showable


def vision(tier: Tier, scope: Any, days: int, statement: str = "Customers first") -> Vision:
    return Vision(tier=tier, statement=statement, scope=scope, horizon_days=days)


SENIOR = vision(Tier.SENIOR_LEADER, "organisation", 1825)
MIDDLE = vision(Tier.MIDDLE_MANAGER, "function", 365)
LEADER = vision(Tier.FRONT_LINE_LEADER, "team", 90)
FRONT = vision(Tier.FRONT_LINE, "own_work", 1)


def test_a_vision_for_every_tier_that_narrows_is_complete_in_any_order() -> None:
    checks = [check_visions(order) for order in permutations([SENIOR, MIDDLE, LEADER, FRONT])]
    assert all(check == checks[0] for check in checks)
    assert checks[0].visions == (SENIOR, MIDDLE, LEADER, FRONT)
    assert checks[0].is_complete
    assert checks[0].flags == ()


def test_equal_scope_and_horizon_are_no_widening() -> None:
    same = [vision(tier, "team", 30) for tier in (Tier.SENIOR_LEADER, Tier.MIDDLE_MANAGER, Tier.FRONT_LINE_LEADER)]
    assert check_visions([*same, FRONT]).is_complete


def test_a_missing_tier_is_named_and_its_neighbours_compared() -> None:
    check = check_visions([SENIOR, vision(Tier.FRONT_LINE_LEADER, "organisation", 3650), FRONT])
    assert check.missing_tiers == (Tier.MIDDLE_MANAGER,)
    assert check.longer_tiers == (Tier.FRONT_LINE_LEADER,)
    assert check.wider_tiers == ()
    assert check.flags == ("horizon_lengthens", "missing_tier")


def test_no_visions_at_all_miss_every_tier() -> None:
    check = check_visions([])
    assert check.missing_tiers == (
        Tier.SENIOR_LEADER,
        Tier.MIDDLE_MANAGER,
        Tier.FRONT_LINE_LEADER,
        Tier.FRONT_LINE,
    )
    assert (check.flags, check.visions, check.to_records()) == (("missing_tier",), (), [])


def test_a_second_vision_of_a_tier_is_a_duplicate_and_is_compared_too() -> None:
    check = check_visions([SENIOR, MIDDLE, vision(Tier.MIDDLE_MANAGER, "team", 30), LEADER, FRONT])
    assert check.duplicate_tiers == (Tier.MIDDLE_MANAGER,)
    assert check.longer_tiers == (Tier.FRONT_LINE_LEADER,)
    assert check.wider_tiers == ()


def test_a_wider_scope_towards_the_customer_is_found() -> None:
    check = check_visions([SENIOR, MIDDLE, vision(Tier.FRONT_LINE_LEADER, "organisation", 90), FRONT])
    assert (check.wider_tiers, check.flags) == ((Tier.FRONT_LINE_LEADER,), ("scope_widens",))


def test_support_stands_outside_the_order() -> None:
    support = [vision(Tier.SUPPORT, "organisation", 9999, text) for text in ("Systems that work", "Fair pay")]
    check = check_visions([*support, SENIOR, MIDDLE, LEADER, FRONT])
    assert check.is_complete
    assert check.statements[-2:] == ("Fair pay", "Systems that work")


def test_a_check_becomes_rows_and_plain_python() -> None:
    check = check_visions([SENIOR, vision(Tier.MIDDLE_MANAGER, "function", 3650), LEADER, FRONT])
    assert check.to_records()[1] == {
        "tier": "MIDDLE_MANAGER",
        "statement": "Customers first",
        "scope": "function",
        "horizon_days": 3650,
        "flags": "horizon_lengthens",
    }
    plain = json.loads(json.dumps(check.to_dict(), allow_nan=False))
    assert plain["longer_tiers"] == ["MIDDLE_MANAGER"]
    assert plain["visions"][0]["tier"] == "SENIOR_LEADER"
    assert "MIDDLE_MANAGER" in check._repr_html_()
    assert set(check.flags) <= set(ORG_FLAGS)
    expect_showable(check, VisionCheck, "report")


def test_a_tier_may_be_given_by_its_number() -> None:
    assert vision(1, "own_work", 1).tier is Tier.FRONT_LINE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tier": 7}, r"vision of 7: tier: unknown tier 7; known: CUSTOMER \(0\)"),
        ({"tier": True}, "unknown tier True"),
        ({"tier": Tier.CUSTOMER}, "CUSTOMER: tier: the customers"),
        ({"statement": "  "}, "statement: expected a text that is not empty"),
        ({"scope": "planet"}, "scope: expected one of 'organisation', 'function', 'team', 'own_work', got 'planet'"),
        ({"horizon_days": 0}, "horizon_days: expected a whole number of at least 1, got 0"),
        ({"horizon_days": 1.5}, r"horizon_days: .* got 1\.5"),
        ({"horizon_days": True}, "horizon_days: .* got True"),
    ],
)
def test_a_vision_that_is_none_is_refused(fields: Any, message: str) -> None:
    good = {"tier": Tier.FRONT_LINE, "statement": "Heard", "scope": "team", "horizon_days": 1}
    with pytest.raises(OrgError, match=message):
        Vision(**good | fields)


def test_all_faults_of_a_vision_are_told_at_once() -> None:
    with pytest.raises(OrgError) as caught:
        Vision(tier="top", statement="", scope="x", horizon_days=-1)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 4


@pytest.mark.parametrize(
    ("visions", "message"),
    [
        (FRONT, "visions: expected several of them, got Vision"),
        (3, "visions: expected several of them, got int"),
        ([FRONT, "Heard"], r"visions\[1\]: expected a Vision, got str"),
    ],
)
def test_what_is_no_vision_is_refused(visions: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        check_visions(visions)
