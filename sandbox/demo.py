"""`python -m sandbox.demo`: start the sandbox, play the scripted day, print the timeline, stop everything."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from botocore.exceptions import BotoCoreError, ClientError
from requests import RequestException
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from sandbox import lifecycle
from sandbox.example import world
from sandbox.example.deployment import DeploymentError
from sandbox.example.drivers import DriverError
from sandbox.example.paths import PATHS
from sandbox.example.timeline import Timeline
from sandbox.example.variants import PLAIN
from sandbox.scenes import (
    account_move,
    careless_creation,
    changed_tags,
    everybody_away,
    first_rollout,
    intruder,
    malware,
    night,
    night_of_faults,
    wrong_copies,
)
from sandbox.scenes.paths import air_gapped, copies, expired, infected, near, region_impaired
from sandbox.scenes.restores import objects_and_files, refused_wishes, restore
from sandbox.settings import DEFAULT_PORT, Settings
from sandbox.stopping import StoppedError, stop_on_signals

SCENES = (
    first_rollout,
    account_move,
    careless_creation,
    night,
    refused_wishes,
    objects_and_files,
    restore,
    intruder,
    malware,
)
DAYS = {
    "plain": SCENES,
    "faults": (first_rollout, account_move, night_of_faults, wrong_copies, changed_tags, everybody_away),
    "paths": (copies, near, infected, expired, region_impaired, air_gapped),
}
VARIANTS = {"paths": PATHS}
_PICTURE_COLUMNS = 140
_PICTURE_FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)  # no font from elsewhere
_BROKEN_OFF = (BotoCoreError, ClientError, RequestException, DriverError, LookupError, ValueError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the day; 0 when every check held, 1 when one did not, 2 when the sandbox could not start."""
    given = _parser().parse_args(arguments)
    drawn = given.picture is not None
    console = Console(soft_wrap=not drawn, record=drawn, width=_PICTURE_COLUMNS if drawn else None)
    timeline = Timeline(console)
    settings = Settings(port=given.port, lambda_concurrency=given.lambda_concurrency)
    console.print("[bold]Strongroom[/bold]: one organisation, one day\n")
    try:
        with (
            stop_on_signals(),
            world.running(settings, variant=VARIANTS.get(given.night, PLAIN), tell=_teller(console)) as running,
        ):
            for function in given.without:
                running.switch_off(function)
            for part in DAYS[given.night]:
                if not given.scene or _slug(part) in given.scene:
                    _play(part, running, timeline)
    except (lifecycle.PortInUseError, lifecycle.StartError, DeploymentError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except StoppedError as stopped:
        print(f"demo: stopped by {stopped}", file=sys.stderr)
        return 130
    timeline.print_summary()
    timeline.write(given.out)
    console.print(f"\nwritten to {given.out}", highlight=False)
    if drawn:
        console.save_svg(str(given.picture), title="make demo", code_format=_PICTURE_FORMAT)
    return 0 if timeline.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the sandbox listens")
    parser.add_argument("--out", type=Path, default=Path("build/demo.json"), help="where the result is written")
    parser.add_argument("--picture", type=Path, help="also draw the timeline into this SVG file")
    parser.add_argument(
        "--scene",
        action="append",
        default=[],
        choices=sorted({_slug(part) for day in DAYS.values() for part in day}),
        help="play this scene only",
    )
    parser.add_argument(
        "--night",
        choices=[*DAYS],
        default="plain",
        help="play the whole day, or instead a night of faults, or one in which something comes back by each way",
    )
    parser.add_argument(
        "--lambda-concurrency",
        type=int,
        metavar="N",
        help="let each account run at most N functions at once; AWS allows new accounts 10",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="FUNCTION",
        help="switch this function of template.yaml off first, to see its scene fail",
    )
    return parser


def _play(part: ModuleType, running: world.World, timeline: Timeline) -> None:
    with timeline.scene(part.NAME, part.INTENTION) as scene:
        try:
            part.play(running, scene)
        except _BROKEN_OFF as error:
            scene.check("the scene could be played to its end", ok=False, detail=f"{type(error).__name__}: {error}")


def _slug(part: ModuleType) -> str:
    return part.__name__.rpartition(".")[2]


def _teller(console: Console) -> Callable[[str], None]:
    return lambda text: console.print(f"[dim]{text}[/dim]", highlight=False)


if __name__ == "__main__":
    raise SystemExit(main())
