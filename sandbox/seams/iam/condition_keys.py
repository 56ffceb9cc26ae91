"""Private touches of MiniStack's IAM: what a request is known by when policies judge it.

Pinned by `tests/contract/seams/iam/test_condition_keys.py`. MiniStack knows of a DynamoDB call what its projection
names, and judges each item of a transaction by what the whole request says.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from copy import replace
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.host import Enforcer
from sandbox.seams.iam import authority
from sandbox.seams.iam.authority import Asked

_ACTIONS: Final = "ministack.core.iam_actions"
_ENCLOSING: Final = "dynamodb:EnclosingOperation"

type Keys = Mapping[str, Any]
type KeysOf = Callable[[str, Asked], Keys]
type KeysOfItems = Callable[[Asked], Iterable[Keys]]

_items: ContextVar[Iterator[Keys]] = ContextVar("items")


def add_condition_keys(keys_of: KeysOf, keys_of_items: KeysOfItems) -> None:
    """Judge each request by `keys_of(action, asked)`, too, and each item of a transaction by its own.

    To be called after everything else that judges requests, so that all of it knows the keys.
    """
    seams.replace(_ACTIONS, "dynamodb_service_context", lambda _: lambda _body: {})
    seams.replace(_ACTIONS, "dynamodb_transaction_checks", lambda original: _beginning_anew(original, keys_of_items))
    seams.wrap_iam_enforcement(lambda original: _knowing(original, keys_of))


def _beginning_anew(original: Callable[..., Any], keys_of_items: KeysOfItems) -> Callable[..., Any]:
    def transaction_checks(iam_action: str, body: bytes, region: str, account_id: str) -> Any:
        checks = original(iam_action, body, region, account_id)
        asked = authority.asked()
        if checks and asked is not None:
            _items.set(iter([*keys_of_items(asked)]))
        return checks

    return transaction_checks


def _knowing(original: Enforcer, keys_of: KeysOf) -> Enforcer:
    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        known = dict(service_context or {})
        asked = authority.asked()
        if _ENCLOSING in known:
            known.update(next(_items.get()))
        elif asked is not None and asked.service == service:
            known.update(keys_of(iam_action, replace(asked, resource_arn=resource_arn)))
        return original(access_key_id, iam_action, service, region, resource_arn, known)

    return enforce
