"""What the supply side tells upward. Receivers get ``creator_ids``: the creators whose texts, figures, prices or
listing changed. Sent once the change is in the database.
"""

from django.dispatch import Signal

creator_changed = Signal()
