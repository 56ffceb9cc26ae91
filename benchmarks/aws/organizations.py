"""The tree of AWS Organizations on the wire: every account lies in the first governed unit, that under the root."""

from typing import Any

from strongroom.domain.intent.model import Intent


class OrganizationsService:
    """Answers DescribeAccount with the ids that the intent names, and knows no other operation."""

    def __init__(self, intent: Intent) -> None:
        """`intent` names root and units."""
        self._root = intent.organization.root_id
        governed = next(target.unit for target in intent.targets if target.unit is not None)
        self._unit = intent.organization.units[governed]

    def answer(self, target: str, asked: dict[str, str]) -> dict[str, Any] | None:
        """What AWS answers to this `X-Amz-Target`, None where it is another operation."""
        if not target.endswith(".DescribeAccount"):
            return None
        account = asked["AccountId"]
        path = f"o-benchmark1/{self._root}/{self._unit}/{account}/"
        return {"Account": {"Id": account, "Name": "benchmark", "State": "ACTIVE", "Paths": [path]}}
