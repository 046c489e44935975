"""The progress bar: on a terminal only, with tqdm or without."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import Any

import pytest

from leadkit.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seen(drawn: str) -> str:
    """Give what is left on a line of a screen after all that was drawn on it."""
    line = ""
    for part in drawn.split("\r"):
        line = part + line[len(part) :]
    return line.rstrip()


def test_there_is_no_bar_in_a_pipe() -> None:
    assert progress_bar("Pages", screen=io.StringIO()) is None


def test_a_plain_bar_fills_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    screen = Terminal()
    show = progress_bar("Pages", screen=screen)
    assert show is not None
    show(1, 2)
    assert screen.getvalue() == f"\rPages [{'#' * 15}{'.' * 15}] 1/2"
    show(2, 2)
    assert seen(screen.getvalue()) == ""


def test_tqdm_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bar:
        made: list[Any] = []  # noqa: RUF012 - the test looks at what was made

        def __init__(self, **options: Any) -> None:
            self.options, self.n, self.total, self.is_closed = options, 0, None, False
            Bar.made.append(self)

        def update(self, steps: int) -> None:
            self.n += steps

        def close(self) -> None:
            self.is_closed = True

    module = ModuleType("tqdm")
    module.tqdm = Bar  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm", module)
    show = progress_bar("Pages", screen=Terminal())
    assert show is not None
    for done in (1, 3):
        show(done, 3)
    (bar,) = Bar.made
    assert (bar.options["desc"], bar.n, bar.total, bar.is_closed) == ("Pages", 3, 3, True)
