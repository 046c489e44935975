"""Where reference numbers and shared data sets are, and a browser to open pages in."""

from __future__ import annotations

import json
import os

# small matrices on several threads of a busy machine take ten times as long; a BLAS reads this when numpy loads it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import contextlib
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

try:
    import fcntl
except ImportError:  # pipes to a browser are numbered as Unix does it
    BROWSERS: tuple[str, ...] = ()
else:
    BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)  # the browser hears there, and answers on 4
os.dup2(int(sys.argv[2]), 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
PATIENCE = 60.0
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowRight": 39, "ArrowDown": 40, "Delete": 46}

TESTS = Path(__file__).parent
SHARED = TESTS.parent.parent / "shared"

settings.register_profile(
    "leadkit",
    deadline=None,
    max_examples=40,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("short", settings.get_profile("leadkit"), max_examples=10)
settings.load_profile("leadkit")


@pytest.fixture(scope="session")
def golden() -> Callable[[str], Any]:
    """Read a reference file by its path below tests/golden."""

    def read(name: str) -> Any:
        return json.loads((TESTS / "golden" / name).read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a shared data set by its path below shared/data; skip where it is absent."""

    def find(name: str) -> Path:
        path = SHARED / "data" / name
        if not path.exists():
            pytest.skip(f"the shared data set {name} is not beside this checkout")
        return path

    return find


class Tab:
    """A tab of a headless browser, driven through the pipe of its debugging protocol, that notes what it asks for."""

    def __init__(self, browser: str, folder: Path) -> None:
        heard, self._told = os.pipe()
        self._answers, said = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (heard, said)]
        command = [sys.executable, "-c", LAUNCH, *map(str, ends), browser, *BROWSER_OPTIONS]
        self._process = subprocess.Popen(
            [*command, "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}"],
            pass_fds=ends,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (heard, said, *ends):
            os.close(end)
        self.folder = folder
        self._file = folder / "page.html"
        self._last = 0
        self._rest = b""
        self._session: str | None = None
        self.asked: list[str] = []

    def start(self) -> None:
        """Wait for the browser and make a tab."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def leave_network(self) -> None:
        """Cut the tab off, and note what pages ask for."""
        self.call("Network.enable")
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def save_into(self, folder: Path) -> None:
        """Let pages save their files there."""
        self._session, session = None, self._session
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        self._session = session

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and give its result; of events meanwhile, requests are noted."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[os.write(self._told, data) :]
        while True:
            answer = self._next()
            if answer.get("method") == "Network.requestWillBeSent":
                self.asked.append(answer["params"]["request"]["url"])
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._answers], [], [], PATIENCE)[0], "the browser does not answer"
            piece = os.read(self._answers, 1 << 16)
            assert piece, "the browser has ended"
            self._rest += piece
        first, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(first)
        return message

    def ask(self, script: str) -> Any:
        """Evaluate an expression in the page; of a promise, what it promises."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, text: str) -> None:
        """Open a page from a file and wait until it is there."""
        self._file.write_text(text, encoding="utf-8")
        self.visit(self._file.as_uri())

    def visit(self, address: str) -> None:
        """Open an address, or load it again, and wait until the page is there; `asked` begins anew."""
        self.call("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank' && document.readyState === 'complete'")
        self.asked.clear()
        self.call("Page.navigate", url=address)
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")

    @property
    def outside(self) -> list[str]:
        """What the page asked for besides itself; what is written in the page as data is the page itself."""
        own = self._file.as_uri()
        return [address for address in self.asked if address != own and not address.startswith("data:")]

    def wait(self, script: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.ask(script):
            assert time.monotonic() < end, script
            time.sleep(0.02)

    def window(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Give the window a size in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def press(self, *keys: str) -> None:
        """Press and release keys."""
        for key in keys:
            text = {"Enter": {"text": "\r"}, " ": {"text": " "}}.get(key, {})
            code = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": KEYS[key]}
            self.call("Input.dispatchKeyEvent", type="keyDown", **code, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def close(self) -> None:
        """End the browser."""
        self._session = None
        with contextlib.suppress(AssertionError, OSError):
            self.call("Browser.close")
        os.close(self._told)
        os.close(self._answers)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def browser() -> str:
    """Find a Chromium or Chrome; skip where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium or Chrome is installed")
    return found


@pytest.fixture(scope="session")
def open_tab(browser: str) -> Iterator[Callable[[Path], Tab]]:
    """Open tabs, each of a browser of its own, and end them all."""
    with contextlib.ExitStack() as ends:

        def opened(folder: Path) -> Tab:
            tab = Tab(browser, folder)
            ends.callback(tab.close)
            tab.start()
            return tab

        yield opened
