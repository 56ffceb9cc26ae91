"""How it stands with a resource, and why: what its ARN and the intent say, and what the control plane knows of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.model import Exemption, Intent
from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.errors import one_line
from strongroom_cli.explain.answers import Known
from strongroom_cli.status.asking import resource
from strongroom_cli.status.words import is_about


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the API has of a resource, None where nothing is known, and the open alerts about it."""

    resource: Mapping[str, Any] | None
    alerts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAnswer:
    """What is said of a resource: one sentence, and the facts that it follows from."""

    resource: str
    summary: str
    facts: tuple[Known, ...]

    @property
    def lines(self) -> Iterator[str]:
        """The answer, line by line."""
        yield one_line(f"{self.resource}: {self.summary}")
        yield from (one_line(f"  {fact.name}: {fact.value} [{fact.origin}]") for fact in self.facts)


def ask_about(arn: Arn, api: ApiClient) -> Seen:
    """What the control plane knows; of what is in no tier only alerts tell."""
    try:
        shown = resource(api, str(arn))
    except ApiError as error:
        if not error.is_missing:
            raise
        alerts = api.get("alerts")["alerts"]
        return Seen(resource=None, alerts=tuple(each for each in alerts if is_about(each, {"resource": str(arn)})))
    return Seen(resource=shown["resource"], alerts=tuple(shown["alerts"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A resource with all that bears on it."""

    arn: Arn
    rows: tuple[ResourceType, ...]
    exemption: Exemption | None
    seen: Seen
    intent: Intent

    @property
    def is_governed_there(self) -> bool:
        """Whether plans run in its Region; an ARN without one may lie anywhere."""
        return not self.arn.region or self.arn.region in self.intent.organization.regions


def explain_resource(arn: Arn, *, seen: Seen, intent: Intent, today: date) -> ResourceAnswer:
    """Why the resource is protected or not, in one sentence, and the facts of it."""
    rows = tuple(row for row in ROWS if fnmatchcase(str(arn), row.pattern_in("*")))
    exemption = intent.exemption_of(arn.account, resource=str(arn), today=today)
    case = _Case(arn=arn, rows=rows, exemption=exemption, seen=seen, intent=intent)
    return ResourceAnswer(resource=str(arn), summary=_summary(case), facts=tuple(_facts(case)))


def _summary(case: _Case) -> str:
    told, exemption = case.seen.resource, case.exemption
    untagged = [each for each in case.seen.alerts if each["kind"] == AlertKind.RESOURCE_NOT_TAGGED]
    if untagged:
        return f"it is not protected, and this is told: {untagged[0]['reason']}"
    if told is not None:
        return f"it is {told['words']}: {told['reason']}"
    if not case.rows:
        return "nothing was tagged, because no type that AWS Backup protects has such an ARN"
    if exemption is not None:
        return f"nothing was tagged, because it is {exemption.sentence}"
    if not case.is_governed_there:
        return f"nothing was tagged, because no plan runs in {case.arn.region}"
    calls = dict.fromkeys(row.tags.listed_by for row in case.rows if row.tags is not None)
    return (
        f"nothing is known of it; if {' or '.join(calls) or 'its service'} shows it, its creation was not heard, its"
        " account is not governed, or it opted out: give CloudTrail's record of its creation to strongroom explain"
    )


def _facts(case: _Case) -> Iterator[Known]:
    yield Known(name="type", value=" or ".join(names_of(case.rows)) or "none", origin="the catalogue, by the ARN")
    if case.arn.region:
        governed = "governed" if case.is_governed_there else "not governed"
        yield Known(name="Region", value=f"{case.arn.region}, {governed}", origin="the ARN and the intent")
    said = "none" if case.exemption is None else case.exemption.sentence
    yield Known(name="exemption", value=said, origin="the intent")
    told = case.seen.resource
    if told is None:
        yield Known(name="backups", value="none expected, and none seen", origin="the ledger")
    else:
        yield Known(name="tier", value=told["tier"] or "none", origin="the ledger")
        yield Known(name="state", value=f"{told['words']}: {told['reason']}", origin="the ledger")
    for alert in case.seen.alerts:
        yield Known(name=f"open alert {alert['kind']}", value=alert["reason"], origin="the ledger")
