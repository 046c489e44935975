"""JSON read strictly: no key twice in an object, no NaN, no depth without end."""

from __future__ import annotations

import json
import reprlib
from typing import Any, Final, NoReturn

from leadkit._fields import repeated
from leadkit.errors import Fault, FormatError, LeadkitError

__all__ = ["TOO_DEEP", "parsed"]

TOO_DEEP: Final = "lists and objects are nested too deeply"


def parsed(text: str, *, error: type[LeadkitError] = FormatError, subject: str = "JSON") -> Any:
    """Read a text as JSON, or raise `error` with the line and column where that fails.

    Examples
    --------
    >>> parsed('{"id": 1, "id": 2}')
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: JSON: the key 'id' is there more than once in one object
    >>> parsed("[1,]")
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: JSON: line 1, column 4: Expecting value
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as caught:
        fault = Fault(f"line {caught.lineno}, column {caught.colno}", caught.msg, row=caught.lineno)
    except RecursionError:
        fault = Fault("", TOO_DEEP)
    except ValueError as caught:
        fault = Fault("", str(caught))
    raise error.from_faults([fault], subject=subject)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        told = ", ".join(reprlib.repr(name) for name in repeated(name for name, _ in pairs))
        msg = f"the key {told} is there more than once in one object"
        raise ValueError(msg)
    return found


def _constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON; what is not known is null"
    raise ValueError(msg)
