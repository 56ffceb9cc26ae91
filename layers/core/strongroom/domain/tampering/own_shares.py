"""Shares of air-gapped vaults: where a call about one is ours to judge, and what of it `apply` does.

A call that takes a share away, or adds an account to one, names the share and nothing that it holds. The accounts of
air-gapped vaults share nothing else, so each such call there counts (AWS RAM API reference). Those whose own vaults are
air-gapped may: there what names such a vault counts.
"""

from typing import Final

from strongroom.domain.calls import ApiCall, texts_at, values_at
from strongroom.domain.identifiers import is_account_id
from strongroom.domain.intent.destinations import destination_vaults, own_vaults, shared_vaults
from strongroom.domain.intent.model import Intent

# What `apply` sends, and what is sent with any call of AWS RAM: whatever is sent besides is not its.
_MADE_WITH: Final = frozenset(("allowExternalPrincipals", "name", "principals", "resourceArns"))
_ADDED_WITH: Final = frozenset(("principals", "resourceShareArn"))
_TOKEN: Final = frozenset(("clientToken",))


def is_about_our_vaults(call: ApiCall, intent: Intent) -> bool:
    """Whether the call may be about a share of an air-gapped vault of the intent, as far as its parameters say.

    An account that a vault is shared with may leave the share, which is its owner's still. An account that has one of
    its own shares other things, too: there a call counts only where it names that vault.
    """
    ours = [vault for vault in destination_vaults(intent) if vault.is_air_gapped]
    theirs = [vault for vault in own_vaults(intent, account=call.account) if vault.is_air_gapped]
    owners = {call.account, *map(_owner_of, texts_at(call.request, "resourceShareArn"))}
    named = {*texts_at(call.request, "resourceArns[]")}
    return not owners.isdisjoint(vault.account for vault in ours) or not named.isdisjoint(
        vault.arn for vault in (*ours, *theirs)
    )


def is_sharing_by_apply(call: ApiCall, intent: Intent) -> bool:
    """Whether a deployer lets accounts of the organisation restore out of a shared vault, exactly as `apply` does.

    Which accounts are governed nobody knows here: `plan` names those that are not, and takes them out. What takes
    an account out, or changes the share, is told whoever did it.
    """
    vaults = [vault for vault in shared_vaults(intent) if vault.account == call.account]
    if not vaults or call.role not in intent.deployer_role_arns or not _names_accounts_only(call):
        return False
    sent = frozenset(call.request or ()) - _TOKEN
    if call.action == "ram:AssociateResourceShare":
        return sent == _ADDED_WITH and _is_added_inside(call, names={vault.share_name for vault in vaults})
    is_closed = values_at(call.request, "allowExternalPrincipals") == (False,)
    named = (texts_at(call.request, "name"), texts_at(call.request, "resourceArns[]"))
    is_ours = any(named == ((vault.share_name,), (vault.arn,)) for vault in vaults)
    return call.action == "ram:CreateResourceShare" and sent == _MADE_WITH and is_closed and is_ours


def _is_added_inside(call: ApiCall, *, names: set[str]) -> bool:
    """Whether it was a share of the account, and AWS RAM answered of each who was added that it is of the organisation.

    AWS RAM may tell the share's name, or not. Where it refused nobody was added.
    """
    told = "resourceShareAssociations[]"
    added, external = values_at(call.response, told), values_at(call.response, f"{told}.external")
    is_inside = len(added) == len(external) > 0 and all(each is False for each in external)
    is_named = names.issuperset(texts_at(call.response, f"{told}.resourceShareName"))
    owners = {*map(_owner_of, texts_at(call.request, "resourceShareArn"))}
    return owners == {call.account} and is_named and (is_inside or call.error_code is not None)


def _owner_of(share: str) -> str:
    """The account in the ARN of a share, empty where it is none."""
    return (share.split(":") + [""] * 5)[4]


def _names_accounts_only(call: ApiCall) -> bool:
    named = values_at(call.request, "principals[]")
    return bool(named) and all(isinstance(each, str) and is_account_id(each) for each in named)
