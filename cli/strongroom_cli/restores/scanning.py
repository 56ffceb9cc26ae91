"""`strongroom restore scan`: have a backup scanned for malware before it is restored."""

import argparse

from strongroom_cli.api_client import ApiClient
from strongroom_cli.errors import one_line, shown_json
from strongroom_cli.restores.finding import add_what, meant


def add_scan(parser: argparse.ArgumentParser) -> None:
    """Add what the verb takes."""
    parser.description = (
        "Have a backup scanned for malware in full, in the vault of the backup account that has a copy of it. What the "
        "scan finds holds for every copy, and stands beside the backup in `strongroom restore find`."
    )
    add_what(parser)
    parser.add_argument(
        "--recovery-point",
        required=True,
        metavar="ARN",
        help="any copy of the backup, as `strongroom restore find` has it",
    )
    parser.epilog = "Example: strongroom restore scan payments payments-disk --recovery-point arn:…"


def scan(arguments: argparse.Namespace) -> int:
    """Start the scan, and say where its verdict will stand."""
    api = ApiClient(arguments.api)
    asked = meant(api, arguments.what)
    started = api.post("scans", body=asked | {"recovery_point": arguments.recovery_point})
    if arguments.json:
        print(shown_json(started))
        return 0
    what = " ".join(filter(None, (asked.get("account"), asked["resource"])))
    print(one_line(f"Scan {started['job']} reads {started['recovery_point']} in {started['vault']}."))
    print(one_line(f"Its verdict will stand beside the backup: strongroom restore find {what}"))
    return 0
