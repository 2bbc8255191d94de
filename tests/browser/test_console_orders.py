"""The order book and the customers in a browser: orders are moved and taken down, and a buyer is forgotten."""

from axe_playwright_python.async_playwright import Axe

from console_world import LAPTOP, Console, Seat
from griot.tools.book.taking import NewOrder, Terms, WantedLine, take_down
from griot.tools.orders import queries
from griot.tools.orders.models import Order
from griot.tools.orders.service import put_back
from house_world import Number

EVIL = "<img src=x onerror=alert(1)>"


async def taken(console: Console, number: Number, terms: Terms, name: str = "Binta Sow") -> Order:
    world = console.world
    async with world.house.db.transaction(number.shop.id) as tx:
        given = NewOrder(name, "77 123 45 67", (WantedLine("ROBE1"),), terms=terms)
        return await take_down(tx, number.shop, given, str, world.house.clock.now())


async def order_now(console: Console, number: Number, order_id: int) -> Order:
    async with console.world.house.db.transaction(number.shop.id) as tx:
        order = await queries.load(tx, order_id)
    assert order is not None
    return order


async def readable(seat: Seat) -> None:
    found = await Axe().run(seat.page)
    assert found.violations_count == 0, found.generate_report()
    assert await seat.sticks_out() <= 0


async def test_an_order_is_dragged_into_the_column_where_it_is(console: Console, number: Number) -> None:
    order = await taken(console, number, "cash")
    worker = await console.worker(number)
    async with console.seat(worker, viewport=LAPTOP) as seat:
        page = seat.page
        await seat.go("/orders")
        await page.drag_and_drop(f".order-card[data-order='{order.id}']", ".orders-board > [data-stage=ready]")
        await page.wait_for_selector(f"[data-stage=ready] .order-card[data-order='{order.id}']")
        assert "Prête" in await seat.said()
        assert (await order_now(console, number, order.id)).fulfilment == "ready"
        # What is not paid is not dragged to where only paid orders go.
        fresh = await taken(console, number, "link")
        await page.wait_for_selector(f"[data-stage=new] .order-card[data-order='{fresh.id}']")  # by itself
        await page.drag_and_drop(f".order-card[data-order='{fresh.id}']", ".orders-board > [data-stage=ready]")
        await page.drag_and_drop(f".order-card[data-order='{fresh.id}']", ".orders-board > [data-stage=confirmed]")
        await page.get_by_role("button", name="Oui").click()
        await page.wait_for_selector(f"[data-stage=confirmed] .order-card[data-order='{fresh.id}']")
        assert (await order_now(console, number, fresh.id)).on_delivery


async def test_an_order_is_taken_down_and_moved_with_a_thumb(console: Console, number: Number, vendor: Seat) -> None:
    page = vendor.page
    await vendor.go("/orders/new")
    await readable(vendor)
    await page.fill("input[name=name]", EVIL)
    await page.fill("input[name=phone]", "77 123 45 67")
    await page.locator("input[name=articles]").first.fill("robe1")
    await page.locator("input[name=quantities]").first.fill("2")
    await page.get_by_label("À la livraison").check()
    await page.fill("textarea[name=address]", "Villa 12, Mermoz")
    await page.get_by_role("button", name="Enregistrer la commande").click()
    await page.wait_for_selector(".order-steps [aria-current=step]:has-text('Confirmée')")
    order_id = int(page.url.rpartition("/")[2])
    order = await order_now(console, number, order_id)
    assert (order.channel, order.on_delivery, order.lines[0].quantity) == ("phone", True, 2)
    assert await page.get_by_text(EVIL).count() >= 1 and await page.locator("#view img").count() == 0
    assert await page.get_by_text("Villa 12, Mermoz").count() == 1
    await readable(vendor)
    for step in ("Préparer", "Marquer prête", "Marquer livrée"):
        await vendor.go("/orders")
        await page.locator(f".chosen [data-order='{order_id}']").get_by_role("button", name=step).click()
        await page.wait_for_selector(".toast:not(:empty)")
        assert not await page.locator(".toast.bad:not(:empty)").count()
    await vendor.go("/orders?stage=delivered")
    await page.get_by_role("button", name="Encaisser 30 000 F CFA").click()
    await page.get_by_role("button", name="Oui").click()
    await page.wait_for_selector(".tabs [href*=paid]:has-text('1')")
    done = await order_now(console, number, order_id)
    assert (done.stage, done.means) == ("paid", "cash")
    answer = await page.request.get(f"{vendor.base}/files/orders.export?shop={number.shop.id}")
    assert answer.status == 200 and (await answer.text()).startswith('\ufeff"Référence"')


async def test_a_customer_is_forgotten_once_the_word_is_typed(console: Console, number: Number, vendor: Seat) -> None:
    order = await taken(console, number, "cash", "Aïda Ndiaye")
    async with console.world.house.db.transaction(number.shop.id) as tx:
        await put_back(tx, order.id, "delivered", console.world.house.clock.now())
    page = vendor.page
    await vendor.go("/customers?search=aida")
    await page.get_by_role("link", name="Aïda Ndiaye").click()
    await page.get_by_role("heading", name="Aïda Ndiaye").wait_for()
    await readable(vendor)
    await page.get_by_role("button", name="Effacer ce client…").click()
    await page.fill("dialog input[name=word]", "oui")
    await page.get_by_role("button", name="Effacer pour toujours").click()
    await page.wait_for_selector(".toast.bad:not(:empty)")
    assert await page.locator("dialog[open]").count() == 1
    await page.fill("dialog input[name=word]", "effacer")
    await page.get_by_role("button", name="Effacer pour toujours").click()
    await page.get_by_role("heading", name="Clients").wait_for()
    assert await page.locator("#view").get_by_text("Aïda").count() == 0
    [row] = await console.world.rows(
        number.shop.id, "SELECT name, phone, erased_at FROM customers WHERE shop_id = %(shop)s AND id = %(id)s",
        id=order.customer_id,
    )  # fmt: skip
    assert (row["name"], row["phone"]) == (None, None) and row["erased_at"] is not None
    await vendor.go(f"/orders/{order.id}")
    assert await page.get_by_role("link", name=f"Client n° {order.customer_id}").count() == 1
