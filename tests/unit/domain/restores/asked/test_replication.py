"""Into which buckets a bucket may be asked to be replicated after a restore, and what approvers read of it."""

import json
from typing import Any, Final

import pytest

from strongroom.domain.errors import FaultsFoundError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.restores.asked.places import Place
from strongroom.domain.restores.asked.replication import lies_in, passed_role, replica_buckets
from strongroom.domain.restores.asked.settings import misplaced, read_setting, sentences_of, why_graver
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from tests.builders.places import HOME, PAYMENTS

STEP: Final = AskedStep.REPLICATION
HERE: Final = Place(partition="aws", account=AccountId(PAYMENTS), region=Region(HOME))
STRANGER: Final = "123123123123"
ROLE: Final = f"arn:aws:iam::{PAYMENTS}:role/replicates"
KEY: Final = f"arn:aws:kms:us-east-1:{PAYMENTS}:key/11111111-2222-3333-4444-555555555555"
ON: Final = {"Status": "Enabled"}
OFF: Final = {"Status": "Disabled"}
IN_TIME: Final[dict[str, Any]] = ON | {"Time": {"Minutes": 15}}
MEASURED: Final[dict[str, Any]] = ON | {"EventThreshold": {"Minutes": 15}}
ENCRYPTED_TOO: Final = {"SseKmsEncryptedObjects": ON}
UNDER_KEY: Final = {"ReplicaKmsKeyID": KEY}
TAG: Final = {"Key": "a", "Value": "b"}
BUCKET: Final = "arn:aws:s3:::shop-docs-far"
FACTS: Final[dict[str, str]] = {lies_in("shop-docs-far"): HOME}
SCOPE: Final = "rule far: it must say Filter, in what S3 takes for it, in visible ASCII characters"
OLD: Final = (
    "rule far: write Prefix as Filter: without that S3 takes a rule for one of its first version, which deletes in "
    "the other bucket what is deleted here"
)
TAGGED: Final = (
    "rule far: DeleteMarkerReplication cannot be Enabled in a rule for tags: S3 replicates no such marker by its tags"
)
ENCRYPTED: Final = (
    "rule far: EncryptionConfiguration must say ReplicaKmsKeyID, the ARN of a key by its id, and nothing else"
)
CRITERIA: Final = (
    "rule far: SourceSelectionCriteria must say ReplicaModifications or SseKmsEncryptedObjects, or both, with a Status "
    "each"
)
KEYED: Final = (
    "rule far: EncryptionConfiguration must be said where SseKmsEncryptedObjects is Enabled, and nowhere else"
)
UNMEASURED: Final = "rule far: ReplicationTime takes Metrics that are Enabled, with an EventThreshold of 15 Minutes"
IDS: Final = "each of the Rules must be a mapping with an ID of its own, of 1 to 255 visible ASCII characters"
WHOLE: Final = "ReplicationConfiguration must say Role, and Rules, a list of 1 to 20, and nothing else"


def into(**changes: Any) -> dict[str, Any]:
    return {"Bucket": BUCKET} | changes


def rule(*, without: str = "", **changes: Any) -> dict[str, Any]:
    made = {
        "ID": "far",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": OFF,
        "Destination": into(),
    } | changes
    return {key: value for key, value in made.items() if key != without}


def under(key: Any) -> dict[str, Any]:
    """A rule that is also for what is encrypted, with what it says of the key of replicas."""
    return rule(SourceSelectionCriteria=ENCRYPTED_TOO, Destination=into(EncryptionConfiguration=key))


def replicated(*rules: Any, **changes: Any) -> dict[str, Any]:
    return {"Role": ROLE, "Rules": [*rules] or [rule()]} | changes


def read(content: Any) -> dict[str, str]:
    name = CALLS[STEP].parameter
    return dict(read_setting(STEP, {name: content if isinstance(content, str) else json.dumps(content)}))


def sentences(content: Any, facts: dict[str, str] = FACTS) -> tuple[str, ...]:
    return sentences_of(STEP, read(content), place=HERE, facts=facts)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(rule(), id="every object"),
        pytest.param(rule(Filter={}), id="a filter of nothing"),
        pytest.param(rule(Filter={"Tag": TAG}), id="a tag"),
        pytest.param(rule(Filter={"And": {"Prefix": "a/", "Tags": [TAG]}}), id="a prefix and a tag"),
        pytest.param(rule(Priority=7, DeleteMarkerReplication={"Status": "Enabled"}), id="markers"),
        pytest.param(rule(ExistingObjectReplication={"Status": "Disabled"}), id="nothing of what is there"),
        pytest.param(under(UNDER_KEY), id="a key"),
        pytest.param(rule(SourceSelectionCriteria={"SseKmsEncryptedObjects": OFF}), id="nothing that is encrypted"),
        pytest.param(rule(Priority=2**31 - 1), id="the last of all"),
        pytest.param(rule(Priority=0), id="the first of all"),
        pytest.param(rule(Filter={"And": {"Tags": [TAG]}}), id="tags alone"),
        pytest.param(
            rule(
                SourceSelectionCriteria=ENCRYPTED_TOO | {"ReplicaModifications": OFF},
                Destination=into(EncryptionConfiguration=UNDER_KEY),
            ),
            id="all criteria",
        ),
        pytest.param(
            rule(Destination=into(Metrics={"Status": "Enabled", "EventThreshold": {"Minutes": 15}})), id="measured"
        ),
        pytest.param(rule(Destination=into(StorageClass="GLACIER_IR", Metrics={"Status": "Enabled"})), id="a class"),
        pytest.param(rule(Destination=into(ReplicationTime=IN_TIME, Metrics=MEASURED)), id="in time"),
        pytest.param(rule(Destination=into(ReplicationTime=IN_TIME | OFF)), id="in no time"),
    ],
)
def test_what_is_known_is_read(made: dict[str, Any]) -> None:
    once = read(replicated(made))
    assert read(once[CALLS[STEP].parameter]) == once


def test_rules_have_one_order_and_every_object_one_spelling() -> None:
    assert read(replicated(rule(Filter={}), rule(ID="a", Priority=2))) == read(
        replicated(rule(ID="a", Priority=2), rule())
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param({"Role": ROLE}, WHOLE, id="no rules"),
        pytest.param(replicated(Rules=[]), WHOLE, id="an empty list"),
        pytest.param(replicated(Rules=[rule(ID=str(number)) for number in range(21)]), WHOLE, id="too many"),
        pytest.param(replicated(More=1), WHOLE, id="a key more"),
        pytest.param(replicated(Role="replicates"), "Role must be the ARN of a role of IAM", id="a name"),
        pytest.param(replicated(Role=f"{ROLE}*"), "Role must be the ARN of a role of IAM", id="many roles"),
        pytest.param(replicated(Role=f"{ROLE}\n"), "Role must be the ARN of a role of IAM", id="a line more"),
        pytest.param(replicated("x"), IDS, id="a text"),
        pytest.param(replicated(rule(ID="")), IDS, id="no ID"),
        pytest.param(replicated(rule(), rule(Priority=2)), "two of the Rules have one ID", id="an ID twice"),
        pytest.param(replicated(rule(More=1)), "rule far: More is not known here", id="more of a rule"),
        pytest.param(replicated(rule(Status="On")), "rule far: Status must be Enabled or Disabled", id="a state"),
        pytest.param(replicated(rule(Prefix="a")), OLD, id="two scopes"),
        pytest.param(replicated(rule(without="Filter", Prefix="")), OLD, id="as it was written once"),
        pytest.param(replicated(rule(without="Filter")), SCOPE, id="no scope"),
        pytest.param(replicated(rule(Filter={"Prefix": 1})), SCOPE, id="a number for a prefix"),
        pytest.param(replicated(rule(Filter={"Prefix": "\u0430"})), SCOPE, id="a letter that looks alike"),
        pytest.param(replicated(rule(Filter={"Prefix": "a", "Tag": TAG})), SCOPE, id="two conditions"),
        pytest.param(replicated(rule(Filter={"ObjectSizeGreaterThan": 1})), SCOPE, id="a size"),
        pytest.param(replicated(rule(Filter={"And": {"Prefix": "a"}})), SCOPE, id="nothing joined"),
        pytest.param(replicated(rule(Filter={"And": {"Tags": [TAG], "More": 1}})), SCOPE, id="more joined"),
        pytest.param(replicated(rule(Filter=[])), SCOPE, id="a list for a filter"),
        pytest.param(replicated(rule(Filter={"Tag": {"Key": "a"}})), SCOPE, id="a tag without a value"),
        pytest.param(replicated(rule(Filter={"Tags": TAG})), SCOPE, id="a tag by another name"),
        pytest.param(replicated(rule(Filter={"And": [TAG]})), SCOPE, id="a list that is joined"),
        pytest.param(replicated(rule(Filter={"And": {"Tags": TAG}})), SCOPE, id="no list of tags"),
        pytest.param(replicated(rule(Filter={"And": {"Prefix": "a", "Tags": []}})), SCOPE, id="an empty list of tags"),
        pytest.param(replicated(rule(Filter={"And": {"Tags": [TAG, {"Key": "a"}]}})), SCOPE, id="one bad tag"),
        pytest.param(
            replicated(rule(Filter={"And": {"Prefix": 1, "Tags": [TAG]}})), SCOPE, id="a number that is joined"
        ),
        pytest.param(replicated(rule(B=1, A=1)), "rule far: A, B is not known here", id="two keys more"),
        pytest.param(replicated(rule() | {"x" * 201: 1}), f"rule far: {'x' * 200} is not known here", id="a long key"),
        pytest.param(
            replicated(rule(Destination=into(**{"x" * 201: 1}))),
            f"rule far: {'x' * 200} of its Destination is not set here: who gives replicas away does so by hand",
            id="a long key of a destination",
        ),
        pytest.param(
            replicated(rule(Destination=into(Bucket=[BUCKET]))),
            "rule far: Destination must say Bucket, the ARN of a bucket",
            id="a list of buckets",
        ),
        pytest.param(
            replicated(under({"ReplicaKmsKeyID": KEY, "More": 1})),
            ENCRYPTED,
            id="more than a key",
        ),
        pytest.param(
            replicated(under({"ReplicaKmsKeyID": [KEY]})),
            ENCRYPTED,
            id="a list of keys",
        ),
        pytest.param(
            replicated(rule(SourceSelectionCriteria={"SseKmsEncryptedObjects": {"Status": "On"}})),
            CRITERIA,
            id="criteria in another way",
        ),
        pytest.param(
            replicated(rule(Destination=into(Metrics={"Status": "Enabled", "Time": {"Minutes": 15}}))),
            "rule far: Metrics must say its Status, Enabled or Disabled, and EventThreshold of 15 Minutes where it "
            "says one",
            id="measured in another way",
        ),
        pytest.param(replicated(rule(Priority=True)), "rule far: Priority must be a whole number", id="true"),
        pytest.param(replicated(rule(Priority=-1)), "rule far: Priority must be a whole number", id="below nothing"),
        pytest.param(replicated(rule(Priority=2**31)), "rule far: Priority must be a whole number", id="too large"),
        pytest.param(
            replicated(rule(Filter={"Tag": TAG}, DeleteMarkerReplication={"Status": "Enabled"})),
            TAGGED,
            id="markers by a tag",
        ),
        pytest.param(
            replicated(
                rule(Filter={"And": {"Prefix": "a/", "Tags": [TAG]}}, DeleteMarkerReplication={"Status": "Enabled"})
            ),
            TAGGED,
            id="markers by tags and a prefix",
        ),
        pytest.param(
            replicated(rule(DeleteMarkerReplication={"Status": "On"})),
            "rule far: DeleteMarkerReplication must say its Status, Enabled or Disabled",
            id="markers in another way",
        ),
        pytest.param(
            replicated(rule(ExistingObjectReplication={"Status": "Enabled"})),
            "rule far: ExistingObjectReplication can only be Disabled: what was restored is replicated by a job of "
            "S3's own",
            id="what is there already",
        ),
        pytest.param(
            replicated(rule(SourceSelectionCriteria={"More": {"Status": "Enabled"}})), CRITERIA, id="criteria"
        ),
        pytest.param(replicated(rule(SourceSelectionCriteria=[])), CRITERIA, id="a list of criteria"),
        pytest.param(
            replicated(rule(without="Destination")),
            "rule far: Destination must say Bucket, the ARN of a bucket",
            id="no",
        ),
        pytest.param(
            replicated(rule(Destination=into(Bucket="shop-docs-far"))),
            "rule far: Destination must say Bucket, the ARN of a bucket",
            id="a name for a bucket",
        ),
        pytest.param(
            replicated(rule(Destination=into(Bucket=f"{BUCKET}*"))),
            "rule far: Destination must say Bucket, the ARN of a bucket",
            id="many buckets",
        ),
        pytest.param(
            replicated(rule(Destination=into(Account=STRANGER, AccessControlTranslation={"Owner": "Destination"}))),
            "rule far: AccessControlTranslation, Account of its Destination is not set here: who gives replicas away "
            "does so by hand",
            id="given away",
        ),
        pytest.param(
            replicated(rule(Destination=into(StorageClass="OUTPOSTS"))),
            "rule far: StorageClass must be one of DEEP_ARCHIVE, GLACIER, GLACIER_IR, INTELLIGENT_TIERING, ONEZONE_IA, "
            "REDUCED_REDUNDANCY, STANDARD, STANDARD_IA",
            id="another class",
        ),
        pytest.param(
            replicated(under({"ReplicaKmsKeyID": "alias/a"})),
            ENCRYPTED,
            id="an alias",
        ),
        pytest.param(replicated(under({})), ENCRYPTED, id="no key"),
        pytest.param(replicated(under([])), ENCRYPTED, id="a list for a key"),
        pytest.param(
            replicated(rule(Destination=into(ReplicationTime={"Status": "Enabled", "Time": {"Minutes": 15.0}}))),
            "rule far: ReplicationTime must say its Status, Enabled or Disabled, and Time of 15 Minutes",
            id="a number with a point",
        ),
        pytest.param(
            replicated(rule(Destination=into(ReplicationTime=ON, Metrics=MEASURED))),
            "rule far: ReplicationTime must say its Status, Enabled or Disabled, and Time of 15 Minutes",
            id="in no time that is said",
        ),
        pytest.param(replicated(rule(Destination=into(ReplicationTime=IN_TIME))), UNMEASURED, id="in time, unmeasured"),
        pytest.param(
            replicated(rule(Destination=into(ReplicationTime=IN_TIME, Metrics=ON))),
            UNMEASURED,
            id="measured too little",
        ),
        pytest.param(
            replicated(rule(Destination=into(ReplicationTime=IN_TIME, Metrics=MEASURED | OFF))),
            UNMEASURED,
            id="measured no more",
        ),
        pytest.param(replicated(rule(without="Priority")), "rule far: Priority must be a whole number", id="no order"),
        pytest.param(
            replicated(rule(), rule(ID="other")),
            "two of the Rules have one Priority for one Destination",
            id="no order of two",
        ),
        pytest.param(
            replicated(rule(without="DeleteMarkerReplication")),
            "rule far: DeleteMarkerReplication must say its Status, Enabled or Disabled",
            id="markers of which nothing is said",
        ),
        pytest.param(replicated(rule(SourceSelectionCriteria={})), CRITERIA, id="no criteria"),
        pytest.param(replicated(rule(SourceSelectionCriteria=ENCRYPTED_TOO)), KEYED, id="encrypted under no key"),
        pytest.param(
            replicated(rule(Destination=into(EncryptionConfiguration=UNDER_KEY))), KEYED, id="a key for nothing"
        ),
    ],
)
def test_what_is_not_known_is_refused(content: dict[str, Any], why: str) -> None:
    with pytest.raises(FaultsFoundError) as refused:
        read(content)
    assert refused.value.faults == (why,)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(FaultsFoundError) as refused:
        read(replicated(rule(Status="On", Priority=-1), Role="x"))
    assert len(refused.value.faults) == 3


def test_approvers_read_into_which_bucket_of_which_region_and_under_which_role() -> None:
    content = replicated(
        rule(ID="b", Status="Disabled", Filter={"Prefix": "b/"}),
        rule(
            ID="a",
            DeleteMarkerReplication={"Status": "Enabled"},
            SourceSelectionCriteria=ENCRYPTED_TOO,
            Destination=into(StorageClass="STANDARD_IA", EncryptionConfiguration=UNDER_KEY),
        ),
    )
    first, second, third, fourth, last = sentences(content, {lies_in("shop-docs-far"): "us-east-1"})
    assert first == (
        'Rule "a", every object: S3 copies each that is written, and each marker of a deletion, into the bucket '
        f"shop-docs-far of account {PAYMENTS} in us-east-1, another Region than {HOME}, as STANDARD_IA, under the key "
        f"{KEY}, also those under a key of KMS, which the role decrypts."
    )
    assert second == (
        'Rule "b", objects with {"Prefix":"b/"}: it is switched off, and does nothing until somebody switches it on; '
        f"from then on S3 copies each that is written into the bucket shop-docs-far of account {PAYMENTS} in "
        f"us-east-1, another Region than {HOME}, but none that lies under a key of KMS."
    )
    assert third == f"S3 does so under the role {ROLE}, which the profile lends, and with whatever that may do."
    assert "What has the same name there gets a newer version" in fourth
    assert "look whether it holds what was restored" in last


def test_the_bucket_s_own_region_is_no_other_one_and_one_that_nobody_told_is_said() -> None:
    here = (
        f'Rule "far", every object: S3 copies each that is written into the bucket shop-docs-far of account {PAYMENTS}'
    )
    none = "but none that lies under a key of KMS"
    assert sentences(replicated())[0] == f"{here} in {HOME}, {none}."
    assert sentences(replicated(), {})[0] == f"{here} in a Region that nobody told, another Region than {HOME}, {none}."


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"SourceSelectionCriteria": {"SseKmsEncryptedObjects": OFF}}, "but none that lies under a key of KMS"),
        (
            {"SourceSelectionCriteria": {"ReplicaModifications": ON}},
            (
                "but none that lies under a key of KMS, with each change of tags, access and locks of what was "
                "replicated into this bucket"
            ),
        ),
        ({"SourceSelectionCriteria": {"ReplicaModifications": OFF}}, "but none that lies under a key of KMS"),
        (
            {"Destination": into(ReplicationTime=IN_TIME, Metrics=MEASURED)},
            (
                "but none that lies under a key of KMS, most within 15 minutes, which costs more, and CloudWatch "
                "counts them, which costs more"
            ),
        ),
        ({"Destination": into(ReplicationTime=IN_TIME | OFF, Metrics=OFF)}, "but none that lies under a key of KMS"),
        (
            {"Destination": into(Metrics=ON)},
            "but none that lies under a key of KMS, and CloudWatch counts them, which costs more",
        ),
        (
            {"Destination": into(Metrics=MEASURED)},
            "but none that lies under a key of KMS, and CloudWatch counts them, which costs more",
        ),
    ],
)
def test_approvers_read_what_else_a_rule_copies_and_what_that_costs(changes: dict[str, Any], told: str) -> None:
    assert sentences(replicated(rule(**changes)))[0].endswith(f"in {HOME}, {told}.")


def test_a_bucket_of_another_partition_is_refused() -> None:
    content = read(replicated(rule(Destination=into(Bucket=BUCKET.replace("arn:aws:", "arn:aws-cn:")))))
    [told] = misplaced(STEP, content, place=HERE, facts=FACTS)
    assert told == (
        "rule far: the bucket arn:aws-cn:s3:::shop-docs-far is not of the partition aws, in which this one lies: name "
        "one that is"
    )


def test_a_key_lies_in_the_region_of_the_bucket_that_is_written_into() -> None:
    content = read(replicated(under({"ReplicaKmsKeyID": KEY})))
    [told] = misplaced(STEP, content, place=HERE, facts={lies_in("shop-docs-far"): HOME})
    assert told == (
        f"rule far: the key {KEY} lies in another Region than the bucket shop-docs-far, which lies in {HOME}: name a "
        "key of that Region"
    )
    assert misplaced(STEP, content, place=HERE, facts={}) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (replicated(Role=ROLE.replace(PAYMENTS, STRANGER)), f"is not of account {PAYMENTS}, and is not lent"),
        (replicated(Role=ROLE.replace("arn:aws:", "arn:aws-cn:")), f"is not of account {PAYMENTS}, and is not lent"),
        (
            replicated(under({"ReplicaKmsKeyID": KEY.replace(PAYMENTS, STRANGER).replace("us-east-1", HOME)})),
            f"is not of account {PAYMENTS}: set such a rule by hand",
        ),
    ],
)
def test_a_role_or_a_key_of_another_account_is_refused(content: dict[str, Any], why: str) -> None:
    [told] = misplaced(STEP, read(content), place=HERE, facts=FACTS)
    assert told.endswith(why)


def test_of_its_own_account_it_is_the_stricter_rule_s() -> None:
    content = read(replicated(under({"ReplicaKmsKeyID": KEY})))
    assert misplaced(STEP, content, place=HERE, facts={lies_in("shop-docs-far"): "us-east-1"}) == ()
    assert why_graver(STEP, content, place=HERE) == f"S3 gets the role {ROLE}, and copies objects out of the bucket"
    assert passed_role(CALLS[STEP].call, content) == ROLE
    assert passed_role(CALLS[AskedStep.LIFECYCLE].call, {}) == ""


def test_each_bucket_is_named_once() -> None:
    other = rule(ID="b", Destination=into(Bucket="arn:aws:s3:::a-third"))
    assert replica_buckets(replicated(rule(), rule(ID="a"), other)) == ("a-third", "shop-docs-far")
