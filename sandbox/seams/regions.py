"""MiniStack's Account Management, which has one answer for all accounts: each Region's status is the account's own.

Pinned by `tests/contract/seams/test_regions.py`. Source: Account Management API reference, GetRegionOptStatus,
ListRegions, EnableRegion and DisableRegion, and their parameter AccountId. What takes AWS minutes to hours is done
at once.
"""
# ruff: noqa: SLF001

import json
from collections.abc import Callable
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer, ServiceHandler
from sandbox.settings import MANAGEMENT_ACCOUNT

_SERVICE: Final = "ministack.services.account"
_ENABLED: Final = "ENABLED"
_CHOSEN: Final = {"/enableRegion": _ENABLED, "/disableRegion": "DISABLED"}
_CHANGING: Final = ("ENABLING", "DISABLING")
_ASKED: Final = (*_CHOSEN, "/getRegionOptStatus", "/listRegions")

type StatusOf = Callable[[str, str], str]
type Put = Callable[[str, str, str], None]
type IsTrusted = Callable[[], bool]


def answer(status_of: StatusOf, put: Put, *, is_trusted: IsTrusted) -> None:
    """Let `status_of(account, region)` be what is answered, and `put(account, region, status)` what changes it.

    `is_trusted()` is whether Account Management has trusted access, without which nobody names another account.
    """

    def build(original: ServiceHandler) -> ServiceHandler:
        async def handle_request(
            method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
        ) -> ServiceAnswer:
            if path.rstrip("/") not in _ASKED:
                return await original(method, path, headers, body, query_params)
            return _answered(path.rstrip("/"), json.loads(body or b"{}"), status_of, put, is_trusted)

        return handle_request

    seams.replace(_SERVICE, "handle_request", build)


def _answered(
    path: str, payload: dict[str, Any], status_of: StatusOf, put: Put, is_trusted: IsTrusted
) -> ServiceAnswer:
    service = seams.service_module("account")
    caller = seams.request_account()
    account = str(payload.get("AccountId", caller))
    may_name = caller == MANAGEMENT_ACCOUNT != account and is_trusted()
    if "AccountId" in payload and not may_name:
        said = "User: this account is not authorized to specify the AccountId"
        return _refused("AccessDeniedException", said, 403)
    known = service._REGIONS_LIST
    if path == "/listRegions":
        wanted = payload.get("RegionOptStatusContains") or ()
        found = [{"RegionName": each, "RegionOptStatus": status_of(account, each)} for each in known]
        return _json({"Regions": [each for each in found if not wanted or each["RegionOptStatus"] in wanted]})
    region = payload["RegionName"]
    if region not in known:
        return _refused("ValidationException", f"Invalid region name: {region}", 400)
    status = status_of(account, region)
    if path not in _CHOSEN:
        return _json({"RegionName": region, "RegionOptStatus": status})
    if status in _CHANGING:
        return _refused("ConflictException", f"Region {region} is {status} in account {account}", 409)
    put(account, region, _CHOSEN[path])
    return _json({})


def _json(document: dict[str, Any]) -> ServiceAnswer:
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _refused(code: str, message: str, status: int) -> ServiceAnswer:
    answer: ServiceAnswer = seams.service_module("account").error_response_json(code, message, status)
    return answer
