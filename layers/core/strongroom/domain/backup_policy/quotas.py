"""How much of each AWS takes in a backup policy.

Sources: AWS Organizations User Guide, "Quotas and service limits"; AWS Backup Developer Guide, "AWS Backup quotas".
"""

from typing import Final

POLICY_CHARACTERS: Final = 10_000
POLICIES_PER_TARGET: Final = 10
RULES_PER_PLAN: Final = 10
COPY_ACTIONS_PER_RULE: Final = 5
RECOVERY_POINT_TAGS: Final = 10
CONDITIONS_PER_SELECTION: Final = 30
TAG_SELECTIONS_PER_PLAN: Final = 10
TAG_VALUES_PER_SELECTION: Final = 30
SELECTIONS_PER_PLAN: Final = 100
LEAST_WINDOW_MINUTES: Final = 60
MOST_WINDOW_MINUTES: Final = 52_560_000  # AWS Backup API Reference, BackupRuleInput
