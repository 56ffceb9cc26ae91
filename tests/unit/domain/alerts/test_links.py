"""A link is what we signed, whole, in its time and for its purpose, or nothing."""

import hashlib
import hmac
from copy import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from strongroom.domain.alerts.links import KEY_LENGTH, LINK_LASTS, AlertLink, address_of, mac_of, new_link, read_link
from strongroom.domain.errors import MalformedRequestError, PermissionRefusedError

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
KEY = bytes(range(32))
FINGERPRINT = "0123456789abcdef" * 2
LINK = new_link(FINGERPRINT, version=3, now=NOW)
URL = "https://api.example.com/v1"


def query_of(link: AlertLink, *, key: bytes = KEY) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address_of(link, api_url=URL, key=key)).query))


GOOD = query_of(LINK)


def signed(text: str) -> str:
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_the_address_has_all_that_is_signed_and_is_read_back(url: str) -> None:
    address = urlsplit(address_of(LINK, api_url=url, key=KEY))
    assert (address.netloc, address.path) == ("api.example.com", f"/v1/alerts/{FINGERPRINT}/link")
    assert read_link(FINGERPRINT, dict(parse_qsl(address.query)), key=KEY, now=NOW) == LINK
    assert read_link(FINGERPRINT, GOOD | {"utm_source": "mail"}, key=KEY, now=NOW) == LINK


def test_a_link_says_what_stands_here_and_no_other_purpose() -> None:
    until = int((NOW + timedelta(days=7)).timestamp())
    rest = f"{FINGERPRINT}\n3\n{until}"
    assert mac_of(LINK, key=KEY) == signed(f"strongroom:look-after-alert:1\n{rest}")
    for purpose in ("strongroom:look-after-alert:2", "strongroom:close-alert:1", ""):
        with pytest.raises(PermissionRefusedError):
            read_link(FINGERPRINT, GOOD | {"mac": signed(f"{purpose}\n{rest}")}, key=KEY, now=NOW)


def test_a_link_is_taken_for_seven_days() -> None:
    assert read_link(FINGERPRINT, GOOD, key=KEY, now=NOW + LINK_LASTS - timedelta(seconds=1)) == LINK
    with pytest.raises(PermissionRefusedError, match="was good until 2026-12-01 06:00 UTC") as refused:
        read_link(FINGERPRINT, GOOD, key=KEY, now=NOW + LINK_LASTS)
    assert str(refused.value).endswith(": use `strongroom alerts acknowledge`, or the button in Slack")


def test_a_key_is_as_long_as_what_it_makes() -> None:
    assert len(bytes.fromhex(GOOD["mac"])) == KEY_LENGTH


def test_the_address_of_the_api_is_kept_but_for_a_stroke_at_its_end() -> None:
    address = address_of(LINK, api_url="https://api.example.com/~", key=KEY)
    assert urlsplit(address).path == f"/~/alerts/{FINGERPRINT}/link"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"version": "4"}, id="another version"),
        pytest.param({"version": "999999999"}, id="the greatest version"),
        pytest.param({"until": str(int(GOOD["until"]) + 1)}, id="a second more"),
        pytest.param({"until": "99999999999"}, id="for ever"),
        pytest.param({"mac": "0" * 64}, id="no MAC of anybody"),
        pytest.param({"mac": mac_of(replace(LINK, fingerprint="f" * 32), key=KEY)}, id="the MAC of another alert"),
        pytest.param(query_of(LINK, key=bytes(32)), id="another key"),
        pytest.param(query_of(LINK, key=b""), id="no key at all"),
    ],
)
def test_what_we_did_not_sign_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(PermissionRefusedError, match="none of ours"):
        read_link(FINGERPRINT, GOOD | changed, key=KEY, now=NOW)


def test_a_link_to_one_alert_is_none_to_another() -> None:
    with pytest.raises(PermissionRefusedError, match="none of ours"):
        read_link("f" * 32, GOOD, key=KEY, now=NOW)


def test_where_no_link_was_ever_given_none_is_taken() -> None:
    for query in (GOOD, query_of(LINK, key=b"")):
        with pytest.raises(PermissionRefusedError, match="none of ours"):
            read_link(FINGERPRINT, query, key=None, now=NOW)


@pytest.mark.parametrize("name", ["version", "until", "mac"])
def test_a_link_that_lacks_something_is_refused(name: str) -> None:
    for query in ({each: GOOD[each] for each in GOOD if each != name}, GOOD | {name: ""}):
        with pytest.raises(MalformedRequestError, match=r"take the whole link from the message$"):
            read_link(FINGERPRINT, query, key=KEY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"version": "0"}, id="no version"),
        pytest.param({"version": "03"}, id="another spelling"),
        pytest.param({"version": "+3"}, id="a sign"),
        pytest.param({"version": " 3"}, id="a space"),
        pytest.param({"version": "3\n"}, id="a line's end"),
        pytest.param({"version": "٣"}, id="digits of another script"),
        pytest.param({"version": "3_0"}, id="digits as Python has them"),
        pytest.param({"version": "9" * 5000}, id="a version without end"),
        pytest.param({"until": "9" * 5000}, id="a moment without end"),
        pytest.param({"until": "999999999999"}, id="a year that no calendar has"),
        pytest.param({"until": "-1"}, id="before 1970"),
        pytest.param({"until": "1e9"}, id="a float"),
        pytest.param({"mac": GOOD["mac"].upper()}, id="capitals"),
        pytest.param({"mac": GOOD["mac"][:-1]}, id="cut off"),
        pytest.param({"mac": GOOD["mac"] + "0"}, id="too long"),
        pytest.param({"mac": "é" * 64}, id="not ASCII"),
        pytest.param({"mac": "\ud800" * 64}, id="half a character"),
        pytest.param({"mac": "a" * 1_000_000}, id="a MAC without end"),
    ],
)
def test_what_is_spelled_otherwise_is_refused_before_it_is_compared(changed: dict[str, str]) -> None:
    with pytest.raises(MalformedRequestError):
        read_link(FINGERPRINT, GOOD | changed, key=KEY, now=NOW)


@pytest.mark.parametrize("fingerprint", ["", "F" * 32, "0" * 31, "LINKS", f"{FINGERPRINT}\n", "é" * 32])
def test_what_names_no_alert_is_refused(fingerprint: str) -> None:
    with pytest.raises(MalformedRequestError):
        read_link(fingerprint, GOOD, key=KEY, now=NOW)
