"""Every code of the linter: how bad it is, what it means, what AWS does about it, and who says so."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from strongroom.domain.findings import Level


class Code(Struct, frozen=True):
    """A stable name, its level, what it says of a document, what AWS does with that, and where that can be read."""

    name: str
    level: Level
    meaning: str
    effect: str
    source: str


class Fault(Struct, frozen=True):
    """A finding before it is put into words: its code, the place, what stands there, and what to write instead."""

    code: str
    path: Sequence[str | int]
    found: str
    instead: str


_REFUSED: Final = "Organizations refuses the policy"
_INVALID: Final = "the effective policy becomes invalid and the account silently keeps its last valid one"
_PLAN_FAILS: Final = "Organizations admits it, but AWS Backup cannot make a plan of it"
_JOB_FAILS: Final = "Organizations admits it, but every job fails"
_COPY_FAILS: Final = "Organizations admits it, but every such copy job fails"
_INTO_VAULT_FAILS: Final = "Organizations admits it, but every such job into the vault fails"
_NEVER: Final = "it is admitted, and no backup ever runs"
_NOWHERE: Final = "nothing of that name exists in those Regions, so every job that needs it fails"
_UNRECORDED: Final = "EventBridge takes it, and nobody has seen whether a backup policy does"
_TIGHT: Final = "a job that starts late has less than an hour, and AWS Backup may refuse the plan"
_LONGER_ONLY: Final = "AWS makes only the backup that is kept longer"
_MERGE: Final = "Organizations checks the merged policy only, and an incomplete one is invalid"

_SYNTAX: Final = "AWS Organizations User Guide, *Backup policy syntax and examples*"
_OPERATORS: Final = "AWS Organizations User Guide, *Inheritance operators*"
_ORGANIZATIONS_QUOTAS: Final = "AWS Organizations User Guide, *Quotas*"
_QUOTAS: Final = "AWS Backup Developer Guide, *AWS Backup quotas*"
_OPTIONS: Final = "AWS Backup Developer Guide, *Backup plan options and configuration*"
_CONTINUOUS: Final = "AWS Backup Developer Guide, *Continuous backups and point-in-time recovery*"
_COPIES: Final = "AWS Backup Developer Guide, *Creating backup copies across AWS accounts*"
_FEATURES: Final = "AWS Backup Developer Guide, *Feature availability*"
_LOCK: Final = "AWS Backup Developer Guide, *AWS Backup Vault Lock*"
_AIR_GAP: Final = "AWS Backup Developer Guide, *Primary backups to logically air-gapped vaults*"
_API: Final = "AWS Backup API Reference, *BackupRuleInput* and *Lifecycle*"
_CRON: Final = "Amazon EventBridge User Guide, *Cron expressions reference*"
_TAGGING: Final = "AWS Tagging Best Practices, *Tag naming limits and requirements*"


def _errors(source: str, *rows: tuple[str, str, str]) -> tuple[Code, ...]:
    return tuple(Code(name, Level.ERROR, meaning, effect, source) for name, meaning, effect in rows)


def _warnings(source: str, *rows: tuple[str, str, str]) -> tuple[Code, ...]:
    return tuple(Code(name, Level.WARNING, meaning, effect, source) for name, meaning, effect in rows)


_GRAMMAR: Final = (
    *_errors(
        _SYNTAX,
        ("empty-document", "The document is `{}`.", _REFUSED),
        ("not-an-object", "A value or a list stands where an object must be.", _REFUSED),
        ("unknown-key", "The grammar has no such key in this place.", _REFUSED),
        ("key-twice", "A key stands twice in one object.", _REFUSED),
        ("bad-name", "A plan, rule, selection, tag or condition has a name that is not allowed.", _REFUSED),
    ),
    *_errors(
        _OPERATORS,
        ("value-without-operator", "A value is written without an operator such as `@@assign`.", _REFUSED),
        ("unknown-operator", "A key begins with `@@` but is no inheritance operator.", _REFUSED),
        ("operator-on-container", "A value operator stands on an object that holds other keys.", _REFUSED),
        ("list-operator-on-single-value", "`@@append` or `@@remove` stands on a single-valued setting.", _REFUSED),
        ("list-wanted", "A setting that holds a list is given a single value.", _REFUSED),
        ("single-value-wanted", "A setting, or a member of a list, is given a list or an object.", _REFUSED),
        ("child-control", "`@@operators_allowed_for_child_policies` is not a list that AWS takes.", _REFUSED),
    ),
    *_errors(_SYNTAX, ("tags-and-resources", "A plan selects by tags and by resources at once.", _REFUSED)),
    *_errors(
        _ORGANIZATIONS_QUOTAS,
        ("document-too-long", "The document has more than 10,000 characters as it stands.", _REFUSED),
    ),
    *_errors(
        _QUOTAS, ("too-many", "There are more rules, copies, tags, conditions or selections than AWS takes.", _INVALID)
    ),
    *_errors(_SYNTAX, ("empty-list", "A required list is assigned without a member.", _INVALID)),
)
_VALUES: Final = (
    *_errors(
        _CRON,
        ("schedule", "The schedule is no `cron(...)` that AWS takes, or fires more often than hourly.", _REFUSED),
        (
            "schedule-never-fires",
            "The schedule names a day that never comes.",
            "it is admitted, and no backup ever runs",
        ),
    ),
    *_errors(
        _API,
        ("window", "A window is no whole number of minutes of 60 or more.", _REFUSED),
        ("minutes-too-many", "A window is longer than 100 years.", _PLAN_FAILS),
        ("days", "A number of days is no whole number of 1 or more.", _REFUSED),
        ("days-too-many", "A number of days is above 36,500.", _PLAN_FAILS),
    ),
    *_errors(
        _SYNTAX,
        ("flag", "A flag is neither true nor false.", _REFUSED),
        ("choice", "The value is none of the words that the setting takes.", _REFUSED),
        ("vault-name", "The value cannot be the name of a vault.", _REFUSED),
        ("air-gapped-vault-arn", "The air-gapped vault's ARN lacks `$region` or `$account`, or is no vault.", _REFUSED),
        ("role-arn", "The value is no ARN of an IAM role.", _REFUSED),
        ("role-account", "The role's ARN names an account where `$account` must stand.", _REFUSED),
        ("region-code", "The value is no Region code.", _REFUSED),
        ("partition", "A Region or an ARN is of another partition than the plan's Regions.", _NOWHERE),
        ("tag-key", "A tag key is empty, longer than 128 characters, or no text.", _REFUSED),
    ),
    *_errors(
        _TAGGING,
        (
            "reserved-tag-key",
            "A tag to be written begins with `aws:`.",
            "AWS refuses to write the tag and the job fails",
        ),
        ("tag-value", "A tag value is longer than 256 characters.", "no resource can carry such a value"),
    ),
    *_errors(
        _SYNTAX,
        ("condition-key", "A condition is not about a tag of the resource.", _REFUSED),
        ("resource-type", "The value is none of the patterns that select a resource type.", _REFUSED),
        ("tag-key-mismatch", "A plan tag's name differs from its `tag_key`.", _REFUSED),
    ),
)
_WORKING: Final = (
    *_errors(
        _OPTIONS, ("windows-do-not-fit", "The time to complete is not longer than the time to start.", _PLAN_FAILS)
    ),
    *_errors(
        _API, ("cold-too-close", "A backup would leave cold storage before its 90 days there are over.", _PLAN_FAILS)
    ),
    *_errors(
        _SYNTAX,
        ("archive-incomplete", "The archive opt-in lacks the day of cold storage or of deletion.", _REFUSED),
        ("archive-schedule", "The archive opt-in has a schedule of less than 28 days.", _REFUSED),
        ("continuous-retention", "Continuous backup is kept for more than 35 days.", _REFUSED),
        ("continuous-cold", "Continuous backup moves to cold storage.", _REFUSED),
        ("scan-without-settings", "A rule scans, but its plan says nothing about scanning.", _INVALID),
        ("copy-key", "A copy action's key is no ARN of a vault.", _REFUSED),
        ("copy-key-mismatch", "A copy action's key differs from its `target_backup_vault_arn`.", _REFUSED),
        ("region-variable", "`$region` stands in the ARN of a copy.", _REFUSED),
    ),
    *_errors(_COPIES, ("copy-to-default-vault", "A copy into another account goes to its vault Default.", _COPY_FAILS)),
    *_errors(
        _FEATURES,
        ("copy-unsupported", "A selected resource type cannot be copied there.", _COPY_FAILS),
        ("copy-leaves-partition", "A copy goes into another partition.", _COPY_FAILS),
        ("china-copy", "A copy goes into another account in China.", _COPY_FAILS),
    ),
    *_errors(
        _LOCK,
        ("retention-outside-lock", "A retention lies outside the range of the locked vault.", _INTO_VAULT_FAILS),
        (
            "inherited-retention-outside-lock",
            "A copy without its own retention inherits one outside the range of the locked vault.",
            _INTO_VAULT_FAILS,
        ),
    ),
    *_errors(
        _AIR_GAP,
        ("air-gap-same-vault", "One vault is named as the standard and as the air-gapped one.", _JOB_FAILS),
        ("air-gap-retention", "A rule keeps what no air-gapped vault keeps so long.", _INTO_VAULT_FAILS),
    ),
)
_DANGERS: Final = (
    *_warnings(
        _OPERATORS,
        ("name-in-two-cases", "Two names differ in letter case only.", "AWS takes them for one and the same"),
        ("no-value", "A setting has no operator, or an operator that does nothing.", "it changes nothing"),
        ("value-twice", "A list has the same member twice.", "AWS uses it once at best"),
    ),
    *_warnings(
        _SYNTAX,
        ("incomplete", "A plan has rules but lacks what every plan needs.", _MERGE),
        ("no-schedule", "A rule in a complete plan has no schedule.", "it is admitted, and AWS chooses when to run it"),
    ),
    *_warnings(
        _CRON,
        ("schedule-by-name", "A day of the week stands by its name before `#` or `L`.", _UNRECORDED),
    ),
    *_warnings(
        _OPTIONS,
        ("window-too-long", "A window is longer than 30 days.", "it is admitted, and a stuck job is kept for as long"),
        ("windows-too-close", "The time to complete is less than 60 minutes longer than that to start.", _TIGHT),
        (
            "kept-too-briefly",
            "Everything that a rule makes is gone before it makes the next.",
            "nothing of it can be restored in those days",
        ),
        (
            "rules-times-selections",
            "The names pair each rule with a selection of its own.",
            "AWS runs every rule on what every selection selects",
        ),
        (
            "overlap-equal",
            "The start windows of two rules meet that keep equally long.",
            "AWS makes one of the two and does not say which",
        ),
        (
            "overlap-loses-copy",
            "Where two rules meet, the one that keeps longer lacks a copy of the other.",
            f"{_LONGER_ONLY}, so what the other would copy is not copied then",
        ),
        (
            "overlap-swallows",
            "A rule meets one that keeps longer so often that most or many of its backups are not made.",
            f"{_LONGER_ONLY}, so all the others are not made",
        ),
    ),
    *_warnings(
        _SYNTAX,
        (
            "region-unknown",
            "The Region code is none that this version knows.",
            "Organizations refuses an unknown Region, and no copy reaches one",
        ),
        ("role-path", "AWS Backup's default role is named without its path.", _JOB_FAILS),
        ("wildcard-in-equals", "A `*` stands where tags are compared letter by letter.", "it stands for itself only"),
    ),
    *_warnings(
        _CONTINUOUS,
        ("continuous-copy", "A continuous backup is copied.", "the copy is a snapshot, without point-in-time recovery"),
    ),
    *_warnings(
        _COPIES,
        ("copy-to-itself", "A copy goes into the vault that the backup is made into.", "it protects from nothing"),
        (
            "copy-dies-first",
            "A copy in another account is deleted before the backup that it was made from.",
            "who destroys the account takes the older backups with it",
        ),
    ),
    *_warnings(
        _FEATURES,
        ("copy-doubtful", "AWS's pages disagree whether a selected type can be copied.", "the copy jobs may fail"),
        (
            "copy-in-opt-in-region",
            "A selected type is not copied so where a Region is off until it is enabled.",
            "the copy jobs fail there",
        ),
    ),
    *_warnings(
        _AIR_GAP,
        (
            "air-gap-type",
            "A selected type does not go into an air-gapped vault.",
            "its backups stay in the standard vault, and the jobs complete with issues",
        ),
    ),
    *_warnings(
        _LOCK,
        (
            "kept-forever-in-lock",
            "What goes into a locked vault has no end.",
            "nobody can ever delete it, AWS included",
        ),
    ),
    *_warnings(
        _OPERATORS,
        (
            "unlocked",
            "A setting lacks `@@none` for child policies; where nothing is locked, it is said once.",
            "any policy attached further down can change it",
        ),
        (
            "open-container",
            "An object beside locked ones lets children add keys.",
            "a child policy may add what it likes",
        ),
        ("unset-leaf", "A setting that matters is absent beside locked ones.", "a child policy may be able to set it"),
    ),
)

CODES: Final = MappingProxyType({code.name: code for code in (*_GRAMMAR, *_VALUES, *_WORKING, *_DANGERS)})
