"""Tags that somebody takes off, again and again, and things that no event has told of.

The first is put back with the name of who it was, until it is plain that they and we write against each other; the
others are found by the lists of the inventory, which goes through every governed account and through those that have
just become ready.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import night
from sandbox.scenes.watching import until_over
from sandbox.settings import HOME_REGION, REPORTS_ACCOUNT, SANDBOX_ACCOUNTS

NAME = "Tags that somebody changes"
INTENTION = "one is taken off again and again, and others were never there, which no event tells"
BUCKET = "reports-exports"
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
TABLE = f"arn:aws:dynamodb:{HOME_REGION}:{SANDBOX_ACCOUNTS[0]}:table/alice-tries-things"
_KEY = "Backup"
_TEAM = {"Key": "team", "Value": "reports"}
_CHOSEN = {"Key": _KEY, "Value": "monthly-prod"}
_ALICE = SANDBOX_ACCOUNTS[0]
_FOUGHT_OVER = "tags-fought-over"
_AS_WRITTEN = {_TEAM["Key"]: _TEAM["Value"]}
# What is put back while its event is still on its way counts for none: the third that counts is told, and what was on
# its way then may still be put back. The last time is to see that it is not.
_LEAST_TIMES, _MOST_TIMES = 4, 10


def play(world: World, scene: Scene) -> None:
    """Take a tag off until it is put back no more; then have every account gone through."""
    _changed(world, scene)
    _gone_through(world, scene)


def _changed(world: World, scene: Scene) -> None:
    s3 = world.person("piet", REPORTS_ACCOUNT, "s3")
    scene.tell("Piet writes the whole set of a bucket's tags from a file that knows nothing of backups")
    times, stays = 0, False
    while not stays and times < _MOST_TIMES:
        times, is_told, since = times + 1, bool(night.alert(world, _FOUGHT_OVER, BUCKET_ARN)), datetime.now(UTC)
        s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [_TEAM]})
        scene.until(
            f"time {times}: the tag is put back, or left as it is",
            partial(_is_seen_to, world, s3, since),
            detail=lambda _: _tags(s3),
        )
        stays = is_told and _KEY not in _tags(s3)
    told = night.alert(world, _FOUGHT_OVER, BUCKET_ARN)
    scene.check("after some times people are told", bool(told) and times >= _LEAST_TIMES, told.get("reason", times))
    scene.check("who it was is named, and not the role alone", "piet@strongroom.example" in told.get("reason", ""))
    scene.check(
        "nothing is written any more, and the other tags are as he wrote them", _tags(s3) == _AS_WRITTEN, _tags(s3)
    )
    scene.tell("Piet sets the tag himself, to another tier on offer")
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [_TEAM, _CHOSEN]})
    until_over(world, scene, _FOUGHT_OVER, BUCKET_ARN)
    scene.check("it is left as he chose it", _tags(s3).get(_KEY) == _CHOSEN["Value"], _tags(s3))


def _is_seen_to(world: World, s3: Any, since: datetime) -> bool:
    """Whether the tag is there again, or was seen to be away since then and left so."""
    state = world.ledger(f"RESOURCE#{BUCKET_ARN}", "STATE") or {}
    is_left = state.get("tag_state") == "TAG" and datetime.fromisoformat(state["decided_at"]) >= since
    return is_left or _KEY in _tags(s3)


def _gone_through(world: World, scene: Scene) -> None:
    scene.tell("the inventory begins: every governed account is gone through by the lists of its services")
    dynamodb = world.look(_ALICE, "dynamodb")
    world.strike("BeginInventoryQueue")
    scene.until(
        "a table that was there before anybody listened is in the tier of its unit",
        lambda: dynamodb.list_tags_of_resource(ResourceArn=TABLE)["Tags"],
        detail=lambda tags: f"{tags[0]['Key']}={tags[0]['Value']}",
    )
    run = str((world.fact("InventoryBegun") or {})["run"])
    for account in (_ALICE, REPORTS_ACCOUNT):
        _until_ended(world, scene, run, account)
    stored = world.ledger(f"RESOURCE#{TABLE}", "STATE") or {}
    scene.check(
        "the inventory stands where another resource has its event",
        stored.get("tag_event") == f"inventory {run}",
        stored.get("tag_event"),
    )


def _until_ended(world: World, scene: Scene, run: str, account: str) -> None:
    def ended() -> dict[str, Any] | None:
        mark = world.ledger(f"SWEEP#{run}", f"{account}#{HOME_REGION}")
        return mark if mark and "ended_at" in mark else None

    scene.until(
        f"account {account} is gone through", ended, detail=lambda mark: f"{mark['listed']} things in {HOME_REGION}"
    )


def _tags(s3: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
