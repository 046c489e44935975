"""What the arguments of every verb begin with: its name, what it does, and an example of its use."""

from __future__ import annotations

import argparse
from typing import TypeAlias

__all__ = ["EXIT_CODES", "Verbs", "add_verb"]

EXIT_CODES = "exit codes: 0 fine, 1 the data has faults, 2 wrong usage"

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name for it
"""Where the verbs of a program are added."""


def add_verb(verbs: Verbs, name: str, *, told: str, examples: tuple[str, ...]) -> argparse.ArgumentParser:
    """Add a verb.

    Parameters
    ----------
    verbs : Verbs
        Where it goes.
    name : str
        The verb.
    told : str
        What it does, in a line.
    examples : tuple of str
        What a trainer types, without the name of the program.
    """
    lines = "".join(f"  leadkit {name} {example}".rstrip() + "\n" for example in examples)
    return verbs.add_parser(
        name,
        help=told,
        description=f"{told[:1].upper()}{told[1:]}.",
        epilog=f"{'example' if len(examples) == 1 else 'examples'}:\n{lines}\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
