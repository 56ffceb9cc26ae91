"""A hundred thousand made-up restores: what must never be sent is let through in none, and order never counts."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Verdict
from tests.builders.deciding.restore_cases import INVARIANTS, PROFILE
from tests.unit.domain.restores.deciding.made_up import random_restores

_SEEDS: Final = 20
_EACH: Final = 5_000


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_nothing_that_must_never_be_sent_is_let_through(seed: int) -> None:
    verdicts: Counter[Verdict] = Counter()
    for place, (kind, case) in enumerate(random_restores(seed, count=_EACH)):
        decision = decide_restore(case)
        verdicts[decision.verdict] += 1
        assert list(_harms(dict(decision.metadata), case, INVARIANTS[kind.name])) == []
        if place % 4 == 0:
            assert decide_restore(_turned(case)) == decision
    # Enough of each for the test to mean something.
    assert min(verdicts[each] for each in (Verdict.OK, Verdict.ELEVATED, Verdict.REFUSED)) > _EACH / 100


def _turned(case: RestoreCase) -> RestoreCase:
    backup, wishes = (dict(list(said.items())[::-1]) for said in (case.backup, case.wishes))
    return replace(case, backup=backup, wishes=wishes, taken=case.taken[::-1])


def _harms(metadata: Mapping[str, str], case: RestoreCase, facts: Mapping[str, Any]) -> Iterator[str]:
    """What is sent and must not be."""
    if not metadata:
        return
    values = dict(_flat(metadata))
    into_own = facts.get("into_existing") if case.limits.allow_into_existing else None
    yield from (path for path in facts.get("never", ()) if path in values and path != into_own)
    yield from (path for path, value in facts.get("fixed", {}).items() if values.get(path) != value)
    yield from (path for path in facts.get("key", ()) if path in values and values[path] not in PROFILE["keys"])
    yield from (path for path in facts.get("profile", ()) if path in values and not _is_of_profile(path, values[path]))
    yield from (
        path for path, value in values.items() if path.lower().endswith("publiclyaccessible") and value != "false"
    )
    if into_own and values.get(into_own, "own-1") not in ("own-1", case.target.name):
        yield into_own
    if "snap-strange" in metadata.get("BlockDeviceMappings", ""):
        yield "BlockDeviceMappings"
    whole = json.dumps(metadata).lower()
    for key in PROFILE["keys"]:
        whole = whole.replace(key, "")
    yield from (word for word in ("arn:", "://", "//", "alias/aws", "evil", "999999999999", "\\u") if word in whole)


def _is_of_profile(path: str, value: str) -> bool:
    choices = PROFILE["clusters" if path == "clusterName" else path] if path in PROFILE or path == "clusterName" else []
    return value in [json.dumps(_listed(path, each), separators=(",", ":")) for each in choices] or value in choices


def _listed(path: str, choice: Any) -> Any:
    return [choice] if isinstance(choice, str) and path.endswith("Ids") else choice


def _flat(metadata: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every value at its path, those inside of a mapping in JSON as texts."""
    for key, value in metadata.items():
        yield key, value
        inner = json.loads(value) if value.startswith("{") else {}
        for name, each in inner.items():
            yield f"{key}.{name}", each if isinstance(each, str) else json.dumps(each)
