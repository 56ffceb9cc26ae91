"""What is no bundle or no trust file at all."""

from collections.abc import Callable
from typing import Final

from tests.builders.proving.ceremony import THE_LOG, a_restored_play
from tests.unit.domain.evidence.forged.cases import UNREADABLE, Case, edited, leaving_out, setting, texts_of


def bundle_text(edit: Callable[[str], str]) -> tuple[str, str]:
    bundle, trust = texts_of(a_restored_play())
    edited = edit(bundle)
    assert edited != bundle
    return edited, trust


def trust_text(edit: Callable[[str], str]) -> tuple[str, str]:
    bundle, trust = texts_of(a_restored_play())
    edited = edit(trust)
    assert edited != trust
    return bundle, edited


def edited_text(*, depth: int) -> tuple[str, str]:
    return bundle_text(lambda text: text.replace('"ticket":"OPS-1"', f'"ticket":{"[" * depth}{"]" * depth}', 1))


UNREADABLES: Final[dict[str, Case]] = {
    "nothing": Case(lambda: bundle_text(lambda _: ""), UNREADABLE),
    "a line end more": Case(lambda: bundle_text(lambda text: f"{text}\n"), UNREADABLE),
    "a blank more": Case(lambda: bundle_text(lambda text: text.replace(",", ", ", 1)), UNREADABLE),
    "a byte order mark": Case(lambda: bundle_text(lambda text: f"\ufeff{text}"), UNREADABLE),
    "a key said twice": Case(
        lambda: bundle_text(lambda text: text.replace('"facts":', '"facts":{},"facts":', 1)), UNREADABLE
    ),
    "a float": Case(lambda: bundle_text(lambda text: text.replace('"number":1,', '"number":1.0,', 1)), UNREADABLE),
    "a number with an exponent": Case(
        lambda: bundle_text(lambda text: text.replace('"number":1,', '"number":1e0,', 1)), UNREADABLE
    ),
    "minus nothing": Case(lambda: bundle_text(lambda text: text.replace('"number":1,', '"number":-0,', 1)), UNREADABLE),
    "a number that is none": Case(
        lambda: bundle_text(lambda text: text.replace('"number":1,', '"number":NaN,', 1)), UNREADABLE
    ),
    "a number beyond what all languages count": Case(
        lambda: bundle_text(lambda text: text.replace('"number":1,', f'"number":{2**53},', 1)), UNREADABLE
    ),
    "half of a character": Case(lambda: bundle_text(lambda text: text.replace('"OPS-1"', '"\\ud800"', 1)), UNREADABLE),
    "an escape that need not be": Case(
        lambda: bundle_text(lambda text: text.replace("OPS-1", "OPS\\u002d1")), UNREADABLE
    ),
    "keys in another order": Case(
        lambda: bundle_text(lambda text: text.replace('{"chain":', '{"log2":0,"chain":', 1)), UNREADABLE
    ),
    "a bundle with a key more": Case(lambda: edited(a_restored_play(), setting("seal", to=None)), UNREADABLE),
    "a bundle without log": Case(lambda: edited(a_restored_play(), leaving_out("log")), UNREADABLE),
    "a bundle of another format": Case(
        lambda: edited(a_restored_play(), setting("format", to="strongroom-evidence/3")), UNREADABLE
    ),
    "reviews that are a text": Case(lambda: edited(a_restored_play(), setting("reviews", to="")), UNREADABLE),
    "a chain that is a text": Case(lambda: edited(a_restored_play(), setting("chain", to="")), UNREADABLE),
    "a request that is a text": Case(lambda: edited(a_restored_play(), setting("request", to="")), UNREADABLE),
    "a chain of ten thousand and one": Case(
        lambda: edited(a_restored_play(), setting("chain", to=[{}] * 10_001)), UNREADABLE
    ),
    "nested too deeply": Case(lambda: edited_text(depth=99), UNREADABLE),
    "no trust at all": Case(lambda: trust_text(lambda _: ""), UNREADABLE),
    "a trust that is not canonical": Case(lambda: trust_text(lambda text: f"{text}\n"), UNREADABLE),
    "a trust with a key more": Case(lambda: texts_of(a_restored_play(), anybody=True), UNREADABLE),
    "a trust of another format": Case(lambda: texts_of(a_restored_play(), format="strongroom-trust/2"), UNREADABLE),
    "a trust without witness": Case(lambda: texts_of(a_restored_play(), witness=""), UNREADABLE),
    "a trust with a key of a log that is none": Case(
        lambda: texts_of(a_restored_play(), log_keys=[THE_LOG.key.text.replace("+", "-")]), UNREADABLE
    ),
    "a trust with a time that is none": Case(
        lambda: texts_of(a_restored_play(), issuer_keys=[["x", "2026-11-26"]]), UNREADABLE
    ),
    "a trust with one time too many": Case(
        lambda: texts_of(a_restored_play(), issuer_keys=[["x", None, None, None]]), UNREADABLE
    ),
    "a trust with a passkey of nobody": Case(lambda: texts_of(a_restored_play(), passkeys={"x": ["y"]}), UNREADABLE),
    "a trust with a passkey that is no key": Case(
        lambda: texts_of(a_restored_play(), passkeys={"x": ["y", "=="]}), UNREADABLE
    ),
    "a trust with a passkey that is a record": Case(
        lambda: texts_of(a_restored_play(), passkeys={"x": {"a": 0, "bbbb": 0}}), UNREADABLE
    ),
    "a trust with passkeys in a list": Case(lambda: texts_of(a_restored_play(), passkeys=[]), UNREADABLE),
    "a trust with rules in a record": Case(lambda: texts_of(a_restored_play(), issuer_keys={}), UNREADABLE),
    "a trust with an empty entry": Case(lambda: texts_of(a_restored_play(), issuer_keys=[[]]), UNREADABLE),
}
