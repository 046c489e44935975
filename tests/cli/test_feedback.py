"""`leadkit feedback` as a trainer types it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from leadkit import samples
from leadkit.assessment import Comment, DisclosurePolicy, GapRule, disclose, feedback
from leadkit.cli import main
from leadkit.interchange import csv as csv_text

GIVEN = samples.ratings("ved", n_leaders=3, rng=1)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ratings.csv").write_text(csv_text.write_ratings(GIVEN), encoding="utf-8", newline="")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["feedback", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_table_is_what_the_library_discloses(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ved", "ratings.csv")
    assert code == 0
    assert out == csv_text.write_feedback(disclose(feedback(GIVEN), DisclosurePolicy()))


def test_every_option_reaches_the_library(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = DisclosurePolicy(
        min_n={"peer": 6, "direct_report": 4, "customer": 4, "other": 4}, attributed={"self", "manager"}, below="merge"
    )
    raw = feedback(GIVEN, metric="pomp", weighting="equal_raters", gap_rule=GapRule.points(0.5))
    options = [
        "--min-n",
        "4",
        "--role-min-n",
        "peer=6",
        "--named",
        "manager",
        "--merge",
        "--metric",
        "pomp",
        "--weighting",
        "equal_raters",
    ]
    code, out, _ = run(capsys, "ved", "ratings.csv", *options, "--gap-points", "0.5")
    assert code == 0
    assert out == csv_text.write_feedback(disclose(raw, policy))
    code, out, _ = run(capsys, "ved", "ratings.csv", "--gap", "0.05")
    narrow = feedback(GIVEN, gap_rule=GapRule.share_of_scale(0.05))
    assert out == csv_text.write_feedback(disclose(narrow, DisclosurePolicy()))


def test_a_table_and_reports_are_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = [
        Comment(ratee_id=ratee, rater_id=rater, role=role, text=f"So said number {i}")
        for i, (ratee, rater, role) in enumerate(zip(GIVEN.ratee_ids, GIVEN.rater_ids, GIVEN.roles, strict=True))
    ]
    (here / "comments.csv").write_text(csv_text.write_comments(texts), encoding="utf-8")
    code, out, _ = run(
        capsys, "ved", "ratings.csv", "--comments", "comments.csv", "--out", "shown.csv", "--report", "shown.html"
    )
    assert code == 0
    assert out.splitlines()[0] == "36 evaluations of 3 people by 29 raters: 84 means shown, 21 not shown"
    with (here / "shown.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3 * 5 * 7
    page = (here / "shown.html").read_text(encoding="utf-8")
    assert "So said number 0" in page
    raters = {rater for rater, role in zip(GIVEN.rater_ids, GIVEN.roles, strict=True) if rater not in GIVEN.ratee_ids}
    assert not [rater for rater in raters if rater in page]
    assert run(capsys, "ved", "ratings.csv", "--report", "shown.md", "--title", "Our year")[0] == 0
    assert (here / "shown.md").read_text(encoding="utf-8").startswith("# Our year\n")


def test_an_earlier_release_hides_what_the_difference_would_tell(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = GIVEN.ratee_ids[0]
    leaves_out = next(i for i, role in enumerate(GIVEN.roles) if role == "peer" and GIVEN.ratee_ids[i] == person)
    fewer = GIVEN[[i for i in range(len(GIVEN)) if i != leaves_out]]
    (here / "before.csv").write_text(csv_text.write_ratings(fewer), encoding="utf-8", newline="")
    _, alone, _ = run(capsys, "ved", "ratings.csv")
    code, out, _ = run(capsys, "ved", "ratings.csv", "--previous", "before.csv")
    assert code == 0

    def peers(text: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(text))
        return [row["mean"] for row in rows if row["role"] == "peer" and row["ratee_id"] == person]

    assert all(peers(alone))
    assert not any(peers(out))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--role-min-n", "peer=x"], "--role-min-n peer=x: expected ROLE=N, such as peer=5"),
        (["--min-n", "0"], "expected at least 1, got 0"),
        (["--comment-min-n", "0"], "comment_min_n: expected at least 1, got 0"),
        (["--merge", "--named", "other"], "small roles are pooled as 'other'"),
        (["--gap", "2"], "--gap: gap rule: share_of_scale"),
        (["--gap-points", "-1"], "--gap-points: gap rule: points"),
        (["--report", "shown.pdf"], "expected a name that ends in .html or .md"),
        (["--out", "ratings.csv"], "ratings.csv"),
        (["--previous", "nothing.csv"], "there is no file nothing.csv"),
    ],
)
def test_wrong_usage_is_told_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    code, out, err = run(capsys, "ved", "ratings.csv", *options)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_faults_name_their_file_row_and_column(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "wrong.csv").write_text("ratee_id,rater_id,role,vis1\nann,bo,Peer,9\n", encoding="utf-8")
    code, _, err = run(capsys, "ved", "wrong.csv", "--allow-missing-items")
    assert code == 1
    assert "wrong.csv" in err
    assert "row 2, column 'vis1': 9 is outside 1..5" in err
    (here / "comments.csv").write_text("ratee_id,rater_id,role,text\nann,bo,Peer,x\n", encoding="utf-8")
    code, _, err = run(capsys, "ved", "ratings.csv", "--comments", "comments.csv")
    assert code == 1
    assert "comments.csv" in err
    assert "row 2, column 'role'" in err


def test_a_comment_of_somebody_who_did_not_rate_is_a_fault(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "comments.csv").write_text("ratee_id,rater_id,role,text\nann,bo,peer,x\n", encoding="utf-8")
    code, _, err = run(capsys, "ved", "ratings.csv", "--comments", "comments.csv")
    assert code == 1
    assert "comments.csv" in err
