"""Which comments may be read, and in an order that does not follow their writers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from leadkit.assessment.disclosure.arrangement import Arrangement
from leadkit.assessment.disclosure.policy import DisclosurePolicy
from leadkit.assessment.disclosure.result import DisclosedComment
from leadkit.typing import BoolArray

if TYPE_CHECKING:
    from leadkit.assessment.multirater import Feedback
    from leadkit.assessment.ratings import Comment

__all__ = ["readable_comments"]


def readable_comments(
    arrangement: Arrangement, policy: DisclosurePolicy, *, withheld: BoolArray, earlier: Sequence[Feedback] = ()
) -> tuple[DisclosedComment, ...]:
    """Take the comments that may be read.

    Those of an anonymous role need `comment_min_n` comments about the ratee and as many different writers as the role
    needs raters; `withheld (t, R)` are roles hidden as a whole, because a difference from an earlier release would
    tell who is new. The same goes for comments: where fewer than `comment_min_n` are new, gone or changed since an
    `earlier` release, those of the role are withheld. Comments come by ratee, role, dimension and text, which says nothing about who wrote.
    """
    feedback = arrangement.feedback
    before = [{_identity(comment) for comment in one.comments} for one in earlier]
    ratees = {ratee: t for t, ratee in enumerate(feedback.ratee_ids)}
    roles = {role: r for r, role in enumerate(feedback.roles)}
    by_cell: dict[tuple[int, int], list[Comment]] = defaultdict(list)
    for comment in feedback.comments:
        t = ratees[comment.ratee_id]
        by_cell[t, int(arrangement.place[t, roles[comment.role]])].append(comment)
    order = {name: place for place, name in enumerate(feedback.dimension_ids)}
    readable = []
    for (t, r), comments in by_cell.items():
        writers = {comment.rater_id for comment in comments}
        if arrangement.anonymous[r] and (
            len(comments) < policy.comment_min_n
            or len(writers) < arrangement.minimum[t, r]
            or withheld[t, r]
            or any(0 < _n_changed(comments, one) < policy.comment_min_n for one in before)
        ):
            continue
        readable += [
            (
                (t, r, -1 if comment.dimension_id is None else order[comment.dimension_id], comment.text),
                DisclosedComment(
                    ratee_id=comment.ratee_id,
                    role=arrangement.roles[r],
                    text=comment.text,
                    dimension_id=comment.dimension_id,
                ),
            )
            for comment in comments
        ]
    return tuple(comment for _, comment in sorted(readable, key=lambda pair: pair[0]))


def _identity(comment: Comment) -> tuple[str, str, str, str | None, str]:
    return comment.ratee_id, comment.role, comment.rater_id, comment.dimension_id, comment.text


def _n_changed(comments: Sequence[Comment], before: Collection[tuple[str, str, str, str | None, str]]) -> int:
    """Count comments of some ratee and roles that are new or gone; none where there were none at all before."""
    now = {_identity(comment) for comment in comments}
    cell = {one[:2] for one in now}
    then = {one for one in before if one[:2] in cell}
    return len(now ^ then) if then else 0
