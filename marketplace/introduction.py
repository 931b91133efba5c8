"""What stands above the API's list of addresses: enough to send the first request."""

INTRODUCTION = """
Everything a page does can be done under `/api/v1/`, with the same rules and the same refusals.

**Getting in.** Make a key under [Account → API keys](/settings/keys/) and send it along:

    curl -H "Authorization: Bearer gw_…" https://…/api/v1/me/

**Reading.** Lists come newest first in pages by cursor: follow `next`, ask for up to 100 with `page_size`. A
parameter that nothing reads is refused. Money is `{"minor": 85000, "currency": "EUR", "text": "€850.00"}`: whole
minor units, never a float. Times are UTC with an offset. What you may not see is a 404.

**Acting.** Every thing with a life cycle carries its `state` and `actions`, the verbs you may use on it now: one
`POST` for each, like `POST /api/v1/offers/{id}/accept/`. Send an `Idempotency-Key` and nothing is done twice.

**Refusals** are [problem+json](https://www.rfc-editor.org/rfc/rfc9457) with a stable `code`: 400 malformed (`errors`
names the fields), 401 no key, 403 never yours, 404 not there, 409 not now, 422 an idempotency key used again,
429 too many (`Retry-After`).
"""
