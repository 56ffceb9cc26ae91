"""The identity provider's stand-in, driven as a browser and checked with PyJWT."""

import base64
import hashlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from sandbox.example.drivers import DriverError, IdentityDriver, new_browser
from sandbox.standins.identity import provider as identity_provider
from sandbox.standins.identity.one_time_codes import code_at, is_code_valid
from sandbox.standins.identity.tokens import ACR_MFA, ACR_PASSWORD

VERIFIER = "v" * 48
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
CALLBACK = "http://127.0.0.1:49999/callback"


def _claims(endpoint: str, token: str, audience: str = "strongroom-cli") -> dict[str, Any]:
    found = requests.get(f"{endpoint}/_idp/.well-known/openid-configuration", timeout=60).json()
    key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=found["issuer"])
    return claims


def _unchecked(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _asking(endpoint: str, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": "strongroom-cli",
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}/_idp/authorize?{urlencode(asked | changes)}"


def _sent_back(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def _logged_in(endpoint: str, browser: requests.Session, *, mfa: bool = True, **changes: str) -> dict[str, str]:
    address = _asking(endpoint, **changes)
    assert browser.get(address, timeout=60).status_code == 200
    devices = requests.get(f"{endpoint}/_idp/authenticator/maria", timeout=60).json()
    form = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    typed = {"login": "maria", "password": devices["password"], "otp": devices["code"] if mfa else ""}
    return _sent_back(browser.post(f"{endpoint}/_idp/authorize", data=form | typed, allow_redirects=False, timeout=60))


def _exchanged(endpoint: str, code: str, **changes: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return requests.post(f"{endpoint}/_idp/token", data=form | {"client_id": "strongroom-cli"} | changes, timeout=60)


def test_a_login_with_a_one_time_code_is_told_in_the_token(endpoint: str) -> None:
    before = int(time.time())
    claims = _claims(endpoint, IdentityDriver(endpoint).token_for("maria", nonce="n-1"))
    assert (claims["sub"], claims["email"], claims["nonce"]) == ("idp|maria", "maria@strongroom.example", "n-1")
    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], ACR_MFA)
    assert before <= claims["auth_time"] <= time.time()
    assert claims["iss"] == f"{endpoint}/_idp"


def test_a_login_with_the_password_only_is_told_even_when_more_was_asked_for(endpoint: str) -> None:
    token = IdentityDriver(endpoint).token_for("maria", mfa=False, parameters={"acr_values": ACR_MFA})
    claims = _claims(endpoint, token)
    assert (claims["amr"], claims["acr"]) == (["pwd"], ACR_PASSWORD)


def test_a_confidential_client_gets_the_browser_back_and_its_token_with_its_secret(
    endpoint: str, listener: Any
) -> None:
    given = identity_provider.credentials()
    back = f"{endpoint}/_slack/"
    url = _asking(endpoint, client_id=given.client_id, redirect_uri=back)
    with pytest.raises(DriverError, match="400"):
        IdentityDriver(endpoint).log_in(url, "maria")
    registered = requests.post(f"{endpoint}/_sandbox/identity/redirects", json={"redirect_uri": back}, timeout=60)
    assert registered.json() == {"redirect_uris": [back]}

    landed = IdentityDriver(endpoint).log_in(url, "maria")
    assert landed.status_code == 200
    code = parse_qs(urlsplit(landed.url).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": VERIFIER}
    answer = requests.post(f"{endpoint}/_idp/token", data=form, auth=(given.client_id, given.client_secret), timeout=60)
    assert _claims(endpoint, answer.json()["id_token"], given.client_id)["sub"] == "idp|maria"


@pytest.mark.parametrize("how", ["basic", "post", "none"])
def test_a_confidential_client_without_its_secret_is_refused(endpoint: str, how: str) -> None:
    form = {"grant_type": "authorization_code", "code": "x"}
    if how != "basic":
        form["client_id"] = "strongroom-control-plane"
    if how == "post":
        form["client_secret"] = "guess"
    auth = ("strongroom-control-plane", "guess") if how == "basic" else None
    answer = requests.post(f"{endpoint}/_idp/token", data=form, auth=auth, timeout=60)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_code_is_good_once(endpoint: str) -> None:
    code = _logged_in(endpoint, new_browser())["code"]
    assert _exchanged(endpoint, code).status_code == 200
    again = _exchanged(endpoint, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"code_verifier": "w" * 48}, id="another verifier"),
        pytest.param({"code_verifier": ""}, id="no verifier"),
        pytest.param({"redirect_uri": "http://127.0.0.1:1/callback"}, id="another redirect"),
    ],
)
def test_a_stolen_code_is_worth_nothing(endpoint: str, changes: dict[str, str]) -> None:
    answer = _exchanged(endpoint, _logged_in(endpoint, new_browser())["code"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"redirect_uri": "https://evil.example/callback"}, id="foreign redirect"),
        pytest.param({"redirect_uri": "http://127.0.0.1:1@evil.example/callback"}, id="disguised redirect"),
        pytest.param({"client_id": "nobody"}, id="unknown client"),
    ],
)
def test_no_browser_is_sent_to_an_address_that_is_not_the_clients(endpoint: str, changes: dict[str, str]) -> None:
    answer = requests.get(_asking(endpoint, **changes), allow_redirects=False, timeout=60)
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"code_challenge": ""}, "invalid_request", id="no challenge"),
        pytest.param({"code_challenge_method": "plain"}, "invalid_request", id="plain challenge"),
        pytest.param({"max_age": "soon"}, "invalid_request", id="bad max_age"),
        pytest.param({"response_mode": "form_post"}, "invalid_request", id="an answer by a form"),
        pytest.param({"prompt": "select_account"}, "invalid_request", id="a prompt that it does not know"),
        pytest.param({"claims": "acr"}, "invalid_request", id="claims that are no JSON"),
        pytest.param({"claims": "[]"}, "invalid_request", id="claims that are no record"),
        pytest.param({"claims": '{"id_token":{"acr":"mfa"}}'}, "invalid_request", id="a wish that is no record"),
        pytest.param({"scope": "email"}, "invalid_scope", id="no openid"),
        pytest.param({"response_type": "token"}, "unsupported_response_type", id="implicit flow"),
        pytest.param({"prompt": "none"}, "login_required", id="nobody logged in"),
    ],
)
def test_a_bad_authorization_request_is_sent_back_with_its_error(
    endpoint: str, changes: dict[str, str], error: str
) -> None:
    answer = requests.get(_asking(endpoint, **changes), allow_redirects=False, timeout=60)
    assert _sent_back(answer) == {"error": error, "state": "s"}


def test_a_session_saves_the_second_login_and_keeps_its_first_auth_time(endpoint: str) -> None:
    browser = new_browser()
    first = _exchanged(endpoint, _logged_in(endpoint, browser)["code"]).json()["id_token"]
    second_code = _sent_back(browser.get(_asking(endpoint), allow_redirects=False, timeout=60))["code"]
    second = _exchanged(endpoint, second_code).json()["id_token"]
    assert _claims(endpoint, first)["auth_time"] == _claims(endpoint, second)["auth_time"]


@pytest.mark.parametrize(
    ("mfa", "changes"),
    [
        pytest.param(True, {"prompt": "login"}, id="prompt=login"),
        pytest.param(True, {"max_age": "0"}, id="max_age=0"),
        pytest.param(False, {"acr_values": ACR_MFA}, id="stronger acr"),
        pytest.param(True, {"login_hint": "sana@strongroom.example"}, id="another person hinted"),
    ],
)
def test_a_session_does_not_save_a_login_that_must_be_fresh(
    endpoint: str,
    mfa: bool,  # noqa: FBT001 - a column of the table
    changes: dict[str, str],
) -> None:
    browser = new_browser()
    _logged_in(endpoint, browser, mfa=mfa)
    assert browser.get(_asking(endpoint), allow_redirects=False, timeout=60).status_code == 303
    assert browser.get(_asking(endpoint, **changes), allow_redirects=False, timeout=60).status_code == 200


def test_the_front_page_leads_to_each_persons_devices(endpoint: str) -> None:
    assert f"{endpoint}/_idp/authenticator/maria" in requests.get(f"{endpoint}/_idp/", timeout=60).text
    devices = requests.get(f"{endpoint}/_idp/authenticator/maria", headers={"Accept": "text/html"}, timeout=60).text
    assert "your authenticator app: <code>" in devices


def test_the_hinted_person_is_chosen_on_the_page(endpoint: str) -> None:
    page = requests.get(_asking(endpoint, login_hint="sana@strongroom.example"), timeout=60).text
    assert '<option value="sana" selected>' in page


@pytest.mark.parametrize("wrong", ["password", "otp"])
def test_a_wrong_password_or_code_does_not_log_in(endpoint: str, wrong: str) -> None:
    devices = requests.get(f"{endpoint}/_idp/authenticator/maria", timeout=60).json()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(_asking(endpoint)).query).items()}
    typed = {"login": "maria", "password": devices["password"], "otp": devices["code"]} | {wrong: "wrong"}
    answer = requests.post(f"{endpoint}/_idp/authorize", data=asked | typed, allow_redirects=False, timeout=60)
    assert answer.status_code == 401
    assert "is wrong" in answer.text


@pytest.mark.parametrize(
    ("fault", "is_seen"),
    [
        ("omit_auth_time", lambda claims: "auth_time" not in claims),
        ("stale_auth_time", lambda claims: claims["auth_time"] < time.time() - 80_000),
        ("amr_without_mfa", lambda claims: claims["amr"] == ["pwd"]),
        ("wrong_aud", lambda claims: claims["aud"] != "strongroom-cli"),
        ("wrong_nonce", lambda claims: claims["nonce"] != "n-1"),
    ],
)
def test_a_fault_shows_in_the_token_until_it_is_cleared(endpoint: str, fault: str, is_seen: Any) -> None:
    control = f"{endpoint}/_sandbox/identity/faults"
    requests.post(control, json={"fault": fault}, timeout=60).raise_for_status()
    driver = IdentityDriver(endpoint)
    assert is_seen(_unchecked(driver.token_for("maria", nonce="n-1")))
    requests.delete(control, timeout=60).raise_for_status()
    assert not is_seen(_unchecked(driver.token_for("maria", nonce="n-1")))


def test_a_provider_that_is_down_answers_nothing_but_503(endpoint: str) -> None:
    requests.post(f"{endpoint}/_sandbox/identity/faults", json={"fault": "down"}, timeout=60).raise_for_status()
    paths = ("/.well-known/openid-configuration", "/jwks", "/authorize")
    assert [requests.get(f"{endpoint}/_idp{path}", timeout=60).status_code for path in paths] == [503] * 3
    assert requests.post(f"{endpoint}/_idp/token", timeout=60).status_code == 503


def test_an_unknown_fault_is_refused_with_the_known_ones(endpoint: str) -> None:
    answer = requests.post(f"{endpoint}/_sandbox/identity/faults", json={"fault": "fire"}, timeout=60)
    assert answer.status_code == 400
    assert "stale_auth_time" in answer.json()["error"]


# RFC 6238, appendix B, SHA-1 rows, cut to six digits.
@pytest.mark.parametrize(("moment", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_one_time_codes_are_those_of_the_rfc(moment: int, code: str) -> None:
    seed = base64.b32encode(b"12345678901234567890").decode()
    now = datetime.fromtimestamp(moment, UTC)
    assert code_at(seed, now) == code
    assert is_code_valid(seed, code, now=datetime.fromtimestamp(moment + 30, UTC))
    assert not is_code_valid(seed, code, now=datetime.fromtimestamp(moment + 90, UTC))


def test_a_code_is_worthless_after_a_minute(endpoint: str) -> None:
    code = _logged_in(endpoint, new_browser())["code"]
    identity_provider.app.state.now = lambda: datetime.now(UTC) + timedelta(seconds=61)
    assert _exchanged(endpoint, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("age", "status"), [(299, 303), (301, 200)], ids=["young enough", "too old"])
def test_a_session_saves_a_login_up_to_max_age(endpoint: str, age: int, status: int) -> None:
    browser = new_browser()
    _logged_in(endpoint, browser)
    identity_provider.app.state.now = lambda: datetime.now(UTC) + timedelta(seconds=age)
    answer = browser.get(_asking(endpoint, max_age="300"), allow_redirects=False, timeout=60)
    assert answer.status_code == status


def test_a_public_client_cannot_go_without_a_challenge(endpoint: str) -> None:
    address = _asking(endpoint).replace(f"&code_challenge={CHALLENGE}&code_challenge_method=S256", "")
    assert _sent_back(requests.get(address, allow_redirects=False, timeout=60))["error"] == "invalid_request"


def test_a_code_is_no_use_to_another_client(endpoint: str) -> None:
    code, given = _logged_in(endpoint, new_browser())["code"], identity_provider.credentials()
    changes = {"client_id": given.client_id, "client_secret": given.client_secret}
    assert _exchanged(endpoint, code, **changes).json()["error"] == "invalid_grant"
