"""The page of benchmarks names the command of every figure, and leaves no benchmark out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "background" / "benchmarks.md"
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.fixture(scope="module")
def there() -> dict[str, set[str]]:
    return {file.name: functions(file) for file in (ROOT / "benchmarks").glob("test_*.py")}


def test_every_figure_ends_with_a_benchmark_that_is_there(there: dict[str, set[str]]) -> None:
    parts = PAGE.read_text(encoding="utf-8").split("\n\n")
    tables = [part.strip().split("\n") for part in parts if part.startswith(("| work |", "| memory |"))]
    assert len(tables) == 2
    for row in [row for table in tables for row in table[2:]]:
        ((file, function),) = NAMED.findall(row)
        assert function in there[file], row


def test_no_file_of_benchmarks_is_left_out(there: dict[str, set[str]]) -> None:
    named = {file for file, _ in NAMED.findall(PAGE.read_text(encoding="utf-8"))}
    assert named == set(there)
