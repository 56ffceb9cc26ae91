"""boto3 clients that act as the root of an account of the sandbox, on one shared set of service models."""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.model import ServiceModel

from sandbox.settings import HOME_REGION, ROOT_SECRET, running_endpoint

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"max_attempts": 2, "mode": "standard"},
    s3={"addressing_style": "path"},
    max_pool_connections=32,
)
_building = Lock()


@cache
def _models() -> botocore.session.Session:
    return botocore.session.Session()


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session(botocore_session=_models())


@cache
def service_model(service: str) -> ServiceModel:
    """botocore's model of a service, loaded once for the whole process."""
    # Building an S3 client takes the bucket out of the paths of the model that it shares.
    models = botocore.session.Session() if service == "s3" else _models()
    with _building:
        return models.get_service_model(service)


@cache
def list_pages(service: str) -> Mapping[str, Mapping[str, Any]]:
    """How each list of a service is paged: `input_token`, `output_token`, `limit_key`, `result_key`, `more_results`."""
    with _building:
        found: dict[str, Any] = _models().get_component("data_loader").load_service_model(service, "paginators-1")
    pages: Mapping[str, Mapping[str, Any]] = found["pagination"]
    return pages


def client(service: str, account_id: str, region: str = HOME_REGION) -> Any:
    """A client signed by the root of the account (never call it from the server's event loop)."""
    return _root_client(service, account_id, region, running_endpoint())


def session_client(service: str, credentials: dict[str, Any], region: str = HOME_REGION) -> Any:
    """A client signed by temporary credentials as `sts:AssumeRole` returns them, or by a user's own keys."""
    return _client(
        service,
        region,
        running_endpoint(),
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials.get("SessionToken"),
    )


def every(client: Any, operation: str, **request: Any) -> list[Any]:
    """The items of all pages of a list; a page may be empty although more follow."""
    pages = client.get_paginator(operation).paginate(**request)
    return list(pages.search(f"{pages.result_keys[0].expression}[]"))


@cache
def _root_client(service: str, account_id: str, region: str, endpoint: str) -> Any:
    return _client(service, region, endpoint, account_id, ROOT_SECRET, None)


def _client(service: str, region: str, endpoint: str, key: str, secret: str, token: str | None) -> Any:
    with _building:
        return _session().client(  # type: ignore[call-overload]
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=_CONFIG,
        )
