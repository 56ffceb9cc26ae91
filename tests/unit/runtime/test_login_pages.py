"""What a browser says of where it comes from counts once, exactly, or not at all."""

from typing import Any

import pytest

from strongroom.domain.errors import MalformedRequestError, NotAuthenticatedError, PermissionRefusedError
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.runtime.login_pages import answered, browser_secret, confirmation_page, given_secret, refusal
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.show_login import LoginShown

ORIGINS = ("https://restore.example.com",)
OURS = {"origin": "https://restore.example.com", "sec-fetch-site": "same-origin"}
SECRET = BrowserSecret("A" * 43)


def a_request(
    headers: dict[str, str] | None = None, *, body: bytes = b"", doubled: tuple[str, ...] = ()
) -> HttpRequest:
    return HttpRequest(parameters={}, query={}, headers=headers or {}, body=body, doubled=frozenset(doubled))


def test_a_page_of_ours_may_send_something() -> None:
    a_request(OURS).demand_page(ORIGINS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": OURS["origin"]},
        {"sec-fetch-site": "same-origin"},
        OURS | {"origin": "https://restore.example.com.evil.example"},
        OURS | {"origin": "http://restore.example.com"},
        OURS | {"origin": "https://restore.example.com:444"},
        OURS | {"origin": "null"},
        OURS | {"origin": ""},
        OURS | {"sec-fetch-site": "same-site"},
        OURS | {"sec-fetch-site": "cross-site"},
        OURS | {"sec-fetch-site": "none"},
    ],
    ids=str,
)
def test_x05_no_other_page_may(headers: dict[str, str]) -> None:
    with pytest.raises(PermissionRefusedError, match="nothing was done"):
        a_request(headers).demand_page(ORIGINS)


def test_where_the_intent_names_no_page_none_may() -> None:
    with pytest.raises(PermissionRefusedError):
        a_request(OURS).demand_page(())


@pytest.mark.parametrize("header", ["origin", "sec-fetch-site"])
def test_a_header_that_came_twice_says_nothing(header: str) -> None:
    with pytest.raises(MalformedRequestError, match=header):
        a_request(OURS, doubled=(header,)).demand_page(ORIGINS)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"__Host-strongroom={'A' * 43}", "A" * 43),
        (f"other=1; __Host-strongroom={'A' * 43}; more=2", "A" * 43),
        (f"x__Host-strongroom={'B' * 43}; __Host-strongroom={'A' * 43}", "A" * 43),
    ],
)
def test_the_browsers_secret_is_in_its_cookie(header: str, found: str) -> None:
    assert browser_secret(a_request({"cookie": header})).text == found


@pytest.mark.parametrize("header", ["", "other=1", "__host-strongroom=" + "A" * 43, "__Host-strongroom=short"])
def test_a_browser_without_it_is_nobodys(header: str) -> None:
    with pytest.raises(NotAuthenticatedError):
        browser_secret(a_request({"cookie": header}))


ONE = f"__Host-strongroom={'A' * 43}"


@pytest.mark.parametrize(
    ("header", "doubled"), [(ONE, ("cookie",)), (f"{ONE}; {ONE}", ())], ids=["two headers", "two in one"]
)
def test_two_of_them_are_none(header: str, doubled: tuple[str, ...]) -> None:
    with pytest.raises(MalformedRequestError):
        browser_secret(a_request({"cookie": header}, doubled=doubled))


def test_the_cookie_is_for_this_host_and_no_script_and_no_other_sites_form() -> None:
    assert given_secret(SECRET) == {
        "Set-Cookie": f"__Host-strongroom={'A' * 43}; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=300"
    }


@pytest.mark.parametrize(
    "fields",
    [{}, {"code": "c"}, {"state": "s"}, {"code": "", "state": "s"}, {"error": "access_denied", "state": "s"}],
    ids=str,
)
def test_who_comes_back_without_a_login_has_signed_nothing(fields: dict[str, str]) -> None:
    with pytest.raises(NotAuthenticatedError, match="nothing was signed"):
        answered(fields)


@pytest.mark.parametrize("body", [b"code=1&code=2", b"\xff", "&".join(f"f{n}=1" for n in range(30)).encode()], ids=repr)
def test_a_form_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        assert a_request(body=body).form


def test_a_form_is_read() -> None:
    assert a_request(body=b"code=a%2Bb&state=").form == {"code": "a+b", "state": ""}


def shown(**changes: Any) -> LoginShown:
    usual = {
        "request_id": "r-1",
        "decision": Decision.APPROVE,
        "requester": "Omar Haddad",
        "what": "payments-db becomes payments-db-0200",
        "account": "222222222222",
        "reason": "drill",
        "ticket": "OPS-123",
        "mark": "0123456789ab",
    }
    return LoginShown(**(usual | changes))


def test_the_page_says_what_is_signed_and_that_nothing_is_yet() -> None:
    answer = confirmation_page(shown(), answered({"code": "c", "state": "s"}), issuer="https://login.example/t")
    page, headers = answer.page, answer.headers
    assert headers["Content-Security-Policy"].endswith("form-action 'self' https://login.example")
    assert headers["Referrer-Policy"] == "strict-origin"
    for said in (
        "You approve: payments-db becomes payments-db-0200",
        "0123 4567 89ab",
        "Nothing is signed yet",
        "drill",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ('"><b>', "&quot;&gt;&lt;b&gt;"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("{code}", "{code}"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_what_somebody_typed_is_text_in_it(typed: str, said: str) -> None:
    page = confirmation_page(shown(reason=typed), answered({"code": typed, "state": "s"}), issuer="https://l").page
    assert page.count(said) == 2
    assert page.encode()


def test_an_error_is_a_page_for_a_browser_and_json_for_a_script(platform_environment: None) -> None:
    def act(request: HttpRequest, _: Any) -> HttpAnswer:
        raise NotAuthenticatedError("no <login> began in this browser")

    routes = Routes({("GET", "/back"): act}, refusal=refusal)
    event = {"resource": "/back", "httpMethod": "GET"}
    page, json = (routes(event | {"headers": {"accept": kind}}, None) for kind in ("text/html,*/*", "application/json"))
    assert (page["statusCode"], json["statusCode"]) == (401, 401)
    assert "No &lt;login&gt; began in this browser." in page["body"]
    assert "frame-ancestors 'none'" in page["headers"]["Content-Security-Policy"]
    assert json["body"].startswith("{")


def test_doubled_headers_are_seen_in_the_event(platform_environment: None) -> None:
    def act(request: HttpRequest, _: Any) -> HttpAnswer:
        return HttpAnswer(content=sorted(request.doubled))

    event = {
        "resource": "/back",
        "httpMethod": "GET",
        "headers": {"Cookie": "b", "Origin": "x", "Accept": "y"},
        "multiValueHeaders": {"Cookie": ["a", "b"], "Origin": ["x"], "origin": ["z"], "Accept": ["y"]},
    }
    assert Routes({("GET", "/back"): act})(event, None)["body"] == '["cookie","origin"]'
