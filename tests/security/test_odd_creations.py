"""Records of creations, changed at random by seed: whatever stands in one, nothing but what it was about is touched.

`make mutants` makes a hundred thousand; the tests make some of each seed.
"""

import copy
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.domain.calls import Heard
from strongroom.domain.errors import MalformedError, StrongroomError
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.key_managers import KeyManager
from strongroom.domain.tags.creations import CREATIONS
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.services.tags.enforce_tags import enforce_tags
from strongroom.services.tags.revisit_resources import revisit_resources
from strongroom.services.tags.tagging_needs import TaggingNeeds
from tests.builders.accounts import IN_PRODUCTION
from tests.builders.places import PAYMENTS
from tests.contract.events.creation_records import OTHER_REGION, REGION, CreationRecord, is_modelled, records_of
from tests.fakes.accounts_and_tags import FakeAccountBook, FakeAlerts, FakeKeys, FakeOrganization, FakePaces, FakeTags

type Document = dict[str, Any]
type Place = tuple[str | int, ...]

NOW: Final = datetime(2026, 9, 1, 10, tzinfo=UTC)
MUTANTS: Final = int(os.environ.get("MUTANTS", "400"))
RECORDS: Final = [record for call, (_, each) in CREATIONS.items() if is_modelled(each) for record in records_of(call)]
EACH_RECORD = pytest.mark.parametrize("record", RECORDS, ids=lambda each: f"{each.call} {each.form}")
DECODER: Final = msgspec.json.Decoder(Event[TrailRecord])
SOURCES: Final = sorted({call.split(":")[0] for call in CREATIONS} | {"s3files", "glue", "docdb-elastic", "iam"})
NAMES: Final = sorted({call.split(":")[1] for call in CREATIONS} | {"CreateWorkgroup", "DeleteTable", ""})
# None of them is the name of anything that could lie in the place of the call.
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, [], {}, [[]], [None], "", " ", "*", "x" * 3_000, "a/../b", "a b", "é", "a\n", "${x}",
    "HIDDEN_DUE_TO_SECURITY_REASONS", "****", {"omitted": True, "reason": "too large"},
    "arn:aws:s3:::", "arn:aws:iam::222222222222:role/Admin", "arn:aws:rds:eu-west-1:333333333333:db:orders",
    "arn:aws:rds:us-east-1:222222222222:db:orders", "arn:aws-cn:rds:eu-west-1:222222222222:cluster:orders",
    "arn:aws:dynamodb:eu-west-1:2222222222222:table/Orders-1", "arn:aws:ec2:eu-west-1:222222222222:snapshot/snap-1",
    "arn:aws:ec2:ap-south-1:222222222222:instance/i-0123456789abcdef0", "arn:aws:dynamodb:eu-west-1::table/Orders-1",
    "arn:aws:fsx:eu-west-1:333333333333:file-system/fs-0123456789abcdef0",
)  # fmt: skip
ACCOUNTS: Final = (
    "333333333333",
    "2222222222222",
    "22222222222",
    "payments",
    "",
    "\uff12" * 12,
    "222222222222\n",
)
HOMES: Final = ("region", "ownerId", "regionName", "LocationConstraint")
REGIONS: Final = ("us-east-1", "us-gov-west-1", "cn-north-1", "eu-west-1a", "eu_west_1", "", "eu-west-1:333333333333")


@dataclass
class World:
    """Payments, in Production, with what the record was about in it, and nothing else."""

    needs: TaggingNeeds
    tags: FakeTags
    keys: FakeKeys
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def touched(self) -> set[str]:
        """Every ARN that somebody asked about or wrote to."""
        return {*self.tags.asked, *(arn for arn, _, _ in self.tags.written)}


def a_world(intent: Intent) -> World:
    organization = replace(intent.organization, governed_regions=(Region(REGION), Region(OTHER_REGION)))
    tags, keys, alerts = FakeTags(), FakeKeys(), FakeAlerts()
    needs = TaggingNeeds(
        intent=replace(intent, organization=organization),
        organization=FakeOrganization({PAYMENTS: IN_PRODUCTION}),
        accounts=FakeAccountBook(),
        resources=LedgerResources(MemoryTable()),
        tags=tags,
        keys=keys,
        paces=FakePaces(),
        alerts=alerts.notifier,
        publisher=alerts,
    )
    return World(needs, tags, keys)


def run(world: World, event: Document) -> tuple[TagVerdict, ...] | str:
    """The verdicts on the event, or the reason of its dead letter, as the loop around the function has them."""
    try:
        parsed = DECODER.decode(json.dumps(event).encode())
        [enforced] = enforce_tags([Heard(subject=parsed.detail.observed(parsed))], needs=world.needs, now=NOW)
        if isinstance(enforced, StrongroomError):
            raise enforced
        # What its service shows late is read back a minute later.
        later = revisit_resources(needs=world.needs, now=NOW + timedelta(minutes=1)).verdicts
        ended = {verdict.resource: verdict for verdict in later}
        return tuple(ended.get(each.resource, each) for each in enforced.verdicts)
    except (msgspec.DecodeError, MalformedError) as error:
        return str(error)


def an_event(record: CreationRecord) -> Document:
    envelope = {"id": "e-1", "time": "2026-09-01T10:00:00Z"}
    event: Document = json.loads(json.dumps(record.event | envelope))
    return event


def places_in(node: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a document below its top."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places_in(value, (*at, key))


def holder_of(event: Document, place: Place) -> Any:
    node: Any = event
    for step in place[:-1]:
        node = node[step]
    return node


def change_something(event: Document, chance: random.Random) -> None:
    """Replace, remove, wrap or unwrap what stands in one place of the two documents."""
    places = [place for place in places_in(event) if place[0] == "detail" and len(place) > 1]
    # What names something is a small part of a record: half of the changes are made there.
    telling = [place for place in places if "arn:aws" in str(value_at(event, place)) or place[-1] in HOMES]
    place = chance.choice(telling if telling and chance.random() < 0.5 else places)
    holder, value = holder_of(event, place), value_at(event, place)
    match chance.randrange(6):
        case 0:
            del holder[place[-1]]
        case 1:
            holder[place[-1]] = [value]
        case 2:
            holder[place[-1]] = value[0] if isinstance(value, list) and value else {"item": value}
        case _:
            holder[place[-1]] = copy.deepcopy(chance.choice(ODD))


def value_at(event: Document, place: Place) -> Any:
    return holder_of(event, place)[place[-1]]


def change_identifier(event: Document, chance: random.Random) -> None:
    """Change one character of something that looks like an identifier of AWS, into what it cannot hold there."""
    places = [place for place in places_in(event) if isinstance(value_at(event, place), str)]
    place = chance.choice([place for place in places if place[0] == "detail"])
    text = value_at(event, place)
    at = chance.randrange(len(text) + 1)
    holder_of(event, place)[place[-1]] = text[:at] + chance.choice(":/ *\n\x00é") + text[at:]


def change_place(event: Document, chance: random.Random) -> None:
    if chance.random() < 0.5:
        event["account"] = chance.choice(ACCOUNTS)
    else:
        event["region"] = chance.choice(REGIONS)


def change_call(event: Document, chance: random.Random) -> None:
    if chance.random() < 0.5:
        event["detail"]["eventSource"] = f"{chance.choice(SOURCES)}.amazonaws.com"
    else:
        event["detail"]["eventName"] = chance.choice(NAMES)


def change_outcome(event: Document, chance: random.Random) -> None:
    event["detail"] |= chance.choice(({"errorCode": "AccessDenied"}, {"responseElements": None}, {"errorCode": 7}))


CHANGES: Final[tuple[Callable[[Document, random.Random], None], ...]] = (
    *(change_something,) * 5, *(change_identifier,) * 3, change_place, change_call, change_outcome,
)  # fmt: skip


def meant(record: CreationRecord, event: Document) -> set[str]:
    """What may be touched: what the record was about, also where another call would have made it."""
    is_other_call = event["detail"].get("eventName") != record.event["detail"]["eventName"]
    return {*record.arns, *(arn.replace(OTHER_REGION, REGION) for arn in record.arns if is_other_call)}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_mutant_ends_with_a_reason_and_touches_nothing_else(seed: int, intent: Intent) -> None:
    chance, ends = random.Random(seed), Counter[str]()  # noqa: S311 - drawn again by its seed, and no secret
    for _ in range(MUTANTS):
        record = chance.choice(RECORDS)
        event = an_event(record)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            chance.choice(CHANGES)(event, chance)
        world = a_world(intent)
        world.tags.tags = {arn: {} for arn in record.arns}
        ended = run(world, event)
        assert world.touched <= meant(record, event), (record.call, record.form, event)
        assert ended, event
        ends.update([ended.partition(":")[0][:20]] if isinstance(ended, str) else [each.state for each in ended])
    # Mutants that all end alike would show nothing.
    assert min(ends[state] for state in (TagState.TAGGED, TagState.REFUSED, TagState.UNREADABLE, TagState.IGNORED)) > 0


@EACH_RECORD
def test_without_a_change_exactly_what_it_was_about_is_touched(record: CreationRecord, intent: Intent) -> None:
    world = a_world(intent)
    world.tags.tags = {arn: {} for arn in record.arns}
    ended = run(world, an_event(record))
    assert isinstance(ended, tuple)
    [verdict] = ended
    expected = {
        "cloudformation": (TagState.CANNOT, set()),
        "ssm-sap": (TagState.UNREADABLE, set()),
        "backup-gateway": (TagState.UNREADABLE, set()),
        "redshift": (TagState.CANNOT, {*record.arns}),
        "redshift-serverless": (TagState.CANNOT, {*record.arns}),
    }
    assert (verdict.state, world.touched) == expected.get(record.call.split(":")[0], (TagState.TAGGED, {*record.arns}))


def with_detail(**changed: Any) -> Callable[[Document], Document]:
    return lambda event: event | {"detail": event["detail"] | changed}


def with_envelope(**changed: str) -> Callable[[Document], Document]:
    return lambda event: event | changed


def spelled(old: str, new: str) -> Callable[[Document], Document]:
    """The event with a part of every ARN in its documents replaced; the envelope stays."""
    return lambda event: event | {"detail": json.loads(json.dumps(event["detail"]).replace(old, new))}


DEAD_LETTER: Final = "DEAD LETTER"
# How a record that is odd in one way ends, whatever the call.
ODD_RECORDS: Final[dict[str, tuple[Callable[[Document], Document], set[str]]]] = {
    "failed": (with_detail(errorCode="AccessDenied"), {TagState.IGNORED}),
    "nothing in it": (
        with_detail(responseElements=None, requestParameters=None), {TagState.UNREADABLE, TagState.IGNORED}
    ),
    "account of 13 digits": (with_envelope(account="2222222222222"), {DEAD_LETTER}),
    "account of nobody": (with_envelope(account="444444444444"), {TagState.REFUSED}),
    "record of another service": (with_envelope(source="aws.xray"), {TagState.REFUSED}),
    "Region that is none": (with_envelope(region="eu-west-1a"), {DEAD_LETTER}),
}  # fmt: skip
ODD_ARNS: Final = {
    "of another account": spelled(f":{PAYMENTS}:", ":333333333333:"),
    "of an account of 13 digits": spelled(f":{PAYMENTS}:", f":{PAYMENTS}2:"),
    "of another partition": spelled("arn:aws:", "arn:aws-cn:"),
    "of another service": spelled("arn:aws:", "arn:aws:x"),
}
BY_ARN: Final = [record for record in RECORDS if f":{PAYMENTS}:" in json.dumps(record.event["detail"])]


def ends_of(world: World, event: Document) -> set[str]:
    ended = run(world, event)
    return {DEAD_LETTER} if isinstance(ended, str) else {each.state for each in ended}


@pytest.mark.parametrize("odd", ODD_RECORDS)
@EACH_RECORD
def test_an_odd_record_ends_as_it_must_and_touches_nothing(odd: str, record: CreationRecord, intent: Intent) -> None:
    change, states = ODD_RECORDS[odd]
    world = a_world(intent)
    assert len(ended := ends_of(world, change(an_event(record)))) == 1
    assert ended <= states
    assert world.touched == set()


@pytest.mark.parametrize("odd", ODD_ARNS)
@pytest.mark.parametrize("record", BY_ARN, ids=lambda each: f"{each.call} {each.form}")
def test_an_arn_that_does_not_fit_is_refused(odd: str, record: CreationRecord, intent: Intent) -> None:
    world = a_world(intent)
    assert ends_of(world, ODD_ARNS[odd](an_event(record))) == {TagState.REFUSED}
    assert world.touched == set()


@EACH_RECORD
def test_what_lies_where_no_plan_runs_is_not_governed(record: CreationRecord, intent: Intent) -> None:
    world = a_world(intent)
    organization = replace(world.needs.intent.organization, governed_regions=(Region("us-west-2"),))
    world.needs = replace(world.needs, intent=replace(world.needs.intent, organization=organization))
    assert ends_of(world, an_event(record)) == {TagState.NOT_GOVERNED}
    assert world.touched == set()


# What the record of a creation already tells of copies, or of backups at all.
AWS_KEY: Final = f"arn:aws:kms:{REGION}:{PAYMENTS}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CANNOT: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any], str]]] = {
    "database under the key of AWS, by its ARN": (
        "rds:CreateDBInstance", {"dBInstanceIdentifier": "orders", "kmsKeyId": AWS_KEY}, {}, "a key of yours",
    ),
    "cluster under the key of AWS, by its id": (
        "rds:CreateDBCluster", {"dBClusterIdentifier": "orders", "kmsKeyId": AWS_KEY.rpartition("/")[2]},
        {"dBClusterArn": f"arn:aws:rds:{REGION}:{PAYMENTS}:cluster:orders"}, "a key of yours",
    ),
    "database under the key of AWS, as the answer has it": (
        "rds:RestoreDBInstanceFromDBSnapshot", {"dBInstanceIdentifier": "orders"}, {"kmsKeyId": AWS_KEY},
        "a key of yours",
    ),
    "database under the key of AWS, by its alias": (
        "rds:CreateDBInstance", {"dBInstanceIdentifier": "orders", "kmsKeyId": "alias/aws/rds"}, {}, "a key of yours",
    ),
    "database under no named key": (
        "rds:CreateDBInstance", {"dBInstanceIdentifier": "orders", "storageEncrypted": True}, {}, "a key of yours",
    ),
    "Multi-AZ cluster": (
        "rds:CreateDBCluster", {"dBClusterIdentifier": "orders", "engine": "postgres"}, {}, "a cluster of Aurora",
    ),
    "scratch file system of Lustre": (
        "fsx:CreateFileSystem", {"lustreConfiguration": {"deploymentType": "SCRATCH_2"}},
        {"fileSystem": {"resourceARN": f"arn:aws:fsx:{REGION}:{PAYMENTS}:file-system/fs-01234567"}}, "persistent",
    ),
    "file system of Lustre that is linked to a bucket": (
        "fsx:CreateFileSystem", {"lustreConfiguration": {"importPath": "s3://docs"}},
        {"fileSystem": {"resourceARN": f"arn:aws:fsx:{REGION}:{PAYMENTS}:file-system/fs-01234567"}}, "data repository",
    ),
    "ONTAP volume that takes replicas": (
        "fsx:CreateVolume", {"ontapConfiguration": {"ontapVolumeType": "DP"}},
        {"volume": {"resourceARN": f"arn:aws:fsx:{REGION}:{PAYMENTS}:volume/fs-01234567/fsvol-0123456789abcdef0"}},
        "type RW",
    ),
    "Redshift cluster": ("redshift:CreateCluster", {"clusterIdentifier": "orders"}, {}, "own copies of snapshots"),
    "stack": (
        "cloudformation:CreateStack", {},
        {"stackId": f"arn:aws:cloudformation:{REGION}:{PAYMENTS}:stack/a/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"},
        "the stack's own deployment",
    ),
}  # fmt: skip
WITHOUT_BACKUPS: Final = {
    "scratch file system of Lustre",
    "file system of Lustre that is linked to a bucket",
    "ONTAP volume that takes replicas",
}


@pytest.mark.parametrize("case", CANNOT)
def test_what_cannot_be_backed_up_or_copied_is_said_when_it_is_made(case: str, intent: Intent) -> None:
    call, request, response, lifted_by = CANNOT[case]
    record = CreationRecord(call=call, form=case, request=request, response=response, arns=())
    world = a_world(intent)
    world.keys.managers = dict.fromkeys((AWS_KEY, AWS_KEY.rpartition("/")[2]), KeyManager.AWS)
    known = {*(f"arn:aws:rds:{REGION}:{PAYMENTS}:{kind}:orders" for kind in ("db", "cluster"))}
    world.tags.tags = {arn: {} for arn in known | {f"arn:aws:redshift:{REGION}:{PAYMENTS}:cluster:orders"}}
    ended = run(world, an_event(record))
    assert isinstance(ended, tuple)
    assert [(each.state, each.is_without_backups) for each in ended] == [(TagState.CANNOT, case in WITHOUT_BACKUPS)]
    assert lifted_by in ended[0].reason
    assert len(world.tags.written) == (case not in WITHOUT_BACKUPS and case != "stack")


def test_a_database_under_a_key_of_somebodys_own_is_tagged_without_more(intent: Intent) -> None:
    arn = f"arn:aws:rds:{REGION}:{PAYMENTS}:db:orders"
    request = {"dBInstanceIdentifier": "orders", "storageEncrypted": True, "kmsKeyId": AWS_KEY}
    record = CreationRecord(call="rds:CreateDBInstance", form="", request=request, response={}, arns=(arn,))
    world = a_world(intent)
    world.tags.tags, world.keys.managers = {arn: {}}, {AWS_KEY: KeyManager.CUSTOMER}
    assert ends_of(world, an_event(record)) == {TagState.TAGGED}


COVERED: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any], str]]] = {
    "database of a cluster": (
        "rds:CreateDBInstance", {"dBInstanceIdentifier": "a", "dBClusterIdentifier": "shop"}, {}, "its cluster shop",
    ),
    "volume of OpenZFS": (
        "fsx:CreateVolume", {"volumeType": "OPENZFS"},
        {
            "volume": {
                "resourceARN": f"arn:aws:fsx:{REGION}:{PAYMENTS}:volume/fs-01234567/fsvol-0123456789abcdef0",
                "fileSystemId": "fs-01234567",
            }
        },
        "its file system fs-01234567",
    ),
    "file system of ONTAP": (
        "fsx:CreateFileSystem", {"fileSystemType": "ONTAP"},
        {"fileSystem": {"resourceARN": f"arn:aws:fsx:{REGION}:{PAYMENTS}:file-system/fs-01234567"}}, "its volumes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COVERED)
def test_what_is_in_something_that_is_backed_up_is_covered(case: str, intent: Intent) -> None:
    call, request, response, by = COVERED[case]
    record = CreationRecord(call=call, form=case, request=request, response=response, arns=())
    world = a_world(intent)
    ended = run(world, an_event(record))
    assert isinstance(ended, tuple)
    assert [(each.state, by in each.reason) for each in ended] == [(TagState.COVERED, True)]
    assert world.touched == set()
