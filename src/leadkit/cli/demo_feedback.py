"""The 360 degree feedback of the demonstration: its file, and what of it may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from attrs import frozen

from leadkit import frameworks as catalogue
from leadkit import samples
from leadkit.assessment import DisclosedFeedback, DisclosurePolicy, Ratings, disclose, feedback
from leadkit.cli.files import read_text
from leadkit.interchange import csv

__all__ = ["Rated", "rating_files", "rating_from", "sample_ratings"]

N_LEADERS = 6


@frozen(kw_only=True)
class Rated:
    """The ratings, and what of them may be shown."""

    ratings: Ratings
    disclosed: DisclosedFeedback

    @property
    def lines(self) -> Iterator[str]:
        """What came out, in two lines."""
        ratings, hidden = self.ratings, int(np.count_nonzero(np.isnan(self.disclosed.mean)))
        n_raters = len(set(ratings.rater_ids))
        yield f"Read {len(ratings)} V.E.D. ratings of {len(self.disclosed.ratee_ids)} leaders by {n_raters} raters"
        yield f"  disclosed: {self.disclosed.mean.size - hidden} means shown, {hidden} hidden: too few raters, or one could be worked out"


def sample_ratings(*, seed: int) -> Ratings:
    """Draw the sample: who rated whom in which role, and how."""
    return samples.ratings("ved", n_leaders=N_LEADERS, rng=seed)


def rating_files(folder: Path, ratings: Ratings) -> dict[Path, str]:
    """Write the sample."""
    return {folder / "ratings.csv": csv.write_ratings(ratings)}


def rating_from(folder: Path) -> Rated:
    """Read the ratings back and disclose them by the default policy."""
    ratings = csv.read_ratings(read_text(folder / "ratings.csv"), catalogue.load("ved"))
    return Rated(ratings=ratings, disclosed=disclose(feedback(ratings), DisclosurePolicy()))
