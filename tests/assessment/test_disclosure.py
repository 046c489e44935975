"""Every rule of disclosure by hand: what is shown, what is not, and what the host is told."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from leadkit.assessment import (
    Comment,
    Dimension,
    DisclosurePolicy,
    GapRule,
    Instrument,
    Item,
    Ratings,
    Responses,
    ResponseScale,
    disclose,
    feedback,
)
from leadkit.errors import DisclosureError, UnknownIdError

Row = tuple[str, str, str, list[float]]
NOTHING = float("nan")


def instrument(*weights: list[float], low: int = 1, high: int = 5) -> Instrument:
    dimensions = tuple(
        Dimension(
            id=f"d{i}",
            name=f"D{i}",
            items=tuple(Item(id=f"d{i}_{j}", text="t", weight=w) for j, w in enumerate(own)),
            min_answered=1,
        )
        for i, own in enumerate(weights)
    )
    return Instrument(
        id="small",
        version="1.0.0",
        title="Small",
        scale=ResponseScale(low=low, high=high),
        dimensions=dimensions,
        source="made up",
        licence="MIT",
        status="unvalidated",
    )


def evaluations(form: Instrument, rows: list[Row]) -> Ratings:
    values = np.array([answers for *_, answers in rows], dtype=np.float64)
    ratees, raters, roles, _ = zip(*rows, strict=True)
    return Ratings(Responses(form, values, [f"e{i}" for i in range(len(rows))]), ratees, raters, roles)


def by(role: str, *answers: list[float], ratee: str = "t", first: int = 0) -> list[Row]:
    return [(ratee, f"{role}{first + i}", role, own) for i, own in enumerate(answers)]


ONE = instrument([1.0])
TWO = instrument([1.0, 1.0])
SELF: list[Row] = [("t", "t", "self", [4.0])]


def shown(rows: list[Row], policy: DisclosurePolicy | None = None, *, form: Instrument = ONE, **options: Any) -> Any:
    return disclose(feedback(evaluations(form, rows), **options), policy or DisclosurePolicy())


class TestMinimum:
    def test_a_role_of_two_is_hidden_and_prints_as_fewer_than_three(self) -> None:
        result = shown([*SELF, *by("peer", [2], [4])])
        assert np.isnan(result.mean[0, 1, 0])
        assert result.reason[0, 1, 0] == "not_shown"
        assert result.log.cells[0, 1, 0] == "below_minimum"
        assert result.count_text(0, 1, 0) == "n < 3"
        assert "n &lt; 3" in result._repr_html_()

    def test_a_role_of_three_is_shown_with_its_number(self) -> None:
        result = shown([*SELF, *by("peer", [2], [4], [3])])
        assert result.mean[0, :, 0].tolist() == [4.0, 3.0]
        assert result.n_shown[0, :, 0].tolist() == [1.0, 3.0]
        assert result.reason[0, :, 0].tolist() == ["", ""]

    def test_self_and_manager_are_shown_by_name(self) -> None:
        assert shown([*SELF, *by("manager", [5])]).mean[0, :, 0].tolist() == [4.0, 5.0]

    def test_a_manager_who_is_not_attributed_is_hidden(self) -> None:
        result = shown([*SELF, *by("manager", [5])], DisclosurePolicy(attributed={"self"}))
        assert np.isnan(result.mean[0, 1, 0])

    def test_raters_count_where_they_scored(self) -> None:
        form = instrument([1.0], [1.0])
        rows = by("peer", [2, 2], [4, 4], [3, NOTHING])
        result = shown(rows, form=form)
        assert np.isnan(result.mean[0, 0]).tolist() == [False, True]
        assert np.isnan(result.n_shown[0, 0]).all(), "the exact number would tell how many did not score the other"
        assert result.count_text(0, 0, 0) == "n \N{GREATER-THAN OR EQUAL TO} 3"
        assert result.count_text(0, 0, 1) == "n < 3"

    def test_a_dimension_without_any_score_of_a_role_withholds_its_number_as_well(self) -> None:
        rows = by("peer", [2, NOTHING], [4, NOTHING], [3, NOTHING])
        result = shown(rows, form=instrument([1.0], [1.0]))
        assert result.mean[0, 0, 0] == 3.0
        assert np.isnan(result.n_shown[0, 0]).all()

    def test_a_role_nobody_has_looks_like_one_that_is_too_small(self) -> None:
        rows = [*by("peer", [2], [4], [3]), *by("customer", [3], ratee="u")]
        result = shown(rows)
        assert result.reason[0, 1, 0] == result.reason[1, 1, 0] == "not_shown"
        assert (result.log.cells[0, 1, 0], result.log.cells[1, 1, 0]) == ("no_raters", "below_minimum")


class TestOthers:
    def test_others_and_gap_come_from_what_is_shown(self) -> None:
        rows = [*SELF, *by("manager", [3]), *by("peer", [2], [3], [4]), *by("customer", [1], [1])]
        result = shown(rows)
        assert result.others_mean[0, 0] == 3.0
        assert result.gap[0, 0] == 1.0

    def test_nothing_shown_is_no_gap(self) -> None:
        result = shown([*SELF, *by("peer", [1], [1])])
        assert np.isnan(result.others_mean[0, 0])
        assert np.isnan(result.gap[0, 0])
        assert result.gap_category[0, 0] == "undecided"

    def test_weights_by_rater_count_the_shown_raters(self) -> None:
        rows = [*by("manager", [5]), *by("peer", [2], [3], [4]), *by("customer", [1], [1])]
        assert shown(rows, weighting="equal_raters").others_mean[0, 0] == (5 + 9) / 4

    def test_weights_by_rater_do_not_tell_a_number_that_is_withheld(self) -> None:
        form = instrument([1.0], [1.0])
        rows = [*by("manager", [5, 5]), *by("peer", [2, 2], [4, 4], [3, NOTHING], [3, NOTHING])]
        assert np.isnan(shown(rows, form=form, weighting="equal_raters").others_mean[0, 0])
        assert shown(rows, form=form).others_mean[0].tolist() == [4.0, 5.0]

    def test_the_published_value_counts_for_an_end(self) -> None:
        result = shown([*SELF, *by("peer", [5], [5], [5])])
        assert result.others_mean[0, 0] == result.mean[0, 1, 0] == 5 - 1 / 3

    def test_a_gap_rule_on_a_spread_that_stays_hidden_decides_nothing(self) -> None:
        rows = [*SELF, *by("peer", [1], [2], [2])]
        hidden = shown(rows, gap_rule=GapRule.standard_error(1))
        open_ = shown(rows, DisclosurePolicy(spread="shown"), gap_rule=GapRule.standard_error(1))
        assert (hidden.gap_category[0, 0], hidden.flags) == ("undecided", ("spread_not_shown",))
        assert (open_.gap_category[0, 0], open_.flags) == ("blind_spot", ("spread_shown",))


class TestPool:
    rows = (*SELF, *by("peer", [2], [3]), *by("customer", [4], [3]), *by("direct_report", [1], [2], [3]))

    def test_small_roles_are_heard_together(self) -> None:
        result = shown(list(self.rows), DisclosurePolicy(below="merge"))
        assert result.roles == ("self", "peer", "direct_report", "customer", "other")
        assert result.mean[0, :, 0].tolist()[2::2] == [2.0, 3.0]
        assert np.isnan(result.mean[0, [1, 3], 0]).all()
        assert result.log.cells[0, :, 0].tolist() == ["", "pooled", "", "pooled", ""]
        assert result.n_shown[0, 4, 0] == 4

    def test_others_already_there_are_in_the_pool(self) -> None:
        rows = [*by("peer", [2]), *by("other", [3], [4], [5])]
        result = shown(rows, DisclosurePolicy(below="merge"))
        assert result.mean[0, :, 0].tolist()[1] == 3.5

    def test_the_pool_needs_the_largest_minimum(self) -> None:
        rows = [*by("peer", [2], [3]), *by("customer", [4], [3])]
        policy = DisclosurePolicy(below="merge", min_n={"customer": 5})
        assert np.isnan(shown(rows, policy).mean).all()

    def test_a_pool_that_stays_too_small_leaves_other_by_itself(self) -> None:
        rows = [*by("peer", [2]), *by("other", [3], [4], [2])]
        policy = DisclosurePolicy(below="merge", min_n={"peer": 9})
        result = shown(rows, policy)
        assert np.isnan(result.mean[0, 0, 0])
        assert result.mean[0, 1, 0] == 3.0

    def test_the_number_in_words_is_true_of_a_pool_and_of_other_by_itself(self) -> None:
        policy = DisclosurePolicy(below="merge", min_n={"customer": 5})
        rows = [*by("customer", [2, 2]), *by("other", [3, 3], [4, 4], [2, NOTHING])]
        result = shown(rows, policy, form=instrument([1.0], [1.0]))
        place = result.roles.index("other")
        assert [result.count_text(0, place, d) for d in (0, 1)] == ["n \N{GREATER-THAN OR EQUAL TO} 3", "n < 5"]

    def test_one_small_role_alone_is_no_pool(self) -> None:
        assert np.isnan(shown(by("peer", [2], [3]), DisclosurePolicy(below="merge")).mean).all()

    def test_somebody_in_two_roles_is_one_person(self) -> None:
        rows: list[Row] = [("t", "a", "peer", [2]), ("t", "a", "customer", [3]), ("t", "b", "customer", [4])]
        assert np.isnan(shown(rows, DisclosurePolicy(below="merge")).mean).all()
        more: list[Row] = [*rows, ("t", "c", "peer", [5])]
        assert shown(more, DisclosurePolicy(below="merge")).mean[0, -1, 0] == 3.5

    def test_without_merging_there_is_no_pool(self) -> None:
        assert shown(list(self.rows)).roles == ("self", "peer", "direct_report", "customer")


class TestItems:
    def test_items_are_shown_with_their_dimension(self) -> None:
        result = shown(by("peer", [2, 4], [3, 3], [3, 2]), form=TWO)
        assert np.allclose(result.item_mean[0, 0], [8 / 3, 3.0])

    def test_an_item_that_one_rater_left_out_hides_the_whole_view(self) -> None:
        result = shown(by("peer", [2, 4], [3, 3], [3, 2], [4, NOTHING]), form=TWO)
        assert result.reason[0, 0, 0] == ""
        assert result.item_reason[0, 0].tolist() == ["not_shown", "not_shown"]
        assert result.log.items[0, 0].tolist() == ["items_inconsistent"] * 2

    def test_an_item_at_an_end_hides_the_whole_view(self) -> None:
        result = shown(by("peer", [5, 4], [5, 3], [5, 2]), form=TWO)
        assert result.reason[0, 0, 0] == ""
        assert result.log.items[0, 0].tolist() == ["items_at_end"] * 2

    def test_items_of_an_attributed_role_are_shown_as_they_are(self) -> None:
        result = shown([("t", "t", "self", [5, NOTHING])], form=TWO)
        assert result.item_mean[0, 0, 0] == 5
        assert np.isnan(result.item_mean[0, 0, 1])


class TestEnds:
    @pytest.mark.parametrize(
        ("answers", "published"), [([5, 5, 5], 5 - 1 / 3), ([5, 5, 4], 5 - 1 / 3), ([1, 1, 1], 1 + 1 / 3)]
    )
    def test_a_mean_at_an_end_is_published_one_answer_inside(self, answers: list[float], published: float) -> None:
        result = shown(by("peer", *([a] for a in answers)))
        assert result.mean[0, 0, 0] == published
        assert result.reason[0, 0, 0] == "end_coded"

    def test_in_percent_one_point_is_its_share_of_the_scale(self) -> None:
        result = shown(by("peer", [5], [5], [5]), metric="pomp")
        assert result.mean[0, 0, 0] == pytest.approx(100 - 25 / 3)

    def test_a_mean_two_answers_inside_is_itself(self) -> None:
        result = shown(by("peer", [5], [5], [3]))
        assert result.mean[0, 0, 0] == pytest.approx(13 / 3)
        assert result.reason[0, 0, 0] == ""

    def test_named_raters_keep_their_ends(self) -> None:
        assert shown(by("manager", [5])).mean[0, 0, 0] == 5

    def test_answers_to_different_items_can_give_themselves_away(self) -> None:
        form = instrument([1.0] * 6)
        rows = by(
            "peer",
            [5, 4, NOTHING, NOTHING, NOTHING, NOTHING],
            [NOTHING, NOTHING, 5, 4, 4, NOTHING],
            [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 5],
        )
        result = shown(rows, form=form)
        assert result.log.cells[0, 0, 0] == "certain", "4.5 + 4.333 + 5 is the only way to this mean"
        assert result.reason[0, 0, 0] == "not_shown"

    def test_very_different_weights_can_give_an_answer_away(self) -> None:
        rows = by("peer", [5, 4], [5, 4], [5, 4])
        result = shown(rows, form=instrument([1.0, 100.0]))
        assert result.log.cells[0, 0, 0] == "certain", (
            "only 5, 5, 5 on the first item leave whole answers on the second"
        )


class TestSpread:
    def test_spread_of_an_anonymous_role_stays_hidden(self) -> None:
        result = shown([*SELF, *by("manager", [2], [4]), *by("peer", [2], [3], [4])])
        assert np.isnan(result.sd[0, 2, 0])
        assert (result.minimum[0, 1, 0], result.maximum[0, 1, 0]) == (2.0, 4.0)

    def test_showing_it_is_flagged(self) -> None:
        result = shown(by("peer", [2], [3], [4]), DisclosurePolicy(spread="shown"))
        assert result.flags == ("spread_shown",)
        assert result.sd[0, 0, 0] == 1.0

    def test_agreement_is_over_at_least_ten_ratees_and_to_one_decimal(self) -> None:
        spread = [row for t in "abcdefghij" for row in by("peer", [2], [3], [5], ratee=t)]
        result = shown(spread).agreement
        assert result.role == ("peer",)
        assert result.rwg_star_j.tolist() == [-0.2], "1 - 2.333/2"
        assert shown(spread[:-3]).agreement.role == ()

    def test_agreement_that_would_tell_what_everybody_answered_is_left_out(self) -> None:
        equal = [row for t in "abcdefghij" for row in by("peer", [2], [2], [2], ratee=t)]
        as_near_as_can_be = [row for t in "abcdefghij" for row in by("peer", [2], [2], [3], ratee=t)]
        assert shown(equal).agreement.role == shown(as_near_as_can_be).agreement.role == ()

    def test_agreement_counts_no_hidden_rater_and_no_end(self) -> None:
        rows = [row for t in "abcdefghij" for row in by("peer", [2], [3], [5], ratee=t)]
        more = [*rows, *by("peer", [1], [5], ratee="k"), *by("peer", [5], [5], [5], ratee="l")]
        assert shown(more).agreement == shown(rows).agreement

    def test_a_small_group_among_them_does_not_lower_the_bar(self) -> None:
        rows = [row for t in "abcdefghijkl" for row in by("peer", [3], [3], [3], ratee=t)]
        rows += [*by("peer", [2], [4], [3], ratee="m"), *by("peer", [3], [3], ratee="n")]
        two, three = (shown(rows, DisclosurePolicy(min_n={"peer": n})).agreement.role for n in (2, 3))
        assert set(three) <= set(two)

    def test_agreement_of_named_raters_is_reported_as_it_is(self) -> None:
        rows = [row for t in "ab" for row in by("manager", [2], [2], ratee=t)]
        assert shown(rows).agreement.rwg_star_j.tolist() == [1.0]


class TestPrevious:
    base = (*by("peer", [2], [3], [4], [3], [2]),)

    def test_one_rater_more_hides_the_role(self) -> None:
        earlier = feedback(evaluations(ONE, list(self.base)))
        now = feedback(evaluations(ONE, [*self.base, *by("peer", [5], first=9)]))
        result = disclose(now, DisclosurePolicy(), previous=earlier)
        assert result.log.cells[0, 0, 0] == "differencing"

    def test_a_changed_answer_hides_the_role(self) -> None:
        earlier = feedback(evaluations(ONE, list(self.base)))
        now = feedback(evaluations(ONE, [*self.base[:-1], *by("peer", [4], first=4)]))
        assert np.isnan(disclose(now, DisclosurePolicy(), previous=earlier).mean).all()

    def test_as_many_new_raters_as_the_minimum_are_shown(self) -> None:
        earlier = feedback(evaluations(ONE, list(self.base)))
        now = feedback(evaluations(ONE, [*self.base, *by("peer", [4], [2], [3], first=9)]))
        assert not np.isnan(disclose(now, DisclosurePolicy(), previous=earlier).mean).any()

    def test_new_raters_who_all_gave_the_same_end_are_cornered(self) -> None:
        earlier = feedback(evaluations(ONE, list(self.base)))
        now = feedback(evaluations(ONE, [*self.base, *by("peer", [5], [5], [5], first=9)]))
        assert np.isnan(disclose(now, DisclosurePolicy(), previous=earlier).mean).all()

    def test_a_role_that_grew_out_of_the_pool_is_not_told_apart(self) -> None:
        policy = DisclosurePolicy(below="merge")
        first = [*by("peer", [2], [3]), *by("customer", [4], [3])]
        second = [*by("peer", [2], [3], [5], [4], [1]), *by("customer", [4], [3])]
        result = disclose(feedback(evaluations(ONE, second)), policy, previous=feedback(evaluations(ONE, first)))
        assert result.log.cells[0, 0, 0] == "differencing"

    def test_another_instrument_is_refused(self) -> None:
        now = feedback(evaluations(ONE, list(self.base)))
        earlier = feedback(evaluations(TWO, by("peer", [1, 2])))
        with pytest.raises(DisclosureError, match=r"expected feedback on .small. 1\.0\.0"):
            disclose(now, DisclosurePolicy(), previous=earlier)

    def test_people_who_were_not_rated_before_are_not_concerned(self) -> None:
        earlier = feedback(evaluations(ONE, by("peer", [2], [3], [4], ratee="u")))
        now = feedback(evaluations(ONE, list(self.base)))
        assert not np.isnan(disclose(now, DisclosurePolicy(), previous=earlier).mean).any()

    def test_a_rater_who_answered_anew_must_still_have_changed(self) -> None:
        earlier = feedback(evaluations(ONE, by("peer", [5], [5], [5], [4], [5], [5])))
        now = feedback(evaluations(ONE, by("peer", [5], [5], [5], [5], [4], [4])))
        result = disclose(now, DisclosurePolicy(), previous=earlier)
        assert result.log.cells[0, 0, 0] == "differencing", "three changed, so the other three all answered 5"

    def test_every_earlier_release_counts(self) -> None:
        first = feedback(evaluations(ONE, list(self.base)))
        now = feedback(evaluations(ONE, [*self.base, *by("peer", [5], first=9)]))
        assert not np.isnan(disclose(now, DisclosurePolicy(), previous=now).mean).any()
        both = disclose(now, DisclosurePolicy(), previous=[first, now])
        assert both.log.cells[0, 0, 0] == "differencing"
        assert both.provenance.rules["n_earlier_releases"] == 2

    @pytest.mark.parametrize("least", [3, 4])
    def test_somebody_who_was_counted_under_another_role_before_hides_the_new_one(self, least: int) -> None:
        earlier = feedback(evaluations(ONE, [*by("peer", [2], [3], [4]), *by("customer", [3], [3], [2])]))
        moved = [(who, rater, "customer", answers) for who, rater, _, answers in by("peer", [2], [3], [4])]
        now = feedback(evaluations(ONE, [*moved, *by("customer", [3], [3], [2])]))
        policy = DisclosurePolicy(min_n={"peer": least})
        assert disclose(now, policy, previous=earlier).log.cells[0, 0, 0] == "differencing"

    def test_few_new_comments_keep_those_of_the_role_away(self) -> None:
        def with_texts(n: int) -> Any:
            texts = [Comment(ratee_id="t", rater_id=f"peer{i % 5}", role="peer", text=f"text {i}") for i in range(n)]
            return feedback(evaluations(ONE, list(self.base)), comments=texts)

        five, six, ten = map(with_texts, (5, 6, 10))
        assert len(disclose(five, DisclosurePolicy(), previous=five).comments) == 5
        assert disclose(six, DisclosurePolicy(), previous=five).comments == ()
        assert len(disclose(ten, DisclosurePolicy(), previous=five).comments) == 10


class TestComments:
    rows = (*SELF, *by("peer", [2], [3], [4], [3], [2]), *by("manager", [4]))

    def comments(self, n: int, role: str = "peer") -> list[Comment]:
        return [Comment(ratee_id="t", rater_id=f"{role}{i}", role=role, text=f"text {n - i}") for i in range(n)]

    def test_five_comments_are_shown_in_an_order_of_their_own(self) -> None:
        result = shown(list(self.rows), comments=self.comments(5))
        assert [comment.text for comment in result.comments] == [f"text {i}" for i in range(1, 6)]
        assert not hasattr(result.comments[0], "rater_id")

    def test_four_are_not(self) -> None:
        assert shown(list(self.rows), comments=self.comments(4)).comments == ()

    def test_one_writer_of_many_comments_is_not_enough(self) -> None:
        many = [Comment(ratee_id="t", rater_id="peer0", role="peer", text=str(i)) for i in range(6)]
        assert shown(list(self.rows), comments=many).comments == ()

    def test_a_named_writer_is_shown_under_the_role(self) -> None:
        (only,) = shown(list(self.rows), comments=self.comments(1, "manager")).comments
        assert (only.role, only.text) == ("manager", "text 1")

    def test_pooled_comments_count_together(self) -> None:
        rows = [*by("peer", [2], [3]), *by("customer", [4], [3])]
        texts = [*self.comments(2), *self.comments(2, "customer")]
        policy = DisclosurePolicy(below="merge", comment_min_n=4)
        assert {comment.role for comment in shown(rows, policy, comments=texts).comments} == {"other"}

    def test_comments_stay_away_where_the_role_is_hidden_for_a_difference(self) -> None:
        earlier = feedback(evaluations(ONE, list(self.rows)))
        more = [*self.rows, *by("peer", [5], first=9)]
        now = feedback(evaluations(ONE, more), comments=self.comments(5))
        assert disclose(now, DisclosurePolicy(), previous=earlier).comments == ()


class TestResult:
    def test_records_have_one_row_a_cell_and_pass_json(self) -> None:
        result = shown([*SELF, *by("peer", [2], [4])])
        records = json.loads(json.dumps(result.to_records(), allow_nan=False))
        assert records[1] == {
            "ratee_id": "t",
            "role": "peer",
            "dimension_id": "d0",
            "mean": None,
            "n": None,
            "others_mean": None,
            "gap": None,
            "gap_category": "undecided",
            "reason": "not_shown",
        }
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["item_ids"] == ["d0_0"]

    def test_the_log_is_for_the_host_only(self) -> None:
        result = shown([*SELF, *by("peer", [2], [4])])
        assert "below_minimum" not in json.dumps(result.to_dict())
        assert "below_minimum" not in result._repr_html_()
        assert repr(result.log) == "DisclosureLog(1 below_minimum)"
        assert repr(shown(SELF).log) == "DisclosureLog(nothing held back)"

    def test_one_person_can_be_taken_out(self) -> None:
        rows = [*by("peer", [2], [3], [4]), *by("peer", [3], [3], [4], ratee="u")]
        texts = [Comment(ratee_id="u", rater_id=f"peer{i}", role="peer", text="x") for i in range(3)]
        result = shown(rows, DisclosurePolicy(comment_min_n=3), comments=texts)
        own = result.for_ratee("u")
        assert own.ratee_ids == ("u",)
        assert own.mean.shape == (1, 1, 1)
        assert len(own.comments) == 3
        assert result.for_ratee("t").comments == ()
        with pytest.raises(UnknownIdError, match="ratee 'x'"):
            result.for_ratee("x")

    def test_the_table_escapes_and_stops_at_twenty_rows(self) -> None:
        rows = [row for i in range(25) for row in by("peer", [2], [3], [4], ratee=f"<{i}>")]
        html = shown(rows)._repr_html_()
        assert "&lt;0&gt;" in html
        assert "... and 5 more rows" in html
        ends = shown(by("peer", [5], [5], [5]))._repr_html_()
        assert "about 4.667" in ends

    def test_arrays_cannot_be_written_to(self) -> None:
        result = shown(SELF)
        for name in ("mean", "n_shown", "others_mean", "gap", "item_mean", "sd"):
            assert not getattr(result, name).flags.writeable

    @pytest.mark.parametrize("wrong", ["feedback", "policy", "previous"])
    def test_arguments_of_another_kind_are_refused(self, wrong: str) -> None:
        raw: Any = feedback(evaluations(ONE, SELF))
        given: dict[str, Any] = {"feedback": raw, "policy": DisclosurePolicy(), "previous": None, wrong: 3}
        with pytest.raises(TypeError, match=f"{wrong}: expected"):
            disclose(given["feedback"], given["policy"], previous=given["previous"])


class TestPolicy:
    def test_defaults_are_one_for_named_and_three_for_all_others(self) -> None:
        policy = DisclosurePolicy(min_n={"peer": 5})
        assert [policy.minimum(role) for role in ("self", "manager", "peer", "customer", "mentor")] == [1, 1, 5, 3, 3]

    def test_an_anonymous_role_needs_two_whatever_is_asked(self) -> None:
        assert DisclosurePolicy(min_n={"peer": 1}).minimum("peer") == 2

    def test_everything_wrong_is_said_at_once(self) -> None:
        wrong: Any = {"below": "drop", "spread": "yes", "comment_min_n": 0, "min_n": {"Peer": 3, "peer": 2.5}}
        with pytest.raises(DisclosureError) as caught:
            DisclosurePolicy(**wrong)
        assert len(caught.value.faults) == 5

    def test_a_pool_of_named_raters_is_refused(self) -> None:
        with pytest.raises(DisclosureError, match="pooled as 'other'"):
            DisclosurePolicy(below="merge", attributed={"self", "other"})
