"""The settings of resources, read in the accounts that own them, as the table of readings says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.settings.alarms import alarms_of
from strongroom.domain.restores.settings.note import kept_of, make_note, texts_at
from strongroom.domain.restores.settings.table import ALARMS, KINDS, actions_of, settings_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.settings.note import SettingsNote
    from strongroom.domain.restores.settings.reading import Reading
    from strongroom.domain.restores.settings.table import SettingsKind

    type Client = Callable[[str], Any]

ACTIONS: tuple[str, ...] = ()
# So many entries of a list are read, or alarms of a Region: more than any quota of most, and an end of all.
_MOST: Final = 2_000


class MemberSettingsReader:
    """Reads settings in member accounts, through a role that reads them and nothing else."""

    MEMBER_ACTIONS: Final = actions_of(KINDS)

    def __init__(self, clients: MemberClients) -> None:
        """`clients` are those of the settings role."""
        self._clients = clients

    def read(self, resource: str, *, account: AccountId, region: Region) -> SettingsNote:
        """What is set on the resource, and of what that cannot be said why; TemporarilyUnavailableError to come back.

        NotFoundError where it is not there any more, CallRefusedError where nobody knows how it is read.
        """
        arn = Arn.parse(resource)
        kind = settings_kind(arn)
        if kind is None:
            raise CallRefusedError(f"nobody here knows how the settings of {resource} are read")
        look = _Look(arn, kind=kind, client=partial(self._clients.client, account=account, region=region))
        read: dict[str, Any] = {}
        unread = {each.what: each.reason for each in kind.unread}
        for number, reading in enumerate(kind.readings):
            try:
                found = look.take(reading, read=read)
            except NotFoundError as error:
                if not number:
                    raise
                unread[reading.what] = str(error)
            except (AccessRefusedError, CallRefusedError) as error:
                unread[reading.what] = str(error)
            else:
                read |= {} if found is None else {reading.what: found}
        try:
            read |= {ALARMS: own} if (own := look.alarms()) else {}
        except (AccessRefusedError, CallRefusedError) as error:
            unread[ALARMS] = str(error)
        return make_note(resource, read=read, unread=unread)


class _Look:
    """One look at a resource, which sends no call twice."""

    def __init__(self, arn: Arn, *, kind: SettingsKind, client: Client) -> None:
        self._arn, self._client, self._dimension = arn, client, kind.dimension
        self._name = kind.named(arn)[kind.dimension]
        self._answers: dict[str, Any] = {}

    def take(self, reading: Reading, *, read: dict[str, Any]) -> Any:
        """What is kept of a reading, in one list where it is made several times; None where nothing is set."""
        if not reading.each:
            return self._kept(reading)
        every = [self._kept(reading, each=each) for each in texts_at(read, reading.each)]
        lists = [each if isinstance(each, list) else [each] for each in every if each is not None]
        return [each for found in lists for each in found] or None

    def alarms(self) -> list[dict[str, Any]]:
        """The alarms on its metrics."""
        found = self._answer("cloudwatch", "describe_alarms", {"AlarmTypes": ["MetricAlarm"]})
        return alarms_of(found.get("MetricAlarms", ()), dimension=self._dimension, name=self._name)

    def _kept(self, reading: Reading, *, each: str = "") -> Any:
        by = dict(self._filled(reading, each=each))
        try:
            return kept_of(reading, self._answer(reading.service, reading.call, by, none=reading.none))
        except NotFoundError:
            if reading.none:
                return None
            raise

    def _answer(self, service: str, call: str, by: dict[str, Any], *, none: tuple[str, ...] = ()) -> Any:
        known = f"{service}.{call} {by}"
        if known not in self._answers:
            with aws_errors(absent=none):
                self._answers[known] = _whole(self._client(service), call, by)
        return self._answers[known]

    def _filled(self, reading: Reading, *, each: str) -> Iterator[tuple[str, str | list[str]]]:
        fill = partial(str.format, name=self._name, arn=str(self._arn), each=each)
        for parameter, template in reading.by:
            yield parameter, fill(template) if isinstance(template, str) else [fill(text) for text in template]


def _whole(client: Any, call: str, by: dict[str, Any]) -> Any:
    """The answer, of a list all pages; CallRefusedError of a list that is too long to be read."""
    if not client.can_paginate(call):
        return getattr(client, call)(**by)
    pages = client.get_paginator(call).paginate(**by, PaginationConfig={"MaxItems": _MOST})
    found = pages.build_full_result()
    if found.get("NextToken"):
        raise CallRefusedError(f"there are more than {_MOST}, and no more are read")
    return found
