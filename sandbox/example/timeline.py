"""The timeline of a day: scenes made of checks, shown while they happen and written down at the end."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape

_POLL_SECONDS = 0.2
PATIENCE_SECONDS = 300.0  # for what normally takes a few; a busy machine is slow, and that is no failure


class SceneFailedError(Exception):
    """A scene stopped because a later step has nothing to stand on."""


@dataclass(frozen=True, slots=True)
class Check:
    """One claim about the world, and what was seen."""

    claim: str
    ok: bool
    detail: str


@dataclass
class Scene:
    """One scene: its name and the checks made so far."""

    name: str
    console: Console
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    checks: list[Check] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when something was checked and everything held."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def tell(self, text: str) -> None:
        """Say what happens next."""
        self.console.print(f"  [dim]{self._clock()}[/dim]  {escape(text)}", highlight=False)

    def check(self, claim: str, ok: object, detail: object = "") -> bool:
        """Record whether the claim holds, with what was seen."""
        check = Check(claim=claim, ok=bool(ok), detail=str(detail))
        self.checks.append(check)
        mark = "[green]✓[/green]" if check.ok else "[bold red]✗[/bold red]"
        note = f" [dim]{escape(check.detail)}[/dim]" if check.detail else ""
        self.console.print(f"  [dim]{self._clock()}[/dim]  {mark} {escape(claim)}{note}", highlight=False)
        return check.ok

    def need(self, claim: str, ok: object, detail: object = "") -> None:
        """Record the claim, and stop the scene if it does not hold."""
        if not self.check(claim, ok, detail):
            raise SceneFailedError(claim)

    def until[Seen](
        self,
        claim: str,
        look: Callable[[], Seen | None],
        *,
        patience: float = PATIENCE_SECONDS,
        detail: Callable[[Seen], object] = lambda seen: "",  # noqa: ARG005 a claim may need no words
        instead: Callable[[], object] = lambda: "",
    ) -> Seen:
        """Look again and again until there is something to see; record the claim, stop the scene if it never comes.

        `instead` says what there is instead, where it never came.
        """
        began = time.monotonic()
        while True:
            seen = look()
            waited = time.monotonic() - began
            if seen:
                self.check(claim, ok=True, detail=f"{detail(seen)} after {waited:.1f} s".strip())
                return seen
            if waited > patience:
                self.check(claim, ok=False, detail=f"not seen within {waited:.0f} s {instead()}".strip())
                raise SceneFailedError(claim)
            time.sleep(_POLL_SECONDS)

    def _clock(self) -> str:
        return f"{time.monotonic() - self.started:6.1f} s"


class Timeline:
    """All scenes of one day."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.scenes: list[Scene] = []

    @property
    def ok(self) -> bool:
        """True when there were scenes and every one of them held."""
        return bool(self.scenes) and all(scene.ok for scene in self.scenes)

    @contextmanager
    def scene(self, name: str, intention: str) -> Iterator[Scene]:
        """Play one scene; a scene that fails does not stop the day, so that all that is wrong is seen at once."""
        self.console.print(f"\n[bold]{name}[/bold]  [dim]{intention}[/dim]", highlight=False)
        scene = Scene(name=name, console=self.console)
        self.scenes.append(scene)
        try:
            yield scene
        except SceneFailedError as stopped:
            self.console.print(f"  [red]the scene stops here: {escape(str(stopped))}[/red]", highlight=False)
        finally:
            scene.seconds = round(time.monotonic() - scene.started, 2)

    def print_summary(self) -> None:
        """One line for each scene, and one for the day."""
        self.console.print()
        for scene in self.scenes:
            held = sum(check.ok for check in scene.checks)
            mark = "[green]✓[/green]" if scene.ok else "[bold red]✗[/bold red]"
            self.console.print(
                f"{mark} {scene.name:<20} {held}/{len(scene.checks)} checks  {scene.seconds:6.1f} s", highlight=False
            )

    def write(self, path: Path) -> None:
        """Write `{"scenes": [{"name", "ok", "seconds", "checks": [...]}], "ok"}`."""
        document = {
            "scenes": [
                {
                    "name": scene.name,
                    "ok": scene.ok,
                    "seconds": scene.seconds,
                    "checks": [asdict(check) for check in scene.checks],
                }
                for scene in self.scenes
            ],
            "ok": self.ok,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
