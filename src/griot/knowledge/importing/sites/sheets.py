"""A Google Sheet, read as the CSV that Google exports of one tab."""

from collections.abc import Mapping
from types import MappingProxyType

from griot.knowledge.importing.fetching.errors import AddressRefused, BadAnswer
from griot.knowledge.importing.fetching.fetcher import Fetcher
from griot.knowledge.importing.models import Found
from griot.knowledge.importing.reading import is_page
from griot.knowledge.importing.sites.visit import corrected, read_answer


def _private() -> AddressRefused:
    return AddressRefused(
        "This sheet is not shared", "open it, choose Share, then “Anyone with the link”, and give its address again"
    )


async def read_sheet(fetcher: Fetcher, export: str, columns: Mapping[str, str] = MappingProxyType({})) -> Found:
    """The products of a sheet. Its owner asks for this export by name, so robots.txt, which is for crawlers, is not.

    ``columns``: as the merchant names them. Raises FetchError; a sheet that is not shared answers with a page to sign
    in.
    """
    try:
        answer = await fetcher.fetch(export, crawl=False)
    except BadAnswer as error:
        if error.code in (401, 403):
            raise _private() from None
        if error.code in (400, 404, 410):
            raise AddressRefused(
                "Google finds no such sheet, or no such tab of it", "copy the address while the tab is open"
            ) from None
        raise
    if is_page(answer.body, answer.content_type):
        raise _private()
    return await corrected(await read_answer(answer), answer, columns)
