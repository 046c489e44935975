"""Pictures as blocks of a page; none where matplotlib is not installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from leadkit.reports.blocks import Block, Drawing
from leadkit.reports.pictures import data_uri

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["drawn"]


class Illustrated(Protocol):
    """What is told on a page, with or without pictures."""

    @property
    def picture(self) -> bool:
        """Whether pictures are wanted."""
        ...


def drawn(given: Illustrated, draw: Callable[[], Axes], *, alt: str, caption: str) -> tuple[Block, ...]:
    """Draw a picture without its title, which the page says itself."""
    if not given.picture:
        return ()
    try:
        import matplotlib as mpl  # noqa: F401 - asked for before a plot asks
    except ImportError:
        return ()
    axes = draw()
    axes.set_title("", loc="left")
    figure: Any = axes.figure
    return (Drawing(source=data_uri(figure), alt=alt, caption=caption),)
