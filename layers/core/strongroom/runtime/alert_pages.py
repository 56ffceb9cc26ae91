"""The page that a signed link to an alert shows, made whole here: no script runs in it, and its button is a form."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from strongroom.runtime.requests import HttpAnswer
from strongroom.runtime.signing_pages import filled, notice, said, sentence, shown_text, still_page

_CONFLICT: Final = 409
_ASSETS: Final = "../../enrol"
_TITLES: Final = {400: "This link is not whole", 403: "This link is not taken", 404: "There is no such alert"}
# Its own address is where it is sent to, which has the link's version, end and MAC.
_FORM: Final = (
    '<form id="looking-after" method="post">'
    '<div class="buttons"><button class="button first" type="submit">I am on it</button></div>'
    '<p class="soft">Looking at this page has marked nothing.</p></form>'
)


class Linked(Protocol):
    """An alert as the ledger has it, and why the link can mark nothing of it, if so."""

    @property
    def alert(self) -> Mapping[str, Any]:
        """The alert, as those who are known see it."""

    @property
    def resolution(self) -> str:
        """Why it is over; empty where it is not."""

    @property
    def obstacle(self) -> str:
        """Why nothing can be marked; empty where something can."""


def alert_page(linked: Linked) -> HttpAnswer:
    """The alert, and the button by which it is looked after, where that can be."""
    if linked.obstacle:
        return _page(linked, standing=f"This link marks nothing: {linked.obstacle}", look="bad")
    if linked.alert["acknowledged_by"]:
        return _page(linked, standing=_looked_after(linked), look="good")
    return _page(linked, standing="Nobody has said yet that they look after it.", look="decision", form=_FORM)


def marked_page(linked: Linked) -> HttpAnswer:
    """What became of the button: who looks after the alert now, or why nothing was marked."""
    if linked.obstacle:
        standing = f"Nothing was marked: {linked.obstacle}"
        return _page(linked, standing=standing, look="bad", status=_CONFLICT)
    return _page(linked, standing=_looked_after(linked), look="good")


def refusal(answer: HttpAnswer) -> HttpAnswer:
    """The page for an error."""
    title = _TITLES.get(answer.status, "This did not work")
    return _notice(title, look="bad", content=said(str(answer.content["error"])), status=answer.status)


def _looked_after(linked: Linked) -> str:
    who, since = linked.alert["acknowledged_by"], _moment(linked.alert["acknowledged_at"])
    return f"{who} looks after it, since {since}. It stays open until its cause is mended"


def _page(linked: Linked, *, standing: str, look: str, form: str = "", status: int = 200) -> HttpAnswer:
    alert = linked.alert
    name, number = alert["account_name"], alert["account"]
    kind, state = alert["kind"].replace("-", " "), "over" if linked.resolution else alert["severity"]
    told = {
        "standing": sentence(standing),
        "reason": alert["reason"],
        "account": f"{name} ({number})" if name else number,
        "region": alert["region"],
        "owner": alert["owner"] or "nobody is named",
        "subject": alert["subject"],
        "means": alert["means"],
        "to_do": alert["to_do"],
        "opened_at": _moment(alert["opened_at"]),
        "seen": f"{alert['fingerprint']}@{alert['version']}",
    }
    written = {field: shown_text(text) for field, text in told.items()}
    content = filled("alert.html", told=written | {"form": form})
    return _notice(f"{kind.capitalize()}: {state}", look=look, content=content, status=status)


def _notice(title: str, *, look: str, content: str, status: int) -> HttpAnswer:
    return still_page(notice(assets=_ASSETS, title=title, look=look, content=content), status=status)


def _moment(text: str) -> str:
    """The moment, which is in UTC, to the minute."""
    return f"{text[:10]} {text[11:16]} UTC"
