"""Matrix questions of survey tools, made into an instrument."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from attrs import frozen

from leadkit.assessment import Dimension, Instrument, Item, ResponseScale
from leadkit.assessment.instrument import Status
from leadkit.assessment.text import Text
from leadkit.errors import DefinitionError, Fault, FormatError, LeadkitError, UnknownIdError

__all__ = ["Facts", "Matrix", "identifier_of", "instrument_of", "one_text", "scale_of"]

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<number>-?[0-9]{1,9})")


@frozen(kw_only=True)
class Facts:
    """What a survey tool does not know about a questionnaire, as `Instrument.from_rows` takes it."""

    id: str
    version: str
    source: str
    licence: str
    status: Status
    language: str
    title: Text
    reverse: tuple[str, ...]


@frozen(kw_only=True)
class Matrix:
    """A question whose rows are items and whose columns are answers.

    Parameters
    ----------
    code : str
        What the tool calls it.
    place : Fault
        Where it stands, with what is wrong left empty.
    name, description : Text
        What people read above it.
    rows : tuple of tuple
        Code and text of every row.
    scale : ResponseScale
        The answers.
    """

    code: str
    place: Fault
    name: Text
    description: Text
    rows: tuple[tuple[str, Text], ...]
    scale: ResponseScale


def identifier_of(code: str) -> str:
    """Make an identifier of a code.

    Examples
    --------
    >>> identifier_of("SQ001"), identifier_of("Row 1"), identifier_of("7a"), identifier_of("a_")
    ('sq001', 'row_1', 'q7a', 'a_')
    """
    if IDENTIFIER.fullmatch(code):
        return code
    plain = re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")
    return plain if IDENTIFIER.fullmatch(plain) else f"q{plain}"


def one_text(texts: Mapping[str, str], otherwise: str) -> Text:
    """Give the text of one language as it is, and several as a mapping; empty ones are left out.

    Examples
    --------
    >>> one_text({"en": "Calm"}, "a1"), one_text({"en": " "}, "a1"), one_text({"en": "Yes", "de": "Ja"}, "")
    ('Calm', 'a1', {'en': 'Yes', 'de': 'Ja'})
    """
    written = {language: text for language, text in texts.items() if text.strip()}
    if len(written) > 1:
        return written
    return next(iter(written.values()), otherwise)


def scale_of(answers: Sequence[tuple[str, Text]]) -> ResponseScale:
    """Make a scale of the codes and labels of answers.

    Codes are whole numbers without a gap, or such numbers after the same letters.

    Raises
    ------
    FormatError
        They are not.

    Examples
    --------
    >>> scale_of([("A1", "No"), ("A2", "Yes")])
    ResponseScale(low=1, high=2, labels=('No', 'Yes'))
    >>> scale_of([("1", "1"), ("3", "3")])
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: expected the codes of the answers to be whole numbers without a gap, got '1', '3'
    """
    found = [CODE.fullmatch(code) for code, _ in answers]
    numbers = sorted(int(one["number"]) for one in found if one)
    prefixes = {one["prefix"] for one in found if one}
    # not against a range: 0 and 999999999 would make a long one
    whole = len(numbers) == len(answers) >= 2 and all(next_one - one == 1 for one, next_one in pairwise(numbers))
    if not whole or len(prefixes) != 1:
        shown = ", ".join(repr(code[:20]) for code, _ in answers[:10]) or "none"
        msg = f"expected the codes of the answers to be whole numbers without a gap, got {shown}"
        raise FormatError(msg)
    by_number = sorted(
        zip((int(one["number"]) for one in found if one), answers, strict=True), key=lambda pair: pair[0]
    )
    labels = tuple(label for _, (_, label) in by_number)
    plain = all(label in (code, str(number)) for number, (code, label) in by_number)
    return ResponseScale(low=numbers[0], high=numbers[-1], labels=() if plain else labels)


def instrument_of(
    matrices: Sequence[Matrix], facts: Facts, *, tool: str, full: Callable[[str, str], str]
) -> Instrument:
    """Make an instrument, a dimension of every matrix question.

    Parameters
    ----------
    matrices : sequence of Matrix
        At least one, all with the same scale.
    facts : Facts
        What the tool does not know.
    tool : str
        Key of the items' external ids.
    full : callable
        Gives what the tool calls an answer, from the codes of the question and of its row.

    Raises
    ------
    FormatError
        There is no matrix question, or scales differ.
    DefinitionError
        What was found is no instrument.
    """
    if not matrices:
        msg = "there is no matrix question; expected at least one, whose rows are items and whose columns are answers"
        raise FormatError(msg)
    faults = [
        Fault(one.place.where, _other_scale(one, matrices[0]), row=one.place.row)
        for one in matrices[1:]
        if one.scale != matrices[0].scale
    ]
    if faults:
        raise FormatError.from_faults(faults)
    names = Counter(identifier_of(code) for one in matrices for code, _ in one.rows)
    items = {one.code: _items(one, names, facts.reverse, tool, full) for one in matrices}
    known = [item.id for found in items.values() for item in found]
    wrong = [UnknownIdError.of(name, known, kind="item") for name in facts.reverse if name not in known]
    if wrong:
        raise DefinitionError.from_faults([Fault("reverse", str(error)) for error in wrong])
    dimensions = _dimensions(matrices, items)
    return Instrument(
        id=facts.id,
        version=facts.version,
        title=facts.title,
        scale=matrices[0].scale,
        dimensions=dimensions,
        source=facts.source,
        licence=facts.licence,
        status=facts.status,
        language=facts.language,
    )


def _dimensions(matrices: Iterable[Matrix], items: Mapping[str, tuple[Item, ...]]) -> tuple[Dimension, ...]:
    found, faults = [], []
    for one in matrices:
        try:
            found.append(
                Dimension(id=identifier_of(one.code), name=one.name, description=one.description, items=items[one.code])
            )
        except LeadkitError as error:
            faults.append(Fault(one.place.where, str(error), row=one.place.row))
    if faults:
        raise DefinitionError.from_faults(faults)
    return tuple(found)


def _items(
    matrix: Matrix, names: Mapping[str, int], reverse: Collection[str], tool: str, full: Callable[[str, str], str]
) -> tuple[Item, ...]:
    items = []
    for code, text in matrix.rows:
        own = identifier_of(code)
        item_id = own if names[own] == 1 else f"{identifier_of(matrix.code)}_{own}"
        external = {tool: full(matrix.code, code)}
        try:
            items.append(Item(id=item_id, text=text, reverse=item_id in reverse, external_ids=external))
        except LeadkitError as error:
            where = f"{matrix.place.where}, row {code[:20]!r}"
            raise DefinitionError.from_faults([Fault(where, str(error), row=matrix.place.row)]) from None
    return tuple(items)


def _other_scale(one: Matrix, first: Matrix) -> str:
    ours, theirs = (f"{scale.low}..{scale.high}" for scale in (one.scale, first.scale))
    if ours == theirs:
        return f"its answers have other labels than those of {first.code!r}; name the questions of one instrument"
    return f"its answers are {ours}, those of {first.code!r} are {theirs}; name the questions of one instrument"
