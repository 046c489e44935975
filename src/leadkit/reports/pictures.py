"""Pictures as data URIs, and the profile picture of a person, where matplotlib is installed."""

from __future__ import annotations

import base64
import warnings
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from leadkit.plots import profile
from leadkit.reports.sheet import Sheet
from leadkit.reports.wording import NO_SCORE
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Picture", "data_uri", "profile_picture"]

FEWEST_FOR_RADAR = 3
SVG_OPTIONS: Any = {"svg.hashsalt": "leadkit", "svg.fonttype": "none"}
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


@frozen
class Picture:
    """A picture as a data URI, what it shows in words, and how to read it."""

    source: str
    alt: str
    caption: str


def profile_picture(sheet: Sheet, respondent_id: str, means: FloatArray) -> Picture | None:
    """Draw the profile of one person beside the mean of all; None where matplotlib is not installed."""
    scores = sheet.scores
    n_dimensions = len(scores.instrument.dimensions)
    compared = {name: float(mean) for name, mean in zip(scores.scale_ids, means, strict=True) if not np.isnan(mean)}
    is_radar = n_dimensions >= FEWEST_FOR_RADAR
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(3.4, 3.4)) if is_radar else Figure(figsize=(4.2, 0.8 + 0.4 * len(scores.scale_ids)))
    axes = profile(
        scores,
        respondent_id,
        bands=sheet.bands,
        ax=figure.add_subplot(projection="polar" if is_radar else None),
        kind="radar" if is_radar else "bar",
        reference=compared or None,
    )
    axes.set_title("", loc="left")
    legend = axes.get_legend()
    if legend is not None:
        legend.remove()
    row = scores.respondent_ids.index(respondent_id)
    told = [
        f"{name} {sheet.full(float(scores.values[row, at]), at) or NO_SCORE}" for at, name in enumerate(sheet.names)
    ]
    return Picture(
        data_uri(figure),
        f"Profile picture. {'; '.join(told)}.",
        _caption(sheet, is_radar=is_radar, has_mean=bool(compared)),
    )


def _caption(sheet: Sheet, *, is_radar: bool, has_mean: bool) -> str:
    score, mean = ("Solid line with dots", "dashed line") if is_radar else ("Bars", "diamonds")
    parts = [f"The same scores as a picture. {score}: the scores"]
    parts += [f"{mean}: the mean of all"] if has_mean else []
    parts += ["thin black lines: the bands"] if sheet.bands is not None else []
    return "; ".join(parts) + "."


def data_uri(figure: Figure) -> str:
    """Write SVG with its texts as texts: small, sharp in print, and the same at every call."""
    import matplotlib as mpl

    text = StringIO()
    with mpl.rc_context(SVG_OPTIONS), warnings.catch_warnings():
        # The browser draws the letters, so it does not matter whether matplotlib's own font has them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(text, format="svg", metadata=NO_METADATA, bbox_inches="tight")
    return "data:image/svg+xml;base64," + base64.b64encode(text.getvalue().encode()).decode("ascii")
