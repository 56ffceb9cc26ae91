"""Who was told, and what was said, lie in families of their own."""

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.restores import CeremonyMessages
from strongroom.adapters.ledger.tellings import CeremonyTellings, CeremonyWords
from strongroom.domain.chat import PostedMessage, Telling

ID, PROOF = "r-abcdefgh2345", "a" * 64


def test_of_what_nobody_was_told_nothing_is_kept() -> None:
    assert CeremonyTellings(MemoryTable()).find(ID) == Telling()


def test_the_last_telling_stands_beside_where_the_message_is() -> None:
    table, message = MemoryTable(), PostedMessage(channel="C0", ts="1.1")
    CeremonyMessages(table).keep(ID, message)
    tellings = CeremonyTellings(table)
    told = Telling(shown="b", chat_fault="", is_on_ticket=True, ticket_fault="", account_name="payments")
    for each in (Telling(chat_fault="no"), told):
        tellings.keep(ID, each)
    assert (tellings.find(ID), CeremonyMessages(table).find(ID)) == (told, message)


def test_the_first_word_with_a_proof_stands_and_others_hear_of_their_own_only() -> None:
    table = MemoryTable()
    words = CeremonyWords(table)
    for said in ("wrong database", "something else"):
        words.keep(ID, PROOF, said=said)
    assert (words.of(ID), words.of("r-bbbbbbbbbbbb")) == ({PROOF: "wrong database"}, {})
    assert table.get(Key(f"WORD#{ID}", PROOF)) is not None
