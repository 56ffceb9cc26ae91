"""The decision over a restore: the cases that are kept as files, each with what is decided on it."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.restores.deciding.decide import decide_kind, decide_restore
from strongroom.domain.restores.deciding.decision import ELEVATED, Danger, RestoreDecision, Verdict
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Key, Use
from strongroom.domain.restores.kinds.table import kind_named
from tests.builders.deciding.restore_cases import CASES, a_restore


def _decide(said: dict[str, Any]) -> RestoreDecision:
    return decide_restore(a_restore(said["type"], **{name: value for name, value in said.items() if name != "type"}))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_each_case_comes_to_what_is_expected_of_it(case: dict[str, Any]) -> None:
    decision, expected = _decide(case["input"]), case["expect"]
    metadata = dict(decision.metadata)
    assert decision.verdict == expected["verdict"], decision
    assert [refusal.fault for refusal in decision.refusals] == expected.get("refusals", [])
    if "risks" in expected:
        assert [risk.danger for risk in decision.risks] == expected["risks"]
    assert metadata | expected.get("has", {}) == metadata
    assert not metadata.keys() & set(expected.get("absent", ()))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["id"])
def test_the_order_of_what_is_said_never_matters(case: dict[str, Any]) -> None:
    turned = {name: _turned(value) if name in ("backup", "wishes") else value for name, value in case["input"].items()}
    assert _decide(turned) == _decide(case["input"])


def _turned(said: dict[str, Any]) -> dict[str, Any]:
    return dict(list(said.items())[::-1])


def _decided() -> list[RestoreDecision]:
    return [_decide(case["input"]) for case in CASES["cases"]]


def test_of_what_is_refused_nothing_is_sent() -> None:
    for decision in _decided():
        may_be_sent = decision.verdict in (Verdict.OK, Verdict.ELEVATED)
        assert bool(decision.metadata) is may_be_sent is not bool(decision.refusals)


def test_what_is_sent_is_in_the_order_of_its_keys() -> None:
    for decision in _decided():
        assert list(decision.metadata) == sorted(decision.metadata)


def test_what_is_elevated_is_said_by_its_risks() -> None:
    for decision in _decided():
        if not decision.refusals:
            is_grave = any(risk.danger in ELEVATED for risk in decision.risks)
            assert (decision.verdict is Verdict.ELEVATED) is is_grave


def test_what_overwrites_is_elevated_whatever_else_it_is() -> None:
    kind = kind_named("RDS")
    assert kind is not None
    case = a_restore("RDS")
    assert decide_kind(kind, case).verdict is Verdict.OK
    overwriting = decide_kind(replace(kind, is_overwriting=True), case)
    assert (overwriting.verdict, overwriting.risks[0].sentence) == (Verdict.ELEVATED, "It overwrites what lives.")


def test_risks_of_one_kind_are_read_in_the_order_of_their_sentences() -> None:
    kind = kind_named("RDS")
    assert kind is not None
    wider = replace(kind, keys=(*kind.keys, Key(name="AClass", use=Use.CHOSEN, is_class=True)))
    wishes = {"DBInstanceClass": "db.r6g.large", "AClass": "large"}
    case = a_restore("RDS", wishes=wishes, limits={"classes": list(wishes.values())})
    classes = [risk.sentence for risk in decide_kind(wider, case).risks if risk.danger is Danger.OTHER_CLASS]
    assert [sentence.split()[1] for sentence in classes] == ["AClass", "DBInstanceClass"]


def test_every_fault_and_every_risk_has_a_case() -> None:
    expected = [case["expect"] for case in CASES["cases"]]
    faults = {fault for each in expected for fault in each.get("refusals", ())}
    risks = {risk for each in expected for risk in each.get("risks", ())}
    assert len(faults) == 23
    assert len(risks) == 20


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param(
            {"point": {"loses_minutes": 2880}}, "2,880 minutes of data are lost; the tier allows 1,440.", id="lost data"
        ),
        pytest.param({"backup": {"New": "1"}}, "1 setting of the original cannot be sent.", id="one setting"),
        pytest.param({"backup": {"New": "1", "Newer": "1"}}, "2 settings of the original cannot be sent.", id="two"),
        pytest.param({}, "2 steps are left to do afterwards.", id="steps"),
        pytest.param(
            {"way": "copy-back"}, "A copy of it is left behind outside of its vault for 14 days.", id="a copy"
        ),
        pytest.param(
            {"backup": {"volumeType": "gp2"}, "wishes": {"volumeType": "gp3"}},
            "Its volumeType is gp3, and the original had gp2.",
            id="another class",
        ),
        pytest.param(
            {"wishes": {"volumeType": "gp3"}},
            "Its volumeType is gp3, and what the original had is not known.",
            id="a class beside none",
        ),
    ],
)
def test_risks_are_sentences_with_their_numbers(said: dict[str, Any], sentence: str) -> None:
    assert sentence in [risk.sentence for risk in _decide({"type": "EBS", **said}).risks]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        pytest.param(
            {"wishes": {"kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/x"}},
            "kmsKeyId lies outside of account 111122223333 in eu-west-1",
            id="a foreign place",
        ),
        pytest.param(
            {"backup": {"volumeSize": "200"}, "wishes": {"volumeSize": "8"}},
            "volumeSize is 8, which is less than the backup's 200",
            id="a smaller size",
        ),
        pytest.param({"wishes": {"Tags": "x"}}, "Tags is not a key of this restore", id="an unknown key"),
        pytest.param(
            {"wishes": {"\u0430": "x"}}, '"\\u0430" is not a key of this restore', id="a key that only looks like one"
        ),
        pytest.param({"wishes": {"encrypted": "false"}}, "encrypted is always true", id="another value"),
    ],
)
def test_refusals_are_sentences_that_say_what_is_wrong(said: dict[str, Any], sentence: str) -> None:
    assert sentence in [refusal.sentence for refusal in _decide({"type": "EBS", **said}).refusals]


def test_a_group_that_the_profile_has_not_is_told_as_a_step() -> None:
    [step] = [
        step for step in _decide({"type": "RDS", "backup": {"OptionGroupName": "audit"}}).steps if "audit" in step
    ]
    assert step == "Give it the original's OptionGroupName audit: the profile has it not, so it got none."


def test_a_place_of_the_original_is_no_step_for_it_is_another_one_in_any_case() -> None:
    backup = {"WindowsConfiguration": '{"PreferredSubnetId":"subnet-0old"}'}
    assert _decide({"type": "FSx Windows", "backup": backup}).steps == _decide({"type": "FSx Windows"}).steps


def test_of_a_strange_group_not_even_the_name_is_repeated() -> None:
    steps = _decide({"type": "RDS", "backup": {"OptionGroupName": "http://x.example/"}}).steps
    assert not [step for step in steps if "example" in step]


def test_what_is_left_out_is_named_with_its_reason() -> None:
    backup = {"Engine": "a/b", "New": "1", "LicenseModel": "x", "licensemodel": "y", "MultiAZ": 1}
    assert [(each.key, each.reason) for each in _decide({"type": "RDS", "backup": backup}).left_out] == [
        ("Engine", "its value cannot be carried"),
        ("LicenseModel", "it is told twice"),
        ("MultiAZ", "its value is no text to send"),
        ("New", "nobody knows it"),
    ]


def test_for_what_lived_before_no_alarms_are_made() -> None:
    own = {"wishes": {"newFileSystem": "false"}, "existing": "fs-1", "source_id": "fs-1"}
    into, anew = a_restore("EFS", **own, limits={"allow_into_existing": True}), a_restore("EFS")
    assert decide_restore(into).refusals == ()
    alarms = SENTENCES[MachineStep.ALARMS]
    assert [alarms in decide_restore(each).steps for each in (into, anew)] == [False, True]
