"""How an account begins and ends: both take a while, and CloudTrail tells when it is done.

Sources: API reference, CreateAccount, CloseAccount and CreateAccountStatus; Organizations User Guide, "Logging and
monitoring in AWS Organizations".
"""

import logging
import secrets
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.organization import seed, tree
from sandbox.organization.errors import OrganizationsError, invalid_input
from sandbox.seams import organizations as seams
from sandbox.seams.host import on_server_loop, publish_aws_event
from sandbox.settings import MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION, ROOT_ID, Settings

type Payload = dict[str, Any]

logger = logging.getLogger(__name__)

SERVICE_EVENT: Final = "AWS Service Event via CloudTrail"

_requests: dict[str, Payload] = {}
_later: ThreadPoolExecutor | None = None
_delay = 0.0


def install(settings: Settings) -> None:
    """Begin with no request, and let each take its time."""
    global _later, _delay  # noqa: PLW0603 one organisation per process
    stop()
    _requests.clear()
    _delay = settings.account_seconds
    _later = ThreadPoolExecutor(max_workers=1, thread_name_prefix="accounts")


def stop() -> None:
    """Leave undone what has not begun."""
    if _later is not None:
        _later.shutdown(wait=True, cancel_futures=True)


def create_account(_caller: str, payload: Payload) -> Payload:
    """Take the request; the account is there, or the request failed, some time afterwards."""
    if not payload.get("Email") or not payload.get("AccountName"):
        raise invalid_input("You must include a value for all required parameters.", "INPUT_REQUIRED")
    status = {
        "Id": f"car-{uuid.uuid4().hex}",
        "AccountName": payload["AccountName"],
        "State": "IN_PROGRESS",
        "RequestedTimestamp": int(time.time()),
    }
    _requests[status["Id"]] = status
    _do_later(lambda: _finish_creation(status, payload))
    return {"CreateAccountStatus": dict(status)}


def describe_create_account_status(_caller: str, payload: Payload) -> Payload:
    """How far a request is."""
    status = _requests.get(payload.get("CreateAccountRequestId", ""))
    if status is None:
        message = "We can't find an create account request with the CreateAccountRequestId that you specified."
        raise OrganizationsError("CreateAccountStatusNotFoundException", message)
    return {"CreateAccountStatus": dict(status)}


def list_create_account_status(_caller: str, payload: Payload) -> Payload:
    """Every request, in the wanted states if any are named."""
    wanted = payload.get("States") or ["IN_PROGRESS", "SUCCEEDED", "FAILED"]
    return {"CreateAccountStatuses": [dict(status) for status in _requests.values() if status["State"] in wanted]}


def close_account(_caller: str, payload: Payload) -> Payload:
    """Close a member: it is pending at once, suspended some time afterwards, and stays in the organisation."""
    account = payload.get("AccountId", "")
    if account == MANAGEMENT_ACCOUNT:
        message = "You can't close the management account of the organization."
        raise OrganizationsError("ConstraintViolationException", message, "CANNOT_CLOSE_MANAGEMENT_ACCOUNT")
    if not tree.is_member(account):
        message = "You specified an account that doesn't exist in your organization."
        raise OrganizationsError("AccountNotFoundException", message)
    match tree.state_of(account):
        case "SUSPENDED":
            raise OrganizationsError("AccountAlreadyClosedException", "You specified an account that is closed.")
        case "PENDING_CLOSURE":
            raise OrganizationsError("ConflictException", "The account is being closed already.")
    requested = int(time.time())
    tree.put_state(account, "PENDING_CLOSURE")
    _do_later(lambda: _finish_closure(account, requested))
    return {}


def tell(name: str, details: Payload) -> None:
    """Put what happened to an account on the management account's bus, as CloudTrail does; nobody waits for it."""
    by = "organizations.amazonaws.com"
    detail = {
        "eventVersion": "1.11",
        "userIdentity": {"accountId": MANAGEMENT_ACCOUNT, "invokedBy": by},
        "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": by,
        "eventName": name,
        "awsRegion": ORGANIZATIONS_REGION,
        "sourceIPAddress": by,
        "userAgent": by,
        "requestParameters": None,
        "responseElements": None,
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": MANAGEMENT_ACCOUNT,
        "serviceEventDetails": details,
        "eventCategory": "Management",
    }
    place = (MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    _in_background(lambda: publish_aws_event("aws.organizations", SERVICE_EVENT, detail, *place))


def spoken(moment: int) -> str:
    """A moment as the service events spell it, `Sep 16, 2020 9:20:50 PM`."""
    told = datetime.fromtimestamp(moment, UTC)
    return f"{told:%b} {told.day}, {told.year} {told.hour % 12 or 12}:{told:%M:%S %p}"


def _do_later(change: Callable[[], None]) -> None:
    def wait_and_change() -> None:
        time.sleep(_delay)
        on_server_loop(change)

    _in_background(wait_and_change)


def _in_background(task: Callable[[], object]) -> None:
    if _later is None:
        raise OrganizationsError("ServiceException", "AWS Organizations can't complete your request.")
    _later.submit(task).add_done_callback(_complain)


def _complain(future: "Future[object]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("an account was not brought to its end", exc_info=error)


def _finish_creation(status: Payload, payload: Payload) -> None:
    taken = {record["Email"] for record in seams.organization_store("accounts").values()}
    if payload["Email"] in taken:
        status |= {"State": "FAILED", "FailureReason": "EMAIL_ALREADY_EXISTS"}
    else:
        account = f"{secrets.randbelow(10**12):012}"
        seed.admit(seed.SeedAccount(account, payload["AccountName"], ROOT_ID), email=payload["Email"])
        seams.put_organization_entry("tags", account, {tag["Key"]: tag["Value"] for tag in payload.get("Tags") or []})
        tree.announce_policy_change(tree.PolicyChange("CreateAccount", target_id=account))
        status |= {"State": "SUCCEEDED", "AccountId": account}
    status["CompletedTimestamp"] = int(time.time())
    tell("CreateAccountResult", {"createAccountStatus": _told(status)})
    if status["State"] == "SUCCEEDED":
        joined = {"joinedMethod": "CREATED", "joinedTime": spoken(status["CompletedTimestamp"])}
        tell("AccountJoinedOrganization", {"accountId": status["AccountId"], **joined})


def _told(status: Payload) -> Payload:
    told = {name[0].lower() + name[1:]: value for name, value in status.items()}
    return {**told, **{name: spoken(told[name]) for name in ("requestedTimestamp", "completedTimestamp")}}


def _finish_closure(account: str, requested: int) -> None:
    if not tree.is_member(account):
        return
    tree.put_state(account, "SUSPENDED")
    times = {"requestedTimestamp": spoken(requested), "completedTimestamp": spoken(int(time.time()))}
    tell("CloseAccountResult", {"closeAccountStatus": {"accountId": account, "state": "SUCCEEDED", **times}})
