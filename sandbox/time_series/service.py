"""Amazon Timestream behind the front door."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer
from sandbox.settings import Settings
from sandbox.time_series.store import Document, TimeSeries, TimeSeriesError

_SERVICE: Final = "timestream"
_CALLS: Final[dict[str, Callable[[TimeSeries, Document], Document]]] = {
    "CreateDatabase": TimeSeries.create_database,
    "CreateTable": TimeSeries.create_table,
    "DeleteTable": TimeSeries.delete_table,
    "DescribeDatabase": TimeSeries.describe_database,
    "DescribeTable": TimeSeries.describe_table,
    "ListTables": TimeSeries.list_tables,
    "ListTagsForResource": TimeSeries.list_tags,
    "TagResource": TimeSeries.tag,
    "UntagResource": TimeSeries.untag,
}
_stores: Final[dict[tuple[str, str], TimeSeries]] = {}


def install(_: Settings | None = None) -> None:
    """Answer Timestream, with no database yet."""
    _stores.clear()
    seams.answer_service(_SERVICE, handle_request)


async def handle_request(
    method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
) -> ServiceAnswer:
    """Answer a call from the place of the request."""
    del method, path, query_params
    place = seams.request_account(), seams.request_region()
    store = _stores.setdefault(place, TimeSeries(*place))
    name = str(headers.get("x-amz-target", "")).rpartition(".")[2]
    if name not in _CALLS:
        refused = {"__type": "UnknownOperationException", "Message": f"{name} is not played here"}
        return _answer(HTTPStatus.BAD_REQUEST, refused)
    try:
        return _answer(HTTPStatus.OK, _CALLS[name](store, json.loads(body or b"{}")))
    except TimeSeriesError as error:
        return _answer(HTTPStatus.BAD_REQUEST, {"__type": error.code, "Message": error.message})


def _answer(status: HTTPStatus, content: Document) -> ServiceAnswer:
    return int(status), {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content).encode()
