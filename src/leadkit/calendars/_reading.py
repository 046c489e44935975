"""Calendars from plain data: what `to_dict` writes, and what people write by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

from attrs import evolve

from leadkit.calendars._weekly import day_exceptions, week_windows
from leadkit.calendars.windows import DayException, Window, raise_faults
from leadkit.errors import CalendarError, Fault, did_you_mean

KEYS: Final = ("windows", "zone", "holidays", "exceptions", "closures", "name", "horizon_days")
WINDOW_KEYS: Final = ("weekday", "opens", "closes")
EXCEPTION_KEYS: Final = ("day", "spans")


def calendar_fields(data: object, faults: list[Fault]) -> dict[str, Any]:
    """Read the arguments of a calendar; what cannot be read goes to `faults`, or is left for the calendar to judge."""
    faults += _key_faults(data, KEYS)
    fields = {key: data[key] for key in KEYS if key in data} if isinstance(data, Mapping) else {}
    windows = fields.get("windows", ())
    if isinstance(windows, Mapping):
        fields["windows"] = week_windows(windows, faults)
    else:
        fields["windows"] = _models(windows, "windows", faults, _window)
    exceptions = fields.get("exceptions", ())
    if isinstance(exceptions, Mapping):
        fields["exceptions"] = day_exceptions({_date(day): text for day, text in exceptions.items()}, faults)
    else:
        fields["exceptions"] = _models(exceptions, "exceptions", faults, _exception)
    for key, read in (("holidays", _date), ("closures", _closure)):
        if isinstance(fields.get(key), list | tuple):
            fields[key] = [read(value) for value in fields[key]]
    return fields


def _models(values: Any, field: str, faults: list[Fault], read: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(values, list | tuple):
        faults.append(Fault(field, f"expected a list, or a table of texts, got {values!r}"))
        return []
    models = []
    for place, value in enumerate(values):
        try:
            models.append(read(value))
        except CalendarError as error:
            faults += [evolve(fault, where=f"{field}[{place}].{fault.where}".rstrip(".")) for fault in error.faults]
    return models


def _window(value: Any) -> Window:
    raise_faults(list(_key_faults(value, WINDOW_KEYS, needed=WINDOW_KEYS)))
    return Window(**value)


def _exception(value: Any) -> DayException:
    raise_faults(list(_key_faults(value, EXCEPTION_KEYS, needed=EXCEPTION_KEYS)))
    return DayException(_date(value["day"]), value["spans"])


def _key_faults(value: object, known: tuple[str, ...], *, needed: tuple[str, ...] = ()) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault("", f"expected a table of names and values, got {value!r}")
        return
    for key in value:
        if key not in known:
            yield Fault("", f"unknown key {key!r}{did_you_mean(str(key), known)}")
    for key in needed:
        if key not in value:
            yield Fault("", f"{key!r} is missing")


def _date(value: Any) -> Any:
    with suppress(TypeError, ValueError):
        return date.fromisoformat(value)
    return value


def _closure(value: Any) -> Any:
    return [_instant(side) for side in value] if isinstance(value, list | tuple) else value


def _instant(value: Any) -> Any:
    with suppress(TypeError, ValueError):
        return datetime.fromisoformat(value)
    return value
