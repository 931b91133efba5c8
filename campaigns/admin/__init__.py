"""The work as an admin sees it: nothing is edited by hand, and every decision takes a reason."""

from campaigns.admin import matching, work

__all__ = ["matching", "work"]
