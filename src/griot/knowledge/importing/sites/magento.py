"""Magento 2: GraphQL over GET, which most shops leave open (wire/import.md §1)."""

from urllib.parse import urlencode, urljoin

from griot.knowledge.importing.sites.answers import document, inside, origin_of, whole
from griot.knowledge.importing.sites.visit import Visit, is_page_of, read_answer

PAGE = 100
_MOST_PAGES = 400
_PRICES = "price_range{minimum_price{final_price{value currency}}maximum_price{final_price{value currency}}}"
_PLAIN = (
    f"__typename sku name url_key url_suffix stock_status description{{html}}image{{url}}categories{{name}}{_PRICES}"
)
_MEMBERS = f"... on ConfigurableProduct{{variants{{attributes{{label code}}product{{sku stock_status {_PRICES}}}}}}}"


def _query(fields: str, page: int) -> str:
    return (
        f'{{products(filter:{{price:{{from:"0"}}}},pageSize:{PAGE},currentPage:{page})'
        f"{{total_count page_info{{total_pages}}items{{{fields}}}}}}}"
    )


async def walk_magento(visit: Visit, url: str) -> bool:
    """Take the products of a shop; False when it does not answer such questions."""
    for fields in (_PLAIN + _MEMBERS, _PLAIN):
        for page in range(1, _MOST_PAGES + 1):
            address = urljoin(origin_of(url), "/graphql?" + urlencode({"query": _query(fields, page)}))
            answer = await (visit.get if page > 1 else visit.attempt)(address)
            told = inside(document(answer.body), "data", "products") if answer else None
            if answer is None or not isinstance(told, dict):
                if page > 1:
                    visit.cut()
                break
            visit.expected = whole(told.get("total_count"))
            found = await read_answer(answer)
            new = 0 if is_page_of(found) else visit.basket.take(found, origin_of(url))
            visit.report()
            last = whole(inside(told, "page_info", "total_pages")) or 1
            if page < last and (not new or visit.basket.full or page == _MOST_PAGES):
                visit.cut()
                break
            if page >= last:
                break
        if len(visit.basket):
            return True
    return False
