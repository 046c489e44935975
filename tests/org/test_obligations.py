"""Who owes what to whom, also where a post is vacant or its holder away."""

from __future__ import annotations

import json
import pickle
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Obligations, Organisation, Person, Tier, build_pyramid, obligations
from leadkit.testing import organisation as organisations

Row = tuple[str, str, str, str]


def owed(*people: Person) -> Obligations:
    return obligations(build_pyramid(Organisation.from_people(people)))


def rows(result: Obligations, kind: str | None = None) -> list[Row]:
    found: list[Any] = [tuple(record.values()) for record in result.to_records()]
    return [row for row in found if kind in {None, row[2]}]


def pairs(result: Obligations, kind: str) -> list[tuple[str, str, str]]:
    return [(provider, recipient, via) for provider, recipient, _, via in rows(result, kind)]


def line(
    top: dict[str, Any] | None = None, middle: dict[str, Any] | None = None, low: dict[str, Any] | None = None
) -> tuple[Person, ...]:
    """Ann above bo above cy and di; ed also reports to ann."""
    return (
        Person(id="ann", **(top or {})),
        Person(id="bo", manager_id="ann", **(middle or {})),
        Person(id="cy", manager_id="bo", **(low or {})),
        Person(id="di", manager_id="bo", **(low or {})),
        Person(id="ed", manager_id="ann"),
    )


class TestKinds:
    def test_everybody_owes_by_place_in_the_pyramid(self) -> None:
        people = [*line(), Person(id="it", manager_id="ann", customer_facing=False, serves=("cy", "bo"))]
        assert rows(owed(*people)) == [
            ("cy", "customers", "external_service", "direct"),
            ("di", "customers", "external_service", "direct"),
            ("ed", "customers", "external_service", "direct"),
            ("ann", "bo", "support", "direct"),
            ("bo", "cy", "support", "direct"),
            ("bo", "di", "support", "direct"),
            ("ann", "ed", "support", "direct"),
            ("ann", "it", "support", "direct"),
            ("bo", "ann", "internal_customer", "direct"),
            ("cy", "bo", "internal_customer", "direct"),
            ("di", "bo", "internal_customer", "direct"),
            ("ed", "ann", "internal_customer", "direct"),
            ("it", "ann", "internal_customer", "direct"),
            ("it", "bo", "internal_service", "direct"),
            ("it", "cy", "internal_service", "direct"),
        ]

    def test_only_a_support_post_owes_internal_service(self) -> None:
        result = owed(Person(id="a"), Person(id="b", manager_id="a", customer_facing=True, serves=("a",)))
        assert pairs(result, "internal_service") == []

    def test_indices_count_the_ids_and_minus_one_is_the_customers(self) -> None:
        result = owed(*line())
        assert result.ids == ("ann", "bo", "cy", "di", "ed")
        assert result.provider[:4].tolist() == [2, 3, 4, 0]
        assert result.recipient[:4].tolist() == [-1, -1, -1, 1]
        assert dict(result.counts) == {
            "external_service": 3,
            "support": 4,
            "internal_customer": 4,
            "internal_service": 0,
        }

    @given(organisations())
    def test_with_all_posts_filled_support_and_internal_customers_are_the_posts_below_a_root(
        self, people: Organisation
    ) -> None:
        full = Organisation.from_people(
            Person(id=one.id, manager_id=one.manager_id, tier=one.tier, serves=one.serves, acting_id=one.acting_id)
            for one in people.people()
        )
        result = obligations(build_pyramid(full))
        assert result.counts["support"] == result.counts["internal_customer"] == full.n - len(full.root_ids)
        assert result.n_without_provider == 0
        assert set(result.via.tolist()) <= {"direct"}


class TestVacantOrLeft:
    @pytest.mark.parametrize("status", ["vacant", "left"])
    def test_a_leaders_duty_passes_to_the_nearest_filled_post_above(self, status: str) -> None:
        result = owed(*line(middle={"status": status}))
        assert pairs(result, "support") == [
            ("ann", "cy", "nearest_filled"),
            ("ann", "di", "nearest_filled"),
            ("ann", "ed", "direct"),
        ]
        assert pairs(result, "internal_customer") == [("ed", "ann", "direct")]
        assert result.n_without_provider == 0

    @pytest.mark.parametrize("status", ["vacant", "left"])
    def test_a_leaders_duty_passes_to_the_acting_holder(self, status: str) -> None:
        result = owed(*line(middle={"status": status, "acting_id": "ed"}))
        assert pairs(result, "support") == [
            ("ed", "cy", "acting"),
            ("ed", "di", "acting"),
            ("ann", "ed", "direct"),
        ]
        assert ("ed", "ann", "acting") in pairs(result, "internal_customer")

    def test_what_an_acting_holder_would_owe_to_themselves_goes_up_the_line(self) -> None:
        result = owed(*line(middle={"status": "vacant", "acting_id": "cy"}))
        assert pairs(result, "support")[:2] == [("ann", "cy", "nearest_filled"), ("cy", "di", "acting")]

    def test_a_duty_that_nobody_can_carry_is_dropped_and_counted(self) -> None:
        result = owed(*line(top={"status": "vacant"}))
        assert pairs(result, "support") == [("bo", "cy", "direct"), ("bo", "di", "direct")]
        assert result.n_without_provider == 2

    def test_a_duty_passes_over_several_vacant_posts(self) -> None:
        people = [
            Person(id="top"),
            *(Person(id=f"v{i}", manager_id=f"v{i - 1}" if i else "top", status="vacant") for i in range(5)),
        ]
        result = owed(*people, Person(id="x", manager_id="v4"))
        assert pairs(result, "support") == [("top", "x", "nearest_filled")]

    def test_unfilled_posts_receive_nothing(self) -> None:
        desk = Person(id="it", manager_id="ann", customer_facing=False, serves=("cy", "ed"))
        result = owed(*line(low={"status": "left"}), desk)
        assert {recipient for _, recipient, _, _ in rows(result)} == {"customers", "ann", "bo", "ed", "it"}

    def test_a_vacant_post_serves_no_customers_and_owes_its_boss_nothing(self) -> None:
        result = owed(*line(low={"status": "vacant", "acting_id": "ed"}))
        assert pairs(result, "external_service") == [("ed", "customers", "direct")]
        assert pairs(result, "internal_customer") == [("bo", "ann", "direct"), ("ed", "ann", "direct")]

    def test_an_acting_holder_who_is_not_there_stands_in_for_nobody(self) -> None:
        for status in ("absent", "vacant", "left"):
            acting = Person(id="fay", manager_id="ann", status=status, acting_id="ed")
            result = owed(*line(middle={"status": "vacant", "acting_id": "fay"}), acting)
            assert pairs(result, "support")[:2] == [("ann", "cy", "nearest_filled"), ("ann", "di", "nearest_filled")]

    def test_a_duty_that_comes_to_an_absent_leader_is_carried_by_the_one_who_acts_for_them(self) -> None:
        result = owed(*line(top={"status": "absent", "acting_id": "ed"}, middle={"status": "vacant"}))
        assert pairs(result, "support") == [("ed", "cy", "acting"), ("ed", "di", "acting"), ("ann", "ed", "direct")]
        # what bo's post owes ann comes to ann, and so not to the one who acts for ann
        assert pairs(result, "internal_customer") == [("ed", "ann", "direct")]
        assert result.n_without_provider == 0

    def test_a_support_posts_service_passes_on_too(self) -> None:
        desk = Person(id="it", manager_id="ann", customer_facing=False, status="vacant", serves=("ann", "cy"))
        result = owed(*line(), desk)
        assert pairs(result, "internal_service") == [("ann", "cy", "nearest_filled")]
        assert result.n_without_provider == 0

    def test_when_everything_is_vacant_nothing_is_owed(self) -> None:
        result = owed(*(Person(id=one.id, manager_id=one.manager_id, status="vacant") for one in line()))
        assert rows(result) == []
        assert result.n_without_provider == 0


class TestAbsent:
    def test_without_an_acting_holder_an_absent_leader_keeps_the_duty(self) -> None:
        result = owed(*line(middle={"status": "absent"}))
        assert pairs(result, "support") == pairs(owed(*line()), "support")

    def test_with_one_the_duty_passes_on(self) -> None:
        result = owed(*line(middle={"status": "absent", "acting_id": "ed", "customer_facing": True}))
        assert ("ed", "cy", "acting") in pairs(result, "support")
        assert ("ed", "customers", "acting") in pairs(result, "external_service")
        assert ("ann", "bo", "direct") in pairs(result, "support")

    def test_what_the_acting_holder_would_owe_to_themselves_stays(self) -> None:
        result = owed(*line(middle={"status": "absent", "acting_id": "cy"}))
        assert pairs(result, "support")[1:3] == [("bo", "cy", "direct"), ("cy", "di", "acting")]

    def test_an_absent_contributor_owes_their_own(self) -> None:
        result = owed(*line(low={"status": "absent", "acting_id": "ed"}))
        assert ("cy", "customers", "direct") in pairs(result, "external_service")
        assert ("cy", "bo", "direct") in pairs(result, "internal_customer")

    def test_an_acting_holder_of_somebody_who_is_there_owes_nothing_for_it(self) -> None:
        assert rows(owed(*line(middle={"acting_id": "ed"}))) == rows(owed(*line()))


def carried(people: Organisation, post: str, recipient: str | None, *, passes_on: bool) -> tuple[str, str] | str:
    """Find who carries a duty, one step at a time: a provider and how, "itself" or "nobody"."""
    person = people.person(post)

    def stand_in(other: Person) -> str | None:
        is_there = other.acting_id is not None and people.person(other.acting_id).status == "active"
        return other.acting_id if is_there and other.status != "active" else None

    is_filled = person.status in {"active", "absent"}
    options: list[tuple[str | None, str]]
    if not passes_on:
        options = [(post, "direct")] if is_filled else []
    else:
        options = [(stand_in(person), "acting")]
        if is_filled:
            options.append((post, "direct"))
        else:
            above = next((one for one in people.chain(post) if people.person(one).status in {"active", "absent"}), None)
            if above is not None:
                acting = stand_in(people.person(above)) if above != recipient else None
                options += [(acting, "acting"), (above, "nearest_filled")]
    there = [(who, via) for who, via in options if who is not None]
    return next(((who, via) for who, via in there if who != recipient), "itself" if there else "nobody")


@given(organisations())
@settings(max_examples=80)
def test_obligations_are_those_of_a_walk_from_post_to_post(people: Organisation) -> None:
    pyramid = build_pyramid(people)
    support = {name for name in people.ids if pyramid.tier_of(name) is Tier.SUPPORT}
    filled = {one.id for one in people.people() if one.status in {"active", "absent"}}
    facing = {name for name, faces in zip(people.ids, pyramid.faces_customers.tolist(), strict=True) if faces}
    wanted: list[tuple[str, str | None, str]] = [(post, None, "external_service") for post in facing & filled]
    for post in people.ids:
        boss = people.manager_of(post)
        if boss is not None:
            wanted += [(boss, post, "support")] if post in filled else []
            wanted += [(post, boss, "internal_customer")] if boss in filled else []
        if post in support:
            wanted += [(post, other, "internal_service") for other in people.person(post).serves if other in filled]
    found: list[Row] = []
    lost = 0
    for post, recipient, kind in wanted:
        passes_on = post in support or bool(people.reports_of(post))
        answer = carried(people, post, recipient, passes_on=passes_on)
        if isinstance(answer, tuple):
            found.append((answer[0], recipient or "customers", kind, answer[1]))
        elif answer == "nobody" and passes_on:
            lost += 1
    result = obligations(pyramid)
    assert sorted(rows(result)) == sorted(found)
    assert result.n_without_provider == lost


@given(organisations())
def test_nobody_owes_themselves_and_only_filled_posts_owe_or_receive(people: Organisation) -> None:
    result = obligations(build_pyramid(people))
    assert (result.provider != result.recipient).all()
    assert people.is_filled[result.provider].all()
    assert people.is_filled[result.recipient[result.recipient >= 0]].all()


@given(organisations(), st.randoms(use_true_random=False))
def test_shuffling_the_rows_changes_no_obligation(people: Organisation, random: Random) -> None:
    shuffled = list(people.people())
    random.shuffle(shuffled)
    first, second = obligations(build_pyramid(people)), owed(*shuffled)
    assert sorted(rows(first)) == sorted(rows(second))
    assert first.n_without_provider == second.n_without_provider


def test_a_deep_line_of_vacancies_is_no_trouble() -> None:
    n = 50_000
    ids = [f"p{i:05}" for i in range(n)]
    status = ["active", *["vacant"] * (n - 2), "active"]
    people = Organisation.from_columns(ids, [None, *ids[:-1]], status=status)
    assert pairs(obligations(build_pyramid(people)), "support") == [(ids[0], ids[-1], "nearest_filled")]


class TestResult:
    def test_it_is_plain_json_read_only_and_survives_pickling(self) -> None:
        result = owed(*line())
        fields = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert fields["kind"][0] == "external_service"
        assert fields["n_without_provider"] == 0
        for array in (result.provider, result.recipient, result.kind, result.via):
            assert not array.flags.writeable
        assert result == pickle.loads(pickle.dumps(result))  # noqa: S301 - our own bytes
        assert result != owed(*line(middle={"status": "absent", "acting_id": "ed"}))

    def test_a_notebook_shows_totals_and_the_first_rows_escaped(self) -> None:
        people = [Person(id="<i>"), *(Person(id=f"p{i}", manager_id="<i>") for i in range(30))]
        shown = owed(*people)._repr_html_()
        assert "&lt;i&gt;" in owed(*people[:2])._repr_html_()
        assert "without provider" in shown
        assert "and 70 more rows" in shown
        assert "<i>" not in shown
        assert "more rows" not in owed(*line())._repr_html_()

    def test_nobody_owes_nothing(self) -> None:
        result = owed()
        assert (rows(result), result.n_without_provider) == ([], 0)
        assert "Obligations" in result._repr_html_()

    def test_one_person_owes_only_the_customers(self) -> None:
        assert rows(owed(Person(id="a"))) == []
        assert rows(owed(Person(id="a", customer_facing=True))) == [("a", "customers", "external_service", "direct")]

    @pytest.mark.parametrize("given", [None, "a", Organisation.from_columns(["a"], [None])])
    def test_only_a_pyramid_has_obligations(self, given: Any) -> None:
        with pytest.raises(OrgError, match="pyramid: expected a Pyramid, as build_pyramid gives it, got"):
            obligations(given)
