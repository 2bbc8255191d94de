"""What was just offered and is taken: "le deuxième", "les deux", "celui à 3000", "the pure one"."""

from griot.agent.interpreter.answers import read_pick
from griot.agent.interpreter.asking import offered
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.quoting import asks_for_quote

_ASKS = 0.5


def picked(heard: Hearing) -> Choices | None:
    """The answer to "which one?", in the number that was wanted then; a quote when one had been asked for.

    A price picks the one that has it. What is only asked about, or changes what is quoted, is left to other rules.
    """
    asked = heard.brief.asked or {}
    if asked.get("kind") != "product" or "?" in heard.text or heard.chance("price_ask", "stock_ask") >= _ASKS:
        return None
    codes = _picked(heard)
    quoted = {line.code for line in heard.brief.quote.lines} if heard.brief.quote else set()
    if not codes or quoted & set(codes):
        return None
    said = heard.lines[0].quantity if heard.lines else heard.counts[0].value if len(heard.counts) == 1 else None
    count = said or int(asked.get("quantity") or 1)
    lines = [article(code, count, heard.options_said(code)) for code in codes]
    wanted_a_quote = any(asks_for_quote(said) for said in heard.earlier[:1])
    return choose("quote" if wanted_a_quote else "hold", lines=lines)


def _picked(heard: Hearing) -> tuple[str, ...]:
    """The articles of the last question that the message points at or names; none when it names another one."""
    codes = heard.memory.offered
    named = {code for line in heard.lines for code in (line.alternatives or (line.code,))}
    if not named <= set(codes):
        return ()
    pick = read_pick(heard.text, offered(heard))
    if pick is not None and pick.options:
        return pick.codes if len([code for code in codes if heard.options_in(heard.text, code)]) == 1 else ()
    if pick is not None:
        return pick.codes
    return tuple(named) if len(named) == 1 and len(heard.lines) == 1 else ()
