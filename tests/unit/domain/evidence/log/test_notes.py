"""Signed notes: those of others are read, and whatever is not a note to the letter is none."""

from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.evidence.log.notes import (
    LOG_TYPE,
    WITNESS_TYPE,
    Note,
    NoteKey,
    SignatureLine,
    is_by,
    is_signed,
    note_text,
    read_note,
    read_note_key,
)
from tests.builders.proving.ceremony import THE_LOG, THE_WITNESS

# The example of Go's package golang.org/x/mod/sumdb/note.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = (
    "\N{EM DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBw"
    "JnAM=\n"
)
SIGNATURES = CryptographySignatures()
AT = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def _is_signed(note: Note, key: NoteKey) -> bool:
    return any(is_by(line, key) and is_signed(note, line, key=key, signatures=SIGNATURES) for line in note.lines)


def test_a_note_that_somebody_else_signed_is_good() -> None:
    note, key = read_note(f"{TEXT}\n{LINE}"), read_note_key(KEY)
    assert (key.name, key.type, key.text) == ("PeterNeumann", LOG_TYPE, KEY)
    assert _is_signed(note, key)
    assert note_text(note) == f"{TEXT}\n{LINE}"


def test_a_note_whose_text_was_changed_is_not() -> None:
    note = read_note(f"{TEXT.replace('your', 'my')}\n{LINE}")
    assert is_by(note.lines[0], read_note_key(KEY))
    assert not _is_signed(note, read_note_key(KEY))


@pytest.mark.parametrize("signer", [THE_LOG, THE_WITNESS])
def test_what_is_signed_here_is_good_once_it_was_written_and_read(signer: object) -> None:
    for each in (THE_LOG, THE_WITNESS):
        text = "strongroom.example/o-1\n0\nAAAA\n"
        note = read_note(note_text(Note(text=text, lines=(each.sign(text, at=AT),))))
        assert _is_signed(note, read_note_key(each.key.text)) is True
        other = THE_WITNESS if each is THE_LOG else THE_LOG
        assert _is_signed(note, other.key) is False


def test_a_witness_says_when_and_a_log_does_not() -> None:
    text = "a\n1\nAAAA\n"
    assert THE_WITNESS.sign(text, at=AT).witnessed_at == AT
    assert THE_LOG.sign(text, at=AT).witnessed_at is None


@pytest.mark.parametrize("length", [0, 64, 71, 73])
def test_a_signature_that_is_no_witness_s_says_no_time(length: int) -> None:
    assert SignatureLine("w", b"1234", bytes(length)).witnessed_at is None


def test_the_time_is_signed_too() -> None:
    text = "a\n1\nAAAA\n"
    line = THE_WITNESS.sign(text, at=AT)
    seconds = int((AT + timedelta(hours=1)).timestamp())
    moved = SignatureLine(line.name, line.key_id, seconds.to_bytes(8) + line.signature[8:])
    assert moved.witnessed_at == AT + timedelta(hours=1)
    note = Note(text=text, lines=(line, moved))
    assert [is_signed(note, each, key=THE_WITNESS.key, signatures=SIGNATURES) for each in note.lines] == [True, False]


class _Asked(CryptographySignatures):
    """A check of signatures that finds each good, and remembers what it was asked."""

    message = b""

    def by_key(self, signature: bytes, message: bytes, *, public_key: bytes, algorithm: str) -> bool:
        self.message = message
        return True


def test_a_witness_signs_what_the_format_of_cosignatures_says() -> None:
    """The message of c2sp.org/tlog-cosignature, which other witnesses sign, too."""
    text, asked = "a\n1\nAAAA\n", _Asked()
    line = THE_WITNESS.sign(text, at=AT)
    assert is_signed(Note(text=text, lines=(line,)), line, key=THE_WITNESS.key, signatures=asked)
    assert asked.message == b"cosignature/v1\ntime 1795701600\na\n1\nAAAA\n"


def test_a_witness_signs_at_no_time_beyond_all_years() -> None:
    key = THE_WITNESS.key
    line = SignatureLine(key.name, key.id, (253_402_300_800).to_bytes(8) + bytes(64))
    assert not is_signed(Note(text="a\n", lines=(line,)), line, key=key, signatures=_Asked())


@pytest.mark.parametrize("kind", [0x01, 0x04], ids=["a log", "a witness"])
def test_a_key_is_that_of_a_log_or_of_a_witness(kind: int) -> None:
    assert read_note_key(NoteKey("log", kind, bytes(32)).text).type == kind


def test_whose_line_it_is_say_its_name_and_the_bytes_of_its_key_together() -> None:
    log, witness = THE_LOG.key, THE_WITNESS.key
    assert is_by(SignatureLine(log.name, log.id, b"s"), log)
    assert not is_by(SignatureLine(witness.name, log.id, b"s"), log)
    assert not is_by(SignatureLine(log.name, witness.id, b"s"), log)


@pytest.mark.parametrize("length", [0, 63, 65, 71, 73])
def test_a_signature_of_another_length_is_none(length: int) -> None:
    for signer in (THE_LOG, THE_WITNESS):
        line = SignatureLine(signer.name, signer.key.id, bytes(length))
        assert not is_signed(Note(text="a\n", lines=(line,)), line, key=signer.key, signatures=_Asked())


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (253_402_300_799, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (253_402_300_800, None),
        (2**64 - 1, None),
    ],
)
def test_a_time_beyond_all_years_is_none(seconds: int, moment: datetime | None) -> None:
    line = SignatureLine("w", b"1234", seconds.to_bytes(8) + bytes(64))
    assert line.witnessed_at == moment


NO_NOTE = "a note is a text, an empty line, and signatures"
NO_LINE = "a signature under a note is a dash, a name and base64"
NO_KEY = "a key of a log is written name+hash+key"
NOT_ED25519 = "a key of a log is Ed25519, of the type 1 or 4"
ANOTHERS = "the hash in a key of a log is not the key's own"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NO_NOTE),
        (TEXT, NO_NOTE),
        (f"{TEXT}\n", NO_NOTE),
        (f"\n{LINE}", NO_NOTE),
        (f"\n\n{LINE}", NO_NOTE),
        (f"{TEXT}\n{LINE}"[:-1], NO_NOTE),
        (f"{TEXT}\n{LINE}\n", NO_NOTE),
        (f"{TEXT}\n{LINE}".replace("\N{EM DASH}", "-"), NO_LINE),
        (f"{TEXT}\n{LINE}".replace("PeterNeumann x", "x"), NO_LINE),
        (f"{TEXT}\n{LINE}".replace("PeterNeumann", "Peter+Neumann"), NO_LINE),
        (f"{TEXT}\n{LINE}".replace("PeterNeumann", "Peter\x00Neumann"), NO_LINE),
        (f"{TEXT}\n{LINE}".replace("JnAM=", "JnAN="), "a signature under a note is not the one spelling of its bytes"),
        (f"{TEXT}\n\N{EM DASH} PeterNeumann x08gow==\n", "a signature under a note is too short"),
        (f"{TEXT}\n\N{EM DASH} PeterNeumann x08go/ZJ kuBS\n", "a signature under a note is not base64"),
        (f"{TEXT}\n\N{EM DASH} PeterNeumann \N{EM DASH}\n", "a signature under a note is not base64"),
        (f"{TEXT}\n\N{EM DASH} PeterNeumann \n", "a signature under a note is not the one spelling of its bytes"),
    ],
)
def test_what_is_not_a_note_to_the_letter_is_none(text: str, why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_note(text)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NO_KEY),
        ("PeterNeumann", NO_KEY),
        (KEY.replace("c74f20a3", "c74f20a4"), ANOTHERS),
        (KEY.replace("c74f20a3", "C74F20A3"), NO_KEY),
        (KEY.replace("PeterNeumann", "peterneumann"), ANOTHERS),
        (KEY.replace("PeterNeumann", "Peter Neumann"), NO_KEY),
        (KEY + "\n", NO_KEY),
        (KEY + "A", "a key of a log is not base64"),
        (NoteKey("log", 0x02, bytes(32)).text, NOT_ED25519),
        (NoteKey("log", LOG_TYPE, bytes(31)).text, NOT_ED25519),
        (NoteKey("log", LOG_TYPE, bytes(33)).text, NOT_ED25519),
        (NoteKey("log", WITNESS_TYPE, b"").text, NOT_ED25519),
        ("log+00000000+=", "a key of a log is not base64"),
    ],
)
def test_what_is_not_a_key_to_the_letter_is_none(text: str, why: str) -> None:
    with pytest.raises(MalformedRecordError) as refused:
        read_note_key(text)
    assert str(refused.value) == why
