"""Write one small made-up file of every kind and language of report, and the table that reading it must give.

    python data/sample/make_kinds.py [KINDS EXPECTED]

Encodings, delimiters, quoting, styles of numbers and dates, and English headers are those of real downloads. Files in
other languages are built from known spellings, not from real downloads: those that other programs rely on, graded in
`wockit/reading/schema`. They show that such a header is read as it should be, and no more. Every number, name and buyer
is invented. The same bytes come out of every run.
"""

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product as pairs
from pathlib import Path
from string import ascii_uppercase
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from make_sample import BUSINESS, FIXED_PARTS, INVENTORY, LAST, MAIN, PARENTS, PRODUCTS, fields, share, zipped

# A line a SKU: units available, inbound, reserved, unfulfillable; shipped in 7, 30, 60 and 90 days; sessions, page
# views, units and order items; then a day of advertising: impressions, clicks, cents spent, orders, units of the
# product itself, units and cents of others.
LINES = """
WK-O-C8CASE  B0WOC8CASE 2000   0 70 1 240 1000 1960 2960 6412 8120 1000 984 24180 66 7920 8 7 1 1999
WK-K-EAR100  B0CLEAR100  175   0  4 0  11   50  104  158  410  560   50  49  3120 13 2600 1 1 0    0
CUP-500-SS   B0K3N9PDWE  107 160 12 2  40  167  320  490 1290 1710  167 160  9040 22 1980 3 3 0    0
CUP-500-SS-2 B0K3N9PDWE   53 140  6 0  19   83  160  244 1290 1710   83  80   410  0    0 1 1 0    0
0012         B0K6T2BLQY  330   0 21 0  72  300  606  912 2204 3017  300 295 11200 16 1248 2 0 2 3998
1E5          B0E4W9LDTC  130  80 21 0  68  300  590  850 2530 3200  300 288 15030 21 1302 3 4 0    0
WK-O-015328  9788015328  150   0  9 0  27  120  231  345  702  918  120 118   640  2  120 0 0 0    0
WK-G-R6YNFS  B0G2R6YNFS   95   0 10 0  33  140  289  436 1104 1422  140 139  5210  9  855 2 2 0    0
"""
COUNTS = (
    *("units_available", "units_inbound", "units_reserved", "units_unfulfillable"),
    *("units_shipped_7_days", "units_shipped_30_days", "units_shipped_60_days", "units_shipped_90_days"),
    *("sessions", "page_views", "units_ordered", "orders", "impressions", "ad_clicks", "ad_spend"),
    *("ad_orders", "ad_units_same_sku", "ad_units_other_sku", "ad_sales_other_sku"),
)
LEFT_OUT = "left out"
SPANISH_MONTHS = {7: "jul", 8: "ago"}
BUYER = "Buyerville"

# Columns, each with what fills it: one of our columns, or a text that stands as it is.
PLANNING = """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New|available=units_available
inv-age-0-to-90-days=units_aged_0_to_90|inv-age-91-to-180-days=units_aged_91_to_180|currency=currency
units-shipped-t7=units_shipped_7_days|units-shipped-t30=units_shipped_30_days|units-shipped-t60=units_shipped_60_days
units-shipped-t90=units_shipped_90_days|your-price=price|item-volume=item_volume|marketplace=marketplace
weeks-of-cover-t30=amazon_weeks_of_cover_t30|inbound-quantity=units_inbound
"""
PLANNING_2021 = f"{PLANNING.strip()}|reserved-quantity=units_reserved|unfulfillable-quantity=units_unfulfillable"
PLANNING_2026 = dict.fromkeys(fields(INVENTORY), "") | fields(
    PLANNING + "Total Reserved Quantity=units_reserved|reserved-quantity=999|unfulfillable-quantity=units_unfulfillable"
)
PLANNING_JUNE = f"""{PLANNING_2021}|fc-transfer=units_fc_transfer|Reserved FC Processing=units_fc_processing
Reserved Customer Order=units_customer_order|Reserved Staging=0|Inventory Supply at FBA=units_supply_at_fba
inbound-working=units_inbound_working|inbound-shipped=units_inbound_shipped|inbound-received=units_inbound_receiving
volume-unit-measurement=volume_unit|pending-removal-quantity=0|quantity-to-be-charged-ais-181-210-days=9
estimated-ais-181-210-days=1.25|is-seasonal-in-next-3-months=No|season-name=|season-start-date=|season-end-date=
"""
AGE = """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New
avaliable-quantity(sellable)=units_available|qty-with-removals-in-progress=0|inv-age-0-to-90-days=units_aged_0_to_90
inv-age-91-to-180-days=units_aged_91_to_180|inv-age-181-to-270-days=0|inv-age-271-to-365-days=0
inv-age-365-plus-days=0|currency=currency|units-shipped-last-7-days=units_shipped_7_days
units-shipped-last-30-days=units_shipped_30_days|units-shipped-last-60-days=units_shipped_60_days
units-shipped-last-90-days=units_shipped_90_days|alert=|your-price=price|sales_price=|lowest_price_new=
Recommended action=No action required|Healthy Inventory Level=|sell-through=1.2|cubic-feet=item_volume
storage-type=Standard-Size
"""
HEALTH = """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New|sales-rank=1234
total-quantity=9999|sellable-quantity=units_available|unsellable-quantity=units_unfulfillable
inv-age-0-to-90-days=units_aged_0_to_90|inv-age-91-to-180-days=units_aged_91_to_180
units-shipped-last-24-hrs=1|units-shipped-last-7-days=units_shipped_7_days
units-shipped-last-30-days=units_shipped_30_days|units-shipped-last-90-days=units_shipped_90_days
units-shipped-last-180-days=9|weeks-of-cover-t7=3|weeks-of-cover-t30=amazon_weeks_of_cover_t30|currency=currency
your-price=price|qty-with-removals-in-progress=0|per-unit-volume=item_volume|is-hazmat=N
in-bound-quantity=units_inbound
"""
LISTINGS = """
sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New|your-price=price|mfn-listing-exists=No
mfn-fulfillable-quantity=|afn-listing-exists=fba_listing_exists|afn-warehouse-quantity=9999
afn-fulfillable-quantity=units_available|afn-unsellable-quantity=units_unfulfillable
afn-reserved-quantity=units_reserved|afn-total-quantity=9999|per-unit-volume=item_volume
afn-inbound-working-quantity=0|afn-inbound-shipped-quantity=units_inbound_shipped|afn-inbound-receiving-quantity=0
afn-researching-quantity=0|afn-reserved-future-supply=0|afn-future-supply-buyable=0
"""
RESTOCK = """
Country=marketplace|Product Name=title|FNSKU=fnsku|Merchant SKU=sku|ASIN=asin|Condition=New|Supplier=|Supplier part no.=
Currency code=currency|Price=price|Sales last 30 days=100.00|Units Sold Last 30 Days=units_shipped_30_days
Total Units=9999|Inbound=units_inbound|Available=units_available|FC transfer=1|FC Processing=0|Customer Order=2
Unfulfillable=units_unfulfillable|Working=0|Shipped=0|Receiving=0|Fulfilled by=fulfilled_by
Total Days of Supply (including units from open shipments)=60|Days of Supply at Amazon Fulfillment Network=45
Alert=|Recommended replenishment qty=12|Recommended ship date=04/07/2026|Recommended action=No action required
Unit storage size=0.1 ft3
"""
LISTINGS_JUNE = f"""{LISTINGS.strip()}|afn-fulfillable-quantity-local=|afn-fulfillable-quantity-remote=|store=
afn-fc-transfer-quantity=units_fc_transfer|afn-onhand-buyable-quantity=units_buyable
"""
RESTOCK_REGION = RESTOCK.replace("Country=", "Country/Region Code=").replace(
    "FC transfer=1", "FC transfer=units_fc_transfer"
)
RESTOCK_2019 = """
Country=marketplace|Product Description=title|FNSKU=fnsku|Merchant SKU=sku|ASIN=asin|Condition=New
Currency code=currency|Price=price|Sales last 30 days=100.00|Units Sold Last 30 Days=units_shipped_30_days
Total Units=9999|Inbound=units_inbound|Available=units_available|Unfulfillable=units_unfulfillable
Fulfilled by=fulfilled_by|Days of Supply=amazon_days_of_supply|Alert=|Recommended Order Qty=12
Recommended Order Date=2019-05-01|Eligible for Storage Fee Discount Current Month=No
"""
CONDITIONS = """
seller-sku=sku|fulfillment-channel-sku=fnsku|asin=asin|condition-type=NewItem
Warehouse-Condition-code=warehouse_condition|Quantity Available=units_available
"""
FEE_PREVIEW = """
sku=sku|fnsku=fnsku|asin=asin|amazon-store=marketplace|product-name=title|product-group=Home|brand=Sample
fulfilled-by=fulfilled_by|your-price=price|sales-price=--|longest-side=longest_side|median-side=8
shortest-side=4|length-and-girth=36|unit-of-dimension=length_unit|item-package-weight=unit_weight
unit-of-weight=weight_unit|product-size-tier=size_tier|currency=currency|estimated-fee-total=fees_in_all
estimated-referral-fee-per-unit=referral_fee|estimated-variable-closing-fee=0.00
estimated-order-handling-fee-per-order=|estimated-pick-pack-fee-per-unit=--|estimated-weight-handling-fee-per-unit=--
expected-fulfillment-fee-per-unit=fulfilment_fee
estimated-future-fee (Current Selling on Amazon + Future Fulfillment fees)=--
expected-future-fulfillment-fee-per-unit=--
"""
FEE_PREVIEW_EUROPE = """
sku=sku|fnsku=fnsku|asin=asin|amazon-store=marketplace|product-name=title|product-group=Home|brand=Sample
fulfilled-by=fulfilled_by|has-local-inventory=Yes|your-price=price|sales-price=--|longest-side=longest_side
median-side=8|shortest-side=4|length-and-girth=36|unit-of-dimension=length_unit|item-package-weight=unit_weight
unit-of-weight=weight_unit|product-size-weight-band=size_tier|currency=currency|estimated-fee-total=fees_in_all
estimated-referral-fee-per-unit=referral_fee|estimated-variable-closing-fee=0.00
expected-domestic-fulfilment-fee-per-unit=fulfilment_fee|expected-efn-fulfilment-fee-per-unit-uk=--
expected-efn-fulfilment-fee-per-unit-de=--|expected-efn-fulfilment-fee-per-unit-fr=9.10
expected-efn-fulfilment-fee-per-unit-it=9.10|expected-efn-fulfilment-fee-per-unit-es=9.10
expected-future-domestic-fulfilment-fee-per-unit=--
"""
STORAGE_FEES = """
asin=asin|fnsku=fnsku|product-name=title|fulfillment-center=fulfilment_centre|country-code=country
longest-side=12.0|median-side=8.0|shortest-side=4.0|measurement-units=inches|weight=1.5|weight-units=pounds
item-volume=item_volume|volume-units=volume_unit|product-size-tier=size_tier|average-quantity-on-hand=average_units
average-quantity-on-hand-above-30-days=0.0|average-quantity-pending-removal=0.0
estimated-total-item-volume=volume_in_all|estimated-total-storage-utilization-surcharge-volume=0.0
month-of-charge=month|storage-utilization-ratio=|storage-utilization-ratio-units=|base-rate=base_rate
utilization-surcharge-rate=0.0|currency=currency|estimated-base-monthly-storage-fee=2.44
estimated-storage-utilization-surcharge=0.00|estimated-monthly-storage-fee=storage_fee
dangerous-goods-storage-type=--|total-incentive-fee-amount=0.00|breakdown-incentive-fee-amount=
average-quantity-customer-orders=0.0
"""
STORAGE_FEES_API = """
asin=asin|fnsku=fnsku|product_name=title|fulfillment_center=fulfilment_centre|country_code=country
longest_side=12.0|median_side=8.0|shortest_side=4.0|measurement_units=inches|weight=1.5|weight_units=pounds
item_volume=item_volume|volume_units=volume_unit|product_size_tier=size_tier
average_quantity_on_hand=average_units|average_quantity_pending_removal=0.0
estimated_total_item_volume=volume_in_all|month_of_charge=month|storage_rate=base_rate|currency=currency
estimated_monthly_storage_fee=storage_fee|dangerous_goods_storage_type=--|eligible_for_inventory_discount=N
qualifies_for_inventory_discount=N|total_incentive_fee_amount=0.00|breakdown_incentive_fee_amount=
"""
AGED_SURCHARGE = """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New
per-unit-volume=item_volume|currency=currency|volume-unit=volume_unit|country=country|qty-charged=units_charged
amount-charged=aged_charge|surcharge-age-tier=age_tier|rate-surcharge=aged_charge_a_unit
"""
LONG_TERM = """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New
qty-charged-12-mo-long-term-storage-fee=units_charged|per-unit-volume=item_volume|currency=currency
12-mo-long-terms-storage-fee=aged_charge|qty-charged-6-mo-long-term-storage-fee=0
6-mo-long-terms-storage-fee=0.00|volume-unit=volume_unit|country=country|enrolled-in-small-and-light=N
"""
AWD = """
Product Name=title|SKU=sku|FNSKU=fnsku|ASIN=asin|Inbound to AWD (units)=units_to_awd|Inbound to AWD (cases)=
Available in AWD (units)=units_in_awd|Available in AWD (cases)=|Reserved in AWD (units)=units_reserved_in_awd
Outbound Order (units)=0|Researching (units)=0|Outbound to FBA (units)=units_awd_to_fba
Available in FBA (units)=9999|Available in FBA (days)=30|Reserved in FBA (units)=9999|Customer Order (units)=1
FC Processing (units)=0|FC Transfer (units)=0|Days of Supply (days)=90|Auto Replenishment Ratio (percent)=100
"""
LEDGER = """
Date=snapshot_date|FNSKU=fnsku|ASIN=asin|MSKU=sku|Title=title|Disposition=disposition
Starting Warehouse Balance=starting_balance|In Transit Between Warehouses=0|Receipts=0
Customer Shipments=customer_shipments|Customer Returns=0|Vendor Returns=0|Warehouse Transfer In/Out=0|Found=0|Lost=0
Damaged=0|Disposed=0|Other Events=0|Ending Warehouse Balance=units_available|Unknown Events=0|Location=location|Store=
"""
BUSINESS_2013 = """
(Parent) ASIN=parent_asin|(Child) ASIN=asin|Title=title|Sessions=sessions|Session Percentage=1.40%
Page Views=page_views|Page Views Percentage=1.30%|Buy Box Percentage=featured_offer_share|Units Ordered=units_ordered
Unit Session Percentage=600.00%|Gross Product Sales=sales|Orders Placed=orders
"""
BUSINESS_2019 = """
(Parent) ASIN=parent_asin|(Child) ASIN=asin|Title=title|SKU=sku|Sessions=sessions|Session Percentage=1.40%
Page Views=page_views|Page Views Percentage=1.30%|Buy Box Percentage=featured_offer_share|Units Ordered=units_ordered
Unit Session Percentage=8.40%|Ordered Product Sales=sales|Total Order Items=orders
"""
BUSINESS_2025 = dict.fromkeys(fields(BUSINESS), "7") | fields("""
(Parent) ASIN=parent_asin|(Child) ASIN=asin|Title=title|Sessions – Total=sessions|Page views – Total=page_views
Featured Offer (Buy Box) percentage=featured_offer_share|Units ordered=units_ordered|Ordered Product Sales=sales
Total order items=orders
""")
WITH_SKU = fields("(Parent) ASIN=parent_asin|(Child) ASIN=asin|Title=title|SKU=sku")
ALL_COLUMNS = BUSINESS_2025 | {
    f"{what} – {where}{buyer}": "5"
    for what, where, buyer in pairs(
        ("Sessions", "Session percentage", "Page views", "Page views percentage"),
        ("Mobile APP", "Browser"),
        ("", " – B2B"),
    )
}
BUSINESS_GERMAN = """
(Übergeordnete) ASIN=parent_asin|(Untergeordnete) ASIN=asin|Titel=title|SKU=sku|Sitzungen – Summe=sessions
Seitenaufrufe – Summe=page_views|Bestellte Einheiten=units_ordered|Bestellte Einheiten – B2B=7
Prozentsatz an Einheiten pro Sitzung=16.40%|Durch bestellte Produkte erzielter Umsatz=sales|Bestellsumme – B2B=7,00\xa0€
Zahl der Bestellposten=orders
"""
BUSINESS_SPANISH = """
ASIN (parent)=parent_asin|ASIN (child)=asin|Título=title|SKU=sku|Sesiones: total=sessions
Porcentaje de ofertas destacadas (Buy Box)=featured_offer_share|Unidades encargadas=units_ordered
Unidades encargadas - B2B=7|Ventas de productos encargados=sales|Ventas de productos encargados: B2B=7,00\xa0€
"""
BUSINESS_MEXICAN = """
ASIN (parent)=parent_asin|ASIN (child)=asin|Titulo=title|SKU=sku|Sesiones - Total=sessions
Vistas de página - Total=page_views|Unidades pedidas=units_ordered|Ventas de productos pedidos=sales
Ventas de productos pedidos - B2B=$7.00|Total de artículos del pedido=orders|Total de artículos del pedido -B2B=7
"""
BUSINESS_CHINESE = """
（父）ASIN=parent_asin|（子）ASIN=asin|标题=title|SKU=sku|会话数 - 总计=sessions|转化率 - 总计=1.40%
页面浏览量 - 总计=page_views|推荐报价（推荐报价展示位）百分比=featured_offer_share|已订购商品数量=units_ordered
已订购商品数量 - B2B=7|商品会话百分比=8.40%|已订购商品销售额=sales|已订购商品销售额 - B2B=US$7.00|订单商品总数=orders
"""
BUSINESS_CHINESE_2019 = """
（父）ASIN=parent_asin|(子) ASIN=asin|标题=title|SKU=sku|买家访问次数=sessions|订购数量=units_ordered
已订购商品的销售额=sales
"""
BUSINESS_JAPANESE = """
（親）ASIN=parent_asin|（子）ASIN=asin|タイトル=title|SKU=sku|セッション数 - 合計=sessions|セッション率 - 合計=1.40%
ページビュー - 合計=page_views|おすすめ出品（おすすめ商品）の獲得率=featured_offer_share
注文された商品点数=units_ordered|注文点数 - B2B=7|ユニットセッション率=8.40%
注文商品の売上額=sales|注文商品の売上額 - B2B=￥7|注文品目総数=orders
"""
SALES_AND_TRAFFIC = """
parentAsin=parent_asin|childAsin=asin|sku=sku|salesByAsin.unitsOrdered=units_ordered|salesByAsin.unitsOrderedB2B=7
salesByAsin.orderedProductSales.amount=sales|salesByAsin.orderedProductSales.currencyCode=currency
salesByAsin.totalOrderItems=orders|trafficByAsin.sessions=sessions|trafficByAsin.pageViews=page_views
trafficByAsin.buyBoxPercentage=97.5
"""
KIOSK = """
startDate=start_date|endDate=end_date|marketplaceId=marketplace|parentAsin=parent_asin|childAsin=asin|sku=
sales.unitsOrdered=units_ordered|sales.orderedProductSales.amount=sales
sales.orderedProductSales.currencyCode=currency|sales.totalOrderItems=orders|traffic.sessions=sessions
traffic.pageViews=page_views
"""
ORDERS = f"""
amazon-order-id=111-0000000-0000000|merchant-order-id=|purchase-date=purchase_date
last-updated-date=2026-11-21T02:00:00+00:00|order-status=order_status|fulfillment-channel=fulfilment_channel
sales-channel=marketplace|order-channel=|url=|ship-service-level=Expedited|product-name=title|sku=sku|asin=asin
item-status=item_status|quantity=units_ordered|currency=currency|item-price=sales|item-tax=1.00|shipping-price=
shipping-tax=|gift-wrap-price=|gift-wrap-tax=|item-promotion-discount=|ship-promotion-discount=|ship-city={BUYER}
ship-state={BUYER}|ship-postal-code={BUYER}|ship-country=US|promotion-ids=|is-business-order=false
purchase-order-number={BUYER}|price-designation =|order-item-id =0
"""
DAILY = fields("""
Date=date|Portfolio name=portfolio|Currency=currency|Campaign Name=campaign|Ad Group Name=ad_group|Advertised SKU=sku
Advertised ASIN=asin|Impressions=impressions|Clicks=ad_clicks|Click-Thru Rate (CTR)=_ctr|Cost Per Click (CPC)=_cpc
Spend=ad_spend|7 Day Total Sales =ad_sales|Total Advertising Cost of Sales (ACoS) =_acos
Total Return on Advertising Spend (RoAS)=_roas|7 Day Total Orders (#)=ad_orders|7 Day Total Units (#)=ad_units
7 Day Conversion Rate=_cvr|7 Day Advertised SKU Units (#)=ad_units_same_sku
7 Day Other SKU Units (#)=ad_units_other_sku|7 Day Advertised SKU Sales =ad_sales_same_sku
7 Day Other SKU Sales =ad_sales_other_sku
""")
SUMMARY = {"Start Date": "start_date", "End Date": "end_date"} | {
    name.replace("RoAS", "ROAS").replace("ACoS", "ACOS"): fact for name, fact in DAILY.items() if fact != "date"
}
SUMMARY |= {"Retailer": "Amazon", "Country": "marketplace"}
VENDOR = """
Date=date|Portfolio name=portfolio|Currency=currency|Campaign Name=campaign|Ad Group Name=ad_group
Advertised ASIN=asin|Impressions=impressions|Clicks=ad_clicks|Click-Thru Rate (CTR)=_ctr|Cost Per Click (CPC)=_cpc
Spend=ad_spend|14 Day Total Sales (₹)=ad_sales|Total Advertising Cost of Sales (ACoS)=_acos
Total Return on Advertising Spend (RoAS)=_roas|14 Day Total Orders (#)=ad_orders|14 Day Total Units (#)=ad_units
14 Day Conversion Rate=_cvr|14 Day Advertised ASIN Units (#)=ad_units_same_sku
14 Day Brand Halo ASIN Units (#)=ad_units_other_sku|14 Day Advertised ASIN Sales (₹)=ad_sales_same_sku
14 Day Brand Halo ASIN Sales (₹)=ad_sales_other_sku
"""
ADS_CHINESE = """
日期=date|广告组合名称=portfolio|货币=currency|广告活动名称=campaign|广告组名称=ad_group|广告SKU=sku|广告ASIN=asin
展示量=impressions|点击量=ad_clicks|点击率 (CTR)=_ctr|单次点击成本 (CPC)=_cpc|花费=ad_spend|7天总销售额=ad_sales
广告投入产出比 (ACOS) 总计=_acos|总广告投资回报率 (ROAS)=_roas|7天总订单数(#)=ad_orders|7天总销售量(#)=ad_units
7天的转化率=_cvr|7天内广告SKU销售量(#)=ad_units_same_sku|7天内其他SKU销售量(#)=ad_units_other_sku
7天内广告SKU销售额=ad_sales_same_sku|7天内其他SKU销售额=ad_sales_other_sku
"""
ADS_GERMAN = """
Datum=date|Portfolioname=portfolio|Währung=currency|Kampagnen-Name=campaign|Anzeigengruppenname=ad_group
Beworbene SKU=sku|Beworbene ASIN=asin|Impressionen=impressions|Klicks=ad_clicks|Klickrate (CTR)=_ctr
Kosten pro Klick (CPC)=_cpc|Ausgaben=ad_spend|7 Tage, Umsatz gesamt (€)=ad_sales
Gesamtumsatzkosten für Werbung (ACOS) =_acos
Gesamtrendite von Werbeausgaben (Return on Advertising Spend, ROAS)=_roas|7 Tage, Aufträge gesamt (#)=ad_orders
7 Tage, Einheiten gesamt (#)=ad_units|7-Tage-Konversionsrate=_cvr
7 Tage, Beworbene SKU-Einheiten (#)=ad_units_same_sku|7-Tage, Andere SKU-Einheiten (#)=ad_units_other_sku
7 Tage, Beworbene SKU-Umsätze (€)=ad_sales_same_sku|7-Tage, Andere SKU-Umsätze (€)=ad_sales_other_sku
"""
ADS_JAPANESE = """
開始日=start_date|終了日=end_date|ポートフォリオ名=portfolio|通貨=currency|キャンペーン名=campaign|広告グループ名=ad_group
宣伝SKU=sku|宣伝 ASIN=asin|インプレッション=impressions|クリック=ad_clicks|クリックスルー率（CTR）=_ctr
平均クリック単価 (CPC)=_cpc|費用=ad_spend|広告がクリックされてから7日間の総売上高=ad_sales
広告費売上高比率（ACOS）合計=_acos|広告費用対効果（ROAS）合計=_roas|広告がクリックされてから7日間の合計注文数=ad_orders
広告がクリックされてから7日間の合計販売数=ad_units|広告がクリックされてから7日間のコンバージョン率=_cvr
"""
ADS_SPANISH = """
Fecha de inicio=start_date|Fecha de finalización=end_date|Nombre de la cartera=portfolio|Divisa=currency
Nombre de campaña=campaign|Nombre del grupo de anuncios=ad_group|SKU anunciado=sku|ASIN anunciado=asin
Impresiones=impressions|Clics=ad_clicks|Gasto=ad_spend|Ventas totales de 7 días (€)=ad_sales
Coste publicitario de las ventas (ACOS) total =2,0000%|Retorno de la inversión publicitaria (ROAS) total=4,2
Pedidos totales de 7 días (#)=ad_orders|Unidades totales de 7 días (#)=ad_units|Tasa de conversión de 7 días=2,0000%
Unidades SKU anunciadas 7 días (#)=ad_units_same_sku|Otras unidades SKU de 7 días (#)=ad_units_other_sku
Ventas SKU anunciadas 7 días (€)=ad_sales_same_sku|Otras ventas SKU de 7 días (€)=ad_sales_other_sku
"""
ADS_ITALIAN = """
Data=date|Nome portafoglio=portfolio|Nome campagna=campaign|SKU pubblicizzato=sku|ASIN pubblicizzato=asin
Impressioni=impressions|Clic=ad_clicks|Spesa=ad_spend|Vendite totali (€) 7 giorni=ad_sales
Totale ordini (#) 7 giorni=ad_orders
"""
ADS_FRENCH = """
Date=date|Nom de la campagne=campaign|ASIN mis en avant=asin|Impressions=impressions|Clics=ad_clicks|Dépenses=ad_spend
Ventes totales sur 7 jours=ad_sales
"""
DISPLAY = """
Start Date=start_date|End Date=end_date|Portfolio name=portfolio|Currency=currency|Campaign Name=campaign
Cost Type=CPC|Ad Group Name=ad_group|Bid Optimization=Conversions|Advertised SKU=sku|Advertised ASIN=asin
Impressions=impressions|Viewable Impressions=viewable_impressions|Clicks=ad_clicks|Click-Thru Rate (CTR)=_ctr
14 Day Detail Page Views (DPV)=_cvr|Spend=ad_spend|Cost Per Click (CPC)=_cpc
Cost per 1,000 viewable impressions (VCPM)=|Total Advertising Cost of Sales (ACOS)=_acos
Total Return on Advertising Spend (ROAS)=_roas|14 Day Total Orders (#)=ad_orders|14 Day Total Units (#)=ad_units
14 Day Total Sales ($)=ad_sales|Total Advertising Cost of Sales (ACOS) - (Click)=_acos
Total Return on Advertising Spend (ROAS) - (Click)=_roas|14 Day Total Orders (#) - (Click)=_acos
14 Day Total Units (#) - (Click)=_acos|14 Day Total Sales - (Click)=_acos
"""
UNIFIED = """
Date=date|Ad product=ad_product|Budget currency=currency|Advertiser account name=Sample account
Portfolio name=portfolio|Portfolio ID=="1234567890123456"|Campaign name=campaign|Campaign ID=="9007199254740993"
Ad group name=ad_group|Advertised product ID=asin|Advertised product SKU=sku|Advertised product marketplace=marketplace
Impressions=impressions|Clicks=ad_clicks|CTR=<5%|Total cost (USD)=ad_spend|Purchases=ad_orders|Sales (USD)=ad_sales
Units sold=ad_units|ROAS=—
"""
UNIFIED_CHINESE = """
日期=date|广告产品=ad_product|预算货币=currency|广告主账户名称=Sample account|广告组合名称=portfolio
广告组合编号=="1234567890123456"|广告活动名称=campaign|广告活动编号=="9007199254740993"|广告组名称=ad_group
推广的商品编号=asin|推广的商品 SKU-Advertised product SKU=sku|推广的商品站点=marketplace|展示量=impressions
点击量=ad_clicks|总成本=ad_spend|购买量=ad_orders|销售额=ad_sales|已售商品数量=ad_units
归因于点击的销售额（推广的商品）=ad_sales_same_sku|归因于点击的销售额（品牌光环）=ad_sales_other_sku
"""
API_3 = """
date=date|campaignName=campaign|campaignId=9007199254740993|adGroupName=ad_group|adId=9007199254740995
campaignBudgetCurrencyCode=currency|impressions=impressions|clicks=ad_clicks|cost=ad_spend
"""
API_3_PRODUCTS = f"""{API_3.strip()}|advertisedAsin=asin|advertisedSku=sku|sales1d=0.01|sales7d=ad_sales
sales14d=9999.99|purchases7d=ad_orders|purchases14d=99|unitsSoldClicks7d=ad_units|unitsSoldSameSku7d=ad_units_same_sku
unitsSoldOtherSku7d=ad_units_other_sku|attributedSalesSameSku7d=ad_sales_same_sku|salesOtherSku7d=ad_sales_other_sku
"""
API_3_DISPLAY = f"""{API_3.strip()}|promotedAsin=asin|promotedSku=sku|sales=ad_sales|salesClicks=0.01
purchases=ad_orders|purchasesClicks=0|unitsSold=ad_units|unitsSoldClicks=0|impressionsViews=1
"""
API_1 = """
date.value=date|budgetCurrency.value=currency|adProduct.value=ad_product|campaign.name=campaign
campaign.id=9007199254740993|adGroup.name=ad_group|advertisedProduct.id=asin|advertisedProduct.sku=sku
advertisedProduct.marketplace=marketplace|metric.impressions=impressions|metric.clicks=ad_clicks
metric.totalCost=ad_spend|metric.purchases=ad_orders|metric.sales=ad_sales|metric.unitsSold=ad_units
"""
API_2 = """
date=date|campaignId=9007199254740993|campaignName=campaign|adGroupName=ad_group|asin=asin|sku=sku
currency=currency|impressions=impressions|clicks=ad_clicks|cost=ad_spend|attributedSales1d=0.01
attributedSales7d=ad_sales
attributedSales14d=9999.99|attributedSales7dSameSKU=ad_sales_same_sku|attributedConversions7d=ad_orders
attributedUnitsOrdered7d=ad_units|attributedUnitsOrdered7dSameSKU=ad_units_same_sku
"""
BULK_ENGLISH = """
Product=product|Entity=entity|Operation=|Campaign ID=campaign_id|Ad Group ID=ad_group_id|Portfolio ID=|Ad ID=ad_id
Keyword ID=|Product Targeting ID=|Campaign Name=|Ad Group Name=|Campaign Name (Informational only)=campaign_shown
Ad Group Name (Informational only)=ad_group_shown|Start Date=|End Date=|Targeting Type=|State=state
Campaign State (Informational only)=enabled|Daily Budget=|SKU=sku|ASIN (Informational only)=asin
Eligibility Status (Informational only)=Eligible|Ad Group Default Bid=|Bid=|Keyword Text=|Match Type=|Bidding Strategy=
Placement=|Percentage=|Product Targeting Expression=|Impressions=impressions|Clicks=ad_clicks|Click-through Rate=_ctr
Spend=ad_spend|Sales=|Orders=ad_orders|Units=|ACOS=_acos|CPC=_cpc|ROAS=_roas"""
# The 26 columns that Amazon documents, of a keyword: its bid, and no numbers of what it did.
BULK_SHORT = """
Product=product|Entity=entity|Operation=|Campaign Id=campaign_id|Ad Group Id=ad_group_id|Portfolio Id=|Ad Id=
Keyword Id=keyword_id|Product Targeting Id=|Campaign Name=|Ad Group Name=|Start Date=|End Date=|Targeting Type=
State=state|Daily Budget=|sku=|asin=|Ad Group Default Bid=|Bid=bid|Keyword Text=keyword|Match Type=exact
Bidding Strategy=|Placement=|Percentage=|Product Targeting Expression="""
BULK_CHINESE = """
产品=product|实体层级=entity|操作=|广告活动编号=campaign_id|广告组编号=ad_group_id|广告组合编号=|广告编号=ad_id|关键词编号=
商品投放 ID=|广告活动名称=|广告组名称=|广告活动名称（仅供参考）=campaign_shown|广告组名称（仅供参考）=ad_group_shown
开始日期=|结束日期=|投放类型=|状态=state|每日预算=|SKU=sku|ASIN（仅供参考）=asin|广告组默认竞价=|竞价=|关键词文本=|匹配类型=|竞价方案=|广告位=
百分比=|拓展商品投放编号=|展示量=impressions|点击量=ad_clicks|点击率=_ctr|花费=ad_spend|销量=|订单数量=ad_orders|商品数量="""
REFUSED = {
    "search_term/us": """
Date=date|Portfolio name=portfolio|Currency=USD|Campaign Name=campaign|Ad Group Name=ad_group|Targeting=close-match
Match Type=-|Customer Search Term=storage box|Impressions=impressions|Clicks=ad_clicks|Spend=ad_spend
7 Day Total Sales =ad_sales|7 Day Total Orders (#)=ad_orders""",
    "search_term/zh": """
开始日期=start_date|结束日期=end_date|广告活动名称=campaign|广告组名称=ad_group|投放=close-match|匹配类型=-|客户搜索词=收纳箱
展示量=impressions|点击量=ad_clicks|花费=ad_spend|7天总销售额=ad_sales""",
    "search_term/ja": """
開始日=start_date|終了日=end_date|キャンペーン名=campaign|広告グループ名=ad_group|ターゲティング=close-match|マッチタイプ=-
カスタマーの検索キーワード=収納ボックス|インプレッション=impressions|クリック=ad_clicks|費用=ad_spend""",
    "search_term/es": """
Fecha de inicio=start_date|Fecha de finalización=end_date|Nombre de campaña=campaign|Segmentación=close-match
Término de búsqueda de cliente=caja|Impresiones=impressions|Clics=ad_clicks|Gasto=ad_spend""",
    "search_term/unified": """
Date=date|Campaign name=campaign|Advertised product ID=asin|Target value=box|Search term=storage box
Placement classification=Other on-Amazon|Impressions=impressions|Clicks=ad_clicks|Total cost=ad_spend|Sales=ad_sales""",
    "targeting/us": """
Date=date|Portfolio name=portfolio|Currency=USD|Campaign Name=campaign|Ad Group Name=ad_group|Targeting=storage box
Match Type=BROAD|Impressions=impressions|Top-of-search Impression Share=<5%|Clicks=ad_clicks|Spend=ad_spend
7 Day Total Sales =ad_sales""",
    "campaign/us": """
Date=date|Portfolio name=portfolio|Program Type=Sponsored Products|Campaign Name=campaign|Retailer=Amazon
Country=United States|Status=ENABLED|Currency=USD|Budget Amount=$35.0|Targeting Type=Manual targeting
Bidding strategy=Dynamic bids - down only|Impressions=impressions|Last Year Impressions=|Clicks=ad_clicks
Spend=ad_spend|7 Day Total Orders (#)=ad_orders|7 Day Total Sales =ad_sales""",
    "placement/us": """
Date=date|Portfolio name=portfolio|Currency=USD|Campaign Name=campaign|Bidding strategy=Fixed bid
Placement=Top of Search on-Amazon|Impressions=impressions|Clicks=ad_clicks|Spend=ad_spend
7 Day Total Sales =ad_sales""",
    "purchased_product/us": """
Start Date=start_date|End Date=end_date|Portfolio name=portfolio|Currency=USD|Campaign Name=campaign
Ad Group Name=ad_group|Advertised SKU=sku|Advertised ASIN=asin|Targeting=storage box|Match Type=BROAD
Purchased ASIN=B0K3N9PDWE|7 Day Other SKU Units (#)=1|7 Day Other SKU Orders (#)=1|7 Day Other SKU Sales =$27.99""",
    "performance_over_time/us": """
Start Date=start_date|End Date=end_date|Portfolio name=portfolio|Currency=USD|Clicks=ad_clicks
Cost Per Click (CPC)=$1.20|Spend=ad_spend""",
    "business_report_by_date/us": """
Date=11/21/26|Ordered Product Sales=sales|Ordered Product Sales - B2B=$7.00|Units Ordered=units_ordered
Units Ordered - B2B=7|Total Order Items=orders|Page Views - Total=page_views|Sessions - Total=sessions
Featured Offer (Buy Box) Percentage=featured_offer_share|Average Offer Count=60""",
    "business_report_parent/us": """
(Parent) ASIN=parent_asin|Title=title|Sessions – Total=sessions|Page views – Total=page_views
Units ordered=units_ordered|Ordered Product Sales=sales|Total order items=orders""",
    "sponsored_brands/us": """
Date=date|Portfolio name=portfolio|Currency=USD|Campaign Name=campaign|Impressions=impressions|Clicks=ad_clicks
Spend=ad_spend|14 Day Total Sales =ad_sales|14 Day Total Orders (#)=ad_orders|14 Day New-to-brand Orders (#)=1
14 Day New-to-brand Sales =$9.00""",
    "erp_export/lingxing": """
店铺名称=Sample account|国家=美国|MSKU=sku|ASIN=asin|曝光量=impressions|点击=ad_clicks|花费-本币=ad_spend
广告销售额-本币=ad_sales|可售=units_available""",
    "targeting/api_1": """
date.value=date|budgetCurrency.value=USD|campaign.name=campaign|campaign.id=9007199254740993|adGroup.name=ad_group
target.value=storage box|target.matchType=BROAD|metric.impressions=impressions|metric.clicks=ad_clicks
metric.totalCost=ad_spend|metric.sales=ad_sales""",
    "campaign/api_1": """
date.value=date|budgetCurrency.value=USD|campaign.name=campaign|campaign.id=9007199254740993
metric.impressions=impressions|metric.clicks=ad_clicks|metric.totalCost=ad_spend|metric.sales=ad_sales""",
    "campaign_manager/us": """
State=Enabled|Campaigns=campaign|Country=United States|Status=Delivering|Type=Sponsored Products|Targeting=Manual
Retailer=Amazon|Portfolio=Home|Campaign bidding strategy=Dynamic bids - down only|Start date=Jan 5, 2026|End date=
Avg. time in budget=|Budget(USD)=35.00|Cost type=CPC|Impressions=impressions|Top-of-search impression share=5.00%
Clicks=ad_clicks|CTR=_ctr|Spend(USD)=ad_spend|CPC(USD)=_cpc|Orders=ad_orders|Sales(USD)=ad_sales|ACOS=_acos
ROAS=_roas""",
    "campaign_manager/targets": """
State=Enabled|Keyword=storage box|Match type=Broad|Status=Delivering|Suggested bid (low)(USD)=0.80
Suggested bid (median)(USD)=1.00|Suggested bid (high)(USD)=1.30|Bid (USD)=1.10|Impressions=impressions
Clicks=ad_clicks|CTR=_ctr|Spend(USD)=ad_spend|CPC(USD)=_cpc|Orders=ad_orders|Sales(USD)=ad_sales""",
    "customer_returns/us": """
return-date=2026-11-20T08:00:00+00:00|order-id=111-0000000-0000000|sku=sku|asin=asin|fnsku=fnsku|product-name=title
quantity=1|fulfillment-center-id=AAA1|detailed-disposition=SELLABLE|reason=NOT_AS_DESCRIBED
status=Unit returned to inventory|license-plate-number=|customer-comments=""",
    "inventory_history/daily": """
snapshot-date=2026-11-22|fnsku=fnsku|sku=sku|product-name=title|quantity=20|fulfillment-center-id=AAA1
detailed-disposition=SELLABLE|country=US""",
    "inventory_history/monthly": """
month=11/2026|fnsku=fnsku|sku=sku|product-name=title|average-quantity=20|end-quantity=18|fulfillment-center-id=AAA1
detailed-disposition=SELLABLE|country=US""",
    "inventory_events/events": """
snapshot-date=2026-11-20|transaction-type=Shipments|fnsku=fnsku|sku=sku|product-name=title|fulfillment-center-id=AAA1
quantity=-1|disposition=SELLABLE""",
    "inventory_events/adjustments": """
adjusted-date=2026-11-20|transaction-item-id=1|fnsku=fnsku|sku=sku|product-name=title|fulfillment-center-id=AAA1
quantity=-1|reason=M|disposition=SELLABLE""",
    "inventory_events/received": """
received-date=2026-11-20|fnsku=fnsku|sku=sku|product-name=title|quantity=20|fba-shipment-id=FBA000000
fulfillment-center-id=AAA1""",
    "inbound_performance/us": """
issue-reported-date=2026-11-20|fba-shipment-id=FBA000000|fulfillment-center-id=AAA1|sku=sku|fnsku=fnsku|asin=asin
product-name=title|problem-type=Label|problem-quantity=1|expected-quantity=20|received-quantity=20""",
    "subscribe_and_save/us": """
offer-state=Active|snapshot-date=2026-11-22|sku=sku|fnsku=fnsku|asin=asin|product-name=title|country=US
active-subscriptions=20""",
    "brand_analytics/queries": """
Search Query=steel cup|Search Query Score=1|Search Query Volume=1000|Reporting Date=2026-11-14""",
    "brand_analytics/terms": """
Search Frequency Rank=1|Search Term=steel cup|Top Clicked Brand #1=Acme|Reporting Date=2026-11-14""",
    "brand_analytics/repeat": """
ASIN=asin|Product Title=title|Orders=40|Unique Customers=38|Repeat Customers % of Total=5|Reporting Date=2026-11-14""",
    "payments/us": """
Date=11/21/2026|Transaction Status=Released|Transaction type=Order Payment|Order ID=111-0000000-0000000
Product Details=title
Total product charges=27.99|Total promotional rebates=0.00|Amazon fees=-8.10|Other=0.00|Total (USD)=19.89""",
    "search_catalog/us": """
ASIN Title=title|ASIN=asin|Category=Kitchen|Impressions: Impressions=impressions|Clicks: Clicks=ad_clicks
Clicks: Click Rate (CTR)=2.1%|Purchases: Purchases=4|Reporting Date=2026-11-21""",
    "baskets/us": """
ASIN=asin|Product Title=title|Purchased Combination ASIN #1=B0K3N9PDWE|Combination %=3.1%""",
    "demographics/us": """
Demographic=Age 25-34|Unique Customers=41|Unique Customers % of Total=12.0%|Ordered Product Sales=$820.00
Ordered Units=44""",
    "tax/us": """
UNIQUE_ACCOUNT_IDENTIFIER=A1|ACTIVITY_PERIOD=2026-NOV|SALES_CHANNEL=AFN|MARKETPLACE=amazon.de|TRANSACTION_TYPE=SALE
TAX_CALCULATION_DATE=21-11-2026|SELLER_SKU=sku|ASIN=asin|QTY=1|TRANSACTION_CURRENCY_CODE=EUR""",
    "listing_template/us": """
Product Type=kitchen|Seller SKU=sku|Brand Name=Acme|Product Name=title|Standard Price=27.99|Quantity=
Parentage=child""",
    "orders_to_ship/us": """
order-id=111-0000000-0000000|order-item-id=1|purchase-date=2026-11-21T08:00:00+00:00
payments-date=2026-11-21T08:00:00+00:00
sku=sku|product-name=title|quantity-purchased=1|quantity-shipped=0|quantity-to-ship=1""",
    "shipments_in/us": """
Shipment name=November|Shipment ID=FBA1|Created=2026-11-01|Last updated=2026-11-20|Ship to=ABE8|SKUs=2
Units expected=480
Units located=120|Status=Receiving""",
    "customer_voice/us": """
Product name=title|ASIN=asin|SKU=sku|NCX rate=1.2%|NCX orders=3|CX health=Good""",
    "referral_preview/us": """
seller-sku=sku|asin=asin|item-name=title|price=27.99|estimated-referral-fee-per-item=4.20""",
    "service_fees/us": """
Transaction date=2026-11-01|FBA shipment ID=FBA1|Merchant SKU=sku|FNSKU=fnsku|ASIN=asin
FBA inbound placement service fee rate (per unit)=0.30|Currency=USD|Total charges=36.00""",
    "vendor_orders/us": """
PO=1AB|Vendor=ACME|ASIN=asin|Title=title|Quantity Requested=48|Accepted quantity=48|Quantity received=0
Unit Cost=9.10""",
    "coupons/us": """
Coupon name=November|Start date=2026-11-01|End date=2026-11-20|Budget=$500.00|Clips=90|Redemptions=12""",
    "promotions/us": """
shipment-date=2026-11-20|currency=currency|item-promotion-discount=2.00|item-promotion-id=Coupon
amazon-order-id=111-0000000-0000000|shipment-id=1|shipment-item-id=2""",
    "ad_budgets/us": """
Date=2026-11-20|Portfolio name=|Currency=currency|Campaign Name=Cups|Budget=50|Recommended Budget=60
Average Time in Budget=80%""",
    "removal_orders/us": """
request-date=2026-11-20T08:00:00+00:00|order-id=1a2b3c|order-source=Seller-initiated|order-type=Return
service-speed=Standard|order-status=Completed|last-updated-date=2026-11-21T08:00:00+00:00|sku=sku|fnsku=fnsku
disposition=Unsellable|requested-quantity=3|cancelled-quantity=0|disposed-quantity=0|shipped-quantity=3
in-process-quantity=0|removal-fee=3.12|currency=currency""",
    "removal_shipments/us": """
request-date=2026-11-20T08:00:00+00:00|order-id=1a2b3c|shipment-date=2026-11-21T08:00:00+00:00|sku=sku|fnsku=fnsku
disposition=Sellable|shipped-quantity=3|carrier=Carrier|tracking-number=0|removal-order-type=Return""",
    "listings/active": """
item-name=title|item-description=|listing-id=0101A000000|seller-sku=sku|price=price|quantity=|open-date=2020-01-05
image-url=|item-is-marketplace=y|product-id-type=1|zshop-shipping-fee=|item-note=|item-condition=11
zshop-category1=|asin1=asin|asin2=|asin3=|will-ship-internationally=|expedited-shipping=|product-id=asin
bid-for-featured-placement=|add-delete=|pending-quantity=|fulfillment-channel=AMAZON_NA|merchant-shipping-group=""",
    "listings/all": """
item-name=title|item-description=|listing-id=0101A000000|seller-sku=sku|price=price|quantity=|open-date=2020-01-05
product-id-type=1|asin1=asin|product-id=asin|pending-quantity=|fulfillment-channel=AMAZON_NA
merchant-shipping-group=|status=Active""",
    "open_listings/us": """
sku=sku|asin=asin|price=price|quantity=|Business Price=|Quantity Price Type=
Quantity Lower Bound 1=|Quantity Price 1=""",
    "stranded_inventory/us": """
primary-action=Relist|date-stranded=2026-11-01|Date-to-take-auto-removal=2026-12-01|status-primary=Stranded
status-secondary=|error-message=|stranded-reason=Listing closed|asin=asin|sku=sku|fnsku=fnsku|product-name=title
condition=New|fulfilled-by=Amazon|fulfillable-qty=units_available|your-price=price|unfulfillable-qty=0
reserved-quantity=0|inbound-shipped-qty=0""",
    "reimbursements/us": """
approval-date=2026-11-20T08:00:00+00:00|reimbursement-id=1000000001|case-id=|amazon-order-id=|reason=Lost_Warehouse
sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New|currency-unit=currency|amount-per-unit=12.50
amount-total=12.50|quantity-reimbursed-cash=1|quantity-reimbursed-inventory=0|quantity-reimbursed-total=1
original-reimbursement-id=|original-reimbursement-type=""",
    "replacements/us": """
shipment-date=2026-11-20T08:00:00+00:00|sku=sku|asin=asin|fulfillment-center-id=AAA1
original-fulfillment-center-id=AAA2|quantity=1|replacement-reason-code=1
replacement-amazon-order-id=111-0000000-0000001|original-amazon-order-id=111-0000000-0000000""",
    "customer_shipment_sales/us": f"""
shipment-date=2026-11-20T08:00:00+00:00|sku=sku|fnsku=fnsku|asin=asin|fulfillment-center-id=AAA1|quantity=1
amazon-order-id=111-0000000-0000000|currency=currency|item-price-per-unit=price|shipping-price=0.00
gift-wrap-price=0.00|ship-city={BUYER}|ship-state={BUYER}|ship-postal-code={BUYER}""",
    "fulfilled_shipments/us": f"""
amazon-order-id=111-0000000-0000000|merchant-order-id=|shipment-id=A1|shipment-item-id=B1|amazon-order-item-id=0
purchase-date=2026-11-19T08:00:00+00:00|payments-date=2026-11-20T08:00:00+00:00
shipment-date=2026-11-20T08:00:00+00:00|reporting-date=2026-11-20T09:00:00+00:00|buyer-name={BUYER}|sku=sku
product-name=title|quantity-shipped=1|currency=currency|item-price=price|item-tax=0.00|carrier=Carrier
fulfillment-center-id=AAA1|fulfillment-channel=AFN|sales-channel=amazon.com""",
    "settlement/us": """
settlement-id=1000000001|settlement-start-date=2026-11-01T00:00:00+00:00|settlement-end-date=2026-11-15T00:00:00+00:00
deposit-date=2026-11-17T00:00:00+00:00|total-amount=100.00|currency=currency|transaction-type=Order
order-id=111-0000000-0000000|merchant-order-id=|adjustment-id=|shipment-id=A1|marketplace-name=Amazon.com
amount-type=ItemPrice|amount-description=Principal|amount=price|fulfillment-id=AFN|posted-date=2026-11-10
order-item-code=0|sku=sku|quantity-purchased=1""",
    "transactions/us": f"""
date/time=Nov 10, 2026 8:00:00 AM PST|settlement id=1000000001|type=Order|order id=111-0000000-0000000|sku=sku
description=title|quantity=1|marketplace=amazon.com|account type=Standard Orders|fulfillment=Amazon|order city={BUYER}
product sales=price|product sales tax=0|selling fees=-4.50|fba fees=-5.10|other transaction fees=0|other=0
total=12.00""",
    "excess_inventory/us": """
Marketplace=US|Product Name=title|ASIN=asin|Your Price=price|Total Quantity (Sellable)=units_available
Estimated Excess=12|Units Sold - Last 7 Days=units_shipped_7_days""",
    "recommended_removals/us": """
snapshot-date=snapshot_date|sku=sku|fnsku=fnsku|asin=asin|product-name=title|condition=New|sellable-271-365-days=3
sellable-removal-quantity=3""",
    "storage_overage/us": """
charged_date=2026-11-01|country_code=US|storage_type=Standard|storage_usage_volume=120.5|storage_limit_volume=100
overage_volume=20.5""",
    "reserved_inventory/us": """
sku=sku|fnsku=fnsku|asin=asin|product-name=title|reserved_qty=units_reserved|reserved_customerorders=1
reserved_fc-transfers=1|reserved_fc-processing=0|reserved_staging=0|program=FBA""",
    "afn_by_country/eu": """
seller-sku=sku|fulfillment-channel-sku=fnsku|asin=asin|condition-type=NewItem|country=DE
quantity-for-local-fulfillment=units_available""",
    "ledger_details/us": """
Date=11/21/2026|FNSKU=fnsku|ASIN=asin|MSKU=sku|Title=title|Event Type=Shipments|Reference ID=0|Quantity=-1
Fulfillment Center=AAA1|Disposition=SELLABLE|Reason=|Country=US|Reconciled Quantity=0|Unreconciled Quantity=0""",
    "brand_performance/us": """
ASIN=asin|Title=title|Brand Name=Sample|Average Customer Review=4.5|Number of Customer Reviews=12|Sales Rank=12,345
Featured Offer (Buy Box) Percentage=featured_offer_share""",
    "sales_by_date/us": """
Date=11/21/26|Ordered Product Sales=sales|Units Ordered=units_ordered|Total Order Items=orders
Shipped Product Sales=sales|Units Shipped=units_ordered|Orders Shipped=orders""",
    "vendor_sales/us": """
ASIN=asin|Product Title=title|Brand=Sample|Ordered Revenue=sales|Ordered Units=units_ordered|Shipped Revenue=sales
Shipped COGS=sales|Shipped Units=units_ordered|Customer Returns=1""",
    "vendor_sales/uk": """
ASIN=asin|Product Title=title|Brand=Sample|Dispatched revenue=sales|Dispatched COGS=sales|Dispatched units=units_ordered
Customer Returns=1""",
    "vendor_inventory/us": """
ASIN=asin|Product Title=title|Brand=Sample|Vendor Confirmation Rate=91.00%|Net Received Units=9
Open Purchase Order Quantity=9|Sellable On Hand Inventory=sales|Sellable On Hand Units=units_available
Unsellable On Hand Units=1|Aged 90+ Days Sellable Units=0|Unfilled Customer Ordered Units=0""",
}

Row = dict[str, Any]
Table = list[list[Any]]


class Share(float):
    """A part of one, written in percent."""


class Rate(float):
    """A number that is no amount."""


class Site(NamedTuple):
    """A marketplace as a file names it, and its code."""

    shown: str
    code: str


class Style(NamedTuple):
    """How a text file writes values; with a decimal comma, the point and comma of amounts change places."""

    money: str = "{:.2f}"
    count: str = "{}"
    day: Callable[[date], str] = date.isoformat
    comma: bool = False
    scale: int = 1

    def cell(self, value: Any) -> str:
        """A value as it stands in the file."""
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Share):
            return f"{value:.2%}"
        if isinstance(value, Rate):
            return str(value)
        if isinstance(value, float):
            amount = self.money.format(value * self.scale)
            return amount.translate(str.maketrans(",.", ".,")) if self.comma else amount
        return self.count.format(value) if isinstance(value, int) else native(value) or ""


def native(value: Any) -> Any:
    """A value as it stands in a workbook or JSON."""
    return value.shown if isinstance(value, Site) else value


def number(text: str) -> Any:
    """A number, if the text is one."""
    return json.loads(text) if re.fullmatch(r"[1-9]\d*|\d+\.\d+|0", text) else text


def tidy(value: Any, style: Style, encoding: str) -> Any:
    """A value as it stands in the table that reading must give; what an encoding cannot spell is a question mark."""
    if isinstance(value, str):
        return value.encode(encoding, "replace").decode(encoding)
    if isinstance(value, float) and not isinstance(value, Rate):
        return f"{value:.4f}" if isinstance(value, Share) else f"{value * style.scale:.2f}"
    return value.code if isinstance(value, Site) else value


class Text(NamedTuple):
    """A text file; without quotes, quotation marks are data, and some have no line end at the end."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    quoting: int | None = csv.QUOTE_MINIMAL
    end: str = "\n"
    ends: bool = True

    def data(self, table: Table) -> bytes:
        """The bytes of the file."""
        out = io.StringIO()
        if self.quoting is None:
            out.writelines(self.delimiter.join(line) + self.end for line in table)
        else:
            csv.writer(out, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.end).writerows(table)
        text = out.getvalue() if self.ends else out.getvalue().removesuffix(self.end)
        return text.encode(self.encoding, errors="replace")


QUOTED = Text("cp1252", quoting=csv.QUOTE_ALL)
TABBED = Text("cp1252", "\t", None, "\r\n")
JAPANESE = TABBED._replace(encoding="cp932")
PLAIN = Style()
US, UK = Style("${:,.2f}", "{:,}"), Style("£{:,.2f}", "{:,}")
EURO, YEN = Style("{:,.2f}\xa0€", "{:,}", comma=True), Style("￥{:,.0f}", "{:,}", scale=100)
AMERICAN_DAYS = Style(day=lambda day: f"{day:%m/%d/%Y}")
SPANISH_ADS = Style("€{:,.2f}", day=lambda day: f"{SPANISH_MONTHS[day.month]} {day:%d, %Y}", comma=True)
JAPANESE_ADS = YEN._replace(day=lambda day: f"{day:%Y/%m/%d}")
DOLLAR_ADS = Style("${:.2f}", day=lambda day: f"{day:%b} {day.day}, {day.year}")
CHINESE_ADS = Style(day=lambda day: f"{day.year}年{day.month}月{day.day}日")


def base() -> Iterator[Row]:
    """What is known of each SKU, in our words; a name that begins with an underscore is none of our columns."""
    products = {product.asin: product for product in PRODUCTS}
    for number, line in enumerate(LINES.strip().splitlines()):
        sku, asin, *numbers = line.split()
        product, row = products[asin], dict(zip(COUNTS, map(int, numbers), strict=True))
        own = row["ad_units_same_sku"] * product.price
        other, spend = row["ad_sales_other_sku"] / 100, row["ad_spend"] / 100
        yield row | {
            "sku": sku,
            "asin": asin,
            "parent_asin": PARENTS.get(asin, (asin,))[0],
            "fnsku": f"X00{asin[-6:]}{number}",
            "title": product.title,
            "price": product.price,
            "item_volume": Rate(0.25),
            "currency": "USD",
            "marketplace": Site("US", "US"),
            "snapshot_date": LAST,
            "units_aged_0_to_90": row["units_available"] - row["units_available"] // 7,
            "units_aged_91_to_180": row["units_available"] // 7,
            "units_inbound_shipped": row["units_inbound"],
            "amazon_weeks_of_cover_t30": Rate(round(row["units_available"] * 4 / row["units_shipped_30_days"], 2)),
            "featured_offer_share": Share(0.91 + number / 100),
            "sales": round(row["units_ordered"] * product.price, 2),
            "date": LAST - timedelta(2 - number // 4),
            "start_date": LAST - timedelta(number + 2),
            "end_date": LAST - timedelta(2),
            "portfolio": "Not grouped" if number == 3 else "Home",
            "campaign": f"SP {sku} – Auto" if number % 2 else f"SP {sku}, exact",
            "ad_group": "Ad group 1",
            "viewable_impressions": row["impressions"] // 2,
            "ad_spend": spend,
            "ad_sales": round(own + other, 2),
            "ad_units": row["ad_units_same_sku"] + row["ad_units_other_sku"],
            "ad_sales_same_sku": round(own, 2),
            "ad_sales_other_sku": other,
            "_ctr": share(row["ad_clicks"], row["impressions"], 6),
            "_cpc": share(spend, row["ad_clicks"], 4),
            "_acos": share(spend, own + other, 4),
            "_roas": share(own + other, spend, 4),
            "_cvr": share(row["ad_orders"], row["ad_clicks"], 4),
        }


def skus(**given: Any) -> list[Row]:
    """Every SKU, with what else the file says."""
    return [row | given for row in base()]


def kiosk() -> list[Row]:
    """One record for each ASIN, of thirty days."""
    days = {"start_date": LAST - timedelta(30), "end_date": LAST - timedelta(1)}
    rows = skus(marketplace=Site("ATVPDKIKX0DER", "US"), **days)
    return [row for row in rows if row["sku"] != "CUP-500-SS-2"]


def in_summer(**given: Any) -> list[Row]:
    """The same in a season whose months have other names in Spanish."""
    return [row | {"start_date": date(2026, 7, 31), "end_date": date(2026, 8, 3)} | given for row in base()]


def european() -> list[Row]:
    """The same units, once for each marketplace."""
    sites = [Site(code, code) for code in ("DE", "FR")]
    return [row | {"marketplace": site} for row in skus(currency="EUR")[:4] for site in sites]


def left_out(row: Row, **changes: Any) -> Row:
    """A row of the file that is not of the table."""
    return row | changes | {LEFT_OUT: True}


def listings() -> list[Row]:
    """One listing is not Amazon's to send."""
    first, *rows = skus(fba_listing_exists="Yes")
    return [first, left_out(first, sku="OWN-1", fba_listing_exists="No"), *rows]


def restock() -> list[Row]:
    """One row is the merchant's."""
    first, *rows = skus(marketplace=Site("GB", "UK"), currency="GBP", fulfilled_by="Amazon")
    return [first, left_out(first, sku="OWN-1", fulfilled_by="Merchant"), *rows]


def conditions() -> list[Row]:
    """Each SKU sellable and, left out, unsellable."""
    rows = skus(warehouse_condition="SELLABLE")
    return [each for row in rows for each in (row, left_out(row, warehouse_condition="UNSELLABLE", units_available=4))]


def awd() -> list[Row]:
    """Units of the first two SKUs in Amazon's distribution centres."""
    return skus(units_to_awd=120, units_in_awd=480, units_reserved_in_awd=24, units_awd_to_fba=24)[:2]


def previews(**given: Any) -> list[Row]:
    """What the first two SKUs cost in a store; a row is sent by the merchant."""
    facts = {"fulfilled_by": "Amazon", "longest_side": Rate(12.5), "length_unit": "inches", "unit_weight": Rate(1.4)}
    facts |= {"weight_unit": "pounds", "size_tier": "Large standard-size", "fees_in_all": 9.87, "referral_fee": 4.5}
    first, second, *_ = skus(**facts, fulfilment_fee=5.37, **given)
    return [first, left_out(first, sku="OWN-1", fulfilled_by="Merchant"), second]


def charges(**given: Any) -> list[Row]:
    """What the first two SKUs were charged for storage, each at two fulfillment centers."""
    facts = {"volume_unit": "cubic feet", "size_tier": "Standard-Size", "month": "2026-10", "country": "US"}
    facts |= {"average_units": Rate(12.5), "volume_in_all": Rate(3.125), "base_rate": Rate(0.78), "storage_fee": 2.44}
    facts |= {"units_charged": 3, "aged_charge": 0.38, "aged_charge_a_unit": 0.13, "age_tier": "181-210 days"}
    return [row | {"fulfilment_centre": centre} for row in skus(**facts, **given)[:2] for centre in ("AAA1", "AAA2")]


def in_transit() -> list[Row]:
    """Units between fulfillment centers, being received and of customer orders."""
    parts = {"units_fc_transfer": 48, "units_fc_processing": 2, "units_customer_order": 1, "units_inbound_working": 3}
    parts |= {"units_inbound_receiving": 5, "volume_unit": "cubic feet", "units_supply_at_fba": 300}
    return skus(**parts)


def ledger() -> list[Row]:
    """Two days, and two locations on the last; damaged units are no stock."""
    rows = []
    for row in skus(disposition="SELLABLE", customer_shipments=-5)[:2]:
        for day, location, units in ((1, "US", 9), (0, "US", 4), (0, "CA", 3)):
            facts = {"snapshot_date": LAST - timedelta(day), "location": location, "units_available": units}
            rows.append(row | facts | {"starting_balance": units + 5})
        rows.append(left_out(rows[-1], disposition="CUSTOMER_DAMAGED", customer_shipments=0))
    return rows


def orders() -> list[Row]:
    """Shipped, pending, sent by the merchant, cancelled, for another shop; and two equal lines that are two."""
    shipped = {"order_status": "Shipped", "item_status": "Shipped", "fulfilment_channel": "Amazon", "units_ordered": 1}
    rows = skus(purchase_date=LAST - timedelta(3), marketplace=Site("Amazon.com", "US"), **shipped)
    rows = [row | {"sales": row["price"]} for row in rows]
    rows[1] |= {"units_ordered": 2, "sales": 2 * rows[1]["price"]}
    rows[2] |= {"order_status": "Pending", "item_status": "Unshipped", "sales": None, "currency": None}
    rows[3] = left_out(rows[3], fulfilment_channel="Merchant")
    rows[4] |= {"marketplace": Site("Non-Amazon", ""), "sales": None, "currency": None}
    rows[5] = left_out(rows[5], order_status="Cancelled", item_status="Cancelled", units_ordered=0, sales=None)
    rows[6] = left_out(rows[6], item_status="Cancelled")
    return [*rows, rows[0]]


def ad_products(site: str, code: str) -> list[Row]:
    """Every ad product in one file; a row of Sponsored Brands has no product."""
    first, *rows = skus(ad_product="Sponsored Products", marketplace=Site(site, code))
    return [first, left_out(first, ad_product="Sponsored Brands", asin="", sku="", campaign="SB video"), *rows]


def in_campaigns(**given: Any) -> list[Row]:
    """The same SKUs, each in a campaign of its own, by its ids; the second ad is paused."""
    rows = []
    for number, row in enumerate(skus(product="Sponsored Products", entity="Product Ad")):
        ids = {name: f"90071992547{kind}{number:05}" for kind, name in enumerate(("campaign_id", "ad_group_id"), 1)}
        ids |= {"ad_id": f"9007199254{number:05}", "keyword_id": f"100{number:05}"}
        names = {"campaign_shown": row["campaign"], "ad_group_shown": row["ad_group"]}
        rows.append(row | ids | names | {"state": "paused" if number == 1 else "enabled"} | given)
    return rows


def bulk_chinese() -> list[Row]:
    """Words in Chinese, read as the English that an upload has."""
    states = {"enabled": Site("已启用", "enabled"), "paused": Site("已暂停", "paused")}
    word = {"product": Site("商品推广", "Sponsored Products"), "entity": Site("商品广告", "Product Ad")}
    return [row | word | {"state": states[row["state"]]} for row in in_campaigns()]


def below(*lines: str) -> Callable[[Table], bytes]:
    """A text file with lines above its header."""

    def write(table: Table) -> bytes:
        shown = [[cell.isoformat() if isinstance(cell, date) else cell for cell in line] for line in table]
        return b"".join(f"{line}\n".encode() for line in lines) + Text("utf-8").data(shown)

    return write


def workbook(table: Table) -> bytes:
    """A workbook like those of Apache POI, whose sheet claims to be a single cell."""
    letters = [before + letter for before in ("", "A") for letter in ascii_uppercase]
    rows = ""
    for number, line in enumerate(table, 1):
        rows += f'<row r="{number}">'
        for letter, value in zip(letters, line, strict=False):
            place = f'r="{letter}{number}"'
            if isinstance(value, str) and value:
                rows += f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
            elif isinstance(value, date):
                rows += f'<c {place} s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
            elif isinstance(value, (int, float)):
                rows += f'<c {place} s="{2 * isinstance(value, float)}"><v>{value}</v></c>'
        rows += "</row>"
    sheet = f'<worksheet {MAIN}><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'
    return zipped(FIXED_PARTS | {"xl/sharedStrings.xml": f"<sst {MAIN}/>", "xl/worksheets/sheet1.xml": sheet})


def objects(table: Table) -> list[Row]:
    """A JSON object for each row; a point in a name leads into another object."""
    header, *lines = table
    found = []
    for line in lines:
        top: Row = {}
        for name, value in zip(header, line, strict=True):
            *path, last = name.split(".")
            inner = top
            for part in path:
                inner = inner.setdefault(part, {})
            inner[last] = value
        found.append(top)
    return found


def as_json(content: Any) -> bytes:
    """JSON with dates as in ISO 8601."""
    return json.dumps(content, default=date.isoformat, ensure_ascii=False, indent=1).encode()


def json_rows(table: Table) -> bytes:
    """A JSON list of the rows."""
    return as_json(objects(table))


def sales_and_traffic(table: Table) -> bytes:
    """The report of the API, with the part by day that is not of use here."""
    options = {"dateGranularity": "DAY", "asinGranularity": "SKU"}
    days = {"dataStartTime": (LAST - timedelta(30)).isoformat(), "dataEndTime": (LAST - timedelta(1)).isoformat()}
    specification = {"reportType": "GET_SALES_AND_TRAFFIC_REPORT", "reportOptions": options, **days}
    by_day = [{"date": days["dataStartTime"], "salesByDate": {"unitsOrdered": 84}}]
    content = {"salesAndTrafficByDate": by_day, "salesAndTrafficByAsin": objects(table)}
    return as_json({"reportSpecification": specification | {"marketplaceIds": ["ATVPDKIKX0DER"]}} | content)


def zip_file(name: str, data: bytes) -> bytes:
    """An archive of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class File(NamedTuple):
    """One file: its name, columns, rows and form. A form that is no text takes the values themselves."""

    name: str
    columns: str | dict[str, str]
    rows: list[Row]
    form: Text | Callable[[Table], bytes] = Text(ends=False)
    style: Style = PLAIN

    @property
    def contents(self) -> dict[str, str]:
        """Every column with what fills it."""
        return fields(self.columns) if isinstance(self.columns, str) else self.columns

    def data(self) -> bytes:
        """The bytes of the file."""
        show, fixed, write = native, number, self.form
        if isinstance(self.form, Text):
            show, fixed, write = self.style.cell, str, self.form.data
        names = self.contents.values()
        lines = [[show(row[name]) if name in row else fixed(name) for name in names] for row in self.rows]
        return write([list(self.contents), *lines])

    def expected(self) -> bytes:
        """The table that reading must give, in our words."""
        encoding = self.form.encoding if isinstance(self.form, Text) else "utf-8"
        names = [name for name in self.contents.values() if name in self.rows[0] and not name.startswith("_")]
        kept = [row for row in self.rows if LEFT_OUT not in row]
        return Text("utf-8").data([names, *([tidy(row[name], self.style, encoding) for name in names] for row in kept)])


def files() -> list[File]:
    """Every file that can be read."""
    by_asin = [row for row in skus() if row["sku"] != "CUP-500-SS-2"]
    return [
        File("fba_inventory/2021.txt", PLANNING_2021, skus(), TABBED),
        File("fba_inventory/2026.csv", PLANNING_2026, skus(), QUOTED),
        File("fba_inventory/eu.txt", PLANNING_2021, european(), TABBED._replace(encoding="utf-8")),
        File("fba_inventory/zh.csv", PLANNING.replace("|sku=", "|MSKU="), skus(), Text("gb18030")),
        File(
            "fba_inventory/ja.txt",
            PLANNING.replace("|sku=", "|出品者SKU=").replace("|available=", "|販売できる数量="),
            skus(currency="JPY", marketplace=Site("JP", "JP")),
            JAPANESE,
            Style("{:.0f}", scale=100),
        ),
        File("fba_inventory/2026_june.txt", PLANNING_JUNE, in_transit(), TABBED),
        File("inventory_age/us.csv", AGE, skus(), QUOTED),
        File("inventory_health/us.csv", HEALTH, skus(), QUOTED),
        File("manage_fba_inventory/us.csv", LISTINGS, listings(), QUOTED),
        File(
            "manage_fba_inventory/2026_june.txt",
            LISTINGS_JUNE,
            [row | {"units_fc_transfer": 48, "units_buyable": row["units_available"] + 48} for row in listings()],
            TABBED,
        ),
        File("restock_inventory/uk.txt", RESTOCK, restock(), TABBED),
        File(
            "restock_inventory/region.txt",
            RESTOCK_REGION,
            [row | {"units_fc_transfer": 48} for row in restock()],
            TABBED,
        ),
        File(
            "restock_inventory/2019.txt",
            RESTOCK_2019,
            [row | {"amazon_days_of_supply": 45} for row in restock()],
            TABBED,
        ),
        File("afn_inventory/us.txt", CONDITIONS, conditions(), TABBED),
        File("inventory_ledger/us.csv", LEDGER, ledger(), QUOTED, AMERICAN_DAYS),
        File("awd_inventory/us.csv", AWD, awd(), below("AWD Inventory Report", "Timestamp: 2026-11-23 08:00 UTC", "")),
        File("fee_preview/us.txt", FEE_PREVIEW, previews(), TABBED),
        File(
            "fee_preview/de.txt",
            FEE_PREVIEW_EUROPE,
            previews(marketplace=Site("DE", "DE"), currency="EUR")
            + previews(marketplace=Site("FR", "FR"), currency="EUR"),
            TABBED,
        ),
        File("fee_storage/us.csv", STORAGE_FEES, charges(), QUOTED),
        File("fee_storage/api.txt", STORAGE_FEES_API, charges(), TABBED),
        File("fee_aged/us.txt", AGED_SURCHARGE, charges()[::2], TABBED),
        File("fee_aged/before.txt", LONG_TERM, charges()[::2], TABBED),
        File("business_report_child/2013.csv", BUSINESS_2013, by_asin, style=US),
        File("business_report_child/2019.csv", BUSINESS_2019, skus(), Text(quoting=csv.QUOTE_ALL, ends=False), US),
        File("business_report_child/uk.csv", WITH_SKU | BUSINESS_2025, skus(), style=UK),
        File("business_report_child/all_columns.csv", ALL_COLUMNS, by_asin, style=US),
        File("business_report_child/de.csv", BUSINESS_GERMAN, skus(), style=EURO),
        File("business_report_child/es.csv", BUSINESS_SPANISH, skus(), style=EURO),
        File("business_report_child/es_mx.csv", BUSINESS_MEXICAN, skus(), style=US),
        File("business_report_child/zh.csv", BUSINESS_CHINESE, skus(), style=Style("US${:,.2f}", "{:,}")),
        File("business_report_child/zh_2019.csv", BUSINESS_CHINESE_2019, skus(), style=US),
        File("business_report_child/ja.csv", BUSINESS_JAPANESE, skus(), style=YEN),
        File("sales_and_traffic/us.json", SALES_AND_TRAFFIC, skus(), sales_and_traffic),
        File("sales_and_traffic/kiosk.json", KIOSK, kiosk(), json_rows),
        File("all_orders/us.txt.zip", ORDERS, orders(), TABBED, Style(day="{:%Y-%m-%d}T18:04:05+00:00".format)),
        File("sp_advertised_product/daily.xlsx", DAILY, skus(), workbook),
        File("sp_advertised_product/text.csv", DAILY, skus(), style=DOLLAR_ADS),
        File("sp_advertised_product/summary.xlsx", SUMMARY, skus(marketplace=Site("United States", "US")), workbook),
        File("sp_advertised_product/vendor.xlsx", VENDOR, skus(currency="INR"), workbook),
        File("sp_advertised_product/zh.xlsx", ADS_CHINESE, skus(), workbook),
        File("sp_advertised_product/de.xlsx", ADS_GERMAN, skus(currency="EUR"), workbook),
        File("sp_advertised_product/ja.txt", ADS_JAPANESE, skus(currency="JPY"), JAPANESE, JAPANESE_ADS),
        File(
            "sp_advertised_product/es.csv",
            ADS_SPANISH,
            in_summer(currency="EUR"),
            Text(delimiter=";", end="\r\n"),
            SPANISH_ADS,
        ),
        File("sp_advertised_product/it.csv", ADS_ITALIAN, skus(), style=SPANISH_ADS._replace(day=PLAIN.day)),
        File("sp_advertised_product/fr.csv", ADS_FRENCH, skus(), Text(delimiter=";"), style=EURO),
        File("sd_advertised_product/us.xlsx", DISPLAY, skus(), workbook),
        File("unified_advertised_product/us.csv", UNIFIED, ad_products("AMAZON.COM", "US"), style=DOLLAR_ADS),
        File(
            "unified_advertised_product/zh.csv",
            UNIFIED_CHINESE,
            ad_products("AMAZON_DE", "DE"),
            Text("utf-8"),
            CHINESE_ADS,
        ),
        File("ads_api_v3_sponsored_products/us.json.gz", API_3_PRODUCTS, skus(), json_rows),
        File("ads_api_v3_sponsored_display/us.json", API_3_DISPLAY, skus(), json_rows),
        File("unified_ads_api_v1/us.json", API_1, ad_products("AMAZON_US", "US"), json_rows),
        File("ads_api_v2/us.json", API_2, skus(), json_rows),
        File("bulk_operations/us.xlsx", BULK_ENGLISH, in_campaigns(), workbook),
        File("bulk_operations/short.csv", BULK_SHORT, in_campaigns(entity="Keyword", bid=0.75, keyword="box")),
        File("bulk_operations/zh.xlsx", BULK_CHINESE, bulk_chinese(), workbook),
    ]


def packed(name: str, data: bytes) -> bytes:
    """A file as its ending says."""
    if name.endswith(".zip"):
        return zip_file(Path(name).stem, data)
    return gzip.compress(data, mtime=0) if name.endswith(".gz") else data


def main(kinds: Path, expected: Path) -> None:
    """Write every file, and beside the tests what reading it must give."""
    content = {kinds / f"{name}.csv": File(name, text, skus()[:2], style=US).data() for name, text in REFUSED.items()}
    for file in files():
        content[kinds / file.name] = packed(file.name, file.data())
        kind, _, name = file.name.partition("/")
        content[expected / kind / f"{name.partition('.')[0]}.expected.csv"] = file.expected()
    for path, data in content.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    here = Path(__file__).parent
    main(*map(Path, sys.argv[1:] or (here / "kinds", here.parents[1] / "tests" / "data")))
