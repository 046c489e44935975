"""From the docstrings of leadkit to what Sphinx expects: references, links to public names, result types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from public_names import public_objects
from sphinx.application import Sphinx

from leadkit._fields import FrozenMapping

CODE_SPAN = re.compile(r"(?<![`:\w])`([A-Za-z_][\w.]*)`(?![`_])")
FOOTNOTE = re.compile(r"^(\s*)\.\. \[(\d+)\] (?=[A-Z])")
CITATION = re.compile(r"\[(\d+)\]_")
TYPE_NAME = re.compile(r"\b[A-Z]\w+\b")
BAR = re.compile(r"(`[^`]*`)|\|")
TYPE_FIELD = ":type: "
# inside `leadkit.graphs` indices are 32 or 64 bits wide; for a reader they are integers
PUBLIC_NAME = {"IndexArray": "IntArray", "Node": "Group | WorkPackage", "Number": "float | FloatArray"}


def prepared(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Number the references of a docstring, and link the public names that it mentions.

    Footnotes would have to be cited and to differ in number all over a page; a numbered list need not.
    """
    del app, what, options
    parameters = _parameters(obj)
    for i, line in enumerate(lines):
        if line.lstrip().startswith((">>>", "...")):
            continue
        text = FOOTNOTE.sub(r"\g<1>\g<2>. \\", line)  # escaped, for "A. Author" would begin a list
        text = CITATION.sub(r"[\1]", text)
        lines[i] = CODE_SPAN.sub(lambda found: _linked(found, parameters, name), without_substitutions(text))


def without_substitutions(text: str) -> str:
    """Escape bars outside of code: `abs(x)` written with bars is a value, no substitution."""
    return BAR.sub(lambda found: found[1] or r"\|", text)


def restored(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Undo what napoleon does to a property whose sentence has a colon: it takes what stands before it for the type."""
    del app, name, obj, options
    if what == "property":
        for line in [line for line in lines if line.startswith(TYPE_FIELD)]:
            lines.remove(line)
            lines[0] = f"{line.removeprefix(TYPE_FIELD)}: {lines[0]}"


def signature(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, arguments: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Give the result's type as it is written in the code, its public names qualified so that they become links.

    A field of a class that has a factory for its default shows an ellipsis.
    """
    del app, options, returned
    if what == "class" and arguments is not None:
        return arguments.replace("=NOTHING", "=..."), None
    if what not in {"function", "method"}:
        return arguments, None
    function = inspect.unwrap(obj)
    annotation = getattr(function, "__annotations__", {}).get("return")
    if not isinstance(annotation, str):
        return arguments, None
    return arguments, TYPE_NAME.sub(
        lambda found: _public(found[0], name, getattr(function, "__globals__", {})), annotation
    )


def _linked(found: re.Match[str], parameters: frozenset[str], near: str) -> str:
    name = found[1]
    if name.startswith("leadkit.") and name in public_objects():
        return f":py:obj:`{name}`"
    is_word = name.islower() and "_" not in name
    home = None if is_word or name in parameters else _home(name, near)
    return found[0] if home is None else f":py:obj:`{name} <{home}>`"


def _public(name: str, near: str, known: Mapping[str, Any]) -> str:
    return TYPE_NAME.sub(lambda found: _home(found[0], near, known) or found[0], PUBLIC_NAME.get(name, name))


def _home(name: str, near: str, known: Mapping[str, Any] = FrozenMapping()) -> str | None:
    """Find the one public object of that name; of several that which is known where it is named, or in its package."""
    found = {home: value for home, value in public_objects().items() if home.rpartition(".")[2] == name}
    if len(found) > 1:
        meant = [home for home, value in found.items() if name in known and value is known[name]]
        homes = meant or [home for home in found if near.startswith(f"{home.rpartition('.')[0]}.")]
    else:
        homes = list(found)
    return homes[0] if len(homes) == 1 else None


def _parameters(obj: Any) -> frozenset[str]:
    try:
        return frozenset(inspect.signature(obj).parameters)
    except (TypeError, ValueError):
        return frozenset()
