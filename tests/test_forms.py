"""A table written in any form that Amazon, a spreadsheet or a locale may give it reads back equal."""

import csv
import gzip
import io
import zipfile

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wockit.reading.reports import read_report

HEADERS = {
    "date": "Date",
    "campaign": "Campaign Name",
    "currency": "Currency",
    "asin": "Advertised ASIN",
    "ad_clicks": "Clicks",
    "ad_spend": "Spend",
    "ad_sales": "7 Day Total Sales",
    "ad_orders": "7 Day Total Orders (#)",
    "ad_units": "7 Day Total Units (#)",
    "impressions": "Impressions",
}
TEXTS = st.sampled_from(["0012", "1E5", "NA", "a,b", 'say "x"', "x;y", "-7", "=1+1", "8 in", "None of it"])
COUNTS = st.one_of(st.integers(0, 99), st.integers(1000, 9_999_999))
AMOUNTS = st.integers(0, 10**9).map(lambda cents: cents / 100)
NUMBERS = st.one_of(st.just((None, None, None, None)), st.tuples(COUNTS, AMOUNTS, AMOUNTS, COUNTS))
"""All or none: a row with sales and no clicks would be left out."""
ROWS = st.lists(st.tuples(TEXTS, TEXTS, NUMBERS).map(lambda row: (*row[:2], *row[2])), min_size=1, max_size=6)
STYLES = {
    "us": (",", "."),
    "de": (".", ","),
    "fr": ("\u202f", ","),
    "pl": ("\u00a0", ","),
    "ch": ("'", "."),
    "plain": ("", "."),
}
SYMBOLS = st.sampled_from([("", ""), ("$", ""), ("", " €"), ("AED\u00a0", ""), ("Rs.", ""), ("￥", ""), ("", " zł")])
BLANKS = st.sampled_from(["", "--", "—"])
CASES = st.sampled_from([str, str.upper, str.lower, lambda text: f" {text} ", lambda text: text.replace(" ", "\u00a0")])
PACKS = st.sampled_from(["plain", "gz", "zip"])


def grouped(number, decimals, style):
    group, point = STYLES[style]
    whole = f"{number:,.{decimals}f}"
    return whole.replace(",", "\0").replace(".", point).replace("\0", group)


@st.composite
def forms(draw):
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    order = draw(st.permutations(list(HEADERS)))
    return {
        "encoding": encoding,
        "delimiter": delimiter,
        "quoting": csv.QUOTE_ALL if delimiter == "\t" else draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])),
        "ending": draw(st.sampled_from(["\n", "\r\n"])),
        "order": order,
        "case": draw(CASES),
        "style": draw(st.sampled_from(sorted(STYLES))),
        "symbol": draw(SYMBOLS),
        "blank": draw(BLANKS),
        "pack": draw(PACKS),
    }


def written(rows, form):
    before, after = form["symbol"]
    target = io.StringIO()
    writer = csv.writer(target, delimiter=form["delimiter"], quoting=form["quoting"], lineterminator=form["ending"])
    writer.writerow([form["case"](HEADERS[name]) for name in form["order"]])

    def count(value):
        return form["blank"] if value is None else grouped(value, 0, form["style"])

    def amount(value):
        return form["blank"] if value is None else f"{before}{grouped(value, 2, form['style'])}{after}"

    for number, (campaign, text, clicks, spend, sales, orders) in enumerate(rows):
        cells = {
            "date": f"2026-11-{number + 1:02d}",
            "campaign": campaign,
            "currency": text,
            "asin": f"B{number:09d}",
            "ad_clicks": count(clicks),
            "ad_spend": amount(spend),
            "ad_sales": amount(sales),
            "ad_orders": count(orders),
            "ad_units": count(orders),
            "impressions": count(clicks),
        }
        writer.writerow([cells[name] for name in form["order"]])
    return target.getvalue().encode(form["encoding"])


def saved(folder, data, pack):
    if pack == "zip":
        with zipfile.ZipFile(folder / "report.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("report.csv", data)
        return folder / "report.zip"
    path = folder / ("report.csv.gz" if pack == "gz" else "report.csv")
    path.write_bytes(gzip.compress(data) if pack == "gz" else data)
    return path


def column(values):
    return [np.nan if value is None else float(value) for value in values]


@given(rows=ROWS, form=forms())
@settings(max_examples=120)
def test_a_table_in_any_form_reads_back_equal(tmp_path, rows, form):
    found = read_report(saved(tmp_path, written(rows, form), form["pack"])).table
    _, texts, clicks, spend, sales, orders = zip(*rows, strict=True)
    assert found["campaign"].isna().all()  # it only helps to recognise the report
    assert found["currency"].tolist() == list(texts)
    assert found["asin"].tolist() == [f"B{number:09d}" for number in range(len(rows))]
    for name, values in {"ad_clicks": clicks, "ad_spend": spend, "ad_sales": sales, "ad_orders": orders}.items():
        np.testing.assert_allclose(found[name], column(values), err_msg=name)
