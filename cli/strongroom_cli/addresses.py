"""Addresses that the command is given: usable, or refused without a word of them, for they may hold a password."""

from urllib.parse import SplitResult, urlsplit

from strongroom.domain.errors import StrongroomError


class AddressError(StrongroomError):
    """What was given as an address names no host, or a port that does not exist."""


def parse_address(url: str, *, name: str) -> SplitResult:
    """The parts of an address of HTTP or HTTPS; `name` is the setting that it was given by."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:  # its text may repeat the address
        has_port = False
    if not has_port or not url.isprintable() or parts.scheme not in ("https", "http") or not parts.hostname:
        raise AddressError(f"{name} is no address: write https://HOST/PATH or https://HOST:PORT/PATH, PORT up to 65535")
    return parts
