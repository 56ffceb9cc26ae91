"""The fifteen likeliest mistakes in an intent file: each is one line, at its place, that says what would do."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from strongroom_cli.errors import IntentFileError
from strongroom_cli.intent.file import load_intent_file

SIMPLE: Final = (Path(__file__).parents[2] / "examples/simple.yaml").read_text("utf-8")
UNITS: Final = "units: {Production: ou-strg-prod0001}"
CENTRAL: Final = (
    "central: {name: central-backup-vault, "
    "lock: {min_retention_days: 30, max_retention_days: 2560, changeable_for_days: 30}}"
)
TIER: Final = "daily-prod: {schedule: daily 02:00, keep: {local: 35, central: 2555}}"
TARGET: Final = "- {unit: Production, tiers: [daily-prod]}"


def tier(**settings: str) -> str:
    """The tier with other settings, as the file writes them."""
    return "daily-prod: {" + ", ".join(f"{name}: {value}" for name, value in settings.items()) + "}"


def beside(line: str, more: str) -> tuple[str, str]:
    """One more entry below a line of the file."""
    return line, f"{line}\n  {more}"


KEEP: Final = "{local: 35, central: 2555}"
MISTAKES: Final[dict[str, Sequence[tuple[str, str]]]] = {
    "cron without quotes": [(TIER, tier(schedule="cron(0 2 ? * * *)", keep=KEEP))],
    "truth value as a tag": [(TIER, tier(tag="{Backup: yes}", schedule="daily 02:00", keep=KEEP))],
    "vault misspelled": [(TIER, tier(schedule="daily 02:00", keep="{local: 35, centrl: 2555}"))],
    "no vault of its own": [(TIER, tier(schedule="daily 02:00", keep="{central: 2555}"))],
    "outside the lock": [(TIER, tier(schedule="daily 02:00", keep="{local: 35, central: 2561}"))],
    "rules that meet and keep alike": [
        (
            TIER,
            tier(
                rules=f"{{daily: {{schedule: daily 02:00, keep: {KEEP}}}, "
                f"monthly: {{schedule: monthly 1 02:30, keep: {KEEP}}}}}"
            ),
        )
    ],
    "a rule that takes another's copy": [
        (
            TIER,
            tier(
                rules="{daily: {schedule: daily 02:00, keep: {local: 14, central: 90}}, "
                "weekly: {schedule: weekly sun 02:00, keep: {local: 35}}}"
            ),
        )
    ],
    "a unit without its path": [
        (UNITS, "units: {Workloads: ou-strg-work0001, Workloads/PCI: ou-strg-pci00001}"),
        (TARGET, "- {unit: PCI, tiers: [daily-prod]}"),
    ],
    "one tag for two tiers": [
        beside(TIER, f"nightly: {{tag: {{Backup: daily-prod}}, schedule: daily 04:00, keep: {KEEP}}}"),
        (TARGET, "- {unit: Production, tiers: [daily-prod, nightly], default_tier: daily-prod}"),
    ],
    "Region misspelled": [("home_region: eu-west-1", "home_region: eu-wset-1")],
    "replica in another partition": [
        beside(CENTRAL, "replica: {name: replica-backup-vault, region: us-gov-east-1, lock: none}")
    ],
    "keys of version 1": [
        (TIER, tier(schedule="daily 02:00", local_retention_days="35", central_retention_days="2555"))
    ],
    "two tiers and no default": [
        beside(TIER, "dev: {schedule: daily 03:00, keep: {local: 7}}"),
        (TARGET, "- {unit: Production, tiers: [daily-prod, dev]}"),
    ],
    "no lock": [(CENTRAL, "central: {name: central-backup-vault}")],
    "kept for less than a year, made once a year": [(TIER, tier(schedule="yearly jan 1 02:00", keep="{local: 7}"))],
}
LINES: Final[dict[str, str]] = json.loads((Path(__file__).parent / "likeliest_mistakes.json").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_likely_mistake_is_one_line(mistake: str, tmp_path: Path) -> None:
    text = SIMPLE
    for old, new in MISTAKES[mistake]:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "strongroom.yaml"
    file.write_text(text, "utf-8")
    try:
        _, found = load_intent_file(file, today=date(2026, 11, 26))
    except IntentFileError as refused:
        found = refused.findings
    assert [f"{each.path}: {each.message}" for each in found] == [LINES[mistake]]
