"""What an import would do: only what the source changed, and nothing of it when the source looks broken."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from griot.knowledge.importing.merging.codes import new_code, speakable
from griot.knowledge.importing.merging.models import Known, OnSale, Plan, Terms
from griot.knowledge.importing.merging.offers import fields_of, offers_of, saying
from griot.knowledge.importing.merging.planning import plan
from griot.knowledge.importing.models import Doubt, Found, FoundProduct, FoundVariant

XOF = Terms("XOF")
DRESS = FoundProduct(
    "Robe wax",
    Decimal(15000),
    currency="XOF",
    source_id="7",
    variants=(
        FoundVariant({"taille": "S"}, stock=3),
        FoundVariant({"taille": "M"}, stock=0, price=Decimal(16000)),
    ),
)


def found(*products: FoundProduct, **more: Any) -> Found:
    return Found("shopify", products, **more)


def shelf(products: list[FoundProduct], terms: Terms = XOF) -> list[Known]:
    """The catalogue right after these were imported."""
    return [
        Known(
            id=number,
            code=new_code(offer.title, ()),
            fields=fields_of(offer),
            active=True,
            variants=tuple(
                OnSale(number * 10 + at, kind.options, kind.price.minor if kind.price else None, kind.stock)
                for at, kind in enumerate(offer.kinds)
            ),
            key=offer.key,
            said=saying(offer),
        )
        for number, offer in enumerate(offers_of(products, terms)[0], start=1)
    ]


def counts(steps: Plan) -> dict[str, int]:
    return {name: number for name in ("new", "changed", "unchanged", "gone") if (number := steps.count(name))}  # type: ignore[arg-type]


def doubts(steps: Plan) -> str:
    return " | ".join(f"{doubt.where}: {doubt.what} {doubt.do}" for doubt in steps.doubts)


@pytest.mark.parametrize(
    ("title", "own", "code"),
    [
        ("Robe longue en wax", None, "ROBE1"),
        ("Le grand sac à main", None, "SAC1"),
        ("Nouvelle chemise homme", "CHEM4", "CHEM4"),
        ("Théière émaillée", "SKU-0000-221-B", "THEIERE1"),
        ("Électroménager", None, "ELECTROM1"),
        ("3 x 2", None, "X1"),
        ("سروال", None, "ART1"),
        ("", None, "ART1"),
    ],
)
def test_a_code_can_be_said_and_typed(title: str, own: str | None, code: str) -> None:
    assert new_code(title, (), own) == code


def test_a_code_names_one_product() -> None:
    assert new_code("Robe bleue", {"ROBE1", "ROBE2"}) == "ROBE3"
    assert new_code("Robe bleue", {"RB7"}, "RB7") == "ROBE1"
    assert speakable("8690000112233") is None


def test_what_is_new_comes_in_with_its_variants() -> None:
    steps = plan(found(DRESS), [], XOF)
    (step,) = steps.steps
    assert step.change == "new" and step.offer is not None and step.code == "ROBE1"
    assert [(dict(kind.options), kind.price and kind.price.minor, kind.stock) for kind in step.kinds] == [
        ({"taille": "S"}, None, 3),
        ({"taille": "M"}, 16000, 0),
    ]
    assert not steps.doubts


def test_nothing_happens_twice() -> None:
    steps = plan(found(DRESS), shelf([DRESS]), XOF)
    assert counts(steps) == {"unchanged": 1}


def test_what_the_source_changed_is_taken_over_and_what_the_vendor_corrected_stays() -> None:
    (known,) = shelf([DRESS])
    known = replace(known, fields={**known.fields, "title": "Robe wax Ankara", "price_minor": 14000})
    (same,) = plan(found(DRESS), [known], XOF).steps
    assert same.change == "unchanged", "the source says what it said: the vendor's words stay"
    (dearer,) = plan(found(replace(DRESS, price=Decimal(17000))), [known], XOF).steps
    assert dearer.fields == {"price_minor": 17000} and dearer.says == ("price: 14000 -> 17000",)


def test_stock_moves_by_what_moved_at_the_source() -> None:
    (known,) = shelf([DRESS])
    sold_here = replace(known, variants=(replace(known.variants[0], on_hand=1), known.variants[1]))
    variants = (replace(DRESS.variants[0], stock=2), replace(DRESS.variants[1], stock=5))
    (step,) = plan(found(replace(DRESS, variants=variants)), [sold_here], XOF).steps
    assert dict(step.stock) == {10: -1, 11: 5}
    (emptied,) = plan(
        found(replace(DRESS, variants=(replace(DRESS.variants[0], stock=0), DRESS.variants[1]))), [sold_here], XOF
    ).steps
    assert dict(emptied.stock) == {10: -1}, "no more is taken out than there is"


def test_a_variant_that_is_gone_is_not_sold_any_more_and_a_new_one_is() -> None:
    variants = (DRESS.variants[1], FoundVariant({"taille": "L"}, stock=4))
    (step,) = plan(found(replace(DRESS, variants=variants)), shelf([DRESS]), XOF).steps
    assert dict(step.stock) == {10: -3}
    assert [dict(kind.options) for kind in step.kinds] == [{"taille": "L"}]


def test_a_source_that_forgets_the_variants_changes_no_stock() -> None:
    (step,) = plan(found(replace(DRESS, variants=(), stock=9)), shelf([DRESS]), XOF).steps
    assert (dict(step.stock), step.kinds, step.change) == ({}, (), "unchanged")


def goods(number: int, price: int = 1000) -> list[FoundProduct]:
    return [
        FoundProduct(f"Article {n}", Decimal(price), currency="XOF", source_id=str(n), stock=5) for n in range(number)
    ]


def test_what_is_no_longer_listed_goes_off_sale() -> None:
    steps = plan(found(*goods(8)), shelf(goods(10)), XOF)
    assert counts(steps) == {"unchanged": 8, "gone": 2}
    assert all(step.fields == {"active": False} for step in steps.steps if step.change == "gone")


def test_what_comes_back_is_on_sale_again() -> None:
    known = [replace(one, active=False) for one in shelf(goods(1))]
    (step,) = plan(found(*goods(1)), known, XOF).steps
    assert step.fields == {"active": True} and step.says == ("on sale again",)


def test_a_broken_source_takes_nothing_off_sale() -> None:
    steps = plan(found(*goods(3)), shelf(goods(300)), XOF)
    assert counts(steps) == {"unchanged": 3}
    assert "3 of the 300 products" in doubts(steps)
    assert counts(plan(found(*goods(3)), shelf(goods(300)), XOF, accept_gone=True)) == {"unchanged": 3, "gone": 297}


def test_what_was_not_read_is_not_gone() -> None:
    assert counts(plan(found(*goods(8), complete=False), shelf(goods(10)), XOF)) == {"unchanged": 8}


def test_a_variant_of_a_source_that_was_read_in_part_is_not_gone() -> None:
    small = replace(DRESS, variants=DRESS.variants[1:])
    assert counts(plan(found(small), shelf([DRESS]), XOF)) == {"changed": 1}
    assert counts(plan(found(small, complete=False), shelf([DRESS]), XOF)) == {"unchanged": 1}


def test_a_shop_that_is_read_in_another_way_is_not_doubled() -> None:
    """Its list of products told their ids; now that only pages answer, there are addresses."""
    pages = [replace(one, source_id=None, url=f"https://kadia.sn/{one.title}") for one in goods(6)]
    again = plan(found(*pages), shelf(goods(6)), XOF)
    assert counts(again) == {"unchanged": 6}
    other = replace(DRESS, source_id="99")
    assert counts(plan(found(DRESS, other), shelf([DRESS]), XOF)) == {"new": 1, "unchanged": 1}


def test_prices_that_all_slip_by_a_decimal_point_are_not_believed() -> None:
    steps = plan(found(*goods(10, price=100_000)), shelf(goods(10)), XOF)
    assert counts(steps) == {"unchanged": 10}
    assert "10 of 10 prices" in doubts(steps)
    assert counts(plan(found(*goods(10, price=1500)), shelf(goods(10)), XOF)) == {"changed": 10}


def test_what_cannot_be_sold_stays_out_and_says_why() -> None:
    steps = plan(
        found(
            replace(DRESS, title=" "),
            replace(DRESS, title="Sans prix", price=None, variants=()),
            replace(DRESS, title="Sans devise", currency=None),
            replace(DRESS, title="En euros", currency="EUR"),
            replace(DRESS, title="Au centime", price=Decimal("12.5"), variants=()),
        ),
        [],
        XOF,
    )
    assert (steps.steps, steps.left_out, steps.currency_needed) == ((), 5, True)
    for said in ("no title", "Sans prix: It has no price", "--currency", "priced in EUR, and the shop sells in XOF"):
        assert said in doubts(steps)


def test_a_stated_currency_is_for_amounts_that_name_none() -> None:
    steps = plan(found(replace(DRESS, currency=None)), [], Terms("XOF", stated="XOF"))
    assert (counts(steps), steps.currency_needed) == ({"new": 1}, False)


def test_in_stock_without_a_number_is_as_many_as_the_merchant_says() -> None:
    lamp = FoundProduct("Lampe", Decimal(9000), currency="XOF", availability="in_stock")
    gone = replace(lamp, title="Bougie", availability="out_of_stock")
    steps = plan(found(lamp, gone), [], Terms("XOF", pieces=4))
    assert [step.kinds[0].stock for step in steps.steps] == [4, 0]
    assert "how many pieces there are of 1 of the products" in doubts(steps)


def test_the_shops_own_article_is_met_not_doubled() -> None:
    (own,) = shelf([DRESS])
    own = replace(own, key=None, said=None, code="ROBE1")
    by_code = replace(DRESS, title="Robe en wax", sku="robe-1", source_id="99")
    (step,) = plan(found(by_code), [own], XOF).steps
    assert (step.change, step.product_id, step.fields) == ("changed", 1, {"title": "Robe en wax"})
    (step,) = plan(found(replace(DRESS, source_id="98")), [own], XOF).steps
    assert (step.change, step.product_id) == ("unchanged", 1), "the same title is the same article"


def test_one_product_listed_twice_comes_in_once() -> None:
    steps = plan(found(DRESS, DRESS), [], XOF)
    assert counts(steps) == {"new": 1} and "twice" in doubts(steps)


def test_a_source_that_stops_counting_takes_nothing_out() -> None:
    lamp = FoundProduct("Lampe", Decimal(9000), currency="XOF", stock=5)
    uncounted = replace(lamp, stock=None, availability="in_stock")
    assert counts(plan(found(uncounted), shelf([lamp]), XOF)) == {"unchanged": 1}
    out = replace(lamp, stock=None, availability="out_of_stock")
    (step,) = plan(found(out), shelf([uncounted]), XOF).steps
    assert list(step.stock.values()) == [-1]
    (step,) = plan(found(uncounted), shelf([out]), Terms("XOF", pieces=3)).steps
    assert list(step.stock.values()) == [3] and step.says == ("stock: +3",)


def test_what_the_reading_said_of_a_product_is_not_said_again() -> None:
    warned = Doubt("line 3", "“Sans prix” has no price.", "Write it.")
    steps = plan(found(FoundProduct("Sans prix", currency="XOF"), warnings=(warned,)), [], XOF)
    assert steps.doubts == (warned,)


@pytest.mark.parametrize(("stock", "pieces"), [(2, [1, 1, 0]), (4, [2, 1, 1]), (0, [0, 0, 0])])
def test_one_number_for_all_sizes_is_shared_out_and_never_sold_twice(stock: int, pieces: list[int]) -> None:
    sizes = tuple(FoundVariant({"pointure": size}) for size in ("38", "39", "40"))
    sandals = FoundProduct("Sandales", Decimal(9000), currency="XOF", stock=stock, variants=sizes)
    steps = plan(found(sandals), [], XOF)
    (step,) = steps.steps
    assert [kind.stock for kind in step.kinds] == pieces
    assert "one number of pieces for all variants of 1" in doubts(steps)


def test_a_size_that_is_out_has_no_share_and_counted_sizes_keep_their_numbers() -> None:
    out = FoundVariant({"taille": "S"}, availability="out_of_stock")
    shirt = FoundProduct(
        "Chemise", Decimal(9000), currency="XOF", stock=3, variants=(out, FoundVariant({"taille": "M"}))
    )
    (step,) = plan(found(shirt), [], XOF).steps
    assert [kind.stock for kind in step.kinds] == [0, 3]
    counted = replace(shirt, variants=(FoundVariant({"taille": "S"}, stock=2), FoundVariant({"taille": "M"})))
    (step,) = plan(found(counted), [], Terms("XOF", pieces=5)).steps
    assert [kind.stock for kind in step.kinds] == [2, 5]
