"""A stand-in that is away: whatever is asked of it is answered by a page with 503, until it is back.

Slack's Web API answers with a page and no JSON during an outage (slackapi/python-slack-sdk, pull request 751;
slack-ruby/slack-ruby-client, pull request 359), and so does whatever stands in front of a site of another provider.
"""

from typing import Any

from sandbox.web import control
from sandbox.web.asgi import Application

_DOWN = "down"


def offer_absence(name: str, application: Application) -> None:
    """Offer `POST /<name>/faults` with `{"fault": "down"}`, and DELETE, which brings it back."""
    control.register("POST", f"/{name}/faults", lambda body: _fall(application, body))
    control.register("DELETE", f"/{name}/faults", lambda _: _return(application))


def _fall(application: Application, body: dict[str, Any]) -> dict[str, Any]:
    if body["fault"] != _DOWN:
        raise control.ControlError(f"fault must be {_DOWN}")
    application.is_away = True
    return {"fault": _DOWN}


def _return(application: Application) -> dict[str, Any]:
    application.is_away = False
    return {"fault": None}
