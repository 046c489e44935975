"""Nodes as flat rows in plain Python, every field of them."""

from __future__ import annotations

from typing import Any

from attrs import fields

from leadkit._convert import unstructure
from leadkit._results import plain
from leadkit.wbs.structure._outline import Outline
from leadkit.wbs.structure.describing import Dictionary, Document
from leadkit.wbs.structure.packages import WorkPackage

__all__ = ["GROUP", "PACKAGE_KEYS", "ROW_KEYS", "records_of"]

GROUP = "group"
PACKAGE_KEYS = ("estimate", "basis", "needs", "calendar", "not_before", "deadline", "documents")
PLACE_KEYS = ("id", "parent", "position", "code")
ROW_KEYS = (*PLACE_KEYS, "name", "kind", "measures", "dictionary", *PACKAGE_KEYS)


def records_of(outline: Outline, prefix: str) -> list[dict[str, Any]]:
    """Give one record a node in outline order."""
    counts = [0] * len(outline.nodes)
    records = []
    for i, node in enumerate(outline.nodes):
        above = outline.above[i]
        record: dict[str, Any] = dict.fromkeys(ROW_KEYS)
        record.update(id=node.id, code=node.code, name=node.name, measures=dict(node.measures))
        if above >= 0:
            counts[above] += 1
            record.update(parent=outline.nodes[above].id, position=counts[above])
        else:
            record["code"] = prefix or None
        record["dictionary"] = _dictionary(node.dictionary)
        record["kind"] = GROUP
        if isinstance(node, WorkPackage):
            record.update(_package(node))
        records.append(record)
    return records


def _package(package: WorkPackage) -> dict[str, Any]:
    return {
        "kind": package.kind,
        "estimate": None if package.estimate is None else unstructure(package.estimate),
        "basis": package.basis,
        "needs": [need.to_dict() for need in package.needs],
        "calendar": package.calendar,
        "not_before": plain(package.not_before),
        "deadline": plain(package.deadline),
        "documents": [_document(document) for document in package.documents],
    }


def _document(document: Document) -> dict[str, Any]:
    return {part.name: getattr(document, part.name) for part in fields(Document)}


def _dictionary(entry: Dictionary | None) -> dict[str, Any] | None:
    """Give what an entry says, without the fields in which it says nothing."""
    return (
        None
        if entry is None
        else {part.name: plain(getattr(entry, part.name)) for part in fields(Dictionary) if getattr(entry, part.name)}
    )
