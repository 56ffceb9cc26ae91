"""The page that verifies bundles, opened from disk in Chromium as an auditor would, and the command's own answer."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from strongroom_cli.main import main
from tests.browser.chromium import Page

_JUDGE = """
(async () => {
  const bytes = (text) => (text === null ? null : new TextEncoder().encode(text));
  const codes = [];
  for (const [bundle, trust] of %s) codes.push((await judge(bytes(bundle), bytes(trust))).code);
  return codes;
})()
"""
_CHANGE = """
(async () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const [bundle, trust, changes] = %s;
  const codes = [];
  for (const [at, letter] of changes) {
    const changed = bundle.slice(0, at) + letter + bundle.slice(at + 1);
    codes.push((await judge(bytes(changed), bytes(trust))).code);
  }
  return codes;
})()
"""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The page, where it lies, and a folder for what is picked on it."""

    page: Page
    file: Path
    folder: Path

    def open(self) -> None:
        """Open it anew: nothing is picked."""
        self.page.open(self.file.as_uri())
        self.page.wait("document.readyState === 'complete' && typeof judge === 'function'")

    def pick(self, bundle: str | bytes, trust: str | None = None) -> int:
        """Pick the files on a new page, the trust file first, as a person does; the code that is shown."""
        self.open()
        if trust is not None:
            self.pick_file("trust", trust.encode())
        self.pick_file("bundle", bundle.encode() if isinstance(bundle, str) else bundle)
        return self.code()

    def pick_file(self, field: str, content: bytes) -> None:
        """Pick a file with that content in one of the two fields."""
        file = self.folder / f"{field}-{hashlib.sha256(content).hexdigest()[:8]}.json"
        file.write_bytes(content)
        found = self.page.send("Runtime.evaluate", expression=f"document.querySelector('#{field}')")
        self.page.send("DOM.setFileInputFiles", files=[str(file)], objectId=found["result"]["objectId"])

    def code(self) -> int:
        """The code that is shown, once one is."""
        return int(self.page.wait("document.querySelector('#verdict').dataset.code"))

    def judge(self, cases: Sequence[tuple[str, str | None]]) -> list[int]:
        """The codes of many bundles, each with its trust file, without picking files."""
        codes: list[int] = self.page.run(_JUDGE % json.dumps(cases))
        return codes

    def judge_changed(self, bundle: str, trust: str, *, changes: Sequence[tuple[int, str]]) -> list[int]:
        """The codes of a bundle with one character changed, for each place and character."""
        codes: list[int] = self.page.run(_CHANGE % json.dumps([bundle, trust, changes]))
        return codes

    def stopped_by_policy(self) -> set[str]:
        """What the page's own policy stopped before anything was sent: the browser tells of these, too."""
        heard = list(self.page.heard)
        asked = {
            told["requestId"]: str(told["request"]["url"])
            for method, told in heard
            if method == "Network.requestWillBeSent"
        }
        return {
            asked[told["requestId"]]
            for method, told in heard
            if method == "Network.loadingFailed" and told.get("blockedReason") == "csp"
        }

    def shown(self) -> str:
        """What the person reads."""
        return self.page.text()

    def command_code(self, bundle: str, trust: str | None) -> int:
        """The exit code of `strongroom evidence verify` for the same files."""
        file, trusted = self.folder / "bundle.json", self.folder / "trust.json"
        file.write_bytes(bundle.encode())
        trusted.write_bytes((trust or "").encode())
        return main(["evidence", "verify", str(file), *(["--trust", str(trusted)] if trust is not None else [])])


def canonical(content: Any) -> str:
    """As the files of vectors are written."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
