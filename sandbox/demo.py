"""`python -m sandbox.demo`: start the sandbox, play the scripted day, print the timeline, stop everything."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from sandbox import lifecycle, world
from sandbox.deployment import DeploymentError
from sandbox.scenes import account_move, careless_creation, intruder, night, restore
from sandbox.settings import DEFAULT_PORT, Settings
from sandbox.timeline import Timeline

SCENES = (account_move, careless_creation, night, restore, intruder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the day; 0 when every check held, 1 when one did not, 2 when the sandbox could not start."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where the sandbox listens")
    parser.add_argument("--out", type=Path, default=Path("build/demo.json"), help="where the result is written")
    given = parser.parse_args(arguments)
    console = Console(soft_wrap=True)
    timeline = Timeline(console)
    console.print("[bold]Strongroom[/bold]: one organisation, one day\n")
    try:
        with world.running(Settings(port=given.port), tell=lambda text: console.print(f"[dim]{text}[/dim]")) as running:
            for part in SCENES:
                with timeline.scene(part.NAME, part.INTENTION) as scene:
                    part.play(running, scene)
    except (lifecycle.PortInUseError, lifecycle.StartError, DeploymentError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    timeline.print_summary()
    timeline.write(given.out)
    console.print(f"\nwritten to {given.out}", highlight=False)
    return 0 if timeline.ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
