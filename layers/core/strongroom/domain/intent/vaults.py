"""The vaults that backups are kept in, as the intent names them."""

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Struct

from strongroom.domain import forms

_Days = Annotated[int, forms.RETENTION_DAYS]


class VaultLock(Struct, frozen=True, kw_only=True):
    """A Vault Lock; in compliance mode its numbers can never be loosened after `changeable_for_days`."""

    min_retention_days: Annotated[_Days, "Days; jobs into the vault that would keep less fail."]
    max_retention_days: Annotated[
        _Days,
        "Days; jobs into the vault that would keep more fail, and it can never be raised once locked. "
        "Seven calendar years are 2556 or 2557 days: leave room.",
    ]
    mode: Annotated[
        Literal["compliance", "governance"],
        "Whom it binds: everybody, for ever (`compliance`), or whoever may not change locks (`governance`).",
    ] = "compliance"
    changeable_for_days: Annotated[
        int | None,
        forms.COOLING_OFF_DAYS,
        "Days of cooling-off, from the first deployment, in which a lock in compliance mode can be removed; that of an "
        "air-gapped vault has none.",
    ] = None

    @property
    def is_final(self) -> bool:
        """Whether a day comes from which on nobody can loosen it."""
        return self.mode == "compliance"

    def cooling_off(self) -> timedelta:
        """How long a lock in compliance mode can still be changed."""
        return timedelta(days=self.changeable_for_days or 0)


class Vault(Struct, frozen=True, kw_only=True):
    """A backup vault by name: in which account and Region, and behind which lock."""

    name: Annotated[
        str, forms.VAULT_NAME, "Its name: 2 to 50 letters, digits, `-` or `_`. `Default` takes no copies of others."
    ]
    account: Annotated[
        str | None,
        forms.VAULT_ACCOUNT,
        "Whose it is: `own` (each governed account's), `backup` (the backup account's) or an account id. Left out, "
        "`local` is `own` and every other vault is `backup`.",
    ] = None
    region: Annotated[
        str | None,
        forms.VAULT_REGION,
        "Where it is: `same` (in each Region where plans run), `home` or a Region. Left out, `local` is `same` and "
        "every other vault is `home`.",
    ] = None
    lock: Annotated[
        VaultLock | Literal["none"] | None,
        "Its Vault Lock, or `none`, which says that you know. Only a vault of the account itself may leave it out: "
        "copies are taken back into that.",
    ] = None
    existing: Annotated[bool, "Whether the vault is there already, and is not made or changed from here."] = False
    kind: Annotated[
        Literal["standard", "air-gapped"],
        "A logically air-gapped vault (`air-gapped`) is made with its lock, in compliance mode and "
        "without a cooling-off. One that is `own` and `same` is named in `keep` beside a standard one, for as many "
        "days: backups that AWS can make or move there end in it, all others in the standard vault.",
    ] = "standard"
    approval_team: Annotated[
        str | None,
        forms.APPROVAL_TEAM,
        "Of an air-gapped vault that is not `own`: the team of AWS's multi-party approval whose vote opens it to the "
        "account that is restored into, instead of a share that stands. The team is associated with the vault by hand, "
        "and shared with that account and with the vault's.",
    ] = None

    @property
    def is_air_gapped(self) -> bool:
        """Whether it is a logically air-gapped vault."""
        return self.kind == "air-gapped"
