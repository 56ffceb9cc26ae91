"""An account that is closed for the length of a block: AWS keeps it SUSPENDED for 90 days, and can reopen it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.seams import organizations


@contextmanager
def suspended(account: str) -> Iterator[None]:
    """Let the organisation show the account as SUSPENDED."""
    record = organizations.organization_store("accounts")[account]
    organizations.put_organization_entry("accounts", account, {**record, "State": "SUSPENDED", "Status": "SUSPENDED"})
    try:
        yield
    finally:
        now = organizations.organization_store("accounts")[account]
        states = {name: record[name] for name in ("State", "Status") if name in record}
        organizations.put_organization_entry("accounts", account, {**now, **states})
