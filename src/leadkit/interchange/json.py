"""Models and results as JSON text: one line that says what it is, then its fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import attrs
from cattrs import StructureHandlerNotFoundError

from leadkit._convert import structure, unstructure
from leadkit._results import plain
from leadkit.assessment import Feedback, RaterDigest
from leadkit.errors import DisclosureError, Fault, FormatError
from leadkit.interchange._json_text import parsed
from leadkit.interchange._text import TextSource, whole_text
from leadkit.wbs import Group

__all__ = ["SCHEMA", "dumps", "loads"]

T = TypeVar("T")

SCHEMA: Final = 1
"""Number of the layout that is written; it rises when a field changes its meaning."""
SCHEMA_KEY: Final = "leadkit_schema"
TYPE_KEY: Final = "type"
MAX_CHARS: Final = 256 * 1024 * 1024


def dumps(value: Any, *, indent: int | None = None) -> str:
    """Write a public model or result as JSON.

    Parameters
    ----------
    value : object
        A model such as `leadkit.wbs.Plan`, or a result such as `leadkit.wbs.Schedule`.
    indent : int, optional
        Spaces a level; None writes one line.

    Returns
    -------
    str
        An object with "leadkit_schema", "type" (the name of the class) and the fields; NaN is null, instants are ISO
        text with their offset.

    Raises
    ------
    DisclosureError
        Showing this would expose somebody: raw feedback, or a result that has to go through `disclosed` first.
    TypeError
        `value` is no model or result of leadkit.

    Examples
    --------
    >>> from leadkit.wbs import Link
    >>> dumps(Link(predecessor="design", successor="build"))
    '{"leadkit_schema": 1, "type": "Link", "predecessor": "design", "successor": "build", "kind": "FS", "lag": {"amount": 0.0, "unit": "minutes", "elapsed": false}}'
    """
    if isinstance(value, Feedback | RaterDigest):
        msg = f"{type(value).__name__} names raters beside their answers: disclose it first"
        raise DisclosureError(msg)
    is_ours = type(value).__module__.partition(".")[0] == "leadkit"
    if isinstance(value, type) or not is_ours or not (attrs.has(type(value)) or hasattr(value, "to_dict")):
        msg = f"expected a model or result of leadkit, got {type(value).__name__}"
        raise TypeError(msg)
    if isinstance(value, Group):
        msg = "a Group is part of a structure: write the Wbs that holds it"
        raise TypeError(msg)
    fields = value.to_dict() if hasattr(value, "to_dict") else plain(unstructure(value))
    return json.dumps(
        {SCHEMA_KEY: SCHEMA, TYPE_KEY: type(value).__name__, **fields},
        allow_nan=False,
        ensure_ascii=False,
        indent=indent,
    )


def loads(source: TextSource, type: type[T], *, max_chars: int = MAX_CHARS) -> T:  # noqa: A002 - the contract's name
    """Read a model from JSON that `dumps` wrote.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    type : type
        What it has to be, such as `leadkit.wbs.Plan`. Results can be read where their fields say all there is to them.
    max_chars : int
        Most characters.

    Returns
    -------
    object
        The model; it has passed every check that its constructor makes.

    Raises
    ------
    FormatError
        The text is no JSON, is of another type or schema, has a key twice or one that is unknown, or a value is wrong;
        `faults` holds everything that is, with its path.
    TypeError
        Results of this type cannot be read.

    Examples
    --------
    >>> from leadkit.wbs import Lag, Link
    >>> link = Link(predecessor="design", successor="build", lag=Lag.days(2))
    >>> loads(dumps(link), Link) == link
    True
    >>> loads('{"leadkit_schema": 1, "type": "Link", "predecessor": "a", "sucessor": "b"}', Link)
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: Link: 2 faults
      'successor' is missing
      unknown key 'sucessor' (did you mean 'successor'?)
    """
    text = whole_text(source, max_chars, what="JSON", hint="save it as UTF-8")
    data = parsed(text)
    if not isinstance(data, Mapping):
        msg = f"{type.__name__}: expected an object, got {_kind(data)}"
        raise FormatError(msg)
    faults = []
    if data.get(SCHEMA_KEY) != SCHEMA or isinstance(data.get(SCHEMA_KEY), bool):
        faults.append(Fault(SCHEMA_KEY, f"expected {SCHEMA}, got {data.get(SCHEMA_KEY)!r}"))
    if data.get(TYPE_KEY) != type.__name__:
        faults.append(Fault(TYPE_KEY, f"expected {type.__name__!r}, got {data.get(TYPE_KEY)!r}"))
    if faults:
        raise FormatError.from_faults(faults, subject=type.__name__)
    fields = {key: value for key, value in data.items() if key not in {SCHEMA_KEY, TYPE_KEY}}
    try:
        return structure(fields, type, error=FormatError, subject=type.__name__)
    except StructureHandlerNotFoundError:
        msg = f"{type.__name__} is not read back: its fields do not say all there is to it"
        raise TypeError(msg) from None


def _kind(data: Any) -> str:
    return "null" if data is None else type(data).__name__
