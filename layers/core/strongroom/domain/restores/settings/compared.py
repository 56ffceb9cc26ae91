"""What was noted of an original, held against what is set on what was restored in its place: what differs, and why.

Only names are told, and no values: what comes of it is kept for as long as the evidence is.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.canonical import canonical_text
from strongroom.domain.identifiers import REQUEST_TAG, Arn
from strongroom.domain.restores.kinds.finishing import SETTINGS, TAGS, MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.left_off.steps import CALLS
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.session_policy import alarm_prefix
from strongroom.domain.restores.settings.alarms import name_anew
from strongroom.domain.restores.settings.note import SettingsNote
from strongroom.domain.restores.settings.reading import Afterwards
from strongroom.domain.restores.settings.table import ALARMS, settings_kind

# What names a resource, or where it is: that of another one is never the same.
_OF_ITS_OWN: Final = frozenset(
    (
        *("Address", "DBInstanceIdentifier", "Endpoint", "FileSystemId", "ImageId", "IpAddress", "LatestStreamArn"),
        *("MountTargetId", "PrivateIpAddress", "ReaderEndpoint", "SourceFileSystemId"),
    )
)
# Where the setting and the key that was approved are not called the same.
_SPELLED: Final = {
    "DBClusterParameterGroup": "DBClusterParameterGroupName",
    "DBSubnetGroup": "DBSubnetGroupName",
    "EnabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "GroupId": "SecurityGroupIds",
    "IAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "ParameterGroupName": "ClusterParameterGroupName",
    "PerformanceInsightsEnabled": "EnablePerformanceInsights",
    "ScalingConfigurationInfo": "ScalingConfiguration",
    "ServerSideEncryptionConfiguration": "KMSKey",
    "Size": "volumeSize",
    "StorageEncrypted": "Encrypted",
}
# What follows from another setting that was approved: the zone is that of the subnet.
_FOLLOWS: Final = {"AvailabilityZone": "SubnetId"}
_STEPS: Final[Mapping[str, str]] = {
    "continuous backups": MachineStep.CONTINUOUS_BACKUPS,
    "instances": MachineStep.READERS,
    "members": MachineStep.READERS,
    "protection": MachineStep.DELETION_PROTECTION,
    "tags": TAGS,
}
_PROTECTED: Final = "DeletionProtection"
_PAIR: Final = {"name", "value"}
# So many are named in one sentence.
_MOST: Final = 12


class Standing(StrEnum):
    """How a setting of what was restored stands to what was noted, what somebody has to see to first."""

    UNAPPROVED = "other than before, and nobody approved that"
    ASKED = "to be asked for, if at all"
    PERSON = "left to people"
    UNREAD = "not compared"
    APPROVED = "other than before, as approved"
    DONE = "set by the machine"
    AS_BEFORE = "as before"


FINDINGS: Final = frozenset({Standing.UNAPPROVED, Standing.ASKED, Standing.PERSON})


class Compared(Struct, frozen=True, kw_only=True):
    """A setting by its name, and behind a colon the part of it that differs; the reason is empty where none is due."""

    what: str
    standing: Standing
    reason: str = ""

    @property
    def told(self) -> str:
        """In words."""
        return f"{self.what} ({self.reason})" if self.reason else self.what


def compare_settings(
    note: SettingsNote, found: SettingsNote, *, request: RestoreRequest, done: Collection[str]
) -> tuple[Compared, ...]:
    """Each setting that was noted or is found, by its standing; `done` are the steps that the machine has taken."""
    case = _Case(note, found, request=request, done=done)
    unread = {**note.unread, **found.unread}
    secrets = {*note.secrets, *found.secrets}
    every = {*note.settings, *found.settings} - {ALARMS, *unread}
    compared = {
        *(Compared(what=what, standing=Standing.UNREAD, reason=reason) for what, reason in unread.items()),
        *(Compared(what=path, standing=Standing.UNREAD, reason="its name tells of a secret") for path in secrets),
        *(each for what in every for each in case.judged(what)),
        *(case.alarms() if ALARMS not in unread else ()),
    }
    order = list(Standing)
    return tuple(sorted(compared, key=lambda each: (order.index(each.standing), each.what, each.reason)))


def step_of(compared: Collection[Compared]) -> StepTaken:
    """The comparison as a step: what differs is a finding, and never a failure."""
    found = [each for each in compared if each.standing in FINDINGS]
    if not found:
        outcome, reason = StepOutcome.DONE, "nothing is left to be set that was noted of the original"
    else:
        said = "1 setting is" if len(found) == 1 else f"{len(found)} settings are"
        outcome, reason = StepOutcome.DIFFERENT, f"{said} not as was noted of the original"
    return StepTaken(step=SETTINGS, outcome=outcome, reason=reason, parts=tuple(_told(compared)))


def _told(compared: Iterable[Compared]) -> Iterator[str]:
    """A sentence for each standing that there is."""
    by_standing: dict[Standing, list[str]] = {}
    for each in compared:
        by_standing.setdefault(each.standing, []).append(each.told)
    for standing, names in by_standing.items():
        more = f", and {len(names) - _MOST} more" if len(names) > _MOST else ""
        yield f"{standing}: {', '.join(names[:_MOST])}{more}"


class _Case:
    """One comparison."""

    def __init__(
        self, note: SettingsNote, found: SettingsNote, *, request: RestoreRequest, done: Collection[str]
    ) -> None:
        self._note, self._found, self._request, self._done = note, found, request, done
        self._said = dict(_said(request.metadata))
        self._kind = settings_kind(Arn.parse(found.resource))
        was, now = Arn.parse(note.resource), Arn.parse(found.resource)
        self._names = ((re.escape(str(was)), str(now)), (rf"(?<![\w.-]){re.escape(was.name)}(?![\w.-])", now.name))

    def judged(self, what: str) -> Iterator[Compared]:
        """Whatever of a setting differs, or that it is as before."""
        was = self._parts(self._moved(self._note.settings.get(what)))
        now = self._parts(self._found.settings.get(what))
        differing = sorted(part for part in {*was, *now} if was.get(part) != now.get(part))
        if not differing:
            yield Compared(what=what, standing=Standing.AS_BEFORE)
        for part in differing:
            yield self._judged(what, part, now=now.get(part))

    def alarms(self) -> Iterator[Compared]:
        """Those that were noted: made anew they are called otherwise, and tell nobody before a person lets them."""
        noted, prefix = self._note.settings.get(ALARMS, ()), alarm_prefix(self._request)
        there = {str(each["AlarmName"]): each for each in self._found.settings.get(ALARMS, ())}
        made = [(each, there[name]) for each in noted if (name := name_anew(each, prefix=prefix)) in there]
        silent = [now for was, now in made if was.get("ActionsEnabled") and not now.get("ActionsEnabled")]
        if len(made) < len(noted):
            reason = f"{len(noted) - len(made)} of {len(noted)} are not made anew"
            yield Compared(what=ALARMS, standing=Standing.PERSON, reason=reason)
        if silent:
            reason = f"the actions of {len(silent)} are off until somebody turns them on"
            yield Compared(what=ALARMS, standing=Standing.PERSON, reason=reason)

    def _judged(self, what: str, part: str, *, now: Any) -> Compared:
        path = f"{what}: {part}" if part else what
        if self._is_approved(part or what, now):
            return Compared(what=path, standing=Standing.APPROVED)
        step = MachineStep.DELETION_PROTECTION if part.startswith(_PROTECTED) else _STEPS.get(what, "")
        if step in self._done and (step != TAGS or now):
            return Compared(what=path, standing=Standing.DONE)
        if asked := _asked(what, self._request):
            return Compared(what=what, standing=Standing.ASKED, reason=asked)
        if self._kind is not None and self._kind.afterwards(what) is Afterwards.RESTORED:
            return Compared(what=path, standing=Standing.UNAPPROVED)
        return Compared(what=what, standing=Standing.PERSON)

    def _is_approved(self, name: str, now: Any) -> bool:
        key = name.rpartition("/")[2]
        if now and _folded(_FOLLOWS.get(key, "")) in self._said:
            return True
        said, found = self._said.get(_folded(_SPELLED.get(key, key)), frozenset()), frozenset(_leaves(now))
        return bool(said) and (said <= found if isinstance(now, dict) else said == found)

    def _parts(self, content: Any) -> dict[str, Any]:
        """The parts of a setting that can differ by themselves, without what is of its own and the tag of requests."""
        match content:
            case dict():
                every = dict(content)
            case [dict(), *_] if all(set(each) <= _PAIR for each in content):
                every = {"": [each for each in content if each["name"] != REQUEST_TAG]}
            case [dict(), *_]:
                keys = {key for each in content for key in each}
                every = {key: [each[key] for each in content if key in each] for key in keys}
            case _:
                every = {"": content}
        own = {key: each for key, each in every.items() if key.rpartition("/")[2] not in _OF_ITS_OWN}
        return {key: _in_order(each) for key, each in own.items() if each not in (None, "", [], {})}

    def _moved(self, content: Any) -> Any:
        """The content with the restored's name wherever the original's stands by itself."""
        match content:
            case str():
                for was, now in self._names:
                    content = now.join(re.split(was, content))
                return content
            case dict():
                return {key: self._moved(each) for key, each in content.items()}
            case list() | tuple():
                return [self._moved(each) for each in content]
            case _:
                return content


def _asked(what: str, request: RestoreRequest) -> str:
    """How the setting is asked for by itself after the restore; empty where nobody can."""
    for each in CALLS.values():
        name = each.step.replace("-", " ")
        if each.resource_type == request.resource_type and (what == name or what.startswith(f"{name} ")):
            return f"strongroom restore after {request.id} {each.step}"
    return ""


def _said(metadata: Iterable[tuple[str, str]]) -> Iterator[tuple[str, frozenset[str]]]:
    """What was approved, by its key and, where that holds others, by each of these."""
    for key, text in metadata:
        content = _read(text)
        yield _folded(key), frozenset(_leaves(content))
        for inner, each in content.items() if isinstance(content, dict) else ():
            yield _folded(inner), frozenset(_leaves(each))


def _read(text: str) -> Any:
    try:
        content = json.loads(text)
    except ValueError:
        return text
    return content if isinstance(content, dict | list) else text


def _leaves(content: Any) -> Iterator[str]:
    match content:
        case None:
            return
        case dict() | list() | tuple():
            for each in content.values() if isinstance(content, dict) else content:
                yield from _leaves(each)
        case _:
            yield str(content).lower()


def _folded(name: str) -> str:
    """As keys and settings are both spelled: in small letters, of one as of several."""
    return name.lower().removesuffix("s")


def _in_order(content: Any) -> Any:
    return sorted(content, key=canonical_text) if isinstance(content, list) else content
