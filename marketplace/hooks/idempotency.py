"""`Idempotency-Key`: the same request sent twice is done once and answered the same."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.hooks.models import KeptReply
from marketplace.kit.errors import Conflict, DomainError
from marketplace.users.models import User

HEADER = "Idempotency-Key"
LONGEST = 255
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(hours=24)
NEVER_KEPT = (401, 403, 429)


class OtherBody(DomainError):
    """The key was used for something else."""

    status = 422
    title = "This key was used for another request"


class Replayed(exceptions.APIException):
    """Carries a kept reply to the place where answers are made."""

    def __init__(self, kept: KeptReply) -> None:
        super().__init__()
        self.kept = kept

    def kept_reply(self) -> Response:
        """The first reply once more: a refusal is a refusal again, with its own content type."""
        status = self.kept.status or 200
        refused = "application/problem+json" if status >= 400 else None
        return Response(self.kept.body, status, headers={"Idempotent-Replayed": "true"}, content_type=refused)


class Idempotent(GenericAPIView[Any]):
    """A view whose POSTs may carry an Idempotency-Key."""

    _claim: KeptReply | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER, "")
        if request.method == "POST" and key and isinstance(request.user, User):
            self._claim = claim(request.user, key=key, request=request)

    def get_exception_handler(self) -> Any:
        usual = super().get_exception_handler()

        def answer(error: Exception, context: dict[str, Any]) -> Response | None:
            if isinstance(error, Replayed):
                return error.kept_reply()
            reply: Response | None = usual(error, context)
            if reply is None:
                self._forget()
            return reply

        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        kept, self._claim = self._claim, None
        if kept is not None and (response.status_code >= 500 or response.status_code in NEVER_KEPT):
            kept.delete()
        elif kept is not None:
            body = json.loads(JSONRenderer().render(response.data) or b"null")
            KeptReply.objects.filter(pk=kept.pk).update(status=response.status_code, body=body)
        return super().finalize_response(request, response, *args, **kwargs)

    def _forget(self) -> None:
        if self._claim is not None:
            self._claim.delete()
            self._claim = None


def claim(user: User, *, key: str, request: Request) -> KeptReply:
    """Take the key for this request. Raises Replayed when it was answered, Conflict while it runs."""
    if len(key) > LONGEST or not key.isprintable():
        raise exceptions.ParseError(f"An {HEADER} has at most {LONGEST} printable characters.")
    wanted = _hash(request)
    row, made = KeptReply.objects.get_or_create(user=user, key=key, defaults={"request_hash": wanted})
    if made:
        return row
    if row.at < timezone.now() - (LEASE if row.status is None else KEPT_FOR):
        if KeptReply.objects.filter(pk=row.pk, at=row.at, status=row.status).delete()[0]:
            return claim(user, key=key, request=request)
        raise Conflict("still_running", "The first request with this key is still running. Try again in a moment.")
    if row.request_hash != wanted:
        raise OtherBody("key_reused", "This Idempotency-Key belongs to a request with another content.")
    if row.status is None:
        raise Conflict("still_running", "The first request with this key is still running. Try again in a moment.")
    raise Replayed(row)


def _hash(request: Request) -> str:
    """What was asked: the method, the address, the fields and every byte of the files."""
    files = {name: [f.name, _digest(f)] for name, f in request.FILES.items()} if request.FILES else {}
    sent: Any = request.data
    fields = {name: sent[name] for name in sent if name not in files} if isinstance(sent, Mapping) else sent
    said = json.dumps([request.method, request.get_full_path(), fields, files], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def _digest(file: Any) -> str:
    read = hashlib.sha256()
    for part in file.chunks():
        read.update(part)
    file.seek(0)
    return read.hexdigest()
