"""What is public in leadkit: the modules that say so in `__all__`, and where each of their names is written."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Literal, TypeAlias

from sphinx.pycode import ModuleAnalyzer

import leadkit

__all__ = ["Kind", "address", "documentation", "kind_of", "own_names", "packages", "parts", "public_objects"]

Kind: TypeAlias = Literal["function", "class", "exception", "data"]


@cache
def packages() -> tuple[ModuleType, ...]:
    """Import every public module of leadkit that says what is public in it."""
    return tuple(_packages_below(leadkit))


@cache
def public_objects() -> Mapping[str, Any]:
    """Map the full name of every public object to the object, under the name of the module that it belongs to."""
    return {
        f"{package.__name__}.{name}": getattr(package, name) for package in packages() for name in own_names(package)
    }


def address(package: ModuleType, name: str) -> str:
    """Give the full name under which an object is documented: that of its own module, where it is public there."""
    value = getattr(package, name)
    written_in = str(getattr(value, "__module__", ""))
    elsewhere = [other for other in packages() if other.__name__ == written_in and name in other.__all__]
    is_ours = kind_of(value) == "data" or not elsewhere or f"{written_in}.".startswith(f"{package.__name__}.")
    return f"{package.__name__}.{name}" if is_ours else f"{written_in}.{name}"


def own_names(package: ModuleType) -> list[str]:
    """List the public names of a module without those that it only hands on from another one."""
    return [name for name in package.__all__ if address(package, name) == f"{package.__name__}.{name}"]


def parts(package: ModuleType) -> Mapping[str, list[str]]:
    """Group the names of a package by the module in it where they are written, so that kin stand on one page.

    A module that is no package has no parts.
    """
    found: dict[str, list[str]] = {}
    for name in own_names(package) if hasattr(package, "__path__") else ():
        below = _home(package, name).removeprefix(package.__name__).lstrip(".")
        found.setdefault(below.partition(".")[0].lstrip("_") or "names", []).append(name)
    return dict(sorted(found.items()))


def kind_of(value: Any) -> Kind:
    """Tell how a value is documented; what another library defines is data."""
    if inspect.isclass(value) and value.__module__.startswith("leadkit"):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isfunction(inspect.unwrap(value)) else "data"


def documentation(package: ModuleType, name: str) -> str:
    """Give the docstring of a public name; that of data is the string below its assignment."""
    value = getattr(package, name)
    if kind_of(value) != "data":
        return inspect.getdoc(value) or ""
    comments = ModuleAnalyzer.for_module(_home(package, name)).find_attr_docs()
    return "\n".join(comments.get(("", name), ()))


def _packages_below(parent: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(parent.__path__, f"{parent.__name__}."):
        if found.name.rpartition(".")[2].startswith("_"):
            continue
        module = importlib.import_module(found.name)
        if hasattr(module, "__all__"):
            yield module
        elif found.ispkg:
            yield from _packages_below(module)


def _home(package: ModuleType, name: str) -> str:
    """Name the module where an object is written."""
    value = getattr(package, name)
    written_in = str(getattr(inspect.unwrap(value), "__module__", ""))
    if kind_of(value) != "data" and f"{written_in}.".startswith(f"{package.__name__}."):
        return written_in
    assigned = re.compile(rf"^{name}\b[^\n]* = ", re.MULTILINE)
    holders = (module for module in _modules(package) if vars(module).get(name) is value)
    return next((module.__name__ for module in holders if assigned.search(inspect.getsource(module))), package.__name__)


@cache
def _modules(package: ModuleType) -> tuple[ModuleType, ...]:
    """Import the modules of a package, the package itself included."""
    path = getattr(package, "__path__", ())
    below = [importlib.import_module(found.name) for found in pkgutil.walk_packages(path, f"{package.__name__}.")]
    return (*below, package)
