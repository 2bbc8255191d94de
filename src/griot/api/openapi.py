"""The OpenAPI document with an example of every request and answer, put together from those of the fields."""

from typing import Any

from fastapi import FastAPI

_BY_FORMAT = {"date-time": "2026-02-15T20:00:00Z", "date": "2026-02-15", "binary": "…", "password": "…"}
_BY_TYPE: dict[str, Any] = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None, "object": {}}
_METHODS = ("get", "put", "post", "patch", "delete")


def install(app: FastAPI) -> None:
    """Have the application describe itself with examples."""
    described = app.openapi

    def with_examples() -> dict[str, Any]:
        fresh = app.openapi_schema is None
        document = described()
        if fresh:
            _add_examples(document)
        return document

    app.openapi = with_examples  # type: ignore[method-assign]


def _add_examples(document: dict[str, Any]) -> None:
    schemas = document.get("components", {}).get("schemas", {})
    for path in document["paths"].values():
        for operation in (path[method] for method in _METHODS if method in path):
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (content for body in bodies for content in body.get("content", {}).values()):
                if "example" not in content and "schema" in content:
                    content["example"] = _example(content["schema"], schemas)


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "const" in schema:
        return schema["const"]
    for several in ("anyOf", "allOf"):
        if several in schema:
            return _example(schema[several][0], schemas)
    if schema.get("default") is not None:
        return schema["default"]
    if "properties" in schema:
        return {name: _example(part, schemas) for name, part in schema["properties"].items()}
    if schema.get("type") == "array":
        return [_example(schema.get("items", {}), schemas)]
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE.get(schema.get("type", ""), {}))
