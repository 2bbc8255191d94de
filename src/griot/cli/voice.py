"""`griot voice`: what the shop hears and how it speaks."""

import typer

app = typer.Typer(no_args_is_help=True)
