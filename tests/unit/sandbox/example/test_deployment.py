"""The sandbox is rolled out as a platform team does it."""

from sandbox.example.deployment import CONFIRMED_DAYS, INTENT
from strongroom.domain.intent.destinations import longest_retention
from strongroom_cli.intent.file import load_intent_file


def test_what_is_confirmed_is_what_the_sandboxs_intent_asks_for() -> None:
    intent, _ = load_intent_file(INTENT)
    assert str(longest_retention(intent)) == CONFIRMED_DAYS
