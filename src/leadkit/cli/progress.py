"""A progress bar on a terminal, and nothing in a pipe."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from leadkit.typing import Progress

__all__ = ["progress_bar", "showing", "working"]

WIDTH = 30


@contextlib.contextmanager
def showing(label: str, *, screen: TextIO | None = None) -> Iterator[Progress | None]:
    """Show a bar while something is worked out, and take it away even where that ends early or fails.

    Parameters
    ----------
    label : str
        What is being done.
    screen : text file, optional
        Where to draw; standard error by default, so that the output stays clean.
    """
    bar = progress_bar(label, screen=screen)
    try:
        yield bar
    finally:
        if bar is not None:
            bar.close()


@contextlib.contextmanager
def working(label: str, *, screen: TextIO | None = None) -> Iterator[None]:
    """Show what is being done where nothing tells how far it has come.

    Parameters
    ----------
    label : str
        What is being done.
    screen : text file, optional
        Where to draw; standard error by default.
    """
    with showing(label, screen=screen) as progress:
        if progress is not None:
            progress(0, 1)
        yield


def progress_bar(label: str, *, screen: TextIO | None = None) -> Bar | None:
    """Make a bar that is told how far long work has come; None where `screen` is no terminal.

    Parameters
    ----------
    label : str
        What is being done.
    screen : text file, optional
        Where to draw; standard error by default, so that the output stays clean.
    """
    target = sys.stderr if screen is None else screen
    if target is None or not target.isatty():
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return Bar(lambda: _PlainBar(label, target))
    return Bar(lambda: tqdm(desc=label, file=target, leave=False))


class Bar:
    """A bar that comes with the first step and goes with the last one; work that goes on after it has a new one.

    Parameters
    ----------
    make : callable
        What makes a bar with `n`, `total`, `update` and `close`, as tqdm has them.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are taken."""
        if self.bar is None:
            self.bar = self.make()
        self.bar.total = total
        self.bar.update(done - self.bar.n)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None


class _PlainBar:
    def __init__(self, label: str, screen: TextIO) -> None:
        self.label = label
        self.screen = screen
        self.n = self.total = self.drawn = 0

    def update(self, steps: int) -> None:
        self.n += steps
        full = WIDTH * min(self.n, self.total) // max(self.total, 1)
        text = f"{self.label} [{'#' * full}{'.' * (WIDTH - full)}] {self.n}/{self.total}"
        self.screen.write(f"\r{text:<{self.drawn}}")
        self.drawn = len(text)
        self.screen.flush()

    def close(self) -> None:
        self.screen.write(f"\r{'':<{self.drawn}}\r")
        self.screen.flush()
