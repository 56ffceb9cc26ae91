"""New accounts run ten functions at once (Lambda Developer Guide, "Understanding Lambda function scaling")."""

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, Settings


def test_an_account_runs_as_many_functions_at_once_as_it_was_given() -> None:
    with lifecycle.running(Settings(port=0, lambda_concurrency=10)):
        limit = client("lambda", BACKUP_ACCOUNT).get_account_settings()["AccountLimit"]
        assert limit["ConcurrentExecutions"] == 10
