"""What the domain says when the answer is no. Views and API turn these into pages and problem+json."""

from typing import Any


class DomainError(Exception):
    """A refusal with a stable ``code`` for programs and a plain sentence for people."""

    status = 409
    title = "This can't be done now"

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts


class NotAllowed(DomainError):
    """The person may see the thing, but this act is not theirs to do."""

    status = 403
    title = "Not allowed"


class Conflict(DomainError):
    """The thing is no longer (or not yet) in a state where this makes sense."""

    status = 409


class Busy(DomainError):
    """Somebody holds what is needed; nothing was changed, and trying again in a moment is right."""

    status = 503
    title = "Busy right now"


class Invalid(DomainError):
    """The input is malformed. ``fields`` maps a field's name to its messages."""

    status = 400
    title = "Please check what you entered"

    def __init__(self, code: str, message: str, *, fields: dict[str, list[str]] | None = None, **facts: Any) -> None:
        super().__init__(code, message, **facts)
        self.fields = fields or {}

    @classmethod
    def at(cls, field: str, code: str, message: str) -> "Invalid":
        """One field is wrong, and the sentence about it says all there is to say."""
        return cls(code, message, fields={field: [message]})
