"""Show how well everything is protected, from the sentence to each resource."""

from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.status.show_status import (
    show_account,
    show_days,
    show_named,
    show_resource,
    show_settings,
    show_tags,
    show_unit,
    show_whole,
)
from strongroom.wiring.people import person_of
from strongroom.wiring.status import status_show


def show_all(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the sentence, the units and the worst accounts to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_whole(needs=status_show(platform), now=platform.now()))


def show_past(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what each day looked like to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_days(needs=status_show(platform)))


def show_one_unit(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a page of a unit's accounts to anybody who is known."""
    person_of(request.bearer, platform)
    name, after = request.query.get("name", ""), request.query.get("after", "")
    return HttpAnswer(content=show_unit(name, after=after, needs=status_show(platform)))


def show_one_account(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a page of an account's resources to anybody who is known."""
    person_of(request.bearer, platform)
    after = request.query.get("after", "")
    return HttpAnswer(content=show_account(request.parameters["account"], after=after, needs=status_show(platform)))


def show_accounts(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer which accounts are called so to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_named(request.query.get("name", ""), needs=status_show(platform)))


def show_one_resource(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the auditor's questions about one resource to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_resource(request.query.get("arn", ""), needs=status_show(platform)))


def show_one_verdict(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer how it stands with the tags of one resource to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_tags(request.query.get("arn", ""), needs=status_show(platform)))


def show_one_note(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what was set on one resource to anybody who is known."""
    person_of(request.bearer, platform)
    return HttpAnswer(content=show_settings(request.query.get("arn", ""), needs=status_show(platform)))


handler = Routes(
    {
        ("GET", "/status"): show_all,
        ("GET", "/status/days"): show_past,
        ("GET", "/status/unit"): show_one_unit,
        ("GET", "/status/accounts"): show_accounts,
        ("GET", "/status/accounts/{account}"): show_one_account,
        ("GET", "/status/resource"): show_one_resource,
        ("GET", "/status/tags"): show_one_verdict,
        ("GET", "/status/settings"): show_one_note,
    }
)
