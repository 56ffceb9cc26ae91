"""Events of scan jobs, as AWS's published samples have them."""

from typing import Any

import msgspec

from strongroom.domain.errors import MalformedEventError
from strongroom.domain.identifiers import AccountId, parse_region
from strongroom.domain.scans.judging import ScanNotice, read_result
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.backups import told_vault
from strongroom.runtime.contracts.readings import as_mapping, as_text


class ScanJobChange(msgspec.Struct, frozen=True, rename="camel"):
    """The detail of "Scan Job State Change"; `scanResult` is there once it has one."""

    state: str
    recovery_point_arn: str
    resource_arn: str
    backup_vault_arn: Any = None
    backup_vault_name: Any = None
    scan_result: Any = None

    def observed(self, event: Event["ScanJobChange"]) -> ScanNotice:
        """What the scan came to; MalformedEventError where no vault is named."""
        account, region = AccountId(event.account), parse_region(event.region)
        vault = told_vault(self.backup_vault_arn, self.backup_vault_name, account=account, region=region)
        if vault is None:
            raise MalformedEventError("a scan job's event names no vault")
        result = as_mapping(self.scan_result) or {}
        return ScanNotice(
            account=account,
            region=region,
            recovery_point=self.recovery_point_arn,
            vault=vault,
            resource=self.resource_arn,
            says=read_result(self.state, as_text(result.get("scanResultStatus"))),
            told_at=event.time,
        )
