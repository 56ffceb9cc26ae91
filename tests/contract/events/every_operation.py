"""The names of all operations in AWS's models, without the rest of the four hundred models."""

import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import override

import msgspec
from botocore.loaders import JSONFileLoader, Loader


class _Model(msgspec.Struct):
    operations: dict[str, msgspec.Raw]


class _NamesAlone(JSONFileLoader):
    """Reads of a model nothing but its operations."""

    @override
    def load_file(self, file_path: str) -> _Model | None:
        packed = Path(f"{file_path}.json.gz")
        return msgspec.json.decode(gzip.decompress(packed.read_bytes()), type=_Model) if packed.exists() else None


@cache
def every_operation() -> Mapping[str, frozenset[str]]:
    """The operations of each service, by botocore's names."""
    loader = Loader(file_loader=_NamesAlone(), include_default_extras=False)
    services = loader.list_available_services("service-2")
    return {service: frozenset(loader.load_service_model(service, "service-2").operations) for service in services}
