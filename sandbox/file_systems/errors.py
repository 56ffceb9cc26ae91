"""How FSx refuses."""

from typing import Any

type Document = dict[str, Any]


class FileSystemError(Exception):
    """The call failed as FSx fails it: an error code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message
