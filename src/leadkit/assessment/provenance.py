"""What a result was made with: the instrument, the rules and the version of leadkit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from leadkit._fields import frozen_mapping
from leadkit._results import Result
from leadkit._version import __version__
from leadkit.assessment.instrument import Instrument

__all__ = ["Provenance", "provenance"]


def _rules(rules: Mapping[str, Any]) -> Mapping[str, Any]:
    return frozen_mapping(rules)


@frozen(kw_only=True, eq=False)
class Provenance(Result):
    """Where a number comes from.

    Parameters
    ----------
    instrument_id, instrument_version, instrument_hash : str
        The questionnaire; equal hashes score alike.
    rules : mapping of str
        The options that were used, by name.
    leadkit_version : str
        The version that computed.
    """

    instrument_id: str
    instrument_version: str
    instrument_hash: str
    rules: Mapping[str, Any] = field(converter=_rules)
    leadkit_version: str = __version__


def provenance(instrument: Instrument, **rules: Any) -> Provenance:
    """Note the instrument and the `rules` by which something was computed."""
    return Provenance(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        instrument_hash=instrument.hash,
        rules=rules,
    )
