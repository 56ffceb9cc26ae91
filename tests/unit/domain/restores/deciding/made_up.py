"""Restores that somebody made up who means harm: any keys in any letters, any values, and some that would be right."""

import json
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any, Final

from strongroom.domain.restores.deciding.case import RestoreCase, Storage, Way
from strongroom.domain.restores.kinds.model import Grade, Key, RestoreKind, Shape
from strongroom.domain.restores.kinds.table import KINDS
from strongroom.domain.restores.scans.verdicts import Scan
from tests.builders.deciding.restore_cases import INVARIANTS, PROFILE, a_restore

_KINDS: Final = [kind for kind in KINDS if kind.grade is not Grade.BY_HAND]
_FOREIGN: Final = "arn:aws:iam::999999999999:role/evil"
_OWN: Final = "arn:aws:kms:eu-west-1:111122223333:key/other"
_STRANGE: Final[tuple[Any, ...]] = (
    *(
        "",
        " ",
        "x",
        "true",
        "false",
        "TRUE",
        "0",
        "1",
        "65536",
        "-1",
        "1e9",
        "gp3",
        "io1",
        "UseBackedUpValue",
        "x" * 8193,
    ),
    *(_FOREIGN, _OWN, f'["{_FOREIGN}"]', '["\\u0061rn:aws:s3:::evil"]', "ARN:AWS:S3:::EVIL", " arn:aws:s3:::evil"),
    *("http://169.254.169.254/", '{"a":{"b":"https://evil.example"}}', "s3://evil", "alias/aws/ebs", "//evil.example"),
    *(
        "[" * 4000,
        '{"a":1,"A":2}',
        '{"a":1,"a":2}',
        "{",
        "[]",
        "{}",
        "null",
        "NaN",
        '{"a":NaN}',
        '["a", 1, null, true]',
    ),
    *("a\u202eb", "\u0430", "tru\u0435", "\x00", "\ud800", None, 1, True, 1.5, ["x"], {"x": "y"}, b"x"),
    *(PROFILE["keys"][0], "subnet-0r1", '["sg-0b2"]', '["sg-0a1"]', "restores-db", "pg16-payments", "eu-west-1b"),
    *(
        '{"DeploymentType":"MULTI_AZ_1"}',
        '[{"DeviceName":"xvda","Ebs":{"SnapshotId":"snap-strange"}}]',
        "plain-1",
        '["p"]',
    ),
)
_NAMES: Final = ("restored-1", "restored-1", "restored-1", "", "Nope--", "a/b", "x" * 300)
_WINDOW: Final = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 26, 13, 55, tzinfo=UTC))
_TIMES: Final = ("", "", "2026-11-20T00:00:00Z", "2027-01-01T00:00:00Z", "yesterday", "2026-11-20T00:00:00+01:00")

# As many take no copy as take one, so that not too many of them are refused.
_WAYS: Final = (*[Way.LOCAL] * 5, *Way)


def random_restores(seed: int, *, count: int) -> Iterator[tuple[RestoreKind, RestoreCase]]:
    """As many made-up restores, the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 - the same numbers for the same seed
    for _ in range(count):
        kind = random.choice(_KINDS)
        usual = _usual(kind.name)
        has_profile = random.random() < 0.9
        yield (
            kind,
            replace(
                usual,
                backup=_said(random, kind, most=10, taming=0.6),
                # Most have no wish or few, so that not all of them are refused.
                wishes={**usual.wishes, **_said(random, kind, most=random.choice((0, 0, 1, 1, 2, 6)), taming=0.8)},
                target=replace(usual.target, name=random.choice(_NAMES)),
                profile=usual.profile if has_profile else replace(usual.profile, keys=(), places={}),
                point=replace(
                    usual.point,
                    scan=random.choice((Scan.CLEAN, *Scan)),
                    storage=random.choice((Storage.WARM, *Storage)),
                    continuous=random.choice((None, None, _WINDOW)),
                ),
                limits=replace(
                    usual.limits,
                    allow_infected=random.random() < 0.5,
                    allow_into_existing=random.random() < 0.8,
                    allow_backed_up_role=random.random() < 0.5,
                ),
                way=random.choice(_WAYS),
                at=random.choice(_TIMES),
                existing=random.choice(("", "", "", "own-1", "evil-1")),
                source_id="own-1",
            ),
        )


@cache
def _usual(kind: str) -> RestoreCase:
    """With what each restore of the kind needs besides."""
    return a_restore(kind, **INVARIANTS[kind].get("usual", {}))


def _said(random: Random, kind: RestoreKind, *, most: int, taming: float) -> dict[Any, Any]:
    """Keys with their values; the more `taming`, the more of them could be right."""
    said: dict[Any, Any] = {}
    for _ in range(random.randint(0, most)):
        owner = kind if random.random() < taming else random.choice(_KINDS)
        key = random.choice(owner.keys)
        said[_spelled(random, key.name)] = _value(random, key)
    return said


def _spelled(random: Random, name: str) -> Any:
    way = random.random()
    if way < 0.7:
        return name
    return random.choice(
        (
            name.lower(),
            name.upper(),
            name.swapcase(),
            f"{name} ",
            name.replace("a", "\u0430"),
            f"\u212a{name[1:]}",
            name[1:],
        )
    )


def _value(random: Random, key: Key) -> Any:
    if key.inner and random.random() < 0.8:
        return _mapping(random, key.inner)
    if key.shape is Shape.PARAMETERS and random.random() < 0.8:
        return '{"Size":"3"}'
    return random.choice(_STRANGE)


def _mapping(random: Random, keys: tuple[Key, ...]) -> str:
    """A mapping in JSON, which may say a key twice."""
    chosen = [random.choice(keys) for _ in range(random.randint(0, 4))]
    values = [random.choice(_STRANGE) for _ in chosen]
    pairs = [
        f"{json.dumps(_spelled(random, key.name))}:{json.dumps(value, default=str)}"
        for key, value in zip(chosen, values, strict=True)
    ]
    return f"{{{','.join(pairs)}}}"
