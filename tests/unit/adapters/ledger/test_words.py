"""What was said of a decision lies in a family of its own."""

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.words import CeremonyWords

ID, PROOF = "r-abcdefgh2345", "a" * 64


def test_the_first_word_with_a_proof_stands_and_others_hear_of_their_own_only() -> None:
    table = MemoryTable()
    words = CeremonyWords(table)
    for said in ("wrong database", "something else"):
        words.keep(ID, PROOF, said=said)
    assert (words.of(ID), words.of("r-bbbbbbbbbbbb")) == ({PROOF: "wrong database"}, {})
    assert table.get(Key(f"WORD#{ID}", PROOF)) is not None
