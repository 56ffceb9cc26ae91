"""What AWS is known to refuse, the sandbox refuses with the same code and words."""

import json

import pytest

from tests.conformance.answers import error_code
from tests.conformance.conftest import Stage
from tests.conformance.facts import FACTS, Fact, Parameters
from tests.conformance.inputs import Input, Sort
from tests.conformance.operations import Operation


def _call(name: str, parameters: Parameters) -> Input:
    service, _, operation = name.partition(":")
    return Input(Operation(service, operation), Sort.INVALID, dict(parameters))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_fact_holds(fact: Fact, stage: Stage) -> None:
    for name, parameters in fact.before:
        assert stage.line.send(_call(name, parameters)).status < 300
    call = _call(fact.call, fact.parameters)
    answer = stage.line.send(call)
    assert 400 <= answer.status < 500
    assert error_code(call.operation, answer) == fact.code
    assert fact.words in answer.body.decode()


def test_no_fact_is_told_twice() -> None:
    assert (
        len({fact.id for fact in FACTS}) == len({json.dumps([f.call, dict(f.parameters)]) for f in FACTS}) == len(FACTS)
    )
