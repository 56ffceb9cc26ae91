"""Vaults that are not there: AWS Backup answers as it does of those that may not be looked at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CredentialsExpiredError, CredentialsUnknownError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


@contextmanager
def told_from_refused(vault: str, *, listing: Callable[[], Iterable[Mapping[str, Any]]]) -> Iterator[None]:
    """Raise NotFoundError for a refusal that only means that there is no such vault.

    For calls on a vault that does not exist AWS Backup answers AccessDeniedException
    (https://github.com/aws/aws-sdk-js/issues/2625, https://github.com/boto/boto3/issues/2269). `listing` gives the
    pages of ListBackupVaults of whoever asks, in the vault's Region; where that is refused as well, the refusal stands.
    """
    try:
        yield
    except (CredentialsExpiredError, CredentialsUnknownError):
        raise  # they say nothing of any vault
    except AccessRefusedError as error:
        with aws_errors(f"the vaults beside {vault} cannot be listed"):
            if any(each["BackupVaultArn"] == vault for page in listing() for each in page["BackupVaultList"]):
                raise
        raise NotFoundError(f"there is no vault {vault}") from error
