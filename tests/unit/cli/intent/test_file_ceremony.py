"""Mistakes in how people prove themselves, told at their place in the file, each on one line."""

from pathlib import Path

import pytest

from strongroom_cli.errors import IntentFileError, PlacedFinding
from strongroom_cli.intent.file import load_intent_file

ROOT = Path(__file__).parents[4]
SANDBOX = (ROOT / "sandbox/strongroom.yaml").read_text(encoding="utf-8")
SANDBOXES_RULE = "{unit: Sandbox, group: approvers, needed: 1}"
OMARS_ID = "      - id: sbH9o12CzppYG-1rNNr68Q"

MISTAKES = {
    "a page on another host": (
        "rp_id: localhost,",
        "rp_id: approve.example.com,",
        "restores.page.origins[0]",
        "its host is localhost, and rp_id is approve.example.com",
    ),
    "a host of everybody": ("rp_id: localhost,", "rp_id: amazonaws.com,", "restores.page.rp_id", "anybody gets a host"),
    "a day in place of a moment": (
        OMARS_ID,
        f"{OMARS_ID}\n        since: 2026-11-26",
        "people.omar.passkeys[0].since",
        "'2026-11-26' is no ISO 8601 moment in UTC such as 2026-11-26T14:00:00Z",
    ),
    "a moment elsewhere": (
        OMARS_ID,
        f"{OMARS_ID}\n        until: 2026-11-26T14:00:00+01:00",
        "people.omar.passkeys[0].until",
        "is no ISO 8601 moment in UTC",
    ),
    "a moment that never was": (
        OMARS_ID,
        f"{OMARS_ID}\n        until: 2026-02-30T14:00:00Z",
        "people.omar.passkeys[0].until",
        "is no ISO 8601 moment in UTC",
    ),
    "an algorithm": (
        "algorithm: EdDSA",
        "algorithm: eddsa",
        "people.maria.passkeys[0].algorithm",
        "did you mean EdDSA?",
    ),
    "a letter of a key": (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1zuErLVN",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1zuErLVM",
        "people.omar.passkeys[0].proof",
        "the passkey signed something else",
    ),
    "a name nearly right": (
        "page: {rp_id: localhost, origins:",
        "page: {rp_id: localhost, origin:",
        "restores.page.origin",
        "did you mean origins?",
    ),
    "a risk nearly right": (
        SANDBOXES_RULE,
        f"{SANDBOXES_RULE}\n    - {{unit: Sandbox, group: security, needed: 1, risks: [overwrite]}}",
        "restores.rules[2].risks[0]",
        "did you mean overwrites?",
    ),
    "a tier nearly right": (
        SANDBOXES_RULE,
        f"{SANDBOXES_RULE}\n    - {{unit: Sandbox, group: security, needed: 1, tiers: [scrath]}}",
        "restores.rules[2].tiers[0]",
        "did you mean scratch?",
    ),
    "nobody's word": (
        "  page: {rp_id",
        "  disjoint: [voter]\n  page: {rp_id",
        "restores.disjoint[0]",
        "did you mean voters?",
    ),
    "a key of the log in another form": (
        "\nslack:",
        "\nevidence: {origin: MCowBQYDK2VwAyEA, log_key: MCowBQYDK2VwAyEA, witness_required: false}\n\nslack:",
        "evidence.log_key",
        "it is no Ed25519 key",
    ),
    "an essential claim that is none": (
        "  cli_client_id: strongroom-cli",
        "  cli_client_id: strongroom-cli\n  assurance: {claim: acrs}",
        "identity_provider.assurance",
        "no login would ever be strong enough",
    ),
}


@pytest.mark.parametrize(("old", "new", "path", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_at_its_place(tmp_path: Path, old: str, new: str, path: str, said: str) -> None:
    assert old in SANDBOX
    file = tmp_path / "strongroom.yaml"
    file.write_text(SANDBOX.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(IntentFileError) as refused:
        load_intent_file(file)
    errors = [each for each in refused.value.findings if each.level == "error"]
    [found] = [each for each in errors if each.path == path]
    assert said in found.message
    assert isinstance(found, PlacedFinding)
    assert [each.path for each in errors if each.path != path and each.code != "passkey-unproven"] == []


def test_everything_that_the_ceremony_takes_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    text = SANDBOX.replace(
        "    - {unit: Sandbox, group: approvers, needed: 1}",
        "    - {unit: Sandbox, group: {claim: approvers}, needed: 2, delay: PT30M}\n"
        "    - {unit: Sandbox, group: security, needed: 1, tiers: [scratch], risks: [elevated, overwrites]}\n"
        "  disjoint: [requester]\n"
        "  delay: PT10M\n"
        "  copy_back_within: P7D\n"
        "  device_bound: true",
    ).replace(
        "  cli_client_id: strongroom-cli",
        "  cli_client_id: strongroom-cli\n"
        "  groups_claim: groups\n"
        "  subject_claim: oid\n"
        "  tenant: 72f988bf-86f1-41af-91ab-2d7cd011db47\n"
        "  assurance: {claim: acrs, any_of: [c1]}\n"
        "  authorize: {acr_values: [c1], claims: {acrs: {essential: true, value: c1}}}\n"
        "evidence:\n"
        "  origin: strongroom.example/o-strongroom1\n"
        "  log_key: strongroom.example/o-strongroom1+2d4f4381+AalAzhxcDDS1L+qVVdr5N6gW+BOJEOeIKCHBqQi3J6BT\n"
        "  witness_required: false\n"
        "  retention_days: 2557",
    )
    file.write_text(text, encoding="utf-8")
    intent, _ = load_intent_file(file)
    assert intent.restores is not None
    assert intent.restores.governors == "approvers"
    assert intent.evidence is not None
    assert intent.evidence.retention_days == 2557
