"""Stripe's refusals: a status, a type, a code, a sentence, and the parameter at fault."""

from typing import Any


class ApiError(Exception):
    """A request answered with an error body. ``began`` says whether work had started (only then is it replayed)."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
        began: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.began = began
        fields = {"type": kind, "code": code, "message": message, "param": param, **extra}
        self.error = {name: value for name, value in fields.items() if value is not None}

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def malformed(message: str, param: str | None, code: str | None = None) -> ApiError:
    """The parameters fail validation: nothing began, so nothing is kept under the idempotency key."""
    return ApiError(message, code=code, param=param, began=False)


def unknown_param(name: str) -> ApiError:
    return malformed(f"Received unknown parameter: {name}", name, "parameter_unknown")


def missing_param(name: str) -> ApiError:
    return malformed(f"Missing required param: {name}.", name, "parameter_missing")


def no_such(what: str, thing_id: str, param: str | None = None) -> ApiError:
    """The named object does not exist (or belongs to somebody else): 404 in a path, 400 in a parameter."""
    status = 404 if param in {None, "id", what} else 400
    return ApiError(
        f"No such {what.replace('_', ' ')}: '{thing_id}'", code="resource_missing", param=param or "id", status=status
    )


def no_such_route(method: str, path: str) -> ApiError:
    return ApiError(
        f"Unrecognized request URL ({method}: {path}). The sandbox may not have it yet.", status=404, began=False
    )


def bad_key(message: str) -> ApiError:
    return ApiError(message, status=401, began=False)


def out_of_reach(account: str) -> ApiError:
    """The account is not one of ours, or not any more."""
    return ApiError(
        f"The provided key does not have access to account '{account[:40]}' (or that account does not exist).",
        status=403,
        code="account_invalid",
        began=False,
    )


def balance_insufficient(message: str) -> ApiError:
    return ApiError(message, code="balance_insufficient")
