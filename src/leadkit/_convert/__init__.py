"""The one cattrs converter: strict about types and keys, and every fault comes with its path."""

from leadkit._convert._converter import (
    CONVERTER,
    structure,
    structure_fields,
    unstructure,
)
from leadkit._convert._faults import faults_of, join_path
from leadkit._convert._parts import unknown_fields

__all__ = [
    "CONVERTER",
    "faults_of",
    "join_path",
    "structure",
    "structure_fields",
    "unknown_fields",
    "unstructure",
]
