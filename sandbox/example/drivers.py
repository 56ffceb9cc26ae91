"""Drivers that do over HTTP what a person does by hand in the stand-ins' pages."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from sandbox.passkeys import PASSKEYS
from sandbox.standins.jira.issues import RESOURCE_FIELD
from strongroom.domain.values import asdict

_TIMEOUT = 60.0


class DriverError(Exception):
    """What the person tried was refused by the stand-in itself, not by the application behind it."""


class SlackDriver:
    """A person at Slack's window."""

    def __init__(self, endpoint: str) -> None:
        self._base = f"{endpoint}/_slack"

    def click(self, person: str, channel: str, ts: str, action_id: str) -> dict[str, Any]:
        """Press a button.

        Returns the application's {"status", "answer", "seconds", "late"}, and {"url", "headers", "body"} as sent to it.
        """
        form = {"person": person, "channel": channel, "ts": ts, "action_id": action_id}
        return _posted(f"{self._base}/click", form)

    def submit(self, person: str, view_id: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Submit an open view; `values` has one `<block_id>/<action_id>` for each input."""
        return _posted(f"{self._base}/submit", {"person": person, "view_id": view_id, **values})

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Return the channel's messages and replies, oldest first."""
        return list(_got(f"{self._base}/channels/{channel}/messages")["messages"])

    def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """Return a thread, its parent first."""
        return [message for message in self.messages(channel) if ts in (message["ts"], message.get("thread_ts"))]

    def ephemerals(self, person: str) -> list[dict[str, Any]]:
        """Return what only this person was shown, oldest first."""
        return list(_got(f"{self._base}/people/{person}/ephemerals")["messages"])

    def views(self, person: str) -> list[dict[str, Any]]:
        """Return the views open in front of this person."""
        return list(_got(f"{self._base}/people/{person}/views")["views"])


class JiraDriver:
    """A person at Jira's pages."""

    def __init__(self, endpoint: str) -> None:
        self._base = f"{endpoint}/_jira"

    def create_issue(
        self,
        summary: str,
        *,
        reporter: str = "omar",
        description: str = "",
        labels: Sequence[str] = (),
        approvers: Sequence[str] = (),
        resource: str = "",
    ) -> str:
        """Open a change ticket and return its key; without approvers, Chiara approves."""
        form = {"person": reporter, "summary": summary, "description": description, RESOURCE_FIELD: resource}
        lists = {"labels": " ".join(labels), "approvers": " ".join(approvers)}
        return str(_posted(f"{self._base}/create", form | lists)["key"])

    def edit(self, key: str, *, person: str = "omar", **fields: str) -> None:
        """Change fields of the ticket."""
        _posted(f"{self._base}/browse/{key}/edit", {"person": person, **fields})

    def decline(self, key: str, *, person: str = "chiara") -> None:
        """Say no to the ticket's approval."""
        _posted(f"{self._base}/browse/{key}/decline", {"person": person})

    def transition(self, key: str, name: str, *, person: str = "chiara") -> str:
        """Take a transition and return the new status.

        `name` is Approve, Start, Finish, Withdraw or Reopen, or the target status.
        """
        return str(_posted(f"{self._base}/browse/{key}/transition", {"person": person, "name": name})["status"])

    def withdraw(self, key: str, *, person: str = "omar") -> str:
        """Withdraw the ticket."""
        return self.transition(key, "Withdraw", person=person)

    def status(self, key: str) -> str:
        """Return the ticket's status."""
        return str(_got(f"{self._base}/browse/{key}")["status"])

    def comments(self, key: str) -> list[dict[str, Any]]:
        """Return the comments as {"author", "text", "created"}, oldest first."""
        return list(_got(f"{self._base}/browse/{key}")["comments"])


class ServiceNowDriver:
    """A person at ServiceNow's pages."""

    def __init__(self, endpoint: str) -> None:
        self._base = f"{endpoint}/_servicenow"

    def open(self, summary: str, *, person: str = "omar", approvers: Sequence[str] = (), **fields: str) -> str:
        """Open a change and return its number; without approvers, Chiara is asked. `table` opens something else."""
        form = {"person": person, "short_description": summary, "approvers": " ".join(approvers), **fields}
        return str(_posted(f"{self._base}/open", form)["number"])

    def edit(self, number: str, *, person: str = "omar", **fields: str) -> None:
        """Change fields of the ticket."""
        _posted(f"{self._base}/tickets/{number}/edit", {"person": person, **fields})

    def answer(self, number: str, decision: str, *, approver: str = "chiara", by: str = "") -> None:
        """Answer an approval, approved or rejected: as its approver, or as the administrator for them."""
        form = {"approver": approver, "decision": decision, "by": by or approver}
        _posted(f"{self._base}/tickets/{number}/answer", form)

    def record(self, number: str) -> dict[str, Any]:
        """Return the ticket as it is kept."""
        return _got(f"{self._base}/tickets/{number}")


class IdentityDriver:
    """A person with a browser, a password manager and an authenticator app."""

    def __init__(self, endpoint: str) -> None:
        self._base = f"{endpoint}/_idp"

    def log_in(
        self, authorization_url: str, person: str, *, mfa: bool = True, browser: requests.Session | None = None
    ) -> requests.Response:
        """Log in where the address leads, and return the answer of the address that the browser is sent back to."""
        session = browser or new_browser()
        location = self._log_in(session, authorization_url, person, mfa=mfa)
        return session.get(location, timeout=_TIMEOUT)

    def way_back(self, authorization_url: str, person: str) -> str:
        """Log in where the address leads; where the browser is sent back to, with its code."""
        return self._log_in(new_browser(), authorization_url, person, mfa=True)

    def token_for(
        self,
        person: str,
        client_id: str = "strongroom-cli",
        *,
        mfa: bool = True,
        nonce: str | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> str:
        """Return an ID token of the public client, by the real code flow with PKCE."""
        verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
        digest = hashlib.sha256(verifier.encode()).digest()
        callback = "http://127.0.0.1:49152/callback"
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": callback,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce or secrets.token_urlsafe(12),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "prompt": "login",
        }
        address = f"{self._base}/authorize?{urlencode(asked | dict(parameters or {}))}"
        answer = parse_qs(urlsplit(self._log_in(new_browser(), address, person, mfa=mfa)).query)
        if answer.get("state") != [state] or "code" not in answer:
            raise DriverError(f"the provider sent the browser back without a code: {answer.get('error')}")
        form = {"grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": callback}
        proof = {"client_id": client_id, "code_verifier": verifier}
        return str(_posted(f"{self._base}/token", form | proof)["id_token"])

    def _log_in(self, browser: requests.Session, address: str, person: str, *, mfa: bool) -> str:
        shown = browser.get(address, timeout=_TIMEOUT)
        if not shown.ok:
            raise DriverError(f"no login page: {shown.status_code} {shown.text[:200]}")
        form = _LoginForm()
        form.feed(shown.text)
        devices = _got(f"{self._base}/authenticator/{person}")
        typed = {"login": person, "password": devices["password"], "otp": devices["code"] if mfa else ""}
        answer = browser.post(form.action, data=form.fields | typed, timeout=_TIMEOUT, allow_redirects=False)
        if answer.status_code != 303:
            raise DriverError(f"the login was refused: {answer.status_code}")
        return answer.headers["location"]


class PageDriver:
    """A person at the page of a restore request, with a passkey, or with a login."""

    def __init__(self, api: str) -> None:
        """`api` is the base of the ceremony's API, as browsers know it."""
        self._api = api

    def decide(self, link: str, person: str, decision: str, *, number: str = "", step: str = "") -> dict[str, Any]:
        """Open the link, and sign a decision with the person's passkey; the application's answer, and its status.

        `number` is what stands beside the link in chat. What a review has found is a decision, too, by the link of its
        own page, and so is how it is with a step by hand.
        """
        address = urlsplit(link)
        request_id, [view] = address.path.rpartition("/")[2], parse_qs(address.query)["view"]
        restore = f"{self._api}/restores/{request_id}"
        with requests.Session() as session:
            session.trust_env = False
            shown = _look(session, link, view=view)
            if not shown.ok:
                return {"status": shown.status_code, **shown.json()}
            wish = {"decision": decision, "view": view, "number": number, "step": step}
            asked = session.post(f"{restore}/statements", json=wish, timeout=_TIMEOUT)
            if not asked.ok:
                return {"status": asked.status_code, **asked.json()}
            statement = asked.json()["statement"]
            signed = PASSKEYS[person].sign(statement, origin=f"{address.scheme}://{address.netloc}")
            proof = {"statement": statement, "passkey": asdict(signed)}
            way = "opening" if decision == "request" else "proofs"
            answer = session.post(f"{restore}/{way}", json=proof, timeout=_TIMEOUT)
            return {"status": answer.status_code, **answer.json()}

    def sign_in(self, link: str, person: str, decision: str, *, number: str, identity: IdentityDriver) -> "LoginMade":
        """Open the link, and sign a decision by a fresh login, as a browser does that says where it is.

        Its cookie is carried by hand, because it is for secure places, which loopback is to browsers alone.
        """
        address = urlsplit(link)
        request_id, [view] = address.path.rpartition("/")[2], parse_qs(address.query)["view"]
        here = {"Origin": f"{address.scheme}://{address.netloc}", "Sec-Fetch-Site": "same-origin"}
        wish = {"request": request_id, "decision": decision, "view": view, "number": number}
        with new_browser() as browser:
            began = browser.post(f"{self._api}/logins", json=wish, headers=here, timeout=_TIMEOUT)
            if not began.ok:
                raise DriverError(f"no login begins: {began.status_code} {began.text[:200]}")
            way_back = identity.way_back(began.json()["address"], person)
            stranger = browser.get(way_back, timeout=_TIMEOUT)
            own = {"Cookie": began.headers["Set-Cookie"].partition(";")[0]}
            shown = browser.get(way_back, headers=own, timeout=_TIMEOUT)
            form = _LoginForm()
            form.feed(shown.text)
            answer = browser.post(
                f"{self._api}/logins/confirmation",
                data=form.fields,
                headers=here | own,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        return LoginMade(stranger.status_code, shown.text, answer.status_code, answer.headers.get("location", ""))


class LoginMade(NamedTuple):
    """What was answered to another browser that came back, what the own one showed, and what became of its yes."""

    to_a_stranger: int
    asked: str
    status: int
    location: str


def _look(session: requests.Session, link: str, *, view: str) -> requests.Response:
    """The page behind the link, and the request that it then asks for."""
    session.get(link, timeout=_TIMEOUT).raise_for_status()
    shown = link.partition("?")[0].replace("/reviews/", "/approvals/").replace("/checklists/", "/approvals/")
    return session.post(f"{shown}/request", json={"view": view}, timeout=_TIMEOUT)


def new_browser() -> requests.Session:
    """Return a browser without cookies that talks to loopback directly."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept"] = "text/html"
    return session


class _LoginForm(HTMLParser):
    """The address and the hidden fields of the one form on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the form and its hidden inputs."""
        attributes = dict(attrs)
        if tag == "form":
            self.action = attributes.get("action") or ""
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes.get("name") or ""] = attributes.get("value") or ""


def _posted(address: str, form: Mapping[str, str]) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        return _answered(session.post(address, data=form, timeout=_TIMEOUT))


def _got(address: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        return _answered(session.get(address, timeout=_TIMEOUT))


def _answered(response: requests.Response) -> dict[str, Any]:
    if not response.ok:
        raise DriverError(f"{response.status_code} {response.text[:300]}")
    return dict(response.json())
