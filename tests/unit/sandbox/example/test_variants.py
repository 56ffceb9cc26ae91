"""What an organisation's intent says otherwise is laid over the sandbox's own."""

from pathlib import Path

import yaml

from sandbox.example.deployment import CONFIRMED_DAYS, INTENT
from sandbox.example.paths import PATHS
from sandbox.example.variants import PLAIN, Variant, varied
from strongroom.domain.intent.destinations import longest_retention
from strongroom_cli.intent.file import load_intent_file

TEXT = "# as people read it\nvaults: {central: {name: one, region: here}, old: {name: two}}\ntiers: [daily]\n"


def test_an_intent_that_says_nothing_otherwise_stays_as_people_read_it() -> None:
    assert varied(TEXT, PLAIN) == TEXT


def test_mappings_are_merged_none_takes_out_and_all_else_replaces() -> None:
    changes = {"vaults": {"central": {"region": "there"}, "old": None, "new": {"name": "three"}}, "tiers": ["weekly"]}
    assert yaml.safe_load(varied(TEXT, Variant(intent=changes))) == {
        "vaults": {"central": {"name": "one", "region": "there"}, "new": {"name": "three"}},
        "tiers": ["weekly"],
    }


def test_the_night_of_paths_has_an_intent_that_is_taken_and_confirmed_as_the_sandboxs_is(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_text(varied(INTENT.read_text(encoding="utf-8"), PATHS), encoding="utf-8")
    intent, _ = load_intent_file(file)
    assert str(longest_retention(intent)) == CONFIRMED_DAYS
    assert {seed.tags["Backup"] for seed in PATHS.seeds} <= set(intent.tiers)
    assert {place.region for place in PATHS.restored_into} == set(intent.organization.governed_regions)
