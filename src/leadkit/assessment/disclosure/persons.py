"""The rights of single people: pseudonyms for their ids, everything about them, and data without them."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import frozen_mapping
from leadkit._results import Result, plain
from leadkit.assessment.disclosure.result import DisclosedFeedback
from leadkit.assessment.ratings import Comment, Ratings
from leadkit.errors import DisclosureError, Fault, UnknownIdError

__all__ = ["PersonExport", "erase_comments", "erase_person", "export_person", "pseudonymise"]


def _records(rows: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(frozen_mapping(row) for row in rows)


@frozen(kw_only=True, eq=False)
class PersonExport(Result):
    """All that is held about one person and may be handed to that person.

    Parameters
    ----------
    person_id : str
        Who asks.
    answers : tuple of mapping
        What the person answered, one mapping an evaluation: `ratee_id`, `role` and an answer an item, None where there
        is none.
    results : tuple of mapping
        Disclosed results about the person, as from `DisclosedFeedback.to_records`.
    comments : tuple of mapping
        Disclosed comments about the person: `role`, `dimension_id`, `text`.
    """

    person_id: str
    answers: tuple[Mapping[str, Any], ...] = field(converter=_records)
    results: tuple[Mapping[str, Any], ...] = field(converter=_records)
    comments: tuple[Mapping[str, Any], ...] = field(converter=_records)


def pseudonymise(ids: Iterable[str], key: bytes | str) -> tuple[str, ...]:
    """Replace ids by pseudonyms that only the holder of the key can make again.

    Parameters
    ----------
    ids : iterable of str
        Ids of people.
    key : bytes or str
        The host's secret, not empty; text is taken as UTF-8. Keep it apart from the data.

    Returns
    -------
    tuple of str
        HMAC-SHA-256 of every id as 64 hexadecimal digits; equal ids have equal pseudonyms.

    Raises
    ------
    DisclosureError
        The key is empty or an id is no text.

    References
    ----------
    .. [1] H. Krawczyk, M. Bellare and R. Canetti, "HMAC: Keyed-Hashing for Message Authentication", RFC 2104, 1997.

    Examples
    --------
    >>> [name[:8] for name in pseudonymise(["ann", "bo", "ann"], "a secret")]
    ['b5d19d0c', '028314ba', 'b5d19d0c']
    """
    secret = key.encode(errors="surrogatepass") if isinstance(key, str) else key
    if not isinstance(secret, bytes | bytearray) or not secret:
        msg = f"key: expected bytes or a text that is not empty, got {'nothing' if not key else type(key).__name__}"
        raise DisclosureError(msg)
    names = list(ids)
    faults = [
        Fault(f"ids[{i}]", f"expected a text, got {name!r}")
        for i, name in enumerate(names)
        if not isinstance(name, str)
    ]
    if isinstance(ids, str):
        faults = [Fault("ids", f"expected several ids, got the text {ids!r}")]
    if faults:
        raise DisclosureError.from_faults(faults)
    return tuple(hmac.new(bytes(secret), name.encode(errors="surrogatepass"), sha256).hexdigest() for name in names)


def export_person(ratings: Ratings, disclosed: DisclosedFeedback, person_id: str) -> PersonExport:
    """Collect what one person answered and the disclosed results about that person.

    Parameters
    ----------
    ratings : Ratings
        The evaluations.
    disclosed : DisclosedFeedback
        What may be shown of them.
    person_id : str
        A rater, a ratee or both.

    Raises
    ------
    UnknownIdError
        The person neither rated nor was rated.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import DisclosurePolicy, disclose, feedback
    >>> given = samples.ratings("ved", n_leaders=2, rng=1)
    >>> export = export_person(given, disclose(feedback(given), DisclosurePolicy()), given.ratee_ids[0])
    >>> len(export.answers) > 0, export.results[0]["role"]
    (True, 'self')
    """
    _check_known(ratings, person_id, also=disclosed.ratee_ids)
    items = ratings.instrument.item_ids
    answers = [
        {"ratee_id": ratings.ratee_ids[i], "role": ratings.roles[i]}
        | dict(zip(items, plain(ratings.responses.values[i]), strict=True))
        for i, rater in enumerate(ratings.rater_ids)
        if rater == person_id
    ]
    if person_id not in disclosed.ratee_ids:
        return PersonExport(person_id=person_id, answers=answers, results=(), comments=())
    own = disclosed.for_ratee(person_id)
    comments = [
        {"role": comment.role, "dimension_id": comment.dimension_id, "text": comment.text} for comment in own.comments
    ]
    return PersonExport(person_id=person_id, answers=answers, results=own.to_records(), comments=comments)


def erase_person(ratings: Ratings, person_id: str) -> tuple[Ratings, tuple[str, ...]]:
    """Take one person out of the evaluations, as ratee and as rater.

    Parameters
    ----------
    ratings : Ratings
        The evaluations.
    person_id : str
        Who asks to be forgotten.

    Returns
    -------
    ratings : Ratings
        The evaluations without the person.
    ratee_ids : tuple of str
        Other people whom the person had rated, sorted: their results must be computed again.

    Raises
    ------
    UnknownIdError
        The person neither rated nor was rated.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> columns = {"ratee_id": ["ann", "bo"], "rater_id": ["bo", "ann"], "role": ["peer", "peer"], "vis1": [4, 5]}
    >>> given = Ratings.from_columns(columns, frameworks.load("ved"), allow_missing_items=True)
    >>> rest, again = erase_person(given, "bo")
    >>> len(rest), again
    (0, ('ann',))
    """
    _check_known(ratings, person_id)
    involved = np.array(
        [person_id in pair for pair in zip(ratings.ratee_ids, ratings.rater_ids, strict=True)], dtype=np.bool_
    )
    pairs = zip(ratings.ratee_ids, ratings.rater_ids, strict=True)
    again = sorted({ratee for ratee, rater in pairs if rater == person_id and ratee != person_id})
    return ratings[~involved], tuple(again)


def erase_comments(comments: Iterable[Comment], person_id: str) -> tuple[Comment, ...]:
    """Take out the comments that one person wrote, or that are about that person.

    Parameters
    ----------
    comments : iterable of Comment
        Comments beside the evaluations.
    person_id : str
        Who asks to be forgotten.

    Examples
    --------
    >>> erase_comments([Comment(ratee_id="ann", rater_id="bo", role="peer", text="Listens well")], "bo")
    ()
    """
    return tuple(comment for comment in comments if person_id not in {comment.ratee_id, comment.rater_id})


def _check_known(ratings: Ratings, person_id: str, *, also: Iterable[str] = ()) -> None:
    known = {*ratings.ratee_ids, *ratings.rater_ids, *also}
    if person_id not in known:
        raise UnknownIdError.of(person_id, sorted(known), kind="person")
