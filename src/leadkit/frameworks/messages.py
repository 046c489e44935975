"""The rubric by which people read an announcement: as made by a leader, or by a manager."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from attrs import field, frozen

from leadkit._fields import repeated
from leadkit._results import html_table
from leadkit.assessment.items import raise_faults
from leadkit.errors import Fault, did_you_mean
from leadkit.frameworks.catalogue import entry_faults, find, header_faults, read
from leadkit.frameworks.entries import entry_text_faults, word_faults

__all__ = ["MessageCode", "MessageRubric", "PracticeMessage", "Side", "message_codes", "message_rubric"]

Side = Literal["leader", "manager"]
"""Whose way of announcing a code belongs to."""


def _codes(codes: Iterable[MessageCode]) -> tuple[MessageCode, ...]:
    return tuple(codes)


def _messages(messages: Iterable[PracticeMessage]) -> tuple[PracticeMessage, ...]:
    return tuple(messages)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(kw_only=True)
class MessageCode:
    """Something that a reader can see in a message, or not.

    Parameters
    ----------
    id, name : str
        Identifier, and what people call it.
    side : {"leader", "manager"}
        Whose way of announcing it belongs to.
    description, example : str
        When to give the code, and a sentence that gets it.
    """

    id: str
    name: str
    side: Side
    description: str
    example: str

    def __attrs_post_init__(self) -> None:
        faults = entry_text_faults(self, "name", "description", "example")
        faults += word_faults(self.side, "side", Side)
        raise_faults(faults, f"code {self.id!r}")


@frozen(kw_only=True)
class PracticeMessage:
    """A message to train coders on: its id, its text and the ids of the codes that it should get."""

    id: str
    text: str
    codes: tuple[str, ...] = field(converter=_names)

    def __attrs_post_init__(self) -> None:
        faults = entry_text_faults(self, "text")
        faults += [Fault("codes", f"{name!r} is there more than once") for name in repeated(self.codes)]
        raise_faults(faults, f"practice message {self.id!r}")


@frozen(kw_only=True)
class MessageRubric:
    """The codes of a message and messages to practise on.

    Parameters
    ----------
    title, version, source, licence, note : str
        What it is called, which version it is, where it comes from, under which licence, and what to know.
    codes : tuple of MessageCode
        At least one of each side; their ids are unique.
    practice : tuple of PracticeMessage
        Messages with the codes that they should get.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.
    """

    title: str
    version: str
    source: str
    licence: str
    note: str
    codes: tuple[MessageCode, ...] = field(converter=_codes)
    practice: tuple[PracticeMessage, ...] = field(default=(), converter=_messages)

    def __attrs_post_init__(self) -> None:
        faults = header_faults(self) + entry_faults(self.codes, "codes")
        sides = {code.side for code in self.codes}
        faults += [Fault("codes", f"no code of the side {side!r}") for side in get_args(Side) if side not in sides]
        if self.practice:
            faults += entry_faults(self.practice, "practice")
        for i, message in enumerate(self.practice):
            unknown = [name for name in message.codes if name not in self.code_ids]
            faults += [
                Fault(f"practice[{i}].codes", f"unknown code {name!r}{did_you_mean(name, self.code_ids)}")
                for name in unknown
            ]
        raise_faults(faults, f"rubric {self.title!r}")

    @property
    def code_ids(self) -> tuple[str, ...]:
        """Ids of the codes, in the order of the file."""
        return tuple(code.id for code in self.codes)

    def code(self, code_id: str) -> MessageCode:
        """Return the code with an id.

        Raises
        ------
        UnknownIdError
            There is none; the message gives the nearest.
        """
        return find(self.codes, code_id, kind="code")

    def _repr_html_(self) -> str:
        rows = [(code.name, code.side, code.description, code.example) for code in self.codes]
        return html_table(self.title, ("code", "side", "give it when the message", "example"), rows)


def message_rubric(path: str | Path | None = None) -> MessageRubric:
    """Load the rubric by which people code a message.

    Parameters
    ----------
    path : str or Path, optional
        A rubric of one's own in the same form; that of leadkit when None.

    Returns
    -------
    MessageRubric
        Codes of both sides and messages to practise on.

    Raises
    ------
    DefinitionError
        The user's file is wrong; the message lists every fault with its path.

    Examples
    --------
    >>> rubric = message_rubric()
    >>> [code.id for code in rubric.codes if code.side == "leader"]
    ['ambition', 'reason', 'shared_effort', 'belief_in_the_team', 'target_last']
    >>> rubric.code("deadline").example
    'This has to be in place by the first of March.'
    """
    rubric: MessageRubric = read("leader_message", MessageRubric, path)
    return rubric


def message_codes() -> tuple[MessageCode, ...]:
    """List the codes of leadkit's own rubric.

    Examples
    --------
    >>> [code.id for code in message_codes() if code.side == "manager"]
    ['target_first', 'deadline', 'method', 'pressure', 'checking']
    """
    return message_rubric().codes
