"""The trainer's verbs: parse arguments, call the library, print; no traceback for a user's mistake."""

from leadkit.cli.program import main

__all__ = ["main"]
