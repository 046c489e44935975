"""Leadership frameworks of customer service as typed models and tested arithmetic."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadkit._version import __version__
from leadkit.errors import (
    DefinitionError,
    DisclosureError,
    FormatError,
    LeadkitError,
    OrgError,
    ResponseError,
    UnknownIdError,
)

if TYPE_CHECKING:
    from leadkit import (
        assessment,
        calendars,
        escalation,
        frames,
        frameworks,
        graphs,
        interchange,
        org,
        plots,
        queueing,
        reports,
        samples,
        skills,
        stats,
        testing,
        ved,
        vitals,
        wbs,
    )
    from leadkit.assessment import (
        DisclosurePolicy,
        Instrument,
        Ratings,
        Responses,
        Scores,
        audit,
        classify,
        compare,
        concat,
        disclose,
        feedback,
        profile_fit,
        reliability,
        score,
        shortlist,
    )

__all__ = [
    "DefinitionError",
    "DisclosureError",
    "DisclosurePolicy",
    "FormatError",
    "Instrument",
    "LeadkitError",
    "OrgError",
    "Ratings",
    "ResponseError",
    "Responses",
    "Scores",
    "UnknownIdError",
    "__version__",
    "assessment",
    "audit",
    "calendars",
    "classify",
    "compare",
    "concat",
    "disclose",
    "escalation",
    "feedback",
    "frames",
    "frameworks",
    "graphs",
    "interchange",
    "org",
    "plots",
    "profile_fit",
    "queueing",
    "reliability",
    "reports",
    "samples",
    "score",
    "shortlist",
    "skills",
    "stats",
    "testing",
    "ved",
    "vitals",
    "wbs",
]

PACKAGES = frozenset(
    {
        "assessment",
        "calendars",
        "escalation",
        "frames",
        "frameworks",
        "graphs",
        "interchange",
        "org",
        "plots",
        "queueing",
        "reports",
        "samples",
        "skills",
        "stats",
        "testing",
        "ved",
        "vitals",
        "wbs",
    }
)


def __getattr__(name: str) -> Any:
    """Load a subpackage, or a name of `leadkit.assessment`, on first use (PEP 562)."""
    if name in PACKAGES:
        return import_module(f"leadkit.{name}")
    if name in __all__:
        return getattr(import_module("leadkit.assessment"), name)
    msg = f"module 'leadkit' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
