"""Escalation policies as JSON, and the step lists of on-call tools."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from typing import Final

from leadkit.errors import Fault, FormatError, PolicyError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.policy import Policy
from leadkit.interchange._delay_lists import Flavour, ImportedPolicy, import_steps
from leadkit.interchange._json_text import TOO_DEEP, parsed
from leadkit.interchange._text import TextSource, whole_text

__all__ = ["LAYOUT", "Flavour", "ImportedPolicy", "dumps", "import_steps", "loads"]

LAYOUT: Final = "policy/1"
"""Name and number of the layout that is written."""
LAYOUT_KEY: Final = "leadkit"
MAX_CHARS: Final = 16 * 1024 * 1024


def dumps(policy: Policy, *, indent: int | None = None) -> str:
    """Write a policy as JSON.

    Parameters
    ----------
    policy : leadkit.escalation.Policy
        The policy.
    indent : int, optional
        Spaces a level; None writes one line.

    Returns
    -------
    str
        An object with "leadkit": "policy/1" and the fields; times are ISO 8601 text such as PT10M, the calendar its own
        plain data.

    Raises
    ------
    PolicyError
        It is no policy.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from leadkit.escalation.policy import Step
    >>> first = Step(wait=timedelta(minutes=10), axis="functional", target="next_level")
    >>> text = dumps(Policy(id="desk", steps=[first]), indent=1)
    >>> print(text[:69])
    {
     "leadkit": "policy/1",
     "id": "desk",
     "version": "1",
     "steps": [
    >>> loads(text).steps == (first,)
    True
    """
    expect_kind(policy, Policy, "policy", PolicyError)
    return json.dumps({LAYOUT_KEY: LAYOUT, **policy.to_dict()}, allow_nan=False, ensure_ascii=False, indent=indent)


def loads(source: TextSource, *, max_chars: int = MAX_CHARS) -> Policy:
    """Read a policy from JSON that `dumps` wrote, or that somebody wrote by hand.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text. What has a default may be left out.
    max_chars : int
        Most characters.

    Returns
    -------
    leadkit.escalation.Policy
        The policy.

    Raises
    ------
    FormatError
        The text is no JSON, has another layout, a key twice or one that is unknown, or a value is wrong; `faults` holds
        everything that is, with its path.
    TypeError
        `source` is something else.

    Examples
    --------
    >>> loads('{"leadkit": "policy/1", "id": "desk", "steps": [{"wait": "10", "axis": "functional"}], "repeats": 2}')
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: policy: 3 faults
      unknown key 'repeats' (did you mean 'repeat'?)
      steps[0].wait: expected a duration in ISO 8601 like PT10M or PT1H30M, got '10'
      steps[0]: 'target' is missing
    """
    data = parsed(whole_text(source, max_chars, what="JSON", hint="save it as UTF-8"))
    if not isinstance(data, Mapping):
        raise FormatError.from_faults([Fault("", f"expected an object, got {reprlib.repr(data)}")], subject="policy")
    faults = []
    if data.get(LAYOUT_KEY) != LAYOUT:
        told = reprlib.repr(data[LAYOUT_KEY]) if LAYOUT_KEY in data else "nothing"
        faults.append(Fault(LAYOUT_KEY, f"expected {LAYOUT!r}, got {told}"))
    try:
        policy = Policy.from_dict({key: value for key, value in data.items() if key != LAYOUT_KEY})
    except PolicyError as error:
        faults += error.faults
    except RecursionError:
        raise FormatError.from_faults([Fault("", TOO_DEEP)], subject="policy") from None
    else:
        if not faults:
            return policy
    raise FormatError.from_faults(faults, subject="policy")
