"""Documents against a model: unions, misspelled keys, choices and forms, each mistake as one finding."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, Literal

import pytest

from strongroom.domain import forms
from strongroom_cli.intent.schema import Schema, schema_of, with_forms
from strongroom_cli.intent.structure import find_ill_formed, judge_structure
from strongroom_cli.intent.yaml_text import parse_yaml

_Days = Annotated[int, forms.RETENTION_DAYS]
_EMAIL = forms.Form(pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", examples=("ann@example.com",))


@dataclass(frozen=True, kw_only=True)
class Kept:
    days: Annotated[_Days, "Days."]
    cold_after: Annotated[_Days | None, "Days until cold."] = None


@dataclass(frozen=True, kw_only=True)
class Lock:
    least: Annotated[_Days, "Days."]


@dataclass(frozen=True, kw_only=True)
class Part:
    name: Annotated[str, "A name."] = "x"
    email: Annotated[str | None, _EMAIL, "Where to write."] = None
    issuer: Annotated[str | None, forms.ADDRESS, "Where to log in."] = None
    keep: Annotated[dict[str, _Days | Kept], "Days, or more about them."] = field(default_factory=dict)
    lock: Annotated[Lock | Literal["none"] | None, "A lock, or none."] = None
    tag: Annotated[dict[str, str | tuple[str, ...]], "Values."] = field(default_factory=dict)
    framework: Annotated[bool | tuple[Annotated[str, forms.REGION], ...], "Whether, or where."] = True
    system: Annotated[Literal["jira", "servicenow"], "Which."] = "jira"
    until: Annotated[date | None, "A day."] = None
    window: Annotated[timedelta | None, "How long."] = None


@dataclass(frozen=True, kw_only=True)
class Model:
    parts: Annotated[dict[str, Part], "Parts."]


STRUCTURE: Schema = schema_of(Model)
FORMS: Schema = with_forms(schema_of(Model), Model)
TRUTH = "YAML reads it as a truth value; put it in quotes"
KNOWN = "known are name, email, issuer, keep, lock, tag, framework, system, until, window"


def told(text: str) -> list[str]:
    """What is said about one part that is written so."""
    written = parse_yaml("parts:\n  a:\n" + "".join(f"    {line}\n" for line in text.splitlines()))
    judged = judge_structure(written.document, STRUCTURE, places=written.places)
    findings = judged.findings or tuple(find_ill_formed(judged.document, FORMS))
    return [f"{finding.path}: {finding.message}".removeprefix("parts.a.") for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        "keep: {local: 35, central: {days: 365, cold_after: 90}, other: {days: 1}}",
        "lock: {least: 1}",
        "lock: none",
        "lock: null",
        "lock:",
        'tag: {a: x, b: [x, "yes"]}',
        "framework: no",
        "framework: [eu-west-1]",
        "system: servicenow",
        "until: 2027-01-31",
        "window: PT4H",
        "email: ann@example.com",
        "issuer: https://login.example.com/a?b=c",
        "issuer: http://127.0.0.1:4620/_idp",
        "issuer: http://localhost",
    ],
)
def test_each_kind_of_a_union_and_each_right_form_is_taken(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("keep: {local: five}", "keep.local: must be a whole number or a mapping, not the text 'five'"),
        (
            "keep: {local: '35'}",
            "keep.local: must be a whole number or a mapping, not the text '35': take the quotes away",
        ),
        ("keep: {local: 35.0}", "keep.local: must be a whole number or a mapping, not 35.0"),
        ("keep: {local: yes}", "keep.local: must be a whole number or a mapping, not yes"),
        ("keep: {local: [35]}", "keep.local: must be a whole number or a mapping, not a list"),
        ("keep: {local: }", "keep.local: must be a whole number or a mapping, not empty"),
        ("keep: 35", "keep: must be a mapping, not 35"),
        ("keep: {local: {days: x}}", "keep.local.days: must be a whole number, not the text 'x'"),
        ("keep: {local: {cold_after: 90}}", "keep.local.days: is missing"),
        (
            "keep: {local: {days: 1, cold_aftr: 2}}",
            "keep.local.cold_aftr: unknown key; known are days, cold_after; did you mean cold_after?",
        ),
        (
            "keep: {local: {dais: 1}}",
            "keep.local.dais: unknown key; known are days, cold_after; did you mean days?",
        ),
        ("keep: {local: 0}", "keep.local: must be 1 or more, not 0"),
        ("keep: {local: {days: 36501}}", "keep.local.days: must be 36500 at most, not 36501"),
        ("lock: non", "lock: must be a mapping or none, not the text 'non'; did you mean none?"),
        ("lock: yes", "lock: must be a mapping or none, not yes"),
        ("lock: {least: none}", "lock.least: must be a whole number, not the text 'none'"),
        (
            "tag: {Backup: yes}",
            f"tag.Backup: must be text, not True: {TRUTH}, spelled as the tag is",
        ),
        (
            "tag: {Backup: [x, no]}",
            f"tag.Backup[1]: must be text, not False: {TRUTH}, spelled as the tag is",
        ),
        ("tag: {year: 2027}", "tag.year: must be text, not 2027: YAML reads it as a number; put it in quotes"),
        ("tag: {a: {b: c}}", "tag.a: must be text or a list, not a mapping"),
        ("name: 012345670123", "name: must be text, not 012345670123: YAML reads it as a number; put it in quotes"),
        ("name: 1_000", "name: must be text, not 1_000: YAML reads it as a number; put it in quotes"),
        ("name: on", "name: must be text, not True: YAML reads it as a truth value; put it in quotes"),
        ("name: null", "name: must be text, not null: YAML reads it as nothing; put it in quotes"),
        ("name:", "name: must be text, not empty"),
        ("framework: 1", "framework: must be true or false or a list, not 1"),
        ("framework: 'yes'", "framework: must be true or false or a list, not the text 'yes'"),
        ("framework: [Ireland]", "framework[0]: 'Ireland' is not written as it must be: write it as eu-west-1"),
        ("system: servicenw", "system: must be jira or servicenow, not the text 'servicenw'; did you mean servicenow?"),
        ("system: Jira", "system: must be jira or servicenow, not the text 'Jira'; did you mean jira?"),
        ("system: post", "system: must be jira or servicenow, not the text 'post'"),
        ("until: 31.01.2027", "until: '31.01.2027' is no ISO 8601 date such as 2027-01-31"),
        ("until: 2027-02-30", "until: '2027-02-30' is no ISO 8601 date such as 2027-01-31"),
        ("window: 4h", "window: '4h' is no ISO 8601 duration such as PT4H or P1D"),
        ("window: P99999999999999D", "window: 'P99999999999999D' is no ISO 8601 duration such as PT4H or P1D"),
        ("window: 4", "window: must be text, not 4: YAML reads it as a number; put it in quotes"),
        ("email: ann", "email: 'ann' is not written as it must be: write it as ann@example.com"),
        (
            "issuer: http://login.example.com",
            "issuer: 'http://login.example.com' is not written as it must be: write it as https://login.example.com",
        ),
        (
            "issuer: http://localhost.example.com",
            "issuer: 'http://localhost.example.com' is not written as it must be: write it as https://login.example.com",
        ),
        ("isuer: https://a", f"isuer: unknown key; {KNOWN}; did you mean issuer?"),
    ],
)
def test_a_mistake_is_one_finding_with_what_is_right(text: str, finding: str) -> None:
    assert told(text) == [finding]


def test_what_stands_under_a_misspelled_key_is_read_as_meant() -> None:
    assert told("isuer: 7") == [
        f"isuer: unknown key; {KNOWN}; did you mean issuer?",
        "issuer: must be text, not 7: YAML reads it as a number; put it in quotes",
    ]


def test_of_two_misspelled_keys_each_stands_for_another() -> None:
    assert [line.rpartition("; ")[2] for line in told("nam: x\nnaem: y\nissuer_: https://a")] == [
        "did you mean name?",
        "did you mean issuer?",
        KNOWN,
    ]


def test_a_flood_of_mistakes_is_told_in_part() -> None:
    document: Any = {"parts": {f"p{n}": {"name": n, "keep": {"a": "x"}} for n in range(10_000)}}
    assert 0 < len(judge_structure(document, STRUCTURE, places={}).findings) < 1000
    document = {"parts": {"a": {f"k{n}": n for n in range(10_000)}}}
    assert 0 < len(judge_structure(document, STRUCTURE, places={}).findings) < 1000
