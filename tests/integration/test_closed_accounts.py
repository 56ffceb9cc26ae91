"""In a closed account no backup plan runs any more.

Source: AWS Organizations API reference, CloseAccount: "During this 90-day period, the resources won't be available".
"""

from sandbox import lifecycle
from sandbox.backup_service.installation import SandboxOrganization
from sandbox.clients import client
from sandbox.settings import MANAGEMENT_ACCOUNT, REPORTS_ACCOUNT


def test_plans_run_in_accounts_that_are_open(sandbox_host: lifecycle.Sandbox) -> None:
    assert REPORTS_ACCOUNT in SandboxOrganization().accounts()
    client("organizations", MANAGEMENT_ACCOUNT).close_account(AccountId=REPORTS_ACCOUNT)
    assert REPORTS_ACCOUNT not in SandboxOrganization().accounts()
