"""What becomes of events that are neither creations nor calls: accounts, ends of backups and copies, heartbeats."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.accounts.events import AccountNotice, Follow
from strongroom.domain.accounts.membership import (
    AccountVerdict,
    Membership,
    Placement,
    judge_membership,
)
from strongroom.domain.copies.backup_jobs import BackupJob, BackupState, judge_backup
from strongroom.domain.copies.found import CopyNotice
from strongroom.domain.health.heartbeats import BeatHeard, BeatKey, forwarders_at_home, forwarders_of
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom_cli.explain.answers import Outcome, Told
from strongroom_cli.explain.places import possible_places

_BACKUP_ACTS = {
    BackupState.PROMISED: (
        "describe the job and its recovery point in the account",
        "promise a verified copy in each vault of its rule",
    ),
    BackupState.FAILED: (
        "describe the job in the account",
        "open the alert of how it ended, as backup-failed (critical), if it is so",
    ),
}


_ACTS: Final[dict[Follow, tuple[str, ...]]] = {
    Follow.NOTE: (),
    Follow.JUDGE: (),
    Follow.JUDGE_BELOW: ("have every known account below the policy's targets judged again",),
    Follow.TELL: ("open an alert",),
    Follow.SETTLE: ("settle the alert policies-stopped of the account",),
    Follow.REFUSE: ("open the alert tampering-attempted",),
}


def explain_account(notice: AccountNotice, *, told: Told, intent: Intent) -> Iterator[Outcome]:
    """What becomes of the account that an event hints at, for each place that was not told."""
    if notice.account is None or notice.follow is not Follow.JUDGE:
        yield Outcome(
            state=notice.follow, reason=notice.reason, resource=notice.account or "", would=_ACTS[notice.follow]
        )
        return
    for place in possible_places(notice.account, told.units, intent):
        member = None if place.units is None else Membership(status="ACTIVE", units=place.units)
        verdict = judge_membership(notice.account, membership=member, intent=intent)
        state, reason, acts = _stated(verdict)
        said = f"{notice.reason}: {reason}"
        yield Outcome(state=state, reason=said, resource=notice.account, when=place.when, would=acts)


def _stated(verdict: AccountVerdict | Placement) -> tuple[str, str, tuple[str, ...]]:
    """The state of an account, why, and what would be done."""
    if isinstance(verdict, AccountVerdict):
        return verdict.state, verdict.reason, ("remember it in the ledger", "expect its forwarders to be heard no more")
    reason = f"it is governed as {verdict.target.name}; what it has is not known here"
    acts = ("read its place, its effective backup policy and what its stacks made", "name whatever is missing")
    return "READY or NOT_READY", reason, acts


def explain_backup(job: BackupJob, *, intent: Intent) -> Iterator[Outcome]:
    """What becomes of a backup job, as its event tells it."""
    verdict = judge_backup(job, intent=intent)
    yield Outcome(
        state=verdict.state,
        reason=verdict.reason,
        resource=verdict.resource,
        would=_BACKUP_ACTS.get(verdict.state, ()),
    )


def explain_copy(notice: CopyNotice, *, intent: Intent) -> Iterator[Outcome]:
    """What becomes of a copy job: the promise of it, which only the ledger knows, is held against what is there."""
    job = notice.job
    if job.destination in {vault.arn for vault in destination_vaults(intent)}:
        reason = f"the job is {job.state}, into {job.destination}, a vault of the intent"
        acts = ("describe the job, the recovery point and its vault", "settle the promise of it, or tell what is wrong")
        yield Outcome(state=job.state, reason=reason, resource=job.recovery_point, would=acts)
        return
    reason = (
        f"the job is {job.state}, into {job.destination}, which is no vault for copies, but may be an account's own"
    )
    look = "look for a promise of it in the ledger, which is not known here"
    yield Outcome(state=job.state, reason=reason, resource=job.recovery_point, would=(look,))


def explain_beat(beat: BeatHeard, *, intent: Intent) -> Iterator[Outcome]:
    """What becomes of a heartbeat."""
    key = BeatKey(beat.account, beat.region)
    wanted = key in (*forwarders_of(beat.account, intent), *forwarders_at_home(intent))
    subject = f"forwarder of {beat.account} in {beat.region}"
    if wanted:
        acts = ("expect the next within two hours, or as long as the intent says", "settle an alert of its silence")
        yield Outcome(state="HEARD", reason="the forwarder is well", resource=subject, would=acts)
        return
    yield Outcome(state="UNEXPECTED", reason="no forwarder of ours belongs there", resource=subject)
