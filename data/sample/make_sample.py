"""Write a made-up seller account in the exact shape of Amazon's downloads.

    python data/sample/make_sample.py [TARGET]

Every product, number and name is invented. The same bytes come out of every run.
"""

import csv
import io
import itertools
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, pairwise
from math import prod
from pathlib import Path
from random import Random
from string import ascii_uppercase
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

LAST = date(2026, 11, 23)
SNAPSHOTS = (date(2026, 11, 9), date(2026, 11, 16), LAST)
SALES_DAYS, AD_DAYS, HISTORY_DAYS = 30, 38, 104
# The advertising days before, in and after the thirty that are settled at the last snapshot.
AD_SPANS = ((51, 14), (37, 30), (7, 8))

# As of the last snapshot: age span of the stock in days, units in stock ("-": not in the inventory report),
# units received in each of the last two weeks and on their way ("." for none), units ordered in 30 days,
# units in a month before that, then of the settled advertising days: ROAS, clicks, cost per click, and the
# percentage of orders that went to other products.
PRODUCTS_TEXT = """
B0K7M2QXRA K 24.99    0-45  180  0/60/300  420 380 4.1  700 0.85 12 Silicone Baking Mat, Set of 3
B0P4D8WTLN P 18.50    0-60  240         .  380 340 3.6  620 0.72  8 Collapsible Dog Bowl – 2 Pack
B0E9V3HCJQ E 15.99    0-50  300 0/200/500  900 700 3.6 1100 0.55 22 USB-C Cable 6 ft, Braided
B0G2R6YNFS G 32.00    0-70   95         .  140 150 5.1  260 0.95  0 Bypass Pruning Shears, 8" Blade
B0T5L1ZKVB T 21.49    0-40  120   0/0/250  260 200 3.6  540 0.70 15 磁力片积木 60 片装
B0K3N9PDWE K 27.99    0-55  160 0/100/200  250 240 3.7  620 0.90 10 不锈钢保温杯 500ml
B0P8S4XMGH P 22.95    0-80  450 120/0/200  400 380 3.9  600 0.80 18 Cat Fountain Filter – 8 Count
B0K6T2BLQY K 19.99    0-75  330         .  300 310 3.7  480 0.78  9 Glass Food Container\xa0Lids, 5 pc
B0G5H9WKTP G 41.50    0-90  210         .  160 170 4.6  300 1.20  5 +Plus Garden Kneeler and Seat
B0T3Q8JYDM T 34.99    0-65  260   0/0/600  280 230 4.4  420 1.10  7 Wooden Train Set, 42 pieces
9788015328 O 17.95   10-80  150         .  120 110 4.1   34 0.60  0 The Sourdough Notebook
B0O2F6VBKX O 26.50    0-85  380   0/0/500  330 300 3.5  520 0.92 11 Bamboo Desk Organiser – 6 Slots
B0E4W9LDTC E 11.99    0-50  130    0/80/0  300 280 1.9  640 0.62 16 Screen Protector 3 Pack
B0K9B5GXNM K 16.50    0-70   90         .  160 190 1.4  380 0.88  6 Garlic Press with Peeler
B0P1Y7HQSF P 29.00    0-60  210  0/90/240  320 300 2.3  700 1.05 12 No-Pull Dog Harness\xa0(M)
B0T8J3KRWV T 14.95    0-95  400         .  320 330 1.7  620 0.66 14 Bath Squirt Animals, 12 ct
B0E6K4YFQH E  9.99    0-80  800 0/300/400  640 600 2.1  760 0.41 18 磁吸手机支架
B0K1R7VSJC K 45.00   20-90   60         .   52  55 1.9   28 1.70  0 Cast Iron Grill Press
B0WOC8CASE O 29.99   0-110 2000         . 1000 960 3.4 2000 1.20 10 Foldable Storage Cube
B0P6M3TDLK P 35.00   0-120  520         .  260 250 3.6  420 1.10 13 Orthopedic Pet Bed – Small
B0K4Q9ZHWB K 52.00  10-140  300         .  110 120 4.0  340 1.35  8 Pour-Over Coffee Set, 7 pc
B0E2T8PVGY E 19.95   0-110  940         .  520 490 3.3  720 0.74 21 Wireless Charging Pad 15W
B0T7C5MLSN T 24.00  40-175  480         .   90 100 4.7  180 0.82  3 儿童画板套装
B0O8D2KWFQ O 60.00  30-150   70         .   22  24 4.2   31 1.85  0 Walnut Monitor Riser
B0G4W7BTXC G 29.90    0-60  260   0/292/0   75 190 3.6  250 0.96  9 Plant Grow Bags 7 gal, 6 ct
B0X3V6BHTJ X 28.99    0-75 1400 600/400/0  380  40 3.6  620 0.98 12 Snowflake Projector Light
B0X9L4RCZP X 17.49    0-80 2200 900/500/0  460  60 2.2  740 0.80 17 Felt Advent Calendar – Reindeer
B0K2W6FNYT K 18.99   0-120  300         .  170 180 2.0  420 0.83 10 Salad Spinner, Compact
B0P5G1CQXM P 12.50   0-110  260         .  160 170 1.6  400 0.58  9 Lint Roller Refills, 10 ct
B0E7R4SDKV E 22.00  10-150  520         .  200 240 1.8  560 0.90 15 Bluetooth Shutter Tripod
B0T1H8LWPB T 31.00   0-130  360         .  150 140 2.4  430 1.02 12 Marble Run Starter Kit
B0CLEAR100 K 50.00   0-150  175         .   50  54 1.25 400 2.00  0 Ceramic Knife Block Set
B0G3Y5ZTJN G 39.90  30-200  420         .   60  90 1.1  260 1.15  5 Copper Watering Can 1.5 L
B0O7P9VMRX O 25.00  60-300  640         .   70 120 0.8  380 0.95  8 Cork Board Tiles, 12 ct
B0K8C3HDQL K 14.00   30-90  150         .   40  45 0     85 0.75  0 Avocado Slicer
B0G1S8XVLY G 48.00  90-420  300         .   12  16 1.0  140 1.05  0 Hose Reel Cart, Wall Mount
B0T4Z6DRMC T 19.99 120-500  420         .   20  24 0.9  180 0.64  0 Magic Sand Castle Box
B0K5L9WJPH K 33.00  60-340  260         .   15  20 3.7   55 0.80  0 竹制砧板三件套
B0O3B7QTNV O 89.00 200-460   90         .   30  36 2.2  240 1.60  0 Adjustable Laptop Arm
B0P2X4GCYK P 42.00 150-520  500         .   26  30 1.3  230 1.10  0 Modular Hamster House
B0H6D1TZKS H 26.99    0-95  520         .  300  60 3.9  520 0.90 10 Pumpkin String Lights 33 ft
B0H2M8VLQW H 15.99   0-100  340         .  180  30 2.5  420 0.68 14 Glow Stick Party Pack
B0H8C5YRXF H 39.99    0-90  160         .  120  15 3.8  260 1.20  6 Animated Doorbell – Spooky Eye
B0E8G5NKZM E 16.99    0-30    0   0/0/400  220 230 3.9  330 0.66 12 Car Vent Phone Mount
B0K0T6HSWD K 29.50    0-30    0         .   95 110 3.4  190 0.98  5 Stovetop Espresso Maker
B0P7V1QCJB P 20.00    0-30    0         .   60 100 2.2  170 0.80  0 Catnip Kicker Toys
B0T9F3LXNG T 36.00    0-50  300   0/0/200  120  14 2.2  330 1.10  6 Stacking Rainbow, 12 pieces
B0E5D8RMPW E 24.50    0-35  400         .   90   4 3.3  210 0.85  4 MagSafe Wallet, Vegan Leather
B0O1W4KYVT O 22.00 190-320  140         .    0   0 0      0 0     0 Marbled Pencil Tray
B0G6L2HNCB G 55.00  95-175   80         .    0   0 0      0 0     0 Hanging Herb Dryer
B0K7X5QGZV K 23.00   0-100  180         .   90  95 0      0 0     0 Measuring Cups, 8 pc
B0T2M9VWRJ T 12.99    0-60  250         .  300 280 0      0 0     0 Finger Puppets, 10 ct
B0O6H3CFLS O 31.50  20-160  330         .   85 100 0      0 0     0 家用收纳篮
B0P3Z7TKDX P 27.00  50-170  150         .    0  60 0      0 0     0 Reptile Heat Pad
B0G8R4JMYQ G 34.00  70-175   90         .    0  35 0      0 0     0 Bird Feeder, Squirrel-Proof
B0E0V6LNXB E 17.00   0-110  210         .   80  85 2.7  160 0.62  8 Tablet Sleeve 11 in
B0K6J8PRTG K 28.00  10-120  130         .   45  50 0      0 0     0 Tea Infuser Bottle
B0P0C9WDHM P 21.00       -    -         .  110 120 2.9  240 0.80  7 Training Treat Pouch
B0T6S2QYKF T 26.00       -    -         .   64  70 3.4  150 0.90  0 Kite with 200 ft Line
B0O9L5ZVJR O 30.00       -    -         .   40  40 1.9  120 0.88  0 Standing Desk Mat
"""
LONG_TITLES = {
    "B0O7P9VMRX": """=HYPERLINK("http://example.invalid","Win") <script>alert('x')</script> "Deluxe" & Co""",
    "B0WOC8CASE": "Foldable Storage Cube – Heavy Duty Fabric Bin with Two Handles, 13 x 13 x 13 inch (Grey)",
}
SKUS = {
    "B0K3N9PDWE": ("CUP-500-SS", "CUP-500-SS-2"),
    "B0E9V3HCJQ": ("CBL-6FT", "CBL-6FT-B", "CBL-6FT-AWD"),
    "B0P8S4XMGH": ("FLT-8", "FLT-8-NEW"),
    "B0G3Y5ZTJN": ("WCAN-15", "WCAN-15-R"),
    "B0K6T2BLQY": ("0012",),
    "B0E4W9LDTC": ("1E5",),
}
PARENTS = {
    "B0E2T8PVGY": ("B0PARNT01E", "B0PARNT02E"),
    "B0E9V3HCJQ": ("B0PARNT02E",),
    "B0P4D8WTLN": ("B0PARNT03P",),
    "B0P8S4XMGH": ("B0PARNT03P",),
}
# Demand against the usual: (first day, last day, factor).
DEMAND = {
    "B0G4W7BTXC": (("2026-11-01", "2026-11-16", 0.0),),
    "B0X3V6BHTJ": (("2026-08-01", "2026-10-25", 0.3), ("2026-11-10", "2026-12-31", 1.6)),
    "B0X9L4RCZP": (("2026-08-01", "2026-10-25", 0.3), ("2026-11-10", "2026-12-31", 1.6)),
    "B0H6D1TZKS": (("2026-08-01", "2026-10-09", 0.1), ("2026-11-01", "2026-12-31", 0.06)),
    "B0H2M8VLQW": (("2026-08-01", "2026-10-09", 0.1), ("2026-11-01", "2026-12-31", 0.08)),
    "B0H8C5YRXF": (("2026-08-01", "2026-10-09", 0.1), ("2026-11-01", "2026-12-31", 0.05)),
    "B0E8G5NKZM": (("2026-11-19", "2026-12-31", 0.0),),
    "B0K0T6HSWD": (("2026-11-14", "2026-12-31", 0.0),),
    "B0P7V1QCJB": (("2026-11-10", "2026-12-31", 0.0),),
    "B0T9F3LXNG": (("2026-08-01", "2026-10-11", 0.0),),
    "B0E5D8RMPW": (("2026-08-01", "2026-10-18", 0.0),),
    "B0P3Z7TKDX": (("2026-10-13", "2026-12-31", 0.0),),
    "B0G8R4JMYQ": (("2026-10-16", "2026-12-31", 0.0),),
}
NOT_SELLABLE = {"B0P3Z7TKDX", "B0G8R4JMYQ"}
NOT_IN_BUSINESS_REPORT = {"B0E0V6LNXB", "B0K6J8PRTG", "B0O9L5ZVJR"}
LEFT_OUT_ONCE = (date(2026, 11, 16), "B0T7C5MLSN")
NO_COSTS = {"B0O9L5ZVJR", "B0T6S2QYKF", "B0E0V6LNXB", "B0G8R4JMYQ", "B0K9B5GXNM"}
# What FBA ships for each unit ordered: less of an offer that the seller sends himself too, more of a bundle's part.
SHIPPED_BY_FBA = {"B0K7X5QGZV": 0.3, "B0T2M9VWRJ": 1.5}
# Prices that were cut after the settled advertising days, as the last snapshot shows them.
CUT_SINCE = {"B0T1H8LWPB": 26.50}
# Units in transfer between fulfillment centers and in processing, at the last snapshot.
IN_TRANSFER = {"B0P7V1QCJB": (30, 10)}
# Stock that is not at Amazon's fulfillment centers: where, units, day of arrival.
STOCK_ELSEWHERE = (
    ("B0E9V3HCJQ", "", "AWD", 400, "2026-12-08"),
    ("", "WK-O-F6VBKX", "purchase order 1042", 200, "2027-01-18"),
    ("B0K4Q9ZHWB", "", "warehouse Ningbo", 300, ""),
)
COSTS_BY_SKU = {"B0K6T2BLQY", "B0T3Q8JYDM"}
COSTS = {
    "B0CLEAR100": {"landed_cost": "18.00", "referral_rate": "0.15", "fulfilment_fee": "6.00"},
    "B0T3Q8JYDM": {"lead_time_days": "65", "inbound_arrives": "2026-12-14"},
    "B0G5H9WKTP": {"lead_time_days": "45"},
    "B0O2F6VBKX": {"lead_time_days": "70"},
    "B0X3V6BHTJ": {"clear_by": "2026-12-31"},
    "B0X9L4RCZP": {"clear_by": "2026-12-24"},
    "B0H6D1TZKS": {"clear_by": "2027-01-14"},
    "B0P5G1CQXM": {"landed_cost": ""},
    "B0T8J3KRWV": {"fulfilment_fee": "", "price": "14.95"},
    "B0P2X4GCYK": {"lead_time_days": "", "unit_volume": ""},
}
LARGE = {"B0CLEAR100", "B0WOC8CASE", "B0P6M3TDLK", "B0G1S8XVLY", "B0P2X4GCYK"}
# Name of the campaigns' portfolio, Amazon's product group.
CATEGORIES = {
    "K": ("Kitchen", "gl_kitchen"),
    "P": ("Pets", "gl_pet_products"),
    "E": ("Phone accessories", "gl_wireless"),
    "G": ("Garden", "gl_lawn_and_garden"),
    "T": ("Toys", "gl_toy"),
    "O": ("Not grouped", "gl_office_product"),
    "X": ("Seasonal", "gl_home"),
    "H": ("Seasonal", "gl_home"),
}
# Storage a cubic foot and month in the peak season; the aged surcharge from each age: per cubic foot, per unit.
STORAGE_RATE = 2.40
SURCHARGES = {
    181: (0.5, 0),
    211: (1.0, 0),
    241: (1.5, 0),
    271: (5.45, 0),
    301: (5.7, 0),
    331: (5.9, 0),
    366: (6.9, 0.30),
    456: (7.9, 0.35),
}
SEASONS = {"X": ("Yes", "Christmas", "2026-11-15", "2026-12-25")}
PERIODS = (7, 30, 60, 90)
AGES = (0, 31, 61, 91, *SURCHARGES, 99_999)
REPORT_NUMBERS = dict(zip(SNAPSHOTS, (302118020655, 302284020713, 302451020781), strict=True))
AD_REPORT = "Sponsored_Products_Advertised_product_report"

# Columns, each with what fills it.
INVENTORY = """
snapshot-date={day}|sku={sku}|fnsku={fnsku}|asin={p.asin}|product-name={p.title}|condition=New
available={stock}|pending-removal-quantity=0|inv-age-0-to-90-days={age[0]}|inv-age-91-to-180-days={age[91]}
inv-age-181-to-270-days={age[181]}|inv-age-271-to-365-days={age[271]}|inv-age-366-to-455-days={age[366]}
inv-age-456-plus-days={age[456]}|currency=USD|units-shipped-t7={sold[7]}|units-shipped-t30={sold[30]}
units-shipped-t60={sold[60]}|units-shipped-t90={sold[90]}|alert={alert}
your-price={p.price:.2f}|sales-price={p.price:.2f}|lowest-price-new-plus-shipping={p.price:.2f}|lowest-price-used=
recommended-action={action}|DEPRECATED healthy-inventory-level=|recommended-sales-price=|recommended-sale-duration-days=
recommended-removal-quantity=0|estimated-cost-savings-of-recommended-actions=|sell-through={sell_through}
item-volume={p.volume}|volume-unit-measurement=cubic feet|storage-type=Standard|storage-volume={volume:.3f}
marketplace=US|product-group={group}|sales-rank={rank}|days-of-supply={supply}|estimated-excess-quantity={excess}
weeks-of-cover-t30={cover30}|weeks-of-cover-t90={cover90}|featuredoffer-price={offer}
sales-shipped-last-7-days={sales[7]:.2f}|sales-shipped-last-30-days={sales[30]:.2f}
sales-shipped-last-60-days={sales[60]:.2f}|sales-shipped-last-90-days={sales[90]:.2f}
inv-age-0-to-30-days={tier[0]}|inv-age-31-to-60-days={tier[31]}|inv-age-61-to-90-days={tier[61]}
inv-age-181-to-330-days={to_330}|inv-age-331-to-365-days={tier[331]}
estimated-storage-cost-next-month={storage:.2f}
inbound-quantity={inbound}|inbound-working={way[0]}|inbound-shipped={way[1]}|inbound-received={way[2]}
no-sale-last-6-months={unsold}|Total Reserved Quantity={reserved}|unfulfillable-quantity={broken}
quantity-to-be-charged-ais-181-210-days={tier[181]}|estimated-ais-181-210-days={fee[181]:.2f}
quantity-to-be-charged-ais-211-240-days={tier[211]}|estimated-ais-211-240-days={fee[211]:.2f}
quantity-to-be-charged-ais-241-270-days={tier[241]}|estimated-ais-241-270-days={fee[241]:.2f}
quantity-to-be-charged-ais-271-300-days={tier[271]}|estimated-ais-271-300-days={fee[271]:.2f}
quantity-to-be-charged-ais-301-330-days={tier[301]}|estimated-ais-301-330-days={fee[301]:.2f}
quantity-to-be-charged-ais-331-365-days={tier[331]}|estimated-ais-331-365-days={fee[331]:.2f}
quantity-to-be-charged-ais-366-455-days={tier[366]}|estimated-ais-366-455-days={fee[366]:.2f}
quantity-to-be-charged-ais-456-plus-days={tier[456]}|estimated-ais-456-plus-days={fee[456]:.2f}
historical-days-of-supply={longest}|fba-minimum-inventory-level={needed}
fba-inventory-level-health-status={health}|Recommended ship-in quantity={ship_in}|Recommended ship-in date=
Last updated date for Historical Days of Supply={day}|Exempted from Low-Inventory-Level fee?={exempt}
Low-Inventory-Level fee applied in current week?={low_fee}|Short term historical days of supply={supply30}
Long term historical days of supply={supply90}|Inventory age snapshot date={day}|Inventory Supply at FBA={at_fba}
Reserved FC Transfer={held[0]}|Reserved FC Processing={held[1]}|Reserved Customer Order={held[2]}
Total Days of Supply (including units from open shipments)={supply_with_inbound}|supplier=
is-seasonal-in-next-3-months={season[0]}|season-name={season[1]}|season-start-date={season[2]}
season-end-date={season[3]}
"""
FEE_PREVIEW = """
sku={sku}|fnsku={fnsku}|asin={p.asin}|amazon-store=US|product-name={p.title}|product-group={group}|brand=Sample
fulfilled-by=Amazon|your-price={p.price:.2f}|sales-price={p.price:.2f}|longest-side={side}|median-side={side}
shortest-side={side}|length-and-girth={girth}|unit-of-dimension=inches|item-package-weight={weight}
unit-of-weight=pounds|product-size-tier={size}|currency=USD|estimated-fee-total={total:.2f}
estimated-referral-fee-per-unit={referral:.2f}|estimated-variable-closing-fee=0.00
expected-fulfillment-fee-per-unit={fulfilment:.2f}
"""
BUSINESS = """
(Parent) ASIN={parent}|(Child) ASIN={p.asin}|Title={p.title}|Sessions – Total={sessions:,}
Sessions – Total – B2B={b2b[0]:,}|Session percentage – Total={session_share:.2%}
Session percentage – Total – B2B={session_share:.2%}
Page views – Total={views:,}|Page views – Total – B2B={b2b[1]:,}
Page views percentage – Total={view_share:.2%}|Page views percentage – Total – B2B={view_share:.2%}
Featured Offer (Buy Box) percentage={offer:.2%}|Featured Offer (Buy Box) percentage – B2B={offer:.2%}
Units ordered={units:,}|Units ordered – B2B={b2b[2]:,}|Unit Session Percentage={conversion:.2%}
Unit session percentage – B2B={conversion_b2b:.2%}|Ordered Product Sales=${sales:,.2f}
Ordered product sales – B2B=${sales_b2b:,.2f}|Total order items={items:,}|Total order items – B2B={b2b[2]:,}
"""
# Columns, each with its cell style: 1 a date, 2 money, 3 a rate.
ADS = """
Date=1|Portfolio name=0|Currency=0|Campaign Name=0|Ad Group Name=0|Advertised SKU=0|Advertised ASIN=0
Impressions=0|Clicks=0|Click-Thru Rate (CTR)=3|Cost Per Click (CPC)=2|Spend=2|7 Day Total Sales =2
Total Advertising Cost of Sales (ACoS) =3|Total Return on Advertising Spend (RoAS)=0|7 Day Total Orders (#)=0
7 Day Total Units (#)=0|7 Day Conversion Rate=3|7 Day Advertised SKU Units (#)=0|7 Day Other SKU Units (#)=0
7 Day Advertised SKU Sales =2|7 Day Other SKU Sales =2
"""
# The sheets of a bulk download; columns of the sheet of Sponsored Products, each with what fills it.
BULK_REPORT = "bulk-a3k7m2qxr8wz4p-20261024-20261122-1795413600000"
BULK_DAYS = 30
BULK = """
Product=product|Entity=entity|Operation=|Campaign ID=campaign_id|Ad Group ID=ad_group_id|Portfolio ID=portfolio_id
Ad ID=ad_id|Keyword ID=keyword_id|Product Targeting ID=target_id|Campaign Name=own_campaign|Ad Group Name=own_group
Campaign Name (Informational only)=campaign|Ad Group Name (Informational only)=ad_group
Portfolio Name (Informational only)=portfolio|Start Date=start|End Date=end|Targeting Type=targeting|State=state
Campaign State (Informational only)=campaign_state|Ad Group State (Informational only)=group_state|Daily Budget=budget
SKU=sku|ASIN (Informational only)=asin|Eligibility Status (Informational only)=eligible
Reason for Ineligibility (Informational only)=ineligible|Ad Group Default Bid=default_bid
Ad Group Default Bid (Informational only)=default_shown|Bid=bid|Keyword Text=keyword|Native Language Keyword=
Native Language Locale=|Match Type=match|Bidding Strategy=strategy|Placement=placement|Percentage=percentage
Product Targeting Expression=expression|Resolved Product Targeting Expression (Informational only)=expression
Audience ID=|Shopper Cohort Percentage=|Shopper Cohort Type=|Segment Name (Informational only)=|Sites=
Impressions=impressions|Clicks=clicks|Click-through Rate=rate|Spend=spend|Sales=sales|Orders=orders|Units=units
Conversion Rate=conversion|ACOS=acos|CPC=cpc|ROAS=roas
"""
PORTFOLIOS = """
Product=product|Entity=entity|Operation=|Portfolio ID=portfolio_id|Portfolio Name=portfolio|Budget Amount=
Budget Currency Code=currency|Budget Policy=|Budget Start Date=|Budget End Date=|State (Informational only)=state
"""
BRANDS = """
Product=product|Entity=entity|Operation=|Campaign ID=campaign_id|Portfolio ID=|Ad Group ID=ad_group_id|Ad ID=ad_id
Campaign Name=own_campaign|Campaign Name (Informational only)=campaign|State=state
Campaign State (Informational only)=campaign_state|Budget=budget|Creative ASINs=asins|Impressions=impressions
Clicks=clicks|Spend=spend|Sales=sales|Orders=orders
"""
DISPLAY = """
Product=product|Entity=entity|Operation=|Campaign ID=campaign_id|Ad Group ID=ad_group_id|Ad ID=ad_id
Campaign Name=own_campaign|Campaign Name (Informational only)=campaign|State=state
Campaign State (Informational only)=campaign_state|Ad Group State (Informational only)=group_state|Budget=budget|SKU=sku
ASIN (Informational only)=asin|Impressions=impressions|Clicks=clicks|Spend=spend|Sales=sales|Orders=orders
"""
SEARCH_TERMS = """
Product=product|Campaign ID=campaign_id|Ad Group ID=ad_group_id|Keyword ID=|Product Targeting ID=
Campaign Name (Informational only)=campaign|Match Type=|Customer Search Term=term|Impressions=impressions|Clicks=clicks
Spend=spend|Sales=sales|Orders=orders
"""
# A new campaign of several products, without a click yet: SKU's product, state of the ad.
BUNDLE = ("Winter bundle - Auto", (("B0X3V6BHTJ", "enabled"), ("B0X9L4RCZP", "enabled"), ("B0H6D1TZKS", "enabled"),
                                   ("B0G4W7BTXC", "paused")))  # fmt: skip
ENDS = {"B0X3V6BHTJ": "20261231", "B0X9L4RCZP": "20261224", "B0H6D1TZKS": "20270114"}
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FIXED_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{PACKAGE}/content-types">
<Default ContentType="application/vnd.openxmlformats-package.relationships+xml" Extension="rels"/>
<Override ContentType="{KIND}.sheet.main+xml" PartName="/xl/workbook.xml"/>
<Override ContentType="{KIND}.worksheet+xml" PartName="/xl/worksheets/sheet1.xml"/>
<Override ContentType="{KIND}.styles+xml" PartName="/xl/styles.xml"/>
<Override ContentType="{KIND}.sharedStrings+xml" PartName="/xl/sharedStrings.xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook {MAIN} xmlns:r="{OFFICE}">
<sheets><sheet name="{AD_REPORT[:31]}" r:id="rId1" sheetId="1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{PACKAGE}/relationships">
<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>
<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
    "xl/styles.xml": f"""<styleSheet {MAIN}><numFmts count="3">
<numFmt numFmtId="164" formatCode="MMM dd, yyyy"/>
<numFmt numFmtId="165" formatCode="$ #,##0.00"/><numFmt numFmtId="166" formatCode="0.0000%"/></numFmts>
<fonts count="1"><font><sz val="11.0"/><name val="Calibri"/></font></fonts>
<fills count="1"><fill><patternFill patternType="none"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="true"/>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="true"/>
<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="true"/>
</cellXfs></styleSheet>""",
}
ACCOUNT = """\
# The name that reports show.
name = "Sample account"
# Amazon's marketplace, as in the inventory report.
marketplace = "US"
# The set of thresholds to begin with.
preset = "article_2023"
# The number of days the business report was downloaded for: the file itself does not say.
sales_days = 30
"""

Cell = str | float | None


class Product(NamedTuple):
    asin: str
    category: str
    price: float
    ages: str
    stock: int | None
    receipts: tuple[int, ...]
    units: int
    usual: int
    roas: float
    clicks: int
    cost_per_click: float
    halo: float
    title: str

    @property
    def skus(self) -> tuple[str, ...]:
        return SKUS.get(self.asin, (f"WK-{self.category}-{self.asin[-6:]}",))

    @property
    def is_large(self) -> bool:
        return self.asin in LARGE or self.price > 38

    @property
    def volume(self) -> float:
        """Cubic feet."""
        low, high = (0.16, 0.42) if self.is_large else (0.02, 0.09)
        return round(Random(f"volume {self.asin}").uniform(low, high), 4)


class Order(NamedTuple):
    own: bool
    units: int
    cents: int
    delay: int


class AdDay(NamedTuple):
    """One SKU in one campaign on one day, with every order that its clicks will bring."""

    product: Product
    campaign: str
    sku: str
    day: date
    impressions: int
    clicks: int
    cents: int
    orders: tuple[Order, ...]


def read_product(line: str) -> Product:
    asin, category, price, ages, stock, receipts, units, usual, *ads, title = line.split(None, 12)
    roas, clicks, cost_per_click, halo = map(float, ads)
    return Product(
        asin,
        category,
        float(price),
        ages,
        None if stock == "-" else int(stock),
        tuple(map(int, receipts.split("/"))) if "/" in receipts else (0, 0, 0),
        int(units),
        int(usual),
        roas,
        int(clicks),
        cost_per_click,
        halo / 100,
        LONG_TITLES.get(asin, title),
    )


PRODUCTS = [read_product(line) for line in PRODUCTS_TEXT.strip().splitlines()]


def fields(columns: str) -> dict[str, str]:
    named = (field.partition("=") for field in columns.strip("\n").replace("\n", "|").split("|"))
    return {name: content for name, _, content in named}


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(n) for n in range(count)]


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of a total, in proportion to the weights, that add up to it."""
    sums = [0.0, *accumulate(weights)]
    return [b - a for a, b in pairwise(round(total * s / (sums[-1] or 1)) for s in sums)]


def share(part: float, whole: float, digits: int | None = 2) -> float | None:
    return round(part / whole, digits) if whole else None


@cache
def demand(product: Product, day: date) -> float:
    factor = Random(f"demand {product.asin} {day}").uniform(0.6, 1.4) * (1.25 if day.weekday() > 4 else 1)
    changes = DEMAND.get(product.asin, ())
    return factor * prod(change for first, last, change in changes if first <= day.isoformat() <= last)


@cache
def units_by_day(product: Product) -> dict[date, int]:
    calendar = days(LAST - timedelta(HISTORY_DAYS), HISTORY_DAYS)
    weights = [demand(product, day) for day in calendar]
    earlier = HISTORY_DAYS - SALES_DAYS
    units = spread(round(product.usual * earlier / SALES_DAYS), weights[:earlier])
    return dict(zip(calendar, units + spread(product.units, weights[earlier:]), strict=True))


def units_sold(product: Product, snapshot: date, count: int) -> int:
    return sum(units_by_day(product)[day] for day in days(snapshot - timedelta(count), count))


def weeks_back(snapshot: date) -> int:
    return (LAST - snapshot).days // 7


def stock_at(product: Product, snapshot: date) -> int:
    back = weeks_back(snapshot)
    received = sum(product.receipts[2 - back : 2])
    return (product.stock or 0) + units_sold(product, LAST, back * 7) - received


def stock_by_age(product: Product, snapshot: date, stock: int) -> dict[int, int]:
    """Units from each age in days, as if received evenly between the youngest and the oldest."""
    youngest, oldest = (max(0, int(age) - 7 * weeks_back(snapshot)) for age in product.ages.split("-"))
    overlap = [max(0, min(oldest + 1, end) - max(youngest, start)) for start, end in pairwise(AGES)]
    return dict(zip(AGES, spread(stock, overlap), strict=False))


def place_orders(product: Product, rng: Random, count: int) -> list[Order]:
    """Orders for the product and, for the halo, for others of its category; cheap goods also go in pairs."""
    neighbours = [p for p in PRODUCTS if p.category == product.category and p != product]
    others = round(count * product.halo)
    bought = [product] * (count - others) + [rng.choice(neighbours) for _ in range(others)]
    rng.shuffle(bought)
    units = [2 if p.price < 20 and rng.random() < 0.06 else 1 for p in bought]
    delays = rng.choices(range(7), (88, 4, 3, 2, 1, 1, 1), k=count)
    orders = zip(bought, units, delays, strict=True)
    return [Order(p == product, n, n * round(p.price * 100), delay) for p, n, delay in orders]


def ad_span(product: Product, start: int, count: int) -> Iterator[AdDay]:
    """Days whose clicks, spend and orders keep the pace of the settled days; every order has its click."""
    rng = Random(f"ads {product.asin} {start}")
    calendar, settled = (days(LAST - timedelta(n), length) for n, length in ((start, count), AD_SPANS[1]))
    pace, usual = (sum(demand(product, day) for day in span) for span in (calendar, settled))
    expected = product.clicks * pace / usual if usual else 0.0
    kinds = ("Auto", "Manual") if product.clicks >= 600 else ("Auto",)
    names = [f"{kind} {product.title[:16].strip()}" for kind in kinds]
    cells = list(itertools.product(names, product.skus[:2], calendar))
    weights = [demand(product, day) * rng.uniform(0.4, 1.6) for *_, day in cells]
    clicks = spread(round(expected), weights)
    bids = [n * rng.uniform(0.85, 1.15) for n in clicks]
    costs = spread(round(sum(clicks) * product.cost_per_click * 100), bids)
    wanted = round(product.roas * expected * product.cost_per_click / product.price)
    every_click = [number for number, n in enumerate(clicks) for _ in range(n)]
    orders = place_orders(product, rng, min(wanted, len(every_click)))
    buyers = list(zip(rng.sample(every_click, len(orders)), orders, strict=True))
    for number, ((campaign, sku, day), n, cents) in enumerate(zip(cells, clicks, costs, strict=True)):
        seen = max(n, round(n * rng.uniform(110, 380) + weights[number] * rng.uniform(0, 40) - 6))
        bought = tuple(order for buyer, order in buyers if buyer == number)
        if expected and weights[number] and seen:
            yield AdDay(product, campaign, sku, day, seen, n, cents, bought)


@cache
def ad_history() -> list[AdDay]:
    return [day for product in PRODUCTS for span in AD_SPANS for day in ad_span(product, *span)]


def as_seen(ad: AdDay, snapshot: date) -> AdDay:
    """What a download shows: orders booked so far and, of its own day, the first hours."""
    age = (snapshot - ad.day).days
    booked = tuple(order for order in ad.orders if order.delay <= age)
    if age:
        return ad._replace(orders=booked)
    clicks = ad.clicks * 2 // 5
    cents = ad.cents * clicks // ad.clicks if clicks else 0
    seen = ad.impressions * 2 // 5
    return ad._replace(impressions=seen, clicks=clicks, cents=cents, orders=booked[:clicks])


def supply_facts(stock: int, inbound: int, t30: int, t90: int) -> dict[str, object]:
    """Amazon's own estimates: demand between that of one and of three months, average stock over the period."""
    pace, average = (t30 / 30 + t90 / 90) / 2, stock + t30 / 2
    needed, excess = round(28 * pace), max(0, round(stock - 90 * pace))
    supply30, supply90 = share(average, t30 / 30, 1), share(average, t90 / 90, 1)
    longest = max(supply30 or 0, supply90 or 0)
    facts: dict[str, object] = {
        "needed": needed,
        "excess": excess,
        "sell_through": share(t90, average),
        "supply": share(stock, pace, None),
        "supply_with_inbound": share(stock + inbound, pace, None),
        "cover30": share(average, t30 / 4),
        "cover90": share(average, t90 / 12),
        "supply30": supply30,
        "supply90": supply90,
        "longest": longest or None,
        "health": "Excess" if excess else "Healthy" if stock >= needed else "Low stock",
        "ship_in": max(0, 2 * needed - stock - inbound),
        "exempt": "No" if t30 > 80 else "Yes",
        "low_fee": "Yes" if t30 > 80 and longest < 28 else "No",
        "surplus": "Create removal" if excess > 0.8 * stock else "Create sale" if excess else "No action required",
    }
    return {name: "" if fact is None else fact for name, fact in facts.items()}


def age_facts(product: Product, snapshot: date, stock: int) -> dict[str, object]:
    tier = stock_by_age(product, snapshot, stock)
    fee = {age: tier[age] * max(foot * product.volume, unit) for age, (foot, unit) in SURCHARGES.items()}
    ends = {0: 91, 91: 181, 181: 271, 271: 366, 366: 456, 456: 99_999}
    return {
        "tier": tier,
        "fee": fee,
        "age": {start: sum(tier[a] for a in tier if start <= a < end) for start, end in ends.items()},
        "to_330": sum(tier[a] for a in tier if 181 <= a < 331),
        "storage": stock * product.volume * STORAGE_RATE + sum(fee.values()),
    }


def listing_facts(product: Product, snapshot: date, sku: str) -> dict[str, object]:
    rng = Random(f"inventory {sku} {snapshot}")
    weak = product.clicks and product.roas < 1.5
    return {
        "p": product,
        "day": snapshot,
        "sku": sku,
        "fnsku": f"X00{product.asin[-6:]}{product.skus.index(sku)}",
        "group": CATEGORIES[product.category][1],
        "rank": rng.randrange(900, 90_000),
        "broken": rng.choice((0, 0, 0, 1, 2)),
        "offer": "" if product.asin in NOT_SELLABLE else f"{product.price:.2f}",
        "alert": "Low conversion" if weak else "Low traffic" if product.clicks < 100 else "",
        "season": SEASONS.get(product.category, ("No", "", "", "")),
    }


def inventory_facts(
    product: Product, snapshot: date, sku: str, stock: int, inbound: int, shipped: Sequence[int]
) -> dict[str, object]:
    transfer = IN_TRANSFER.get(product.asin, (0, 0)) if snapshot == LAST else (0, 0)
    orders, supply = round(shipped[1] / 14), supply_facts(stock, inbound, shipped[1], shipped[3])
    facts: dict[str, object] = {
        "stock": stock,
        "inbound": inbound,
        "way": spread(inbound, (1, 3, 1)),
        "reserved": orders + sum(transfer),
        "held": (*transfer, orders),
        "at_fba": stock + sum(transfer),
        "volume": stock * product.volume,
        "sold": dict(zip(PERIODS, shipped, strict=True)),
        "sales": {period: units * product.price for period, units in zip(PERIODS, shipped, strict=True)},
        "unsold": 0 if shipped[3] else stock,
        "action": "Edit listing" if product.asin in NOT_SELLABLE else supply["surplus"],
    }
    return facts | supply | age_facts(product, snapshot, stock) | listing_facts(product, snapshot, sku)


def inventory(product: Product, snapshot: date) -> Iterator[dict[str, object]]:
    """One row a SKU; stock and sales are shared out 1 : 1/2 : 1/3."""
    if snapshot == LAST:
        product = product._replace(price=CUT_SINCE.get(product.asin, product.price))
    inbound = sum(product.receipts[2 - weeks_back(snapshot) :])
    by_fba = SHIPPED_BY_FBA.get(product.asin, 1)
    sold = (round(units_sold(product, snapshot, count) * by_fba) for count in PERIODS)
    shares = [1 / (n + 1) for n in range(len(product.skus))]
    counts = [spread(total, shares) for total in (stock_at(product, snapshot), inbound, *sold)]
    for sku, stock, coming, *shipped in zip(product.skus, *counts, strict=True):
        yield inventory_facts(product, snapshot, sku, stock, coming, shipped)


def inventory_report(snapshot: date) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    columns = fields(INVENTORY)
    writer.writerow(columns)
    for product in PRODUCTS:
        if product.stock is not None and (snapshot, product.asin) != LEFT_OUT_ONCE:
            rows = inventory(product, snapshot)
            writer.writerows([column.format_map(row) for column in columns.values()] for row in rows)
    return out.getvalue().encode("cp1252", errors="replace")


def fee_preview() -> bytes:
    """What Amazon would charge for the products that `costs.csv` leaves out; tab-separated, as it is downloaded."""
    out = io.StringIO()
    columns = fields(FEE_PREVIEW)
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    for product in PRODUCTS:
        if product.asin in NO_COSTS:
            facts = listing_facts(product, LAST, product.skus[0])
            side = round((product.volume * 1728) ** (1 / 3), 2)
            referral, fulfilment = product.price * 0.15, 6.2 if product.is_large else 3.6
            more = {
                "side": side, "girth": side * 5, "weight": 1.8 if product.is_large else 0.7, "referral": referral,
                "fulfilment": fulfilment, "total": referral + fulfilment,
                "size": "Large standard-size" if product.is_large else "Small standard-size",
            }  # fmt: skip
            writer.writerow(column.format_map(facts | more) for column in columns.values())
    return out.getvalue().encode("cp1252", errors="replace")


def stock_elsewhere() -> bytes:
    lines = [("asin", "sku", "where", "units", "arrives"), *STOCK_ELSEWHERE]
    return "".join(",".join(map(str, line)) + "\n" for line in lines).encode()


def visits(product: Product, snapshot: date) -> Iterator[dict[str, Any]]:
    """One row a parent; companies are one buyer in twenty."""
    rng = Random(f"visits {product.asin} {snapshot}")
    parents = PARENTS.get(product.asin, (product.asin,))
    units = units_sold(product, snapshot, SALES_DAYS)
    sessions = round(max(units * rng.uniform(5, 13), product.clicks * 1.2)) + rng.randrange(8, 60)
    totals = (units, sessions, round(sessions * rng.uniform(1.15, 1.6)))
    offer = 0.0 if product.asin in NOT_SELLABLE else rng.uniform(0.91, 1)
    counts = (spread(n, (7, 3)[: len(parents)]) for n in totals)
    for parent, bought, looked, seen in zip(parents, *counts, strict=True):
        b2b = [looked // 20, seen // 20, bought // 20]
        yield {
            "p": product,
            "parent": parent,
            "units": bought,
            "sessions": looked,
            "views": seen,
            "b2b": b2b,
            "offer": offer,
            "items": bought - bought // 60,
            "sales": bought * product.price,
            "sales_b2b": b2b[2] * product.price,
            "conversion": bought / looked,
            "conversion_b2b": b2b[2] / b2b[0] if b2b[0] else 0.0,
        }


def business_report(snapshot: date) -> bytes:
    listed = [product for product in PRODUCTS if product.asin not in NOT_IN_BUSINESS_REPORT]
    rows = sorted((row for p in listed for row in visits(p, snapshot)), key=lambda row: -row["units"])
    sessions, views = (sum(row[name] for row in rows) for name in ("sessions", "views"))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = fields(BUSINESS)
    writer.writerow(columns)
    for row in rows:
        shares = {"session_share": row["sessions"] / sessions, "view_share": row["views"] / views}
        writer.writerow(column.format_map(row | shares) for column in columns.values())
    return out.getvalue().rstrip("\n").encode("utf-8-sig")


def ad_row(ad: AdDay) -> list[Cell]:
    spend, placed, group = ad.cents / 100, len(ad.orders), CATEGORIES[ad.product.category][0]
    own, other = (sum(o.cents for o in ad.orders if o.own is kind) / 100 for kind in (True, False))
    own_units, other_units = (sum(o.units for o in ad.orders if o.own is kind) for kind in (True, False))
    sales = round(own + other, 2)
    names: list[Cell] = [group, "USD", ad.campaign, f"{group} ad group", ad.sku, ad.product.asin]
    reach = [
        ad.impressions,
        ad.clicks,
        share(ad.clicks, ad.impressions, 6),
        share(spend, ad.clicks, 4),
        spend,
    ]
    result = [sales, share(spend, sales, 4), share(sales, spend, 4), placed, own_units + other_units]
    split = [share(placed, ad.clicks, 4), own_units, other_units, own, other]
    return [(ad.day - date(1899, 12, 30)).days, *names, *reach, *result, *split]


def ad_report(snapshot: date) -> bytes:
    """An Excel workbook like those of Apache POI, whose sheet claims to be a single cell."""
    period = set(days(snapshot - timedelta(AD_DAYS - 1), AD_DAYS))
    seen = (as_seen(ad, snapshot) for ad in ad_history() if ad.day in period)
    texts: dict[str, int] = {}
    table: list[Sequence[Cell]] = [list(fields(ADS)), *(ad_row(ad) for ad in seen if ad.impressions)]
    rows = "".join(sheet_row(number, row, texts) for number, row in enumerate(table, 1))
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    sheet = f'<worksheet {MAIN}><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'
    strings = f'<sst {MAIN} uniqueCount="{len(texts)}">{shared}</sst>'
    return zipped(FIXED_PARTS | {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet})


def sheet_row(number: int, row: Sequence[Cell], texts: dict[str, int]) -> str:
    """Cells of a row; a text becomes its number among the texts, and a new one is added to them."""
    cells = ""
    for letter, style, value in zip(ascii_uppercase, fields(ADS).values(), row, strict=False):
        if isinstance(value, str):
            cells += f'<c r="{letter}{number}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
        elif value is not None:
            cells += f'<c r="{letter}{number}" s="{style}"><v>{value}</v></c>'
    return f'<row r="{number}">{cells}</row>'


def identity(kind: str, name: str) -> str:
    """The id of an object: 15 to 18 digits."""
    return str(Random(f"{kind} {name}").randrange(10**14, 10**18))


def performance(ads: Sequence[AdDay]) -> dict[str, Cell]:
    """What a bulk download says of clicks and orders; blank where there are none."""
    seen, clicks = sum(ad.impressions for ad in ads), sum(ad.clicks for ad in ads)
    spend, bought = sum(ad.cents for ad in ads) / 100, [order for ad in ads for order in ad.orders]
    sales = sum(order.cents for order in bought) / 100
    return {
        "impressions": seen,
        "clicks": clicks,
        "rate": share(clicks, seen, 6),
        "spend": round(spend, 2),
        "sales": round(sales, 2),
        "orders": len(bought),
        "units": sum(order.units for order in bought),
        "conversion": share(len(bought), clicks, 4),
        "acos": share(spend, sales, 4),
        "cpc": share(spend, clicks, 2),
        "roas": share(sales, spend, 2),
    }


@cache
def bulk_history() -> dict[tuple[str, str], list[AdDay]]:
    """What each SKU's ads in each campaign did in the thirty days before the last download."""
    period = set(days(LAST - timedelta(BULK_DAYS), BULK_DAYS))
    found: dict[tuple[str, str], list[AdDay]] = {}
    for ad in ad_history():
        if ad.day in period:
            found.setdefault((ad.campaign, ad.sku), []).append(as_seen(ad, LAST))
    return found


def campaign_rows(name: str, ads: Sequence[tuple[Product, str, str]]) -> Iterator[dict[str, Cell]]:
    """A campaign with its ad group, ads and targets; `ads` are products with SKU and state."""
    product, rng = ads[0][0], Random(f"campaign {name}")
    group, auto = CATEGORIES[product.category][0], not name.startswith("Manual")
    done = [day for _, sku, _ in ads for day in bulk_history().get((name, sku), [])]
    spend, price = sum(ad.cents for ad in done) / 100 / BULK_DAYS, product.cost_per_click or 0.8
    bid = round(price * rng.uniform(1.05, 1.3), 2)
    portfolio = "" if group == "Not grouped" else identity("portfolio", group)
    whole: dict[str, Cell] = {
        "product": "Sponsored Products",
        "campaign_id": identity("campaign", name),
        "campaign": name,
        "campaign_state": "enabled",
        "portfolio": group if portfolio else "",
    }
    yield (
        whole
        | performance(done)
        | {
            "entity": "Campaign",
            "portfolio_id": portfolio,
            "own_campaign": name,
            "start": "20260105",
            "end": ENDS.get(product.asin, ""),
            "targeting": "AUTO" if auto else "MANUAL",
            "state": "enabled",
            "budget": float(max(round(spend * rng.choice((1.1, 1.6, 2.5, 4.0))), 5)),
            "strategy": "Dynamic bids - down only",
        }
    )
    yield whole | {"entity": "Bidding Adjustment", "placement": "Placement Top", "percentage": rng.choice((0, 10, 25))}
    whole |= {"ad_group_id": identity("group", name), "ad_group": f"{group} ad group", "group_state": "enabled"}
    yield (
        whole
        | performance(done)
        | {
            "entity": "Ad Group",
            "own_group": f"{group} ad group",
            "state": "enabled",
            "default_bid": bid,
        }
    )
    whole["default_shown"] = bid
    for product, sku, state in ads:
        out = not product.stock
        yield (
            whole
            | performance(bulk_history().get((name, sku), []))
            | {
                "entity": "Product Ad",
                "ad_id": identity("ad", name + sku),
                "state": state,
                "sku": sku,
                "asin": product.asin,
                "eligible": "Ineligible" if out else "Eligible",
                "ineligible": "Out of stock" if out else "",
            }
        )
    if auto:
        for number, expression in enumerate(("close-match", "loose-match", "substitutes", "complements")):
            yield whole | {
                "entity": "Product Targeting",
                "target_id": identity("target", name + expression),
                "state": "paused" if number == 3 else "enabled",
                "bid": round(bid * (1.1 - number / 10), 2) if number < 2 else None,
                "expression": expression,
            }
        return
    words = product.title.lower().split()[:3]
    for match in ("exact", "phrase"):
        yield whole | {
            "entity": "Keyword",
            "keyword_id": identity("keyword", name + match),
            "state": "enabled",
            "bid": round(bid * rng.uniform(0.9, 1.2), 2),
            "keyword": " ".join(words),
            "match": match,
        }
    yield whole | {
        "entity": "Negative Keyword",
        "keyword_id": identity("negative", name),
        "state": "enabled",
        "keyword": "free",
        "match": "negativeExact",
    }


def other_campaigns() -> tuple[list[dict[str, Cell]], list[dict[str, Cell]]]:
    """Sponsored Brands and Sponsored Display: each a campaign with an ad."""
    brand: dict[str, Cell] = {
        "product": "Sponsored Brands",
        "campaign_id": identity("campaign", "Coffee - Brand video"),
        "campaign": "Coffee - Brand video",
        "campaign_state": "enabled",
        "impressions": 8410,
        "clicks": 96,
        "spend": 118.08,
        "sales": 0.0,
        "orders": 0,
    }
    shown: dict[str, Cell] = brand | {
        "product": "Sponsored Display",
        "campaign_id": identity("campaign", "Pets - Display"),
        "campaign": "Pets - Display",
        "impressions": 5120,
        "clicks": 41,
        "spend": 32.39,
    }
    brand_group, shown_group = (identity("group", str(each["campaign"])) for each in (brand, shown))
    return [
        brand | {"entity": "Campaign", "own_campaign": brand["campaign"], "state": "enabled", "budget": 8.0},
        brand | {"entity": "Ad Group", "ad_group_id": brand_group, "state": "enabled"},
        brand
        | {
            "entity": "Video Ad",
            "ad_group_id": brand_group,
            "ad_id": identity("ad", "Coffee"),
            "state": "enabled",
            "asins": "B0K0T6HSWD",
        },
    ], [
        shown | {"entity": "Campaign", "own_campaign": shown["campaign"], "state": "enabled", "budget": 5.0},
        shown
        | {
            "entity": "Product Ad",
            "ad_group_id": shown_group,
            "group_state": "enabled",
            "ad_id": identity("ad", "Pets"),
            "state": "enabled",
            "sku": "WK-P-V1QCJB",
            "asin": "B0P7V1QCJB",
        },
    ]


def bulk_report() -> bytes:
    """The bulk operations workbook of the last snapshot, ids as texts."""
    by_asin = {product.asin: product for product in PRODUCTS}
    campaigns: dict[str, list[tuple[Product, str, str]]] = {}
    for name, sku in bulk_history():
        product = next(ad.product for ad in bulk_history()[name, sku])
        campaigns.setdefault(name, []).append((product, sku, "enabled"))
    campaigns[BUNDLE[0]] = [(by_asin[asin], by_asin[asin].skus[0], state) for asin, state in BUNDLE[1]]
    products = [row for name, ads in campaigns.items() for row in campaign_rows(name, ads)]
    groups = dict.fromkeys(str(row["portfolio"]) for row in products if row["portfolio"])
    portfolios: list[dict[str, Cell]] = [
        {
            "product": "Portfolios",
            "entity": "Portfolio",
            "portfolio_id": identity("portfolio", group),
            "portfolio": group,
            "currency": "USD",
            "state": "enabled",
        }
        for group in groups
    ]
    terms = [row | {"term": "made up"} for row in products if row["entity"] == "Ad Group" and row["clicks"]][:3]
    brands, display = other_campaigns()
    sheets = {
        "Portfolios": (PORTFOLIOS, portfolios),
        "Sponsored Products Campaigns": (BULK, products),
        "Sponsored Brands Campaigns": (BRANDS, brands),
        "Sponsored Display Campaigns": (DISPLAY, display),
        "SP Search Term Report": (SEARCH_TERMS, terms),
    }
    return workbook(
        {
            name: [[*fields(columns)], *([row.get(each, "") for each in fields(columns).values()] for row in rows)]
            for name, (columns, rows) in sheets.items()
        }
    )


def workbook(sheets: dict[str, list[list[Cell]]]) -> bytes:
    """An Excel workbook of several sheets, each a list of rows; blank cells are left out."""
    texts: dict[str, int] = {}
    parts = {name: text for name, text in FIXED_PARTS.items() if "workbook" not in name and "Content" not in name}
    kinds, names, links = "", "", ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        lines = "".join(
            f'<row r="{line}">{"".join(bulk_cell(line, place, value, texts) for place, value in enumerate(row))}</row>'
            for line, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>"
        kinds += f'<Override ContentType="{KIND}.worksheet+xml" PartName="/xl/worksheets/sheet{number}.xml"/>'
        names += f'<sheet name="{name}" r:id="rId{number}" sheetId="{number}"/>'
        links += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
    for number, kind in enumerate(("styles", "sharedStrings"), len(sheets) + 1):
        links += f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    one_sheet = FIXED_PARTS["[Content_Types].xml"]
    override = f'<Override ContentType="{KIND}.worksheet+xml" PartName="/xl/worksheets/sheet1.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": one_sheet.replace(override, kinds),
            **parts,
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            "xl/sharedStrings.xml": f'<sst {MAIN} uniqueCount="{len(texts)}">{shared}</sst>',
        }
    )


def bulk_cell(line: int, place: int, value: Cell, texts: dict[str, int]) -> str:
    """A cell, ids and all other texts as texts; nothing where it is blank."""
    first, second = divmod(place, 26)
    where = f"{ascii_uppercase[first - 1] if first else ''}{ascii_uppercase[second]}{line}"
    if isinstance(value, str):
        return value and f'<c r="{where}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
    return "" if value is None else f'<c r="{where}"><v>{value}</v></c>'


def zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(member, XML + text, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def cost_row(product: Product) -> dict[str, str]:
    rng = Random(f"costs {product.asin}")
    by_sku, large = product.asin in COSTS_BY_SKU, product.is_large
    return {
        "asin": "" if by_sku else product.asin,
        "sku": product.skus[0] if by_sku else "",
        "landed_cost": f"{product.price * rng.uniform(0.2, 0.32):.2f}",
        "price": "",
        "referral_rate": rng.choices(("0.15", "0.08", "0.17"), (16, 2, 1))[0],
        "fulfilment_fee": f"{rng.uniform(5.4, 7.9) if large else rng.uniform(3.1, 4.3):.2f}",
        "size_tier": "large_standard" if large else "small_standard",
        "unit_volume": f"{product.volume}",
        "unit_weight": "1.8" if large else "0.7",
        "lead_time_days": "",
        "clear_by": "",
        "inbound_arrives": "",
    } | COSTS.get(product.asin, {})


def costs() -> bytes:
    rows = [cost_row(product) for product in PRODUCTS if product.asin not in NO_COSTS]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def main(target: Path) -> None:
    files = {"account.toml": ACCOUNT.encode(), "costs.csv": costs(), "stock.csv": stock_elsewhere()}
    files[f"{LAST}/FeePreview.txt"] = fee_preview()
    files[f"{LAST}/{BULK_REPORT}.xlsx"] = bulk_report()
    for day in SNAPSHOTS:
        files[f"{day}/{REPORT_NUMBERS[day]}.csv"] = inventory_report(day)
        files[f"{day}/BusinessReport-{day.month}-{day.day}-{day:%y}.csv"] = business_report(day)
        files[f"{day}/{AD_REPORT}.xlsx"] = ad_report(day)
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
