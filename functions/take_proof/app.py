"""Hand out statements about a restore request, and take what people sign, with passkeys or by a login."""

from strongroom.domain.proofs.statements import Decision
from strongroom.runtime.contracts.http import LoginBody, ProofBody, StatementBody
from strongroom.runtime.login_pages import answered, browser_secret, confirmation_page, confirmed, given_secret, refusal
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.begin_login import begin_login
from strongroom.services.restores.approving.confirm_login import confirm_login
from strongroom.services.restores.approving.show_login import show_login
from strongroom.services.restores.approving.take_signed import propose_signing, take_signed
from strongroom.wiring.people import issuer, person_of, signed
from strongroom.wiring.restores.approving.logins import login_beginning, login_confirmation, login_showing, page_origins
from strongroom.wiring.restores.approving.signing import signing


def propose(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a statement to somebody who has the link, or is logged in."""
    body, restore, now = request.read(StatementBody), request.parameters["id"], platform.now()
    person = person_of(request.bearer, platform) if body.view is None else ""
    view, number, needs = body.view, body.number, signing(platform)
    made = propose_signing(restore, body.wanted, view=view, number=number, person=person, needs=needs, now=now)
    return HttpAnswer(content=made)


def take(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take a proof; it is all the authentication that there is."""
    body, restore, now = request.read(ProofBody), request.parameters["id"], platform.now()
    proof, needs = signed(body, platform), signing(platform)
    return HttpAnswer(content=take_signed(restore, **body.said, signed=proof, needs=needs, now=now))


def begin(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Begin a login for a page of ours, in the browser that shows it."""
    request.demand_page(page_origins(platform))
    body, needs, now = request.read(LoginBody), login_beginning(platform), platform.now()
    decision = Decision(body.decision)
    login = begin_login(body.request, decision, view=body.view, number=body.number, needs=needs, now=now)
    return HttpAnswer(content=login.begun, headers=given_secret(login.secret))


def come_back(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Show whoever comes back from a login what it is about to sign; nothing is used up by that."""
    needs, secret, back = login_showing(platform), browser_secret(request), answered(request.query)
    shown = show_login(secret, state=back.state, needs=needs, now=platform.now())
    return confirmation_page(shown, back, issuer=issuer(platform))


def confirm(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Let the login sign, once whoever made it has pressed the button."""
    request.demand_page(page_origins(platform))
    secret, back, needs = browser_secret(request), answered(request.form), login_confirmation(platform)
    return confirmed(confirm_login(secret, state=back.state, code=back.code, needs=needs, now=platform.now()))


handler = Routes(
    {
        ("POST", "/restores/{id}/statements"): propose,
        ("POST", "/restores/{id}/proofs"): take,
        ("POST", "/logins"): begin,
        ("GET", "/logins/callback"): come_back,
        ("POST", "/logins/confirmation"): confirm,
    },
    refusal=refusal,
)
