"""What we touch inside MiniStack's event source mappings is still there."""

import inspect

from ministack.services import lambda_svc, sqs
from ministack.services.cloudformation import provisioners


def test_what_is_replaced_still_takes_what_it_took() -> None:
    assert list(inspect.signature(lambda_svc._create_esm).parameters) == ["data"]  # noqa: SLF001
    asked = list(inspect.signature(lambda_svc._sqs_esm_concurrency).parameters)  # noqa: SLF001
    assert asked == ["esm", "func_rec", "config", "queue"]
    assert list(inspect.signature(sqs._queue_by_arn).parameters) == ["arn"]  # noqa: SLF001
    assert list(inspect.signature(provisioners._lambda_esm_create).parameters) == [  # noqa: SLF001
        "logical_id",
        "props",
        "stack_name",
    ]


def test_a_mapping_that_is_there_is_found_by_its_queue_and_function() -> None:
    kept = inspect.getsource(lambda_svc._create_esm)  # noqa: SLF001
    assert "_esms[esm_id] = esm" in kept
    assert all(f'"{name}": ' in kept for name in ("UUID", "EventSourceArn", "FunctionName"))


def test_a_mapping_without_room_receives_nothing() -> None:
    source = inspect.getsource(lambda_svc._poll_sqs)  # noqa: SLF001
    asking, receiving = source.index("_sqs_esm_concurrency("), source.index("_receive_messages_for_esm(")
    assert ">= _sqs_esm_concurrency(" in source
    assert asking < receiving


def test_a_message_says_since_when_it_can_be_taken() -> None:
    assert 'if m["visible_at"] <= now' in inspect.getsource(sqs._collect_msgs)  # noqa: SLF001
