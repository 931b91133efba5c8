"""The bank as the admin sees it: everything to be read, and the few verbs that need a reason."""

from payments.admin import books, cases, holds, people, queues

__all__ = ["books", "cases", "holds", "people", "queues"]
