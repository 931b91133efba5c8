"""What every row of ours carries."""

import secrets

from django.db import models

# Lower-case Crockford base 32: no i, l, o, u, so an id can be read out over the phone.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_public_id() -> str:
    """Fourteen random letters and digits: 70 bits, safe to show in a URL."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(14))


class Stamped(models.Model):
    """A row with a public id for URLs and the times it was made and last changed."""

    public_id = models.CharField(max_length=14, unique=True, default=new_public_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
