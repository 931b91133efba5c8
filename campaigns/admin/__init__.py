"""The work as an admin sees it: nothing is edited by hand, and every decision takes a reason."""

from campaigns.admin import conversation, matching, work

__all__ = ["conversation", "matching", "work"]
