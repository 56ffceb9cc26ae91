"""`strongroom apply`: its output, its exit codes, and that it refuses before it changes anything."""

from copy import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from sandbox.passkeys import PASSKEYS
from strongroom.domain.rollout.desired import MANAGEMENT_STACK
from strongroom.domain.rollout.members import LiveInstance, LiveMembers
from strongroom.domain.rulebook.changes import change_evidence_text, make_change
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom_cli.compile import compiled_intent
from strongroom_cli.main import main
from tests.builders.intents import with_kept, with_restores
from tests.builders.places import HOME, PAYMENTS
from tests.builders.proving.passkeys import an_assertion, with_passkeys
from tests.builders.rollout import (
    CENTRAL_STACK,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_policy,
    with_stack,
)
from tests.fakes.rollout import FakeOrganization
from tests.unit.cli.rollout.test_plan import EXAMPLE

CONFIRMED = ["apply", EXAMPLE, "--confirm-retention", "2555"]
NOTHING = "nothing to change: 0 to create, 0 to change, 0 warnings, 0 errors\n"
OURS = "strongroom-daily-prod"


def test_nothing_to_do_is_0(organization: FakeOrganization, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CONFIRMED) == 0
    assert capsys.readouterr().out == NOTHING
    assert organization.acts == []


def test_each_step_is_told_when_it_begins_and_when_it_is_done(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = with_policy(organization.live, OURS, targets=())
    assert main(CONFIRMED) == 0
    summary, begun, done = capsys.readouterr().out.splitlines()
    assert summary == "0 to create, 1 to change, 0 warnings, 0 errors"
    assert begun.startswith("repair")
    assert done.split() == ["done", f"attach-{OURS}-ou-strg-prod0001"]
    assert len(organization.acts) == 1


def test_a_plan_with_errors_is_2_and_changes_nothing(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    assert main(["apply", EXAMPLE]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line for line in printed.err.splitlines() if "--confirm-retention 2555" in line]
    assert organization.acts == []


def test_a_loosening_is_refused_until_it_is_accepted(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    intent = organization.wanted.intent
    live = a_settled_organization(a_desired_organization(with_kept(intent, "daily-prod", local=36)))
    live = replace(live, carried=(organization.wanted.compiled,), watch_carried=(organization.wanted.compiled,))
    organization.live = with_stack(live, MANAGEMENT_STACK, template="the one before")
    assert main(CONFIRMED) == 2
    said = "strongroom-daily-prod: the backup plan strongroom-daily-prod would keep backups for 35 days in place of 36"
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"{EXAMPLE}: error: {said}\nstrongroom: with --accept-loosening what is protected less is no error\n"
    )
    assert organization.acts == []
    assert main([*CONFIRMED, "--accept-loosening", "--yes"]) == 0
    assert capsys.readouterr().err == f"{EXAMPLE}: warning: {said}\n"
    assert organization.acts


def a_login_may_be_older(organization: FakeOrganization, file: Path, *, by: tuple[str, ...]) -> str:
    """A file whose rules are looser than those that the functions carry, and the evidence of those who agreed."""
    before = with_passkeys(organization.wanted.intent)
    after = with_restores(before, presence_max_age=timedelta(minutes=20))
    organization.wanted = a_desired_organization(after)
    organization.live = replace(a_settled_organization(organization.wanted), carried=(compiled_intent(before),))
    now = datetime.now(UTC).replace(microsecond=0)
    texts = (rulebook_text(before, at=now), rulebook_text(after, at=now))
    change = make_change(
        before=texts[0],
        after=texts[1],
        nonce="AAAAAAAAAAAAAAAAAAAAAA",
        issued_at=now,
        expires_at=now + timedelta(hours=1),
    )
    proofs = [(change.text, an_assertion(name, change.text)) for name in by]
    file.write_text(change_evidence_text(before=texts[0], after=texts[1], proofs=proofs) + "\n", encoding="utf-8")
    return str(file)


def test_looser_rules_are_refused_whatever_is_accepted(
    organization: FakeOrganization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_login_may_be_older(organization, tmp_path / "evidence.json", by=())
    assert main([*CONFIRMED, "--accept-loosening", "--yes"]) == 2
    looser, refused = capsys.readouterr().err.splitlines()
    said = "the age of a login would be 0:20:00 in place of 0:05:00"
    assert looser == f"{EXAMPLE}: error: restores: for restores into Production: {said}"
    assert refused.startswith(f"{EXAMPLE}: error: restores: looser rules are applied with --rules-evidence FILE only")
    assert organization.acts == []


@pytest.mark.parametrize(("by", "code"), [(("maria", "sana"), 0), (("maria", "piet"), 2)], ids=["two", "one"])
def test_two_governors_let_rules_become_looser(
    organization: FakeOrganization,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    by: tuple[str, ...],
    code: int,
) -> None:
    evidence = a_login_may_be_older(organization, tmp_path / "evidence.json", by=by)
    saved = str(tmp_path / "plan.json")
    planned = main(["plan", EXAMPLE, "--confirm-retention", "2555", "--rules-evidence", evidence, "--out", saved])
    told = capsys.readouterr().err
    assert (planned, Path(saved).exists()) == ((2, True) if code == 0 else (1, False))
    assert ("warning: restores: for restores into Production" in told) is (code == 0)
    assert ("1 of 2 governors have signed this change" in told) is (code == 2)
    # The functions are deployed by a person, with which everything is done.
    organization.live = replace(organization.live, carried=(organization.wanted.compiled,))
    assert main(CONFIRMED) == 0


def test_a_saved_plan_keeps_the_evidence_and_holds_it_to_its_end(
    organization: FakeOrganization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = a_login_may_be_older(organization, tmp_path / "evidence.json", by=("maria", "sana"))
    saved = tmp_path / "plan.json"
    assert main(["plan", EXAMPLE, "--rules-evidence", evidence, "--out", str(saved)]) == 2
    assert main(["apply", str(saved), "--rules-evidence", evidence]) == 2
    assert "a saved plan keeps the options" in capsys.readouterr().err
    # A person deploys the control plane, at which the plan stops.
    assert main(["apply", str(saved), "--yes"]) == 1
    assert "stopped at control-plane" in capsys.readouterr().err
    kept = saved.read_text(encoding="utf-8")
    saved.write_text(kept.replace(PASSKEYS["sana"].id, PASSKEYS["piet"].id), encoding="utf-8")
    assert main(["apply", str(saved), "--yes"]) == 2
    assert "1 of 2 governors have signed this change" in capsys.readouterr().err


def test_evidence_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CONFIRMED, "--rules-evidence", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err == f"strongroom: {tmp_path}/none.json cannot be read: No such file or directory\n"
    (tmp_path / "binary").write_bytes(b"\xff")
    assert main([*CONFIRMED, "--rules-evidence", str(tmp_path / "binary")]) == 2
    assert capsys.readouterr().err == f"strongroom: {tmp_path}/binary cannot be read: it is not UTF-8 text\n"


def test_a_step_that_fails_is_1_and_one_line(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    organization.live = an_empty_organization(organization.wanted)
    organization.fails = {"enable BACKUP_POLICY"}
    assert main([*CONFIRMED, "--yes"]) == 1
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()[1:]] == ["switch", "done", "switch"]
    [warned, stopped] = printed.err.splitlines()
    assert "warning: strongroom-audit-log:" in warned
    assert (
        stopped
        == "strongroom: stopped at policy-type-BACKUP_POLICY: enable BACKUP_POLICY was refused; run this again to go on"
    )
    assert organization.acts == ["trust backup.amazonaws.com"]


def test_accounts_that_are_not_current_afterwards_are_told_and_it_is_1(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = LiveInstance(account=PAYMENTS, region=HOME, status="OUTDATED", reason="Rate exceeded")
    with_members(organization, failed)
    organization.still_fails.add("strongroom-member")
    assert main(CONFIRMED) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1].split() == ["done", "outdated-strongroom-member"]
    assert f"the stack of strongroom-member in account {PAYMENTS}, {HOME}, is OUTDATED: Rate exceeded" in printed.err
    assert "run again" in printed.err.splitlines()[-1]
    organization.still_fails.clear()
    assert main(CONFIRMED) == 0


def test_a_stack_whose_name_is_taken_is_told_and_keeps_nothing_waiting(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str]
) -> None:
    with_members(
        organization, LiveInstance(account=PAYMENTS, region=HOME, status="OUTDATED", reason="it already exists")
    )
    assert main(CONFIRMED) == 0
    printed = capsys.readouterr()
    assert printed.out == NOTHING.replace("0 warnings", "2 warnings")
    assert printed.err.count("import its stack") == 1


def test_what_cannot_be_undone_is_not_done_unless_somebody_says_yes(
    organization: FakeOrganization, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    organization.live = with_stack(organization.live, CENTRAL_STACK, template="the one before")
    assert main(CONFIRMED) == 2
    printed = capsys.readouterr()
    assert "cannot be undone: the stack strongroom-central" in printed.err
    assert printed.err.splitlines()[-1] == "strongroom: nobody is here to ask: say --yes if this is meant"
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert main(CONFIRMED) == 2
    assert "Type yes to go on: " in capsys.readouterr().out
    assert organization.acts == []
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert main(CONFIRMED) == 0
    assert organization.acts == ["deploy strongroom-central"]


def test_a_saved_plan_is_applied_as_it_was_shown(organization: FakeOrganization, tmp_path: Path) -> None:
    saved = str(tmp_path / "plan.json")
    organization.live = with_policy(organization.live, OURS, targets=())
    assert main(["plan", EXAMPLE, "--out", saved, "--confirm-retention", "2555"]) == 2
    assert main(["apply", saved]) == 0
    assert organization.acts == [f"attach p-{OURS} to ou-strg-prod0001"]


def test_a_saved_plan_is_stale_once_the_organization_has_moved(
    organization: FakeOrganization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(tmp_path / "plan.json")
    organization.live = with_policy(organization.live, OURS, targets=())
    assert main(["plan", EXAMPLE, "--out", saved, "--confirm-retention", "2555"]) == 2
    organization.live = replace(organization.live, stack_sets_are_active=False)
    capsys.readouterr()
    assert main(["apply", saved, "--yes"]) == 2
    printed = capsys.readouterr()
    said = "the organisation has moved since this plan was saved (trusted-access-stacksets): plan again"
    assert (printed.out, printed.err) == ("", f"strongroom: {said}\n")
    assert organization.acts == []


@pytest.mark.parametrize("options", [["--confirm-retention", "30"], ["--accept-loosening"], ["--template-bucket", "b"]])
def test_a_saved_plan_takes_no_other_options(
    organization: FakeOrganization, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    saved = str(tmp_path / "plan.json")
    assert main(["plan", EXAMPLE, "--out", saved]) == 0
    assert main(["apply", saved, *options]) == 2
    assert "a saved plan keeps the options" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ['{"strongroom_plan":2}', '{"strongroom_plan":1}', '{"strongroom_plan":', '{"strongroom_plan":1,"intent":[]}'],
)
def test_a_file_that_is_no_whole_plan_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    saved = tmp_path / "plan.json"
    saved.write_text(content, encoding="utf-8")
    assert main(["apply", str(saved)]) == 2
    printed = capsys.readouterr().err
    assert (printed.count("\n"), "plan again" in printed) == (1, True)


class Terminal(StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def with_members(organization: FakeOrganization, *instances: LiveInstance) -> None:
    template = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME,))
    [unit] = organization.live.members.accounts
    stack_set = StackSet(name=template.name, template=template, units=(unit,))
    organization.bind(stack_set)
    members = LiveMembers(accounts={unit: (PAYMENTS,)}, instances={template.name: instances})
    organization.live = replace(organization.live, members=members)
