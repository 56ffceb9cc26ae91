"""What the values of an intent must look like: stated once for the checks, the JSON Schema and the reference.

Patterns are written so that Python and ECMAScript read them alike; each is meant for the whole value.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from msgspec import Struct

LONGEST_RETENTION_DAYS: Final = 36_500
# What can be risky about a restore, in the order in which people read it; `elevated` is what holds for the gravest.
ELEVATED_RISK: Final = "elevated"
RISKS: Final = (
    ELEVATED_RISK,
    "overwrites",
    "infected",
    "adds-into-live",
    "runs-as-role",
    "scan-incomplete",
    "never-scanned",
    "scan-unread",
    "loses-data",
    "acls",
    "source-unencrypted",
    "rarely-tried",
    "as-written",
    "vault-key",
    "aws-key",
    "other-class",
    "no-multi-az",
    "unverified",
    "from-cold",
    "temporary-copy",
    "left-out",
    "steps-after",
)


class Form(Struct, frozen=True, kw_only=True):
    """A text's pattern or choices, the bounds of a number or of a length, and the pattern of a mapping's keys."""

    pattern: str | None = None
    keys: str | None = None
    choices: Callable[[], tuple[str, ...]] | None = None
    least: int | None = None
    most: int | None = None
    examples: tuple[str | int, ...] = ()

    def fits(self, text: str) -> bool:
        """Whether a text has this form."""
        if self.choices is not None and text not in self.choices():
            return False
        return self.pattern is None or re.fullmatch(self.pattern, text) is not None

    def fits_key(self, name: str) -> bool:
        """Whether a name may stand in a mapping of this form."""
        return self.keys is None or re.fullmatch(self.keys, name) is not None

    def holds(self, number: int) -> bool:
        """Whether a number, or a count, lies within the bounds."""
        return (self.least is None or self.least <= number) and (self.most is None or number <= self.most)


def is_tag_text(text: str) -> bool:
    """Whether AWS takes every character in the key or value of a tag: letters, digits, blanks and `_.:/=+-@`."""
    return all(each in "_.:/=+-@" or unicodedata.category(each)[0] in "LNZ" for each in text)


def _backup_types() -> tuple[str, ...]:
    # Late: an intent is read by every function, its choices by the commands only.
    from strongroom.domain.catalogue.rows import ROWS, names_of

    return names_of(ROWS)


def _indexed_types() -> tuple[str, ...]:
    from strongroom.domain.catalogue.rows import indexed_types

    return indexed_types()


def _types_by_hand() -> tuple[str, ...]:
    from strongroom.domain.catalogue.rows import TYPES_BY_HAND

    return TYPES_BY_HAND


def _own_calls() -> tuple[str, ...]:
    from strongroom.domain.catalogue.rows import OWN_CALLS

    return tuple(OWN_CALLS)


# Letters, digits and blanks of any language: as near as a pattern comes that Python and ECMAScript read alike. What it
# cannot tell, `is_tag_text` does.
_TAG_CHARACTER: Final = r"[^\x00-\x1f!\"#$%&'()*,;<>?\[\\\]^`{|}~\x7f]"

ACCOUNT_ID: Final = Form(pattern=r"[0-9]{12}", examples=("111122223333",))
ORGANIZATION_ID: Final = Form(pattern=r"o-[a-z0-9]{10,32}", examples=("o-ab12cd34ef",))
ROOT_ID: Final = Form(pattern=r"r-[a-z0-9]{4,32}", examples=("r-ab12",))
UNIT_ID: Final = Form(pattern=r"ou-([a-z0-9]{4,32})-[a-z0-9]{8,32}", examples=("ou-ab12-cd34ef56",))
REGION: Final = Form(pattern=r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", examples=("eu-west-1",))
DURATION: Final = Form(
    pattern=r"P(?=.)([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+S)?)?", examples=("PT4H", "P1D", "PT20M")
)
SCHEDULE: Final = Form(
    pattern=r"cron\([^()]+\)|(hourly|daily|weekdays|weekly|monthly|quarterly|yearly) [a-z0-9: ]+",
    examples=("daily 02:00", "weekly sun 03:00", "monthly 1 04:00", "cron(0 2 ? * * *)"),
)
_TIME_OF_DAY: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"
TIME_OF_DAY: Final = Form(pattern=_TIME_OF_DAY, examples=("07:00",))
HOURS: Final = Form(pattern=rf"{_TIME_OF_DAY}-{_TIME_OF_DAY}", examples=("22:00-06:00",))
CONTACT: Final = Form(pattern=r"[^\x00-\x1f\x7f]{1,200}", examples=("payments-oncall@example.com", "#payments"))
VAULT_NAME: Final = Form(pattern=r"[A-Za-z0-9_-]{2,50}", examples=("central-backup-vault",))
VAULT_NAMES: Final = Form(keys=r"[A-Za-z0-9_-]{1,39}", least=1)
VAULT_ACCOUNT: Final = Form(pattern=r"own|backup|[0-9]{12}", examples=("own", "backup", "111122223333"))
VAULT_REGION: Final = Form(pattern=rf"same|home|{REGION.pattern}", examples=("same", "home", "eu-central-1"))
APPROVAL_TEAM: Final = Form(
    pattern=r"arn:aws[a-z-]*:mpa:[a-z0-9-]+:[0-9]{12}:approval-team/[A-Za-z0-9_-]{1,128}",
    examples=("arn:aws:mpa:us-east-1:111122223333:approval-team/vaults",),
)
RULE_NAMES: Final = Form(keys=r"[A-Za-z0-9_-]{1,50}", most=10)
TIER_NAME: Final = Form(pattern=r"[A-Za-z0-9_.-]{1,39}")
TIER_NAMES: Final = Form(keys=TIER_NAME.pattern, least=1)
TAG_KEY: Final = Form(pattern=rf"(?![Aa][Ww][Ss]:){_TAG_CHARACTER}{{1,128}}", examples=("Backup",))
TAG_VALUE: Final = Form(pattern=rf"{_TAG_CHARACTER}{{0,256}}")
RECOVERY_POINT_TAGS: Final = Form(keys=rf"(?!@@)(?![Aa][Ww][Ss]:){_TAG_CHARACTER}{{1,128}}", most=10)
RETENTION_DAYS: Final = Form(least=1, most=LONGEST_RETENTION_DAYS, examples=(35,))
COOLING_OFF_DAYS: Final = Form(least=3, most=LONGEST_RETENTION_DAYS, examples=(30,))
DELETION_WINDOW_DAYS: Final = Form(least=7, most=30)
ROTATION_PERIOD_DAYS: Final = Form(least=90, most=2560)
SCP_SLOTS: Final = Form(least=2, most=10)
AT_LEAST_ONE: Final = Form(least=1)
APPROVALS: Final = Form(least=1, most=20)
ROLE_ARN: Final = Form(
    pattern=r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+",
    examples=("arn:aws:iam::111122223333:role/break-glass",),
)
# The same role in every account: the variable stands for the account of whoever calls.
OWN_ROLE_ARN: Final = Form(
    pattern=(r"arn:aws[a-z-]*:iam::\$\{aws:PrincipalAccount\}:role/([A-Za-z0-9_+=,.@/-]|\$\{aws:PrincipalAccount\})+"),
    examples=("arn:aws:iam::${aws:PrincipalAccount}:role/AWSControlTowerExecution",),
)
ROLE_NAME: Final = Form(pattern=r"strongroom/[A-Za-z0-9_+=,.@-]{1,64}")
USER_ARN: Final = Form(
    pattern=r"arn:aws[a-z-]*:iam::[0-9]{12}:user/[A-Za-z0-9_+=,.@/-]+",
    examples=("arn:aws:iam::111122223333:user/break-glass-1",),
)
# With one stretch of digits or letters at least, and three at most: nothing that takes long to compare.
INCIDENT: Final = Form(
    pattern=r"[A-Za-z0-9_-]{0,20}[#*][A-Za-z0-9_-]{0,20}([#*][A-Za-z0-9_-]{0,20}){0,2}", examples=("INC-#", "P*")
)
RESOURCE_ARN: Final = Form(
    pattern=r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:[^*?\s]+",
    examples=("arn:aws:rds:eu-west-1:111122223333:db:scratch",),
)
KMS_KEY_ARN: Final = Form(
    pattern=r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,128}",
    examples=("arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555",),
)
SUBNET_ID: Final = Form(pattern=r"subnet-[0-9a-z]{1,32}", examples=("subnet-0ab12cd34ef56ab12",))
SECURITY_GROUP_ID: Final = Form(pattern=r"sg-[0-9a-z]{1,32}", examples=("sg-0ab12cd34ef56ab12",))
DIRECTORY_ID: Final = Form(pattern=r"d-[0-9a-f]{10}", examples=("d-1234567890",))
SVM_ID: Final = Form(pattern=r"svm-[0-9a-f]{17}", examples=("svm-0123456789abcdef0",))
# What AWS takes as the name of a group, class, zone, database or cluster: nothing that could be an ARN or an address.
AWS_NAME: Final = Form(pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", examples=("restores",))
ACTION: Final = Form(pattern=r"[a-z0-9-]+:[A-Za-z0-9]+", examples=("dynamodb:CreateTable",))
# Without encryption only to the machine itself.
ADDRESS: Final = Form(
    pattern=r"https://\S+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?(/\S*)?", examples=("https://login.example.com",)
)
MOMENT: Final = Form(
    pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", examples=("2026-11-26T14:00:00Z",)
)
# 16 to 1,023 bytes (Web Authentication Level 3, section 4, "credential ID").
PASSKEY_ID: Final = Form(pattern=r"[A-Za-z0-9_-]{22,1364}", examples=("wkxwHee6hDL6LBkEdZ70tg",))
BASE64URL: Final = Form(pattern=r"[A-Za-z0-9_-]+")
# Two labels at least, or a host of the machine itself: only a site of one's own can be one (Web Authentication Level 3,
# section 5.1.2), and an address in digits is none.
HOST: Final = Form(
    pattern=r"localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    examples=("approve.example.com",),
)
ORIGIN: Final = Form(
    pattern=rf"https://({HOST.pattern})(:[0-9]{{1,5}})?|http://([a-z0-9-]+\.)*localhost(:[0-9]{{1,5}})?",
    examples=("https://approve.example.com",),
)
# A key as a signed note names it: name, the first four bytes of a hash, and type and key in base64 (C2SP, signed-note).
NOTE_KEY: Final = Form(
    pattern=r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}",
    examples=("example.com/o-ab12cd34ef+2d4f4381+AalAzhxcDDS1L+qVVdr5N6gW+BOJEOeIKCHBqQi3J6BT",),
)
LOG_NAME: Final = Form(pattern=r"[^\s+]+", examples=("example.com/o-ab12cd34ef",))
# RFC 6749, appendix A.4.
SCOPE: Final = Form(pattern=r"[!#-\[\]-~]{1,200}", examples=("groups",))
RISK: Final = Form(choices=lambda: RISKS)
TYPE_BY_HAND: Final = Form(choices=_types_by_hand)
OWN_CALL: Final = Form(choices=_own_calls)
# What is put into the address of a request: nothing that separates fields or queries there.
TICKET_FIELD: Final = Form(
    pattern=r"[A-Za-z][A-Za-z0-9_]{0,79}", examples=("customfield_10020", "cmdb_ci", "u_recovery_point")
)
TICKET_PROJECT: Final = Form(pattern=r"[A-Z][A-Z0-9_]{1,30}|[a-z][a-z0-9_]{1,79}", examples=("OPS", "change_request"))
BACKUP_TYPE: Final = Form(choices=_backup_types)
INDEXED_TYPES: Final = Form(choices=_indexed_types)
