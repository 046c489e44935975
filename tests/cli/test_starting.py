"""How the program starts: what it loads, what its help says, and that its examples work."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from leadkit import samples
from leadkit.cli import main
from leadkit.cli.arguments import program_parser
from leadkit.cli.program import VERBS
from leadkit.cli.team_arguments import LOG_PROFILES, PEOPLE_PROFILES
from leadkit.escalation import PROFILES
from leadkit.interchange import csv
from leadkit.interchange.csv._people_profiles import ProfileName
from leadkit.interchange.event_csv import write_event_csv
from leadkit.wbs import Person, Team

HEAVY = {"scipy", "matplotlib", "narwhals", "pandas", "polars", "pyarrow", "jinja2", "ortools", "igraph", "tqdm"}
ROOMS = {"wbs", "escalation", "org", "queueing", "plots", "reports", "interchange", "skills", "calendars"}


def parsers() -> dict[str, argparse.ArgumentParser]:
    (found,) = [one for one in program_parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found.choices)


def loaded_by(*arguments: str) -> set[str]:
    """List the modules that are loaded after a command."""
    code = f"import sys; from leadkit.cli import main; main({arguments!r}); print('|', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    return set(ran.stdout.rpartition("|")[2].split())


@pytest.mark.parametrize("arguments", [("--help",), ("pilot", "--help"), ("frameworks",), ("frameworks", "vitals")])
def test_help_and_the_catalogue_load_nothing_heavy_and_no_other_room(arguments: tuple[str, ...]) -> None:
    modules = loaded_by(*arguments)
    assert not HEAVY & {name.partition(".")[0] for name in modules}
    assert not ROOMS & {name.split(".")[1] for name in modules if name.startswith("leadkit.")}
    if "--help" in arguments:
        assert "numpy" not in modules


@pytest.mark.parametrize("arguments", [("form", "ved"), ("check", "ved")])
def test_a_form_and_a_check_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not HEAVY & {name.partition(".")[0] for name in loaded_by(*arguments)}


def test_every_verb_has_its_function() -> None:
    assert set(parsers()) == set(VERBS)
    for verb, home in VERBS.items():
        assert callable(getattr(import_module(f"leadkit.cli.{home}"), verb))


def test_profiles_are_those_of_the_library() -> None:
    assert tuple(PROFILES) == LOG_PROFILES
    assert get_args(ProfileName) == PEOPLE_PROFILES


@pytest.mark.parametrize("verb", VERBS)
def test_every_argument_is_explained_and_there_is_an_example(verb: str) -> None:
    parser = parsers()[verb]
    assert all(action.help for action in parser._actions)
    told = parser.format_help()
    assert f"\n  leadkit {verb}" in told
    assert "exit codes: 0 fine, 1 the data has faults, 2 wrong usage" in told
    assert max(len(line) for line in (parser.epilog or "").splitlines()) <= 88


def test_python_m_leadkit_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("--version",), ("frameworks", "ved"), ("check", "vde"), ("fly",)):
        code = main(arguments)
        said = capsys.readouterr()
        ran = subprocess.run(
            [sys.executable, "-m", "leadkit", *arguments], capture_output=True, check=False, text=True, encoding="utf-8"
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (code, said.out, said.err)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the files that the examples speak of."""
    monkeypatch.chdir(tmp_path)
    firm = samples.organisation(n_teams=4, team_size=5, rng=1)
    pulse = samples.pulse(firm, rng=1)
    plan, skills = samples.plan(), samples.desk_skills()
    texts = {
        "answers.csv": csv.write_responses(samples.answers("ved", n=3, rng=1, teams=("north",))),
        "ratings.csv": csv.write_ratings(samples.ratings("ved", n_leaders=1, rng=1)),
        "people.csv": csv.write_people(firm),
        "scores.csv": csv.write_person_scores(
            csv.PersonScores(person_ids=pulse.person_ids, names=("mood",), values=pulse.values.reshape(-1, 1))
        ),
        "plan.csv": csv.write_plan(plan),
        "team.csv": csv.write_team(plan.team),
        "desk.csv": csv.write_team(Team(people=[Person(id=own) for own in skills.people], skills=skills)),
        "tickets.csv": write_event_csv(samples.tickets(100)),
        "my-own.toml": (Path(__file__).parent.parent / "data" / "bfi.toml").read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "demo"])
def test_the_examples_of_the_help_work(verb: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if verb == "pilot":
        (here / "desk.csv").replace(here / "team.csv")
    for made in {"form": ("answers.csv",), "score": ("scores.csv",)}.get(verb, ()):
        (here / made).unlink()
    lines = [line.split() for line in (parsers()[verb].epilog or "").splitlines() if line.startswith("  leadkit ")]
    for _, *arguments in lines:
        assert main(arguments) == 0, shlex.join(arguments)
        out = capsys.readouterr().out
        for at, word in enumerate(arguments):
            if word in ("--out", "--report"):
                assert (here / arguments[at + 1]).stat().st_size
                assert f"wrote {arguments[at + 1]}" in out
