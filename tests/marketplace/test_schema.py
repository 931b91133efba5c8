"""What the description of the API promises about refusals."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from marketplace.kit.schema import METHODS


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if method in METHODS
    ]


def test_every_operation_says_how_it_may_refuse(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        told = {status for status in operation["responses"] if status[0] in "45"}
        assert {"401", "403", "429"} <= told, (method, path)
        assert ("409" in told) == (method != "get"), (method, path)
        assert ("400" in told) >= ("requestBody" in operation), (method, path)
        assert ("404" in told) >= ("{" in path), (method, path)
        assert ("412" in told) == (method == "patch"), (method, path)


def test_every_refusal_has_the_shape_of_a_problem(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                shape = answer["content"]["application/problem+json"]["schema"]
                assert shape == {"$ref": "#/components/schemas/Problem"}, (method, path, status)
    assert set(schema["components"]["schemas"]["Problem"]["required"]) == {"type", "title", "status", "code", "detail"}


def test_what_can_be_matched_says_so(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("If-Match" in names) == (method == "patch"), (method, path)
