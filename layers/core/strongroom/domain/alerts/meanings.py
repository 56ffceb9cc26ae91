"""What each kind of alert means for whom it concerns, and what to do first; the runbook's section says the rest."""

from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.complaints import AlertKind


class Meaning(Struct, frozen=True):
    """One sentence that says what is at stake, and one that says where to begin."""

    means: str
    to_do: str


MEANING_OF: Final[dict[AlertKind, Meaning]] = {
    AlertKind.ACCOUNT_NOT_READY: Meaning(
        "Backups or copies of this account are not made, or nobody sees them.",
        "Run `strongroom plan`: it names the missing piece, and `strongroom apply` puts it in place.",
    ),
    AlertKind.ACCOUNT_SLOW: Meaning(
        "A new account is not protected yet; it is looked at every five minutes.",
        "Nothing, unless it lasts: then the alert becomes account-not-ready.",
    ),
    AlertKind.ENROLMENT_FAILED: Meaning(
        "Control Tower has not finished an account: it may stand where nothing protects it.",
        "Look at the account in Control Tower and let it try again; its next success closes this.",
    ),
    AlertKind.POLICIES_STOPPED: Meaning(
        "What the organisation's policies order is not done: no backup is made there, or nothing is guarded.",
        "Mend what the reason names, and run `strongroom plan`, which says what else differs.",
    ),
    AlertKind.PROTECTION_ENDED: Meaning(
        "No backup of this account is made or copied any more; what was copied is kept until its retention ends.",
        "Ask who did it whether it was meant; the reason says what undoes it.",
    ),
    AlertKind.RESOURCE_NOT_TAGGED: Meaning(
        "No plan backs this resource up.",
        "Give it a backup tag, or an exception in the intent.",
    ),
    AlertKind.TAGS_FOUGHT_OVER: Meaning(
        "Somebody takes off or changes what chooses backups as often as it is put back: no plan backs this up now.",
        "Let whoever it is set the tag, or leave it alone (Terraform: `ignore_tags`); marking this lets us try again.",
    ),
    AlertKind.INVENTORY_REFUSED: Meaning(
        "What no event told of there is not found: it may be in no tier, and nobody knows of it.",
        "Let `strongroom-tagging` of the account list what the reason names; the next inventory closes this.",
    ),
    AlertKind.BACKUP_FAILED: Meaning(
        "There is no new recovery point: a restore would bring back older data.",
        "Mend the cause that AWS Backup names; the next good backup closes this.",
    ),
    AlertKind.BACKUP_PARTIAL: Meaning(
        "The backup lacks a part, and no copy of it is promised: a restore would bring back older data, or not all.",
        "Look among the jobs of its parts for the one that did not complete; the next whole backup closes this.",
    ),
    AlertKind.BACKUP_EXPIRED: Meaning(
        "The backup did not begin, or did not end, within its window: a restore would bring back older data.",
        "Read in the reason which, and give the rule a longer `start_window` or `complete_window`.",
    ),
    AlertKind.BACKUP_ABORTED: Meaning(
        "The backup was stopped: a restore would bring back older data.",
        "Ask who called StopBackupJob, which CloudTrail names; the next good backup closes this.",
    ),
    AlertKind.BACKUP_MISSING: Meaning(
        "A backup never began: a restore would bring back older data.",
        "See that the account has the plan, the opt-in for the type and the backup role.",
    ),
    AlertKind.BACKUP_WITH_ISSUES: Meaning(
        "There is a new recovery point, and something that the resource holds is not in it.",
        "Read in the reason what was left out, and let AWS Backup read it, or leave it out of the plan.",
    ),
    AlertKind.COPY_FAILED: Meaning(
        "The backup exists in its own account only: who destroys that account destroys it.",
        "Mend the cause in the reason; what can be copied again is copied again once by itself.",
    ),
    AlertKind.COPY_MISSING: Meaning(
        "The backup exists in its own account only: who destroys that account destroys it.",
        "Wait an hour for the second try; what stops it is in the reason, and the next night makes a new backup.",
    ),
    AlertKind.COPY_SLOW: Meaning(
        "The copy is under way and late; nothing is lost.",
        "Nothing, unless it lasts: then raise `deadlines.copy_verified_within`.",
    ),
    AlertKind.COPY_VANISHED: Meaning(
        "A copy that was verified is gone from its vault: somebody may be destroying backups.",
        "Call security, look for who did it, and look at the vault's lock and its other copies.",
    ),
    AlertKind.COPIES_STOPPED_BY_KEY: Meaning(
        "What lies under this key is not copied: who destroys its account destroys these backups.",
        "Enable the key, or let its policy allow what `strongroom compile` writes to key-policies/source-keys.json.",
    ),
    AlertKind.COPIES_STOPPED_BY_ACCOUNT: Meaning(
        "Backups of this account are not copied: who destroys it destroys them.",
        "Run `strongroom plan` for what is missing there; ask Organizations whether the account is still open.",
    ),
    AlertKind.VAULT_DIFFERS: Meaning(
        "What lies in this vault is not kept as the intent promises.",
        "Find out who changed it, then run `strongroom plan` and `strongroom apply`.",
    ),
    AlertKind.VAULTS_NOT_COMPARED: Meaning(
        "Nobody would notice a copy that vanishes from the vault, or one that arrives and is not told.",
        "Mend what the reason names: the role, the vault's account, or the time that a round takes.",
    ),
    AlertKind.RESOURCE_NOT_ENCRYPTED: Meaning(
        "None of the backups of this resource is encrypted, for the resource is not.",
        "Restore it into an encrypted one when its owner can spare the time.",
    ),
    AlertKind.SNAPSHOT_LEFT_OVER: Meaning(
        "Snapshots stay behind after their copy, and cost money.",
        "Delete them by hand in the local vault, once their copies are verified.",
    ),
    AlertKind.MALWARE_FOUND: Meaning(
        "Whoever restores this backup brings the malware back; the live resource may have it, too.",
        "Call security, and restore nothing newer than the clean backup that the reason names.",
    ),
    AlertKind.TAMPERING_ATTEMPTED: Meaning(
        "Somebody tried what a guardrail refuses; nothing has changed.",
        "Ask whoever it was; a mistake is common, a second attempt is not.",
    ),
    AlertKind.TAMPERING_SUCCEEDED: Meaning(
        "Somebody changed what protects backups.",
        "Call security, undo the change with `strongroom apply`, and find out how it was possible.",
    ),
    AlertKind.RESTORE_FAILED: Meaning(
        "What was approved to be restored is not there.",
        "Read the reason with `strongroom restore show`, and ask again with a new ticket.",
    ),
    AlertKind.RESTORE_UNFINISHED: Meaning(
        "The data is back; what the machine was to do then on what was restored is not all done.",
        "Do by hand what the reason names; of a cluster without an instance nothing can be read.",
    ),
    AlertKind.TEMPORARY_COPY_OVERDUE: Meaning(
        "A copy that was taken back for a restore should be gone, and is there, or nobody can see whether it is.",
        "Let its owner describe it in its vault: EXPIRED means that AWS Backup cannot delete it, and why it says.",
    ),
    AlertKind.VAULT_ACCESS_OVERDUE: Meaning(
        "An air-gapped vault was opened to an account for a restore that is long over, and still is.",
        "Let a deployer ask its approval team to end the access, in the account of the vault.",
    ),
    AlertKind.BREAK_GLASS_OPENED: Meaning(
        "A restore was started without the usual approvals.",
        "Reviewers look at it now, while it runs.",
    ),
    AlertKind.BREAK_GLASS_UNREVIEWED: Meaning(
        "Nobody has looked at an emergency restore yet.",
        "A reviewer reads its evidence and says what was right.",
    ),
    AlertKind.RESTORE_UNEXPLAINED: Meaning(
        "Data was restored, and nobody approved it: somebody may be taking it away.",
        "Call security, and look at who started the job and where its result is.",
    ),
    AlertKind.COPY_UNEXPLAINED: Meaning(
        "A backup left the central vault, and nobody approved it.",
        "Call security, and look at who started the job and where the copy is.",
    ),
    AlertKind.EVIDENCE_BROKEN: Meaning(
        "The evidence of a restore does not hold: somebody may have changed it.",
        "Call security, and keep everything as it is.",
    ),
    AlertKind.RESTORES_UNWATCHED: Meaning(
        "Nobody would notice an unapproved restore in the accounts that cannot be asked.",
        "Mend the role that the reason names.",
    ),
    AlertKind.FORWARDER_SILENT: Meaning(
        "What happens in this account is not heard: no new resource is tagged, no attack is told.",
        "See whether its rule `strongroom-forwarder` is there and enabled, and who changed it.",
    ),
}
