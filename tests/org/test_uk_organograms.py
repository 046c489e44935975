"""Organograms of three UK departments as published in 2013: every defect is named, the documented policy repairs it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from leadkit.errors import OrgError
from leadkit.org import Organisation, Violation

Data = Callable[[str], Path]
OPERATIONAL = "Operational Delivery"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build(shared_data: Data, department: str, **policies: Any) -> Organisation:
    rows = rows_of(shared_data(f"org/uk_{department}_2013_senior.csv"))
    return Organisation.from_columns(
        [row["Post Unique Reference"] for row in rows],
        [row["Reports to Senior Post"] for row in rows],
        titles=[row["Job Title"] for row in rows],
        teams=[row["Unit"] for row in rows],
        fte=[float(row["FTE"]) for row in rows],
        root_tokens=("XX",),
        **policies,
    )


def junior_fte(shared_data: Data, organisation: Organisation) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Own FTE and junior FTE under each post, and the part of the junior FTE in operational delivery."""
    table = np.zeros((organisation.n, 2))
    table[:, 0] = organisation.weights("fte")
    for row in rows_of(shared_data("org/uk_dwp_2013_junior.csv")):
        post = organisation.index_of(row["Reporting Senior Post"])
        table[post, 0] += float(row["Number of Posts in FTE"])
        if row["Professional/Occupational Group"] == OPERATIONAL:
            table[post, 1] += float(row["Number of Posts in FTE"])
    return table


def of_code(organisation: Organisation, code: str) -> list[Violation]:
    return [violation for violation in organisation.violations if violation.code == code]


def codes(violations: tuple[Violation, ...]) -> Counter[str]:
    return Counter(violation.code for violation in violations)


def test_a_strict_reading_of_the_dwp_names_every_defect(shared_data: Data) -> None:
    with pytest.raises(OrgError, match="1 conflicting_duplicate") as error:
        build(shared_data, "dwp")
    found = codes(error.value.violations)
    assert found["duplicate_id"] == 3
    assert found["conflicting_duplicate"] == 1
    assert {violation.ids for violation in error.value.violations if violation.code == "duplicate_id"} == {
        ("DWP108",),
        ("DWP179",),
        ("DWP184",),
    }


def test_prefer_root_meets_the_reference_tree_of_the_dwp(shared_data: Data, golden: Callable[[str], Any]) -> None:
    expected = golden("org/uk_dwp_tree.json")["prefer_root"]
    dwp = build(shared_data, "dwp", job_shares="merge", conflicts="prefer_root")
    assert dwp.n == expected["posts"]
    assert {v.ids[0] for v in of_code(dwp, "duplicate_id")} == set(expected["rows_job_share_merged"])
    (conflict,) = of_code(dwp, "conflicting_duplicate")
    (wanted,) = expected["conflicts"]
    assert (conflict.ids, conflict.severity) == ((wanted["ref"],), "warning")
    dropped = rows_of(shared_data("org/uk_dwp_2013_senior.csv"))[conflict.rows[0]]
    assert (dropped["Job Title"], dropped["Reports to Senior Post"]) == (wanted["title"], wanted["mgr"])
    # the reference counts rows after putting the declared root before all others
    assert conflict.rows[0] == wanted["row"] - 1
    assert list(dwp.root_ids) == expected["declared_roots"]
    assert dwp.declared_root.sum() == 1
    assert of_code(dwp, "self_manager") == of_code(dwp, "unknown_manager") == of_code(dwp, "cycle") == []
    assert dwp.tree.n_layers == expected["layers"]
    assert dwp.tree.level_counts().tolist() == expected["headcount_by_layer"]
    spans = dwp.tree.n_children[dwp.tree.n_children > 0]
    assert len(spans) == expected["senior_managers"]
    assert spans.mean() == pytest.approx(expected["mean_senior_span"], abs=1e-12)
    assert np.median(spans) == expected["median_senior_span"]
    assert spans.max() == expected["max_senior_span"]
    assert (spans == 1).sum() == expected["span_of_one"]


def test_roll_ups_of_the_dwp_meet_the_reference(shared_data: Data, golden: Callable[[str], Any]) -> None:
    expected = golden("org/uk_dwp_tree.json")["prefer_root"]
    dwp = build(shared_data, "dwp", job_shares="merge", conflicts="prefer_root")
    own = junior_fte(shared_data, dwp)
    total = dwp.tree.roll_up(own)
    assert dwp.weights("fte").sum() == pytest.approx(expected["senior_fte_total"], abs=1e-9)
    assert own[:, 1].sum() == pytest.approx(expected["operational_delivery_fte"], abs=1e-9)
    for post, wanted in expected["root_rollups"].items():
        place = dwp.index_of(post)
        assert dwp.tree.size[place] == wanted["posts"]
        assert total[place].tolist() == pytest.approx([wanted["fte"], wanted["operational_fte"]], abs=1e-9)
    top = np.argsort(-total[:, 0])[:10]
    assert [dwp.ids[place] for place in top] == [wanted["post"] for wanted in expected["top10_by_fte"]]
    for place, wanted in zip(top, expected["top10_by_fte"], strict=True):
        shape = [dwp.tree.depth[place], dwp.tree.n_children[place], dwp.tree.size[place]]
        assert shape == [wanted["depth"], wanted["direct_span"], wanted["subtree_posts"]]
        assert total[place].tolist() == pytest.approx([wanted["fte"], wanted["operational_fte"]], abs=1e-9)


def test_keep_first_leaves_the_dwp_without_a_root(shared_data: Data, golden: Callable[[str], Any]) -> None:
    expected = golden("org/uk_dwp_tree.json")["keep_first"]
    with pytest.raises(OrgError) as error:
        build(shared_data, "dwp", job_shares="merge", conflicts="keep_first")
    found = codes(error.value.violations)
    assert found["no_root"] == 1
    assert found["cycle"] + found["self_manager"] >= 1
    lost = {
        v for violation in error.value.violations if violation.code in {"cycle", "unreachable"} for v in violation.ids
    }
    assert len(lost) == expected["posts_not_reaching_a_root"] == expected["posts"]


def test_keep_first_is_repaired_by_cutting_at_the_smallest_id(shared_data: Data, golden: Callable[[str], Any]) -> None:
    expected = golden("org/uk_dwp_tree.json")["keep_first"]
    dwp = build(shared_data, "dwp", job_shares="merge", conflicts="keep_first", strict=False)
    assert dwp.n == expected["posts"]
    assert {v.ids[0] for v in of_code(dwp, "duplicate_id")} == set(expected["rows_job_share_merged"])
    (conflict,) = of_code(dwp, "conflicting_duplicate")
    (wanted,) = expected["conflicts"]
    assert (conflict.ids, conflict.rows) == ((wanted["ref"],), (wanted["row"],))
    assert not dwp.declared_root.any()
    assert expected["declared_roots"] == []
    assert set(dwp.root_ids) == {violation.ids[0] for violation in of_code(dwp, "cycle")}
    assert dwp.tree.size[dwp.tree.roots].sum() == dwp.n


def test_the_reused_reference_of_the_hmrc_is_named_row_by_row(shared_data: Data) -> None:
    with pytest.raises(OrgError) as error:
        build(shared_data, "hmrc")
    repeated = [v for v in error.value.violations if v.code in {"conflicting_duplicate", "duplicate_id"}]
    assert {violation.ids for violation in repeated} == {("0",)}
    assert len(repeated) == 5
    hmrc = build(shared_data, "hmrc", job_shares="merge", conflicts="keep_first")
    assert hmrc.n == 353 - 5
    assert len(hmrc.root_ids) == 1
    assert hmrc.person("0").title == "Not in Post"


def test_every_defect_of_the_home_office_is_named(shared_data: Data) -> None:
    with pytest.raises(OrgError) as error:
        build(shared_data, "home_office")
    found = {(violation.code, violation.ids) for violation in error.value.violations}
    assert ("self_manager", ("2UKVI02",)) in found
    assert ("conflicting_duplicate", ("1SIIG11",)) in found
    assert ("conflicting_duplicate", ("2SIIGSEC",)) in found
    assert ("duplicate_id", ("2UKBA18",)) in found
    assert not {code for code, _ in found} & {"unknown_manager", "no_root", "blank_id", "bad_value"}


@pytest.mark.parametrize("department", ["dwp", "hmrc", "home_office"])
@pytest.mark.parametrize("conflicts", ["keep_first", "prefer_root"])
def test_a_repaired_department_is_a_tree_and_survives_its_records(
    shared_data: Data, department: str, conflicts: Literal["keep_first", "prefer_root"]
) -> None:
    made = build(shared_data, department, job_shares="merge", conflicts=conflicts, strict=False)
    assert made.tree.size[made.tree.roots].sum() == made.n
    again = Organisation.from_people(made.people())
    assert again == made
    assert again.digest == made.digest
