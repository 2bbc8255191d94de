"""The program `griot`. Each command imports what it needs when it runs, so that `griot --help` is quick."""

import typer

from griot.cli import (
    channels,
    correction,
    customer,
    db,
    evals,
    extract,
    faq,
    importing,
    live,
    processes,
    quotes,
    search,
    shop,
    thread,
    users,
    voice,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Griot: from ROBE1 to paid, in messages.",
)
app.add_typer(db.app, name="db", help="The database: start, stop, status, migrate, psql, backup, restore.")
app.add_typer(shop.app, name="shop", help="Shops, their channel accounts and articles.")
app.add_typer(live.app, name="live", help="A live sale: start, stop, status, invoice by hand.")
app.add_typer(thread.app, name="thread", help="Conversations with a human: list, take-over, give-back.")
app.add_typer(
    customer.app, name="customer", help="Buyers, and which records are one person: list, show, merge, unmerge, invite."
)
app.add_typer(users.app, name="user", help="Who works in a shop, and keys of the public API.")
app.add_typer(channels.app, name="channels", help="What the receiver makes of a stored webhook body.")
app.add_typer(faq.app, name="faq", help="Questions that a shop has foreseen: load from a file, list.")
app.add_typer(correction.app, name="correction", help="What misunderstood messages meant: add, list, remove.")
app.command()(search.search)
app.command()(extract.extract)
app.command("import")(importing.import_)
app.add_typer(importing.app, name="source", help="Where the catalogue comes from: list, schedule.")
app.add_typer(evals.app, name="eval", help="Suites of conversations: run, compare, gate, check, list.")
app.add_typer(quotes.app, name="quote", help="Quotes and invoices: list, save as PDF, logo.")
app.add_typer(voice.app, name="voice", help="Voice notes: fetch the models, say a text, transcribe a recording.")
app.command()(processes.serve)
app.command()(processes.api)
app.command()(processes.worker)
app.command()(processes.console)
app.command()(processes.simulator)
app.command()(processes.demo)
app.add_typer(processes.bench, name="bench", help="Measurements, side by side with their baseline.")

if __name__ == "__main__":
    app()
