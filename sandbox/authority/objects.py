"""The condition keys of a write into a bucket: the condition under which it is made, and whether it makes an object.

Source: S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". What begins an upload in parts, and each part,
takes no such condition and makes no object; completing it does.
"""

from collections.abc import Mapping
from typing import Any, Final

_WRITE: Final = "s3:PutObject"
_CONDITIONS: Final = ("if-none-match", "if-match")


def keys_of_write(action: str, method: str, headers: Mapping[str, str], params: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy may ask of a write; nothing of another call. Names of headers are lower case."""
    if action != _WRITE:
        return {}
    is_part = "uploads" in params or (method == "PUT" and "uploadId" in params)
    found = {f"s3:{name}": headers[name] for name in _CONDITIONS if headers.get(name)}
    return {**found, "s3:ObjectCreationOperation": str(not is_part).lower()}
