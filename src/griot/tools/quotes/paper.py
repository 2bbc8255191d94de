"""A quote or an invoice on paper, in the buyer's language: every word and figure of it, nothing of how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import phonenumbers

from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.orders.models import Line, Order
from griot.tools.quotes.models import Letterhead, Priced, Quote
from griot.tools.quotes.taxes import Split, percent_text
from griot.tools.quotes.wording import date_text, options_text

NET_DAYS = 30
_CONTACT = ("name", "address", "phone", "email")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A row of the table. ``note`` stands small below the article."""

    code: str
    article: str
    note: str
    quantity: int
    unit: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Sum:
    """A line below the table; the one to remember is ``strong``."""

    label: str
    amount: Money
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on a document. Texts may hold anything a shop or a buyer writes; ``page`` has two blanks."""

    title: str
    number: str
    language: str
    shop: str
    about_shop: tuple[str, ...]
    logo: bytes | None
    buyer_label: str
    buyer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    headings: tuple[str, str, str, str, str]
    lines: tuple[PaperLine, ...]
    sums: tuple[Sum, ...]
    terms_label: str
    terms: tuple[str, ...]
    thanks: str
    page: str


def quote_paper(
    shop: Shop, head: Letterhead, buyer: str, quote: Quote, priced: Sequence[Priced], made_on: date
) -> Paper:
    """The paper of a quote. ``priced``: its lines with what a single piece costs."""
    words = _Words(head.language)
    until = words.date(quote.valid_until)
    sums = words.sums(shop, Split(quote.net, quote.tax, quote.total))
    terms = [words("terms_valid", date=until)]
    if quote.deposit:
        percent = percent_text(shop.deposit_percent, head.language)
        sums += [Sum(words("deposit", percent=percent), quote.deposit)]
        if quote.deposit != quote.total:
            sums += [Sum(words("balance"), quote.total - quote.deposit)]
        terms.append(words("terms_deposit", deposit=quote.deposit))
    else:
        terms.append(words(f"terms_{shop.payment_terms}"))
    terms.append(words("terms_accept"))
    facts = [(words("date"), words.date(made_on)), (words("valid_until"), until)]
    if quote.wanted_on:
        facts.append((words("wanted_on"), words.date(quote.wanted_on)))
    lines = [words.priced_line(item) for item in priced]
    return words.paper("quote", quote.number, shop, head, buyer, facts, lines, sums, terms)


def invoice_paper(
    shop: Shop,
    head: Letterhead,
    number: str,
    order: Order,
    amounts: Split,
    *,
    paid: Money,
    made_on: date,
    due_on: date | None,
) -> Paper:
    """The paper of an invoice. ``paid``: what has come in already; ``due_on``: by when the rest is to be paid."""
    words = _Words(head.language)
    sums = [Sum(words("discount"), Money(-order.discount.minor, order.discount.currency))] if order.discount else []
    sums += words.sums(shop, amounts)
    terms = []
    if paid.minor:
        sums.append(Sum(words("paid"), paid))
        sums.append(Sum(words("to_pay"), amounts.total - paid))
    facts = [(words("date"), words.date(made_on)), (words("order"), f"#{order.reference}")]
    if paid == amounts.total:
        terms.append(words("terms_paid"))
    elif due_on:
        facts.append((words("due"), words.date(due_on)))
        terms.append(words("terms_due", date=words.date(due_on)))
    else:
        terms.append(words("terms_balance", balance=amounts.total - paid))
    lines = [words.order_line(line) for line in order.lines]
    return words.paper("invoice", number, shop, head, head.buyer or "", facts, lines, sums, terms)


class _Words:
    """The labels of a document in one language: ``words("date")`` is the template ``quotes.pdf_date``."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, name: str, /, **values: object) -> str:
        return text(self._language, f"quotes.pdf_{name}", **values)

    def date(self, day: date) -> str:
        return date_text(self._language, day)

    def sums(self, shop: Shop, amounts: Split) -> list[Sum]:
        """Net, tax and total; where no tax is taken there is only a total."""
        if not shop.settings.tax_percent:
            return [Sum(self("total"), amounts.total, strong=True)]
        percent = percent_text(shop.settings.tax_percent, self._language)
        return [
            Sum(self("net"), amounts.net),
            Sum(self("tax", percent=percent), amounts.tax),
            Sum(self("gross"), amounts.total, strong=True),
        ]

    def priced_line(self, item: Priced) -> PaperLine:
        line, note = item.line, ""
        if item.from_quantity is not None:
            note = self("quantity_price", quantity=item.from_quantity, price=item.list_unit)
        article = line.title + options_text(line.options)
        return PaperLine(line.code, article, note, line.quantity, line.unit, line.total)

    def order_line(self, line: Line) -> PaperLine:
        article = line.title + options_text(line.options)
        return PaperLine(line.code, article, "", line.quantity, line.unit, line.total)

    def paper(
        self,
        kind: str,
        number: str,
        shop: Shop,
        head: Letterhead,
        buyer: str,
        facts: list[tuple[str, str]],
        lines: list[PaperLine],
        sums: list[Sum],
        terms: list[str],
    ) -> Paper:
        unit = self("unit")
        if shop.settings.tax_percent:
            unit = f"{unit} {self('unit_gross' if shop.settings.prices_include_tax else 'unit_net')}"
        return Paper(
            title=self(kind),
            number=number,
            language=self._language,
            shop=shop.name,
            about_shop=_about(shop),
            logo=head.logo,
            buyer_label=self("buyer"),
            buyer=tuple(line for line in (buyer.strip(), _phone(head.phone)) if line),
            facts=tuple(facts),
            headings=(self("code"), self("article"), self("quantity"), unit, self("line_total")),
            lines=tuple(lines),
            sums=tuple(sums),
            terms_label=self("terms"),
            terms=tuple(terms),
            thanks=self("thanks"),
            page=self("page", page="{page}", pages="{pages}"),
        )


def _about(shop: Shop) -> tuple[str, ...]:
    """Who sells: the legal name when it is another, address, ways to reach the shop, registrations."""
    legal = shop.settings.legal
    name = legal.get("name", "")
    reach = [legal.get("phone", ""), legal.get("email", "")]
    registered = [f"{key} {value.strip()}" for key, value in legal.items() if key not in _CONTACT]
    lines = [
        "" if name.strip() == shop.name else name,
        *legal.get("address", "").splitlines(),
        " · ".join(part for part in reach if part),
        *registered,
    ]
    return tuple(line.strip() for line in lines if line.strip())


def _phone(digits: str | None) -> str:
    """``+221 77 123 45 67``, grouped as the country does."""
    if not digits:
        return ""
    try:
        known = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    return phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
