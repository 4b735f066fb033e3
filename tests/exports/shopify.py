"""Shopify (79 columns) and WooCommerce (its analytics in several languages, the order export plugin)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Answer, Order, Status, answer, digits, story

SHOPIFY, FRENCH, PLUGIN = "shopify_79", "woocommerce_analytics_fr_10", "woocommerce_advanced_order_export"
SHOPIFY_STATUSES = (
    Status("paid", "completed"),
    Status("pending", "open", paid=False),
    Status("voided", "void", paid=False),
    Status("refunded", "refunded"),
)


def _rows(order: Order, number: int) -> list[Cells]:
    """What is about the whole order stands on its first line only. Her name is spelled now so, now so."""
    part = 0 < order.refund < order.due
    guest = {2: ("", order.buyer.phone), 5: ("", "")}.get(number, (order.buyer.email, ""))
    person = order.buyer.person.upper() if number % 3 == 0 else order.buyer.person
    whole = {
        "Email": guest[0], "Financial Status": "partially_refunded" if part else order.status.word,
        "Paid at": _written(order.paid_at) if order.paid_at else "", "Fulfillment Status": "fulfilled",
        "Accepts Marketing": "no", "Currency": "USD", "Subtotal": yuan(order.goods - order.discount),
        "Shipping": yuan(order.shipping), "Taxes": "0.00", "Total": yuan(order.due),
        "Discount Amount": yuan(order.discount), "Created at": _written(order.at), "Billing Name": person,
        "Billing City": order.buyer.town, "Billing Zip": "'01234", "Phone": guest[1],
        "Refunded Amount": yuan(order.refund), "Outstanding Balance": "0.00", "Id": f"50{number:011d}",
        "Risk Level": "Low", "Source": "web",
    }
    lines: list[Cells] = [
        {"Name": order.id, "Lineitem quantity": str(item.quantity), "Lineitem name": item.title,
         "Lineitem price": yuan(item.price), "Lineitem sku": f"SKU-{item.price}", "Vendor": "Corner Shop"}
        for item in order.items
    ]
    return [{**lines[0], **whole}, *lines[1:]]


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} -0500"


def _serial(text: str) -> str:
    """As Excel shows a time in a column formatted as a number: days since the end of 1899."""
    at = datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S")
    since = at - datetime(1899, 12, 30)
    return f"{since.days + since.seconds / 86400:.9f}"


def shopify() -> list[Made]:
    """As exported, and saved again in Excel: times have become serial numbers."""
    told = story("shopify", SHOPIFY_STATUSES, _hash_ids(), western=True)
    numbered = [row for number, order in enumerate(told) for row in _rows(order, number)]
    laid = page(header(SHOPIFY), numbered)
    guests = {told[2].id: told[2].buyer.phone, told[5].id: None}
    right = answer(told, len(numbered), buyer=lambda order: guests.get(order.id, order.buyer.email),
                   owed=True)
    resaved = [{**row,
                **{name: _serial(str(row[name])) for name in ("Created at", "Paid at") if row.get(name)}}
               for row in numbered]
    times = ("Created at", "Paid at", "Total", "Refunded Amount", "Lineitem quantity", "Lineitem price")
    saved = page(header(SHOPIFY), resaved)
    return [
        *made(SHOPIFY, "orders_export_1.csv", laid, right, keep=("Email", "Phone")),
        Made(SHOPIFY, "saved again in Excel, csv", "orders_export_1.csv", saved.csv(), right),
        Made(SHOPIFY, "saved again in Excel, xlsx", "orders_export_1.xlsx", saved.xlsx(numbers=times), right),
    ]


def _hash_ids():
    numbers = iter(range(1001, 2000))
    return lambda _chance, _at: f"#{next(numbers)}"


_WORDS = {
    "fr": ("Terminée", "En cours", "Attente paiement", "Annulée", "Remboursée", "Échouée"),
    "en": ("Completed", "Processing", "Pending payment", "Cancelled", "Refunded", "Failed"),
    "de": ("Abgeschlossen", "In Bearbeitung", "Zahlung ausstehend", "Storniert", "Erstattet",
    "Fehlgeschlagen"),
}
_ENGLISH = ("Date", "Order #", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)",
            "N. Revenue", "Attribution")
_GERMAN = ("Datum", "Bestellung #", "Status", "Kunde", "Kundentyp", "Produkt(e)", "Verkaufte Artikel",
           "Gutschein(e)", "Nettoumsatz", "Zuordnung")


def _woo_statuses(lang: str) -> tuple[Status, ...]:
    done, busy, waiting, off, back, failed = _WORDS[lang]
    return (
        Status(done, "completed"), Status(busy, "completed"), Status(waiting, "open", paid=False),
        Status(off, "void", paid=False), Status(back, "refunded"), Status(failed, "lapsed", paid=False),
    )


def analytics() -> list[Made]:
    """Net sales, without postage; a part refund is a line below zero; the words in whose language exports."""
    found: list[Made] = []
    for lang, names in (("fr", header(FRENCH)), ("en", _ENGLISH), ("de", _GERMAN)):
        told = [replace(order, shipping=0)
                for order in story(f"woo {lang}", _woo_statuses(lang), digits(5), western=True)]
        told = [replace(order, refund=min(order.due, order.refund)) for order in told]
        rows = [dict(zip(names, (
            f"{order.at:%Y-%m-%d %H:%M:%S}", order.id, order.status.word, order.buyer.person, "returning",
            ", ".join(f"{item.quantity}× {item.title}" for item in order.items), str(order.pieces), "",
            yuan(order.due), "Direct",
        ), strict=True)) for order in told]
        rows += [{**row, names[5]: "", names[6]: "0", names[8]: f"-{yuan(order.refund)}"}
                 for row, order in zip(rows, told, strict=True) if 0 < order.refund < order.due]
        right = answer(told, len(rows), buyer=lambda order: order.buyer.person, owed=True)
        laid = page(names, rows)
        if lang == "fr":
            found += made(FRENCH, "commandes.csv", laid, right)
        else:
            found.append(Made(FRENCH, f"in {lang}", "orders.csv", laid.csv(), right))
    return found


def plugin() -> list[Made]:
    """The plugin's first layout has no amount, so that nothing in it can count; two more of its columns
    mend that. A row an item.
    """
    told = story("woo plugin", _woo_statuses("en"), digits(5), western=True)
    right = answer(told, 0, buyer=lambda order: order.buyer.email, owed=True)
    found = []
    for how, more in (("as exported", ()), ("with amounts", ("Order Total Amount", "Order Refund Amount"))):
        names = (*header(PLUGIN), *more)
        rows = [{name: text for name, text in row.items() if name in names}
                for order in told for row in _plugin_rows(order)]
        laid = page(names, rows)
        expected = replace(right, lines=len(rows))
        if not more:
            expected = Answer({}, len(rows), aside={"no amount": len(rows)}, customers=0)
        found.append(Made(PLUGIN, how, "orders-2025-12-30.csv", laid.csv(), expected))
    found.append(Made(PLUGIN, "columns shuffled", "orders-2025-12-30.csv", laid.shuffled().csv(), expected))
    found.append(Made(PLUGIN, "columns dropped", "orders-2025-12-30.csv", laid.dropped().csv(), expected))
    return found


def _plugin_rows(order: Order) -> list[Cells]:
    first, _, last = order.buyer.person.partition(" ")
    return [{
        "Order Number": order.id, "Order Status": order.status.word,
        "Order Date": f"{order.at:%Y-%m-%d %H:%M}",
        "First Name (Billing)": first, "Last Name (Billing)": last, "City (Billing)": order.buyer.town,
        "Email (Billing)": order.buyer.email, "Phone (Billing)": order.buyer.phone,
        "First Name (Shipping)": first, "Last Name (Shipping)": last, "Item #": str(number),
        "SKU": f"SKU-{item.price}", "Name": item.title, "Quantity": str(item.quantity),
        "Order Total Amount": yuan(order.due), "Order Refund Amount": yuan(order.refund),
    } for number, item in enumerate(order.items, 1)]
