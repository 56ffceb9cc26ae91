"""One way back after the other: why no nearer one is left, what is offered, and which way it took in the end."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple

from sandbox.example.timeline import Scene
from sandbox.example.world import World
from sandbox.scenes.restores.asking import Found, Lost, approve, await_outcome, find_and_ask, shown
from sandbox.settings import BACKUP_ACCOUNT

TEMPORARY: Final = "strongroom-restores"
ACCESS: Final = "strongroom-access"


class Path(NamedTuple):
    """A way back: what was lost, why it is this way, in the words of who is on call, and how `find` calls it.

    `hops` are the vaults that it leads through, by Region and name, the first the one that it comes out of. `left` is
    how much of it stays behind for a while. `is_back` looks at what was made, by its ARN: it must carry `tags`.
    """

    lost: Lost
    why: str
    way: str
    hops: tuple[tuple[str, str], ...]
    is_back: Callable[[World, str], bool]
    left: int = 0
    tags: Mapping[str, str] = {}


def bring_back(
    world: World, scene: Scene, *paths: Path, meanwhile: Callable[[Sequence[str]], None] | None = None
) -> None:
    """Let people on call find and ask, the approvers approve, and the machine restore each; then look at what is back.

    `meanwhile` happens once all are approved; it is given the requests, in the order of their paths.
    """
    before = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for path in paths:
        scene.tell(path.why)
    began = time.monotonic()
    with ThreadPoolExecutor(len(paths)) as people:
        asked = [*people.map(partial(_find_and_ask, world, before), paths)]
    for path, (found, request) in zip(paths, asked, strict=True):
        region, vault = path.hops[0]
        is_it = found.way == path.way and found.vault.endswith(f":{vault}") and f":{region}:" in found.vault
        words = " ".join(("strongroom restore find", path.lost.called, path.lost.name, *path.lost.there))
        scene.need(f"`{words} --before {before}` offers {path.way}", is_it, f"{found.way}, {found.vault}")
        scene.need("the request is taken", request.startswith("r-"), request)
        approve(world, scene, request)
    requests = [request for _, request in asked]
    if meanwhile:
        meanwhile(requests)
    for path, request in zip(paths, requests, strict=True):
        await_outcome(world, scene, request, "restored")
        _judge(world, scene, path, request, seconds=time.monotonic() - began)


def _find_and_ask(world: World, before: str, path: Path) -> tuple[Found, str]:
    return find_and_ask(world, before, path.why, path.lost)


def _judge(world: World, scene: Scene, path: Path, request: str, *, seconds: float) -> None:
    told = shown(world, request)
    created, hops = str(told["created"]), _hops(world, told, account=path.lost.account)
    taken = " → ".join(f"{name} in {region}" for region, name in hops)
    scene.check(f"{path.lost.name} went the way that was approved", hops == path.hops, f"{taken}, {seconds:.0f} s")
    scene.check("and it is back as it was", path.is_back(world, created), created)
    if path.tags:
        tags = _tags(world, created, account=path.lost.account)
        scene.check("it carries the tags of its backup", path.tags.items() <= tags.items(), tags)
    scene.until(
        f"`strongroom restore ends` lists what that leaves for a while: {path.left or 'nothing'}",
        lambda: (found,) if len(found := _ends(world, request)) == path.left else None,
        detail=lambda found: "; ".join(
            f"{each['vault']} until {each['gone_by']}, {each['owner']}" for each in found[0]
        ),
        instead=lambda: _ends(world, request),
    )


def _tags(world: World, created: str, *, account: str) -> dict[str, str]:
    """The tags of what a restore made."""
    tagging = world.look(account, "resourcegroupstaggingapi", created.split(":")[3])
    [found] = tagging.get_resources(ResourceARNList=[created])["ResourceTagMappingList"]
    return {tag["Key"]: tag["Value"] for tag in found["Tags"]}


def _hops(world: World, told: Mapping[str, Any], *, account: str) -> tuple[tuple[str, str], ...]:
    """The vaults that AWS's own jobs led through, those of the copies first."""
    jobs, here = told["jobs"], _place(told["request"]["vault"])
    hops = [here]
    for job in (jobs[each] for each in ("copy_through", "copy_back") if each in jobs):
        copied = world.look(BACKUP_ACCOUNT, "backup", here[0]).describe_copy_job(CopyJobId=job)["CopyJob"]
        here = _place(copied["DestinationBackupVaultArn"])
        hops.append(here)
    made = world.look(account, "backup", here[0]).describe_restore_job(RestoreJobId=jobs["restore"])
    last = _place(made["BackupVaultArn"])
    return tuple(hops if last == here else (*hops, last))


def _place(vault: str) -> tuple[str, str]:
    """The Region and the name of a vault; what the access of a request is called has its id behind."""
    region, name = vault.split(":")[3], vault.rpartition(":")[2]
    return region, ACCESS if name.startswith(ACCESS) else name


def _ends(world: World, request: str) -> list[dict[str, Any]]:
    """What the command tells of what the request left behind, and whose it is."""
    told = world.strongroom("restore", "ends", "--json", person="omar")
    return [each for each in json.loads(told.stdout)["ends"] if each["request_id"] == request and each["owner"]]
