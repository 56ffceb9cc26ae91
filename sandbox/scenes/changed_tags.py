"""A tag that somebody takes off, again and again, and an inventory that somebody asks for.

It is put back with the name of who it was, until it is plain that they and we write against each other. What no event
tells is found by the lists of the inventory, which goes through every governed account.
"""

from typing import Any

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes import first_signs, night
from sandbox.scenes.watching import until_over
from sandbox.settings import REPORTS_ACCOUNT, SANDBOX_ACCOUNTS

NAME = "Tags that somebody changes"
INTENTION = "one is taken off again and again, and an inventory looks for what no event tells"
BUCKET = "reports-exports"
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
_KEY = "Backup"
_TEAM = {"Key": "team", "Value": "reports"}
_CHOSEN = {"Key": _KEY, "Value": "monthly-prod"}
_ALICE = SANDBOX_ACCOUNTS[0]
_FOUGHT_OVER = "tags-fought-over"
_AS_WRITTEN = {_TEAM["Key"]: _TEAM["Value"]}
# What is put back while its event is still on its way counts for none: the third that counts is told.
_LEAST_TIMES, _MOST_TIMES = 3, 9


def play(world: World, scene: Scene) -> None:
    """Take a tag off until it is put back no more; then have every account gone through."""
    _changed(world, scene)
    _gone_through(world, scene)


def _changed(world: World, scene: Scene) -> None:
    s3 = world.person("piet", REPORTS_ACCOUNT, "s3")
    scene.tell("Piet writes the whole set of a bucket's tags from a file that knows nothing of backups")
    times = 0
    while not night.alert(world, _FOUGHT_OVER, BUCKET_ARN) and times < _MOST_TIMES:
        times += 1
        s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [_TEAM]})
        scene.until(
            f"time {times}: the tag is put back, or people are told that it does not stay",
            lambda: night.alert(world, _FOUGHT_OVER, BUCKET_ARN) or _KEY in _tags(s3),
            detail=lambda _: _tags(s3),
        )
    told = night.alert(world, _FOUGHT_OVER, BUCKET_ARN)
    scene.check(
        "after some times people are told, once", bool(told) and times >= _LEAST_TIMES, told.get("reason", times)
    )
    scene.check("who it was is named, and not the role alone", "piet@strongroom.example" in told.get("reason", ""))
    scene.check(
        "nothing is written any more, and the other tags are as he wrote them", _tags(s3) == _AS_WRITTEN, _tags(s3)
    )
    scene.tell("Piet sets the tag himself, to another tier on offer")
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [_TEAM, _CHOSEN]})
    until_over(world, scene, _FOUGHT_OVER, BUCKET_ARN)
    scene.check("it is left as he chose it", _tags(s3).get(_KEY) == _CHOSEN["Value"], _tags(s3))


def _gone_through(world: World, scene: Scene) -> None:
    scene.tell("somebody asks for an inventory: every governed account is gone through by the lists of its services")
    before = {account: world.fact("InventoryBegun", account=account) for account in (_ALICE, REPORTS_ACCOUNT)}
    world.strike("BeginInventoryQueue", is_asked=True)
    scene.until(
        "it begins",
        lambda: all(world.fact("InventoryBegun", account=account) != fact for account, fact in before.items()),
    )
    first_signs.go_through(world, scene, _ALICE, REPORTS_ACCOUNT)


def _tags(s3: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
