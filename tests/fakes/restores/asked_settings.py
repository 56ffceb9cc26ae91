"""The settings of what is restored, and of its originals, kept in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.ports.restores import RestoreStarter


@dataclass
class FakeSettings:
    """By the ARN of a resource and the call that sets it; what is `gone` is told of no more.

    `calls` are what was set, in their order. The next call `dies` before or after it is made.
    """

    known: dict[tuple[str, str], SettingFound] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    made_at: datetime | None = None
    items: int | None = None
    is_pending: bool = False
    calls: list[RestoreRequest] = field(default_factory=list)
    dies: str = ""

    def setting(self, request: RestoreRequest) -> SettingFound:
        return self.original(request.call, resource=request.resource, account=request.account, region=request.region)

    def original(self, call: str, *, resource: str, account: AccountId, region: Region) -> SettingFound:
        if resource in self.gone:
            raise NotFoundError(f"{resource} is not there")
        none = SettingFound(made_at=self.made_at, items=self.items)
        return self.known.get((resource, call), none)

    def set(self, request: RestoreRequest) -> None:
        if self.dies == "before":
            raise TemporarilyUnavailableError("no route")
        self.calls.append(request)
        self.known[request.resource, request.call] = SettingFound(
            parameters=request.metadata, made_at=self.made_at, items=self.items, is_pending=self.is_pending
        )
        if self.dies == "after":
            raise TemporarilyUnavailableError("the answer was lost")


@dataclass
class FakeSettingStarter:
    """Sets what follows a restore; all else is started elsewhere."""

    settings: FakeSettings
    otherwise: RestoreStarter

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        if not request.is_after:
            return self.otherwise.start_job(request, recovery_point=recovery_point)
        if self.settings.setting(request).parameters != request.metadata:
            self.settings.set(request)
        return request.resource
