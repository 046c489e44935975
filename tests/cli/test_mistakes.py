"""Whatever is typed: an exit code and a line, never a traceback, and files whole or not at all."""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import samples
from leadkit.cli import files, main
from leadkit.cli.arguments import program_parser
from leadkit.interchange.scim import write_scim

MOOD = """
id = "mood"
version = "1.0.0"
title = "Mood"
source = "Example"
licence = "MIT"
status = "unvalidated"
scale = { low = 1, high = 5 }
[[dimensions]]
id = "calm"
name = "Calm"
items = [{ id = "val1", text = "I am calm." }, { id = "val2", text = "I am tense.", reverse = true }]
"""
PLAN = """id,name,kind,duration,predecessors,needs,start,zone
site,Site,group,,,,2026-01-05 08:00,Europe/Berlin
design,Design,,2d,,python>=2,,
build,Build,,3d,design,login>=1,,
"""
TEXTS = {
    "mood.toml": MOOD,
    "answers.csv": "respondent_id,team,val1,val2\nann,n,1,2\nbo,n,5,4\ncy,s,3,\ndi,s,2,2\n",
    "ratings.csv": "ratee_id,rater_id,role,val1,val2\n"
    + "".join(
        f"ann,{'ann' if role == 'self' else f'r{i}'},{role},{1 + i % 5},3\n"
        for i, role in enumerate(["self", "manager", *["peer"] * 4])
    ),
    "comments.csv": "ratee_id,rater_id,role,text\nann,r2,peer,Calm\n",
    "people.csv": "id,manager_id,name\nann,,Ann\nbo,ann,Bo\ncy,ann,Cy\ndi,bo,Di\n",
    "scores.csv": "id,mood\nann,3\nbo,4\ncy,5\ndi,2\n",
    "advice.csv": "source,target\nbo,cy\ndi,cy\n",
    "plan.csv": PLAN,
    "team.csv": "id,python,login\nann,2,3\nbo,4,1\n",
    "tickets.csv": "ticket,at,status,level,person,domain\n"
    + "".join(
        f"t{i},2026-09-0{1 + i % 7}T{hour}:00:00Z,{status},1,{'ann' if i % 2 else 'bo'},login\n"
        for i in range(12)
        for hour, status in (("08", "assigned"), ("09", "resolved"))
    ),
    "empty.csv": "",
    "head.csv": "respondent_id,val1,val2\n",
    "bad.json": '{"leadkit_schema": 1, "type": "Plan"',
}
READ = [*TEXTS, "people.json", "actions.json", "tickets.csv.gz", "latin.csv", "binary.csv", "folder", "nothing.csv", ""]
WRITTEN = [
    *("out.csv", "out.html", "out.md", "out.svg", "out.mmd", "out.puml", "out.ics", "out.xml"),
    "kept.csv",
    "kept.html",
]
WRITTEN += ["folder", "no/out.csv", "answers.csv", "x" * 300 + ".csv"]
TARGETS = {"out", "report", "chart", "gantt", "ics", "mspdi", "management", "needs"}
WORDS = [
    "",
    "mood",
    "x",
    "ann",
    "team",
    "val1",
    "peer=2",
    "peer=x",
    "id=id",
    "level=level",
    "login=0.5",
    "nan",
    "1,2",
    "utf-16",
    "hex",
]
WORDS += [
    "2026-09-03T08:00",
    "2026-09-03",
    "Europe/Berlin",
    "Nowhere/At all",
    "\udcff",
    "=1+1",
    "-1",
    "<b>",
    "idna",
    "undefined",
]
NUMBERS = ["0", "1", "2", "-1", "0.5", "nan", "inf", "1e400", "x", "", "9" * 30, "1_0"]
PEOPLE = json.dumps(write_scim(samples.organisation(n_teams=2, team_size=2, rng=1)))
VERBS = {
    "frameworks": [["ved", "mood.toml", "vde", "folder", *TEXTS]],
    "form": [["ved", "mood.toml", "vde"]],
    "check": [["mood.toml", "ved"], READ],
    "score": [["mood.toml", "ved"], ["answers.csv", *READ]],
    "feedback": [["mood.toml"], ["ratings.csv", *READ]],
    "pyramid": [["people.csv", "people.json", *READ]],
    "plan": [["plan.csv", *READ]],
    "pilot": [["tickets.csv", *READ]],
}


def fill(folder: Path) -> None:
    """Write files of every kind, good and bad."""
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    (folder / "people.json").write_text(PEOPLE, encoding="utf-8")
    (folder / "actions.json").write_text(
        '{"leadkit_schema": 1, "type": "ActionCatalogue", "actions": []}', encoding="utf-8"
    )
    (folder / "tickets.csv.gz").write_bytes(gzip.compress(TEXTS["tickets.csv"].encode()))
    (folder / "latin.csv").write_bytes("respondent_id,val1,val2\nj\xf6rg,1,2\n".encode("latin-1"))
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 4)
    (folder / "kept.csv").write_text("kept", encoding="utf-8")
    (folder / "kept.html").write_text("kept", encoding="utf-8")
    (folder / "folder").mkdir()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def state(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def options_of(verb: str) -> list[argparse.Action]:
    (subparsers,) = [one for one in program_parser()._actions if isinstance(one, argparse._SubParsersAction)]
    parser = subparsers.choices[verb]
    return [one for one in parser._actions if one.option_strings and one.dest not in ("help", "solver")]


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Make a command that is nearly right: files of the right place or of another, and any options with any values."""
    verb = draw(st.sampled_from(sorted(VERBS)))
    line = [verb, *(draw(st.sampled_from([names[0], *names])) for names in VERBS[verb])]
    if verb == "plan":
        line += ["--runs", "5", "--schedules", "3"]
    options = options_of(verb)
    several = st.lists(st.sampled_from(options), max_size=5, unique_by=lambda one: one.dest) if options else st.just([])
    for option in draw(several):
        line.append(option.option_strings[0])
        if option.nargs != 0:
            line.append(draw(value_of(option)))
    return line


def value_of(option: argparse.Action) -> st.SearchStrategy[str]:
    if option.choices is not None:
        return st.sampled_from([*option.choices, "other"])
    if option.dest in TARGETS:
        return st.sampled_from(WRITTEN)
    if option.type is Path:
        return st.sampled_from(READ)
    if option.type in (int, float):
        return st.sampled_from(NUMBERS if option.dest not in ("runs", "schedules", "rows") else NUMBERS[:3])
    return st.sampled_from(WORDS + NUMBERS)


@settings(max_examples=int(os.environ.get("FUZZ", "60")))
@given(line=command_lines())
def test_any_command_line_ends_with_an_exit_code_and_whole_files(line: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = Path(name)
        fill(folder)
        before = state(folder)
        code, _, err = run(*line)
        assert code in (0, 1, 2), err
        assert bool(err) == bool(code) or code == 0
        after = state(folder)
        named = {line[at + 1] for at, word in enumerate(line[:-1]) if word.startswith("--")}
        changed = {own for own in {*before, *after} if before.get(own) != after.get(own)}
        assert changed <= (named if "--force" in line else named - set(before))
        if code == 2:
            assert not changed


MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from([",", '"', "\n", "\0", ";", "9", "-", "=", "\ufeff", "\r", "nan", "x" * 99, ""]),
    ),
    min_size=1,
    max_size=4,
)
READERS = {
    "answers.csv": ("score", "mood.toml", "answers.csv", "--group", "team", "--report", "out.md"),
    "ratings.csv": ("feedback", "mood.toml", "ratings.csv", "--report", "out.md"),
    "comments.csv": ("feedback", "mood.toml", "ratings.csv", "--comments", "comments.csv", "--out", "out.csv"),
    "mood.toml": ("check", "mood.toml"),
    "people.csv": ("pyramid", "people.csv", "--out", "out.csv"),
    "people.json": ("pyramid", "people.json", "--out", "out.csv"),
    "scores.csv": ("pyramid", "people.csv", "--scores", "scores.csv", "--min-n", "3", "--report", "out.md"),
    "advice.csv": ("pyramid", "people.csv", "--advice", "advice.csv", "--report", "out.md"),
    "plan.csv": ("plan", "plan.csv", "--team", "team.csv", "--runs", "5", "--schedules", "3", "--out", "out.csv"),
    "team.csv": ("plan", "plan.csv", "--team", "team.csv", "--runs", "5", "--schedules", "3", "--out", "out.csv"),
    "tickets.csv": ("pilot", "tickets.csv", "--team", "team.csv", "--min-n", "2", "--report", "out.md"),
}


@settings(max_examples=int(os.environ.get("FUZZ", "60")))
@given(name=st.sampled_from(sorted(READERS)), mutations=MUTATIONS)
def test_any_damage_to_a_file_is_told_or_does_no_harm(name: str, mutations: list[tuple[float, str]]) -> None:
    with tempfile.TemporaryDirectory() as own, contextlib.chdir(own):
        folder = Path(own)
        fill(folder)
        text = (folder / name).read_text(encoding="utf-8")
        for place, piece in mutations:
            at = int(place * len(text))
            text = text[:at] + piece + text[at + (not piece) :]
        (folder / name).write_text(text, encoding="utf-8", newline="")
        before = state(folder)
        code, _, err = run(*READERS[name])
        assert code in (0, 1, 2), err
        after = state(folder)
        assert set(after) - set(before) <= {"out.md", "out.csv"}
        if code:
            assert err
            # a pilot or a plan that cannot be done is told and written all the same
            assert after == before or READERS[name][0] == "plan"


def test_where_the_second_of_two_files_cannot_be_written_nothing_is_changed(here: Path) -> None:
    before = state(here)
    (here / "folder" / "inside").mkdir()
    with pytest.raises(files.UsageError, match="folder cannot be written"):
        files.write_whole({Path("new.csv"): "new", Path("kept.csv"): "new", Path("folder"): "new"}, force=True)
    (here / "folder" / "inside").rmdir()
    assert state(here) == before
    with pytest.raises(files.UsageError, match=r"kept\.csv exists; use --force"):
        files.write_whole({Path("new.csv"): "new", Path("kept.csv"): "new"})
    assert state(here) == before
    files.write_whole({Path("new.csv"): "new", Path("kept.csv"): "newer"}, force=True)
    assert state(here) == before | {"new.csv": b"new", "kept.csv": b"newer"}


def test_one_target_that_exists_keeps_the_other_from_being_written(here: Path) -> None:
    before = state(here)
    command = ("score", "mood.toml", "answers.csv", "--group", "team", "--out", "new.csv", "--report", "kept.html")
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert err == "leadkit score: --report kept.html exists; use --force to replace it\n"
    assert state(here) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_device_or_a_pipe_is_never_replaced_by_a_file(here: Path) -> None:
    os.mkfifo("pipe")
    code, _, err = run("form", "ved", "--out", "pipe", "--force")
    assert code == 2
    assert "pipe is a device or a pipe; expected a file name" in err
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


@pytest.mark.parametrize("verb", ["score", "feedback"])
def test_a_missing_extra_is_wrong_usage_and_says_what_to_install(
    here: Path, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    before = state(here)
    name = "answers.csv" if verb == "score" else "ratings.csv"
    more = ("--group", "team") if verb == "score" else ()
    code, out, err = run(verb, "mood.toml", name, *more, "--report", "out.html", "--out", "out.csv")
    assert (code, out) == (2, "")
    assert err.startswith(f"leadkit {verb}: ")
    assert "pip install 'leadkit[reports]'" in err
    assert len(err.splitlines()) == 1
    assert state(here) == before


def test_an_argument_no_file_can_be_named_with_is_wrong_usage(here: Path) -> None:
    for line in (("check", "a\0.toml"), ("score", "mood.toml", "a\0"), ("form", "ved", "--out", "\0")):
        assert run(*line) == (2, "", "leadkit: an argument holds a character NUL, which no name can have\n")
    code, _, err = run(
        "score", "mood.toml", "answers.csv", "--group", "team", "--title", "\udcff", "--report", "out.md"
    )
    assert (code, err) == (2, "leadkit score: '\\udcff' cannot be written in utf-8\n")
    assert not Path("out.md").exists()


@pytest.mark.parametrize("encoding", ["undefined", "idna"])
def test_an_encoding_that_cannot_hold_the_file_is_a_fault_of_the_file(here: Path, encoding: str) -> None:
    code, _, err = run("check", "mood.toml", "binary.csv", "--encoding", encoding)
    assert code == 1
    assert err.startswith("binary.csv: this is not text in ")


@pytest.mark.parametrize("option", [(), ("--scores", "latin.csv"), ("--advice", "latin.csv")])
def test_a_file_is_named_once_before_its_fault(here: Path, option: tuple[str, ...]) -> None:
    code, _, err = run("pyramid", "people.csv" if option else "latin.csv", *option)
    assert code == 1
    assert err.count("latin.csv") == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("feedback", "mood.toml", "bad.csv"), ("row 2, column 'val1'", "row 3, column 'val2'")),
        (("pyramid", "bad.csv"), ("row 2: no id", "row 3 ('bo'): fte: expected a number, got 'x'")),
        (
            ("plan", "bad.csv"),
            ("give --start", "row 2, column 'duration'", "row 3, column 'duration'", "put it into --ignore"),
        ),
        (("plan", "plan.csv", "--team", "bad.csv"), ("row 2, column 'login'", "row 3, column 'login'")),
        (("pilot", "bad.csv"), ("row 2, column 'at'", "row 3, column 'at'")),
        (("pilot", "tickets.csv", "--team", "bad.csv"), ("row 2, column 'login'", "row 3, column 'login'")),
    ],
)
def test_every_fault_of_every_kind_of_file_has_its_row_and_column(
    here: Path, line: tuple[str, ...], told: tuple[str, ...]
) -> None:
    texts = {
        "feedback": "ratee_id,rater_id,role,val1,val2\nann,bo,peer,9,1\nann,cy,peer,1,x\n",
        "pyramid": "id,manager_id,fte\n,ann,1\nbo,,x\n",
        "plan": "id,name,duration,colour\na,A,soon,red\nb,B,x,red\n",
        "pilot": "ticket,at\na,x\nb,y\n",
    }
    text = "id,login\nann,x\nbo,y\n" if "--team" in line else texts[line[0]]
    (here / "bad.csv").write_text(text, encoding="utf-8")
    code, out, err = run(*line)
    assert (code, out) == (1, "")
    assert err.startswith("bad.csv: ")
    for place in told:
        assert place in err


def piped(here: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "leadkit", *arguments],
        cwd=here,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_pipe_takes_what_a_file_would_hold_in_every_locale(here: Path) -> None:
    (here / "mood.toml").write_text(MOOD.replace("I am calm.", "Zażółć: ich bin ruhig ✓"), encoding="utf-8")
    ran = piped(here, "form", "mood.toml", PYTHONIOENCODING="latin-1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert run("form", "mood.toml", "--out", "form.csv")[0] == 0
    assert (here / "form.csv").read_bytes() == b"\xef\xbb\xbf" + ran.stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_goes_away_is_no_mistake(here: Path) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-m", "leadkit", "form", "ved"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=here
    )
    assert ran.stdout is not None
    ran.stdout.close()
    assert ran.stderr is not None
    told = ran.stderr.read()
    ran.stderr.close()
    assert (ran.wait(60), told) == (0, b"")
