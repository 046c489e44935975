"""Every block of the README runs as it stands there, in the order it stands there, and prints what stands below it."""

from __future__ import annotations

import codeop
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve, frozen
from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = ("python -m leadkit demo", "python -m pytest -q")
RUNNER = """
import contextlib, io, json, sys

printed, names = [], {"__name__": "__main__"}
for number, block in enumerate(json.load(sys.stdin), start=1):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(block, f"block {number}", "exec"), names)
    printed.append(out.getvalue())
json.dump(printed, sys.stdout)
"""


@frozen
class Block:
    """A fenced block, and what it prints according to the block that follows it at once."""

    section: str
    language: str
    text: str
    printed: str = ""
    code: int = 0


def blocks_of(readme: str) -> list[Block]:
    section = ""
    found: list[Block] = []
    tokens = MarkdownIt().parse(readme)
    for before, token in pairwise(tokens):
        if (before.type, before.tag) == ("heading_open", "h2"):
            section = token.content
        elif token.type == "fence" and not token.info.startswith("text"):
            found.append(Block(section, token.info, token.content))
        elif token.type == "fence":
            assert before.type == "fence", f"what prints this? {token.content}"
            code = int(token.info.partition("exit=")[2] or 0)
            found[-1] = evolve(found[-1], printed=token.content, code=code)
    return found


BLOCKS = blocks_of(README)


def sections_in(language: str) -> list[str]:
    return list(dict.fromkeys(block.section for block in BLOCKS if block.language == language))


def chosen(section: str, language: str) -> list[Block]:
    return [block for block in BLOCKS if (block.section, block.language) == (section, language)]


def agrees(printed: str, expected: str) -> bool:
    """Compare word for word, where a line of three dots stands for any lines."""
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line == "...\n" else re.escape(line) for line in expected.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.fixture(scope="module")
def after_set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with what the first set-up line leaves: the environment and the demonstration."""
    folder = tmp_path_factory.mktemp("checkout")
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "activate").write_text('PATH="$PWD/.venv/bin:$PATH"\n', encoding="utf-8")
    program = programs / "leadkit"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m leadkit "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    subprocess.run([sys.executable, "-m", "leadkit", "demo"], cwd=folder, check=True, capture_output=True)
    return folder


def test_a_block_is_code_commands_or_a_set_up_line() -> None:
    assert {block.language for block in BLOCKS} == {"", "sh", "python"}


def test_the_first_line_with_the_words_that_ci_looks_for_is_a_whole_set_up_line() -> None:
    for words in SET_UP:
        first = next(line for line in README.splitlines() if words in line)
        assert first.startswith("python3 -m venv .venv && ")
        assert first.endswith(words)


def test_blocks_without_a_language_install_and_nothing_else_is_left_to_ci() -> None:
    plain = [block.text for block in BLOCKS if not block.language]
    assert len(plain) == len(SET_UP) + 1
    assert all("pip install" in text and text.count("\n") == 1 for text in plain)
    needed = plain[-1].removeprefix(".venv/bin/pip install -q ").split()
    assert all(importlib.util.find_spec(name) for name in needed)


def test_there_is_a_path_for_each_user() -> None:
    assert sections_in("sh") == ["Ten minutes for a trainer"]
    assert sections_in("python")[:2] == ["Ten minutes for a developer", "Ten minutes for a researcher"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize("section", sections_in("sh"))
def test_the_commands_of_a_path_print_what_stands_below_them(section: str, after_set_up: Path, tmp_path: Path) -> None:
    blocks = chosen(section, "sh")
    script = "".join(
        f'{{\n{block.text}}} > "{tmp_path}/{n}.out" 2>&1\necho $? > "{tmp_path}/{n}.code"\n'
        for n, block in enumerate(blocks)
    )
    bash = shutil.which("bash") or "bash"
    subprocess.run(
        [bash], input=script, cwd=after_set_up, check=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    for n, block in enumerate(blocks):
        printed = (tmp_path / f"{n}.out").read_text(encoding="utf-8")
        assert agrees(printed, block.printed), f"{block.text}printed\n{printed}in place of\n{block.printed}"
        assert int((tmp_path / f"{n}.code").read_text(encoding="utf-8")) == block.code, block.text


@pytest.mark.parametrize("section", sections_in("python"))
def test_the_code_of_a_path_prints_what_stands_below_it(section: str, tmp_path: Path) -> None:
    blocks = chosen(section, "python")
    given = json.dumps([block.text for block in blocks])
    done = subprocess.run(
        [sys.executable, "-c", RUNNER], input=given, cwd=tmp_path, check=False, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    for block, printed in zip(blocks, json.loads(done.stdout), strict=True):
        assert agrees(printed, block.printed), f"{block.text}printed\n{printed}in place of\n{block.printed}"


@pytest.mark.parametrize("section", sections_in("python"))
def test_the_code_of_a_path_can_be_pasted_into_the_interpreter(section: str) -> None:
    for block in chosen(section, "python"):
        typed: list[str] = []
        for line in block.text.splitlines():
            typed.append(line)
            if codeop.compile_command("\n".join(typed)) is not None:
                typed = []
        assert not typed, f"an empty line is missing at the end of\n{block.text}"


def test_links_lead_somewhere() -> None:
    headings = {re.sub(r"[^a-z0-9]+", "-", title.lower()) for title in re.findall(r"^## (.+)$", README, re.MULTILINE)}
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) > 3
    assert [link for link in links if not (link[1:] in headings or (ROOT / link).exists())] == []


def test_three_dots_stand_for_lines_and_for_nothing_else() -> None:
    assert agrees("one\ntwo\nthree\n", "one\n...\nthree\n")
    assert agrees("one\nthree\n", "one\n...\nthree\n")
    assert not agrees("one\ntwo\n", "one\n")
    assert not agrees("one\n", "")
