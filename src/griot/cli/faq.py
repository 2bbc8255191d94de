"""`griot faq`: the questions that a shop has foreseen."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.knowledge.faq.models import NewFaq
    from griot.knowledge.importing.models import Doubt

app = typer.Typer(help="Questions that a shop has foreseen, with its own answers.", no_args_is_help=True)


@app.command()
@friendly
def load(
    source: Annotated[str, typer.Argument(help="A table with questions and answers, or a page: file or address.")],
    shop: ShopOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would come in.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the entries of a table, or of a page such as “our delivery”; what is known already is renewed."""
    entries, doubts = _read(source)

    async def work(house: "House", tx: "Tx", known: "Shop") -> None:
        from griot.knowledge.faq import service

        await service.save(tx, entries, house.clock.now())

    if not dry_run:
        in_shop(shop, work)
    for doubt in doubts:
        typer.echo(f"- {doubt.where}: {doubt.what} {doubt.do}", err=True)
    if as_json:
        emit({"saved": 0 if dry_run else len(entries), "entries": [_shown(entry) for entry in entries]}, as_json)
    else:
        emit([_shown(entry) for entry in entries] if dry_run else f"{len(entries)} entries saved.", as_json)


@app.command()
@friendly
def add(
    question: Annotated[str, typer.Argument(help="As buyers ask it.")],
    answer: Annotated[str, typer.Argument(help="What the shop answers.")],
    shop: ShopOption,
    key: Annotated[str | None, typer.Option(help="Name of the entry; made of the question when left out.")] = None,
    language: Annotated[str | None, typer.Option(help="fr, mg or en; the shop's when left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write one entry; a key that is known already gets the new question and answer."""
    from griot.knowledge.faq.models import NewFaq, key_of

    entry = NewFaq(key or key_of(question), question, answer, language)

    async def work(house: "House", tx: "Tx", known: "Shop") -> None:
        from griot.knowledge.faq import service

        await service.save(tx, [entry], house.clock.now())

    in_shop(shop, work)
    emit(_shown(entry), as_json)


@app.command()
@friendly
def suggest(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show what buyers asked and nobody had foreseen: questions that are worth an entry, the most asked first."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.knowledge.faq import service
        from griot.knowledge.search.unanswered import worth_answering
        from griot.tools.escalation.service import unanswered

        found = await worth_answering((await service.entries(tx)).values(), await unanswered(tx))
        return [{"question": one.question, "times": one.times, "last_at": one.last_at} for one in found]

    found = in_shop(shop, work)
    emit({"questions": found} if as_json else found or "Every question so far had an answer.", as_json)


def _read(source: str) -> "tuple[list[NewFaq], tuple[Doubt, ...]]":
    """The entries of a source, and what is doubtful in them."""
    from griot.cli.sources import body_of
    from griot.knowledge.faq.service import LANGUAGES
    from griot.knowledge.importing.answers.pages import answers_of
    from griot.knowledge.importing.answers.table import read_table
    from griot.knowledge.importing.reading import is_page

    got = body_of(source)
    if not is_page(got.body, got.content_type):
        return read_table(got.body, got.name), ()
    found = answers_of(got.body, url=got.url, content_type=got.content_type, languages=LANGUAGES)
    return list(found.entries), found.warnings


def _shown(entry: "NewFaq") -> dict[str, Any]:
    return {"key": entry.key, "question": entry.question, "answer": entry.answer, "language": entry.language}


@app.command("list")
@friendly
def list_entries(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show the entries."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.knowledge.faq import service

        return [
            {"key": entry.key, "language": entry.language, "question": entry.question, "answer": entry.answer}
            for entry in (await service.entries(tx)).values()
        ]

    entries = in_shop(shop, work)
    empty = f"There is no entry yet: `griot faq load FILE.csv --shop {shop}` brings some in."
    emit({"entries": entries} if as_json else entries or empty, as_json)
