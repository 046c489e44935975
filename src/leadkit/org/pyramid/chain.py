"""The line of support: to whom a person turns, step by step, past posts that nobody can answer for."""

from __future__ import annotations

from attrs import frozen

from leadkit._results import Result
from leadkit.org._expecting import expect_organisation
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.posts import ACTIVE
from leadkit.org.people import STATUSES

__all__ = ["SupportChain", "support_chain"]


@frozen(kw_only=True, eq=False)
class SupportChain(Result):
    """The hierarchical escalation chain of one person; it holds no scores.

    Parameters
    ----------
    person_id : str
        Whose chain it is.
    ids : tuple of str
        Whom the person can turn to, nearest first, each once, never the person.
    skipped : tuple of (str, str)
        Posts of the chain whose holder cannot be turned to, nearest first, and why: "vacant", "left" or "absent". Where
        somebody acts for the post, that one is in `ids` in its place.
    """

    person_id: str
    ids: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


def support_chain(organisation: Organisation, person_id: str, *, include_dotted: bool = False) -> SupportChain:
    """Follow a person's solid line upward and name who is there to turn to.

    A post whose holder is vacant, left or absent is skipped; its acting holder, if there is one who is active, takes
    its place. Nobody acts towards themselves: where the person acts for their own boss, the next one up is asked.

    Parameters
    ----------
    organisation : Organisation
        The people.
    person_id : str
        Who needs support.
    include_dotted : bool
        Whether the person's dotted bosses follow after the whole solid chain, by the code points of their ids.

    Returns
    -------
    SupportChain
        Without anybody for a root, or where nobody up the line can be turned to.

    Raises
    ------
    OrgError
        `organisation` is something else, or nobody has this id; the message names the three nearest.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> firm = Organisation.from_columns(
    ...     ["ann", "bo", "cy", "di"],
    ...     [None, "ann", "bo", "ann"],
    ...     status=["active", "absent", "active", "active"],
    ...     acting_ids=[None, "di", None, None],
    ... )
    >>> chain = support_chain(firm, "cy")
    >>> chain.ids, chain.skipped
    (('di', 'ann'), (('bo', 'absent'),))
    """
    expect_organisation(organisation)
    person = organisation.index_of(person_id)
    posts = organisation.posts
    line = organisation.tree.ancestors(person).tolist()
    if include_dotted:
        people, managers = posts.dotted
        line += managers[(people == person) & (managers != person)].tolist()
    ids: dict[str, None] = {}
    skipped: dict[str, str] = {}
    # a dotted boss may stand in the solid line too, and is met there
    for post in dict.fromkeys(line):
        status, acting = int(posts.status[post]), int(posts.acting[post])
        answers = post if status == ACTIVE else acting
        if status != ACTIVE:
            skipped[organisation.ids[post]] = STATUSES[status]
        if answers >= 0 and posts.status[answers] == ACTIVE and answers != person:
            ids.setdefault(organisation.ids[answers])
    return SupportChain(person_id=person_id, ids=tuple(ids), skipped=tuple(skipped.items()))
