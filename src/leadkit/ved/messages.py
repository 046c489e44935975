"""What people saw in messages, and what is read from it, as models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from leadkit._fields import as_float, as_int, float_array, int_array, string_faults
from leadkit._results import TableResult, plain
from leadkit.errors import Fault, ResponseError
from leadkit.frameworks import Side
from leadkit.stats import ConfidenceInterval
from leadkit.typing import FloatArray, IntArray

__all__ = ["MessageCoding", "MessageReading"]


def _code_set(codes: Iterable[str]) -> frozenset[str]:
    try:
        # A text would fall apart into its letters, so it is left for the check to refuse.
        return codes if isinstance(codes, str) else frozenset(codes)  # type: ignore[return-value]
    except TypeError:
        return codes  # type: ignore[return-value]


@frozen(kw_only=True)
class MessageCoding:
    """What one person saw in one message.

    Parameters
    ----------
    message_id, coder_id : str
        Which message, and who read it.
    codes : collection of str
        Ids of the codes that the coder saw, as a frozen set; empty when they saw none.

    Raises
    ------
    ResponseError
        An id is empty or no text, or the codes are no collection; `faults` holds all of it.

    Examples
    --------
    >>> coding = MessageCoding(message_id="spring", coder_id="ann", codes=["reason", "deadline"])
    >>> sorted(coding.codes)
    ['deadline', 'reason']
    """

    message_id: str
    coder_id: str
    codes: frozenset[str] = field(converter=_code_set)

    def __attrs_post_init__(self) -> None:
        faults = string_faults(self.message_id, "message_id") + string_faults(self.coder_id, "coder_id")
        if isinstance(self.codes, frozenset):
            faults += [fault for code in sorted(self.codes, key=repr) for fault in string_faults(code, "codes")]
        else:
            faults.append(Fault("codes", f"expected a collection of code ids, got {self.codes!r}"))
        if faults:
            raise ResponseError.from_faults(faults, subject="coding")


@frozen(kw_only=True, eq=False)
class MessageReading(TableResult):
    """How m messages were read with c codes, one row a message.

    Parameters
    ----------
    message_ids, code_ids : tuple of str
        Messages in alphabetical order, and codes in the order of the rubric.
    sides : tuple of str
        Whose way of announcing each code belongs to: "leader" or "manager".
    coder_ids : tuple of str
        Everybody who coded, in alphabetical order.
    n_coders : int array, shape (m,)
        People who coded each message.
    share : array, shape (m, c)
        Share of the coders of a message who saw the code, in [0, 1].
    contrast : array, shape (m,)
        (leader - manager)/(leader + manager) over the codes that all coders gave together, in [-1, 1]: 1 when only
        codes of the leader's side were seen, -1 when only codes of the manager's. NaN where nobody saw a code.
    alpha : float
        Krippendorff's nominal alpha over the units message x code (seen or not), coders as raters; at most 1.
        NaN where undefined.
    alpha_interval : ConfidenceInterval
        Percentile interval from resampling messages; NaN ends without resampling.
    n_resamples : int
        Resamples asked for.
    n_undefined : int
        Resamples without a value, left out of the interval.
    message_flags : tuple of tuple of str
        `no_codes`, `one_coder`, a tuple for each message.
    flags : tuple of str
        About alpha and its interval: `no_interval`; `too_few_pairs` when no message has two coders, `no_variation`
        when all units of messages with two coders got one value, `too_few_rows` when fewer than two messages could be
        resampled, `undefined_resamples`, `rows_dropped` when messages with one coder are left out of alpha.
    rubric, rubric_version : str
        Title and version of the rubric.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "message_ids": "message_id",
        "n_coders": "n_coders",
        "contrast": "contrast",
        "message_flags": "flags",
    }

    message_ids: tuple[str, ...]
    code_ids: tuple[str, ...]
    sides: tuple[Side, ...]
    coder_ids: tuple[str, ...]
    n_coders: IntArray = field(converter=int_array)
    share: FloatArray = field(converter=float_array)
    contrast: FloatArray = field(converter=float_array)
    alpha: float = field(converter=as_float)
    alpha_interval: ConfidenceInterval
    n_resamples: int = field(converter=as_int)
    n_undefined: int = field(converter=as_int)
    message_flags: tuple[tuple[str, ...], ...]
    flags: tuple[str, ...]
    rubric: str
    rubric_version: str

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a message: `message_id`, `n_coders`, `contrast`, `flags`, `share_<code>` of each code."""
        keys = [f"share_{code}" for code in self.code_ids]
        rows = zip(super().to_records(), plain(self.share), strict=True)
        return [record | dict(zip(keys, row, strict=True)) for record, row in rows]
