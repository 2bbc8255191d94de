"""What can be wrong with a model's answer."""

from langchain_core.messages.ai import UsageMetadata

from griot.core.errors import GriotError


class Unusable(GriotError):
    """A model answered, and nothing can be made of it; or it may not be asked again in this turn.

    ``usage``: what the answer cost, where its reader knows and nobody else can.
    """

    def __init__(self, message: str, usage: UsageMetadata | None = None) -> None:
        super().__init__(message)
        self.usage = usage
