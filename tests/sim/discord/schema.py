"""Discord's OpenAPI document as a judge of requests and answers.

Read as Discord says that it is meant: objects take no other keys than the named ones, a union of
components is decided by their `type`, and integers may be written as strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # ships no types
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]  # ships no types
from jsonschema.validators import extend  # type: ignore[import-untyped]  # ships no types
from sim.discord.deviations import DEVIATIONS

DOCUMENT = Path(__file__).parents[1] / "specs" / "discord-openapi.json"
MOST_PROBLEMS = 5
REASON = 160  # characters; the reason stands at the end, behind what may be a long value
URL = re.compile(r"(https?|wss?|attachment|discord)://\S+")

Schema = dict[str, Any]


@cache
def query_names(operation: str) -> frozenset[str]:
    """What may stand behind the question mark."""
    return frozenset(
        one["name"] for one in _operation(operation, corrected=True).get("parameters", []) if one["in"] == "query"
    )


def request_problems(operation: str, body: Any, *, corrected: bool = True) -> list[str]:
    """What is wrong with the JSON part of a request (None: it has no body); uncorrected: by the bare document."""
    validator = _request_validator(operation, corrected=corrected)
    if validator is None:
        return [] if body is None else ["this operation takes no body"]
    return ["a body is missing"] if body is None else _problems(validator, body)


def answer_problems(operation: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer of the simulator itself."""
    validator = _answer_validator(operation, str(status))
    if validator is None:
        return [] if body is None else [f"the document knows no body with {status}"]
    return _problems(validator, body)


@cache
def _document(*, corrected: bool) -> Schema:
    document: Schema = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for deviation in DEVIATIONS if corrected else ():
        for name in deviation.schemas:
            _merge(document["components"]["schemas"][name], deviation.change)
    return document


def _merge(schema: Schema, change: Schema) -> None:
    for key, value in change.items():
        schema[key] = {**schema[key], **value} if isinstance(value, dict) else value


def _operation(name: str, *, corrected: bool) -> Schema:
    method, path = name.split(" ")
    found: Schema = _document(corrected=corrected)["paths"][path][method.lower()]
    return found


@cache
def _request_validator(operation: str, *, corrected: bool) -> Any:
    content = _operation(operation, corrected=corrected).get("requestBody", {}).get("content")
    return content and _validator(content["application/json"]["schema"], corrected=corrected)


@cache
def _answer_validator(operation: str, status: str) -> Any:
    """By the bare document: what deviates are requests."""
    content = _operation(operation, corrected=False)["responses"].get(status, {}).get("content")
    return content and _validator(content["application/json"]["schema"], corrected=False)


def _problems(validator: Any, body: Any) -> list[str]:
    found = (
        f"{'/'.join(map(str, error.absolute_path)) or 'body'}: {error.message[-REASON:]}" for error in validator(body)
    )
    return [problem for problem, _ in zip(found, range(MOST_PROBLEMS), strict=False)]


def _validator(schema: Schema, *, corrected: bool) -> Any:
    schemas = _document(corrected=corrected)["components"]["schemas"]

    def resolve(schema: Schema) -> Schema:
        found: Schema = schemas[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        return found

    def reference(validator: Any, _: str, instance: Any, schema: Schema) -> Iterator[ValidationError]:
        yield from validator.descend(instance, resolve(schema))

    def union(validator: Any, alternatives: list[Schema], instance: Any, _: Schema) -> Iterator[ValidationError]:
        fitting = [found for found in map(resolve, alternatives) if _may_be(instance, found)]
        if len(fitting) == 1:
            yield from validator.descend(instance, fitting[0])
        elif not any(validator.evolve(schema=found).is_valid(instance) for found in fitting):
            yield ValidationError(f"{instance!r} is none of what may stand here")

    judge = extend(
        Draft202012Validator,
        {"$ref": reference, "oneOf": union, "anyOf": union, "properties": _closed},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
    )
    return judge(schema, format_checker=FORMATS).iter_errors


def _may_be(instance: Any, alternative: Schema) -> bool:
    if "const" in alternative:
        return bool(instance == alternative["const"])
    kinds = alternative.get("properties", {}).get("type", {}).get("enum")
    if kinds is not None:
        return isinstance(instance, dict) and instance.get("type") in kinds
    return (instance is None) == (alternative.get("type") == "null")


def _closed(validator: Any, properties: Schema, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    if not validator.is_type(instance, "object"):
        return
    for key, value in instance.items():
        if key in properties:
            yield from validator.descend(value, properties[key], path=key, schema_path=key)
        elif "additionalProperties" not in schema:
            yield ValidationError(f"unknown key {key!r}")


def _is_integer(_: Any, instance: Any) -> bool:
    if isinstance(instance, str):
        return re.fullmatch(r"-?[0-9]+", instance) is not None
    return isinstance(instance, int) and not isinstance(instance, bool)


FORMATS = FormatChecker(formats=())


@FORMATS.checks("uri")  # type: ignore[untyped-decorator]  # ships no types
def _is_url(instance: object) -> bool:
    return not isinstance(instance, str) or URL.fullmatch(instance) is not None


@FORMATS.checks("int32")  # type: ignore[untyped-decorator]  # ships no types
def _is_int32(instance: object) -> bool:
    return not isinstance(instance, int) or -(2**31) <= instance < 2**31
