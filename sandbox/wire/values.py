"""Values off the wire under the model's member names: out of JSON, XML, forms and single texts.

A value of another type than its shape's stays as it is; `sandbox.model` says what is wrong with it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET  # the body comes from our own AWS clients

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.wire.requests import MalformedBodyError


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, empty where there is none; raises MalformedBodyError."""
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise MalformedBodyError("the body is not JSON") from error
    if not isinstance(document, dict):
        raise MalformedBodyError("the body is no JSON object")
    return document


def read_xml(body: bytes) -> ET.Element:
    """The XML document of a body; raises MalformedBodyError."""
    try:
        return ET.fromstring(body)  # noqa: S314 - the peer is this machine
    except ET.ParseError as error:
        raise MalformedBodyError("the body is not XML") from error


def from_json(shape: Shape | None, value: Any) -> Any:
    """What a JSON value means."""
    if shape is None or value is None:
        return {} if shape is None else None
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name: from_json(member, value[wire])
            for name, member in shape.members.items()
            if (wire := member.serialization.get("name", name)) in value
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [from_json(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: from_json(shape.value, item) for key, item in value.items()}
    return value


def from_xml(shape: Shape, node: ET.Element) -> Any:
    """What an XML element means."""
    if isinstance(shape, StructureShape):
        found = {}
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            children = [child for child in node if child.tag.rpartition("}")[2] == wire]
            if not children:
                continue
            if isinstance(member, ListShape) and member.serialization.get("flattened"):
                found[name] = [from_xml(member.member, child) for child in children]
            else:
                found[name] = from_xml(member, children[0])
        return found
    if isinstance(shape, ListShape):
        return [from_xml(shape.member, child) for child in node]
    return scalar(shape, node.text or "")


def from_form(shape: StructureShape, form: Mapping[str, str], prefix: str, protocol: str) -> dict[str, Any]:
    """What the fields of a form that begin with a prefix mean, by the protocol `query` or `ec2`."""
    found = {}
    for name, member in shape.members.items():
        key = prefix + _form_name(name, member, protocol)
        value = _form_value(member, form, key, protocol)
        if value is not None:
            found[name] = value
    return found


def _form_name(name: str, member: Shape, protocol: str) -> str:
    wire = member.serialization.get("name", name)
    if protocol == "ec2":
        return str(member.serialization.get("queryName") or wire[:1].upper() + wire[1:])
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name", wire))
    return str(wire)


def _form_value(shape: Shape, form: Mapping[str, str], key: str, protocol: str) -> Any:
    inside = {name[len(key) + 1 :]: value for name, value in form.items() if name.startswith(key + ".")}
    match shape:
        case StructureShape():
            return from_form(shape, inside, "", protocol) if inside else None
        case ListShape():
            return [_form_value(shape.member, inside, place, protocol) for place in _places(inside)] or None
        case MapShape():
            return dict(_form_entry(shape, inside, place, protocol) for place in _places(inside)) or None
        case _:
            return scalar(shape, form[key]) if key in form else None


def _places(inside: Mapping[str, str]) -> list[str]:
    """The places of a list's items as they are written: `1`, or `member.1`, or `Tag.1`."""
    places = {match[0] for name in inside if (match := re.match(r"(?:[A-Za-z]+\.)?\d+", name))}
    return sorted(places, key=lambda text: int(text.rpartition(".")[2]))


def _form_entry(shape: MapShape, inside: Mapping[str, str], place: str, protocol: str) -> tuple[str, Any]:
    key, value = (part.serialization.get("name", name) for part, name in ((shape.key, "key"), (shape.value, "value")))
    return inside.get(f"{place}.{key}", ""), _form_value(shape.value, inside, f"{place}.{value}", protocol)


def scalar(shape: Shape, text: str) -> Any:
    """The value that a text means; a text that means none stays as it is."""
    match shape.type_name:
        case "boolean" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "integer" | "long" if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        case "float" | "double" if re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", text):
            return float(text)
        case _:
            return text
