"""Pages about flags, the command line and the frameworks, from what the code says of them."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator, Mapping

from public_names import public_objects
from rst import code_block, plain, table, title

from leadkit import frameworks
from leadkit.assessment import Dimension, Instrument
from leadkit.cli import main

__all__ = ["subject_pages"]

COMMAND_WIDTH = "88"
VERB = re.compile(r"^    (\w+)(?: |$)", re.MULTILINE)


def subject_pages() -> Iterator[tuple[str, list[str]]]:
    """Give every page: its name and its lines."""
    yield "flags", _flags_page()
    yield "command_line", _command_page()
    yield "frameworks", _frameworks_page()


def _flags_page() -> list[str]:
    lines = [
        *title("Flags"),
        "A result that is doubtful says so: it carries flags, short words that do not change.",
        "A statistic that cannot be computed is NaN, and a flag says why.",
        "These are all of them.",
        "",
    ]
    for name, value in public_objects().items():
        if name.endswith("FLAGS") and isinstance(value, Mapping):
            rows = [(f"`{flag}`", plain(sentence)) for flag, sentence in value.items()]
            lines += [*title(name, "-"), f"As a mapping: :py:obj:`{name}`.", "", *table(("Flag", "What it says"), rows)]
    return lines


def _command_page() -> list[str]:
    lines = [
        *title("Command line"),
        "`leadkit` and `python -m leadkit` are the same program.",
        "Files are written whole or not at all, and an existing file is kept unless you say `--force`.",
        "Faults go to the error stream.",
        "",
    ]
    whole = _printed("--help")
    for arguments in ((), *((verb,) for verb in VERB.findall(whole))):
        heading = title(" ".join(("leadkit", *arguments)), "-")
        lines += [*heading, *code_block("text", _printed(*arguments, "--help"))]
    return lines


def _printed(*arguments: str) -> str:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = COMMAND_WIDTH
    try:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            main(arguments)
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)
    return out.getvalue()


def _frameworks_page() -> list[str]:
    lines = [
        *title("The frameworks"),
        "Every questionnaire that leadkit ships, with its wording.",
        "None is validated: the wording is this project's own, so check it on your own data before you rely on it.",
        "A question marked *reversed* counts the other way round.",
        "",
    ]
    for name in frameworks.names():
        lines += _framework_section(frameworks.load(name, language="en"))
    return lines


def _framework_section(instrument: Instrument) -> list[str]:
    scale = instrument.scale
    answers = ", ".join(f"{code} {plain(label)}" for code, label in enumerate(scale.labels, start=scale.low))
    lines = [
        *title(f"{instrument.id}: {plain(instrument.title)}", "-"),
        plain(instrument.description),
        "",
        f"Version {instrument.version}, status {instrument.status}, wording {plain(instrument.licence)}.",
        f"Source: {plain(instrument.source)}.",
        f"Answers: {answers}.",
        "",
    ]
    for dimension in instrument.dimensions:
        lines += _dimension_lines(dimension)
    rows = [
        (f"`{part.id}`", plain(part.name), ", ".join(f"`{name}`" for name in part.weights))
        for part in instrument.composites
    ]
    return lines + (table(("Composite", "Name", "Mean of"), rows) if rows else [])


def _dimension_lines(dimension: Dimension) -> list[str]:
    head = f"**{plain(dimension.name)}** (`{dimension.id}`)"
    about = f": {plain(dimension.description)}" if dimension.description else ""
    rows = [(f"`{item.id}`", plain(item.text) + (" *(reversed)*" if item.reverse else "")) for item in dimension.items]
    return [head + about, "", *table(("Item", "Wording"), rows)]
