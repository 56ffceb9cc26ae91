"""`strongroom restore review`: what an urgent restore was, and where to sign what was found of it."""

import argparse
import json
from pathlib import Path

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.restores.requests import open_seal, parse_request_id
from strongroom_cli.api_client import ApiClient, api_address
from strongroom_cli.errors import shown
from strongroom_cli.restores.signing import names_of, passkey_page
from strongroom_cli.restores.telling import proposed


def add_review(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", help="the request's id")
    parser.add_argument("--intent", type=Path, default=Path("strongroom.yaml"), help="names the page to sign on")


def review(arguments: argparse.Namespace) -> int:
    """Tell what it was and how it ended, and the page on which a passkey signs."""
    request_id = parse_request_id(arguments.id)
    api = ApiClient(arguments.api)
    answer = api.post("restores", request_id, "statements", body={"decision": ReviewFinding.IN_ORDER})
    sealed = open_seal(str(answer.get("text")))
    if sealed.request.id != request_id:
        raise ApprovalVoidError(f"the API answered with {sealed.request.id} in place of {request_id}")
    place = f"reviews/{request_id}"
    page = passkey_page(arguments.intent, place, api=api_address(arguments.api), view=str(answer["view"]))
    if arguments.json:
        print(json.dumps({"request_id": request_id, "outcome": answer["outcome"], "page": page}, indent=2))
        return 0
    lines = (
        f"{request_id} ended as {answer['outcome']}: {answer['reason']}",
        *proposed(sealed, names=names_of(arguments.intent)),
        f"Say what you found, and sign it with your passkey: {page}",
    )
    print(shown(lines))
    return 0
