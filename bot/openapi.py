"""OpenAPI, generated from the routes and the types that enforce them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot import __version__
from bot.http import ProblemDetails

_REF = "#/components/schemas/{name}"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of the API, as code and as documentation."""

    method: str
    path: str
    handler: Any
    summary: str
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    response: type[msgspec.Struct] | None = None
    media: str = "application/json"
    errors: tuple[int, ...] = ()


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Describe *endpoints* as an OpenAPI 3.1 document."""
    types = [kind for one in endpoints for kind in (one.query, one.body, one.response) if kind is not None]
    unique = list(dict.fromkeys([*types, ProblemDetails]))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    by_type = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, by_type, components)
    queries = {kind.__name__ for one in endpoints if (kind := one.query)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Signpost",
            "version": __version__,
            "description": "A question in, calm vetted guidance and the right agency out.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in components.items() if name not in queries}
        },
    }


def _operation(one: Endpoint, by_type: Mapping[Any, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": one.summary, "operationId": one.handler.__name__}
    if one.query:
        schema = components[one.query.__name__]
        operation["parameters"] = [
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": field}
            for name, field in schema["properties"].items()
        ]
    if one.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_type[one.body]}},
        }
    good: dict[str, Any] = {"description": "OK"}
    if one.response:
        good["content"] = {one.media: {"schema": by_type[one.response]}}
    problem = {"application/problem+json": {"schema": by_type[ProblemDetails]}}
    operation["responses"] = {
        "200": good,
        **{str(status): {"description": "A problem, with help", "content": problem} for status in one.errors},
    }
    return operation
