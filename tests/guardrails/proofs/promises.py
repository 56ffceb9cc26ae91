"""What the guardrails promise, in words of its own: an action, and the requests for it that must not pass."""

from collections.abc import Callable, Mapping
from typing import Final

import z3

from tests.builders.places import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    OUTAGE_USERS,
    PAYMENTS,
    REPLICA_VAULT,
    a_vault_arn,
)
from tests.guardrails.proofs.patterns import arn_like
from tests.guardrails.proofs.requests import Request

type Breach = Callable[[Request], z3.BoolRef]
# The action, and whether a request for it must not pass.
type Promise = tuple[str, Breach]

_TIERS: Final = ("compliance-7y", "daily-prod", "monthly-prod")
_DELETING: Final = "backup:deleterecoverypoint"
_RESTORING: Final = "backup:startrestorejob"
_READING: Final = "backup:createbackupaccesspoint"
_UNLOCKING: Final = "backup:deletebackupvaultlockconfiguration"
_COPYING: Final = "backup:copyfrombackupvault"


def _always(_: Request) -> z3.BoolRef:
    return z3.BoolVal(val=True)


def _restores_without_ticket_or_role(request: Request) -> z3.BoolRef:
    by_ceremony = z3.And(request.who == "role/strongroom/strongroom-restore", _says(request, "aws:principaltag/ticket"))
    return z3.And(_restores(request), z3.Not(by_ceremony))


def _restores(request: Request) -> z3.BoolRef:
    return z3.Not(_breaks_glass(request))


def _unlocks_our_vault(request: Request) -> z3.BoolRef:
    return z3.And(
        request.resource == a_vault_arn("local-prod-vault", account=PAYMENTS),
        z3.Not(z3.PrefixOf("role/stacksets-exec-", request.who)),
    )


def _copies_elsewhere(request: Request) -> z3.BoolRef:
    return z3.Not(_goes_to(request, lambda _: z3.BoolVal(val=False)))


def _copies_out_of_the_backup_account(request: Request) -> z3.BoolRef:
    names = ("local-prod-vault", "strongroom-restores")
    back = [a_vault_arn(name, account="*", region="*") for name in names]
    return z3.Not(_goes_to(request, lambda target: z3.Or([arn_like(target, each) for each in back])))


def _creates_unprotected(request: Request) -> z3.BoolRef:
    tier = request.context("aws:requesttag/backup")[0]
    spelled = [z3.And(key.present, key.text == "Backup") for key in request.context("aws:tagkeys")]
    return z3.And(
        request.resource == f"arn:aws:rds:eu-west-1:{PAYMENTS}:db:orders",
        z3.Not(z3.And(tier.present, z3.Or([tier.text == known for known in _TIERS]), z3.Or(spelled))),
        z3.Not(_breaks_glass(request)),
        z3.Not(_makes_what_is_restored(request)),
    )


def _restores_natively(request: Request) -> z3.BoolRef:
    return z3.And(
        arn_like(request.resource, f"arn:aws:rds:eu-west-1:{PAYMENTS}:snapshot:awsbackup:*"),
        z3.Not(_breaks_glass(request)),
        z3.Not(_makes_what_is_restored(request)),
    )


def _names_a_request(request: Request) -> z3.BoolRef:
    """Tags a volume as what a request has restored, or takes that tag away."""
    named = [z3.And(key.present, key.text == "strongroom-restore") for key in request.context("aws:tagkeys")]
    return z3.And(
        arn_like(request.resource, f"arn:aws:ec2:eu-west-1:{PAYMENTS}:volume/*"),
        z3.Or(named),
        z3.Not(_makes_what_is_restored(request)),
    )


def _takes_a_table(request: Request) -> z3.BoolRef:
    return z3.And(
        arn_like(request.resource, f"arn:aws:redshift:eu-west-1:{PAYMENTS}:snapshot:*/awsbackup:*"),
        request.who != "role/strongroom/strongroom-backup",
    )


def _restores_a_namespace(request: Request) -> z3.BoolRef:
    """Out of a snapshot that AWS Backup marks as its own, over the namespace or a table of it into that."""
    return z3.And(
        arn_like(request.resource, f"arn:aws:redshift-serverless:eu-west-1:{PAYMENTS}:snapshot/*"),
        _says(request, "aws:resourcetag/aws:backup:source-resource"),
        z3.Not(_breaks_glass(request)),
        z3.Not(_makes_what_is_restored(request)),
    )


def _reads_without_restore(request: Request) -> z3.BoolRef:
    return z3.Not(request.who == "role/strongroom/strongroom-scanner")


def _lends_a_role(request: Request) -> z3.BoolRef:
    """The role under which everything can be made anew, to whoever works for somebody."""
    lenders = [f"role/strongroom/strongroom-{name}" for name in ("restore", "copying", "backup")]
    return z3.And(
        request.resource == f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-job",
        z3.Not(_breaks_glass(request)),
        z3.Not(z3.Or(z3.PrefixOf("role/stacksets-exec-", request.who), *(request.who == each for each in lenders))),
    )


def _signs(request: Request) -> z3.BoolRef:
    return z3.And(
        _says(request, "aws:resourcetag/strongroom"),
        request.who != "role/strongroom/strongroom-log-evidence",
    )


def _reads_elsewhere(request: Request) -> z3.BoolRef:
    by_a_user = z3.And(request.account == AUDIT_ACCOUNT, request.who == "user/break-glass-1")
    return z3.And(by_a_user, arn_like(request.resource, "arn:aws:s3:::*"))


def _makes_a_key(request: Request) -> z3.BoolRef:
    deploys = z3.And(request.account == BACKUP_ACCOUNT, request.who == "role/OrganizationAccountAccessRole")
    return z3.And(request.resource == OUTAGE_USERS[1], z3.Not(deploys))


def _makes_what_is_restored(request: Request) -> z3.BoolRef:
    """A restore job, or a service's own call."""
    return z3.Or([request.who == f"role/strongroom/strongroom-restore-{name}" for name in ("job", "native")])


def _says(request: Request, key: str) -> z3.BoolRef:
    return z3.Or([value.present for value in request.context(key)])


def _breaks_glass(request: Request) -> z3.BoolRef:
    owners = [request.account == account for account in (PAYMENTS, BACKUP_ACCOUNT)]
    return z3.And(request.who == "role/break-glass", z3.Or(owners))


def _goes_to(request: Request, also: Callable[[z3.SeqRef], z3.BoolRef]) -> z3.BoolRef:
    """Whether the copy's destination is named, and each is one of our vaults or an admitted one."""
    targets = request.context("backup:copytargets")
    ours = [z3.Or(target.text == CENTRAL_VAULT, target.text == REPLICA_VAULT, also(target.text)) for target in targets]
    every = [z3.Implies(target.present, our) for target, our in zip(targets, ours, strict=True)]
    return z3.And(_says(request, "backup:copytargets"), *every)


GOVERNED: Final[Mapping[str, Promise]] = {
    "nobody deletes a recovery point": (_DELETING, _always),
    "nobody restores but the restore role with a ticket": (
        _RESTORING,
        _restores_without_ticket_or_role,
    ),
    "nobody makes a database of a backup's snapshot but a restore": (
        "rds:restoredbinstancefromdbsnapshot",
        _restores_natively,
    ),
    "nobody overwrites a namespace out of a backup but a restore": (
        "redshift-serverless:restorefromsnapshot",
        _restores_a_namespace,
    ),
    "nobody takes a table out of a backup of a namespace but a restore": (
        "redshift-serverless:restoretablefromsnapshot",
        _restores_a_namespace,
    ),
    "nobody but a restore marks a volume as what a request restored": ("ec2:createtags", _names_a_request),
    "nobody but a restore takes such a mark away": ("ec2:deletetags", _names_a_request),
    "nobody takes a table out of a backup's snapshot but the backup role, where no profile lets the call": (
        "redshift:restoretablefromclustersnapshot",
        _takes_a_table,
    ),
    "nobody reads a backup without a restore but a scan for malware": (_READING, _reads_without_restore),
    "nobody hands over the role of restore jobs but the restore role and those that hand over others": (
        "iam:passrole",
        _lends_a_role,
    ),
    "nobody but a StackSet removes the lock of a vault of ours": (_UNLOCKING, _unlocks_our_vault),
    "every copy goes to a vault of ours": (_COPYING, _copies_elsewhere),
    "what is created has a tier on offer, under the key that plans select": (
        "rds:createdbinstance",
        _creates_unprotected,
    ),
}
BACKUP: Final[Mapping[str, Promise]] = {
    "nobody deletes a recovery point": (_DELETING, _always),
    "nobody restores here": (_RESTORING, _restores),
    "nobody reads a backup without a restore but a scan for malware": (_READING, _reads_without_restore),
    "every copy goes to a vault of ours, or back": (_COPYING, _copies_out_of_the_backup_account),
    "nobody but the evidence log signs": ("kms:sign", _signs),
    "a user for an outage reads nothing": ("s3:getobject", _reads_elsewhere),
    "nobody but who deploys makes a key of a user for an outage": ("iam:createaccesskey", _makes_a_key),
}
