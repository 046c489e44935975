"""The guide's blocks about Spark, run one after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from leadkit import frameworks, samples, score

sql = pytest.importorskip("pyspark.sql", reason="Spark is tested in an environment of its own, by .ci/spark.sh")
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "clusters.md"


def test_every_block_of_python_in_the_guide_runs(
    spark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = re.sub(r'"(\w+\.parquet)"', lambda name: repr(str(tmp_path / name[1])), GUIDE.read_text(encoding="utf-8"))
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(GUIDE), "exec"), names)  # noqa: S102 - a page of this repository
    assert names["spark"].sparkContext.master == spark.sparkContext.master == "local[2]"
    assert len(blocks) > 4
    shown = capsys.readouterr().out
    assert "avg(vision)" in shown
    assert "Physical Plan" in shown
    assert "EvalPython" not in shown
    written = names["spark"].read.parquet(str(tmp_path / "scores.parquet"))
    expected = score(samples.answers("ved", n=300, rng=1))
    assert written.columns == ["who", "team", *expected.scale_ids]
    assert written.count() == 300
    reliable = names["alphas"]
    assert sorted(reliable) == sorted(set(samples.answers("ved", n=300, rng=1).groups["team"]))
    assert frameworks.load("ved") == names["ved"]
