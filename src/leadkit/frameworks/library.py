"""The questionnaires that come with leadkit, and a user's own, by name or path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from leadkit.assessment import Instrument
from leadkit.assessment.definition import toml_data
from leadkit.errors import DefinitionError, Fault, UnknownIdError
from leadkit.frameworks._files import SUFFIX, shipped_names, shipped_text, user_text

__all__ = ["load", "names"]


@cache
def names() -> tuple[str, ...]:
    """List the frameworks that come with leadkit.

    Returns
    -------
    tuple of str
        Sorted names; each is what `load` and `about` take.

    Examples
    --------
    >>> names()
    ('crm_culture', 'customer_focus', 'excellent_leader', 'lead_without_title', 'team_lead', 'ved', 'vitals')
    """
    return tuple(name for name in shipped_names() if "dimensions" in toml_data(shipped_text(name), subject=name))


def load(name: str | Path, language: str | None = None) -> Instrument:
    """Load a framework as an instrument that can be answered and scored.

    Parameters
    ----------
    name : str or Path
        One of `names()`, or the path of a user's own file: a `Path`, or a text that ends in `.toml`.
    language : str, optional
        BCP 47 tag of the language of every text; `de-AT` falls back to `de`. The file's own language (English in
        all that come with leadkit) when None.

    Returns
    -------
    Instrument
        With every text in that one language.

    Raises
    ------
    UnknownIdError
        No framework has that name, or it is not written in that language; the message lists those that there are.
    DefinitionError
        The user's file is wrong; the message lists every fault with its path.
    FileNotFoundError
        There is no file at that path.

    Examples
    --------
    >>> ved = load("ved")
    >>> ved.title, ved.n_items, ved.scale_ids[-2:]
    ('V.E.D. leadership check', 35, ('leadership', 'management'))
    >>> load("vitels")
    Traceback (most recent call last):
    ...
    leadkit.errors.UnknownIdError: unknown framework 'vitels' (did you mean 'vitals'?); known: crm_culture,
    customer_focus, excellent_leader, lead_without_title, team_lead, ved, vitals
    """
    if is_path(name):
        instrument = _from_file(Path(name))
        return instrument.translated(language or instrument.language)
    return _shipped_in(str(name), language)


def all_languages(name: str | Path) -> Instrument:
    """Load a framework with its texts in all languages."""
    return _from_file(Path(name)) if is_path(name) else _shipped(str(name))


def is_path(name: str | Path) -> bool:
    """Tell a path from the name of a framework."""
    return isinstance(name, Path) or name.endswith(SUFFIX)


@cache
def _shipped_in(name: str, language: str | None) -> Instrument:
    instrument = _shipped(name)
    return instrument.translated(language or instrument.language)


@cache
def _shipped(name: str) -> Instrument:
    if name not in names():
        raise UnknownIdError.of(name, names(), kind="framework")
    return Instrument.parse(shipped_text(name))


def _from_file(path: Path) -> Instrument:
    text = user_text(path)
    try:
        return Instrument.parse(text)
    except DefinitionError as error:
        faults = error.faults or [Fault("", str(error))]
        raise DefinitionError.from_faults(faults, subject=str(path)) from None
