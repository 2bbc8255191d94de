"""Everything the interpreter needs once, made or loaded before the first buyer waits for it."""

from griot.agent.interpreter.intents import intents
from griot.agent.interpreter.mood import mood
from griot.agent.interpreter.subjects import learnt
from griot.agent.interpreter.tongue import language_of
from griot.agent.reading.lexicon import lexicon
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.glossary import glossary


def warm() -> None:
    """Train or load the classifiers (seconds on the first start of a version, then a tenth) and read the word lists."""
    text = "bonjour, vous avez la robe en bleu ?"
    lexicon()
    glossary()
    intents().of(text)
    learnt().of(text)
    mood(text, ())
    language_of(text)
    embedder().embed([text])
