"""The log's word on what lies in the evidence bucket: a function of the audit account, called and waited for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain import errors
from strongroom.domain.errors import CallRefusedError, ConfigurationMissingError, TemporarilyUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.adapters.aws.errors import Meaning
    from strongroom.domain.identifiers import AccountId, Region

# What AWS Lambda itself says of a function that did not come to its end (Developer Guide, "Understanding retry
# behavior"; the first stands in `errorType`, the second where the process died).
_CUT_OFF: Final = ("Sandbox.Timedout", "Runtime.ExitError")
_FUNCTION: Final = "strongroom-log-evidence"


class AuditClients(Protocol):
    """Clients under the role of the audit account that may ask its log."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        """A client of the service there."""


class Witness:
    """`strongroom-log-evidence`: it logs what is missing of a request's objects and proves each of them.

    Nothing in the own account is asked for: the call is made as a role of the audit account that may do nothing else.
    """

    ACTIONS = ()
    WITNESS_ACTIONS: Final = ("lambda:InvokeFunction",)

    def __init__(self, clients: AuditClients, *, account: AccountId, region: Region) -> None:
        """`clients` are those of the role that may call; `account` is the audit account, `region` the home Region."""
        self._clients = clients
        self._account = account
        self._region = region

    def witness(self, request_id: str) -> Mapping[str, str]:
        """The log's proof of each object of the request, by its key, as `c2sp.org/tlog-proof` has it.

        The function's own errors by their names; TemporarilyUnavailableError where it is busy or was cut off.
        """
        with aws_errors(f"{request_id} cannot be witnessed"):
            functions = self._clients.client("lambda", account=self._account, region=self._region)
            answer = functions.invoke(FunctionName=_FUNCTION, Payload=json.dumps({"request_id": request_id}).encode())
            said = answer["Payload"].read()
        told = _read(said, request_id=request_id)
        if "FunctionError" in answer:
            meaning = _meaning(str(told.get("errorType", "")))
            raise meaning(f"{request_id} cannot be witnessed: {told.get('errorMessage', 'no reason given')}")
        return _proofs(told, request_id=request_id)

    def hint(self, request_id: str) -> None:
        """Let the log look at the request soon, without waiting for it."""
        with aws_errors(f"{request_id} cannot be witnessed"):
            functions = self._clients.client("lambda", account=self._account, region=self._region)
            payload = json.dumps({"request_id": request_id}).encode()
            functions.invoke(FunctionName=_FUNCTION, InvocationType="Event", Payload=payload)


def _read(said: bytes, *, request_id: str) -> Mapping[str, Any]:
    try:
        told = json.loads(said)
    except ValueError as error:
        raise CallRefusedError(f"{request_id} cannot be witnessed: the answer is no JSON") from error
    return told if isinstance(told, dict) else {}


def _meaning(error_type: str) -> Meaning:
    """Our error of that name; of anything else somebody must look at the function."""
    if error_type in _CUT_OFF:
        return TemporarilyUnavailableError
    named = vars(errors).get(error_type)
    if isinstance(named, type) and issubclass(named, errors.StrongroomError):
        return named
    return ConfigurationMissingError


def _proofs(told: Mapping[str, Any], *, request_id: str) -> Mapping[str, str]:
    proofs = told.get("proofs")
    if not isinstance(proofs, dict) or not all(isinstance(text, str) for text in proofs.values()):
        raise CallRefusedError(f"{request_id} cannot be witnessed: the answer has no proofs")
    return proofs
