"""Public holidays of countries and of their parts, from the package `holidays`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leadkit.errors import CalendarError

__all__ = ["public_holidays"]


def public_holidays(
    country: str, years: int | Iterable[int], *, subdivision: str | None = None, observed: bool = True
) -> tuple[date, ...]:
    """List the public holidays of a country.

    Parameters
    ----------
    country : str
        ISO 3166-1 code of two letters, such as "FR".
    years : int or iterable of int
        The years, or one year. Holidays change by law, so those of years to come are what is known today.
    subdivision : str, optional
        Code of a state, canton or province as `holidays` knows it, such as "BY" for Bavaria; the holidays that all of
        the country has, if left out.
    observed : bool
        Whether a day off in place of a holiday at a weekend belongs to them.

    Returns
    -------
    tuple of datetime.date
        The dates within `years`, ascending.

    Raises
    ------
    CalendarError
        `holidays` does not know the country or the subdivision, or a year is no year.
    ImportError
        The package `holidays` is not installed.

    Examples
    --------
    >>> public_holidays("FR", 2012)[:2]
    (datetime.date(2012, 1, 1), datetime.date(2012, 4, 9))
    """
    try:
        from holidays import country_holidays
    except ImportError as error:
        msg = "public_holidays needs holidays: pip install 'leadkit[calendars]'"
        raise ImportError(msg) from error
    wanted = _years(years)
    try:
        found = country_holidays(country, subdiv=subdivision, years=wanted, observed=observed, expand=False)
    except NotImplementedError as error:
        raise CalendarError(str(error)) from None
    return tuple(sorted(day for day in found if day.year in wanted))


def _years(years: int | Iterable[int]) -> list[int]:
    wanted = [years] if isinstance(years, int) else list(years)
    for year in wanted:
        if isinstance(year, bool) or not isinstance(year, int) or not date.min.year <= year <= date.max.year:
            msg = f"years: expected years from 1 to 9999, got {year!r}"
            raise CalendarError(msg)
    return wanted
