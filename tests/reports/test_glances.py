"""The small pictures of the first screen say what their chapters say, and nothing that is hidden there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit import org, reports, samples, wbs
from leadkit.assessment import DisclosurePolicy, disclose, feedback
from leadkit.reports.blocks import Bands
from leadkit.reports.content import team_page
from leadkit.reports.glances import feedback_glance, matrix_glance, plan_glance, team_glance
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.pyramid_tiers import tiers_section


def test_the_means_of_a_team_are_those_of_its_chapter(material: Any) -> None:
    page = team_page(material.scores, picture=False, progress=None, **blank(material))
    glance = team_glance(page)
    assert glance is not None
    told = [line for line in page.lines if not line.composite]
    assert [(line.name, line.value) for line in glance.lines] == [(line.name, line.mean) for line in told]
    start, end = material.scores.span
    means = np.nanmean(material.scores.values, axis=0)
    places = 100 * (means - start) / (end - start)
    assert [line.end for line in glance.lines] == pytest.approx(places[: len(told)].tolist(), abs=0.01)
    assert glance.legend == "Mean of everybody on each dimension, of 1\N{EN DASH}5."


def test_a_mean_of_too_few_people_is_no_bar(material: Any) -> None:
    few = material.scores[:3]
    page = team_page(few, picture=False, progress=None, **{**blank(material), "individuals": False})
    glance = team_glance(page)
    assert glance is not None
    assert {(line.value, line.end) for line in glance.lines} == {("not shown", None)}


def blank(material: Any) -> dict[str, Any]:
    """Give what a page about a team takes besides scores, most of it nothing."""
    nothing: dict[str, Any] = dict.fromkeys(("reliability", "bands", "responses", "by", "ved", "style", "messages"))
    return {**nothing, "vitals": (), "min_group": 5, "individuals": True, "title": None, "notice": ""}


def test_how_much_of_each_role_is_shown_is_counted() -> None:
    shown = disclose(feedback(samples.ratings("ved", n_leaders=6, rng=2026)), DisclosurePolicy())
    glance = feedback_glance(shown)
    assert glance is not None
    assert len(glance.lines) == len(shown.roles)
    for at, line in enumerate(glance.lines):
        cells = ~np.isnan(shown.mean[:, at])
        assert line.value == f"{cells.sum()} of {cells.size}"
        assert line.end == pytest.approx(100 * cells.mean(), abs=0.01)
    assert any(line.end is not None and line.end < 100 for line in glance.lines)


@pytest.mark.parametrize("with_team", [True, False])
def test_the_parts_of_a_plan_lie_where_their_work_is(with_team: bool) -> None:
    plan = samples.plan()
    assignment = wbs.assign(plan, schedules=20) if with_team else None
    given = PlanFindings(plan=plan, assignment=assignment, picture=False)
    glance = plan_glance(given)
    assert glance is not None
    assert plan.deadline is not None
    rows: Any = given.schedule.rows if assignment is None else assignment.rows
    begin = "early_start" if assignment is None else "start"
    finish = "early_finish" if assignment is None else "finish"
    whole = (max(plan.deadline, given.finish) - plan.start) / timedelta(hours=1)
    assert [line.name for line in glance.lines] == [node.name for node in plan.wbs.children(plan.wbs.root.id)]
    for line, part in zip(glance.lines, plan.wbs.children(plan.wbs.root.id), strict=True):
        code = f"{plan.wbs.code(part.id)}."
        own = [row for row in rows if row.code.startswith(code)]
        first, last = min(getattr(row, begin) for row in own), max(getattr(row, finish) for row in own)
        assert line.start == pytest.approx(100 * ((first - plan.start) / timedelta(hours=1)) / whole, abs=0.01)
        assert line.end == pytest.approx(100 * ((last - plan.start) / timedelta(hours=1)) / whole, abs=0.01)
        assert line.mark == pytest.approx(100 * ((plan.deadline - plan.start) / timedelta(hours=1)) / whole, abs=0.01)
    assert glance.legend.endswith("diamond: the deadline.")


def test_a_plan_without_a_deadline_has_no_mark() -> None:
    plan = samples.plan().with_(deadline=None)
    glance = plan_glance(PlanFindings(plan=plan, picture=False))
    assert glance is not None
    assert {line.mark for line in glance.lines} == {None}
    assert "deadline" not in glance.legend


def test_a_plan_of_no_length_has_no_picture() -> None:
    work = wbs.Wbs.from_records(
        [{"id": "all", "name": "All"}, {"id": "one", "parent": "all", "name": "One", "estimate": wbs.Estimate.fixed(0)}]
    )
    assert plan_glance(PlanFindings(plan=wbs.Plan(wbs=work, start=samples.plan().start), picture=False)) is None


def test_the_levels_of_a_domain_without_a_gap_are_counted() -> None:
    matrix = samples.escalation_matrix()
    glance = matrix_glance(matrix)
    assert glance is not None
    for line, domain in zip(glance.lines, matrix.domains, strict=True):
        with_gap = {gap.level for gap in matrix.gaps() if gap.domain == domain.id}
        n_fine = sum(level.id not in with_gap for level in matrix.levels)
        assert (line.name, line.value) == (domain.name or domain.id, f"{n_fine} of {len(matrix.levels)}")
        assert line.end == pytest.approx(100 * n_fine / len(matrix.levels), abs=0.01)
    assert len({line.end for line in glance.lines}) > 1


@pytest.fixture(scope="module")
def chapters(material: Any) -> dict[str, Any]:
    shown = disclose(feedback(samples.ratings("ved", n_leaders=3, rng=1)), DisclosurePolicy())
    return {
        "team": {"scores": material.scores},
        "feedback": {"disclosed": shown},
        "pyramid": {"pyramid": org.build_pyramid(samples.organisation(rng=1))},
        "plan": {"plan": samples.plan()},
        "escalation": {"matrix": samples.escalation_matrix()},
    }


def test_every_card_has_its_picture_and_it_is_not_read_twice(
    chapters: dict[str, Any], parse: Callable[[str], Any]
) -> None:
    page = parse(reports.full(**chapters))
    glances = [one for one in page.all("div") if (one.attributes.get("class") or "").startswith("glance")]
    assert [one.attributes["class"] for one in glances] == ["glance spans"] * 2 + ["glance bands"] + [
        "glance spans"
    ] * 2
    for one in glances:
        assert one.attributes["aria-hidden"] == "true"
        assert page.inside(one, "svg")
        assert not [inner for inner in one.within if "id" in inner.attributes or inner.tag == "a"]
    bands = next(block for block in tiers_section(chapters["pyramid"]["pyramid"]).blocks if isinstance(block, Bands))
    assert page.inside(glances[2], "svg")[0].attributes["aria-label"] == bands.alt


def test_without_pictures_cards_are_words(chapters: dict[str, Any]) -> None:
    assert 'class="glance' not in reports.full(**chapters, picture=False)


def test_names_in_a_picture_are_escaped() -> None:
    plan = samples.plan()
    nasty = evolve(plan.wbs.root, children=[evolve(part, name="<b>") for part in plan.wbs.root.children])
    page = reports.full(plan={"plan": plan.with_(wbs=evolve(plan.wbs, root=nasty))}, picture=True)
    assert "<bdi>&lt;b&gt;</bdi>" in page
    assert "<b>" not in page
