"""The program: its exit codes, and what happens when something is wrong."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module

from leadkit.cli.arguments import program_parser
from leadkit.cli.files import UsageError
from leadkit.errors import LeadkitError, UnknownIdError

FINE, FAULTS, USAGE, STOPPED = 0, 1, 2, 130
ARGUMENT = re.compile(r"\b(\w+)=(?=[ ,;]|$)", re.MULTILINE)
VERBS = {
    "demo": "demo",
    "frameworks": "commands",
    "form": "commands",
    "check": "commands",
    "score": "commands",
    "feedback": "feedback",
    "pyramid": "pyramid",
    "plan": "plan",
    "pilot": "pilot",
}
"""The module of the function of each verb, which bears its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the program's name; taken from the process when None.

    Examples
    --------
    >>> main(["frameworks", "ved"])  # doctest: +ELLIPSIS
    V.E.D. ...
    0
    """
    if arguments is None:
        _open_output()
    elif any("\0" in argument for argument in arguments):
        return _say("leadkit: an argument holds a character NUL, which no name can have", USAGE)
    try:
        given = program_parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return _run(given)


def _run(given: argparse.Namespace) -> int:
    try:
        getattr(import_module(f"leadkit.cli.{VERBS[given.command]}"), given.command)(given)
        sys.stdout.flush()
    except (UsageError, UnknownIdError, ImportError) as error:
        return _say(f"leadkit {given.command}: {error}", USAGE)
    except LeadkitError as error:
        return _say(_as_typed(str(error), given), FAULTS)
    except UnicodeEncodeError as error:
        told = error.object[error.start : error.end]
        return _say(f"leadkit {given.command}: {told!r} cannot be written in {error.encoding}", USAGE)
    except BrokenPipeError:
        _let_go_of_stdout()
        return FINE
    except OSError as error:
        _let_go_of_stdout()
        return _say(f"leadkit {given.command}: cannot write to standard output: {error.strerror or error}", USAGE)
    except MemoryError:
        return _say(f"leadkit {given.command}: this takes more memory than there is", USAGE)
    except KeyboardInterrupt:
        return _say("stopped", STOPPED)
    return FINE


def _as_typed(message: str, given: argparse.Namespace) -> str:
    """Name an argument of the library that the verb has an option for as it is typed."""

    def typed(found: re.Match[str]) -> str:
        return f"--{found[1].replace('_', '-')}" if hasattr(given, found[1]) else found[0]

    return ARGUMENT.sub(typed, message)


def _open_output() -> None:
    """Let a pipe take UTF-8 in every locale, with the line ends of the text, and a screen show what it can."""
    out = sys.stdout
    if not isinstance(out, io.TextIOWrapper):
        return
    if out.isatty():
        out.reconfigure(errors="backslashreplace")
    else:
        out.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")


def _let_go_of_stdout() -> None:
    """Send what standard output could not take to nowhere, so that flushing it at exit fails no more."""
    with contextlib.suppress(OSError, ValueError):
        screen = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, screen)
        os.close(nowhere)


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
