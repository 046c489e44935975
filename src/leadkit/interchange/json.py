"""Models and results as JSON text: one line that says what it is, then its fields."""

from __future__ import annotations

import json
from typing import Any, Final, TypeVar

from leadkit.interchange._json_data import check_type, data_of, of_data
from leadkit.interchange._json_schema import schema_of
from leadkit.interchange._json_text import parsed
from leadkit.interchange._json_upgrades import SCHEMA
from leadkit.interchange._text import TextSource, whole_text

__all__ = ["SCHEMA", "dumps", "json_schema", "loads"]

T = TypeVar("T")

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
        An object with "leadkit_schema", "type" (the name of the class) and the fields; NaN is null, and so is
        infinity, which therefore does not come back; instants are ISO text with their offset.

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
    return json.dumps(data_of(value), allow_nan=False, ensure_ascii=False, indent=indent)


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
        The text is no JSON, is of another type or schema (this one and the one before are read), has a key twice or one that is unknown, or a value is wrong;
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
    return of_data(parsed(text), type)


def json_schema(cls: type[Any]) -> dict[str, Any]:
    """Describe what `dumps` writes of a model or result, as a JSON Schema (draft 2020-12).

    It states what the class states: the fields and their types, the words that may stand in them, which are needed,
    and that there are no others. What depends on several fields, and ranges of numbers, are checked by `loads`.
    There is no `$ref` in it, so it can stand inside of another schema. A result that writes itself in a way that its
    fields do not tell is described as an object of its type; its description says so.

    Parameters
    ----------
    cls : type
        A model such as `leadkit.wbs.Plan`, or the class of a result.

    Returns
    -------
    dict
        Plain data for `json.dump`.

    Raises
    ------
    DisclosureError
        Values of this class are never written.
    TypeError
        `cls` is no model or result of leadkit.

    Examples
    --------
    >>> from leadkit.wbs import Link
    >>> schema = json_schema(Link)
    >>> schema["required"], schema["properties"]["kind"]
    (['leadkit_schema', 'type', 'predecessor', 'successor'], {'enum': ['FS', 'SS', 'FF', 'SF']})
    """
    check_type(cls)
    return schema_of(cls)
