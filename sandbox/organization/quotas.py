"""Service Quotas as far as AWS Organizations is concerned, in the one Region that knows.

Whether the quota of attached service control policies stands there is not documented, nor how it is called: it is shown
on request only. Source: Organizations User Guide, "Quotas for AWS Organizations" (asked for in us-east-1).
"""

import json
from http import HTTPStatus
from typing import Any

from sandbox.seams import organizations as seams
from sandbox.seams.host import ServiceAnswer, request_region
from sandbox.settings import ORGANIZATIONS_REGION, Settings

type Quota = dict[str, Any]

_quotas: list[Quota] = []


def install(settings: Settings) -> None:
    """Answer Service Quotas for everybody."""
    _quotas[:] = [_quota("Default maximum number of accounts", 10)]
    if settings.shows_scp_quota:
        _quotas.append(_quota("Service control policies per root, OU or account", settings.scps_per_target))
    seams.answer_service_quotas(_answer)


async def _answer(
    method: str,  # noqa: ARG001 the handler's signature is MiniStack's
    path: str,  # noqa: ARG001
    headers: dict[str, Any],
    body: bytes,
    query_params: dict[str, Any],  # noqa: ARG001
) -> ServiceAnswer:
    operation = str(headers.get("x-amz-target", "")).rpartition(".")[2]
    service = json.loads(body or b"{}").get("ServiceCode")
    if operation not in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas") or service != "organizations":
        return _json(HTTPStatus.BAD_REQUEST, {"__type": "NoSuchResourceException", "Message": "The request failed."})
    return _json(HTTPStatus.OK, {"Quotas": _quotas if request_region() == ORGANIZATIONS_REGION else []})


def _quota(name: str, value: int) -> Quota:
    return {
        "ServiceCode": "organizations",
        "ServiceName": "AWS Organizations",
        "QuotaName": name,
        "Value": float(value),
        "Adjustable": False,
        "GlobalQuota": True,
    }


def _json(status: int, body: dict[str, Any]) -> ServiceAnswer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
