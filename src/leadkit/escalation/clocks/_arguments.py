"""What service clocks and standards refuse beside what every model does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from leadkit.errors import EscalationError, Fault

__all__ = ["NOTHING", "refusal"]

NOTHING = timedelta(0)


def refusal(error: Exception, pauses: object = ()) -> EscalationError:
    """Tell what a calendar refused as an error of this family."""
    is_list = isinstance(pauses, Iterable) and not isinstance(pauses, str)
    fault = Fault("", str(error)) if is_list else Fault("pauses", f"expected pairs of instants, got {pauses!r}")
    return EscalationError.from_faults([fault])
