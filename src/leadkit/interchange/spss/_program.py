"""A program of its own that reads a data file of SPSS and prints it as JSON: a broken file can end the process."""

from __future__ import annotations

import json
import sys
from datetime import date, time
from typing import Any


def read(path: str, row_limit: int) -> dict[str, Any]:
    """Give columns, the labels of values and what is declared missing; or the error."""
    import pyreadstat

    try:
        columns, about = pyreadstat.read_sav(path, user_missing=True, output_format="dict", row_limit=row_limit)
    except Exception as error:  # noqa: BLE001 - whatever comes, it comes from the file
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "columns": {name: plain(column) for name, column in columns.items()},
        "labels": {name: list(labels.items()) for name, labels in about.variable_value_labels.items()},
        "ranges": about.missing_ranges,
    }


def plain(column: Any) -> list[Any]:
    """Turn a column into texts, numbers and None."""
    cells = column.tolist() if hasattr(column, "tolist") else column
    return [cell.isoformat() if isinstance(cell, date | time) else cell for cell in cells]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(sys.argv[1], int(sys.argv[2]))))
