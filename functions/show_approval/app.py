"""Show the pages on which people see a restore request and sign, agree to looser rules, and account for outages."""

from strongroom.runtime.contracts.http import ReceiptBody, ViewBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.runtime.signing_pages import (
    agreement_page,
    approval_page,
    checklist_page,
    enrolment_page,
    outage_page,
    page_asset,
    review_page,
)
from strongroom.services.restores.asking.show_approval import show_approval
from strongroom.services.restores.asking.show_receipt import show_receipt
from strongroom.wiring.people import issuer, person_of
from strongroom.wiring.restores.showing import approval_show, receipt


def show(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what the page shows, to whoever holds its link."""
    view, needs = request.read(ViewBody).view, approval_show(platform)
    return HttpAnswer(content=show_approval(request.parameters["id"], view=view, needs=needs, now=platform.now()))


def show_proof(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer what is kept of something signed, and the log's proof of it, to who has the link or is logged in."""
    body, needs = request.read(ReceiptBody), receipt(platform)
    if body.view is None:
        person_of(request.bearer, platform)
    return HttpAnswer(content=show_receipt(request.parameters["id"], view=body.view, digest=body.proof, needs=needs))


handler = Routes(
    {
        ("GET", "/approvals/{id}"): lambda request, platform: approval_page(
            request.parameters["id"], issuer=issuer(platform)
        ),
        ("GET", "/approvals/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
        ("POST", "/approvals/{id}/request"): show,
        ("POST", "/approvals/{id}/receipt"): show_proof,
        ("GET", "/rules"): lambda _, platform: agreement_page(issuer=issuer(platform)),
        ("GET", "/rules/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
        ("GET", "/outages"): lambda _, platform: outage_page(issuer=issuer(platform)),
        ("GET", "/outages/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
        ("GET", "/reviews/{id}"): lambda request, platform: review_page(
            request.parameters["id"], issuer=issuer(platform)
        ),
        ("GET", "/reviews/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
        ("GET", "/checklists/{id}"): lambda request, platform: checklist_page(
            request.parameters["id"], issuer=issuer(platform)
        ),
        ("GET", "/checklists/{id}/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
        ("GET", "/enrol"): lambda _, platform: enrolment_page(issuer=issuer(platform)),
        ("GET", "/enrol/{asset}"): lambda request, _: page_asset(request.parameters["asset"]),
    }
)
