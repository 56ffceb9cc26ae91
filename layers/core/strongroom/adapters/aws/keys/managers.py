"""Who manages KMS keys in member accounts: asked once for each key, and kept in this process.

AWS KMS API Reference, "DescribeKey", `KeyManager`, which never changes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from strongroom.adapters.aws.clients import MemberClients
from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.key_managers import KeyManager

ACTIONS: Final[tuple[str, ...]] = ()
MEMBER_ACTIONS: Final = ("kms:DescribeKey",)
# So long a key that KMS did not tell of is not asked for again: what refuses one call mostly refuses the next.
UNTOLD_FOR: Final = timedelta(minutes=15)
# So long nobody asks a KMS that is too busy, or silent, for any key: each call takes seconds then.
BUSY_FOR: Final = timedelta(minutes=1)
# So long all the keys of one event may take together: whoever asks has written tags, and has yet to say so.
TOGETHER: Final = timedelta(seconds=10)
_ANY: Final = ""
_MOST: Final = 10_000

type Key = tuple[AccountId, Region, str]


class KeptManagers:
    """What KMS has told of keys, and which it did not tell of lately."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._told: dict[Key, KeyManager] = {}
        self._untold: dict[Key, tuple[datetime, StrongroomError]] = {}

    def find(self, key: Key, *, now: datetime) -> KeyManager | None:
        """What was told of the key; raises what kept KMS from telling, for as long as that holds."""
        told = self._told.get(key)
        for each in () if told else (key, (*key[:2], _ANY)):
            until, error = self._untold.get(each, (now, None))
            if error is not None and now < until:
                raise error
        return told

    def keep(self, key: Key, manager: KeyManager) -> None:
        """Keep what was told."""
        if len(self._told) >= _MOST:
            self._told.clear()
        self._told[key] = manager

    def keep_untold(self, key: Key, error: StrongroomError, *, now: datetime) -> None:
        """Keep what kept KMS from telling: of this key, or for a moment of any of its account and Region."""
        if len(self._untold) >= _MOST:
            self._untold.clear()
        if isinstance(error, TemporarilyUnavailableError):
            self._untold[(*key[:2], _ANY)] = (now + BUSY_FOR, error)
        else:
            self._untold[key] = (now + UNTOLD_FOR, error)


class MemberKeys:
    """Asks KMS in member accounts about keys, through the tagging role; made for each event."""

    def __init__(self, clients: MemberClients, kept: KeptManagers, *, now: Callable[[], datetime]) -> None:
        """`clients` are hasty ones of the tagging role; `kept` lives as long as the process."""
        self._clients, self._kept, self._now = clients, kept, now
        self._taken = timedelta(0)

    def manager(self, key: str, *, account: AccountId, region: Region) -> KeyManager:
        """Who manages the key of this ARN or id; raises what keeps KMS from telling."""
        named = (account, region, key)
        told = self._kept.find(named, now=self._now())
        if told is not None:
            return told
        if self._taken >= TOGETHER:
            raise TemporarilyUnavailableError(f"questions about keys had taken {self._taken.seconds} seconds by then")
        began = self._now()
        try:
            told = self._ask(key, account=account, region=region)
        except StrongroomError as error:
            self._kept.keep_untold(named, error, now=self._now())
            raise
        finally:
            self._taken += self._now() - began
        self._kept.keep(named, told)
        return told

    def _ask(self, key: str, *, account: AccountId, region: Region) -> KeyManager:
        kms = self._clients.client("kms", account=account, region=region)
        with aws_errors():
            told = kms.describe_key(KeyId=key).get("KeyMetadata", {}).get("KeyManager")
        if told not in {*KeyManager}:
            raise CallRefusedError(f"DescribeKey answered a KeyManager that nobody here knows: {told!r}")
        return KeyManager(told)
