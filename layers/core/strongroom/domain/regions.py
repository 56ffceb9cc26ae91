"""What is known of Regions beside their names: which are on in every account, and which was meant by a wrong name.

Source: AWS General Reference, "AWS Regions": what opened after 20 March 2019 is off until it is enabled.
"""

from collections.abc import Iterable
from typing import Final

from strongroom.domain.nearest import nearest

ALWAYS_ON: Final = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
        *("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
    }
)


def meant_region(name: str, known: Iterable[str]) -> str | None:
    """The known Region that is spelled most like a name; None where none is like it."""
    return nearest(name[:40].lower(), sorted(known))
