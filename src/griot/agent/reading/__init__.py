"""What a buyer's message means when no model is needed."""

from griot.agent.reading.codes import CodeIndex
from griot.agent.reading.models import Reading, ReadingContext, Utterance
from griot.agent.reading.read import read

__all__ = ["CodeIndex", "Reading", "ReadingContext", "Utterance", "read"]
