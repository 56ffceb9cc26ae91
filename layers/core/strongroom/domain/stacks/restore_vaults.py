"""The temporary vaults that copies come back into, each under a key of its account: the StackSets that make them.

A StackSet tells all accounts the same, so each account looks its key up in a mapping, and only accounts with a profile
get the vault. A mapping takes 200 entries (CloudFormation User Guide, "Understand CloudFormation quotas"), so there is
a StackSet for each Region and last digit of the accounts' ids: an account never moves from one to another.
"""

from collections.abc import Iterator, Mapping
from copy import replace
from typing import Final

from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import temporary_vaults
from strongroom.domain.stacks.stack_sets import MemberTemplate, member_template
from strongroom.domain.stacks.templates import Template

RESTORES_STACK_SET: Final = "strongroom-restores"
MOST_KEYS: Final = 200


def restore_vaults(intent: Intent, template: Template, *, told: Mapping[str, str]) -> Iterator[MemberTemplate]:
    """What is carried, in the order of Regions and accounts; `template` makes one vault, and is `told` this."""
    shards: dict[tuple[Region, str], dict[AccountId, str]] = {}
    for vault, keys in sorted(temporary_vaults(intent).items()):
        place = Arn.parse(vault)
        shards.setdefault((Region(place.region), place.account[-1]), {})[AccountId(place.account)] = keys[0]
    for (region, digit), key_of in shards.items():
        mapping = {account: {"Arn": key} for account, key in key_of.items()}
        carried = member_template(
            f"{RESTORES_STACK_SET}-{region}-{digit}",
            {**template, "Mappings": {"Keys": mapping}},
            told=told,
            regions=(region,),
        )
        yield replace(carried, accounts=tuple(key_of))
