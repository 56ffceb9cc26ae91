"""Every AWS call that a contender makes and every client that it makes, seen where botocore makes them."""

from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.session import Session


class Recorder:
    """What was seen since it was asked last; `role` is the role that a call was made under, None for one's own."""

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._clients = 0
        self._roles: dict[str, str] = {}

    def seen_since(self) -> dict[str, Any]:
        """The calls, in their order, and the number of new clients."""
        seen = {"calls": self._calls, "clients": self._clients}
        self._calls, self._clients = [], 0
        return seen

    def count_client(self) -> None:
        """Note that a client was made."""
        self._clients += 1

    def note(self, client: Any, operation: str, request: dict[str, Any], *, error: str | None) -> None:
        """Note a call that was answered, or refused with an error code."""
        call = {
            "service": client.meta.service_model.service_name,
            "region": client.meta.region_name,
            "role": self._roles.get(client._request_signer._credentials.access_key),  # noqa: SLF001 no public way
            "operation": operation,
            "request": request,
            "error": error,
        }
        self._calls.append(call)

    def know(self, role: str, access_key: str) -> None:
        """Remember whose temporary key this is."""
        self._roles[access_key] = role


def install() -> Recorder:
    """Record from now on."""
    recorder = Recorder()
    call, make = BaseClient._make_api_call, Session.create_client  # type: ignore[attr-defined]  # noqa: SLF001

    def recorded_call(client: Any, operation: str, request: dict[str, Any]) -> Any:
        try:
            answer = call(client, operation, request)
        except ClientError as error:
            recorder.note(client, operation, request, error=error.response["Error"]["Code"])
            raise
        recorder.note(client, operation, request, error=None)
        if operation == "AssumeRole":
            recorder.know(request["RoleArn"], answer["Credentials"]["AccessKeyId"])
        return answer

    def recorded_make(session: Any, *args: Any, **options: Any) -> Any:
        recorder.count_client()
        return make(session, *args, **options)

    BaseClient._make_api_call = recorded_call  # type: ignore[attr-defined]  # noqa: SLF001
    Session.create_client = recorded_make  # type: ignore[method-assign, assignment]
    return recorder
