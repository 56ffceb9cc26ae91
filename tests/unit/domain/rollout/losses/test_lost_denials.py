"""What is denied is compared call by call: only what nothing denies any more is lost."""

from typing import Any

import pytest

from strongroom.domain.guardrails.denials import fill_documents
from strongroom.domain.guardrails.packing import merged
from strongroom.domain.guardrails.rendering import list_denials
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.losses.lost_denials import lost_denials, read_denials
from tests.builders.places import a_vault_arn

ROLE, OTHER = "arn:aws:iam::${aws:PrincipalAccount}:role/ours/*", "arn:aws:iam::*:role/other"
EXEMPT = {"StringNotLike": {"aws:PrincipalArn": ROLE}}
VAULTS = {"ForAnyValue:ArnNotLike": {"backup:CopyTargets": [a_vault_arn("ours", account="*", region="*")]}}


def deny(sid: str = "Keep", **changed: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Deny", "Action": ["s3:A", "s3:B"], "Resource": ["*"], "Condition": {}} | changed


TIERS = {"StringNotEquals": {"aws:RequestTag/Backup": ["daily"]}}
ABSENT, PRESENT = ({"Null": {"aws:RequestTag/Backup": text}} for text in ("true", "false"))


LOST: dict[str, tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = {
    "removed": (deny(), [deny("Else", Action="s3:A")], ["be removed, and with it the denial of s3:b"]),
    "an action": (deny(), [deny(Action="s3:B")], ["no longer deny s3:a"]),
    "a wildcard": (deny(Action="s3:*"), [deny()], ["no longer deny s3:*"]),
    "a resource": (
        deny(Resource=["arn:aws:s3:::a", "arn:aws:s3:::b"]),
        [deny(Resource="arn:aws:s3:::b")],
        ["no longer protect arn:aws:s3:::a"],
    ),
    "all but one resource": (deny(), [deny(Resource="arn:aws:s3:::a")], ["no longer protect *"]),
    "all but one action": (
        {"Sid": "Keep", "Effect": "Deny", "NotAction": "s3:A", "Resource": "*"},
        [{"Sid": "Keep", "Effect": "Deny", "NotAction": ["s3:A", "s3:B"], "Resource": "*"}],
        ["no longer deny all but s3:a"],
    ),
    "the first exemption": (deny(), [deny(Condition=EXEMPT)], [f"exempt {ROLE}"]),
    "one exemption more": (
        deny(Condition=EXEMPT),
        [deny(Condition={"StringNotLike": {"aws:PrincipalArn": [ROLE, OTHER]}})],
        [f"exempt {OTHER}"],
    ),
    "an exemption by other means": (
        deny(Condition=EXEMPT),
        [deny(Condition={**EXEMPT, "ArnNotLike": {"aws:PrincipalArn": OTHER}})],
        [f"exempt {OTHER}"],
    ),
    "one place more to copy to": (
        deny(Condition=VAULTS),
        [deny(Condition={"ForAnyValue:ArnNotLike": {"backup:CopyTargets": "*"}})],
        ["no longer hold where backup:CopyTargets is *"],
    ),
    "a condition": (
        deny(),
        [deny(Condition={"Null": {"aws:RequestTag/Backup": "true"}})],
        ["hold only where Null aws:RequestTag/Backup is true"],
    ),
    "the opposite condition": (
        deny(Condition={"Null": {"aws:RequestTag/Backup": "false"}}),
        [deny(Condition={"Null": {"aws:RequestTag/Backup": "true"}})],
        ["hold only where Null aws:RequestTag/Backup is true"],
    ),
    "a tag key less": (
        deny(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["Backup", "Owner"]}}),
        [deny(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": ["Owner"]}})],
        ["hold only where ForAnyValue:StringEquals aws:TagKeys is Owner"],
    ),
    "all resources but some": (
        deny(),
        [deny(NotResource="arn:aws:s3:::a")],
        ["no longer protect *"],
    ),
    "what is left out, more": (
        deny(NotResource="arn:aws:s3:::a"),
        [deny(NotResource=["arn:aws:s3:::a", "arn:aws:s3:::b"])],
        ["no longer protect all but arn:aws:s3:::a"],
    ),
    "what has no value of the tag": (
        deny(Condition=TIERS),
        [deny(Condition={**TIERS, "Null": {"aws:RequestTag/Backup": "false"}})],
        ["hold only where Null aws:RequestTag/Backup is false"],
    ),
    "it allows now": (deny(), [deny(Effect="Allow")], ["be removed, and with it the denial of s3:a, s3:b"]),
    "a backup in another service": (
        deny(Action="backup:A", Resource="arn:aws:ec2:*::snapshot/*"),
        [deny(Action="backup:A", Resource="arn:aws:rds:*:*:snapshot:*")],
        ["no longer protect arn:aws:ec2:*::snapshot/*"],
    ),
    "two things at once": (deny(), [deny(Action="s3:A", Condition=EXEMPT)], [f"exempt {ROLE}", "no longer deny s3:b"]),
}


def told(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    old, new = ({"Version": "2012-10-17", "Statement": statements} for statements in (before, after))
    return list(lost_denials(read_denials(old), read_denials(new)))


@pytest.mark.parametrize(("before", "after", "said"), LOST.values(), ids=LOST)
def test_what_nothing_denies_any_more_is_told(
    before: dict[str, Any], after: list[dict[str, Any]], said: list[str]
) -> None:
    assert told([before], after) == [f"the statement Keep would {each}" for each in said]


KEPT: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "as it was": (deny(Condition=EXEMPT), [deny(Condition=EXEMPT)]),
    "renamed": (deny(), [deny("Other")]),
    "split by action": (deny(), [deny(Action="s3:A"), deny("Other", Action="s3:B")]),
    "split by service": (
        deny(Action=["s3:A", "sqs:B"], Resource=["arn:aws:s3:::a", "arn:aws:sqs:*:*:b"]),
        [deny(Action="s3:A", Resource="arn:aws:s3:::a"), deny("Other", Action="sqs:B", Resource="arn:aws:sqs:*:*:b")],
    ),
    "a wildcard in place of names": (deny(), [deny(Action="s3:*")]),
    "other letter case": (deny(), [deny(Action=["S3:a", "s3:b"])]),
    "every resource in place of one": (deny(Resource="arn:aws:s3:::a"), [deny()]),
    "an exemption less": (deny(Condition=EXEMPT), [deny()]),
    "a narrower exemption": (
        deny(Condition=EXEMPT),
        [deny(Condition={"StringNotLike": {"aws:PrincipalArn": ROLE.replace("*", "one")}})],
    ),
    "a condition less": (deny(Condition={"Null": {"aws:RequestTag/Backup": "true"}}), [deny()]),
    "a tier more": (
        deny(Condition=TIERS),
        [deny(Condition={"StringNotEquals": {"aws:RequestTag/Backup": ["daily", "monthly"]}})],
    ),
    "without the tag, and with no value of it, in one": (
        deny(Condition=TIERS),
        [deny("A", Condition=ABSENT), deny("B", Condition={**TIERS, **PRESENT})],
    ),
    "without the tag, in one with other values": (deny(Condition=ABSENT), [deny("AB", Condition=TIERS)]),
    "all resources but one, as before": (deny(NotResource="arn:aws:s3:::a"), [deny(NotResource="arn:aws:s3:::a")]),
    "all resources but one, and more": (deny(NotResource="arn:aws:s3:::a"), [deny()]),
    "it never denied": (deny(Effect="Allow"), []),
}


@pytest.mark.parametrize(("before", "after"), KEPT.values(), ids=KEPT)
def test_what_is_still_denied_is_not_lost(before: dict[str, Any], after: list[dict[str, Any]]) -> None:
    assert told([before], after) == []


def test_a_single_statement_needs_no_list() -> None:
    [denial] = read_denials({"Statement": deny()})
    assert denial.sid == "Keep"


@pytest.mark.parametrize("step", [1, -1], ids=["merged", "taken apart"])
def test_statements_that_are_merged_lose_nothing(intent: Intent, step: int) -> None:
    denials = list_denials(intent)["protect-backups"], list_denials(intent)["require-backup-tag"]
    plain = {"all": [denial for each in denials for denial in each]}
    old, new = [
        [denial for document in fill_documents(each).values() for denial in read_denials(document)]
        for each in (plain, merged(plain))
    ][::step]
    assert len(old) != len(new)
    assert list(lost_denials(old, new)) == []
