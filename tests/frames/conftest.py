"""The same answers as a data frame of every library, and back."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from attrs import frozen

from leadkit.assessment import Responses

Table = dict[str, list[Any]]


@frozen
class Engine:
    """How a library makes a frame of columns, and what must come out of `score`."""

    make: Callable[[Table], Any]
    kind: type
    is_lazy: bool
    collect: Callable[[Any], Table]


def arrow(table: Table) -> pa.Table:
    return pa.table(
        {name: pa.array(values, None if any_value(values) else pa.int8()) for name, values in table.items()}
    )


def any_value(values: list[Any]) -> bool:
    return any(value is not None for value in values)


def of_pandas(frame: pd.DataFrame) -> Table:
    return {name: [None if pd.isna(value) else value for value in frame[name].tolist()] for name in map(str, frame)}


def pandas_numpy(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: np.array(v, dtype=float) if name != "who" else v for name, v in table.items()})


def pandas_nullable(table: Table) -> Any:
    return arrow(table).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.int8(): pd.Int8Dtype()}.get)


def pandas_arrow(table: Table) -> Any:
    return arrow(table).to_pandas(types_mapper=pd.ArrowDtype)


DUCKS = duckdb.connect()
"""Held, as a relation of an older DuckDB does not keep its connection open."""


def duck(table: Table) -> Any:
    return DUCKS.from_arrow(arrow(table))


def of_duck(relation: Any) -> Table:
    found: Table = relation.to_arrow_table().to_pydict()
    return found


def ibis_table(table: Table) -> Any:
    import ibis

    return ibis.memtable(arrow(table))


def sqlframe_table(table: Table) -> Any:
    from sqlframe.duckdb import DuckDBSession

    # SQLFrame writes infinity as a text, and an older DuckDB takes no texts and numbers in one column
    texts = [[str(v) if isinstance(v, float) else v for v in values] for values in table.values()]
    rows = list(zip(*texts, strict=True))
    types = ", ".join(f"{name} {sql_type(values)}" for name, values in table.items())
    return DuckDBSession().createDataFrame(rows, schema=types)


def spark_table(table: Table) -> Any:
    sql = pytest.importorskip("pyspark.sql")
    rows = list(zip(*table.values(), strict=True))
    types = ", ".join(f"{name} {sql_type(values)}" for name, values in table.items())
    return sql.SparkSession.builder.getOrCreate().createDataFrame(rows, schema=types)


def sql_type(values: list[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    return "string" if str in kinds else "double" if float in kinds else "int"


def of_rows(frame: Any) -> Table:
    rows = [row.asDict() for row in frame.collect()]
    return {name: [row[name] for row in rows] for name in frame.columns}


def engines() -> dict[str, Engine]:
    found = {
        "pandas": Engine(pandas_numpy, pd.DataFrame, False, of_pandas),
        "pandas nullable": Engine(pandas_nullable, pd.DataFrame, False, of_pandas),
        "pandas arrow": Engine(pandas_arrow, pd.DataFrame, False, of_pandas),
        "polars": Engine(lambda t: pl.from_arrow(arrow(t)), pl.DataFrame, False, lambda f: f.to_dict(as_series=False)),
        "polars lazy": Engine(
            lambda t: pl.LazyFrame(pl.from_arrow(arrow(t))),
            pl.LazyFrame,
            True,
            lambda f: f.collect().to_dict(as_series=False),
        ),
        "pyarrow": Engine(arrow, pa.Table, False, pa.Table.to_pydict),
        "duckdb": Engine(duck, duckdb.DuckDBPyRelation, True, of_duck),
    }
    if importlib.util.find_spec("ibis"):
        from ibis.expr.types import Table as IbisTable

        found["ibis"] = Engine(ibis_table, IbisTable, True, lambda f: f.to_pyarrow().to_pydict())
    if importlib.util.find_spec("sqlframe"):
        from sqlframe.duckdb import DuckDBDataFrame

        found["sqlframe"] = Engine(sqlframe_table, DuckDBDataFrame, True, of_rows)
    if importlib.util.find_spec("pyspark"):
        os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parents[1] / "spark" / "conf"))
        spark = pytest.importorskip("pyspark.sql")
        found["pyspark"] = Engine(spark_table, spark.DataFrame, True, of_rows)
    return found


ENGINES = engines()
ALL = (
    "pandas",
    "pandas nullable",
    "pandas arrow",
    "polars",
    "polars lazy",
    "pyarrow",
    "duckdb",
    "ibis",
    "sqlframe",
    "pyspark",
)


@pytest.fixture(params=ALL)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give one library after the other."""
    if request.param not in ENGINES:
        pytest.skip(f"{request.param} is not installed")
    return ENGINES[request.param]


@pytest.fixture(params=[name for name in ALL if name in ENGINES and not ENGINES[name].is_lazy])
def eager(request: pytest.FixtureRequest) -> Engine:
    """Give one library after the other whose rows are in memory."""
    return ENGINES[request.param]


@pytest.fixture(params=[name for name in ALL if name not in ENGINES or ENGINES[name].is_lazy])
def lazy(request: pytest.FixtureRequest) -> Engine:
    """Give one lazy library after the other."""
    if request.param not in ENGINES:
        pytest.skip(f"{request.param} is not installed")
    return ENGINES[request.param]


@pytest.fixture
def table_of() -> Callable[[Responses], Table]:
    """Give answers as whole numbers and None by item id, with the ids in `who`."""

    def table(given: Responses) -> Table:
        columns = {
            item: [None if np.isnan(value) else int(value) for value in given.values[:, i]]
            for i, item in enumerate(given.instrument.item_ids)
        }
        return {"who": list(given.respondent_ids), **columns}

    return table
