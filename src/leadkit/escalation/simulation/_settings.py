"""How to simulate: how many customers, how often, with what engine and luck; all checked at once."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, word_faults
from leadkit._fields import whole_number_faults
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._mappings import as_whole
from leadkit.queueing.service_levels import SERVICE_LEVEL_VARIANTS, ServiceLevelVariant
from leadkit.typing import Executor, Progress, RNGLike

__all__ = ["EngineChoice", "Settings"]

EngineChoice: TypeAlias = Literal["auto", "fcfs-recursion", "event-heap"]
"""How queues are to be worked out; "auto" takes the recursion where it holds."""
ENGINES = ("auto", "fcfs-recursion", "event-heap")
GUARD = 1e-12
NEED_SHORT = ("offered_short_as_met", "excluding_short_abandons")


@frozen(kw_only=True, eq=False)
class Settings:
    """How to simulate, checked all at once."""

    customers: int = field(converter=as_whole)
    replications: int = field(converter=as_whole)
    warmup: float = field(converter=as_amount)
    engine: EngineChoice
    threshold: float | None = field(converter=as_amount)
    variant: ServiceLevelVariant | None
    short: float | None = field(converter=as_amount)
    keep_records: bool
    rng: RNGLike
    executor: Executor | None
    progress: Progress | None

    def __attrs_post_init__(self) -> None:
        faults: list[Fault] = []
        for name in ("customers", "replications"):
            value = getattr(self, name)
            if whole_number_faults(value, name) or value < 1:
                faults.append(Fault(name, f"expected a whole number of at least 1, got {value!r}"))
        if amount_faults(self.warmup, "warmup") or self.warmup >= 1:
            faults.append(Fault("warmup", f"expected a share of at least 0 and below 1, got {self.warmup!r}"))
        faults += word_faults(self.engine, ENGINES, "engine")
        faults += self._service_level_faults()
        if not isinstance(self.keep_records, bool):
            faults.append(Fault("keep_records", f"expected True or False, got {self.keep_records!r}"))
        faults += _rng_faults(self.rng)
        if self.executor is not None and not callable(getattr(self.executor, "map", None)):
            faults.append(Fault("executor", f"expected an executor, got {self.executor!r}"))
        if self.progress is not None and not callable(self.progress):
            faults.append(Fault("progress", f"expected something to call, got {self.progress!r}"))
        raise_faults(faults, "simulate", ScenarioError)

    @property
    def first(self) -> int:
        """The first customer who counts; 0.29 of 100 are 29, which their product is a little below."""
        return min(math.floor(self.warmup * self.customers * (1 + GUARD)), self.customers - 1)

    def _service_level_faults(self) -> list[Fault]:
        faults: list[Fault] = []
        if self.threshold is not None:
            faults += amount_faults(self.threshold, "threshold")
        if self.short is not None:
            faults += amount_faults(self.short, "short")
        if self.variant is not None:
            faults += word_faults(self.variant, tuple(SERVICE_LEVEL_VARIANTS), "variant")
        if self.threshold is not None and self.variant is None:
            known = ", ".join(SERVICE_LEVEL_VARIANTS)
            faults.append(Fault("variant", f"is needed with a threshold; one of {known}"))
        if self.threshold is None and (self.variant is not None or self.short is not None):
            faults.append(Fault("threshold", "is needed for a service level"))
        if self.threshold is not None and self.short is None and self.variant in NEED_SHORT:
            faults.append(Fault("short", f"is needed by the variant {self.variant!r}"))
        return faults


def _rng_faults(rng: object) -> list[Fault]:
    if isinstance(rng, np.random.Generator | np.random.SeedSequence):
        return []
    if not whole_number_faults(rng, "rng") and rng >= 0:  # type: ignore[operator]
        return []
    return [Fault("rng", f"expected a generator, a seed sequence or a whole number of at least 0, got {rng!r}")]
