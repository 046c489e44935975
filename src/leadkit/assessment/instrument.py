"""The questionnaire as a model, and the keys that score it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, Self, get_args

import numpy as np
from attrs import evolve, field, frozen

from leadkit._fields import identifier_faults, repeated, sealed, string_faults
from leadkit.assessment.items import Composite, Dimension, Item, ResponseScale, raise_faults
from leadkit.assessment.text import Text, frozen_text, in_language, is_language_tag, languages_of, look_up, text_faults
from leadkit.errors import Fault, UnknownIdError
from leadkit.typing import FloatArray

__all__ = ["Composite", "Dimension", "Instrument", "Item", "ResponseScale", "Status"]

Status = Literal["unvalidated", "pilot", "validated"]
"""How far a questionnaire has been tried."""
SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def _dimension_tuple(dimensions: Iterable[Dimension]) -> tuple[Dimension, ...]:
    return tuple(dimensions)


def _composite_tuple(composites: Iterable[Composite]) -> tuple[Composite, ...]:
    return tuple(composites)


@frozen(kw_only=True)
class Instrument:
    """A questionnaire and the rules that score it.

    Parameters
    ----------
    id : str
        Identifier.
    version : str
        Semantic version: changed keys, scale or wording make a new major version.
    title : Text
        What people call it.
    scale : ResponseScale
        The answers of every item.
    dimensions : tuple of Dimension
        At least one; item ids are unique over all of them.
    composites : tuple of Composite
        Weighted means of dimensions.
    source, licence : str
        Where the idea comes from, and the licence of the wording.
    status : {"unvalidated", "pilot", "validated"}
        How far it has been tried.
    note : Text
        What a user must know.
    description : Text
        What it measures and how to use it.
    language : str
        BCP 47 tag of every text that is given in one language only.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> text = '''
    ... id = "mood"
    ... version = "1.0.0"
    ... title = "Mood of the day"
    ... source = "Example"
    ... licence = "MIT"
    ... status = "unvalidated"
    ... scale = { low = 1, high = 5 }
    ... [[dimensions]]
    ... id = "calm"
    ... name = "Calm"
    ... items = [{ id = "calm1", text = "I am calm." }, { id = "calm2", text = "I am tense.", reverse = true }]
    ... '''
    >>> mood = Instrument.parse(text)
    >>> mood.item_ids, mood.n_items, mood.keys().tolist()
    (('calm1', 'calm2'), 2, [[1.0], [-1.0]])
    """

    id: str
    version: str
    title: Text = field(converter=frozen_text)
    scale: ResponseScale
    dimensions: tuple[Dimension, ...] = field(converter=_dimension_tuple)
    composites: tuple[Composite, ...] = field(default=(), converter=_composite_tuple)
    source: str
    licence: str
    status: Status
    note: Text = field(default="", converter=frozen_text)
    description: Text = field(default="", converter=frozen_text)
    language: str = "en"

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id")
        if not isinstance(self.version, str) or not SEMANTIC_VERSION.fullmatch(self.version):
            faults.append(Fault("version", f"expected a version like '1.0.0', got {self.version!r}"))
        faults += text_faults(self.title, "title")
        faults += string_faults(self.source, "source") + string_faults(self.licence, "licence")
        if self.status not in get_args(Status):
            faults.append(Fault("status", f"expected one of {', '.join(get_args(Status))}, got {self.status!r}"))
        faults += text_faults(self.note, "note", may_be_empty=True)
        faults += text_faults(self.description, "description", may_be_empty=True)
        if not is_language_tag(self.language):
            faults.append(Fault("language", f"expected a language tag like 'en', got {self.language!r}"))
        faults += id_faults(
            [(dimension.id, [item.id for item in dimension.items]) for dimension in self.dimensions],
            [(composite.id, list(composite.weights)) for composite in self.composites],
        )
        raise_faults(faults, f"instrument {self.id!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an instrument from TOML, strictly.

        Raises
        ------
        DefinitionError
            The text is not TOML, a key is unknown or missing, or a rule is broken; every fault with its path.

        Examples
        --------
        >>> Instrument.parse('id = "a"')
        Traceback (most recent call last):
        ...
        leadkit.errors.DefinitionError: 7 faults
          'version' is missing
          'title' is missing
          'scale' is missing
          'dimensions' is missing
          'source' is missing
          'licence' is missing
          'status' is missing
        """
        from leadkit.assessment.definition import parse_instrument

        return parse_instrument(text, cls)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        id: str,  # noqa: A002 - the field's name
        version: str,
        title: Text,
        source: str,
        licence: str,
        status: Status = "unvalidated",
    ) -> Self:
        """Read a researcher's key table, one row an item.

        Parameters
        ----------
        rows : iterable of mapping
            Keys `item`, `dimension`, `low`, `high` (the same in every row) and, optionally, `text` (default: the
            item's id), `reverse` (default False) and `weight` (default 1).

        Raises
        ------
        DefinitionError
            Any row is wrong; every fault with its row, counted from 1.

        Examples
        --------
        >>> rows = [{"item": "a1", "dimension": "agree", "reverse": True, "low": 1, "high": 6}]
        >>> key = Instrument.from_rows(rows, id="agree", version="1.0.0", title="Agree", source="IPIP", licence="CC0")
        >>> key.keys().tolist()
        [[-1.0]]
        """
        from leadkit.assessment.definition import instrument_from_rows

        return instrument_from_rows(
            rows, cls, id=id, version=version, title=title, source=source, licence=licence, status=status
        )

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, dimension by dimension."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Ids of all items, dimension by dimension."""
        return tuple(item.id for item in self.items)

    @property
    def n_items(self) -> int:
        """Number of items."""
        return sum(len(dimension.items) for dimension in self.dimensions)

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """Ids of the dimensions."""
        return tuple(dimension.id for dimension in self.dimensions)

    @property
    def scale_ids(self) -> tuple[str, ...]:
        """Ids of the dimensions, then of the composites."""
        return self.dimension_ids + tuple(composite.id for composite in self.composites)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every text is there, sorted."""
        return languages_of(self._texts(), self.language)

    @property
    def hash(self) -> str:
        """SHA-256 of all that affects scoring; a translation keeps it, a changed key does not."""
        canonical = json.dumps(self._scoring_rules(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    @property
    def major_version(self) -> int:
        """First part of the version; scores of different major versions are not compared."""
        return int(self.version.split(".", maxsplit=1)[0])

    def dimension(self, dimension_id: str) -> Dimension:
        """Return the dimension with an id.

        Raises
        ------
        UnknownIdError
            There is none; the message gives those that there are.
        """
        for dimension in self.dimensions:
            if dimension.id == dimension_id:
                return dimension
        raise UnknownIdError.of(dimension_id, self.dimension_ids, kind="dimension")

    def keys(self) -> FloatArray:
        """Give the signed weights `(k, d)` of items in dimensions: negative for a reversed item, 0 elsewhere."""
        keys = np.zeros((self.n_items, len(self.dimensions)))
        row = 0
        for column, dimension in enumerate(self.dimensions):
            for item in dimension.items:
                keys[row, column] = -item.weight if item.reverse else item.weight
                row += 1
        return sealed(keys)

    def translated(self, language: str) -> Self:
        """Give the instrument with every text in one language; `de-AT` falls back to `de`.

        Raises
        ------
        UnknownIdError
            Not every text is there in that language; the message gives the languages that there are.
        """
        tag = look_up(language, self.languages) if isinstance(language, str) else None
        if tag is None:
            raise UnknownIdError.of(language, self.languages, kind=f"language of instrument {self.id!r}")
        dimensions = tuple(
            evolve(
                dimension,
                name=in_language(dimension.name, tag),
                description=in_language(dimension.description, tag),
                items=tuple(
                    evolve(
                        item,
                        text=in_language(item.text, tag),
                        observer_text=None if item.observer_text is None else in_language(item.observer_text, tag),
                    )
                    for item in dimension.items
                ),
            )
            for dimension in self.dimensions
        )
        return evolve(
            self,
            title=in_language(self.title, tag),
            note=in_language(self.note, tag),
            description=in_language(self.description, tag),
            scale=evolve(self.scale, labels=tuple(in_language(label, tag) for label in self.scale.labels)),
            dimensions=dimensions,
            composites=tuple(evolve(part, name=in_language(part.name, tag)) for part in self.composites),
            language=tag,
        )

    def _texts(self) -> Iterator[Text]:
        yield from (self.title, self.note, self.description, *self.scale.labels)
        for dimension in self.dimensions:
            yield from (dimension.name, dimension.description)
        for composite in self.composites:
            yield composite.name
        for item in self.items:
            yield item.text
            if item.observer_text is not None:
                yield item.observer_text

    def _scoring_rules(self) -> dict[str, Any]:
        dimensions = {
            dimension.id: {
                "items": {
                    item.id: [-item.weight if item.reverse else float(item.weight), item.facet]
                    for item in dimension.items
                },
                "min_answered": dimension.min_answered,
            }
            for dimension in self.dimensions
        }
        composites = {part.id: {key: float(w) for key, w in part.weights.items()} for part in self.composites}
        return {
            "id": self.id,
            "scale": [int(self.scale.low), int(self.scale.high)],
            "dimensions": dimensions,
            "composites": composites,
        }


def id_faults(
    dimensions: Iterable[tuple[str, Iterable[str]]], composites: Iterable[tuple[str, Iterable[str]]]
) -> list[Fault]:
    """List the faults that lie between parts: repeated ids, a composite of an unknown dimension, no dimension."""
    dimensions = [(name, list(items)) for name, items in dimensions]
    composites = [(name, list(parts)) for name, parts in composites]
    known = [name for name, _ in dimensions]
    faults = [] if dimensions else [Fault("dimensions", "an instrument needs at least one dimension")]
    for name in repeated(item for _, items in dimensions for item in items):
        homes = ", ".join(repr(dimension) for dimension, items in dimensions for item in items if item == name)
        faults.append(Fault("dimensions", f"item id {name!r} is there more than once (in {homes})"))
    faults += [
        Fault("dimensions", f"id {name!r} names more than one dimension or composite")
        for name in repeated(known + [name for name, _ in composites])
    ]
    for i, (_, parts) in enumerate(composites):
        for name in parts:
            if name not in known:
                hint = UnknownIdError.of(name, known, kind="dimension")
                faults.append(Fault(f"composites[{i}].weights", str(hint)))
    return faults
