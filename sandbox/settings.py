"""What one sandbox is told at start, and the names that every part of it relies on."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOME_REGION: Final = "eu-west-1"
REPLICA_REGION: Final = "eu-central-1"
ORGANIZATIONS_REGION: Final = "us-east-1"

ORGANIZATION_ID: Final = "o-strongroom1"
ROOT_ID: Final = "r-strg"
OU_PRODUCTION: Final = "ou-strg-prod0001"
OU_PRE_PRODUCTION: Final = "ou-strg-prep0001"
OU_SANDBOX: Final = "ou-strg-sand0001"
OU_SHARED: Final = "ou-strg-shar0001"

MANAGEMENT_ACCOUNT: Final = "111111111111"
BACKUP_ACCOUNT: Final = "999999999999"
AUDIT_ACCOUNT: Final = "888888888888"
NETWORK_ACCOUNT: Final = "777777777777"
IDENTITY_ACCOUNT: Final = "777777777778"
PAYMENTS_ACCOUNT: Final = "222222222222"
LEDGER_ACCOUNT: Final = "333333333333"
CUSTOMER_API_ACCOUNT: Final = "444444444444"
REPORTS_ACCOUNT: Final = "555555555555"
# Where alice and bob try things.
SANDBOX_ACCOUNTS: Final = ("600000000001", "600000000002")

CENTRAL_VAULT: Final = "central-backup-vault"
LOCAL_VAULT: Final = "local-prod-vault"
REPLICA_VAULT: Final = "replica-backup-vault"
CONTROL_PLANE_BUS: Final = "strongroom"

HOST_ADDRESS: Final = "127.0.0.1"
# What a browser calls the same: no passkey is made for an address in digits.
HOST_NAME: Final = "localhost"
DEFAULT_PORT: Final = 4566
ROOT_SECRET: Final = "test"  # noqa: S105 - what the emulator gives every root


@dataclass(frozen=True, slots=True)
class Settings:
    """One sandbox: its port, its directory, and how fast its world turns (all times in seconds)."""

    port: int = DEFAULT_PORT
    run_dir: Path | None = None
    job_seconds: float = 0.4
    trail_seconds: float = 0.1
    stack_set_seconds: float = 2.0
    frameworks_need_config: bool = True
    account_seconds: float = 0.2
    scps_per_target: int = 10
    scp_characters: int = 10_240
    shows_scp_quota: bool = False
    schedule_scale: float = 30.0
    wait_scale: float = 0.02
    lambda_idle_seconds: int = 60
    # How many functions an account runs at once; AWS gives new accounts 10. None: as many as the machine has room for.
    lambda_concurrency: int | None = None
    log_level: str = "WARNING"

    @property
    def endpoint(self) -> str:
        """The address of the single front door."""
        return f"http://{HOST_ADDRESS}:{self.port}"

    @property
    def told_endpoint(self) -> str:
        """The same as people are told it, everywhere by its one name."""
        return f"http://{HOST_NAME}:{self.port}"


def running_endpoint() -> str:
    """The front door of the sandbox that runs in this process, or of the default port."""
    return f"http://{HOST_ADDRESS}:{os.environ.get('GATEWAY_PORT', DEFAULT_PORT)}"


def __getattr__(name: str) -> str:
    """Let `settings.ENDPOINT` follow the port of the sandbox that runs in this process."""
    if name == "ENDPOINT":
        return running_endpoint()
    raise AttributeError(name)
