"""How Step Functions hands over what a function raised: the error's message in JSON that Lambda wraps around it."""

import msgspec


class _LambdaError(msgspec.Struct, frozen=True, rename="camel"):
    error_message: str


def message_of(cause: str) -> str:
    """What the error said; the cause as it stands where nothing is wrapped."""
    try:
        return msgspec.json.decode(cause, type=_LambdaError).error_message
    except msgspec.DecodeError:
        return cause
