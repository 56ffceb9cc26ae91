"""Private touches of MiniStack's IAM: the codes of MFA devices, which it neither asks for nor remembers.

A code counts for the user whose device gave it, once, and for what is called with it: a session of that user carries
it from then on, and a session of a role never does (IAM User Guide, "Secure API access with MFA"). Whoever calls with
keys of their own has none of the condition keys; MiniStack says of every temporary session that it has no MFA.
"""
# ruff: noqa: SLF001

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.standins.identity.one_time_codes import is_code_valid

PRESENT: Final = "aws:multifactorauthpresent"
AGE: Final = "aws:multifactorauthage"
# When a session was opened with a code, among what MiniStack keeps of it.
OPENED_AT: Final = "MfaAt"
# What is known of the very call that brings a code.
SHOWN_NOW: Final = MappingProxyType({PRESENT: "true", AGE: "0"})
_EVALUATOR: Final = "ministack.core.iam_evaluator"
_STS: Final = "ministack.services.sts"
_IAM: Final = "ministack.services.iam"
_USED: Final = "sandbox:used-codes"
# MiniStack's seeds are hexadecimal, and an authenticator takes base 32 (RFC 4648, section 6), which has no such digits.
_AS_BASE_32: Final = str.maketrans("0189", "WXYZ")


def install() -> None:
    """Let a new device have a seed that an authenticator can read, and policies know of the codes that were shown."""
    seams.replace(_IAM, "_virtual_mfa_xml", _showing_base_32)
    for module in (_EVALUATOR, _STS):  # which has it by a name of its own
        seams.replace(module, "_principal_keys", _knowing_the_code)


def why_no_code(caller: Mapping[str, Any], *, serial: str, code: str) -> str:
    """Why the code does not count for whoever calls; empty where it does, and then it never counts again."""
    if not serial or not code:
        return "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
    device = seams.service_module("iam")._mfa_devices.get(serial)
    is_own = device is not None and device["User"] is not None and device["User"] == caller.get("principalName")
    if caller["isTemporary"] or caller["principalType"] != "User" or not is_own:
        return "MultiFactorAuthentication failed, unable to validate MFA code for this caller and serial number."
    used = device.setdefault(_USED, [])
    if code in used or not is_code_valid(device["Base32StringSeed"], code, now=datetime.now(UTC)):
        return "MultiFactorAuthentication failed with invalid MFA one time pass code."
    used.append(code)
    return ""


def _knowing_the_code(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """What describes a caller in every policy: of a session that was opened with a code, that and how long ago."""

    def principal_keys(credential: Any) -> dict[str, Any]:
        session = seams.service_module("sts")._sessions.get(credential.access_key_id) or {}
        since = session.get(OPENED_AT)
        known = {} if since is None else {PRESENT: "true", AGE: str(int(time.time() - since))}
        return original(credential) | known

    return principal_keys


def _showing_base_32(original: Callable[..., str]) -> Callable[..., str]:
    def virtual_mfa_xml(serial: str, **options: Any) -> str:
        device = seams.service_module("iam")._mfa_devices[serial]
        device["Base32StringSeed"] = device["Base32StringSeed"].translate(_AS_BASE_32)
        return original(serial, **options)

    return virtual_mfa_xml
