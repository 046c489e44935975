"""Organisation charts: whole, cut, and safe whatever stands in names."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples, testing
from leadkit.errors import OrgError
from leadkit.interchange import graphviz, mermaid, svg
from leadkit.org import Organisation, build_pyramid, move

CHARTS = (mermaid.org_chart, graphviz.org_chart, svg.org_chart)
NASTY = 'a"]; --> b\n%%{init: {"x": 1}}%% <script>alert(1)</script> & `c` \\N \u202e \0 \ud800 end'


def firm(n: int = 3, **columns: Any) -> Organisation:
    return Organisation.from_columns(
        [f"p{i}" for i in range(n)], [None, *(f"p{(i - 1) // 2}" for i in range(1, n))], **columns
    )


def test_customers_stand_on_top_and_the_chart_can_be_turned_round() -> None:
    assert mermaid.org_chart(firm()).startswith("flowchart BT\n")
    assert mermaid.org_chart(firm(), inverted=False).startswith("flowchart TB\n")
    assert "rankdir=BT" in graphviz.org_chart(firm())
    assert "rankdir=TB" in graphviz.org_chart(firm(), inverted=False)
    tops = {}
    for inverted in (True, False):
        root = ET.fromstring(svg.org_chart(firm(), inverted=inverted))  # noqa: S314 - our own text
        tops[inverted] = {text.text: float(text.get("y", "")) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert tops[True]["Customers"] < tops[True]["p1"] < tops[True]["p0"]
    assert tops[False]["Customers"] > tops[False]["p1"] > tops[False]["p0"]


def test_lines_facing_posts_and_dotted_lines_are_drawn() -> None:
    people = firm(
        5, customer_facing=[None, None, False, True, True], dotted=(["p3"], ["p2"]), status=["active"] * 4 + ["vacant"]
    )
    text = mermaid.org_chart(people)
    assert [line.strip() for line in text.splitlines()] == [
        "flowchart BT",
        'customers(["Customers"])',
        'n0["p0"]',
        'n1["p1"]',
        'n4["p2"]',
        'subgraph facing["Facing customers"]',
        'n2["p3"]',
        'n3["p4 (vacant)"]',
        "end",
        "n0 --> n1",
        "n1 --> n2",
        "n1 --> n3",
        "n0 --> n4",
        "n4 -.-> n2",
        "facing --> customers",
    ]
    dot = graphviz.org_chart(people)
    assert "n4 -> n2 [style=dotted, constraint=false];" in dot
    assert 'n3 [label="p4 (vacant)", style=dashed];' in dot
    assert dot.count("-> customers") == 2
    assert svg.org_chart(people).count("stroke-dasharray") == 1


def test_a_pyramid_says_who_faces_customers_and_must_be_of_the_same_people() -> None:
    people = firm(3)
    assert mermaid.org_chart(people, pyramid=build_pyramid(people)) == mermaid.org_chart(people)
    with pytest.raises(ValueError, match="another organisation"):
        mermaid.org_chart(people, pyramid=build_pyramid(firm(5)))
    with pytest.raises(ValueError, match="another organisation"):
        mermaid.org_chart(people, pyramid=build_pyramid(move(people, "p2", "p1")))
    turned = Organisation.from_people(list(people.people())[::-1])
    with pytest.raises(ValueError, match="another organisation"):
        mermaid.org_chart(people, pyramid=build_pyramid(turned))
    with pytest.raises(TypeError, match="pyramid: expected Pyramid"):
        svg.org_chart(people, pyramid=people)  # type: ignore[arg-type]


def test_labels_are_names_titles_or_ids() -> None:
    people = firm(2, names=["Ann", None], titles=[None, "Planner"])
    assert 'label="Ann"' in graphviz.org_chart(people)
    assert 'label="p1"' in graphviz.org_chart(people)
    assert 'label="Planner"' in graphviz.org_chart(people, label="title")
    assert 'label="Ann"' not in graphviz.org_chart(people, label="id")


@pytest.mark.parametrize("chart", CHARTS)
def test_a_line_or_a_few_layers_can_be_drawn_alone(chart: Any) -> None:
    people = firm(15)
    assert not re.search(r"\bp2\b", chart(people, top="p1"))
    assert re.search(r"\bp9\b", chart(people, top="p1"))
    assert not re.search(r"\bp9\b", chart(people, top="p1", layers=2))
    assert re.search(r"\bp4\b", chart(people, top="p1", layers=2))
    assert not re.search(r"\bp3\b", chart(people, layers=2))


@pytest.mark.parametrize("chart", CHARTS)
def test_too_much_is_refused_and_told_how_to_cut(chart: Any) -> None:
    with pytest.raises(OrgError, match=r"3 posts are to be drawn, the limit \(max_nodes\) is 2: draw a subtree"):
        chart(firm(3), max_nodes=2)
    with pytest.raises(OrgError, match="unknown person id 'x'"):
        chart(firm(3), top="x")
    for wrong in ({"max_nodes": 0}, {"layers": 0}, {"layers": True}, {"label": "colour"}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))}: expected"):
            chart(firm(3), **wrong)
    with pytest.raises(TypeError, match="expected Organisation"):
        chart([])


def test_default_limits() -> None:
    assert mermaid.org_chart(firm(450)).count("-->") == 450
    with pytest.raises(OrgError, match="451 posts"):
        mermaid.org_chart(firm(451))
    with pytest.raises(OrgError, match="500 lines"):
        mermaid.org_chart(firm(600), max_nodes=600)
    with pytest.raises(OrgError, match="50000 characters"):
        mermaid.org_chart(firm(300, names=["x" * 200] * 300))
    with pytest.raises(OrgError, match="2001 posts"):
        svg.org_chart(firm(2001))
    assert graphviz.org_chart(firm(2001)).count("label=") == 2002


@pytest.mark.parametrize("chart", CHARTS)
def test_nobody_is_drawn_as_customers_alone(chart: Any) -> None:
    assert "Customers" in chart(Organisation.from_columns([], []))


def test_mermaid_holds_no_text_that_breaks_out() -> None:
    text = mermaid.org_chart(firm(1, names=[NASTY]))
    label = next(line for line in text.splitlines() if "n0[" in line).strip()
    inside = label.removeprefix('n0["').removesuffix('"]')
    assert not set(inside) & set('"<>`\\%{}\n\0\u202e\ud800')
    assert re.sub(r"#(\w+);", "", inside).find("&") == -1
    assert text.isprintable() or set(text) - set("\n") == {sign for sign in text if sign.isprintable()}


def test_dot_quotes_and_backslashes_are_escaped() -> None:
    line = next(line for line in graphviz.org_chart(firm(1, names=[NASTY])).splitlines() if "n0 " in line)
    inside = line.strip().removeprefix('n0 [label="').removesuffix('"];')
    assert re.fullmatch(r'(?:[^"\\]|\\["\\])*', inside)


def test_svg_is_rectangles_and_text_alone() -> None:
    root = ET.fromstring(svg.org_chart(samples.organisation(rng=2)))  # noqa: S314 - our own text
    names = {element.tag.partition("}")[2] for element in root.iter()}
    assert names == {"svg", "rect", "text"}
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)


def test_posts_rest_on_their_leaders_and_never_overlap() -> None:
    root = ET.fromstring(svg.org_chart(samples.organisation(rng=2)))  # noqa: S314 - our own text
    boxes = [
        tuple(float(box.get(name, "")) for name in ("x", "y", "width", "height"))
        for box in root.iter("{http://www.w3.org/2000/svg}rect")
    ]
    for i, (x, y, width, height) in enumerate(boxes):
        for left, top, wide, tall in boxes[i + 1 :]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + tall <= y


@given(testing.organisation())
def test_any_organisation_is_drawn_and_its_svg_is_xml(people: Organisation) -> None:
    assert len(ET.fromstring(svg.org_chart(people)).findall("{*}rect")) == people.n + 1  # noqa: S314 - our own text
    assert mermaid.org_chart(people).count("    n") >= people.n
    assert graphviz.org_chart(people).endswith("}")


@given(st.text(min_size=1, max_size=12))
def test_any_name_leaves_an_svg_that_is_xml(name: str) -> None:
    ET.fromstring(svg.org_chart(firm(1, names=[name])))  # noqa: S314 - our own text


def test_graphviz_itself_reads_it(tmp_path: Any) -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("Graphviz is not installed")
    people = firm(3, names=[NASTY.encode("utf-8", "replace").decode(), "b", None])
    source = tmp_path / "chart.dot"
    source.write_text(graphviz.org_chart(people), encoding="utf-8")
    drawn = subprocess.run([dot, "-Tplain", source], check=True, capture_output=True, text=True)
    assert sum(line.startswith("node ") for line in drawn.stdout.splitlines()) == 4
    assert sum(line.startswith("edge ") for line in drawn.stdout.splitlines()) == 4
