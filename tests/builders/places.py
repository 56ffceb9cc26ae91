"""The accounts, organisational units, Regions and vaults of `strongroom.yaml` that stories are told about."""

from strongroom.domain.identifiers import AccountId, Region

MANAGEMENT = AccountId("111111111111")
PAYMENTS = AccountId("222222222222")
REPORTS = AccountId("555555555555")
VAULT_ACCOUNT = AccountId("444444444444")  # no account of the example: it would hold vaults and nothing else
AUDIT_ACCOUNT = AccountId("888888888888")
BACKUP_ACCOUNT = AccountId("999999999999")

PRODUCTION = "ou-strg-prod0001"
SANDBOX = "ou-strg-sand0001"

HOME = Region("eu-west-1")
REPLICA_REGION = Region("eu-central-1")
GLOBAL_REGION = Region("us-east-1")

BUS = f"arn:aws:events:{HOME}:{BACKUP_ACCOUNT}:event-bus/strongroom"
AUDIT_BUS = f"arn:aws:events:{HOME}:{AUDIT_ACCOUNT}:event-bus/strongroom-audit"
# Who restores while the control plane is away.
OUTAGE_USERS = tuple(f"arn:aws:iam::{AUDIT_ACCOUNT}:user/break-glass-{number}" for number in (1, 2))


def a_vault_arn(name: str, *, account: str = BACKUP_ACCOUNT, region: str = HOME) -> str:
    """The ARN of a vault, in the backup account at home unless it is said otherwise."""
    return f"arn:aws:backup:{region}:{account}:backup-vault:{name}"


LOCAL_NAME = "local-prod-vault"
LOCAL_VAULT = a_vault_arn(LOCAL_NAME, account=PAYMENTS)
# Where a restore profile is, copies come back into it.
TEMPORARY_VAULT = a_vault_arn("strongroom-restores", account=PAYMENTS)
CENTRAL_VAULT = a_vault_arn("central-backup-vault")
REPLICA_VAULT = a_vault_arn("replica-backup-vault", region=REPLICA_REGION)
