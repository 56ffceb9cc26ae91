"""Chromium without a window, driven over its own debugging pipe (Chrome DevTools Protocol), with the library alone."""

import base64
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

PROGRAM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_PATIENCE: Final = 60
# It speaks on the file descriptors 3 and 4.
_LAUNCHER: Final = (
    "import fcntl, os, sys\n"
    "ends = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3]]\n"
    "os.dup2(ends[0], 3); os.dup2(ends[1], 4)\n"
    "os.execv(sys.argv[3], sys.argv[3:])\n"
)
_FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--password-store=basic",
    "--hide-scrollbars",
)


class BrowserError(Exception):
    """The browser refused a command, or a page raised an error."""


class Chromium:
    """One browser; each page lies in a profile of its own, which forgets everything."""

    def __init__(self, process: "subprocess.Popen[bytes]", *, commands: int, answers: int) -> None:
        """`commands` is written to, `answers` is read from."""
        self._process, self._commands, self._number = process, commands, 0
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}
        threading.Thread(target=self._listen, args=(answers,), daemon=True).start()

    def send(self, method: str, *, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Give one command and wait for its answer."""
        self._number += 1
        waiting = self._answers[self._number] = queue.SimpleQueue()
        told: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            told["sessionId"] = session
        os.write(self._commands, json.dumps(told).encode() + b"\0")
        answer = waiting.get(timeout=_PATIENCE)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def page(self, *, width: int = 390, height: int = 844, dark: bool = False) -> "Page":
        """An empty page of that size, in a profile of its own."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        return self.tab(context, width=width, height=height, dark=dark)

    def tab(self, context: str, *, width: int = 390, height: int = 844, dark: bool = False) -> "Page":
        """One more page in that profile."""
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(browser=self, session=session, target=target, context=context)
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            page.send(f"{domain}.enable")
        page.resize(width, height, dark=dark)
        return page

    def _listen(self, answers: int) -> None:
        kept = b""
        while part := os.read(answers, 1 << 20):
            *whole, kept = (kept + part).split(b"\0")
            for each in whole:
                self._hear(json.loads(each))

    def _hear(self, told: dict[str, Any]) -> None:
        if "id" in told:
            self._answers.pop(told["id"]).put(told)
        elif page := self._pages.get(told.get("sessionId", "")):
            page.heard.append((told["method"], told["params"]))


@dataclass
class Page:
    """A page, and everything that the browser said about it."""

    browser: Chromium
    session: str
    target: str
    context: str
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give one command about this page."""
        return self.browser.send(method, session=self.session, **parameters)

    def resize(self, width: int, height: int, *, dark: bool = False) -> None:
        """Make the page that large, in the light or the dark."""
        is_phone = width < 500
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str) -> None:
        """Go there."""
        self.send("Page.navigate", url=address)

    def run(self, script: str) -> Any:
        """What an expression of JavaScript comes to; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"].get("exception", {}).get("description", "an error"))
        return answer["result"].get("value")

    def wait(self, script: str, *, seconds: float = _PATIENCE) -> Any:
        """What the expression comes to, once that is something."""
        ends = time.monotonic() + seconds
        while not (found := self.run(script)):
            if time.monotonic() > ends:
                raise TimeoutError(f"{script} did not come true; the page says: {self.text()}")
            time.sleep(0.05)
        return found

    def wait_for(self, text: str, *, seconds: float = _PATIENCE) -> None:
        """Wait until the page shows the text."""
        self.wait(f"document.body?.innerText.includes({json.dumps(text)})", seconds=seconds)

    def find(self, selector: str) -> None:
        """Wait until there is such an element."""
        self.wait(f"document.querySelector({json.dumps(selector)}) !== null")

    def text(self) -> str:
        """Everything that can be seen on the page."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def click(self, selector: str, *, times: int = 1) -> None:
        """Click in the middle of the element, so fast that nothing comes between."""
        chosen = json.dumps(selector)
        self.wait(f"document.querySelector({chosen})?.disabled === false")
        self.run(f"document.querySelector({chosen}).scrollIntoView({{block: 'center'}})")
        x, y, w, h = self.run(
            f"(() => {{ const r = document.querySelector({chosen}).getBoundingClientRect();"
            " return [r.x, r.y, r.width, r.height]; })()"
        )
        place = {"x": x + w / 2, "y": y + h / 2, "button": "left", "clickCount": 1}
        for _ in range(times):
            self.send("Input.dispatchMouseEvent", type="mousePressed", **place)
            self.send("Input.dispatchMouseEvent", type="mouseReleased", **place)

    def press(self, key: str, *, code: int) -> None:
        """Press a key, by its name and its virtual code."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            named = {"key": key, "code": key, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", type=kind, **named, **(text if kind == "keyDown" else {}))

    def authenticator(self, *, verifies: bool = True) -> str:
        """Plug in an authenticator of the device, whose holder is there, and verified if it `verifies`."""
        self.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        plugged: str = self.send("WebAuthn.addVirtualAuthenticator", options=options)["authenticatorId"]
        return plugged

    def screenshot(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        picture = self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture))

    def faults(self) -> list[str]:
        """What the browser found wrong: violations of the page's policy, errors in scripts, what was not loaded."""
        found = []
        for method, told in list(self.heard):
            match method:
                case "Log.entryAdded" if told["entry"]["level"] in {"error", "warning"}:
                    found.append(told["entry"]["text"])
                case "Runtime.exceptionThrown":
                    found.append(json.dumps(told["exceptionDetails"]))
                case "Audits.issueAdded" if told["issue"]["code"] == "ContentSecurityPolicyIssue":
                    found.append(json.dumps(told["issue"]["details"]))
                case "Network.loadingFailed" if not told.get("canceled"):
                    found.append(told["errorText"])
        return found

    def requested(self) -> list[str]:
        """Every address that was asked for something."""
        return [told["request"]["url"] for method, told in list(self.heard) if method == "Network.requestWillBeSent"]

    def close(self) -> None:
        """Close the page."""
        self.browser.send("Target.closeTarget", targetId=self.target)


@contextmanager
def running(profile: Path) -> Iterator[Chromium]:
    """A browser that keeps its files there, ended afterwards."""
    assert PROGRAM is not None
    (child_in, commands), (answers, child_out) = os.pipe(), os.pipe()
    arguments = [sys.executable, "-c", _LAUNCHER, str(child_in), str(child_out)]
    process = subprocess.Popen(
        [*arguments, PROGRAM, *_FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(child_in, child_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(child_in)
    os.close(child_out)
    browser = Chromium(process, commands=commands, answers=answers)
    try:
        yield browser
    finally:
        browser.send("Browser.close")
        process.wait(timeout=_PATIENCE)
        os.close(commands)
