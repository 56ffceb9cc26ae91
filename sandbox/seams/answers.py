"""Private touches of MiniStack's answers: lists that it cuts without a token or by any token, unescaped text, nobodies.

Pinned by `tests/contract/seams/test_answers.py`.
"""
# ruff: noqa: SLF001

from collections.abc import Callable
from typing import Any, Final
from xml.sax.saxutils import escape

from sandbox.seams import host as seams

CUT: Final = (
    ("kms", "_list_keys", "Limit"),
    ("efs", "_describe_access_points", "MaxResults"),
    ("efs", "_describe_file_systems", "MaxItems"),
    ("efs", "_describe_mount_targets", "MaxItems"),
    ("lambda_svc", "_list_functions", "MaxItems"),
)
UNESCAPED: Final = ("Arn", "Description", "Path", "PermissionsBoundary")


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


def escape_roles() -> None:
    """Write a role's free texts as XML wants them, so that an ampersand in one does not hide all roles."""
    roles = seams.service_module("iam")._roles

    def build(original: Callable[..., str]) -> Callable[..., str]:
        def role_xml(name: str, boundary: bool = True) -> str:  # noqa: FBT001, FBT002 the emulator's signature
            role = roles[name]
            roles[name] = role | {key: escape(role[key]) for key in UNESCAPED if role.get(key)}
            try:
                return original(name, boundary)
            finally:
                roles[name] = role

        return role_xml

    seams.replace("ministack.services.iam", "_role_xml", build)


def leave_out_nobody() -> None:
    """Tell no user of an access point that has none: a user has an id and a group (API reference, PosixUser)."""

    def build(original: Callable[[int, dict[str, Any]], Any]) -> Callable[[int, dict[str, Any]], Any]:
        def answer(status: int, data: dict[str, Any]) -> Any:
            points = data.get("AccessPoints")
            told = _with_users(data) if points is None else data | {"AccessPoints": [*map(_with_users, points)]}
            return original(status, told)

        return answer

    seams.replace("ministack.services.efs", "_json", build)


def _with_users(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if (name, value) != ("PosixUser", {})}
