"""Succession as results: cover of functions and posts, and what goes with one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from leadkit._fields import as_float, as_int, frozen_mapping, int_array
from leadkit._results import Result, TableResult
from leadkit.org.flags import sorted_flags
from leadkit.typing import IntArray

__all__ = ["BusFactor", "RemovalImpact", "SuccessionCover"]


def _texts(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False)
class BusFactor(TableResult):
    """How many people could keep each critical function going, one row a function; it holds no scores.

    Parameters
    ----------
    functions : tuple of f str
        The functions, by name.
    n_proficient : (f,) int array
        Active people who are proficient.
    single_points : mapping of str to str
        The functions that rest on one person, by name, and that person's id.
    uncovered : tuple of str
        The functions nobody covers, by name.
    flags : tuple of str
        `inactive_left_out` when somebody who is proficient is absent or left, or the post is vacant.
    """

    _columns: ClassVar[Mapping[str, str]] = {"functions": "function", "n_proficient": "n_proficient"}

    functions: tuple[str, ...]
    n_proficient: IntArray = field(converter=int_array)
    single_points: Mapping[str, str] = field(converter=_texts)
    uncovered: tuple[str, ...]
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


@frozen(kw_only=True, eq=False)
class RemovalImpact(Result):
    """What the removal of one post would change, while its reports move to the post above; it holds no scores.

    Parameters
    ----------
    person_id : str
        The post.
    new_manager_id : str or None
        Who its reports would report to; None where they would be roots.
    reparented : tuple of str
        The direct reports, by id; those further down keep their manager.
    n_layers_before, n_layers_after : int
        Layers of the organisation.
    uncovered_functions : tuple of str or None
        Functions, by name, that this person alone covers; None without `coverage`.
    n_ties_lost : int or None
        Ties to and from this person, who goes to whom; None without nominations, or when withheld.
    left_without_tie : tuple of str or None
        People, by id, all of whose ties are with this person; without `identify` only those who are shareable. None
        without nominations, or when withheld.
    flags : tuple of str
        `not_active`, `identified`, `numbers_withheld`.
    """

    person_id: str
    new_manager_id: str | None
    reparented: tuple[str, ...]
    n_layers_before: int = field(converter=as_int)
    n_layers_after: int = field(converter=as_int)
    uncovered_functions: tuple[str, ...] | None = None
    n_ties_lost: int | None = None
    left_without_tie: tuple[str, ...] | None = None
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


@frozen(kw_only=True, eq=False)
class SuccessionCover(TableResult):
    """Who could follow on each critical post, one row a post; it holds no scores.

    Parameters
    ----------
    post_ids : tuple of p str
        The posts, by id.
    n_now, n_year, n_later : (p,) int array
        Active successors who are ready at once, within a year, or later.
    without_ready_now : tuple of str
        Posts, by id, that nobody active could take over at once.
    shared_successors : mapping of str to tuple of str
        People, by id, who are down for more than one post, and these posts: only one of them can be filled that way.
    cover_share : float
        Share of the posts that somebody active could take over at once, in [0, 1]; NaN without posts.
    flags : tuple of str
        `inactive_left_out` when a successor is absent or left, or the post is vacant.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "post_ids": "post_id",
        "n_now": "n_now",
        "n_year": "n_year",
        "n_later": "n_later",
    }

    post_ids: tuple[str, ...]
    n_now: IntArray = field(converter=int_array)
    n_year: IntArray = field(converter=int_array)
    n_later: IntArray = field(converter=int_array)
    without_ready_now: tuple[str, ...]
    shared_successors: Mapping[str, tuple[str, ...]] = field(converter=_texts)
    cover_share: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
