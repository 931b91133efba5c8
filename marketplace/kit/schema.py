"""What the description of the API says about refusals: one shape for all of them, on every operation."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457). `code` is stable and meant for programs; further members are its facts.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "example": 409},
        "code": {"type": "string", "example": "wrong_state"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Only with 400: a field's name and what is wrong with it.",
            "additionalProperties": True,
        },
    },
    "additionalProperties": True,
}
MEANINGS = {
    "400": "Malformed: `errors` names the fields.",
    "401": "No key, or not a live one.",
    "403": "You may see it, but this is never yours to do.",
    "404": "Not there, or not yours to see.",
    "409": "Not now: wrong state, too late, somebody was faster.",
    "412": "Changed since you read it (`If-Match`).",
    "422": "The `Idempotency-Key` belongs to a request with another content.",
    "429": "Too many requests; `Retry-After` says in how many seconds.",
    "503": "Busy; nothing was changed. Try again in a moment.",
}
METHODS = ("get", "post", "put", "patch", "delete")


def describe(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: adds the Problem schema, and to each operation the statuses it may refuse with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                operation["responses"] |= {status: _refusal(status) for status in _refusals(path, method, operation)}
                operation["parameters"] = operation.get("parameters", []) + _conditions(path, method)
    return result


def _refusals(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    takes = "requestBody" in operation or any(p["in"] == "query" for p in operation.get("parameters", []))
    told = {
        "400": takes,
        "404": "{" in path or "/me/" in path,
        "409": method != "get",
        "412": method == "patch",
        "422": keyed,
        "503": method != "get",
    }
    return sorted(["401", "403", "429", *(status for status, is_so in told.items() if is_so)])


def _refusal(status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": MEANINGS[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == "429":
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return answer


def _conditions(path: str, method: str) -> list[dict[str, Any]]:
    """The headers by which one thing is read or changed only when it is (not) as last seen."""
    name = {"get": "If-None-Match", "patch": "If-Match"}.get(method)
    if name is None or not path.endswith(("{public_id}/", "/me/profile/")):
        return []
    return [{"in": "header", "name": name, "schema": {"type": "string"}, "description": "An `ETag` of this thing."}]
