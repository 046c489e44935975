"""Synthetic samples: the same from the same seed, believable, and labelled as what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from leadkit import frameworks, samples
from leadkit.assessment import Instrument, Responses, score
from leadkit.errors import UnknownIdError
from leadkit.interchange.csv import read_ratings, read_responses, write_ratings, write_responses
from leadkit.org import Organisation, build_pyramid, diagnose
from leadkit.stats import cronbach_alpha
from leadkit.ved import read_messages
from leadkit.vitals import profile

GENERATORS: dict[str, Callable[..., Any]] = {
    "answers": samples.answers,
    "day_logs": samples.day_logs,
    "messages": samples.messages,
    "advice": lambda rng: samples.advice(samples.organisation(rng=2), rng=rng),
    "organisation": samples.organisation,
    "people": lambda rng: samples.people(5, rng=rng),
    "pulse": lambda rng: samples.pulse(samples.organisation(rng=2), rng=rng),
    "ratings": samples.ratings,
    "vitals_assessments": lambda rng: samples.vitals_assessments(2, rng=rng),
}


def keyed(answers: Responses) -> NDArray[np.float64]:
    scale = answers.instrument.scale
    reverse = np.array([item.reverse for item in answers.instrument.items])
    return np.where(reverse, scale.low + scale.high - answers.values, answers.values)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_gives_the_same_sample_and_another_seed_another(name: str) -> None:
    generate = GENERATORS[name]
    assert generate(rng=5) == generate(rng=5)
    assert generate(rng=5) == generate(rng=np.random.default_rng(5))
    assert generate(rng=5) != generate(rng=6)


def test_samples_say_that_they_are_synthetic() -> None:
    assert samples.SYNTHETIC.startswith("Synthetic data")
    assert "synthetic" in (samples.__doc__ or "")


@pytest.mark.parametrize("name", frameworks.names())
def test_every_framework_gets_answers_with_believable_reliability(name: str) -> None:
    sample = samples.answers(name, n=200, rng=1)
    values = keyed(sample)
    start = 0
    alphas = []
    for dimension in sample.instrument.dimensions:
        columns = values[:, start : start + len(dimension.items)]
        start += len(dimension.items)
        alphas.append(cronbach_alpha(columns[~np.isnan(columns).any(axis=1)]).alpha)
    assert 0.7 < np.mean(alphas) < 0.85
    assert min(alphas) > 0.6
    assert max(alphas) < 0.9


def test_dimensions_correlate_but_are_not_the_same() -> None:
    scores = score(samples.answers("ved", n=400, rng=2, missing=0.0, careless=0)).values[:, :7]
    correlations = np.asarray(np.corrcoef(scores.T))[np.triu_indices(7, k=1)]
    assert correlations.min() > 0.1
    assert 0.25 < correlations.mean() < 0.5
    assert correlations.max() < 0.65


def test_teams_are_of_nearly_equal_size_and_differ() -> None:
    sample = samples.answers("ved", n=202, rng=3, teams=("early", "late", "night"))
    teams = np.array(sample.groups["team"])
    assert sorted(Counter(teams.tolist()).values()) == [67, 67, 68]
    means = [np.nanmean(keyed(sample)[teams == team]) for team in ("early", "late", "night")]
    assert max(means) - min(means) > 0.25


def test_reversed_items_are_answered_the_other_way_round() -> None:
    sample = samples.answers("ved", n=300, rng=4, missing=0.0, careless=0)
    rest = score(sample).column("vision")
    reverse = [item.reverse for item in sample.instrument.dimension("vision").items]
    signs = [np.corrcoef(sample.values[:, i], rest)[0, 1] for i in range(len(reverse))]
    assert [sign < 0 for sign in signs] == reverse


def test_answers_use_the_whole_scale_and_are_whole() -> None:
    rows = [{"item": f"i{i}", "dimension": "calm", "low": 0, "high": 6} for i in range(5)]
    seven = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    sample = samples.answers(seven, n=200, rng=5, missing=0.0)
    assert sample.instrument is seven
    assert set(np.unique(sample.values)) == {0, 1, 2, 3, 4, 5, 6}


def test_answers_are_missing_at_the_rate_asked_for() -> None:
    sample = samples.answers("ved", n=400, rng=6, missing=0.1, careless=0)
    assert abs(np.isnan(sample.values).mean() - 0.1) < 0.01
    assert not np.isnan(samples.answers("ved", rng=6, missing=0.0).values).any()


def test_half_of_the_careless_tick_one_code_throughout() -> None:
    sample = samples.answers("ved", n=60, rng=7, careless=5)
    assert np.count_nonzero(np.nanstd(sample.values, axis=1) == 0) == 3
    assert np.count_nonzero(np.nanstd(samples.answers("ved", n=60, rng=7, careless=0).values, axis=1) == 0) == 0
    assert len(samples.answers("ved", n=3, rng=7, careless=3)) == 3


def test_a_sample_without_teams_has_no_groups_and_one_team_is_one_group() -> None:
    assert samples.answers("ved", rng=1, teams=()).groups == {}
    assert set(samples.answers("ved", rng=1, teams=("all",)).groups["team"]) == {"all"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n: expected a whole number at least 1, got 0"),
        ({"n": True}, "n: expected a whole number at least 1, got True"),
        ({"n": 2.5}, r"n: expected a whole number at least 1, got 2\.5"),
        ({"careless": -1}, "careless: expected a whole number at least 0, got -1"),
        ({"n": 3, "careless": 4}, "careless: expected at most the 3 respondents, got 4"),
        ({"missing": 1.0}, r"missing: expected a share in \[0, 1\), got 1\.0"),
        ({"missing": float("nan")}, "missing: expected a share"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        samples.answers("ved", rng=1, **options)


def test_a_framework_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="did you mean 'ved'"):
        samples.answers("vedd", rng=1)


def test_answers_survive_a_file() -> None:
    sample = samples.answers("vitals", rng=8)
    assert read_responses(write_responses(sample), sample.instrument, groups=["team"]) == sample


def test_people_have_different_plain_ids_and_names_from_many_places() -> None:
    crowd = samples.people(5000, rng=1)
    ids = [person.id for person in crowd]
    assert len(set(ids)) == 5000
    assert all(name.isascii() and name.islower() and " " not in name for name in ids)
    assert any(not person.name.isascii() for person in crowd)
    assert samples.people(0, rng=1) == ()
    assert samples.people(7, rng=1) == crowd[:7]


def test_ratings_have_every_role_and_survive_a_file() -> None:
    sample = samples.ratings("ved", n_leaders=6, rng=1)
    counts = Counter(zip(sample.ratee_ids, sample.roles, strict=True))
    assert len(set(sample.ratee_ids)) == 6
    for ratee in set(sample.ratee_ids):
        assert counts[ratee, "self"] == counts[ratee, "manager"] == 1
        assert 2 <= counts[ratee, "peer"] <= 5
        assert 3 <= counts[ratee, "direct_report"] <= 8
        assert counts[ratee, "customer"] in {0, 2, 3, 5}
    assert read_ratings(write_ratings(sample), sample.instrument) == sample


def test_raters_of_one_leader_agree_more_than_chance() -> None:
    sample = samples.ratings("ved", n_leaders=40, rng=2, missing=0.0)
    others = np.array(sample.roles) != "self"
    vision = score(sample.responses).column("vision")[others]
    ratees = np.array(sample.ratee_ids)[others]
    groups = [vision[ratees == ratee] for ratee in dict.fromkeys(ratees.tolist())]
    within = sum(((group - group.mean()) ** 2).sum() for group in groups) / (len(vision) - len(groups))
    between = sum(len(group) * (group.mean() - vision.mean()) ** 2 for group in groups) / (len(groups) - 1)
    size = len(vision) / len(groups)
    assert 0.15 < (between - within) / (between + (size - 1) * within) < 0.6


def test_some_leaders_see_themselves_far_better_and_some_worse_than_others_do() -> None:
    sample = samples.ratings("ved", n_leaders=40, rng=3)
    overall = np.nanmean(score(sample.responses).values[:, :7], axis=1)
    ratees, by_self = np.array(sample.ratee_ids), np.array(sample.roles) == "self"
    gaps = [
        overall[(ratees == ratee) & by_self][0] - overall[(ratees == ratee) & ~by_self].mean() for ratee in set(ratees)
    ]
    assert 0 < np.mean(gaps) < 1
    assert max(gaps) > 0.5
    assert min(gaps) < 0


def test_one_leader_alone_can_be_rated() -> None:
    assert set(samples.ratings("ved", n_leaders=1, rng=4).ratee_ids) == set(
        samples.ratings(n_leaders=1, rng=4).ratee_ids
    )
    with pytest.raises(ValueError, match="n_leaders: expected a whole number at least 1, got 0"):
        samples.ratings(n_leaders=0, rng=1)


def test_coders_of_messages_agree_mostly_but_not_always() -> None:
    codings = samples.messages(rng=1, n=45, n_coders=4)
    assert len(codings) == 180
    reading = read_messages(codings)
    assert 0.5 < reading.alpha < 0.9
    by_style = [reading.contrast[i::3] for i in range(3)]
    assert by_style[0].mean() > 0.3 > by_style[2].mean() > -0.3 > by_style[1].mean()


def test_ids_of_messages_sort_in_the_order_of_the_messages() -> None:
    names = [coding.message_id for coding in samples.messages(rng=1, n=120, n_coders=1)]
    assert names == sorted(names)
    assert names[0] == "message-001"


def test_messages_can_be_coded_by_a_rubric_of_ones_own() -> None:
    rubric = frameworks.message_rubric()
    without = type(rubric)(
        title="Short",
        version="1.0.0",
        source="Example",
        licence="MIT",
        note="For a test.",
        codes=tuple(code for code in rubric.codes if code.id != "target_last"),
    )
    codings = samples.messages(rng=1, n=30, rubric=without)
    assert {code for coding in codings for code in coding.codes} <= set(without.code_ids)


def test_days_are_logged_round_the_clock_with_the_weekend_off() -> None:
    logs = samples.day_logs(rng=1, n_days=7, unlogged=0.0)
    assert [log.day.isoformat() for log in logs][::6] == ["2026-03-02", "2026-03-08"]
    for log in logs:
        assert sum(entry.hours for entry in log.entries) == 24
        assert ("team huddle" in {entry.activity for entry in log.entries}) == (log.day.weekday() < 5)
        assert all((entry.energy is None) == entry.is_sleep == (entry.demand is None) for entry in log.entries)


@pytest.mark.parametrize("seed", range(20))
def test_days_of_any_seed_are_valid_and_have_a_peak(seed: int) -> None:
    assessment = samples.vitals_assessments(1, rng=seed)[0]
    rhythm = profile(assessment).letters["around_the_clock"].evidence
    assert 6 <= rhythm["peak"] <= 21
    assert 0 < rhythm["alignment"] <= 1
    assert 1 < rhythm["mid_sleep"] < 5


def test_hours_serve_only_what_was_named() -> None:
    logs = samples.day_logs(rng=2, n_days=5, serves=["honesty", "deputy"])
    assert {name for log in logs for entry in log.entries for name in entry.serves} <= {"honesty", "deputy"}
    assert all(entry.serves == () for log in samples.day_logs(rng=2) for entry in log.entries)


def test_assessments_have_every_part_and_readings_without_a_fault() -> None:
    sample = samples.vitals_assessments(8, rng=3)
    form = frameworks.load("vitals")
    assert len({one.person_id for one in sample}) == 8
    for one in sample:
        assert tuple(one.answers) == form.item_ids
        assert one.values is not None
        assert set(one.values.importance) <= set(frameworks.values().ids)
        assert set(one.interests or ()) == set(frameworks.interest_areas().ids)
        assert max(log.day for log in one.day_logs) < one.taken_on
        assert {name for goal in one.goals for name in goal.serves} <= set(one.values.importance)
        letters = profile(one).letters
        assert set(letters) == set(form.dimension_ids)
        assert "serves_unstated" not in letters["around_the_clock"].flags
    assert any(not strength.is_evidenced for one in sample for strength in one.strengths)
    assert any(goal.completeness < 1 for one in sample for goal in one.goals)


def test_assessments_are_taken_on_the_day_asked_for() -> None:
    sample = samples.vitals_assessments(1, rng=1, taken_on=date(2025, 9, 1), n_days=0)
    assert sample[0].taken_on == date(2025, 9, 1)
    assert sample[0].day_logs == ()
    with pytest.raises(ValueError, match="n_days: expected a whole number at least 0, got -1"):
        samples.vitals_assessments(1, rng=1, n_days=-1)


@pytest.mark.parametrize("cause", ["leadership", "team_support", "individual"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_weakness_is_what_the_diagnosis_finds(cause: str, seed: int) -> None:
    people = samples.organisation(n_teams=18, rng=seed)
    answers = samples.pulse(people, cause=cause, rng=seed)  # type: ignore[arg-type]
    found = diagnose(build_pyramid(people), answers.person_ids, answers.values, n_boot=200)
    assert found.first == cause


def test_no_planted_weakness_is_no_clear_level() -> None:
    people = samples.organisation(n_teams=18, rng=4)
    answers = samples.pulse(people, cause=None, waves=1, rng=4)
    assert diagnose(build_pyramid(people), answers.person_ids, answers.values, n_boot=200).first is None


def test_an_organisation_has_every_kind_of_post() -> None:
    people = samples.organisation(rng=3)
    tiers = build_pyramid(people).tier_counts
    assert all(count > 0 for count in tiers.values())
    kinds = set(people.column("status").tolist())
    assert kinds == {"active", "absent", "vacant"}
    assert people.violations == ()
    assert samples.organisation(n_teams=40, team_size=2, rng=3).n == 1 + 7 + 14 + 40 + 80 + 2


def test_people_ask_their_own_team_leaders_and_wells_of_knowledge() -> None:
    people = samples.organisation(rng=3)
    asks, asked = samples.advice(people, rng=3)
    ties = set(zip(asks, asked, strict=True))
    assert len(ties) == len(asks)
    assert all(one != other for one, other in ties)
    assert 0.1 < sum(people.manager_of(one) == other for one, other in ties) / len(ties) < 0.5
    most = Counter(asked).most_common(1)[0][1]
    assert most >= 8


def test_answers_are_on_the_scale_and_a_person_answers_once_a_wave() -> None:
    answers = samples.pulse(samples.organisation(rng=3), waves=2, answered=1.0, rng=3)
    assert answers.values.min() >= 1
    assert answers.values.max() <= 5
    assert len(set(zip(answers.person_ids, answers.waves.tolist(), strict=True))) == len(answers.person_ids) == 2 * 104
    means = answers.by_person()
    one = answers.person_ids[0]
    own = [value for name, value in zip(answers.person_ids, answers.values.tolist(), strict=True) if name == one]
    assert means[one] == pytest.approx(sum(own) / 2)
    assert answers.to_records()[0] == {"person_id": one, "wave": 1, "engagement": own[0]}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: samples.organisation(n_teams=1, rng=1), "n_teams: expected a whole number at least 2"),
        (lambda: samples.organisation(team_size=1, rng=1), "team_size"),
        (lambda: samples.organisation(shareable=1.0, rng=1), "shareable: expected a share"),
        (lambda: samples.pulse(samples.organisation(rng=1), cause="weather", rng=1), "cause: expected one of"),  # type: ignore[arg-type]
        (lambda: samples.pulse(samples.organisation(rng=1), waves=0, rng=1), "waves"),
        (lambda: samples.pulse(samples.organisation(rng=1), answered=0.0, rng=1), "answered"),
        (lambda: samples.advice(samples.organisation(rng=1), each=0, rng=1), "each"),
    ],
)
def test_options_of_an_organisation_out_of_range_are_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_nobody_asks_where_nobody_is() -> None:
    assert samples.advice(Organisation.from_columns([], []), rng=1) == ((), ())
    alone = samples.pulse(Organisation.from_columns(["a"], [None]), answered=1.0, rng=1)
    assert alone.person_ids == ("a",) * 3
