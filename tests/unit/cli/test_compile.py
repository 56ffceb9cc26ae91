"""`strongroom compile`: everything rendered at once, or nothing."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from copy import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from strongroom.domain.catalogue.rows import creations_by_call
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.partitions import COMMERCIAL, PARTITIONS, Partition, partition_of
from strongroom_cli.compile import files_of, render_intent
from strongroom_cli.errors import IntentFileError
from strongroom_cli.main import main
from tests.builders.places import PAYMENTS

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "strongroom.yaml"
TEMPLATES = {
    "control-plane": "template.yaml",
    "audit-log": "audit/template.yaml",
    "central": "stacks/vault.yaml",
    "replica": "stacks/vault.yaml",
    **{name: f"stacks/{name}.yaml" for name in ("audit", "framework", "management", "member", "member-global")},
}
GUARDRAILS = {
    "protect-backups": {"ou-strg-prod0001"},
    "protect-backups-2": {"ou-strg-prod0001"},
    "protect-backups-3": {"ou-strg-prod0001"},
    "protect-control-plane": {"999999999999", "888888888888"},
    "protect-control-plane-2": {"999999999999", "888888888888"},
    "protect-control-plane-3": {"999999999999", "888888888888"},
    "protect-control-plane-4": {"999999999999", "888888888888"},
}


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """The example, compiled."""
    out = tmp_path / "new" / "compiled"
    assert main(["compile", str(EXAMPLE), "--out", str(out)]) == 0
    return out


def test_everything_is_rendered_and_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "compiled"
    assert main(["compile", str(EXAMPLE), "--out", str(out)]) == 0
    printed = capsys.readouterr()
    [rules] = json.loads((out / "rules.json").read_text())
    assert set(content_of(out)) == {
        "policies/daily-prod.json",
        "policies/monthly-prod.json",
        "policies/compliance-7y.json",
        *(f"scps/{name}.json" for name in GUARDRAILS),
        "attachments.json",
        "key-policies/source-keys.json",
        "intent.json",
        "intent.sha256",
        "rules.json",
        f"rules/{rules['sha256']}.json",
        *(f"parameters/{stack}.json" for stack in TEMPLATES),
        *(f"stacks/{stack}.yaml" for stack in ("audit", "management", "member-global", "members", "vault")),
    }
    assert set(printed.out.splitlines()) == {str(out / name) for name in content_of(out)}
    assert "warning: vaults.central.lock.max_retention_days" in printed.err
    assert "2556 or 2557" in printed.err


def test_the_statements_for_the_keys_of_sources_name_both_ends_of_a_copy(compiled: Path) -> None:
    policy = json.loads((compiled / "key-policies/source-keys.json").read_text())
    users = {user for each in policy["Statement"] for user in each["Condition"]["ArnEquals"]["aws:PrincipalArn"]}
    assert users == {
        "arn:aws:iam::$account:role/strongroom/strongroom-backup",
        "arn:aws:iam::999999999999:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup",
    }


def test_with_a_restore_profile_there_are_statements_for_its_key_and_a_stack_set_for_its_vault(tmp_path: Path) -> None:
    document = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    key = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555"
    document["restores"]["profiles"] = [{"account": "222222222222", "region": "eu-west-1", "keys": [key]}]
    profiled, out = tmp_path / "profiled.yaml", tmp_path / "compiled"
    profiled.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert main(["compile", str(profiled), "--out", str(out)]) == 0
    policy = json.loads((out / "key-policies/restore-keys.json").read_text())
    users = {user for each in policy["Statement"] for user in each["Condition"]["ArnEquals"]["aws:PrincipalArn"]}
    assert users == {
        "arn:aws:iam::$account:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup",
        "arn:aws:iam::999999999999:role/strongroom/strongroom-central-backup",
    }
    members = (out / "stacks/members.yaml").read_text()
    assert "strongroom-restores-eu-west-1-2" in members
    assert key in members


def test_the_compiled_intent_is_the_intent_and_its_digest_is_of_its_bytes(compiled: Path, intent: Intent) -> None:
    content = (compiled / "intent.json").read_bytes()
    assert msgspec.json.decode(content, type=Intent) == intent
    assert (compiled / "intent.sha256").read_text().split() == [hashlib.sha256(content).hexdigest(), "intent.json"]


def test_a_target_with_more_guardrails_than_aws_may_take_is_warned_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    document["guardrails"]["exempt_role_arns"] = [f"arn:aws:iam::222222222222:role/rescue-{n:03}" for n in range(40)]
    crowded = tmp_path / "crowded.yaml"
    crowded.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert main(["compile", str(crowded), "--out", str(tmp_path / "compiled")]) == 0
    line = 1 + crowded.read_text(encoding="utf-8").splitlines().index("guardrails:")
    said = f"{crowded}:{line}: warning: guardrails: ou-strg-prod0001 gets "
    assert [told for told in capsys.readouterr().err.splitlines() if told.startswith(said)]


def test_the_order_of_keys_in_the_file_does_not_change_the_digest(compiled: Path, tmp_path: Path) -> None:
    document = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    turned = tmp_path / "turned.yaml"
    turned.write_text(yaml.safe_dump(dict(reversed(document.items())), sort_keys=False), encoding="utf-8")
    assert main(["compile", str(turned), "--out", str(tmp_path / "turned")]) == 0
    assert (tmp_path / "turned" / "intent.sha256").read_bytes() == (compiled / "intent.sha256").read_bytes()


def test_every_document_is_attached_to_the_unit_that_asked_for_it(compiled: Path) -> None:
    attachments = json.loads((compiled / "attachments.json").read_text())
    documents = {attachment["document"]: attachment for attachment in attachments}
    assert set(documents) == {name for name in content_of(compiled) if name.startswith(("policies/", "scps/"))}
    targets = {name: set(attachment["targets"]) for name, attachment in documents.items()}
    assert {targets[name] == {"ou-strg-prod0001"} for name in documents if name.startswith("policies/")} == {True}
    assert {name: targets[f"scps/{name}.json"] for name in GUARDRAILS} == GUARDRAILS
    assert {each["type"] for name, each in documents.items() if name.startswith("scps/")} == {"SERVICE_CONTROL_POLICY"}
    assert {each["type"] for name, each in documents.items() if name.startswith("policies/")} == {"BACKUP_POLICY"}


def test_a_tier_is_attached_only_where_it_is_offered(intent: Intent) -> None:
    sandbox = Target(unit="Sandbox", tiers=("monthly-prod",), default_tier="monthly-prod")
    wider = replace(intent, targets=(*intent.targets, sandbox))
    files = files_of(wider, render_intent(wider, source=EXAMPLE))
    targets = {each["document"]: each["targets"] for each in json.loads(files["attachments.json"])}
    assert targets["policies/daily-prod.json"] == ["ou-strg-prod0001"]
    assert targets["policies/monthly-prod.json"] == ["ou-strg-prod0001", "ou-strg-sand0001"]
    assert targets["scps/protect-backups.json"] == ["ou-strg-prod0001"]
    assert targets["scps/protect-backups-for-2.json"] == ["ou-strg-sand0001"]


@pytest.mark.parametrize("stack", TEMPLATES)
def test_a_template_declares_every_parameter_and_is_given_each_one_without_default(compiled: Path, stack: str) -> None:
    given = json.loads((compiled / "parameters" / f"{stack}.json").read_text()).keys()
    declared = parameters_of(ROOT / TEMPLATES[stack])
    assert given <= declared.keys()
    assert {name for name, body in declared.items() if "Default" not in body} <= given


def parameters_of(template: Path) -> dict[str, dict[str, Any]]:
    lines = template.read_text(encoding="utf-8").splitlines()
    start = lines.index("Parameters:")
    end = next(n for n in range(start + 1, len(lines)) if lines[n] and not lines[n].startswith((" ", "#")))
    parameters: dict[str, dict[str, Any]] = yaml.safe_load("\n".join(lines[start:end]))["Parameters"]
    return parameters


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unit: Production", "unit: Nowhere", "targets[0].unit: 'Nowhere' is no unit; there are Production"),
        ("tag_key: Backup", "tag: Backup", "tag: unknown key"),
        ("keep: {local: 35, central: 2555}", "keep: {local: 35, central: 3650}", "lie outside the lock"),
    ],
    ids=["unknown unit", "unknown key", "retention outside the lock"],
)
def test_a_bad_intent_ends_with_2_one_line_for_each_problem_and_nothing_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert main(["compile", str(file), "--out", str(tmp_path / "compiled")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err
    placed = re.compile(rf"{re.escape(str(file))}:[0-9]+: (error|warning): ")
    assert all(placed.match(line) for line in printed.err.splitlines())
    assert [path.name for path in tmp_path.iterdir()] == ["strongroom.yaml"]


def test_a_bad_intent_leaves_an_earlier_output_as_it_is(compiled: Path, tmp_path: Path) -> None:
    before = content_of(compiled)
    (tmp_path / "bad.yaml").write_text("tiers: none", encoding="utf-8")
    assert main(["compile", str(tmp_path / "bad.yaml"), "--out", str(compiled)]) == 2
    assert content_of(compiled) == before


def test_an_earlier_output_is_replaced_as_a_whole(compiled: Path) -> None:
    before = content_of(compiled)
    (compiled / "policies" / "forgotten-tier.json").write_text("{}")
    assert main(["compile", str(EXAMPLE), "--out", str(compiled)]) == 0
    assert content_of(compiled) == before
    assert [path.name for path in compiled.parent.iterdir()] == ["compiled"]


def test_a_directory_that_holds_something_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["compile", str(EXAMPLE), "--out", str(tmp_path)]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert content_of(tmp_path) == {"thesis.txt": b"years of work"}


def test_an_output_that_cannot_be_written_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["compile", str(EXAMPLE), "--out", str(tmp_path / "file" / "compiled")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_interrupted_exchange_leaves_the_earlier_output(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_of(compiled)
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == "fresh":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        main(["compile", str(EXAMPLE), "--out", str(compiled)])
    assert content_of(compiled) == before
    assert [path.name for path in compiled.parent.iterdir()] == ["compiled"]


def test_a_policy_larger_than_organizations_takes_is_refused(intent: Intent) -> None:
    many = tuple(Region(f"eu-west-{number}") for number in range(1, 1000))
    wide = replace(intent, organization=replace(intent.organization, governed_regions=many))
    with pytest.raises(IntentFileError, match=r"tiers\.daily-prod: its document has"):
        render_intent(wide, source=EXAMPLE)


def lying_in(text: str, region: str, replica: str) -> str:
    """The example as an organisation of another partition would write it."""
    placed = text.replace("eu-west-1", region).replace("eu-central-1", replica)
    return placed.replace("arn:aws:", f"arn:{partition_of(region).name}:")


def partitions_in(files: Mapping[str, bytes]) -> set[str]:
    """The partitions of all ARNs in the files, and what a table left open."""
    return {
        name for content in files.values() for name in re.findall(r"arn:(aws[\w-]*|{partition}):", content.decode())
    }


def everything_said(intent: Intent) -> Intent:
    """The example with every part of an intent from which an ARN is rendered."""
    guardrails = replace(
        intent.guardrails,
        tag_required_on=tuple(call for call, creation in creations_by_call().items() if creation.tagged),
        exempt_role_arns=("arn:aws:iam::222222222222:role/break-glass",),
        policy_editor_role_arns=("arn:aws:iam::999999999999:role/editor",),
        refuse_unnamed_copies=True,
    )
    typed = replace(intent.tiers["daily-prod"], resource_types=("EBS", "S3"))
    single = Target(account=PAYMENTS, tiers=("daily-prod",), default_tier="daily-prod")
    return replace(
        intent, guardrails=guardrails, tiers={**intent.tiers, "daily-prod": typed}, targets=(*intent.targets, single)
    )


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda each: each.name)
def test_everything_that_is_rendered_names_one_partition(intent: Intent, partition: Partition) -> None:
    written = msgspec.json.encode(everything_said(intent)).decode()
    region = partition.global_region
    placed = msgspec.json.decode(lying_in(written, region, region), type=Intent)
    files = files_of(placed, render_intent(placed, source=EXAMPLE))
    assert partitions_in(files) == {partition.name}
    commercial = [name for name, content in files.items() if COMMERCIAL.global_region.encode() in content]
    assert bool(commercial) == (partition == COMMERCIAL)


def test_govcloud_is_compiled_into_arns_of_its_own(tmp_path: Path) -> None:
    file, out = tmp_path / "strongroom.yaml", tmp_path / "compiled"
    file.write_text(lying_in(EXAMPLE.read_text(encoding="utf-8"), "us-gov-west-1", "us-gov-east-1"), encoding="utf-8")
    assert main(["compile", str(file), "--out", str(out)]) == 0
    files = content_of(out)
    assert partitions_in(files) == {"aws-us-gov"}
    assert "strongroom-global" not in files["stacks/members.yaml"].decode()  # the home Region is the global one


def test_a_copy_into_another_account_in_china_is_one_error_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_text(lying_in(EXAMPLE.read_text(encoding="utf-8"), "cn-north-1", "cn-northwest-1"), encoding="utf-8")
    line = told(["compile", str(file), "--out", str(tmp_path / "compiled")], capsys)
    [error] = [each for each in line.splitlines() if ": warning: " not in each]
    assert error.startswith(f"{file}:30: error: vaults.central: no backup is copied to another account in China (")


def told(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    return capsys.readouterr().err


def test_scp_show_prints_the_documents_as_they_are_attached(compiled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["scp", "show", "--intent", str(EXAMPLE)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == {name: json.loads((compiled / "scps" / f"{name}.json").read_text()) for name in GUARDRAILS}


def test_scp_show_can_show_one_statement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scp", "show", "--intent", str(EXAMPLE), "--statement", "RequireTag"]) == 0
    [(name, document)] = json.loads(capsys.readouterr().out).items()
    assert name == "protect-backups-3"
    assert [statement["Sid"] for statement in document["Statement"]] == ["RequireTag"]


def test_an_unknown_statement_is_one_line_with_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    line = told(["scp", "show", "--intent", str(EXAMPLE), "--statement", "Nothing"], capsys)
    assert line.count("\n") == 1
    assert "KeepRecoveryPoints" in line


def test_the_least_that_a_file_must_say_is_compiled_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "compiled"
    assert main(["compile", str(ROOT / "examples" / "simple.yaml"), "--out", str(out)]) == 0
    assert capsys.readouterr().err == ""
    rendered = content_of(out)
    assert {name for name in rendered if "audit" in name} == set()
    assert {name for name in rendered if name.startswith("scps/protect-backups")} == {
        "scps/protect-backups.json",
        "scps/protect-backups-2.json",
    }
    assert b"strongroom-restore\\" not in rendered["stacks/members.yaml"]


def test_a_section_that_is_left_empty_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_text((ROOT / "examples" / "simple.yaml").read_text(encoding="utf-8") + "restores:\n", encoding="utf-8")
    assert main(["compile", str(file), "--out", str(tmp_path / "compiled")]) == 2
    line = len(file.read_text(encoding="utf-8").splitlines())
    assert capsys.readouterr().err == f"{file}:{line}: error: restores: must be a mapping, not empty\n"
