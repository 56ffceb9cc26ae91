"""Private touches of MiniStack's lists that it cuts without a token; pinned by `tests/contract/seams/test_pages.py`."""

from collections.abc import Callable
from typing import Any, Final

from sandbox.seams import host as seams

CUT: Final = (("kms", "_list_keys", "Limit"), ("efs", "_describe_file_systems", "MaxItems"))


def answer_whole() -> None:
    """Let these lists be answered whole, whatever size of page the call asks for."""
    for service, name, limit in CUT:
        seams.replace(f"ministack.services.{service}", name, _unlimited(limit))


def _unlimited(limit: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    def build(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def answer(parameters: dict[str, Any]) -> Any:
            return original({**parameters, limit: 1_000_000})

        return answer

    return build
