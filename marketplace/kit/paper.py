"""A printed page, as PDF: its text can be read out of it, and the same always gives the same bytes.

Letters: Latin, Greek, Cyrillic, Armenian and Georgian (fonts/). Others are drawn as “□”, never left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF, FontFace, XPos, YPos

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
BLACK, GREY, LINE, TINT, WARN = (0, 0, 0), (90, 90, 90), (200, 200, 200), (244, 244, 242), (160, 40, 20)
MARGIN, GAP = 18, 4
Row = Sequence[str]


@cache
def letters() -> frozenset[int]:
    """What can be written."""
    with TTFont(REGULAR) as font:
        return frozenset(font.getBestCmap())


def unwritable(text: str) -> str:
    """The letters of a text that are not in our fonts, each once."""
    return "".join(dict.fromkeys(letter for letter in text if letter not in "\r\n" and ord(letter) not in letters()))


def writable(text: str) -> str:
    """The text with a box in the place of what cannot be written."""
    return "".join(letter if letter == "\n" or ord(letter) in letters() else "□" for letter in text)


class _Sheet(FPDF):
    """The pages themselves: a warning at the head of each, its name and number at its foot."""

    def __init__(self, name: str, mark: str) -> None:
        super().__init__(format="A4")
        self.name, self.mark = name, mark
        self.set_lang("en")
        self.add_font("Sans", "", REGULAR)
        self.add_font("Sans", "B", BOLD)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 6)

    def header(self) -> None:
        if self.mark:
            self.say(self.mark, size=9, bold=True, colour=WARN)
            self.ln(GAP)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.say(f"{self.name} · {self.page_no()}", size=8, colour=GREY)

    def say(
        self, text: str, *, size: int, bold: bool = False, colour: tuple[int, int, int] = BLACK, width: float = 0
    ) -> None:
        self.set_font("Sans", "B" if bold else "", size)
        self.set_text_color(*colour)
        self.multi_cell(width, size * 0.5, writable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


class Paper:
    """A4, from top to bottom. ``at`` stands in the file as its date; ``mark`` is a warning at the head of each page."""

    def __init__(self, title: str, *, at: datetime, mark: str = "") -> None:
        self._sheet = _Sheet(title, mark)
        self._sheet.set_creation_date(at)
        self._sheet.set_title(title)
        self._sheet.add_page()

    def heading(self, text: str, *, size: int = 18) -> None:
        self._sheet.say(text, size=size, bold=True)
        self._sheet.ln(GAP)

    def note(self, text: str) -> None:
        self._sheet.say(text, size=9, colour=GREY)
        self._sheet.ln(GAP / 2)

    def sides(self, left: Row, right: Row) -> None:
        """Two columns; the first line of each says what it is."""
        sheet, top, bottom = self._sheet, self._sheet.get_y(), 0.0
        for place, lines in enumerate((left, right)):
            sheet.set_y(top)
            for number, line in enumerate(lines):
                sheet.set_x(MARGIN + place * sheet.epw / 2)
                sheet.say(line, size=10 if number else 9, colour=BLACK if number else GREY, width=sheet.epw * 0.48)
            bottom = max(bottom, sheet.get_y())
        sheet.set_y(bottom + GAP * 1.5)

    def facts(self, pairs: Iterable[Row]) -> None:
        self._grid(pairs, widths=(30, 70), ends=(), lines="NONE", head=False)

    def table(self, head: Row, rows: Iterable[Row], *, widths: Sequence[int], ends: Collection[int]) -> None:
        """A table with a head; ``ends`` are the columns of figures, which stand at the right."""
        self._grid([head, *rows], widths=widths, ends=ends, lines="HORIZONTAL_LINES", head=True)

    def _grid(
        self, rows: Iterable[Row], *, widths: Sequence[int], ends: Collection[int], lines: str, head: bool
    ) -> None:
        (sheet := self._sheet).set_font("Sans", size=9)
        sheet.set_text_color(*BLACK)
        sheet.set_draw_color(*LINE)
        style: dict[str, Any] = {"col_widths": tuple(widths), "borders_layout": lines, "first_row_as_headings": head}
        style |= {"text_align": tuple("RIGHT" if place in ends else "LEFT" for place in range(len(widths)))}
        style |= {"headings_style": FontFace(emphasis="BOLD", fill_color=TINT), "line_height": 5.5, "padding": 0.8}
        with sheet.table([[writable(cell) for cell in row] for row in rows], **style):
            pass
        sheet.ln(GAP)

    def finish(self) -> bytes:
        return bytes(self._sheet.output())
