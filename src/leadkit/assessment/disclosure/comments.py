"""Which comments may be read, and in an order that does not follow their writers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from leadkit.assessment.disclosure.arrangement import Arrangement
from leadkit.assessment.disclosure.policy import DisclosurePolicy
from leadkit.assessment.disclosure.result import DisclosedComment
from leadkit.typing import BoolArray

if TYPE_CHECKING:
    from leadkit.assessment.ratings import Comment

__all__ = ["readable_comments"]


def readable_comments(
    arrangement: Arrangement, policy: DisclosurePolicy, *, withheld: BoolArray
) -> tuple[DisclosedComment, ...]:
    """Take the comments that may be read.

    Those of an anonymous role need `comment_min_n` comments about the ratee and as many different writers as the role
    needs raters; `withheld (t, R)` are roles hidden as a whole, because a difference from an earlier release would
    tell who is new. Comments come by ratee, role, dimension and text, which says nothing about who wrote.
    """
    feedback = arrangement.feedback
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
            len(comments) < policy.comment_min_n or len(writers) < arrangement.minimum[t, r] or withheld[t, r]
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
