"""What can go wrong: one root error, its families, and the located faults they carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Self

from attrs import frozen

if TYPE_CHECKING:
    from leadkit.org.people import Violation

__all__ = [
    "CalendarError",
    "CycleError",
    "DefinitionError",
    "DisclosureError",
    "EscalationError",
    "Fault",
    "FormatError",
    "IllegalTransition",
    "InfeasibleError",
    "LeadkitError",
    "LogError",
    "MatrixError",
    "OrgError",
    "PlanError",
    "PolicyError",
    "ResponseError",
    "ScenarioError",
    "SkillError",
    "SolverError",
    "UnknownIdError",
    "did_you_mean",
]

MOST_FAULTS_SHOWN = 20


@frozen
class Fault:
    """One thing that is wrong, and the place where it is.

    Parameters
    ----------
    where : str
        Path, person, item, row or column; empty when the fault concerns the whole.
    what : str
        What was found there and what would be right.
    row : int, optional
        Line of the file, counted from 1 with the header as line 1, when the fault comes from a text file.
    column : str, optional
        Name of the column, when the fault comes from a table.

    Examples
    --------
    >>> print(Fault("respondent 'r17', item 'val2'", "9 is outside 1..5"))
    respondent 'r17', item 'val2': 9 is outside 1..5
    """

    where: str
    what: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Give the place and the fault in one line."""
        return f"{self.where}: {self.what}" if self.where else self.what


class LeadkitError(Exception):
    """Root of every error that leadkit raises on purpose.

    Attributes
    ----------
    faults : tuple of Fault
        Everything that was wrong, not only the first thing; empty where the message says it all.
    """

    faults: tuple[Fault, ...] = ()

    @classmethod
    def from_faults(cls, faults: Iterable[Fault], *, subject: str = "") -> Self:
        """Build the error that lists all of `faults`; the message shows the first 20 and counts the rest.

        Examples
        --------
        >>> error = ResponseError.from_faults([Fault("row 2", "'x' is not a whole number")], subject="answers.csv")
        >>> print(error)
        answers.csv: row 2: 'x' is not a whole number
        """
        all_faults = tuple(faults)
        head = f"{subject}: " if subject else ""
        if len(all_faults) == 1:
            message = head + str(all_faults[0])
        else:
            lines = [f"{head}{len(all_faults)} faults"]
            lines += [f"  {fault}" for fault in all_faults[:MOST_FAULTS_SHOWN]]
            if len(all_faults) > MOST_FAULTS_SHOWN:
                lines.append(f"  ... and {len(all_faults) - MOST_FAULTS_SHOWN} more")
            message = "\n".join(lines)
        error = cls(message)
        error.faults = all_faults
        return error


class DefinitionError(LeadkitError, ValueError):
    """An instrument, a framework or a key table is wrong."""


class ResponseError(LeadkitError, ValueError):
    """Answers, ratings or day logs are wrong; `faults` holds all of them."""


class DisclosureError(LeadkitError, ValueError):
    """Showing this would expose somebody."""


class OrgError(LeadkitError, ValueError):
    """People or reporting lines are wrong.

    Attributes
    ----------
    violations : tuple of leadkit.org.Violation
        Everything that is wrong with the table of people; empty where the message says it all.
    """

    violations: tuple[Violation, ...] = ()

    @classmethod
    def from_violations(cls, violations: Iterable[Violation]) -> Self:
        """Build the error that carries all of `violations`; the message counts them by code and shows the first 20."""
        found = tuple(violations)
        counts = Counter(violation.code for violation in found)
        lines = [f"{len(found)} violations: " + ", ".join(f"{n} {code}" for code, n in sorted(counts.items()))]
        lines += [f"  {violation.message}" for violation in found[:MOST_FAULTS_SHOWN]]
        if len(found) > MOST_FAULTS_SHOWN:
            lines.append(f"  ... and {len(found) - MOST_FAULTS_SHOWN} more")
        error = cls("\n".join(lines) if len(found) != 1 else f"{found[0].code}: {found[0].message}")
        error.violations = found
        error.faults = tuple(Fault(violation.code, violation.message) for violation in found)
        return error


class SkillError(LeadkitError, ValueError):
    """A skill matrix or a training plan is wrong."""


class CalendarError(LeadkitError, ValueError):
    """Working windows, time zones or exceptions to them are wrong."""


class PlanError(LeadkitError, ValueError):
    """A work breakdown structure or a plan is wrong."""


class CycleError(PlanError):
    """Work packages depend on each other in a circle.

    Attributes
    ----------
    cycle : tuple of str or int
        The loop in order, closed with the id (or, from arrays, the index) it starts with.
    """

    def __init__(self, message: str = "", *, cycle: Iterable[str | int] = ()) -> None:
        super().__init__(message)
        self.cycle: tuple[str | int, ...] = tuple(cycle)


class InfeasibleError(PlanError):
    """No plan can meet what is asked.

    Attributes
    ----------
    reasons : tuple
        What stands in the way, one value a case; for work that nobody can do a tuple
        (package, need, heads, qualified people, nearest).
    """

    def __init__(self, message: str = "", *, reasons: Iterable[Any] = ()) -> None:
        super().__init__(message)
        self.reasons: tuple[Any, ...] = tuple(reasons)


class SolverError(PlanError):
    """The solver gave no usable answer."""


class EscalationError(LeadkitError, ValueError):
    """An escalation matrix, a ticket, a policy, a log or a scenario is wrong."""


class MatrixError(EscalationError):
    """An escalation matrix is wrong."""


class IllegalTransition(EscalationError):  # noqa: N818 - the field's own term
    """A ticket cannot go from its state to the one asked for."""


class PolicyError(EscalationError):
    """An escalation policy is wrong."""


class LogError(EscalationError):
    """An event log is wrong."""


class ScenarioError(EscalationError):
    """A simulation scenario is wrong."""


class FormatError(LeadkitError, ValueError):
    """A file of somebody else's format cannot be read."""


class UnknownIdError(LeadkitError, LookupError):
    """An id, a name or a framework that is not there; the message gives the nearest known ones."""

    @classmethod
    def of(cls, name: str, known: Iterable[str], *, kind: str) -> Self:
        """Build the error for the unknown `name` of some `kind` beside the `known` ones.

        Examples
        --------
        >>> print(UnknownIdError.of("vitels", ["ved", "vitals"], kind="framework"))
        unknown framework 'vitels' (did you mean 'vitals'?); known: ved, vitals
        """
        names = sorted(known)
        shown = ", ".join(names[:MOST_FAULTS_SHOWN]) + (", ..." if len(names) > MOST_FAULTS_SHOWN else "")
        return cls(f"unknown {kind} {name!r}{did_you_mean(name, names)}; known: {shown or 'none'}")


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Suggest the known name nearest to `name`, as a bracketed question; empty when none is near.

    Examples
    --------
    >>> did_you_mean("revers", ["reverse", "weight"])
    " (did you mean 'reverse'?)"
    >>> did_you_mean("colour", ["reverse", "weight"])
    ''
    """
    by_lower_case = {other.lower(): other for other in known}
    near = get_close_matches(name.lower(), by_lower_case, n=1) if isinstance(name, str) else ()
    return f" (did you mean {by_lower_case[near[0]]!r}?)" if near else ""
