"""How a quote or an invoice looks: A4, one column of rows, fonts embedded, the same bytes for the same paper."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from griot.core.money import Money
from griot.tools.quotes.letters import printable
from griot.tools.quotes.paper import Paper, PaperLine, Sum

REGULAR, BOLD = "Griot", "Griot-Bold"
_FILES = {REGULAR: "Vera.ttf", BOLD: "VeraBd.ttf"}  # Bitstream Vera comes with reportlab: Latin letters and the euro

_INK, _MUTED, _ACCENT = HexColor("#1d2530"), HexColor("#667080"), HexColor("#0b5d4e")
_RULE, _SOFT = HexColor("#d8dee4"), HexColor("#f2f6f5")

_MARGIN = 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_FRAME = 6  # points that reportlab keeps free at each side of a page's text
_LOGO = (46 * mm, 20 * mm)
_SUMS_WIDTH = 92 * mm
_NARROWEST_ARTICLE = 46 * mm
_CODE_WIDTH, _QUANTITY_WIDTH = 23 * mm, 16 * mm
_SIZES = (8.5, 7.5, 6.5, 5.5)  # of the rows: smaller when the amounts are very long
_LONGEST = 300


def render(paper: Paper) -> bytes:
    """The document as PDF. Nothing in the texts is read as markup."""
    _fonts()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME,
        rightMargin=_MARGIN - _FRAME,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title=f"{paper.title} {paper.number}",
        author=_plain(paper.shop, 120),
        lang=paper.language,
        invariant=1,
    )
    story: list[Flowable] = [
        _head(paper),
        Spacer(0, 7 * mm),
        _buyer(paper),
        Spacer(0, 7 * mm),
        _rows(paper),
        Spacer(0, 5 * mm),
        KeepTogether([_foot(paper), Spacer(0, 9 * mm), _paragraph(paper.thanks, 10, _ACCENT, BOLD)]),
    ]
    document.build(story, canvasmaker=lambda *args, **options: _Pages(paper, *args, **options))
    return out.getvalue()


@cache
def _fonts() -> frozenset[int]:
    """Register the fonts once a process; returns the code points that they have."""
    glyphs: list[frozenset[int]] = []
    for name, file in _FILES.items():
        font = TTFont(name, file)
        pdfmetrics.registerFont(font)
        glyphs.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return glyphs[0] & glyphs[1]


class _Pages(Canvas):  # type: ignore[misc]
    """Pages that know how many they are: each is kept back until the last is drawn."""

    def __init__(self, paper: Paper, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._paper = paper
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._edges(number, len(self._kept))
            super().showPage()
        super().save()

    def _edges(self, number: int, count: int) -> None:
        """The accent at the top, the name and the number of the page at the bottom."""
        width, height = A4
        self.setFillColor(_ACCENT)
        self.rect(0, height - 4 * mm, width, 4 * mm, stroke=0, fill=1)
        self.setStrokeColor(_RULE)
        self.setLineWidth(0.5)
        self.line(_MARGIN, 14 * mm, width - _MARGIN, 14 * mm)
        self.setFillColor(_MUTED)
        self.setFont(REGULAR, 7)
        self.drawString(_MARGIN, 10 * mm, _plain(f"{self._paper.number}  ·  {self._paper.shop}", 90))
        self.drawRightString(width - _MARGIN, 10 * mm, self._paper.page.format(page=number, pages=count))


def _head(paper: Paper) -> Flowable:
    """Who sells on the left, what this is on the right."""
    seller: list[Flowable] = [_logo(paper.logo), Spacer(0, 3 * mm)] if paper.logo else []
    seller += [_paragraph(paper.shop, 15, _INK, BOLD, longest=80), Spacer(0, 1 * mm)]
    seller += [_paragraph(line, 8, _MUTED) for line in paper.about_shop]
    facts = Table(
        [[_paragraph(label, 8, _MUTED), _paragraph(value, 8, _INK, BOLD, right=True)] for label, value in paper.facts],
        colWidths=[43 * mm, 39 * mm],
        style=[*_TIGHT, ("LINEBELOW", (0, 0), (-1, -2), 0.5, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")],
        hAlign="RIGHT",
    )
    title: list[Flowable] = [
        _paragraph(paper.title, 22, _ACCENT, BOLD, right=True),
        _paragraph(paper.number, 11, _INK, BOLD, right=True),
        Spacer(0, 3 * mm),
        facts,
    ]
    return Table(
        [[seller, title]],
        colWidths=[_WIDTH - 82 * mm, 82 * mm],
        style=[*_NO_PADDING, ("VALIGN", (0, 0), (-1, -1), "TOP")],
    )


def _logo(data: bytes) -> Flowable:
    width, height = ImageReader(BytesIO(data)).getSize()
    scale = min(_LOGO[0] / width, _LOGO[1] / height)
    return Image(BytesIO(data), width * scale, height * scale, hAlign="LEFT")


def _buyer(paper: Paper) -> Flowable:
    name, *more = paper.buyer or ("",)
    lines = [_paragraph(paper.buyer_label, 7, _MUTED, BOLD), Spacer(0, 1.2 * mm)]
    lines += [_paragraph(name, 11, _INK, BOLD, longest=120)] if name else []
    lines += [_paragraph(line, 8.5, _MUTED) for line in more]
    style = [("BACKGROUND", (0, 0), (-1, -1), _SOFT), ("LINEBEFORE", (0, 0), (0, -1), 2.5, _ACCENT)]
    return Table(
        [[lines]],
        colWidths=[_WIDTH],
        style=[*style, ("LEFTPADDING", (0, 0), (-1, -1), 10), ("TOPPADDING", (0, 0), (-1, -1), 7),
               ("BOTTOMPADDING", (0, 0), (-1, -1), 8)],
    )  # fmt: skip


def _rows(paper: Paper) -> Flowable:
    size, unit, total = _amount_widths(paper)
    widths = [_CODE_WIDTH, _WIDTH - _CODE_WIDTH - _QUANTITY_WIDTH - unit - total, _QUANTITY_WIDTH, unit, total]
    head = [_paragraph(title, 7.5, white, BOLD, right=n > 1) for n, title in enumerate(paper.headings)]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), _ACCENT),
        ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LEFTPADDING", (0, 0), (-1, -1), 5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ]
    rows = [_row(line, size) for line in paper.lines]
    return Table([head, *rows], colWidths=widths, style=style, repeatRows=1)


def _row(line: PaperLine, size: float) -> list[Any]:
    article: list[Flowable] = [_paragraph(line.article, size, _INK)]
    if line.note:
        article.append(_paragraph(line.note, size - 1.5, _MUTED))
    return [
        _paragraph(line.code, size, _MUTED, longest=60),
        article,
        _paragraph(f"{line.quantity:,}".replace(",", " "), size, _INK, right=True),
        _amount(line.unit, size),
        _amount(line.total, size, BOLD),
    ]


def _amount_widths(paper: Paper) -> tuple[float, float, float]:
    """The size of the rows and the widths of their two amounts, so that no amount is ever broken."""
    for size in _SIZES:
        unit = _widest([line.unit for line in paper.lines], REGULAR, size, 29 * mm)
        total = _widest([line.total for line in paper.lines], BOLD, size, 29 * mm)
        if _WIDTH - _CODE_WIDTH - _QUANTITY_WIDTH - unit - total >= _NARROWEST_ARTICLE:
            break
    return size, unit, total


def _widest(amounts: Sequence[Money], font: str, size: float, least: float) -> float:
    return max([least, *(float(pdfmetrics.stringWidth(str(amount), font, size)) + 12 for amount in amounts)])


def _foot(paper: Paper) -> Flowable:
    """The terms on the left, what it comes to on the right."""
    terms: list[Flowable] = [_paragraph(paper.terms_label, 7, _MUTED, BOLD), Spacer(0, 1.5 * mm)]
    terms += [_paragraph(line, 8, _INK) for line in paper.terms]
    return Table(
        [[terms, _sums(paper.sums)]],
        colWidths=[_WIDTH - _SUMS_WIDTH, _SUMS_WIDTH],
        style=[*_NO_PADDING, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("RIGHTPADDING", (0, 0), (0, 0), 8 * mm)],
    )


def _sums(sums: Sequence[Sum]) -> Flowable:
    rows, style = [], [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 4.5),
                       ("BOTTOMPADDING", (0, 0), (-1, -1), 5.5), ("LEFTPADDING", (0, 0), (-1, -1), 7),
                       ("RIGHTPADDING", (0, 0), (-1, -1), 7)]  # fmt: skip
    for n, line in enumerate(sums):
        size, font, colour = (10.5, BOLD, white) if line.strong else (8.5, REGULAR, _INK)
        rows.append([_paragraph(line.label, size - 0.5, colour, font), _amount(line.amount, size, font, colour)])
        band: tuple[Any, ...] = ("LINEBELOW", (0, n), (-1, n), 0.5, _RULE)
        style.append(("BACKGROUND", (0, n), (-1, n), _ACCENT) if line.strong else band)
    widest = max(pdfmetrics.stringWidth(str(line.amount), BOLD, 10.5) for line in sums) + 16
    amounts = min(max(widest, 30 * mm), _SUMS_WIDTH - 30 * mm)
    return Table(rows, colWidths=[_SUMS_WIDTH - amounts, amounts], style=style)


class _Amount(Flowable):  # type: ignore[misc]
    """An amount at the right edge, on one line whatever its length, exactly as money is written everywhere."""

    def __init__(self, amount: Money, size: float, font: str, colour: Any) -> None:
        super().__init__()
        self._text, self._size, self._font, self._colour = str(amount), size, font, colour

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        self.width, self.height = available, self._size * 1.3
        needed = pdfmetrics.stringWidth(self._text, self._font, self._size)
        if needed > available:
            self._size *= available / needed
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setFont(self._font, self._size)
        self.canv.setFillColor(self._colour)
        self.canv.drawRightString(self.width, self.height - self._size, self._text)


def _amount(amount: Money, size: float, font: str = REGULAR, colour: Any = _INK) -> Flowable:
    return _Amount(amount, size, font, colour)


def _paragraph(
    text: str, size: float, colour: Any, font: str = REGULAR, *, right: bool = False, longest: int = _LONGEST
) -> Flowable:
    return Paragraph(escape(_plain(text, longest)), _style(size, colour, font, right))


@cache
def _style(size: float, colour: Any, font: str, right: bool) -> ParagraphStyle:
    options = {"alignment": TA_RIGHT} if right else {}
    return ParagraphStyle(
        f"{font} {size}", fontName=font, fontSize=size, leading=size * 1.32, textColor=colour, splitLongWords=1,
        **options,
    )  # fmt: skip


def _plain(text: str, longest: int) -> str:
    return printable(text, _fonts(), longest)


_NO_PADDING = [(side + "PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
_TIGHT = [
    *(("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 0)),
    *(("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)),
]
