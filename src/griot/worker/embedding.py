"""Large catalogues are embedded in the background, after an import and after a change of the model."""

from griot.core import logs
from griot.core.errors import FarEndError
from griot.core.house import House
from griot.knowledge.search.embedding import Embedder, embedder
from griot.knowledge.search.index import LARGE
from griot.knowledge.search.stored import service
from griot.worker.doors import shops_behind

log = logs.get(__name__)

_MOST = 5000  # titles of one shop in one go, so that no shop waits for the largest


async def embed_due(house: House, model: Embedder | None = None, more_than: int = LARGE) -> int:
    """Embed titles of every large catalogue that has some without a vector; how many."""
    model = model or embedder()
    embedded = 0
    for shop_id in await shops_behind(house, "door_vectors(%s, %s)", service.key_of(model), more_than):
        try:
            count = await service.embed_missing(house.db, shop_id, model, _MOST)
        except FarEndError as error:
            log.warning("a catalogue cannot be embedded now", shop_id=shop_id, why=str(error))
            break
        log.info("titles embedded", shop_id=shop_id, count=count)
        embedded += count
    return embedded
