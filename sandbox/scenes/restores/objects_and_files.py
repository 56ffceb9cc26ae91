"""Objects and files: a bucket and a file system of the night come back, each found by its name and a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sandbox.example import estate
from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.night import a_file_system
from sandbox.scenes.restores.asking import Lost, approve, await_outcome, find_and_ask
from sandbox.settings import LEDGER_ACCOUNT, LOCAL_VAULT, PAYMENTS_ACCOUNT

NAME = "Objects and files"
INTENTION = "14:30: a bucket is empty, and so are the files of the statements"
BUCKET = f"arn:aws:s3:::{estate.PAPERS}"
RESTORED_BUCKET = f"{estate.PAPERS}-0200"


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
        asked = [*people.map(partial(find_and_ask, world, before, "deleted at 14:30"), lost)]
    for each, (found, request) in zip(lost, asked, strict=True):
        is_local = found.way == "local" and found.vault.endswith(f":{LOCAL_VAULT}")
        scene.need(f"`strongroom restore find {each.called} {each.name}` finds it", is_local, found.recovery_point)
        scene.need("the request is taken", request.startswith("r-"), request)
        approve(world, scene, request)
    for _, request in asked:
        await_outcome(world, scene, request, "restored")
    _judge_bucket(world, scene)
    _judge_files(world, scene, files)


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
