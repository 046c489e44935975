"""Links and lags: reading and writing their text, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import PlanError
from leadkit.wbs import Lag, Link

IDS = st.text(st.characters(min_codepoint=33, max_codepoint=126) | st.just(" "), min_size=1, max_size=8).filter(
    lambda own: own == own.strip()
)


@st.composite
def lags(draw: st.DrawFn) -> Lag:
    elapsed = draw(st.booleans())
    if draw(st.booleans()):
        return Lag.percent(draw(st.sampled_from((0, 50, -12.5, 33.333, 1e-7, 150))), elapsed=elapsed)
    return Lag.minutes(draw(st.integers(-100_000, 100_000) | st.sampled_from((480, -960, 60, 1440))), elapsed=elapsed)


@st.composite
def links(draw: st.DrawFn) -> Link:
    own = draw(IDS)
    return Link(
        predecessor=own,
        successor=draw(IDS.filter(lambda other: other != own)),
        kind=draw(st.sampled_from(("FS", "SS", "FF", "SF"))),
        lag=draw(lags()),
    )


def test_the_text_of_the_specification_is_read() -> None:
    first, second, third = Link.parse("A:SS+2d, B:FF-50%, C:FS+3ed", "D")
    assert first == Link(predecessor="A", successor="D", kind="SS", lag=Lag.days(2))
    assert second == Link(predecessor="B", successor="D", kind="FF", lag=Lag.percent(-50))
    assert third == Link(predecessor="C", successor="D", kind="FS", lag=Lag.days(3, elapsed=True))


@pytest.mark.parametrize(
    ("text", "lag"),
    [
        ("A:FS+90m", Lag.minutes(90)),
        ("A:FS-1.5h", Lag.minutes(-90)),
        ("A:fs + 2 d", Lag.minutes(960)),
        ("A:FS+1w", Lag.minutes(2400)),
        ("A:FS+1ew", Lag.minutes(7 * 1440, elapsed=True)),
        ("A:FS+12.5e%", Lag.percent(12.5, elapsed=True)),
        ("A:FS", Lag()),
        ("A", Lag()),
    ],
)
def test_a_lag_is_read_in_every_unit(text: str, lag: Lag) -> None:
    assert Link.parse(text, "D") == (Link(predecessor="A", successor="D", lag=lag),)


def test_days_count_the_minutes_of_the_plan() -> None:
    assert Link.parse("A:FS+2d", "D", day_minutes=450)[0].lag == Lag.minutes(900)
    assert Lag.days(2, 450).to_text(450) == "+2d"
    assert Lag.days(1, elapsed=True) == Lag.minutes(1440, elapsed=True)


def test_no_text_means_no_links() -> None:
    assert Link.parse("", "D") == ()
    assert Link.parse("  ", "D") == ()


def test_an_id_with_a_comma_or_a_colon_stands_in_quotation_marks() -> None:
    found = Link.parse('"a, b", "say ""hi""":SS, handover:x:FS', "D")
    assert [(link.predecessor, link.kind) for link in found] == [
        ("a, b", "FS"),
        ('say "hi"', "SS"),
        ("handover:x", "FS"),
    ]


@given(st.lists(links(), max_size=4), st.sampled_from((480, 450, 60)))
def test_links_are_read_back_from_their_text(given_links: list[Link], day_minutes: int) -> None:
    renamed = [Link(predecessor="p" + x.predecessor, successor="s", kind=x.kind, lag=x.lag) for x in given_links]
    text = ", ".join(link.to_text(day_minutes) for link in renamed)
    assert Link.parse(text, "s", day_minutes=day_minutes) == tuple(renamed)


@pytest.mark.parametrize("unit", ["m", "h", "d", "w", "%"])
def test_a_lag_that_is_too_large_is_a_fault(unit: str) -> None:
    for digits in (13, 307, 400):
        with pytest.raises(PlanError, match=r"lag|more than|finite"):
            Link.parse("A:FS+" + "9" * digits + unit, "B")


def test_milestones_need_no_quotation_marks() -> None:
    found = Link.parse("handover:h, gate:g:SS+1d", "D")
    assert [(link.predecessor, link.kind) for link in found] == [("handover:h", "FS"), ("gate:g", "SS")]


def test_all_faults_of_a_text_are_told() -> None:
    with pytest.raises(PlanError) as caught:
        Link.parse('A:XX, :FS, "B, C:SS+2y, , D', "D")
    said = str(caught.value)
    assert "predecessors of 'D'" in said
    for part in ("'A:XX'", "':FS'", "no partner"):
        assert part in said
    with pytest.raises(PlanError, match="'': has no id"):
        Link.parse("A, , B", "D")


def test_a_part_cannot_wait_for_itself() -> None:
    with pytest.raises(PlanError, match="cannot depend on itself"):
        Link.parse("D:SS", "D")


def test_a_text_is_asked_for() -> None:
    with pytest.raises(PlanError, match="expected a text, got 3"):
        Link.parse(3, "D")  # type: ignore[arg-type]


def test_a_link_tells_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(PlanError) as caught:
        Link(predecessor="", successor="B", kind="XS", lag=3)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["predecessor", "kind", "lag"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"amount": float("nan")}, "expected a finite number"),
        ({"amount": 0.5}, "whole minutes"),
        ({"amount": 1e13}, "more than"),
        ({"unit": "hours"}, "expected one of 'minutes', 'percent'"),
        ({"elapsed": 1}, "expected true or false"),
    ],
)
def test_a_lag_refuses_what_it_cannot_be(fields: dict[str, object], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Lag(**fields)  # type: ignore[arg-type]


def test_constructors_of_lags_refuse_what_is_no_number() -> None:
    with pytest.raises(PlanError, match=r"expected a whole number, got 1\.5"):
        Lag.minutes(1.5)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="expected a number, got 'x'"):
        Lag.hours("x")  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="day_minutes"):
        Lag.days(1, 0)


def test_a_share_of_a_duration_is_rounded_half_to_even() -> None:
    assert [Lag.percent(50).minutes_of(n) for n in (1, 3, 5, 7)] == [0, 2, 2, 4]
    assert Lag.hours(0.025) == Lag.minutes(2)
    assert Lag.minutes(7).minutes_of(1000) == 7
