"""Cut Amazon's own certificate authorities out of botocore's bundle, for clients that speak to AWS and nobody else.

A client reads its whole bundle at its first HTTPS call: 127 authorities cost 13 ms and 0.75 MB, these seven 1 ms.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

# By the SHA-256 of each certificate, as https://www.amazontrust.com/repository/ and Starfield's repository tell it.
AMAZON_ROOTS = {
    "Amazon Root CA 1": "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "Amazon Root CA 2": "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "Amazon Root CA 3": "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "Amazon Root CA 4": "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
    "Starfield Class 2 CA": "1465fa205397b876faa6f0a9958e5590e40fcc7faa4fb7c2c8677521fb5fb658",
    "Starfield Root Certificate Authority - G2": "2ce1cb0bf9d2f9e102993fbe215152c3b2dd0cabde1c68e5319b839154dbb7f5",
    "Starfield Services Root Certificate Authority - G2": (
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5"
    ),
}
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\n(.+?)-----END CERTIFICATE-----\n", re.DOTALL)


class RootMissingError(Exception):
    """The bundle does not hold every root, so that some service of AWS could not be verified by what would be cut."""


def cut_roots(bundle: str) -> str:
    """Amazon's seven certificates out of the bundle; RootMissingError names those that it does not hold."""
    found = {hashlib.sha256(base64.b64decode(each[1])).hexdigest(): each[0] for each in _CERTIFICATE.finditer(bundle)}
    missing = [name for name, digest in AMAZON_ROOTS.items() if digest not in found]
    if missing:
        raise RootMissingError(f"the bundle does not hold {', '.join(missing)}")
    return "".join(f"# {name}\n{found[digest]}" for name, digest in AMAZON_ROOTS.items())


def main(bundle: Path, target: Path) -> None:
    """Write the roots that the bundle holds to the target."""
    target.write_text(cut_roots(bundle.read_text(encoding="utf-8")), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
