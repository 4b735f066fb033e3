"""Etsy (orders, items), eBay (English and German), Amazon (all orders, unshipped)."""

from __future__ import annotations

from dataclasses import replace

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Order, Status, answer, digits, story

ETSY, ETSY_ITEMS, EBAY = "etsy_SoldOrders_36", "etsy_SoldOrderItems_33", "ebay_orders_80"
AMAZON, UNSHIPPED = "amazon_all_orders_32", "amazon_unshipped_29"


def etsy() -> list[Made]:
    """No state: what went back is seen from the adjusted total. One order stands there twice."""
    statuses = (Status("", "completed"), Status("", "refunded"))
    told = story("etsy", statuses, digits(10), western=True)
    rows = [_etsy_row(order) for order in told]
    rows.insert(4, rows[3])
    right = replace(answer(told, len(rows), minutes=(), items=(), owed=True), aside={"twice": 1})
    british = {"Date Shipped": "Date Posted", "Ship City": "Delivery City", "Ship State": "Delivery State",
               "Ship Zipcode": "Delivery Zipcode", "Ship Country": "Delivery Country",
               "Shipping Discount": "Delivery Discount", "Shipping": "Delivery"}
    names = header(ETSY)
    uk = page([british.get(name, name) for name in names],
              [{british.get(name, name): text for name, text in row.items()} for row in rows])
    return [
        *made(ETSY, "EtsySoldOrders2025.csv", page(names, rows), right),
        Made(ETSY, "of a British shop", "EtsySoldOrders2025-8.csv", uk.csv(), right),
    ]


def _etsy_row(order: Order) -> Cells:
    first, _, last = order.buyer.person.partition(" ")
    return {
        "Sale Date": f"{order.at:%m/%d/%y}", "Order ID": order.id, "Buyer User ID": order.buyer.nick,
        "Full Name": order.buyer.person, "First Name": first, "Last Name": last,
        "Number of Items": str(order.pieces), "Payment Method": "Credit Card", "Ship City": order.buyer.town,
        "Currency": "USD", "Order Value": yuan(order.goods), "Discount Amount": yuan(order.discount),
        "Shipping Discount": "0.00", "Shipping": yuan(order.shipping), "Sales Tax": "0.00",
        "Order Total": yuan(order.due), "Card Processing Fees": "1.25", "Order Net": yuan(order.due - 125),
        "Adjusted Order Total": yuan(order.due - order.refund) if order.refund else "",
        "Buyer": f"{order.buyer.person} ({order.buyer.nick})", "Order Type": "online",
        "Payment Type": "online_cc",
    }


def etsy_items() -> list[Made]:
    """A row an item: the order is its items and, once, its postage."""
    told = story("etsy items", (Status("", "completed"),), digits(10), western=True, part_refund=False)
    told = tuple(replace(order, discount=0) for order in told)
    rows: list[Cells] = [{
        "Sale Date": f"{order.at:%m/%d/%y}", "Item Name": item.title,
        "Buyer": f"{order.buyer.person} ({order.buyer.nick})", "Quantity": str(item.quantity),
        "Price": yuan(item.price), "Discount Amount": "0.00", "Shipping Discount": "0.00",
        "Order Shipping": yuan(order.shipping), "Order Sales Tax": "0.00", "Item Total": yuan(item.total),
        "Currency": "USD", "Transaction ID": f"{int(order.id) + number}", "Listing ID": "1200000000",
        "Date Paid": f"{order.at:%m/%d/%Y}", "Ship Name": order.buyer.person, "Ship City": order.buyer.town,
        "Order ID": order.id, "Order Type": "online", "Listings Type": "listing",
    } for order in told for number, item in enumerate(order.items)]
    return made(ETSY_ITEMS, "EtsySoldOrderItems2025.csv", page(header(ETSY_ITEMS), rows),
                answer(told, len(rows), minutes=()))


def ebay() -> list[Made]:
    """A blank line first, a padding line third, sums below; an order of two items is a row and two more."""
    told = story("ebay", (Status("", "completed"), Status("", "open", paid=False)),
                 lambda chance, _: f"{chance.randrange(10, 30)}-{chance.randrange(10**4, 10**5)}-"
                 f"{chance.randrange(10**4, 10**5)}", western=True, part_refund=False)
    names = header(EBAY)
    rows = [row for number, order in enumerate(told) for row in _ebay_rows(order, number)]
    right = answer(told, len(rows), minutes=(), owed=True)
    commas = "," * (len(names) - 1)
    laid = page(names, rows, before=(commas,), below_header=(commas,), encoding="utf-8-sig", quote="all",
                after=(
        "", f'"{len(told)}","record(s) downloaded,","from Aug-01-25 00:00:00 to Dec-31-25 23:59:59"',
        "Seller ID : corner_shop",
    ))
    return [*made(EBAY, "eBay-OrdersReport-Dec-30-2025.csv", laid, right), _german(told)]


def _ebay_rows(order: Order, number: int) -> list[Cells]:
    day = f"{order.at:%b-%d-%y}"
    whole = {
        "Sales Record Number": str(300 + number), "Order Number": order.id,
        "Buyer Username": order.buyer.nick,
        "Buyer Name": order.buyer.person, "Buyer Email": order.buyer.email,
        "Ship To Name": order.buyer.person,
        "Ship To Phone": order.buyer.phone, "Ship To City": order.buyer.town, "Sale Date": day,
        "Paid On Date": day if order.paid_at else "",
    }
    money = {"Shipping And Handling": _dollars(order.shipping), "Total Price": _dollars(order.due)}
    lines = [
        {"Item Number": str(110_000_000_000 + item.price), "Item Title": item.title,
         "Quantity": str(item.quantity), "Sold For": _dollars(item.price), "Transaction ID": str(item.price)}
        for item in order.items
    ]
    if len(lines) == 1:
        return [{**whole, **lines[0], **money}]
    few = {name: whole[name] for name in ("Sales Record Number", "Order Number", "Buyer Username",
                                          "Sale Date",
                                          "Paid On Date")}
    return [{**whole, "Sold For": _dollars(order.goods), **money}, *({**few, **line} for line in lines)]


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02d}"


_MONTHS = ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")


def _german(told: tuple[Order, ...]) -> Made:
    """The German form, in the words of the German site."""
    names = ("Verkaufsprotokollnummer", "Bestellnummer", "Nutzername des Käufers", "Name des Käufers",
             "E-Mail des Käufers", "Artikelbezeichnung", "Anzahl", "Verkauft für", "Verpackung und Versand",
             "Gesamtbetrag", "Verkauft am", "Zahlungsdatum")
    single = [order for order in told if len(order.items) == 1]
    rows = []
    for number, order in enumerate(single):
        day = f"{order.at.day}-{_MONTHS[order.at.month - 1]}-{order.at:%y}"
        rows.append(dict(zip(names, (
            str(number), order.id, order.buyer.nick, order.buyer.person, order.buyer.email,
            order.items[0].title, str(order.pieces), _euros(order.goods), _euros(order.shipping),
            _euros(order.due), day, day if order.paid_at else "--",
        ), strict=True)))
    laid = page(names, rows, mark=";", encoding="utf-8-sig")
    return Made(EBAY, "German", "eBay-Bestellbericht.csv", laid.csv(),
                answer(single, len(rows), minutes=(), owed=True))


def _euros(cents: int) -> str:
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02d} €"


AMAZON_STATUSES = (
    Status("Shipped", "completed"), Status("Unshipped", "completed"), Status("Pending", "open", paid=False),
    Status("Cancelled", "void", paid=False), Status("Shipped - Delivered to Buyer", "completed"),
)


def _amazon_id(chance: object, _at: object) -> str:
    return f"11{chance.randint(1, 9)}-{chance.randrange(10**6, 10**7)}-{chance.randrange(10**6, 10**7)}"


def amazon() -> list[Made]:
    """TAB-separated, a row an item, nobody named; a cancelled order has neither price nor pieces."""
    told = story("amazon", AMAZON_STATUSES, _amazon_id, western=True, part_refund=False)
    rows = [row for order in told for row in _amazon_rows(order)]
    laid = page(header(AMAZON), rows, mark="\t")
    right = answer(told, len(rows), buyer=lambda _: None, owed=True)
    right = replace(right, orders={
        one: replace(what, cents=None, pieces=0) if what.state == "void" else what
        for one, what in right.orders.items()
    })
    noted = replace(laid, before=("All orders report", "Times are in UTC", ""))
    return [
        *made(AMAZON, "20251230_orders.txt", laid, right),
        Made(AMAZON, "notes above", "20251230_orders.txt", noted.csv(), right),
    ]


def _amazon_rows(order: Order) -> list[Cells]:
    """Postage and discount stand on the first item."""
    off = order.status.state == "void"
    rows: list[Cells] = []
    for number, item in enumerate(order.items):
        first = number == 0
        rows.append({
            "amazon-order-id": order.id, "merchant-order-id": order.id,
            "purchase-date": f"{order.at:%Y-%m-%dT%H:%M:%S}+00:00", "order-status": order.status.word,
            "fulfillment-channel": "Amazon", "sales-channel": "Amazon.com", "ship-service-level": "Standard",
            "product-name": item.title, "sku": f"SKU-{item.price}", "asin": "B000000000",
            "item-status": order.status.word, "quantity": "0" if off else str(item.quantity),
            "currency": "" if off else "USD", "item-price": "" if off else yuan(item.total),
            "shipping-price": yuan(order.shipping) if first and order.shipping and not off else "",
            "item-promotion-discount": yuan(order.discount) if first and order.discount and not off else "",
            "ship-city": order.buyer.town, "ship-country": "US", "is-business-order": "false",
        })
    return rows


def unshipped() -> list[Made]:
    """What is still to be sent: paid, with the buyer's name and her address at Amazon."""
    told = story("amazon unshipped", (Status("", "completed"),), _amazon_id, western=True, part_refund=False)
    told = tuple(replace(order, discount=0) for order in told)
    rows: list[Cells] = [{
        "order-id": order.id, "order-item-id": f"7{item.price:013d}",
        "purchase-date": f"{order.at:%Y-%m-%dT%H:%M:%S}+00:00",
        "payments-date": f"{order.paid_at:%Y-%m-%dT%H:%M:%S}+00:00",
        "buyer-email": f"{order.buyer.phone[-5:]}@marketplace.example.com", "buyer-name": order.buyer.person,
        "buyer-phone-number": order.buyer.phone, "sku": f"SKU-{item.price}", "product-name": item.title,
        "quantity-purchased": str(item.quantity), "currency": "USD", "item-price": yuan(item.total),
        "item-tax": "0.00", "shipping-price": yuan(order.shipping if number == 0 else 0),
        "shipping-tax": "0.00",
        "recipient-name": order.buyer.person, "ship-city": order.buyer.town,
    } for order in told for number, item in enumerate(order.items)]
    return made(UNSHIPPED, "unshipped.txt", page(header(UNSHIPPED), rows, mark="\t"),
                answer(told, len(rows), buyer=lambda order: order.buyer.person))
