"""Write a small made-up account of Amazon.de whose stock also serves France, Italy and Spain (pan-EU).

    python data/pan_eu/make_pan_eu.py [TARGET]

Every product and number is invented. The same bytes come out of every run.
"""

import csv
import io
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

LAST, AD_DAYS = date(2026, 11, 23), 37
CURRENCIES = {"DE": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "UK": "GBP"}
# ASIN, title, price, units in the pool, units shipped in 30 days by store, ROAS and clicks a day on Amazon.de.
PRODUCTS = (
    ("B0EUPOOL01", "Trinkflasche Edelstahl 750 ml", 24.99, 400, {"DE": 120, "FR": 90, "IT": 70, "ES": 50}, 3.6, 12),
    ("B0EUPOOL02", "Backmatte Silikon, 3 Stück", 18.50, 900, {"DE": 60, "FR": 40, "IT": 30, "ES": 20}, 2.1, 16),
    ("B0EUPOOL03", "Faltbarer Hundenapf", 15.99, 90, {"DE": 80, "FR": 50, "IT": 20, "ES": 10}, 4.2, 9),
    ("B0EUONLY04", "Türstopper, 4 Stück", 12.99, 110, {"DE": 100}, 2.9, 8),
)
# What the United Kingdom has of its own: units in stock and shipped in 30 days.
BRITISH = {"B0EUPOOL01": (60, 45)}
AGES = ("0-to-90", "91-to-180", "181-to-270", "271-to-365", "366-to-455")
ACCOUNT = """\
# The name that reports show.
name = "Pan-EU sample"
# Its stock also serves Amazon.fr, Amazon.it and Amazon.es; sales in money and ads are those of Amazon.de.
marketplace = "DE"
# The number of days the business report was downloaded for: the file itself does not say.
sales_days = 30
"""


def stock_row(asin: str, title: str, price: float, store: str, units: int, sold: int) -> dict[str, object]:
    return {
        "snapshot-date": LAST, "sku": f"EU-{asin[-4:]}", "fnsku": f"X00{asin[-7:]}", "asin": asin,
        "product-name": title, "condition": "New", "available": units,
        **{f"inv-age-{age}-days": units if age == AGES[0] else 0 for age in AGES}, "inv-age-456-plus-days": 0,
        "currency": CURRENCIES[store], "units-shipped-t7": round(sold * 7 / 30), "units-shipped-t30": sold,
        "units-shipped-t60": 2 * sold, "units-shipped-t90": 3 * sold, "your-price": f"{price:.2f}",
        "sales-price": f"{price:.2f}", "item-volume": 0.0014, "volume-unit-measurement": "cubic meters",
        "marketplace": store, "inbound-quantity": 0,
    }  # fmt: skip


def inventory() -> Iterator[dict[str, object]]:
    """The units of the pool stand at every store that it serves; the British ones are others."""
    for asin, title, price, units, sold, _, _ in PRODUCTS:
        for store, shipped in sold.items():
            yield stock_row(asin, title, price, store, units, shipped)
        if asin in BRITISH:
            yield stock_row(asin, title, price, "UK", *BRITISH[asin])


def german(amount: float) -> str:
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))


def business() -> Iterator[dict[str, object]]:
    for asin, title, price, _, sold, _, _ in PRODUCTS:
        units = sold["DE"]
        yield {
            "(Parent) ASIN": asin, "(Child) ASIN": asin, "Title": title, "Sessions – Total": 10 * units,
            "Page views – Total": 13 * units, "Featured Offer (Buy Box) percentage": "97.00%", "Units ordered": units,
            "Ordered Product Sales": german(units * price), "Total order items": units,
        }  # fmt: skip


def advertising() -> Iterator[dict[str, object]]:
    """An order for every 50 cents x ROAS of the price, once it is earned: whole orders and the ROAS of the table."""
    for asin, _, price, _, _, roas, clicks in PRODUCTS:
        earned = 0.0
        for day in (LAST - timedelta(days=number) for number in range(AD_DAYS, 0, -1)):
            spend = clicks * 0.5
            earned += spend * roas / price
            orders, earned = int(earned), earned - int(earned)
            yield {
                "Date": day, "Currency": "EUR", "Campaign Name": f"Auto {asin[-4:]}",
                "Advertised SKU": f"EU-{asin[-4:]}", "Advertised ASIN": asin, "Impressions": 150 * clicks,
                "Clicks": clicks, "Spend": f"{spend:.2f}", "7 Day Total Sales ": f"{orders * price:.2f}",
                "7 Day Total Orders (#)": orders, "7 Day Total Units (#)": orders,
                "7 Day Advertised SKU Units (#)": orders, "7 Day Other SKU Units (#)": 0,
                "7 Day Advertised SKU Sales ": f"{orders * price:.2f}", "7 Day Other SKU Sales ": "0.00",
            }  # fmt: skip


def costs() -> Iterator[dict[str, object]]:
    for asin, _, price, _, _, _, _ in PRODUCTS:
        yield {
            "asin": asin, "landed_cost": f"{price * 0.25:.2f}", "referral_rate": 0.15, "fulfilment_fee": "3.40",
            "size_tier": "standard_parcel", "unit_weight": 0.4, "lead_time_days": "",
        }  # fmt: skip


def text(rows: Iterator[dict[str, object]]) -> bytes:
    first, *others = rows
    out = io.StringIO()
    writer = csv.DictWriter(out, list(first), lineterminator="\n")
    writer.writeheader()
    writer.writerows([first, *others])
    return out.getvalue().encode()


def main(target: Path) -> None:
    files = {
        "account.toml": ACCOUNT.encode(), "costs.csv": text(costs()), f"{LAST}/FBAInventory.csv": text(inventory()),
        f"{LAST}/BusinessReport.csv": text(business()),
        f"{LAST}/Sponsored_Products_Advertised_product_report.csv": text(advertising()),
    }  # fmt: skip
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
