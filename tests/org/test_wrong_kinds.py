"""Anything but an organisation, where one is needed, is told so in an OrgError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from leadkit import org
from leadkit.errors import OrgError

FIRM = org.Organisation.from_columns(["ann", "bo"], [None, "ann"])
PYRAMID = org.build_pyramid(FIRM)
SOMEBODY = org.Person(id="cy", manager_id="ann")
CALLS: dict[str, Callable[[Any], Any]] = {
    "bus_factor": lambda wrong: org.bus_factor(wrong, {}),
    "compare_waves": lambda wrong: org.compare_waves((wrong, [1, 2]), (FIRM, [1, 2])),
    "diff": lambda wrong: org.diff(FIRM, wrong),
    "fill": lambda wrong: org.fill(wrong, "ann"),
    "insert": lambda wrong: org.insert(wrong, SOMEBODY),
    "measure_structure": org.measure_structure,
    "move": lambda wrong: org.move(wrong, "bo", "ann"),
    "obligations": org.obligations,
    "removal_impact": lambda wrong: org.removal_impact(wrong, "ann"),
    "remove": lambda wrong: org.remove(wrong, "bo"),
    "roll_up": lambda wrong: org.roll_up(wrong, [1, 2]),
    "succession_cover": lambda wrong: org.succession_cover(wrong, {}),
    "support_chain": lambda wrong: org.support_chain(wrong, "ann"),
    "vacate": lambda wrong: org.vacate(wrong, "bo"),
}


@pytest.mark.parametrize("wrong", [3, None, "ann", FIRM.tree], ids=["int", "None", "str", "tree"])
@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_organisation_is_refused(name: str, wrong: Any) -> None:
    kind = type(wrong).__name__
    with pytest.raises(OrgError, match=rf"expected an? (Organisation|Pyramid).*got {kind}"):
        CALLS[name](wrong)


def test_the_argument_is_named() -> None:
    with pytest.raises(OrgError, match=r"^after: expected an Organisation"):
        org.diff(FIRM, 3)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match=r"^organisation: expected an Organisation"):
        org.roll_up(3, [1])  # type: ignore[arg-type]


def test_ids_that_are_no_collection_and_nominations_that_are_none_are_refused() -> None:
    with pytest.raises(OrgError, match="person ids: expected a collection of texts, got None"):
        FIRM.indices_of(None)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="nominations: they belong to other people"):
        org.removal_impact(FIRM, "ann", nominations=3)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="tier: expected one of"):
        PYRAMID.members(np.array([1, 2]))  # type: ignore[arg-type]
