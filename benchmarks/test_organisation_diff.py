"""What differs between two snapshots of 1e5 people, against building one of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from leadkit.org import Organisation, diff

PEOPLE = 100_000


def test_diff_of_two_snapshots_against_building_one(ratio: Callable[..., float]) -> None:
    rng = np.random.default_rng(0)
    ids = np.array([f"p{i:06}" for i in range(PEOPLE)], dtype=object)
    parents = np.maximum((np.arange(PEOPLE) - 1) // 8, 0)
    managers = ids[parents]
    managers[0] = None
    titles = np.array(["clerk", "lead", "head"], dtype=object)[rng.integers(0, 3, PEOPLE)]
    status = np.array(["active", "absent", "vacant"], dtype=object)[rng.integers(0, 3, PEOPLE)]
    # a quarter later: one in fifty of the contributors is somebody else or elsewhere, and one in fifty has another title
    later = rng.permutation(PEOPLE)
    changed = np.flatnonzero(rng.random(PEOPLE) < 0.02)
    changed = changed[changed > PEOPLE // 2]
    new_ids, new_managers, new_titles = ids.copy(), managers.copy(), titles.copy()
    new_ids[changed] = [f"q{i:06}" for i in changed]
    moved = rng.permutation(changed - 1)
    new_managers[moved] = ids[parents[changed]]
    new_titles[rng.random(PEOPLE) < 0.02] = "guide"

    def build() -> Organisation:
        return Organisation.from_columns(ids, managers, titles=titles, status=status, fte=np.ones(PEOPLE))

    before = build()
    after = Organisation.from_columns(
        new_ids[later], new_managers[later], titles=new_titles[later], status=status[later]
    )
    found = diff(before, after)
    assert len(found.joiners) == len(found.leavers) == len(changed)
    assert found.moved
    assert found.retitled
    assert found.refilled == ()
    ratio(lambda: diff(before, after), build, at_most=1.0)
