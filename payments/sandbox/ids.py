"""Ids that look like Stripe's and come out the same for the same seed."""

import hashlib
import string

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def make_id(seed: str, prefix: str, number: int) -> str:
    """The ``number``-th id of this prefix: ``tr_1Q8…``, 24 letters and digits."""
    digest = int.from_bytes(hashlib.sha256(f"{seed}:{prefix}:{number}".encode()).digest())
    letters = []
    for _ in range(24):
        digest, place = divmod(digest, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return f"{prefix}_{''.join(letters)}"
