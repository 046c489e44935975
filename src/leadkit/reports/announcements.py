"""Messages in a report: what people saw in each, and how far they agree."""

from __future__ import annotations

import math

from attrs import frozen

from leadkit.frameworks import message_rubric
from leadkit.plots.labels import number
from leadkit.reports.figures import decimal, interval, percent
from leadkit.reports.geometry import share
from leadkit.reports.wording import flag_sentences, people
from leadkit.ved import MessageReading

__all__ = ["CodeLine", "MessageLine", "MessagePage", "message_page"]

AGREEMENT = (
    "Krippendorff's alpha says how far the readers agree: 1 is full agreement, 0 is no more than chance. "
    "Below about 0.67, talk the codes over and code again before anything is concluded."
)


@frozen(kw_only=True)
class MessageLine:
    """One message: its contrast in words, its place from manager (0) to leader (100), and who read it."""

    id: str
    contrast: str
    leans: str
    place: float | None
    n_coders: str
    shares: tuple[str, ...]
    reasons: tuple[str, ...]


@frozen(kw_only=True)
class CodeLine:
    """One code: what it is called, and on whose side it stands."""

    name: str
    side: str


@frozen(kw_only=True)
class MessagePage:
    """All messages, the codes, and how far the readers agree."""

    lines: tuple[MessageLine, ...]
    codes: tuple[CodeLine, ...]
    alpha: str
    interval: str
    level: str
    reading: str
    n_coders: str
    rubric: str
    reasons: tuple[str, ...]


def message_page(messages: MessageReading | None) -> MessagePage | None:
    """Describe a reading of messages; None where there is none."""
    if messages is None:
        return None
    names = {code.id: code.name for code in message_rubric().codes}
    ends = messages.alpha_interval
    return MessagePage(
        lines=tuple(_line(messages, at) for at in range(len(messages.message_ids))),
        codes=tuple(
            CodeLine(name=names.get(code, code.replace("_", " ")), side=side)
            for code, side in zip(messages.code_ids, messages.sides, strict=True)
        ),
        alpha=decimal(messages.alpha),
        interval=interval(ends.low, ends.high),
        level=percent(ends.level),
        reading=AGREEMENT,
        n_coders=people(len(messages.coder_ids)),
        rubric=f"{messages.rubric} {messages.rubric_version}",
        reasons=flag_sentences(messages.flags),
    )


def _line(messages: MessageReading, at: int) -> MessageLine:
    contrast = float(messages.contrast[at])
    return MessageLine(
        id=messages.message_ids[at],
        contrast="" if math.isnan(contrast) else ("+" if contrast > 0 else "") + number(contrast),
        leans=_leans(contrast),
        place=share(contrast, -1.0, 1.0),
        n_coders=people(int(messages.n_coders[at]), one="reader", many="readers"),
        shares=tuple(percent(float(value)) for value in messages.share[at]),
        reasons=flag_sentences(messages.message_flags[at]),
    )


def _leans(contrast: float) -> str:
    if math.isnan(contrast):
        return ""
    if contrast == 0:
        return "both sides"
    return "leader's side" if contrast > 0 else "manager's side"
