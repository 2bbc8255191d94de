"""A phone number given where the channel names nobody by phone: whoever has it is asked whether it is theirs."""

from griot.agent.comments import is_public
from griot.agent.interpreter.contacts import phones_in
from griot.agent.models import Scene


def number_given(scene: Scene) -> str | None:
    """The one number (E.164 without '+') in what the buyer wrote in private, of a buyer who is not known by phone."""
    if scene.customer.phone is not None:
        return None
    written = [m.text for m in scene.thread.messages if m.kind == "text" and m.text and not is_public(m)]
    numbers = {phone.number.lstrip("+") for words in written for phone in phones_in(words, scene.shop.country)}
    return numbers.pop() if len(numbers) == 1 else None
