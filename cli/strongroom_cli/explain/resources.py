"""How it stands with a resource, and why: what its ARN and the intent say, and what the control plane knows of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS, names_of
from strongroom.domain.errors import MalformedIdentifierError, MalformedRequestError
from strongroom.domain.identifiers import AccountId, Arn, Region, parse_account_id, parse_region
from strongroom.domain.intent.model import Exemption, Intent, Target
from strongroom.domain.intent.tier_names import plan_name
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.standing import Known as Judged
from strongroom.domain.tags.standing import judge_resource, judge_unread
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.errors import one_line
from strongroom_cli.explain.answers import Known, Told
from strongroom_cli.status.asking import resource, tags
from strongroom_cli.status.words import NOTHING, is_about, moment

# Of these there is a tag, or nobody misses one.
_WITH_TAG: Final = (TagState.COMPLIANT, TagState.TAGGED, TagState.CORRECTED)
# What the inventory has in the place of an event.
_INVENTORY: Final = "inventory "


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the API has of a resource, None where nothing is known, and the open alerts about it.

    `tags` are the last verdict on its tags, `account` how its account stands, `inventory` how far that is in each
    Region of it.
    """

    resource: Mapping[str, Any] | None
    alerts: tuple[Mapping[str, Any], ...]
    tags: Mapping[str, Any] | None = None
    account: Mapping[str, Any] | None = None
    inventory: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceAnswer:
    """What is said of a resource: one sentence, and the facts that it follows from.

    `verdict` is the judge's, by what was told: `state`, `reason`, and in which account state it holds.
    """

    resource: str
    summary: str
    facts: tuple[Known, ...]
    verdict: Mapping[str, Any] | None = None

    @property
    def lines(self) -> Iterator[str]:
        """The answer, line by line."""
        yield one_line(f"{self.resource}: {self.summary}")
        yield from (one_line(f"  {fact.name}: {fact.value} [{fact.origin}]") for fact in self.facts)


def parse_resource(text: str) -> Arn:
    """The ARN of a single resource; MalformedRequestError of a pattern, and of one without a proper account or Region.

    An ARN without account and Region is one of S3.
    """
    arn = Arn.parse(text)
    try:
        if arn.account:
            parse_account_id(arn.account)
        if arn.region:
            parse_region(arn.region)
    except MalformedIdentifierError as error:
        raise MalformedRequestError(f"--resource {text}: {error}") from error
    if "*" in text or "?" in text:
        raise MalformedRequestError(f"--resource {text}: it must name one resource, and no pattern of many")
    return arn


def ask_about(arn: Arn, api: ApiClient) -> Seen:
    """What the control plane knows; of what is in no tier the last verdict on its tags and alerts tell."""
    told = tags(api, str(arn))
    beside = {"tags": told["tags"], "account": told["account"], "inventory": tuple(told["inventory"])}
    try:
        shown = resource(api, str(arn))
    except ApiError as error:
        if not error.is_missing:
            raise
        alerts = api.get("alerts")["alerts"]
        about = tuple(each for each in alerts if is_about(each, {"resource": str(arn)}))
        return Seen(resource=None, alerts=about, **beside)
    return Seen(resource=shown["resource"], alerts=tuple(shown["alerts"]), **beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A resource with all that bears on it."""

    arn: Arn
    rows: tuple[ResourceType, ...]
    exemption: Exemption | None
    seen: Seen
    told: Told
    intent: Intent
    today: date

    @property
    def is_governed_there(self) -> bool:
        """Whether plans run in its Region; an ARN without one may lie anywhere."""
        return not self.arn.region or self.arn.region in self.intent.organization.regions

    @property
    def account(self) -> str:
        """The account that it lies in, as far as that is known."""
        return self.arn.account or (self.seen.account or {}).get("account", "")

    @property
    def target(self) -> Target | None:
        """The target of its account, by what was told, else by the ledger."""
        units = self.told.units if self.told.units is not None else (self.seen.account or {}).get("units", ())
        return self.intent.target_of(AccountId(self.account), tuple(units)) if self.account else None

    @property
    def is_placed(self) -> bool:
        """Whether anybody says where its account lies."""
        return self.told.units is not None or self.seen.account is not None or self.target is not None


def explain_resource(arn: Arn, *, seen: Seen, intent: Intent, today: date, told: Told | None = None) -> ResourceAnswer:
    """Why the resource is protected or not, in one sentence, and the facts of it.

    With the tags that were told, or where no tag matters, the judge of all resources is asked.
    """
    rows = tuple(row for row in ROWS if fnmatchcase(str(arn), row.pattern_in("*")))
    exemption = intent.exemption_of(arn.account, resource=str(arn), today=today)
    case = _Case(arn=arn, rows=rows, exemption=exemption, seen=seen, told=told or Told(), intent=intent, today=today)
    verdict = _judge(case)
    shown = None if verdict is None else {"state": verdict.state, "reason": verdict.reason, "tier": verdict.tier}
    return ResourceAnswer(
        resource=str(arn), summary=_summary(case, verdict), facts=tuple(_facts(case, verdict)), verdict=shown
    )


def _judge(case: _Case) -> TagVerdict | None:
    """The judge's verdict; None where it hangs on what nobody told."""
    if not case.rows or not case.is_placed:
        return None
    region = Region(case.arn.region or case.intent.organization.home_region)
    place = Resource(arn=str(case.arn), label=case.rows[0].label, account=AccountId(case.account), region=region)
    known = Judged(resource=place, type=case.rows[0], target=case.target, tags=case.told.tags or {})
    if case.told.tags is None:
        return judge_unread(known, intent=case.intent, today=case.today)
    return judge_resource(known, intent=case.intent, today=case.today)


def _summary(case: _Case, verdict: TagVerdict | None) -> str:
    shown, exemption = case.seen.resource, case.exemption
    untagged = [each for each in case.seen.alerts if each["kind"] == AlertKind.RESOURCE_NOT_TAGGED]
    if untagged:
        return f"it is not protected, and this is told: {untagged[0]['reason']}"
    if case.seen.tags is not None and case.seen.tags["state"] not in _WITH_TAG:
        return _said_of(case.seen.tags)
    if shown is not None:
        return f"it is {shown['words']}: {shown['reason']}"
    if case.seen.tags is not None:
        return f"it is tagged, and no backup of it is known yet: {case.seen.tags['reason']}"
    if not case.rows:
        return "nothing was tagged, because no type that AWS Backup protects has such an ARN"
    if exemption is not None:
        return f"nothing was tagged, because it is {exemption.sentence}"
    if not case.is_governed_there:
        return f"nothing was tagged, because no plan runs in {case.arn.region}"
    if verdict is not None and case.told.tags is None:
        return f"nothing was tagged, because {verdict.reason}"
    return _unknown(case)


def _said_of(decided: Mapping[str, Any]) -> str:
    """The last verdict on its tags, where that left none, as one sentence."""
    state, reason = decided["state"], decided["reason"]
    match state:
        case TagState.WAITING if decided["waits_until"]:
            return f"it waits for its tag, until {moment(decided['waits_until'])} at least: {reason}"
        case TagState.WAITING:
            return f"it waited for its tag in vain, and the inventory looks at it next: {reason}"
        case TagState.GONE:
            return f"nothing was tagged, because it is gone: {reason}"
        case TagState.CANNOT if decided["tier"]:
            return f"it is tagged, and has a limit: {reason}"
        case _:
            return f"nothing was tagged, because it is {state}: {reason}"


def _unknown(case: _Case) -> str:
    calls = dict.fromkeys(row.listing.call for row in case.rows if row.listing is not None)
    shows = f"if {' or '.join(calls) or 'its service'} shows it"
    read = [each for each in case.seen.inventory if each["region"] == case.arn.region and each["ended_at"]]
    if read:
        return (
            f"nothing is known of it, and the inventory that ended at {moment(read[0]['ended_at'])} did not see it:"
            f" {shows}, it was made since, or is being deleted"
        )
    return (
        f"nothing is known of it; {shows}, its creation was not heard, its account is not governed, or it opted out:"
        " give CloudTrail's record of its creation to strongroom explain, or have strongroom inventory look"
    )


def _facts(case: _Case, verdict: TagVerdict | None) -> Iterator[Known]:
    yield Known(name="type", value=" or ".join(names_of(case.rows)) or "none", origin="the catalogue, by the ARN")
    heard = dict.fromkeys(creation.call for row in case.rows for creation in row.creations if creation.is_read)
    if heard:
        yield Known(name="rule", value=f"ResourceCreationRule hears {', '.join(heard)}", origin="the catalogue")
    yield from _account(case)
    if case.arn.region:
        governed = "governed" if case.is_governed_there else "not governed"
        yield Known(name="Region", value=f"{case.arn.region}, {governed}", origin="the ARN and the intent")
    said = "none" if case.exemption is None else case.exemption.sentence
    yield Known(name="exemption", value=said, origin="the intent")
    yield from _verdicts(case, verdict)
    yield from _inventory(case)
    shown = case.seen.resource
    if shown is None:
        yield Known(name="backups", value="none expected, and none seen", origin="the ledger")
    else:
        yield Known(name="tier", value=shown["tier"] or "none", origin="the ledger")
        yield Known(name="state", value=f"{shown['words']}: {shown['reason']}", origin="the ledger")
    tier = (shown or {}).get("tier") or (case.seen.tags or {}).get("tier")
    if tier in case.intent.tiers:
        yield Known(name="plan", value=plan_name(tier), origin="the intent, by the tier")
    for alert in case.seen.alerts:
        yield Known(name=f"open alert {alert['kind']}", value=alert["reason"], origin="the ledger")


def _account(case: _Case) -> Iterator[Known]:
    known, target = case.seen.account, case.target
    if known is None:
        yield Known(name="account", value=f"{case.account or 'not told'}: never judged", origin="the ledger")
    else:
        lacks = f", it lacks {', '.join(known['missing'])}" if known["missing"] else ""
        value = f"{known['account']} is {known['state']}{lacks}: {known['reason']}"
        yield Known(name="account", value=value, origin=f"the ledger, judged {moment(known['assessed_at'])}")
    if case.is_placed:
        value = "none: it is in no governed unit" if target is None else f"{target.name}, mode {target.mode}"
        origin = "--unit and the intent" if case.told.units is not None else "the ledger and the intent"
        yield Known(name="target", value=value, origin=origin)


def _verdicts(case: _Case, verdict: TagVerdict | None) -> Iterator[Known]:
    decided = case.seen.tags
    if decided is None:
        yield Known(name="last verdict", value="none", origin="the ledger")
    else:
        event = str(decided["event"])
        by = event if event.startswith(_INVENTORY) else f"event {event}"
        origin = f"the ledger, {moment(decided['decided_at'])}, for {by}"
        yield Known(name="last verdict", value=f"{decided['state']}: {decided['reason']}", origin=origin)
        if decided["waits_until"]:
            yield Known(name="waits until", value=moment(decided["waits_until"]), origin="the ledger")
    if case.told.tags is not None:
        listed = " and ".join(f"{key}={value}" for key, value in case.told.tags.items()) or "none"
        yield Known(name="tags", value=listed, origin="--tag")
    if verdict is not None:
        said = "its type, Region and account" if case.told.tags is None else "--tag"
        yield Known(name="judged now", value=f"{verdict.state}: {verdict.reason}", origin=f"the judge, by {said}")


def _inventory(case: _Case) -> Iterator[Known]:
    """How far the inventory is where the resource lies; of what has no Region in its ARN, everywhere."""
    for each in case.seen.inventory:
        if case.arn.region in {"", each["region"]}:
            left = f"{len(each['left'])} lists are left since {moment(each['seen_at'])}"
            how = f"ended {moment(each['ended_at'])}" if each["ended_at"] else left
            unread = "".join(f"; {name} could not be read: {why}" for name, why in each["unread"].items())
            origin = f"the ledger, inventory {each['inventory']}"
            yield Known(name=f"inventory of {each['region']}", value=f"{how}{unread}", origin=origin)
    if not case.seen.inventory:
        yield Known(name="inventory", value=f"{NOTHING} none of its account is known", origin="the ledger")
