"""A progress bar on a terminal, and nothing in a pipe."""

from __future__ import annotations

import sys
from typing import TextIO

from leadkit.typing import Progress

__all__ = ["progress_bar"]

WIDTH = 30


def progress_bar(label: str, *, screen: TextIO | None = None) -> Progress | None:
    """Make a bar that is told how far long work has come; None where `screen` is no terminal.

    Parameters
    ----------
    label : str
        What is being done.
    screen : text file, optional
        Where to draw; standard error by default, so that the output stays clean.
    """
    target = sys.stderr if screen is None else screen
    if not target.isatty():
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return _PlainBar(label, target)
    bar = tqdm(desc=label, file=target, leave=False)

    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return show


class _PlainBar:
    def __init__(self, label: str, screen: TextIO) -> None:
        self.label = label
        self.screen = screen

    def __call__(self, done: int, total: int) -> None:
        full = WIDTH * done // max(total, 1)
        self.screen.write(f"\r{self.label} [{'#' * full}{'.' * (WIDTH - full)}] {done}/{total}")
        if done >= total:
            self.screen.write("\r\x1b[K")
        self.screen.flush()
