"""What a person sees on a terminal: a bar on the error stream while long work runs, and nothing of it afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from leadkit import samples
from leadkit.cli import main
from leadkit.interchange import csv
from leadkit.interchange.event_csv import write_event_csv
from leadkit.wbs import Person, Team

fcntl = pytest.importorskip("fcntl", reason="this system has no pseudo-terminals")
pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
termios = pytest.importorskip("termios", reason="this system has no pseudo-terminals")

WITHOUT_TQDM = "import sys; sys.modules['tqdm'] = None; from leadkit.cli import main; sys.exit(main())"
COMMANDS = {
    "score": (
        ("ved", "answers.csv", "--group", "team", "--report", "out.html"),
        ("measuring reliability", "writing pages"),
    ),
    "feedback": (("ved", "ratings.csv", "--report", "out.html"), ("deciding what may be shown", "writing pages")),
    "pyramid": (
        ("people.csv", "--scores", "scores.csv", "--advice", "advice.csv", "--report", "out.html"),
        ("drawing samples", "measuring who is asked", "writing sections"),
    ),
    "plan": (
        ("plan.csv", "--team", "team.csv", "--schedules", "50", "--runs", "500", "--report", "out.html"),
        ("trying schedules", "simulating", "writing sections"),
    ),
    "pilot": (
        ("tickets.csv", "--team", "desk.csv", "--report", "out.html"),
        ("reading tickets.csv", "evaluating the pilot", "writing sections"),
    ),
}
"""What is typed, and what the bars say while it runs."""


def left_on_screen(drawn: str) -> str:
    """Give the lines that are left of what was drawn: a carriage return goes to its beginning, ESC[A one up."""
    lines, row, column = [""], 0, 0
    at = 0
    while at < len(drawn):
        sign = drawn[at]
        at += 1
        if sign == "\r":
            column = 0
        elif sign == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif drawn.startswith("[A", at) and sign == "\x1b":
            row, at = row - 1, at + 2
        else:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + sign + line[column + 1 :]
            column += 1
    return "\n".join(line.rstrip() for line in lines).strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write inputs for every command, once."""
    made = tmp_path_factory.mktemp("terminal")
    firm = samples.organisation(n_teams=4, team_size=5, rng=1)
    pulse = samples.pulse(firm, rng=1)
    scores = csv.PersonScores(person_ids=pulse.person_ids, names=("mood",), values=pulse.values.reshape(-1, 1))
    plan = samples.plan()
    skills = samples.desk_skills()
    texts = {
        "answers.csv": csv.write_responses(samples.answers("ved", n=2, rng=1, teams=("north",))),
        "ratings.csv": csv.write_ratings(samples.ratings("ved", n_leaders=1, rng=1)),
        "people.csv": csv.write_people(firm),
        "scores.csv": csv.write_person_scores(scores),
        "advice.csv": csv.write_nominations(*samples.advice(firm, rng=1)),
        "plan.csv": csv.write_plan(plan),
        "team.csv": csv.write_team(plan.team),
        "tickets.csv": write_event_csv(samples.tickets(60)),
        "desk.csv": csv.write_team(Team(people=[Person(id=own) for own in skills.people], skills=skills)),
    }
    for name, text in texts.items():
        (made / name).write_text(text, encoding="utf-8", newline="")
    return made


class Screen:
    """A terminal that is read while a program draws on it."""

    def __init__(self) -> None:
        self.end, self.errors = pty.openpty()
        fcntl.ioctl(self.errors, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.pieces: list[bytes] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # Linux says so when the other end is closed
            while piece := os.read(self.end, 65536):
                self.pieces.append(piece)

    @property
    def drawn(self) -> str:
        return b"".join(self.pieces).decode("utf-8")

    def close(self) -> str:
        """Wait until everybody who could draw has gone, and give all that was drawn."""
        self.reader.join(60)
        os.close(self.end)
        return self.drawn


def run_on_terminal(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Give the exit code, what went to standard output, and what was drawn on the terminal of the error stream."""
    screen = Screen()
    capsys.readouterr()
    with open(screen.errors, "w", encoding="utf-8") as errors, contextlib.redirect_stderr(errors):  # noqa: PTH123 - a descriptor
        code = main(arguments)
    return code, capsys.readouterr().out, screen.close()


def start(folder: Path, *arguments: str, program: list[str], errors: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, *program, *arguments, "--force"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=errors)


def leave_out_tqdm(monkeypatch: pytest.MonkeyPatch, *, tqdm: bool) -> None:
    if tqdm:
        pytest.importorskip("tqdm")
    else:
        monkeypatch.setitem(sys.modules, "tqdm", None)


@pytest.mark.parametrize("tqdm", [True, False], ids=["tqdm", "plain"])
@pytest.mark.parametrize("verb", COMMANDS)
def test_long_work_draws_bars_on_a_terminal_and_takes_them_away(
    verb: str, tqdm: bool, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    leave_out_tqdm(monkeypatch, tqdm=tqdm)
    arguments, labels = COMMANDS[verb]
    code, out, drawn = run_on_terminal(capsys, verb, *arguments, "--force")
    assert code == 0, drawn
    for label in labels:
        assert label in drawn
    assert left_on_screen(drawn) == ""
    told = out.splitlines()
    assert told[-1] == f"wrote {arguments[-1]}"
    assert "\r" not in out
    assert not [line for line in told if any(label in line for label in labels)]


def test_a_failure_takes_the_bar_away_before_it_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    leave_out_tqdm(monkeypatch, tqdm=False)
    (folder / "wrong.csv").write_text("ticket,at\na,yesterday\n", encoding="utf-8")
    code, _, drawn = run_on_terminal(capsys, "pilot", "wrong.csv")
    assert code == 1
    assert "reading wrong.csv" in drawn
    assert left_on_screen(drawn).startswith("wrong.csv: ")


def test_there_is_nothing_in_a_pipe(folder: Path) -> None:
    ran = start(folder, "pyramid", *COMMANDS["pyramid"][0][:-2], program=["-m", "leadkit"], errors=subprocess.PIPE)
    _, told = ran.communicate(timeout=120)
    assert (ran.returncode, told) == (0, b"")


@pytest.mark.parametrize("program", [["-m", "leadkit"], ["-c", WITHOUT_TQDM]], ids=["tqdm", "plain"])
def test_control_c_ends_with_one_word_and_no_bar(program: list[str], folder: Path) -> None:
    if program == ["-m", "leadkit"]:
        pytest.importorskip("tqdm")
    screen = Screen()
    options = ("--team", "team.csv", "--schedules", "100000000", "--out", "never.csv")
    ran = start(folder, "plan", "plan.csv", *options, program=program, errors=screen.errors)
    os.close(screen.errors)
    try:
        until = time.monotonic() + 100
        while "trying schedules" not in screen.drawn and ran.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        ran.send_signal(signal.SIGINT)
        out, _ = ran.communicate(timeout=60)
    finally:
        ran.kill()
    drawn = screen.close()
    assert (ran.returncode, out) == (130, b""), drawn
    assert "trying schedules" in drawn
    assert left_on_screen(drawn) == "stopped"
    assert not (folder / "never.csv").exists()
    assert not list(folder.glob(".*"))
