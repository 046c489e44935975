"""What changed between two matrices."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given

from leadkit.errors import MatrixError
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, MatrixDiff, build_matrix, diff
from leadkit.skills import SkillMatrix
from leadkit.testing.escalation_matrix import matrix

L1 = LevelRule(id="L1", rank=1, threshold=1)
L2 = LevelRule(id="L2", rank=2, threshold=2)
L3 = LevelRule(id="L3", rank=3, threshold=3)


def made(levels: dict[str, float], *rules: LevelRule, **options: Any) -> Matrix:
    team = SkillMatrix(list(levels), ["a"], [[level] for level in levels.values()])
    return build_matrix(team, rules or (L1, L2, L3), **options)


def test_who_comes_is_added_and_who_goes_is_removed() -> None:
    found = diff(made({"ann": 1, "bo": 0, "cy": 2}), made({"ann": 0, "bo": 1, "cy": 2}))
    assert found.added == (("a", "L1", "bo"),)
    assert found.removed == (("a", "L1", "ann"),)
    assert (found.moved, found.gaps_opened, found.gaps_closed) == ((), (), ())
    assert not found.is_empty


def test_who_changes_the_level_has_moved() -> None:
    found = diff(made({"ann": 1, "bo": 3}), made({"ann": 2, "bo": 1}))
    assert found.moved == (("a", "L1", "bo"), ("a", "L2", "ann"))
    assert found.moved_from == ("L3", "L1")
    assert (found.added, found.removed) == ((), ())


def test_under_all_a_further_level_is_added() -> None:
    found = diff(made({"ann": 1}, placement="all"), made({"ann": 3}, placement="all"))
    assert found.added == (("a", "L2", "ann"), ("a", "L3", "ann"))
    assert (found.removed, found.moved) == ((), ())


def test_people_domains_and_levels_may_differ() -> None:
    before = made({"ann": 1, "bo": 1}, domains=[Domain(id="old", skills={"a": 0}), Domain(id="both", skills={"a": 0})])
    after = made(
        {"ann": 1, "cy": 1}, LevelRule(id="front", rank=1, threshold=1), domains=[Domain(id="both", skills={"a": 0})]
    )
    found = diff(before, after)
    assert found.added == (("both", "front", "cy"),)
    assert found.removed == (("both", "L1", "bo"), ("old", "L1", "ann"), ("old", "L1", "bo"))
    assert (found.moved, found.moved_from) == ((("both", "front", "ann"),), ("L1",))


def test_several_levels_are_paired_from_the_highest_downwards() -> None:
    old = made({"ann": 3}, placement="all")
    new = [LevelRule(id=f"N{rank}", rank=rank, threshold=rank) for rank in (1, 2)]
    found = diff(old, made({"ann": 3}, *new, placement="all"))
    assert found.moved == (("a", "N1", "ann"), ("a", "N2", "ann"))
    assert found.moved_from == ("L2", "L3")
    assert (found.added, found.removed) == ((), (("a", "L1", "ann"),))
    back = diff(made({"ann": 3}, *new, placement="all"), old)
    assert (back.moved, back.moved_from) == ((("a", "L2", "ann"), ("a", "L3", "ann")), ("N1", "N2"))
    assert back.added == (("a", "L1", "ann"),)


def test_gaps_open_close_and_change_their_kind() -> None:
    before, after = made({"ann": 1, "bo": 1, "cy": 0}), made({"ann": 2, "bo": 1, "cy": 0})
    found = diff(before, after)
    assert found.gaps_opened == (("a", "L1", "single_point_of_failure"), ("a", "L2", "single_point_of_failure"))
    assert found.gaps_closed == (("a", "L2", "unreachable"),)


def test_records_tell_each_change_in_one_row() -> None:
    found = diff(made({"ann": 1, "bo": 0, "cy": 3}), made({"ann": 2, "bo": 1, "cy": 0}))
    empty = {"level_before": None, "person": None, "kind": None}
    assert found.to_records() == [
        empty | {"change": "added", "domain": "a", "level": "L1", "person": "bo"},
        empty | {"change": "removed", "domain": "a", "level": "L3", "person": "cy"},
        empty | {"change": "moved", "domain": "a", "level": "L2", "level_before": "L1", "person": "ann"},
        empty | {"change": "gap_opened", "domain": "a", "level": "L2", "kind": "single_point_of_failure"},
        empty | {"change": "gap_opened", "domain": "a", "level": "L3", "kind": "unreachable"},
        empty | {"change": "gap_closed", "domain": "a", "level": "L2", "kind": "thin"},
        empty | {"change": "gap_closed", "domain": "a", "level": "L3", "kind": "single_point_of_failure"},
    ]
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["moved_from"] == ["L1"]
    assert "moved" in found._repr_html_()
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize("bad", [None, "matrix", 1, []])
def test_both_are_matrices(bad: Any) -> None:
    own = made({"ann": 1})
    with pytest.raises(MatrixError, match="before: expected a Matrix"):
        diff(bad, own)
    with pytest.raises(MatrixError, match="after: expected a Matrix"):
        diff(own, bad)


@given(matrix())
def test_a_matrix_does_not_differ_from_itself(own: Matrix) -> None:
    assert diff(own, own) == MatrixDiff()
    assert diff(own, own).is_empty
    assert diff(own, own).to_records() == []


@given(matrix(), matrix())
def test_changes_lead_from_one_matrix_to_the_other(before: Matrix, after: Matrix) -> None:
    found = diff(before, after)
    was = {(row["domain"], row["level"], row["person"]) for row in before.to_records()}
    now = {(row["domain"], row["level"], row["person"]) for row in after.to_records()}
    left = {(domain, level, person) for (domain, _, person), level in zip(found.moved, found.moved_from, strict=True)}
    assert len(left) == len(found.moved_from)
    assert (was - set(found.removed) - left) | set(found.added) | set(found.moved) == now
    assert set(found.removed) | left == was - now
    gaps_was = {(gap.domain, gap.level, gap.kind) for gap in before.gaps()}
    gaps_now = {(gap.domain, gap.level, gap.kind) for gap in after.gaps()}
    assert (gaps_was - set(found.gaps_closed)) | set(found.gaps_opened) == gaps_now


@given(matrix(), matrix())
def test_the_way_back_is_the_way_turned_round(before: Matrix, after: Matrix) -> None:
    there, back = diff(before, after), diff(after, before)
    assert (there.added, there.gaps_opened) == (back.removed, back.gaps_closed)
    assert (there.removed, there.gaps_closed) == (back.added, back.gaps_opened)
    ways = {(domain, a, b, person) for (domain, b, person), a in zip(there.moved, there.moved_from, strict=True)}
    assert ways == {(domain, a, b, person) for (domain, a, person), b in zip(back.moved, back.moved_from, strict=True)}
