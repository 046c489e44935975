"""Long work says how far it has come, and what single raters said is never shown."""

from __future__ import annotations

import pytest

from leadkit import reports, samples, ved
from leadkit.assessment import score
from leadkit.errors import DisclosureError


def test_progress_is_told_after_every_person() -> None:
    told: list[tuple[int, int]] = []
    scores = score(samples.answers("ved", n=4, rng=1))
    reports.team(scores, picture=False, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_evaluations_by_single_raters_are_refused() -> None:
    ratings = samples.ratings(rng=1)
    evaluated = ved.score(ratings, sem=6.0)
    scores = score(samples.answers("ved", n=6, rng=1))
    for write in (reports.team, reports.team_markdown):
        with pytest.raises(DisclosureError, match="what a single rater said"):
            write(scores, ved=evaluated)
        with pytest.raises(DisclosureError, match="what a single rater said"):
            write(scores, style=ved.style(evaluated))
    for write_one in (reports.individual, reports.individual_markdown):
        with pytest.raises(DisclosureError, match="what a single rater said"):
            write_one(scores, scores.respondent_ids[0], ved=evaluated)
