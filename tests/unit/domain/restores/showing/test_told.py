"""The risks of a request in sentences: its own, and ours of those that follow though it does not state them."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.restores.showing.told import SENTENCES, told_risks


@dataclass
class Asked:
    """A request as far as its risks are told."""

    content: dict[str, Any]
    risks: tuple[str, ...] | None


SAID = "The backup is not encrypted."
KEY, COPY = SENTENCES["vault-key"], SENTENCES["temporary-copy"]


@pytest.mark.parametrize(
    ("content", "risks", "told"),
    [
        pytest.param({"risks": []}, (), (), id="none"),
        pytest.param(
            {"risks": ["elevated", "source-unencrypted"], "risk_sentences": [SAID]},
            ("elevated", "source-unencrypted"),
            (SAID,),
            id="its own sentences",
        ),
        pytest.param({"risks": ["vault-key"]}, ("vault-key", "temporary-copy"), (KEY, COPY), id="of before sentences"),
        pytest.param(
            {"risks": ["source-unencrypted"], "risk_sentences": [SAID]},
            ("source-unencrypted", "temporary-copy"),
            (SAID, COPY),
            id="what it leaves out follows",
        ),
        pytest.param({"risks": ["public"]}, ("public",), ("public",), id="a word without a sentence"),
        pytest.param({}, None, (), id="not known"),
    ],
)
def test_risks_are_told_in_sentences(
    content: dict[str, Any], risks: tuple[str, ...] | None, told: tuple[str, ...]
) -> None:
    assert told_risks(cast("AskedRestore", Asked(content, risks))) == told
