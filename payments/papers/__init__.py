"""What people take to their tax office, on paper. Drawn from rows that never change, so drawn the same each time."""

from payments.papers.invoice import draw_invoice

__all__ = ["draw_invoice"]
