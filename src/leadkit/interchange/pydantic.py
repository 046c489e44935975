"""Models of leadkit as fields of pydantic models: checked, written and described as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import attrs
from cattrs import StructureHandlerNotFoundError

from leadkit._convert import CONVERTER
from leadkit.errors import Fault, LeadkitError
from leadkit.interchange._json_data import check_type, data_of, of_data
from leadkit.interchange._json_schema import schema_of

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema, ValidationError

__all__ = ["adapt"]

PATH: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,9}\]|\['[^']*'\])*")
PART: Final = re.compile(r"\[(\d+)\]|\['([^']*)'\]|(\w+)")


def adapt(model: type[Any]) -> Any:
    """Give the type of a pydantic field that holds a model of leadkit.

    The field takes a model, or what `interchange.json.dumps` writes of it as a dictionary (with "leadkit_schema" and
    "type"); every fault becomes an error of pydantic with its path. It is written as that dictionary, and described by
    `interchange.json.json_schema`.

    Parameters
    ----------
    model : type
        A model such as `leadkit.wbs.Plan`.

    Returns
    -------
    typing.Annotated
        The model with what pydantic (2.7 or later) has to know.

    Raises
    ------
    DisclosureError
        Values of this class are never written.
    ImportError
        pydantic is not installed.
    TypeError
        `model` is no model of leadkit, or one that is not read back.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> from leadkit.wbs import Link
    >>> field = TypeAdapter(adapt(Link))
    >>> link = field.validate_python({"leadkit_schema": 1, "type": "Link", "predecessor": "a", "successor": "b"})
    >>> link == Link(predecessor="a", successor="b"), field.dump_python(link)["kind"]
    (True, 'FS')
    """
    try:
        import pydantic  # noqa: F401 - whether it is there
    except ImportError as error:
        msg = "interchange.pydantic needs pydantic: pip install 'leadkit[pydantic]'"
        raise ImportError(msg) from error
    check_type(model)
    try:
        CONVERTER.get_structure_hook(model)
    except StructureHandlerNotFoundError:
        msg = f"{model.__name__} is not read back: its fields do not say all there is to it"
        raise TypeError(msg) from None
    return Annotated[model, _Adapter(model)]


@attrs.frozen
class _Adapter:
    """What pydantic asks about a field."""

    model: type[Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Say how the field is checked and written."""
        from pydantic_core import core_schema

        written = core_schema.plain_serializer_function_ser_schema(data_of)
        return core_schema.no_info_plain_validator_function(self.read, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say what the field looks like in JSON."""
        return {key: value for key, value in schema_of(self.model).items() if key != "$schema"}

    def read(self, value: Any) -> Any:
        """Take a model, or build it from plain data."""
        if isinstance(value, self.model):
            return value
        try:
            return of_data(value, self.model)
        except LeadkitError as error:
            raise _validation_error(self.model, value, error.faults or [Fault("", str(error))]) from None


def _validation_error(model: type[Any], value: Any, faults: Iterable[Fault]) -> ValidationError:
    """Make every fault an error of pydantic, which puts the field's own place before its path."""
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    details = []
    for fault in faults:
        place = _place(fault.where)
        shown = str(fault) if place == () and fault.where else fault.what
        kind = PydanticCustomError("leadkit_fault", "{what}", {"what": shown})
        details.append(InitErrorDetails(type=kind, loc=place, input=_at(value, place)))
    return ValidationError.from_exception_data(model.__name__, details)


def _place(where: str) -> tuple[int | str, ...]:
    """Take a path such as `links[2].kind` apart; a place in words is no path, and stays in the message."""
    if not PATH.fullmatch(where):
        return ()
    return tuple(int(index) if index else key or name for index, key, name in PART.findall(where))


def _at(value: Any, place: tuple[int | str, ...]) -> Any:
    """Give the part of plain data that a path leads to, as far as that exists."""
    for part in place:
        parts: Any = dict(enumerate(value)) if isinstance(value, list) else value
        if not isinstance(parts, Mapping) or part not in parts:
            break
        value = parts[part]
    return value
