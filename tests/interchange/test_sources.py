"""Logs are read from whatever they are given in, by both readers alike, and nothing of the caller's is closed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadkit import samples
from leadkit.errors import FormatError
from leadkit.escalation.event_log import EventLog
from leadkit.interchange.event_csv import read_event_csv, write_event_csv
from leadkit.interchange.xes import read_xes, write_xes

LOG = samples.tickets(20)
Reader = Callable[[Any], EventLog]
FORMATS = pytest.mark.parametrize(
    ("read", "text"), [(read_event_csv, write_event_csv(LOG)), (read_xes, write_xes(LOG))], ids=["csv", "xes"]
)


class Pipe:
    """A file of which nothing is known but that it can be read."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> Any:
        return self._file.read(size)


@FORMATS
def test_text_bytes_paths_and_files_are_the_same_log_packed_or_not(tmp_path: Path, read: Reader, text: str) -> None:
    expected = read(text)
    data = ("\ufeff" + text).encode()
    packed = gzip.compress(data)
    # two members one after the other are one file, as programs that append to a log write it
    halves = gzip.compress(data[:99]) + gzip.compress(data[99:])
    path = tmp_path / "log.gz"
    path.write_bytes(packed)
    for source in (data, packed, halves, bytearray(packed), memoryview(data), path, str(path), "\ufeff" + text):
        assert read(source) == expected
    for make in (
        lambda: io.StringIO(text),
        lambda: io.StringIO("\ufeff" + text),
        lambda: io.BytesIO(data),
        lambda: io.BytesIO(packed),
        lambda: gzip.open(path),  # noqa: SIM115 - opened below, with the others
        lambda: path.open("rb"),
    ):
        with make() as file:
            assert read(file) == expected
            assert not file.closed
        with make() as file:
            assert read(Pipe(file)) == expected
            assert not file.closed


@FORMATS
def test_a_file_is_left_open_where_it_cannot_be_read(read: Reader, text: str) -> None:
    file = io.BytesIO(gzip.compress(text.encode())[:-12])
    with pytest.raises(FormatError, match="the gzip data cannot be unpacked: Compressed file ended"):
        read(file)
    assert not file.closed
    with pytest.raises(FormatError, match="the gzip data cannot be unpacked: CRC check failed"):
        read(gzip.compress(text.encode())[:-8] + bytes(8))
    with pytest.raises(FormatError, match="this is not ascii text: a byte of it is 0xc3"):
        read(io.TextIOWrapper(io.BytesIO(b"\xc3" + text.encode()), encoding="ascii"))


@FORMATS
def test_what_cannot_be_opened_is_named(tmp_path: Path, read: Reader, text: str) -> None:
    closed = io.StringIO(text)
    closed.close()
    sources: list[tuple[Any, str]] = [
        (str(tmp_path / "gone.log"), "gone.log cannot be read: No such file"),
        (tmp_path, "cannot be read: Is a directory"),
        ("nul\0.log", "cannot be read: embedded null byte"),
        (closed, "the file is closed"),
    ]
    for source, message in sources:
        with pytest.raises(FormatError, match=message):
            read(source)
    for source in (None, 3, ["ticket"]):
        with pytest.raises(TypeError, match=r"expected a path, the text of .*, its bytes or an open file, got "):
            read(source)
