"""Lambda workers of the sandbox: what they share, and what a function still has to itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client
from tests.integration.lambda_functions.functions import create_function, package

# The emulator does not close the pipes of the workers that it ends.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

ACCOUNT = "222222222222"
SOURCE = """
import os, word, other
def handler(event, context):
    return {"pid": os.getpid(), "word": word.WORD, "word_at": word.__file__, "other_at": other.__file__}
"""


def _layer(name: str, files: dict[str, str]) -> str:
    content = {"ZipFile": package(files)}
    return str(client("lambda", ACCOUNT).publish_layer_version(LayerName=name, Content=content)["LayerVersionArn"])


def _function(name: str, layers: list[str]) -> None:
    create_function(lambda service: client(service, ACCOUNT), name, SOURCE, Layers=layers)


def _invoke(name: str) -> dict[str, Any]:
    answer = client("lambda", ACCOUNT).invoke(FunctionName=name)
    document: dict[str, Any] = json.loads(answer["Payload"].read())
    return document


def test_a_layer_is_unpacked_once_for_all_workers(sandbox_host: lifecycle.Sandbox) -> None:
    layers = [_layer("word", {"python/word.py": "WORD = 1"}), _layer("other", {"python/other.py": ""})]
    for name in ("first", "second"):
        _function(name, layers)
    first, second = _invoke("first"), _invoke("second")
    assert first["pid"] != second["pid"]
    assert (first["word_at"], first["other_at"]) == (second["word_at"], second["other_at"])
    assert sandbox_host.run_dir in Path(first["word_at"]).parents


def test_a_function_sees_the_new_version_of_its_layer(sandbox_host: lifecycle.Sandbox) -> None:
    other = _layer("other-again", {"python/other.py": ""})
    _function("third", [_layer("changing", {"python/word.py": "WORD = 1"}), other])
    assert _invoke("third")["word"] == 1
    newer = _layer("changing", {"python/word.py": "WORD = 2"})
    client("lambda", ACCOUNT).update_function_configuration(FunctionName="third", Layers=[newer, other])
    assert _invoke("third")["word"] == 2


COUNTING = """
import os
seen = []
def handler(event, context):
    seen.append(event)
    if event == "bad":
        raise LookupError("nothing of that name")
    if event == "end":
        os._exit(3)
    if event == "set":
        return {1, 2}
    return {"pid": os.getpid(), "seen": seen}
"""


def test_what_a_handler_raises_or_cannot_answer_does_not_end_its_worker(sandbox_host: lifecycle.Sandbox) -> None:
    """Source: aws-lambda-python-runtime-interface-client, `bootstrap.py`: it reports an error, and goes on.

    That a worker which ends is told as Runtime.ExitError is seen on AWS: https://github.com/brefphp/bref.
    """
    create_function(lambda service: client(service, ACCOUNT), "counting", COUNTING)
    functions = client("lambda", ACCOUNT)

    def invoke(event: str) -> tuple[str | None, Any]:
        answer = functions.invoke(FunctionName="counting", Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    _, first = invoke("good")
    error, raised = invoke("bad")
    assert (error, raised["errorType"], raised["errorMessage"]) == ("Unhandled", "LookupError", "nothing of that name")
    _, after = invoke("good")
    assert after == {"pid": first["pid"], "seen": ["good", "bad", "good"]}
    error, unsayable = invoke("set")
    assert (error, unsayable["errorType"]) == ("Unhandled", "Runtime.MarshalError")
    assert unsayable["errorMessage"] == "Unable to marshal response: Object of type set is not JSON serializable"
    _, still = invoke("good")
    assert still == {"pid": first["pid"], "seen": ["good", "bad", "good", "set", "good"]}
    error, ended = invoke("end")
    assert (error, ended["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert ended["errorMessage"] == "Error: Runtime exited without providing a reason"
    _, again = invoke("good")
    assert again["pid"] != first["pid"]
    assert again["seen"] == ["good"]
