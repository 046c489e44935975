"""Texts of users in Mermaid: written so that they cannot end their label or begin anything else."""

from __future__ import annotations

from leadkit.interchange._chart import one_line

__all__ = ["MOST_CHARACTERS", "escaped", "escaped_task"]

MOST_CHARACTERS = 50_000
"""What draws Mermaid takes no longer text."""

ENTITIES = {sign: f"#{ord(sign)};" for sign in "#&`\\%{}"} | {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;"}
BEGIN_A_LINE = (
    *("acc", "axisformat", "call", "click", "dateformat", "excludes", "gantt", "href", "includes", "inclusiveenddates"),
    *("section", "tickinterval", "title", "todaymarker", "topaxis", "weekday", "weekend"),
)
IN_TASKS = ENTITIES | {sign: f"#{ord(sign)};" for sign in ":;,"}


def escaped(text: str) -> str:
    r"""Write a text so that it cannot end its label or begin anything else.

    Examples
    --------
    >>> escaped('a"] --> b\n%%{init}')
    'a#quot;] --#gt; b #37;#37;#123;init#125;'
    """
    return "".join(ENTITIES.get(sign, sign) for sign in one_line(text))


def escaped_task(text: str) -> str:
    """Write a text so that it can begin a line of a Gantt chart: no mark in it means anything, nor does its first word.

    Examples
    --------
    >>> escaped_task("section 1: done; #2")
    '#115;ection 1#58; done#59; #35;2'
    """
    words = "".join(IN_TASKS.get(sign, sign) for sign in one_line(text).strip())
    means_something = words.lower().startswith(BEGIN_A_LINE) or words[:1].isdigit()
    return f"#{ord(words[0])};{words[1:]}" if means_something else words or "#45;"
