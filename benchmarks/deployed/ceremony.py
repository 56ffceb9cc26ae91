"""What the machine takes of a restore ceremony in the sandbox, and how soon a click in chat is acknowledged.

What counts is from the moment in which the requester begins to ask until chat shows the request, and from the moment in
which the approver begins to sign until AWS Backup has the job: what people take to read and to decide lies between. The
login by which the requester signs and the command itself are in it. The first ceremony warms the functions up, and of
the others the quickest counts.
"""

import io
import time
from typing import Final

from rich.console import Console

from benchmarks.measurement import MILLISECONDS, Measurement, NotMeasuredError
from sandbox import lifecycle
from sandbox.example import world
from sandbox.example.deployment import DeploymentError
from sandbox.example.timeline import Scene, SceneFailedError
from sandbox.example.world import World
from sandbox.scenes.restores import asking, restore
from sandbox.scenes.watching import NIGHTLY
from sandbox.settings import PAYMENTS_ACCOUNT, Settings
from strongroom.domain.chat import REVIEW

MOST_TO_JOB: Final = 10_000
MOST_TO_ACKNOWLEDGE: Final = 500
_CLICKS: Final = 5


def measure_ceremony(*, runs: int = 2) -> tuple[Measurement, ...]:
    """From request to job, and from click to answer, in a sandbox of its own."""
    scene = Scene(name="", console=Console(file=io.StringIO()))
    try:
        with world.running(Settings(port=0)) as running:
            running.control("POST", "/backup/run", {"schedule": NIGHTLY})
            # Of the other accounts some are governed only once the demo has moved them.
            backups = scene.until("the database is backed up", lambda: restore.points(running, *restore.LOCAL))
            point = max(backups).arn
            told = [_play(running, scene, point=point, target=f"measured-{number}") for number in range(runs + 1)]
    except (lifecycle.StartError, DeploymentError, SceneFailedError) as error:
        raise NotMeasuredError(f"the ceremony cannot be played: {error}") from error
    return ceremony_rows([seconds for seconds, _ in told[1:]], [each for _, clicks in told[1:] for each in clicks])


def ceremony_rows(to_job: list[float], to_acknowledge: list[float]) -> tuple[Measurement, ...]:
    """The two claims, by the quickest of each, in seconds."""
    return (
        _row("ceremony.request_to_job", min(to_job), most=MOST_TO_JOB, measured=len(to_job)),
        _row("ceremony.click_to_answer", min(to_acknowledge), most=MOST_TO_ACKNOWLEDGE, measured=len(to_acknowledge)),
    )


def _row(name: str, seconds: float, *, most: int, measured: int) -> Measurement:
    value = round(seconds * 1000, 2)
    detail = {"target": f"<= {most:,} ms", "measured": measured, "holds": value <= most}
    return Measurement(name=name, value=value, unit=MILLISECONDS, detail=detail)


def _play(running: World, scene: Scene, *, point: str, target: str) -> tuple[float, list[float]]:
    """The seconds from request to job without what lies between the two people, and those of each click."""
    before = _jobs(running)
    asked = time.monotonic()
    request, _ = restore.ask_with_a_ticket(running, scene, point=point, target=target)
    message = asking.await_message(running, scene, request)
    shown = time.monotonic()
    clicks = [_click(running, scene, message) for _ in range(_CLICKS)]
    signing = time.monotonic()
    taken = running.page.decide(message.page, "maria", "approve", number=message.number)
    scene.need("Maria's approval counts", taken.get("state") == "counted", taken)
    scene.until("AWS Backup has the job", lambda: _jobs(running) > before)
    begun = time.monotonic()
    asking.await_outcome(running, scene, request, "restored")
    return (shown - asked) + (begun - signing), clicks


def _click(running: World, scene: Scene, message: asking.Message) -> float:
    """The seconds until the endpoint has acknowledged a click."""
    answered = running.slack.click("maria", asking.RESTORES_CHANNEL, message.ts, REVIEW)
    scene.need("the click is acknowledged", answered["status"] == 200, answered)
    return float(answered["seconds"])


def _jobs(running: World) -> set[str]:
    pages = running.look(PAYMENTS_ACCOUNT, "backup").get_paginator("list_restore_jobs").paginate()
    return {str(job["RestoreJobId"]) for page in pages for job in page["RestoreJobs"]}
