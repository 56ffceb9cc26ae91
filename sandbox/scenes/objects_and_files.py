"""Objects and files: a bucket and a file system of the night come back, each found by its name and a time."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.night import a_file_system
from sandbox.scenes.restore import await_message, await_outcome
from sandbox.settings import LEDGER_ACCOUNT, LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "Objects and files"
INTENTION = "14:30: a bucket is empty, and so are the files of the statements"
BUCKET = f"arn:aws:s3:::{estate.PAPERS}"
RESTORED_BUCKET = f"{estate.PAPERS}-0200"


class Lost(NamedTuple):
    """What is to come back: how people call its account, the account, its ARN, and its new name if it has one."""

    called: str
    account: str
    resource: str
    target: str

    @property
    def name(self) -> str:
        """What people call it, or its id."""
        return self.resource.rpartition("/")[2].rpartition(":")[2]


class Found(NamedTuple):
    """What `restore find` offers first: a recovery point by the way that it names, out of a vault."""

    way: str
    recovery_point: str
    vault: str


def play(world: World, scene: Scene) -> None:
    """Empty the bucket, and have both back from their local vaults; two on call work at the same time."""
    files = a_file_system(world, LEDGER_ACCOUNT)
    lost = (
        Lost("payments", PAYMENTS_ACCOUNT, BUCKET, RESTORED_BUCKET),
        Lost("ledger", LEDGER_ACCOUNT, files, ""),
    )
    before = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    scene.tell("a script deletes every paper of the bucket")
    _empty(world)
    scene.need("the bucket is empty", _objects(world, estate.PAPERS) == {})
    with ThreadPoolExecutor(len(lost)) as people:
        asked = [*people.map(partial(_find_and_ask, world, before), lost)]
    for each, (found, request) in zip(lost, asked, strict=True):
        is_local = found.way == "local" and found.vault.endswith(f":{LOCAL_VAULT}")
        scene.need(f"`strongroom restore find {each.called} {each.name}` finds it", is_local, found.recovery_point)
        scene.need("the request is taken", request.startswith("r-"), request)
        message = await_message(world, scene, request)
        taken = world.page.decide(message.page, "maria", "approve", number=message.number)
        scene.check("Maria's approval counts", taken.get("state") == "counted", taken.get("reason"))
    for _, request in asked:
        await_outcome(world, scene, request, "restored")
    _judge_bucket(world, scene)
    _judge_files(world, scene, files)


def _find_and_ask(world: World, before: str, lost: Lost) -> tuple[Found, str]:
    """What is offered first, and the request for it."""
    words = ("restore", "find", lost.called, lost.name, "--before", before, "--json")
    answer = world.strongroom(*words, person="omar")
    if answer.returncode != 0:
        raise LookupError(answer.stderr.strip())
    row = json.loads(answer.stdout)["candidates"][0]
    found = Found(row["plan"], row["recovery_point"], row["vault"])
    return found, _ask(world, before, lost, found)


def _ask(world: World, before: str, lost: Lost, found: Found) -> str:
    """The id of the request, which has a ticket of its own; or why there is none."""
    ticket = world.jira.create_issue(f"Restore {lost.resource} to 02:00", resource=lost.resource)
    world.jira.transition(ticket, "Approve")
    asked = world.strongroom_signing(
        *("restore", "request", "--account", lost.account, "--recovery-point", found.recovery_point),
        *("--vault", found.vault, "--before", before, "--ticket", ticket, "--reason", "deleted at 14:30", "--json"),
        *(("--target-name", lost.target) if lost.target else ()),
        person="omar",
    )
    return str(json.loads(asked.stdout)["request_id"]) if asked.returncode == 0 else asked.stderr.strip()


def _judge_bucket(world: World, scene: Scene) -> None:
    objects = _objects(world, RESTORED_BUCKET)
    scene.check("every paper is in a new bucket", objects == estate.OBJECTS[estate.PAPERS], ", ".join(objects))
    scene.check("the old one was not touched", _objects(world, estate.PAPERS) == {})
    tags = world.look(PAYMENTS_ACCOUNT, "s3").get_bucket_tagging(Bucket=RESTORED_BUCKET)["TagSet"]
    _judge_tags(scene, tags, team="payments")


def _judge_files(world: World, scene: Scene, old: str) -> None:
    systems = world.look(LEDGER_ACCOUNT, "efs").describe_file_systems()["FileSystems"]
    restored = [each for each in systems if each["FileSystemArn"] != old]
    scene.need("one new file system stands beside the old one", len(restored) == 1, len(restored))
    [own] = next(each["keys"] for each in estate.restore_profiles() if each["account"] == LEDGER_ACCOUNT)
    scene.check("it lies under a key of the restore profile", restored[0]["KmsKeyId"] == own, own)
    _judge_tags(scene, restored[0]["Tags"], team="ledger")


def _judge_tags(scene: Scene, found: list[dict[str, Any]], *, team: str) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in found}
    scene.check("it carries its tags", (estate.DAILY | {"team": team}).items() <= tags.items(), tags)


def _empty(world: World) -> None:
    s3 = world.person("omar", PAYMENTS_ACCOUNT, "s3")
    for key in _objects(world, estate.PAPERS):
        s3.delete_object(Bucket=estate.PAPERS, Key=key)


def _objects(world: World, bucket: str) -> dict[str, bytes]:
    s3 = world.look(PAYMENTS_ACCOUNT, "s3")
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}
