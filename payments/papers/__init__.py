"""What people take to their tax office, on paper. Drawn from rows that never change, so drawn the same each time."""

from payments.papers.invoice import draw_invoice, facts_of, lines_of, notes_of, rows_of, title_of
from payments.papers.statement import HEADS, draw_statement, period, write_statement

__all__ = [
    "HEADS",
    "draw_invoice",
    "draw_statement",
    "facts_of",
    "lines_of",
    "notes_of",
    "period",
    "rows_of",
    "title_of",
    "write_statement",
]
