"""What was noted of an original, held against what is set on what was restored in its place: what differs, and why.

Only names are told, and no values: what comes of it is kept for as long as the evidence is.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.kinds.finishing import SETTINGS, TAGS, MachineStep, StepOutcome, StepTaken
from strongroom.domain.restores.left_off.steps import step_of_setting
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.session_policy import alarm_prefix
from strongroom.domain.restores.settings.alarms import name_anew, named_alarms
from strongroom.domain.restores.settings.note import SettingsNote
from strongroom.domain.restores.settings.parts import are_named, differing_parts
from strongroom.domain.restores.settings.reading import Afterwards
from strongroom.domain.restores.settings.table import ALARMS, settings_kind

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
# To what a step of the machine sets a part, by the setting and the part.
_SET: Final[Mapping[tuple[str, str], tuple[MachineStep, Any]]] = {
    ("cluster", "DeletionProtection"): (MachineStep.DELETION_PROTECTION, True),
    ("continuous backups", "PointInTimeRecoveryStatus"): (MachineStep.CONTINUOUS_BACKUPS, "ENABLED"),
    ("protection", "DeletionProtectionEnabled"): (MachineStep.DELETION_PROTECTION, True),
}
# Of the instances of a cluster their number and classes are set, by two steps.
_OF_INSTANCES: Final = {"instances": "DBInstanceClass", "members": "IsClusterWriter"}
_MAKE_INSTANCES: Final = {MachineStep.WRITER, MachineStep.READERS}
# So many are named in one sentence.
_MOST: Final = 12


class Standing(StrEnum):
    """How a setting of what was restored stands to what was noted, what somebody has to see to first."""

    OTHER = "other than noted, and not in what was approved"
    ASKED = "to be asked for, if at all"
    PERSON = "left to people"
    UNREAD = "not compared"
    OFF = "made, and off until somebody turns them on"
    APPROVED = "other than before, as approved"
    DONE = "set by the machine"
    AS_BEFORE = "as before"
    UNNOTED = "neither noted nor compared"
    NEVER = "never compared"


FINDINGS: Final = frozenset({Standing.OTHER, Standing.ASKED, Standing.PERSON})
_NOT_COMPARED: Final = frozenset({Standing.UNREAD, Standing.UNNOTED, Standing.NEVER})


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
    note: SettingsNote,
    found: SettingsNote,
    *,
    request: RestoreRequest,
    done: Collection[str],
    tagged: Collection[str] = (),
) -> tuple[Compared, ...]:
    """Each setting that was noted or is found, by its standing.

    `done` are the steps that the machine has taken, `tagged` the keys of the tags that it has set.
    """
    case = _Case(note, found, request=request, done=done, tagged=tagged)
    unread = {**note.unread, **found.unread}
    secrets = {*note.secrets, *found.secrets}
    # Where nothing could be read that was noted, what is there besides says nothing of it.
    is_read = not note.settings or bool({*note.settings} - {*unread})
    every = {*note.settings, *found.settings} - {ALARMS, *unread} if is_read else set()
    compared = {
        *(case.unread(what, reason) for what, reason in unread.items()),
        *(Compared(what=path, standing=Standing.NEVER, reason="its name tells of a secret") for path in secrets),
        *(each for what in every for each in case.judged(what)),
        *(case.alarms() if ALARMS not in unread else ()),
    }
    order = list(Standing)
    return tuple(sorted(compared, key=lambda each: (order.index(each.standing), each.what, each.reason)))


def step_of(compared: Collection[Compared]) -> StepTaken:
    """The comparison as a step: what differs is a finding and no failure; it fails where nothing could be compared.

    It is done only where all that was noted could be read.
    """
    found = sum(each.standing in FINDINGS for each in compared)
    unread = sum(each.standing is Standing.UNREAD for each in compared)
    is_off = any(each.standing is Standing.OFF for each in compared)
    if unread and all(each.standing in _NOT_COMPARED for each in compared):
        outcome, reason = StepOutcome.FAILED, "nothing could be compared"
    elif found:
        outcome, reason = StepOutcome.DIFFERENT, f"{_counted(found, 'is', 'are')} not as was noted of the original"
        reason += f"; {_counted(unread, 'was', 'were')} not compared" if unread else ""
    elif unread:
        outcome, reason = StepOutcome.SKIPPED, f"{_counted(unread, 'was', 'were')} not compared, and no other differs"
    else:
        outcome, reason = StepOutcome.DONE, "nothing is left to be set that was noted of the original"
        unnoted = sum(each.standing is Standing.UNNOTED for each in compared)
        reason += ", and its alarms are to be turned on" if is_off else ""
        reason += f"; {_counted(unnoted, 'was', 'were')} neither noted nor compared" if unnoted else ""
    return StepTaken(step=SETTINGS, outcome=outcome, reason=reason, parts=tuple(_told(compared)))


def _counted(number: int, one: str, several: str) -> str:
    return f"1 setting {one}" if number == 1 else f"{number} settings {several}"


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
        self,
        note: SettingsNote,
        found: SettingsNote,
        *,
        request: RestoreRequest,
        done: Collection[str],
        tagged: Collection[str],
    ) -> None:
        self._note, self._found, self._request, self._done, self._tagged = note, found, request, done, tagged
        self._said = dict(_said(request.metadata))
        self._kind = settings_kind(Arn.parse(found.resource))
        was, now = Arn.parse(note.resource), Arn.parse(found.resource)
        self._names = ((_by_itself(str(was)), str(now)), (_by_itself(was.name), now.name))

    def unread(self, what: str, reason: str) -> Compared:
        """A setting that nobody could read, or that nobody reads of its kind."""
        standing = Standing.UNREAD if what in self._note.settings else Standing.UNNOTED
        is_never = self._kind is not None and what in {each.what for each in self._kind.unread}
        return Compared(what=what, standing=Standing.NEVER if is_never else standing, reason=reason)

    def judged(self, what: str) -> Iterator[Compared]:
        """Whatever of a setting differs, or that it is as before."""
        noted, found = self._moved(self._note.settings.get(what)), self._found.settings.get(what)
        if coming := self._on_their_way(what, noted, found):
            yield Compared(what=what, standing=Standing.UNREAD, reason=coming)
            return
        is_named, differing = are_named(noted, found), differing_parts(noted, found)
        if not differing:
            yield Compared(what=what, standing=Standing.AS_BEFORE)
        for part, now in differing.items():
            yield self._judged(what, part, now=now, is_named=is_named)

    def alarms(self) -> Iterator[Compared]:
        """Those that were noted: made anew they are called otherwise, and tell nobody before a person lets them."""
        noted, prefix = _listed(self._note.settings.get(ALARMS)), alarm_prefix(self._request)
        there = {str(each["AlarmName"]): each for each in named_alarms(self._found.settings.get(ALARMS))}
        known = {name_anew(each, prefix=prefix): each for each in named_alarms(noted)}
        made = [(each, there[name]) for name, each in known.items() if name in there]
        silent = sum(bool(was.get("ActionsEnabled")) and not now.get("ActionsEnabled") for was, now in made)
        if len(made) < len(noted):
            reason = f"{len(noted) - len(made)} of {len(noted)} are not made anew"
            yield Compared(what=ALARMS, standing=Standing.PERSON, reason=reason)
        if silent:
            yield Compared(what=ALARMS, standing=Standing.OFF, reason=f"the actions of {silent}")
        if noted and len(made) == len(noted) and not silent:
            yield Compared(what=ALARMS, standing=Standing.AS_BEFORE)

    def _judged(self, what: str, part: str, *, now: Any, is_named: bool) -> Compared:
        path = f"{what}: {part}" if part else what
        if not is_named and self._is_approved(part or what, now):
            return Compared(what=path, standing=Standing.APPROVED)
        if self._is_set(what, part, now):
            return Compared(what=path, standing=Standing.DONE)
        if asked := _asked(what, self._request):
            return Compared(what=what, standing=Standing.ASKED, reason=asked)
        if self._afterwards(what) is not Afterwards.RESTORED:
            return Compared(what=what, standing=Standing.PERSON)
        is_lost = self._afterwards(what, part) is not Afterwards.RESTORED
        return Compared(what=path, standing=Standing.PERSON if is_lost else Standing.OTHER)

    def _afterwards(self, what: str, part: str = "") -> Afterwards:
        return self._kind.afterwards(what, part) if self._kind else Afterwards.CANNOT

    def _is_set(self, what: str, part: str, now: Any) -> bool:
        """Whether a step of the machine that was taken sets that part, and to that."""
        if what == TAGS:
            return part in self._tagged and bool(now)
        if what in _OF_INSTANCES:
            return part == _OF_INSTANCES[what] and set(self._done) >= _MAKE_INSTANCES
        step, value = _SET.get((what, part), ("", None))
        return step in self._done and now == value

    def _on_their_way(self, what: str, noted: Any, found: Any) -> str:
        """How many of the instances that the machine makes are there yet; empty where all are."""
        if what not in _OF_INSTANCES or not set(self._done) >= _MAKE_INSTANCES:
            return ""
        there, wanted = len(_listed(found)), len(_listed(noted))
        return f"{there} of {wanted} are there so far" if there < wanted else ""

    def _is_approved(self, name: str, now: Any) -> bool:
        key = name.rpartition("/")[2]
        if now and key in _FOLLOWS and _folded(_FOLLOWS[key]) in self._said:
            return True
        said, found = self._said.get(_folded(_SPELLED.get(key, key)), frozenset()), frozenset(_leaves(now))
        return bool(said) and (said <= found if isinstance(now, dict) else said == found)

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
    step = step_of_setting(what, resource_type=request.resource_type)
    return f"strongroom restore after {request.id} {step}" if step else ""


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


def _listed(content: Any) -> list[Any]:
    if isinstance(content, list | tuple):
        return list(content)
    return [content] if content else []


def _by_itself(text: str) -> str:
    """A pattern of the text where it is no part of a longer name."""
    return rf"(?<![\w.-]){re.escape(text)}(?![\w.-])"
