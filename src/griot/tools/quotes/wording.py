"""How quotes and invoices are put into words: dates, and the messages that carry the documents."""

from datetime import date

from griot.channels.model import Choice, Media, Reply
from griot.core.texts import text
from griot.tools.quotes.models import Document, Quote, QuoteLine

_LINES_NAMED = 8
_NAME_SHOWN = 50


def date_text(language: str | None, day: date) -> str:
    """``15 février 2026``, ``1er mars 2026``; the language's own names of the months."""
    month = text(language, "quotes.months").split()[day.month - 1]
    first = text(language, "quotes.first_of_month") if day.day == 1 else str(day.day)
    return f"{first} {month} {day.year}"


def options_text(options: dict[str, str]) -> str:
    """`` (M, rouge)``, empty without options."""
    return f" ({', '.join(options.values())})" if options else ""


def quote_ready(language: str | None, quote: Quote, *, replaces: Quote | None = None) -> Reply:
    """The quote as a document with the button that accepts it.

    ``replaces``: the thread's open quote from before ``make_quote``. When it is this very quote, the buyer reads that
    nothing has changed; when it is another, that the new one takes its place.
    """
    if replaces is not None and replaces.id == quote.id:
        news = text(language, "quotes.quote_same", number=quote.number)
    elif replaces is not None:
        news = text(language, "quotes.quote_replaced", number=quote.number, before=replaces.number)
    else:
        news = text(language, "quotes.quote_new", number=quote.number)
    body = text(
        language,
        "quotes.quote_ready",
        news=news,
        lines=_lines(language, quote),
        total=quote.total,
        deposit=text(language, "quotes.deposit", deposit=quote.deposit) if quote.deposit else "",
        wanted=text(language, "quotes.wanted_on", date=date_text(language, quote.wanted_on)) if quote.wanted_on else "",
        valid_until=date_text(language, quote.valid_until),
    )
    choices = (Choice(f"accept_quote:{quote.id}", text(language, "quotes.button_accept")),)
    media = Media("document", filename=f"{quote.number}.pdf", document=quote.document_id)
    return Reply(body, choices, media=media)


def invoice_ready(language: str | None, invoice: Document) -> Reply:
    """The invoice as a document."""
    body = text(language, "quotes.invoice_ready", number=invoice.number)
    return Reply(body, media=Media("document", filename=invoice.filename, document=invoice.id))


def _lines(language: str | None, quote: Quote) -> str:
    shown = [_line(language, line) for line in quote.lines[:_LINES_NAMED]]
    more = len(quote.lines) - len(shown)
    return "\n".join([*shown, text(language, "quotes.more_lines", count=more)] if more else shown)


def _line(language: str | None, line: QuoteLine) -> str:
    name = line.title + options_text(line.options)
    shown = name if len(name) <= _NAME_SHOWN else name[: _NAME_SHOWN - 1].rstrip() + "…"
    return text(language, "quotes.line", quantity=line.quantity, article=shown, total=line.total)
