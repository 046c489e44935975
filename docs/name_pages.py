"""Pages of public names: one for all modules, one for each, and one for each part of a package."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from docstrings import without_substitutions
from public_names import Kind, address, documentation, kind_of, own_names, packages, parts
from rst import code_block, plain, table, title, toctree

import leadkit

__all__ = ["name_pages"]

HEADINGS: Mapping[Kind, str] = {
    "function": "Functions",
    "class": "Classes",
    "exception": "Errors",
    "data": "Constants and types",
}
SPECIAL = "__call__, __len__, __getitem__, __add__"
MODULE_OF_A_NAME = re.compile(r"\b(?:\w+\.)+(?=\w)")


def name_pages() -> Iterator[tuple[str, list[str]]]:
    """Give every page of public names: its name and its lines."""
    yield "index", _index_page()
    for package in packages():
        yield package.__name__, _package_page(package)
        for part, names in parts(package).items():
            heading = title(f"{package.__name__}: {part.replace('_', ' ')}")
            module = [f".. py:currentmodule:: {package.__name__}", ""]
            yield f"{package.__name__}.{part}", [*heading, *module, *_entries(package, names)]


def _index_page() -> list[str]:
    names = [package.__name__ for package in packages()]
    short = [name for name in leadkit.__all__ if not isinstance(getattr(leadkit, name), ModuleType)]
    rows = [(f":doc:`{package.__name__}`", _first_sentence(package.__doc__)) for package in packages()]
    return [
        *title("Python names"),
        "Every public name, from its docstring.",
        f"`leadkit` itself has those that most people need: {', '.join(f'`{name}`' for name in short)}.",
        "",
        *table(("Module", "What lives there"), rows),
        *toctree(names),
    ]


def _package_page(package: ModuleType) -> list[str]:
    name = package.__name__
    lines = [*title(name), f".. automodule:: {name}", "   :no-members:", ""]
    for kind, heading in HEADINGS.items():
        members = [member for member in package.__all__ if kind_of(getattr(package, member)) == kind]
        rows = [(f":py:obj:`{member} <{address(package, member)}>`", _summary(package, member)) for member in members]
        lines += [f".. rubric:: {heading}", "", *table(("Name", "What it is"), rows)] if rows else []
    pages = [f"{part.replace('_', ' ')} <{name}.{part}>" for part in parts(package)]
    return lines + (toctree(pages) if pages else _entries(package, own_names(package)))


def _entries(package: ModuleType, names: Iterable[str]) -> list[str]:
    order = list(HEADINGS)
    ordered = sorted(names, key=lambda name: order.index(kind_of(getattr(package, name))))
    return [line for name in ordered for line in _entry(package, name)]


def _entry(package: ModuleType, name: str) -> list[str]:
    kind = kind_of(getattr(package, name))
    if kind == "data":
        return _data_entry(package, name)
    lines = [f".. auto{kind}:: {package.__name__}.{name}"]
    if kind == "class":
        lines += ["   :members:", "   :inherited-members: tuple, dict, str, int", f"   :special-members: {SPECIAL}"]
    if kind == "exception":
        lines += ["   :members:", "   :show-inheritance:"]
    return [*lines, ""]


def _data_entry(package: ModuleType, name: str) -> list[str]:
    value = getattr(package, name)
    body = [*documentation(package, name).splitlines(), ""]
    if isinstance(value, Mapping):
        body += table(("Name", "Meaning"), [(f"`{key}`", plain(meaning)) for key, meaning in value.items()])
    else:
        body += code_block("python", f"{name} = {_shown(value)}")
    return [f".. py:data:: {name}", "", *(f"   {line}" for line in body)]


def _summary(package: ModuleType, name: str) -> str:
    return _first_sentence(documentation(package, name)) or f"`{_shown(getattr(package, name))}`"


def _first_sentence(doc: str | None) -> str:
    return without_substitutions((doc or "").strip().partition("\n\n")[0].replace("\n", " ").strip())


def _shown(value: Any) -> str:
    """Write a value of a constant or a type as it would stand in code, without the modules of its names."""
    if inspect.isclass(value):
        return f"{value.__module__}.{value.__name__}"
    return repr(value) if isinstance(value, str | tuple) else MODULE_OF_A_NAME.sub("", str(value))
