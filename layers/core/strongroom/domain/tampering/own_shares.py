"""Shares of air-gapped vaults: where a call about one is ours to judge, and what of it `apply` does.

A call that takes a share away, or adds an account to one, names the share and nothing that it holds. The accounts of
air-gapped vaults share nothing else, so each such call there counts (AWS RAM API reference).
"""

from strongroom.domain.calls import ApiCall, texts_at, values_at
from strongroom.domain.identifiers import is_account_id
from strongroom.domain.intent.destinations import destination_vaults, shared_vaults
from strongroom.domain.intent.model import Intent


def is_about_our_vaults(call: ApiCall, intent: Intent) -> bool:
    """Whether the call may be about a share of an air-gapped vault of the intent, as far as its parameters say."""
    ours = {vault.arn: vault.account for vault in destination_vaults(intent) if vault.is_air_gapped}
    return call.account in ours.values() or not ours.keys().isdisjoint(texts_at(call.request, "resourceArns[]"))


def is_sharing_by_apply(call: ApiCall, intent: Intent) -> bool:
    """Whether a deployer lets accounts of the organisation restore out of a shared vault, as `apply` does.

    Which accounts are governed nobody knows here: `plan` names those that are not, and takes them out. What takes
    an account out, or changes the share, is told whoever did it.
    """
    vaults = [vault for vault in shared_vaults(intent) if vault.account == call.account]
    if not vaults or call.role not in intent.deployer_role_arns or not _names_accounts_only(call):
        return False
    resources = texts_at(call.request, "resourceArns[]")
    if call.action == "ram:AssociateResourceShare":
        return not resources
    is_closed = values_at(call.request, "allowExternalPrincipals") == (False,)
    named = (texts_at(call.request, "name"), resources)
    is_ours = any(named == ((vault.share_name,), (vault.arn,)) for vault in vaults)
    return call.action == "ram:CreateResourceShare" and is_closed and is_ours


def _names_accounts_only(call: ApiCall) -> bool:
    named = values_at(call.request, "principals[]")
    return bool(named) and all(isinstance(each, str) and is_account_id(each) for each in named)
