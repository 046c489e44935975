"""The program: its exit codes, and what happens when something is wrong."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from leadkit.cli.arguments import program_parser
from leadkit.cli.files import UsageError
from leadkit.errors import LeadkitError, UnknownIdError

FINE, FAULTS, USAGE = 0, 1, 2


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
    parser = program_parser()
    try:
        given = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        given.run(given)
        sys.stdout.flush()
    except (UsageError, UnknownIdError, ImportError) as error:
        return _say(f"leadkit {given.command}: {error}", USAGE)
    except LeadkitError as error:
        return _say(str(error), FAULTS)
    except BrokenPipeError:
        _let_go_of_stdout()
        return FINE
    except OSError as error:
        _let_go_of_stdout()
        return _say(f"leadkit {given.command}: cannot write to standard output: {error.strerror or error}", USAGE)
    except KeyboardInterrupt:
        return _say("stopped", 130)
    return FINE


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
