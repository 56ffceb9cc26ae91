"""What does not hold of a row of the table of kinds, by trying each of its keys on the decision."""

import json
from collections.abc import Iterator, Mapping
from copy import replace
from functools import cache
from typing import Any, Final

from strongroom.domain.restores.deciding.case import RestoreCase
from strongroom.domain.restores.deciding.decide import decide_kind
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from strongroom.domain.restores.kinds.model import Key, RestoreKind
from tests.builders.deciding.restore_cases import CASES, INVARIANTS, PROFILE, a_restore

type Facts = Mapping[str, Any]

_OWN_ARN: Final = "arn:aws:s3:eu-west-1:111122223333:x"
_GOOD: Final = {
    "flag": ("true", "false"),
    "plain": ("plain-1",),
    "list": ('["plain-1","plain-2","3","4","5","6"]',),
    "few": ('["plain-1","plain-2"]',),
    "paths": ('["/a/b.txt","/c"]',),
    "path": ("/a/b",),
    "json": ('{"a":["b",1,true]}',),
    "parameters": ('{"Public":"false","Size":"3"}',),
}
_BAD: Final = {
    "flag": ("TRUE", "1", "yes"),
    "plain": ("http://x.example/a", "a/b", "pl\u0430in", _OWN_ARN),
    "list": ('["http://x.example/a"]', '{"a":1}', "plain-1", f'["{_OWN_ARN}"]', "[1]"),
    "few": ('["a","b","c","d","e","f"]', "[]", '["a/b"]', '{"a":1}', "a"),
    "paths": ('["/a","/b","/c","/d","/e","/f"]', '["../a"]', "[]", '["/a/../b"]', '"/a"'),
    "path": ("a", "/../b", "//b"),
    "json": ('{"a":"http://x.example/a"}', '{"a":1,"A":2}', f'{{"a":["{_OWN_ARN}"]}}', "{", '{"a":NaN}', '{"a":1e999}'),
    "parameters": ('{"Size":"a/b"}', '{"DbSecret":"x"}', '{"Size":"****"}', '{"Size":3}', '["Size"]', "{"),
}
_STRANGE: Final = ("x", "true", "0", '["x"]', '{"a":"b"}', _OWN_ARN)
_CLASS: Final = "m6i.large"


def what_does_not_hold(kind: RestoreKind, facts: Facts, *, about: str = "") -> Iterator[str]:
    """Each fact about the kind that the decision breaks; where a path is given, only what is said of that key."""
    tried = {name: _naming(said, about) for name, said in facts.items()} if about else facts
    for trial in (_never, _added, _fixed, _made, _profile, _needed, _values, _bounds, _choices, _only_where, _unset):
        yield from trial(kind, facts, tried)
    if not about:
        yield from _name(kind, facts)
        yield from _whole(kind, facts)


def _naming(said: Any, path: str) -> Any:
    """As much of a fact as names the key."""
    match said:
        case dict():
            rest = {name: _naming(each, path) for name, each in said.items() if not isinstance(each, str)}
            return rest | {name: each for name, each in said.items() if name == path}
        case list():
            return [each for each in said if each == path]
        case _:
            return said


@cache
def _usual(kind: str) -> RestoreCase:
    return a_restore(kind, **_needs(kind))


def _needs(kind: str) -> Facts:
    return INVARIANTS.get(kind, {}).get("usual", {})  # type: ignore[no-any-return]


def _pairs(tried: Facts, name: str) -> Iterator[tuple[str, Any]]:
    """The facts of that name that say something of their key."""
    return ((path, pair) for path, pair in tried.get(name, {}).items() if len(pair) == 2)


def _look(kind: RestoreKind, **said: Any) -> RestoreDecision:
    """What is decided where that is said, and besides what each restore of the kind needs."""
    usual = _needs(kind.name)
    wishes = usual.get("wishes", {}) | said.get("wishes", {})
    if said.keys() <= {"backup", "wishes"}:
        return _alone(kind, **{**said, "wishes": wishes})
    return decide_kind(kind, a_restore(kind.name, **{**usual, **said, "wishes": wishes}))


def _alone(kind: RestoreKind, **said: Any) -> RestoreDecision:
    return decide_kind(kind, replace(_usual(kind.name), **said))


def _asked(kind: RestoreKind, *said: tuple[str, str], **more: Any) -> RestoreDecision:
    return _look(kind, wishes=_whole_map(said), **more)


def _told(kind: RestoreKind, *said: tuple[str, str], **more: Any) -> RestoreDecision:
    return _look(kind, backup=_whole_map(said), **more)


def _whole_map(said: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The keys at their paths, those inside of JSON in one text."""
    whole: dict[str, str] = {path: value for path, value in said if "." not in path}
    inner: dict[str, dict[str, Any]] = {}
    for path, value in said:
        if "." in path:
            outer, name = path.split(".")
            inner.setdefault(outer, {})[name] = value
    return whole | {outer: json.dumps(values) for outer, values in inner.items()}


def _at(decision: RestoreDecision, path: str) -> str | None:
    outer, _, inner = path.partition(".")
    value = dict(decision.metadata).get(outer)
    if not inner or value is None:
        return value
    found = json.loads(value).get(inner)
    return found if found is None or isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def _faults(decision: RestoreDecision) -> list[str]:
    return [str(refusal.fault) for refusal in decision.refusals]


def _added(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    """Of what is never sent a job may add most by itself, and what would be worse than was approved it may not."""
    roles = [path for fault, paths in facts.get("barred", {}).items() for path in paths]
    worse = {*facts.get("never_added", ()), *facts.get("harmless", ()), *roles}
    for path in tried.get("never", ()):
        key = _key_at(kind, path)
        if key is not None and key.is_judged is not (path in worse):
            yield f"{path}: whether a job may add it"


def _key_at(kind: RestoreKind, path: str) -> Key | None:
    keys: tuple[Key, ...] = kind.keys
    found: Key | None = None
    for name in path.split("."):
        found = next((key for key in keys if key.name == name), None)
        keys = () if found is None else found.inner
    return found


def _never(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    barred = {path: fault for fault, paths in facts.get("barred", {}).items() for path in paths}
    for path in tried.get("never", ()):
        if path in facts.get("harmless", ()):
            if _faults(_asked(kind, (path, "false"))) or _at(_asked(kind, (path, "false")), path) is not None:
                yield f"{path}: false may be asked for, and is not sent"
            if _faults(_asked(kind, (path, "no"))) != ["bad-value"]:
                yield f"{path}: it is true or false"
        for value in _STRANGE:
            told = _told(kind, (path, value))
            if told.verdict in (Verdict.REFUSED, Verdict.BY_HAND) or _at(told, path) is not None or told.left_out:
                yield f"{path}: {value} of a backup"
        for value in ("true",) if path in facts.get("harmless", ()) else _STRANGE:
            if _faults(_asked(kind, (path, value))) != [barred.get(path, "forbidden-key")]:
                yield f"{path}: {value} of an asker"


def _fixed(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path, fixed in tried.get("fixed", {}).items():
        for value in (*_STRANGE, fixed):
            if _at(_told(kind, (path, value)), path) != fixed:
                yield f"{path}: {value} of a backup"
        other = {"true": "false", "false": "true"}.get(fixed, "other")
        if _faults(_asked(kind, (path, other))) != ["forbidden-key"]:
            yield f"{path}: {other} of an asker"
        if _at(_asked(kind, (path, fixed)), path) != fixed:
            yield f"{path}: {fixed} of an asker"
        if fixed in ("true", "false") and _faults(_asked(kind, (path, "maybe"))) != ["bad-value"]:
            yield f"{path}: it is true or false"


def _made(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path, value in tried.get("made", {}).items():
        if _at(_told(kind, (path, "x")), path) != value or _told(kind, (path, "x")).left_out:
            yield f"{path}: it is made"
        if _faults(_asked(kind, (path, "x"))) != ["forbidden-key"]:
            yield f"{path}: nobody asks for it"
    if facts.get("made") and "key/" in str(facts["made"]) and _faults(_look(kind, profile={})) != ["no-profile"]:
        yield "what is made needs the profile's key"


def _name(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    path = facts.get("name")
    if path is None:
        return
    if _at(_told(kind, (path, "old")), path) != "restored-1":
        yield f"{path}: it is the name that was asked for"
    if _faults(_asked(kind, (path, "restored-1"))) != ["forbidden-key"]:
        yield f"{path}: it is asked for as such"
    for name in facts["bad_names"]:
        if _faults(_look(kind, target={"name": name})) != ["bad-name"]:
            yield f"{name!r} is no name"
    if _faults(_look(kind, taken=["RESTORED-1"])) != ["name-taken"]:
        yield "the name is taken"


def _profile(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    paths = [*tried.get("profile", ()), *tried.get("key", ())]
    for path in paths:
        entry = "keys" if path in facts.get("key", ()) else {"clusterName": "clusters"}.get(path, path)
        is_list = path.endswith(("GroupIds", "SubnetIds"))
        one, other = (["one-1"], ["two-2"]) if is_list else ("one-1", "two-2")
        said = {value: json.dumps([value]) if is_list else value for value in ("one-1", "two-2", "foreign")}
        profile = PROFILE | {entry: [one, other]}
        is_needed = path in facts.get("needed", ())
        told = _told(kind, (path, said["foreign"]), profile=profile)
        if _at(told, path) not in ((said["one-1"],) if is_needed or entry == "keys" else (None, said["one-1"])):
            yield f"{path}: the backup names a place"
        if told.left_out:
            yield f"{path}: the backup's place is not missed"
        if (
            not is_needed
            and entry != "keys"
            and _at(_told(kind, (path, said["two-2"]), profile=profile), path) != "two-2"
        ):
            yield f"{path}: the backup's is taken where the profile has it"
        if _at(_asked(kind, (path, said["two-2"]), profile=profile), path) != said["two-2"] and path not in facts.get(
            "needed_where", {}
        ):
            yield f"{path}: another of the profile's"
        if _faults(_asked(kind, (path, said["foreign"]), profile=profile)) != ["not-in-profile"]:
            yield f"{path}: the asker names a place"
        if is_list and _faults(_asked(kind, (path, "one-1"), profile=profile)) != ["bad-value"]:
            yield f"{path}: it is a list"


def _needed(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    needed = facts.get("needed", ())
    for path in tried.get("needed", ()):
        entry = "keys" if path in facts.get("key", ()) else {"clusterName": "clusters"}.get(path, path)
        if "no-profile" not in _faults(_look(kind, profile={k: v for k, v in PROFILE.items() if k != entry})):
            yield f"{path}: the profile must have it"
    if needed and len(_faults(_look(kind, profile={}))) != len(needed):
        yield "each place that is missing is a fault"
    for path, (where, value) in _pairs(tried, "needed_where"):
        only_asked = where in facts["values"].get("asked", {}).get("flag", ())
        found = _alone(kind, wishes={where: value}) if only_asked else _told(kind, (where, value))
        if _faults(found) not in (["bad-value"], ["no-profile"]):
            yield f"{path}: it must be there where {where} is {value}"


def _values(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for use, shapes in tried.get("values", {}).items():
        for shape, paths in shapes.items():
            for path in paths:
                yield from _value(kind, facts, path, use=use, shape=shape)


def _value(kind: RestoreKind, facts: Facts, path: str, *, use: str, shape: str) -> Iterator[str]:
    least, most = facts.get("bounds", {}).get(path, (0, 0))
    good = (str(least), str(most)) if shape == "number" else _GOOD[shape]
    beyond = (str(most + 1), *((str(least - 1),) if least else ()))
    bad = ("x", "1.5", "-1", "\u0661", *beyond) if shape == "number" else _BAD[shape]
    unsaid = facts.get("unsaid", {}).get(path)
    is_class = path in facts.get("classes", ())
    for value in good:
        told = _told(kind, (path, value))
        if _at(told, path) != (unsaid if use == "asked" else value) or told.left_out:
            yield f"{path}: {value} of a backup"
        wished = _CLASS if is_class else value
        asked = _asked(kind, *_beside(facts, path), (path, wished))
        if use == "carried" and _faults(asked) != ["forbidden-key"]:
            yield f"{path}: it is the backup's alone"
        if use != "carried" and not _is_conditional(facts, path) and _at(asked, path) != wished:
            yield f"{path}: {value} of an asker"
    for value in bad:
        told = _told(kind, (path, value))
        is_refused = _faults(told) == ["by-hand"]
        is_told = is_refused if shape == "parameters" else bool(told.left_out) is not (use == "asked")
        if _at(told, path) != unsaid or not is_told:
            yield f"{path}: bad {value} of a backup"
        said = _whole_map((*_beside(facts, path), (path, value)))
        # What hangs on it would be told, too.
        asked = _alone(kind, wishes=said) if _is_conditional(facts, path) else _look(kind, wishes=said)
        if _faults(asked) != (["forbidden-key"] if use == "carried" else ["bad-value"]):
            yield f"{path}: bad {value} of an asker"
    if _at(_look(kind), path) != unsaid:
        yield f"{path}: nobody said anything"


def _beside(facts: Facts, path: str) -> Iterator[tuple[str, str]]:
    """What must be said besides, so that it means anything."""
    if path in facts.get("only_where", {}):
        where, value = facts["only_where"][path]
        yield where, value


def _only_where(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path, (where, value) in _pairs(tried, "only_where"):
        unsaid = () if facts.get("unsaid", {}).get(where) == value else ((),)
        for beside in (*unsaid, ((where, "false"),)):
            decision = _asked(kind, *beside, (path, _GOOD["few"][0]))
            if _faults(decision) != ["bad-value"] or _at(decision, path) is not None:
                yield f"{path}: it means nothing where {where} says otherwise"


def _is_conditional(facts: Facts, path: str) -> bool:
    return any(path == where for where, _ in facts.get("needed_where", {}).values())


def _bounds(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path in tried.get("grows", ()):
        decision = _look(kind, backup=_whole_map(((path, "60"),)), wishes=_whole_map(((path, "59"),)))
        if _faults(decision) != ["bad-value"]:
            yield f"{path}: it never becomes smaller"
    for path in tried.get("classes", ()):
        told = _whole_map(((path, "old.class"),))
        if _faults(_look(kind, backup=told, wishes=_whole_map(((path, "huge.class"),)))) != ["not-in-profile"]:
            yield f"{path}: it is one of the classes that are listed"
        found = _look(kind, backup=told, wishes=_whole_map(((path, _CLASS),)))
        if "other-class" not in [risk.danger for risk in found.risks]:
            yield f"{path}: another class is told"
    for path, (many, one) in _pairs(tried, "several"):
        subnet = {"WindowsConfiguration.PreferredSubnetId": ["subnet-0r1"]}
        decision = _look(
            kind, backup=_whole_map(((path, many),)), wishes=_whole_map(((path, one),)), profile=PROFILE | subnet
        )
        if kind.by_hand_when is None and "no-multi-az" not in [risk.danger for risk in decision.risks]:
            yield f"{path}: it lay in several zones"


def _choices(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path, (where, values) in _pairs(tried, "carried_where"):
        for value in values:
            if _at(_told(kind, (where, value), (path, "3100")), path) != "3100":
                yield f"{path}: it is carried where {where} is {value}"
        if _at(_told(kind, (where, "gp2"), (path, "3100")), path) is not None:
            yield f"{path}: it is carried only with {' or '.join(values)}"


def _unset(kind: RestoreKind, facts: Facts, tried: Facts) -> Iterator[str]:
    for path, value in tried.get("unset", {}).items():
        told = _told(kind, (path, value), profile=PROFILE | {path: [value]})
        if _at(told, path) is not None or told.left_out or len(told.steps) != len(_look(kind).steps):
            yield f"{path}: {value} says that nothing was set"


def _whole(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    """What holds of the kind as a whole."""
    risks = [risk.danger for risk in _look(kind).risks]
    if ("rarely-tried" in risks) is not (facts["grade"] == "always elevated"):
        yield "who restores it"
    window = {"status": "AVAILABLE", "continuous": ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"]}
    timed = _look(kind, point=window, at="2026-11-01T12:00:00Z")
    if _at(timed, facts["time"]) != "2026-11-01T12:00:00Z" if "time" in facts else _faults(timed) != ["bad-time"]:
        yield "the time to which it is restored"
    copied = [risk.danger for risk in _look(kind, way="copy-back").risks]
    if ("vault-key" in copied) is not facts.get("keeps_key", False):
        yield "the key that it lives under"
    yield from _existing(kind, facts)
    yield from _living(kind, facts)
    yield from _machine(kind, facts)
    yield from _by_hand(kind, facts)


def _existing(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    limits = CASES["defaults"]["limits"] | {"allow_into_existing": True}
    live = _look(kind, existing="own-1", source_id="own-1", limits=limits)
    path = facts.get("into_existing")
    if path is None:
        if _faults(live) != ["into-existing"]:
            yield "it is restored into nothing that lives"
        return
    if _at(live, path) != "own-1" or live.verdict is not Verdict.ELEVATED:
        yield "into its own"
    new = next(key for key in facts["new"])
    for said, fault in (("false", ["into-existing"]), ("no", ["bad-value"])):
        if _faults(_asked(kind, (new, said))) != fault:
            yield f"{new}: {said}"
    if _at(_told(kind, (new, "false")), new) != "true" or _at(_asked(kind, (new, "true")), new) != "true":
        yield f"{new}: something new unless it is asked for"


def _living(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    """Of what is always put into something that lives: that it is told, and refused where the intent lets none be."""
    risks, path = {risk.danger: risk.sentence for risk in _look(kind).risks}, facts.get("lives_in")
    if path is None:
        if "adds-into-live" in risks:
            yield "it is something new"
        return
    if f"into {_at(_look(kind), path)}," not in risks.get(Danger.ADDS_INTO_LIVE, ""):
        yield f"{path}: it lives"
    if _faults(_look(kind, limits={"allow_into_existing": False})) != ["into-existing"]:
        yield f"{path}: nothing is put into it unless the intent lets it"


def _machine(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    """Of a machine, the role and the devices."""
    limits = CASES["defaults"]["limits"]
    for path, role in facts.get("role", {}).items():
        allowed = limits | {"allow_backed_up_role": True}
        if _faults(_asked(kind, (path, role))) != ["role"] or _at(_told(kind, (path, role)), path) is not None:
            yield f"{path}: it gets no role"
        if _told(kind, (path, role)).left_out or _faults(_asked(kind, (path, "other"), limits=allowed)) != ["role"]:
            yield f"{path}: it gets no other role"
        found = _asked(kind, (path, role), limits=allowed)
        if _at(found, path) != role or found.verdict is not Verdict.ELEVATED:
            yield f"{path}: it gets the backed-up one where the intent lets it"
    path = facts.get("devices")
    if path is not None:
        told = json.dumps([{"DeviceName": "xvda", "Ebs": {"SnapshotId": "snap-1", "KmsKeyId": "old", "VolumeSize": 8}}])
        made = [{"DeviceName": "xvda", "Ebs": {"Encrypted": True, "KmsKeyId": PROFILE["keys"][0], "VolumeSize": 8}}]
        if json.loads(_at(_told(kind, (path, told)), path) or "null") != made:
            yield f"{path}: under the profile's key, and out of no other snapshot"
        if _faults(_asked(kind, (path, told))) != ["forbidden-key"]:
            yield f"{path}: nobody asks for it"


def _by_hand(kind: RestoreKind, facts: Facts) -> Iterator[str]:
    for path, value in facts.get("by_hand", {}).items():
        for decision in (_told(kind, (path, value)), _asked(kind, (path, value))):
            if decision.verdict is not Verdict.BY_HAND:
                yield f"{path}: with {value} it is restored by hand"
