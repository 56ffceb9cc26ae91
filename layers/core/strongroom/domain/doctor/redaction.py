"""Take out of AWS's own documents whose they are, and what opens anything; the same name becomes the same name.

What stays is the shape: fields, states, times, numbers, and the names of resources and of their tags.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from strongroom.domain.partitions import PARTITIONS

REDACTED: Final = "REDACTED"

# Fields whose value opens something, or is a person's; paging tokens among them, which carry ids.
_FIELDS: Final = (
    r"[\w:-]*(?:token|secret\w*|password|passwd|passphrase|credentials?|signature|authorization|cookie|api_?key|"
    r"access_?key(?:_?id)?|private_?key|email|email_?address|source_?identity|user_?name|user_?agent)"
)
_FIELD: Final = re.compile(_FIELDS, re.IGNORECASE)
_IN_XML: Final = re.compile(rf"(<({_FIELDS})>)[^<]*(</\2>)", re.IGNORECASE)
_PRINCIPAL: Final = r"A(?:BIA|CCA|GPA|IDA|IPA|KIA|NPA|NVA|PKA|ROA|SCA|SIA)[A-Z0-9]{12,}"
# The longest first: China's begins with the commercial one.
_SUFFIXES: Final = "|".join(
    re.escape(each) for each in sorted({each.dns_suffix for each in PARTITIONS}, key=len, reverse=True)
)
# What is kept of each stands in the first group.
_TAILS: Final = (
    re.compile(r"(:assumed-role/[^/\s\"]+/)[^\s\"<,]+"),
    re.compile(r"(:user/)[^\s\"<,]+"),
    re.compile(r"(arn:[\w-]+:(?:secretsmanager|ssm):[^:\s]*:[^:\s]*:(?:secret:|parameter/))[^\s\"<,]+"),
    re.compile(rf"(\b{_PRINCIPAL}:)[^\s\"<,]+"),
)
_PATTERNS: Final = (
    (re.compile(r"\b(?:eyJ[\w-]{8,}(?:\.[\w-]+){1,2}|xox[a-z]-[\w-]+|gh[a-z]_\w{20,})"), REDACTED),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "person@example.com"),
    (re.compile(rf"[\w-]+(?:\.[\w-]+)*\.rds(?:\.[\w-]+)?\.(?:{_SUFFIXES})"), "host.example.com"),
    (re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"), "192.0.2.1"),
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])"), "2001:db8::1"),
)
# One pass, UUIDs first: their last twelve digits may look like an account.
_IDENTIFIER: Final = re.compile(
    r"(?P<uuid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)"
    r"|(?P<key>\bmrk-[0-9a-f]{32}\b)"
    r"|(?P<unit>\bou-[0-9a-z]{4,32}-[a-z0-9]{8,32}\b)"
    r"|(?P<organization>\bo-[a-z0-9]{10,32}\b)"
    r"|(?P<root>\br-[0-9a-z]{4,32}\b)"
    rf"|(?P<principal>\b{_PRINCIPAL}\b)"
    r"|(?P<account>(?<![\d.])\d{12}(?!\d))"
)
_SHAPE: Final[Mapping[str, Callable[[int], str]]] = {
    "uuid": lambda number: f"00000000-0000-4000-8000-{number:012x}",
    "key": lambda number: f"mrk-{number:032x}",
    "unit": lambda number: f"ou-strg-{number:08d}",
    "organization": lambda number: f"o-strongroom{number}",
    "root": lambda number: f"r-strg{'' if number == 1 else number}",
    "principal": lambda number: f"AROAEXAMPLE{number:010d}",
    "account": lambda number: f"{300_000_000_000 + number}",
}


class Redactor(Struct):
    """Redacts documents, remembering which pseudonym stands for what; `accounts` are those that have a name already.

    One for a recording: the same account, key or unit is then the same in all its files.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def redact(self, document: Any) -> Any:
        """The document without tokens, keys, people, addresses, and ids of accounts, keys and the organisation.

        Texts that hold a document of their own, such as policies, are redacted as that document.
        """
        match document:
            case dict():
                return {self._text(name): self._value(name, value) for name, value in document.items()}
            case list() | tuple():
                return [self.redact(each) for each in document]
            case str():
                return self._text(document)
            case _:
                return document

    def _value(self, name: str, value: Any) -> Any:
        return REDACTED if _FIELD.fullmatch(name) and value is not None else self.redact(value)

    def _text(self, text: str) -> str:
        if text.lstrip().startswith(("{", "[")):
            try:
                return json.dumps(self.redact(json.loads(text)))
            except json.JSONDecodeError:
                pass  # only looks like one
        text = _IN_XML.sub(rf"\g<1>{REDACTED}\g<3>", text)
        for tail in _TAILS:
            text = tail.sub(rf"\g<1>{REDACTED}", text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return _IDENTIFIER.sub(self._pseudonym, text)

    def _pseudonym(self, found: re.Match[str]) -> str:
        kind, name = found.lastgroup or "", found.group().lower()
        if name in self.accounts:
            return self.accounts[name]
        if name not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[name] = _SHAPE[kind](self._counts[kind])
        return self._known[name]
