"""From an approved plan to a bulk upload and back, at a stand-in console that applies Amazon's documented rules."""

import importlib.util
import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from pandas.util import hash_pandas_object

from wockit.analysis.analyse import analyse
from wockit.analysis.changes import returning
from wockit.analysis.history import history_of
from wockit.analysis.journal import followed_up, read_journal
from wockit.analysis.plans import PLAN, decisions_that_hold
from wockit.cli import main
from wockit.fleet.orders import Order, make_report
from wockit.formulas.bids import limits
from wockit.notes import WockitError
from wockit.reading.account import load_account
from wockit.reading.reports import read_report
from wockit.show.actions import actions
from wockit.show.removal import removal_files
from wockit.show.upload import write_upload
from wockit.show.workbook import write_workbook
from wockit.weekly.apply import RESTORE, UPLOAD, run_apply
from wockit.weekly.outputs import FILES, record, slug, write_json
from wockit.weekly.place import OWNER, owner

spec = importlib.util.spec_from_file_location("console", Path(__file__).parent / "console.py")
console = importlib.util.module_from_spec(spec)
spec.loader.exec_module(console)

DAY = date(2026, 11, 23)
NAME = "bulk-a1b2c3-20261024-{last:%Y%m%d}-{stamp}.xlsx"
ENGLISH = [
    "Product", "Entity", "Operation", "Campaign ID", "Ad Group ID", "Portfolio ID", "Ad ID", "Keyword ID",
    "Product Targeting ID", "Campaign Name", "Ad Group Name", "Start Date", "End Date", "Targeting Type", "State",
    "Daily Budget", "SKU", "ASIN", "Ad Group Default Bid", "Bid", "Keyword Text", "Match Type", "Bidding Strategy",
    "Placement", "Percentage", "Product Targeting Expression",
]  # fmt: skip
NUMBERS = ["Impressions", "Clicks", "Spend", "Sales", "Orders"]
OFF, UP, DOWN, STAYS = "B0MADEUP01", "B0MADEUP03", "B0MADEUP05", "B0MADEUP06"
"""What is advised on each ASIN of a made-up shop: no click pays, clicks are cheap, the last clicks are dear."""
RATES = {"US": ("USD", 1), "DE": ("EUR", 1), "JP": ("JPY", 150), "IN": ("INR", 80)}


def file_name(day):
    return NAME.format(last=day - timedelta(1), stamp=int(pd.Timestamp(day).timestamp() * 1000 + 6 * 3_600_000))


def ids(*parts):
    """An id as Amazon's are: up to 18 digits, of which a spreadsheet would lose some."""
    return str(10**17 + Random(" ".join(map(str, parts))).randrange(8 * 10**17))


def campaign(name, ads, budget=50.0, bid=0.5, rate=1, **cells):
    """The rows of a campaign: its ad group, ads of SKUs (with ASIN, state and spend), a keyword and two targets."""
    whole = {"Product": "Sponsored Products", "Campaign ID": ids("campaign", name)}
    group = whole | {"Ad Group ID": ids("group", name)}
    spend = sum(spent for *_, spent in ads) * rate
    yield whole | {
        "Entity": "Campaign", "Campaign Name": name, "State": "enabled", "Daily Budget": budget * rate,
        "Portfolio ID": ids("portfolio"), "End Date": "20271231", "Start Date": "20260101", "Targeting Type": "MANUAL",
        "Clicks": 100, "Spend": spend,
    } | cells  # fmt: skip
    yield whole | {"Entity": "Bidding Adjustment", "Placement": "Placement Top", "Percentage": 10}
    yield group | {"Entity": "Ad Group", "Ad Group Name": "All", "State": "enabled", "Ad Group Default Bid": bid * rate}
    for sku, asin, state, spent in ads:
        ad = {"Entity": "Product Ad", "Ad ID": ids("ad", name, sku), "SKU": sku, "ASIN": asin, "State": state}
        yield group | ad | {"Spend": spent * rate}
    word = {"Keyword Text": "cup", "Match Type": "exact", "State": "enabled", "Bid": bid * 1.2 * rate}
    yield group | {"Entity": "Keyword", "Keyword ID": ids("keyword", name), "Spend": spend} | word
    for kind, own in (("close-match", {}), ("loose-match", {"Bid": bid * rate})):
        target = {"Product Targeting ID": ids(kind, name), "Product Targeting Expression": kind, "State": "enabled"}
        yield group | {"Entity": "Product Targeting"} | target | own


def rounded(rows):
    return [{name: round(cell, 2) if isinstance(cell, float) else cell for name, cell in row.items()} for row in rows]


PRODUCTS = {  # units in stock, sold in 30 days; clicks, spend and orders of an advertising day
    "B0MADEUP01": ("A", 900, 30, 20, 30, 0), "B0MADEUP03": ("C", 400, 120, 20, 2, 3),
    "B0MADEUP05": ("E", 300, 90, 20, 8, 1), "B0MADEUP06": ("F", 90, 90, 20, 6, 2),
}  # fmt: skip


def reports(marketplace="US", products=PRODUCTS, prefix=""):
    """The reports of a made-up shop, by the kind of download."""
    currency, rate = RATES[marketplace]
    inventory, ads, costs = [], [], []
    for asin, (sku, units, sold, clicks, spend, orders) in products.items():
        shipped = {f"units-shipped-t{days}": round(sold * days / 30) for days in (7, 30, 60, 90)}
        stock = {"asin": asin, "sku": prefix + sku, "available": units, "inv-age-0-to-90-days": units}
        inventory.append(stock | shipped | {"your-price": 20 * rate, "currency": currency})
        sales = orders * 20 * rate
        day = {
            "Advertised ASIN": asin, "Advertised SKU": prefix + sku, "Campaign Name": f"{prefix}{sku} - Auto",
            "Clicks": clicks, "Spend": spend * rate, "7 Day Total Sales ": sales, "7 Day Total Orders (#)": orders,
            "7 Day Total Units (#)": orders, "7 Day Advertised SKU Units (#)": orders, "Currency": currency,
            "7 Day Advertised SKU Sales ": sales,
        }  # fmt: skip
        ads += [day | {"Date": f"2026-11-{number:02}"} for number in range(1, 16)]
        cost = {"asin": asin, "landed_cost": 4 * rate, "fulfilment_fee": 3.5 * rate, "referral_rate": 0.15}
        cost |= {"bought_again": "no" if asin == OFF else ""}  # so that ads off is all there is to do about it
        costs.append(cost | {"size_tier": "small_standard", "unit_volume": 0.05, "unit_weight": 0.5})
    return {"inventory": inventory, "ads": ads, "costs": costs}


def own_campaigns(rate=1, prefix=""):
    """One campaign an ASIN; the budget of the cheap one is spent."""
    rows = []
    for asin, (sku, _, _, _, spend, _) in PRODUCTS.items():
        budget = spend * 1.05 if asin == UP else 50.0
        ads = [(prefix + sku, asin, "enabled", spend * 30.0)]
        rows += campaign(f"{prefix}{sku} - Auto", ads, budget, spend / 20 * 1.2, rate)
    return rounded(rows)


def columns(*more):
    return {name: name for name in [*ENGLISH, *more, *NUMBERS]}


class Shop:
    """A made-up account with its console, and plans that are approved without a notebook."""

    def __init__(self, writer, home, rows=None, marketplace="US", header=None, words=None, name="shop", prefix=""):
        self.rate = RATES[marketplace][1]
        self.folder, self.out, self.writer = home / name, home / "reports", writer
        self.marketplace, self.prefix = marketplace, prefix
        rows = own_campaigns(self.rate, prefix) if rows is None else rounded(rows)
        self.console = console.Console(rows, header or columns(), RATES[marketplace][0], words=words)
        self.downloads(DAY)

    def downloads(self, day, bulk=True, **changes):
        """The reports of a day, with a bulk download of what the console then holds."""
        files = reports(self.marketplace, prefix=self.prefix) | changes
        for row in files["inventory"]:
            row["snapshot-date"] = day.isoformat()
        self.writer(self.folder, marketplace=self.marketplace, day=day.isoformat(), **files)
        return bulk and self.console.download(self.folder / day.isoformat() / file_name(day))

    @property
    def bulk(self):
        return next(self.folder.glob("*/bulk*.xlsx"))

    def plan(self, decisions, scenario="", changes=None, name=""):
        """The plan of the newest snapshot with decisions: what is read of it, as a weekly report leaves it."""
        day, home = max(path.name for path in self.folder.glob("2026-*")), self.out / slug(self.folder.name)
        place = home / f"{day}{name}"
        place.mkdir(parents=True, exist_ok=True)
        book = openpyxl.Workbook()
        for row in (("ASIN", "Decision"), *decisions.items()):
            book.active.append(row)
        book.save(place / PLAN)
        asked = {"snapshot": day, "changes": changes or {}, "scenario": scenario}
        about = {OWNER: owner(self.folder.resolve(), home), "parameters": asked}
        write_json(place / "run.json", about | record(self.folder.resolve(), asked["snapshot"], scenario))
        return self

    def apply(self, **options):
        return run_apply(self.folder, self.out, **options)

    def cells(self):
        """Every cell of the console, by entity, id and column."""
        return {
            (row["Entity"], row.get(console.OWN_ID.get(row["Entity"], "Placement")), name): cell
            for row in self.console.rows
            for name, cell in row.items()
        }


def changed(before, after):
    return {key: (before.get(key), after.get(key)) for key in {*before, *after} if before.get(key) != after.get(key)}


ANALYSED = {}


def analysed(account, *_, **options):
    """As `analyse`, but once for each set of reports: no bulk download changes what is advised."""
    parts = (account.stock, account.ads, account.costs)
    key = (
        account.marketplace,
        account.snapshot,
        repr(account.settings),
        *(hash_pandas_object(each).sum() for each in parts),
    )
    if key not in ANALYSED:
        ANALYSED[key] = analyse(replace(account, bulk=None))
    return replace(ANALYSED[key], account=account)


LOADED = {}


def loaded(folder, day=""):
    """As `load_account`, but once for each set of reports: only a sound bulk download is read anew."""
    reports = [path for path in [folder / "account.toml", *folder.rglob("*.csv")] if "reports" not in path.parts]
    files = [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(reports)]
    key = (folder.name, hash(tuple(files)))
    newest = max(path for path in folder.glob("2026-*"))
    try:
        (bulk,) = (read_report(path, path.relative_to(folder).as_posix()) for path in newest.glob("*.xlsx"))
    except ValueError:  # none, or one that is refused
        return load_account(folder, day)
    if key not in LOADED or bulk.table["currency"][0] != LOADED[key].currency:
        account = load_account(folder, day)
        if account.bulk is None:
            return account
        LOADED[key] = account
    return replace(LOADED[key], bulk=bulk.bulk)


@pytest.fixture(autouse=True)
def once(monkeypatch):
    monkeypatch.setattr("wockit.weekly.apply.analyse", analysed)
    monkeypatch.setattr("wockit.weekly.apply.load_account", loaded)
    monkeypatch.setattr("wockit.weekly.guards.today", lambda: DAY)


@pytest.fixture(scope="module")
def kept(writer, tmp_path_factory):
    """A shop whose downloads are not changed by any test: a copy of it is cheap."""
    return Shop(writer, tmp_path_factory.mktemp("kept"))


@pytest.fixture
def shop(kept, tmp_path):
    shutil.copytree(kept.folder, tmp_path / "shop")
    copy = object.__new__(Shop)
    copy.__dict__.update(vars(kept), folder=tmp_path / "shop", out=tmp_path / "reports")
    copy.console = console.Console(kept.console.rows, kept.console.columns)
    return copy


def cell_of(path, column, **where):
    """The cells of a column in the rows of an upload that have such cells."""
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    return [row[column] for row in table if all(row[name.replace("_", " ")] == value for name, value in where.items())]


def refused(shop, **options):
    with pytest.raises(WockitError) as caught:
        shop.apply(**options)
    return "\n".join(map(str, caught.value.problems))


# What is approved is what changes.


def test_an_approved_turn_off_pauses_its_ad_and_nothing_else(shop):
    folder, before = shop.plan({OFF: "yes"}).apply(), shop.cells()
    assert shop.console.upload(folder / UPLOAD) == ["done"]
    assert changed(before, shop.cells()) == {("Product Ad", ids("ad", "A - Auto", "A"), "State"): ("enabled", "paused")}


def test_an_approved_raise_lifts_a_budget_that_is_spent_by_at_most_the_limit_of_a_week(shop):
    folder, before = shop.plan({UP: "yes"}).apply(), shop.cells()
    assert shop.console.upload(folder / UPLOAD) == ["done"]
    key = ("Campaign", ids("campaign", "C - Auto"), "Daily Budget")
    assert changed(before, shop.cells()) == {key: (2.1, 2.73)}  # 30 % more


def test_an_approved_cut_lowers_bids_toward_what_a_click_is_worth_by_at_most_the_limit_of_a_week(shop):
    folder, before = shop.plan({DOWN: "yes"}).apply(), shop.cells()
    assert set(shop.console.upload(folder / UPLOAD)) == {"done"}
    found = changed(before, shop.cells())
    assert {key[2] for key in found} == {"Bid", "Ad Group Default Bid"}
    assert len(found) == 3  # the keyword, the target with a bid, and the default for the one without
    most = analyse(load_account(shop.folder)).advice["highest_cpc"][DOWN]
    assert all(new == pytest.approx(max(most, old * 0.7), abs=0.011) for old, new in found.values())


def test_nothing_approved_nothing_written(shop):
    assert shop.plan({OFF: "no", UP: "later", DOWN: "yes, but not before Christmas"}).apply() is None
    assert not (shop.folder / "actions").exists()
    assert not list(shop.out.rglob("*upload*"))


def test_whoever_does_not_agree_to_the_table_gets_no_file(shop):
    seen = []
    assert shop.plan({OFF: "yes"}).apply(ask=seen.append) is None
    assert len(seen[0].changes.changes) == 1
    assert not (shop.folder / "actions").exists()


def test_an_own_value_is_the_ad_spend_of_a_day(shop):
    folder, before = shop.plan({OFF: "24"}).apply(), shop.cells()  # of 30 a day: 80 % of the clicks
    shop.console.upload(folder / UPLOAD)
    found = changed(before, shop.cells())
    assert {key[2] for key in found} == {"Bid", "Ad Group Default Bid"}
    assert all(0.9 < new / old < 0.97 for old, new in found.values())  # 0.8 ** 0.28


def test_a_row_repeats_portfolio_end_date_and_state(shop):
    path = shop.plan({UP: "yes"}).apply() / UPLOAD
    assert cell_of(path, "Portfolio ID", Entity="Campaign") == [ids("portfolio")]
    assert cell_of(path, "End Date", Entity="Campaign") == ["20271231"]
    assert cell_of(path, "State") == ["enabled"]
    assert cell_of(path, "Operation") == ["Update"]


# There and back, in every form of a download.


def forms():
    """The header of each account: 26 columns, more, another order, other capitals, Chinese, a column nobody knows."""
    shuffled = [*ENGLISH, *NUMBERS]
    Random(7).shuffle(shuffled)
    yield columns(), None
    yield columns("Campaign Name (Informational only)", "Sites", "Audience ID"), None
    yield {name: name for name in shuffled}, None
    yield {name: name.replace("ID", "Id").replace("SKU", "sku").replace("ASIN", "asin") for name in columns()}, None
    yield {name: console.CHINESE.get(name, name) for name in columns()}, console.CHINESE_WORDS
    yield {"Cost Cap": "Cost Cap", **columns()}, None
    yield {name: console.GERMAN.get(name, name) for name in columns()}, console.GERMAN_WORDS
    yield {name: console.SPANISH.get(name, name) for name in columns()}, console.SPANISH_WORDS
    yield {name: console.JAPANESE.get(name, name) for name in columns()}, console.JAPANESE_WORDS


FORMS = list(forms())


@pytest.mark.parametrize("number", range(12))  # each form, each marketplace three times
def test_exactly_what_was_approved_is_made_and_restored_in_made_up_accounts(writer, tmp_path, number):
    rng = Random(number)
    header, words = FORMS[number % len(FORMS)]
    marketplace = [*RATES][number % len(RATES)]
    shop = Shop(writer, tmp_path, None, marketplace, header, words)
    for row in shop.console.rows:
        if row["Entity"] == "Campaign" and rng.random() < 0.5:
            row.pop(rng.choice(("Portfolio ID", "End Date")))
        row["Cost Cap"] = "1"
    shop.console.download(shop.bulk)
    decisions = {asin: rng.choice(("yes", "yes", "no", "wait")) for asin in (OFF, UP, DOWN)} | {OFF: "yes"}
    folder, before, sheet = shop.plan(decisions).apply(), shop.cells(), shop.console.sheet_bytes()
    assert set(shop.console.upload(folder / UPLOAD)) == {"done"}
    journal, notes = read_journal(shop.folder)
    assert notes == ()
    wanted = {(row["object_id"], row["new"]) for row in journal.to_dict("records")}
    found = changed(before, shop.cells())
    assert {(key[1], new if isinstance(new, str) else f"{new:g}") for key, (_, new) in found.items()} == wanted
    known = {OFF, UP, DOWN} - ({UP} if marketplace == "IN" else set())  # the lowest budget there is not known
    assert {asin for names in journal["advised_asins"] for asin in names.split(", ")} == {
        asin for asin in known if decisions[asin] == "yes"
    }
    later = shop.console.download(tmp_path / file_name(DAY + timedelta(7)))
    bulk = read_report(later).bulk
    assert set(followed_up(journal, bulk, DAY + timedelta(7))["outcome"]) == {"made"}
    assert set(shop.console.upload(folder / RESTORE)) == {"done"}
    assert shop.console.sheet_bytes() == sheet


def test_there_and_back_on_the_sample(week, tmp_path):
    left_out = shutil.ignore_patterns("history", "kinds", "*.py", "*.png", "actions")
    folder = shutil.copytree(Path(__file__).parents[1] / "data" / "sample", tmp_path / "sample", ignore=left_out)
    shop = object.__new__(Shop)
    shop.folder, shop.out = folder, tmp_path / "reports"
    shop.console = console.Console.of(shop.bulk)
    decisions = dict.fromkeys(week.advice.index[week.advice["do"].isin(["ads_off", "ads_down"])], "yes")
    place, sheet, before = shop.plan(decisions).apply(), shop.console.sheet_bytes(), shop.cells()
    assert set(shop.console.upload(place / UPLOAD)) == {"done"}
    journal, _ = read_journal(folder)
    assert len(changed(before, shop.cells())) == len(journal) > 60
    assert set(shop.console.upload(place / RESTORE)) == {"done"}
    assert shop.console.sheet_bytes() == sheet


# Traps: each of these fails without its guard.


@pytest.mark.parametrize("name", ["Portfolio ID", "End Date"])
def test_a_campaign_keeps_its_portfolio_and_its_end(shop, name):
    folder, key = shop.plan({UP: "yes"}).apply(), ("Campaign", ids("campaign", "C - Auto"), name)
    shop.console.upload(folder / UPLOAD)
    assert shop.cells()[key]


def broken(shop, change):
    """The bulk download as somebody changed it in a spreadsheet."""
    book = openpyxl.load_workbook(shop.bulk)
    change(book["Sponsored Products Campaigns"])
    book.save(shop.bulk)
    return shop


def test_ids_that_a_spreadsheet_took_for_numbers_are_refused(shop):
    def numbers(sheet):
        for row in sheet.iter_rows(min_row=2):
            row[3].value = float(row[3].value)

    assert "lost digits" in refused(broken(shop, numbers).plan({OFF: "yes"}))
    assert load_account(shop.folder).bulk is None  # the report is made all the same


def test_two_swapped_columns_are_told_apart_by_their_names(shop):
    def swapped(sheet):
        for row in sheet.iter_rows():
            row[15].value, row[18].value = row[18].value, row[15].value

    folder = broken(shop, swapped).plan({UP: "yes"}).apply()
    assert cell_of(folder / UPLOAD, "Daily Budget") == [2.73]


def test_an_ad_whose_sku_is_an_asin_takes_no_group_down(shop):
    rows = shop.console.rows
    next(row for row in rows if row.get("SKU") == "A")["SKU"] = OFF
    shop.console.download(shop.bulk)
    folder = shop.plan({OFF: "yes"}).apply()
    assert shop.console.upload(folder / UPLOAD) == ["done"]
    assert next(row for row in rows if row.get("SKU") == OFF)["State"] == "paused"


def shared(writer, home, **cells):
    """Two ASINs in one campaign: one to turn off or down, one to raise."""
    rows = [*campaign("A - Auto", [("A", OFF, "enabled", 900.0)], bid=1.8)]
    both = [("C", UP, "enabled", 60.0), ("E", DOWN, "enabled", 240.0)]
    return Shop(writer, home, [*rows, *campaign("C - Auto", both, 5.0, 0.3), *campaign("E - Auto", [], 5.0)], **cells)


def test_a_budget_that_disagreeing_ads_share_stays_and_the_campaign_is_named(writer, tmp_path):
    seen = []
    assert shared(writer, tmp_path).plan({UP: "yes", DOWN: "yes"}).apply(ask=seen.append) is None
    assert seen[0].changes.changes == ()
    (blocked,) = seen[0].changes.blocked
    assert (blocked.campaign, blocked.split) == ("C - Auto", True)
    assert blocked.says in set(seen[0].todo["todo"])


def test_a_campaign_to_split_is_named_among_the_actions(writer, tmp_path):
    why = actions(analysed(load_account(shared(writer, tmp_path).folder)))["why"]
    assert {asin for asin, text in why.items() if "split C - Auto: its ads have different advice" in text} == {UP, DOWN}


def test_a_campaign_waits_until_all_its_ads_are_approved(writer, tmp_path):
    seen = []
    shared(writer, tmp_path).plan({UP: "yes"}).apply(ask=seen.append)
    assert [each.others for each in seen[0].changes.blocked] == [(DOWN,)]


def test_end_dates_that_a_spreadsheet_shows_are_written_as_the_console_has_them(shop):
    def shown(sheet):
        for row in sheet.iter_rows(min_row=2):
            row[12].value = row[12].value and "12/31/2027"

    folder = broken(shop, shown).plan({UP: "yes"}).apply()  # nor does the campaign count as over
    assert cell_of(folder / UPLOAD, "End Date") == ["20271231"]


def test_end_dates_of_which_nobody_knows_day_and_month_are_refused(shop):
    def shown(sheet):
        for row in sheet.iter_rows(min_row=2):
            row[12].value = row[12].value and "03/04/2027"

    text = refused(broken(shop, shown).plan({UP: "yes"}))
    assert "a spreadsheet has changed its end dates, e.g. '03/04/2027'" in text


def test_a_second_sheet_of_sponsored_products_is_left_out_and_named(shop):
    book = openpyxl.load_workbook(shop.bulk)
    second = book.copy_worksheet(book["Sponsored Products Campaigns"])
    second.title = "Old"
    book.save(shop.bulk)
    account = load_account(shop.folder)
    assert len(account.bulk.rows) == len(shop.console.rows) + 1  # and the portfolio
    said = f"{len(shop.console.rows)} rows of Sponsored Products on a second sheet, 'Old', are left out."
    assert said in [note.text for note in account.notes]


def test_a_state_that_is_not_known_is_named_and_changes_nothing(writer, tmp_path):
    rows = [row | {"State": "suspended"} if row.get("SKU") == "A" else row for row in own_campaigns()]
    shop = Shop(writer, tmp_path, rows).plan({OFF: "yes"})
    seen = []
    assert shop.apply(ask=seen.append) is None
    assert seen[0].changes.waiting[OFF] == "None of its ads runs in the bulk download, so there is nothing to change."
    notes = [note.text for note in load_account(shop.folder).notes]
    assert "Unknown states, where nothing is changed: 'suspended'." in notes


def test_bids_with_a_decimal_comma_are_written_with_a_point(shop):
    def comma(sheet):
        for row in sheet.iter_rows(min_row=2):
            for place in (15, 18, 19):
                if row[place].value is not None:
                    row[place].value = f"{row[place].value:.2f}".replace(".", ",")

    folder = broken(shop, comma).plan({UP: "yes"}).apply()
    assert cell_of(folder / UPLOAD, "Daily Budget") == [2.73]
    assert cell_of(folder / RESTORE, "Daily Budget") == [2.1]


def test_a_download_filtered_to_some_campaigns_is_said_before_it_is_written(writer, tmp_path):
    seen, rows = [], [row for row in own_campaigns() if row["Campaign ID"] != ids("campaign", "E - Auto")]
    Shop(writer, tmp_path, rows).plan({OFF: "yes"}).apply(ask=seen.append)
    (warning,) = seen[0].warnings
    assert warning.startswith("Its campaigns have only 83% of the spend in the advertising report.")  # 38 of 46 a day


def test_skus_that_look_like_numbers_keep_their_zeros(writer, tmp_path):
    rows = [row | {"SKU": "0012"} | {"ASIN": None} if row.get("SKU") == "A" else row for row in own_campaigns()]
    shop = Shop(writer, tmp_path, rows)
    products = PRODUCTS | {OFF: ("0012", *PRODUCTS[OFF][1:])}
    shop.downloads(DAY, inventory=reports(products=products)["inventory"])
    folder = shop.plan({OFF: "yes"}).apply()
    assert shop.console.upload(folder / UPLOAD) == ["done"]


def test_two_approvals_of_one_campaign_are_one_row_an_object(writer, tmp_path):
    rows = [*campaign("A - Auto", [("A", OFF, "enabled", 900.0), ("E", DOWN, "enabled", 240.0)], bid=1.8)]
    shop = Shop(writer, tmp_path, [*rows, *campaign("C - Auto", [("C", UP, "enabled", 60.0)])])
    folder = shop.plan({OFF: "yes", DOWN: "yes"}).apply()
    assert set(shop.console.upload(folder / UPLOAD)) == {"done"}
    entities = cell_of(folder / UPLOAD, "Entity")
    assert sorted(entities) == ["Ad Group", "Keyword", "Product Ad", "Product Targeting"]


def test_an_ad_under_a_paused_parent_is_left_alone(writer, tmp_path):
    rows = [*campaign("A - Auto", [("A", OFF, "enabled", 900.0)], State="paused"), *own_campaigns()[8:]]
    assert Shop(writer, tmp_path, rows).plan({OFF: "yes"}).apply() is None


@pytest.mark.parametrize(("marketplace", "lowest"), [("JP", 100), ("IN", 1)])
def test_amounts_keep_the_limits_of_the_currency(writer, tmp_path, marketplace, lowest):
    shop = Shop(writer, tmp_path, marketplace=marketplace)
    for row in shop.console.rows:
        for name in ("Bid", "Ad Group Default Bid"):
            if name in row:
                row[name] = {"JP": 2, "IN": 1}[marketplace]  # as low as can be
    shop.console.download(shop.bulk)
    assert shop.plan({DOWN: "yes"}).apply() is None


def test_a_currency_whose_limits_nobody_knows_gets_no_amount(shop, monkeypatch):
    monkeypatch.setattr(
        "wockit.analysis.bids_and_budgets.limits", lambda: {k: v for k, v in limits().items() if k[0] != "USD"}
    )
    folder = shop.plan({OFF: "yes", UP: "yes", DOWN: "yes"}).apply()
    assert cell_of(folder / UPLOAD, "Entity") == ["Product Ad"]


def test_hostile_names_stay_text(writer, tmp_path):
    name = '=HYPERLINK("http://example.invalid","x")\x1b[2J'.replace("\x1b", "")
    rows = [*own_campaigns()[:8], *campaign(name, [("C", UP, "enabled", 60.0)], 2.1), *own_campaigns()[16:]]
    shop = Shop(writer, tmp_path, rows, header=columns("Campaign Name (Informational only)"))
    for row in shop.console.rows:
        row["Campaign Name (Informational only)"] = name
    shop.console.download(shop.bulk)
    folder = shop.plan({UP: "yes"}).apply()
    cells = [cell for row in openpyxl.load_workbook(folder / UPLOAD).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == name} == {"s"}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert shop.console.upload(folder / UPLOAD) == ["done"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        *(("a/b[1]", "a b 1"), ("'='", "="), ("*" * 40, "Sponsored Products")),
        *(
            ("a\x0bb", "a b"),
            ("\ufffe", "Sponsored Products"),
            ("x" * 40, "x" * 31),
            ("\U0001f600" * 20, "\U0001f600" * 15),
        ),
    ],
)
def test_a_sheet_has_a_name_that_a_workbook_can_have(tmp_path, name, kept):
    write_upload(SimpleNamespace(sheet=name, header=["Product"]), [], tmp_path / UPLOAD, DAY)
    assert openpyxl.load_workbook(tmp_path / UPLOAD).sheetnames == [kept]


def test_what_nobody_knows_of_a_campaign_is_repeated(writer, tmp_path):
    shop = Shop(writer, tmp_path, header={"Cost Cap": "Cost Cap", **columns()})
    for row in shop.console.rows:
        row["Cost Cap"] = "1.50"
    shop.console.download(shop.bulk)
    folder = shop.plan({UP: "yes"}).apply()
    assert cell_of(folder / UPLOAD, "Cost Cap", Entity="Campaign") == ["1.50"]


def test_an_upload_in_the_place_of_a_download_is_refused(shop):
    folder = shop.plan({OFF: "yes"}).apply()
    shutil.copy(folder / UPLOAD, shop.bulk)
    assert "it is a bulk upload, not a download" in refused(shop.plan({OFF: "yes"}))


# Removal orders.


def to_liquidate(shop, monkeypatch, units=350.0, skus="A"):
    """The shop as if so many units of an ASIN were to be liquidated, and nothing else of it."""

    def advised(account, **options):
        week = analysed(replace(account, stock=account.stock.assign(skus=account.stock["skus"].replace("A", skus))))
        advice = week.advice.assign(units_liquidated=0.0, units_removed=0.0, units_disposed=0.0, ads_level=1.0)
        advice.loc[OFF, "units_liquidated"] = units
        return replace(week, advice=advice)

    monkeypatch.setattr("wockit.weekly.apply.analyse", advised)
    monkeypatch.setattr(
        "wockit.weekly.apply.removal_files", lambda advice, _, day: removal_files(advice, {OFF: skus}, day)
    )
    return shop.plan({OFF: "yes"})


def test_an_approved_removal_is_an_order_as_a_flat_file(shop, monkeypatch):
    folder = to_liquidate(shop, monkeypatch).apply()
    assert [path.name for path in folder.iterdir()] == ["removal_liquidations.txt"]
    assert (folder / "removal_liquidations.txt").read_bytes().decode().split("\r\n") == [
        "MerchantRemovalOrderID\twockit-20261123-liquidations", "RemovalDisposition\tLiquidations", "",
        "MerchantSKU\tSellableQuantity\tUnsellableQuantity", "A\t350\t0", "",
    ]  # fmt: skip


@pytest.mark.parametrize("skus", ["A, A-2", "A\tB", "=1+1", "@SUM(1)", "A; +1"])
def test_several_skus_and_such_as_a_spreadsheet_would_run_are_left_to_people(shop, monkeypatch, skus):
    seen = []
    assert to_liquidate(shop, monkeypatch, skus=skus).apply(ask=lambda approved: not seen.append(approved)) is None
    assert seen[0].removals == {}
    assert "Liquidate 350 units" in seen[0].todo["todo"].tolist()


# What cannot be trusted is refused.


def test_a_download_of_more_than_three_days_before_the_data_is_refused(shop):
    old = DAY - timedelta(4)
    shop.bulk.rename(shop.bulk.with_name(file_name(old)))
    assert "it was downloaded on 2026-11-19, 4 days before the data of 2026-11-23" in refused(shop.plan({OFF: "yes"}))
    shop.bulk.rename(shop.bulk.with_name(file_name(DAY - timedelta(3))))
    assert shop.plan({OFF: "yes"}).apply()


def test_without_a_bulk_download_nothing_can_be_applied(shop):
    shop.bulk.unlink()
    assert "there is no bulk download of Sponsored Products" in refused(shop.plan({OFF: "yes"}))


def test_a_download_from_before_last_weeks_changes_is_refused(shop):
    shop.plan({OFF: "yes"}).apply()
    later, old = DAY + timedelta(7), shop.bulk
    shop.downloads(later, bulk=False)
    shutil.copy(old, shop.folder / later.isoformat() / "renamed.xlsx")
    assert "it is from before the changes of 2026-11-23" in refused(shop.plan({UP: "yes"}))


def test_a_download_of_another_account_is_refused(shop, writer, tmp_path):
    other = Shop(writer, tmp_path / "other", prefix="X-")
    for row in other.console.rows:
        if "ASIN" in row:
            row["ASIN"] = row["ASIN"].replace("MADEUP", "OTHERS")
    shutil.copy(other.console.download(tmp_path / "o.xlsx"), shop.bulk)
    text = refused(shop.plan({OFF: "yes"}))
    assert "ads of products that this account does not have: 4 of 4" in text
    assert "its campaigns have only 0% of the spend in the advertising report" in text


def test_a_download_of_another_marketplace_is_refused(shop):
    shop.console.currency = "EUR"
    shop.console.download(shop.bulk)
    text = refused(shop.plan({OFF: "yes"}))
    assert "there is no bulk download" in text
    assert "amounts are in EUR" in text


def test_the_plan_of_another_account_is_refused(shop):
    shop.plan({OFF: "yes"})
    path = shop.out / "shop" / "2026-11-23" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {OWNER: ["0" * 16]}))
    assert "the plan belongs to another account" in refused(shop)


def test_files_that_changed_since_the_plan_was_made_are_refused(shop):
    shop.plan({OFF: "yes"})
    shop.console.rows[0]["Daily Budget"] = 7.0
    shop.console.download(shop.bulk)
    assert "it changed since the plan was made" in refused(shop)


def test_the_plan_of_older_downloads_is_refused(shop):
    shop.plan({OFF: "yes"})
    shop.downloads(DAY + timedelta(7))
    assert "the plan is of 2026-11-23, and there are downloads of 2026-11-30" in refused(shop)


def test_a_what_if_is_applied_only_by_its_name(shop):
    shop.plan({OFF: "yes"}, changes={"low_weeks": 4})
    assert "it was made with other settings: low_weeks" in refused(shop)
    shop.plan({OFF: "yes"}, scenario="dear")
    assert "To apply a what-if, name it: --scenario 'dear'" in refused(shop)
    (shop.folder / "scenarios").mkdir()
    kept_as = {"version": 1, "name": "dear", "account": "shop", "settings": {}, "asins": {}}
    (shop.folder / "scenarios" / "dear.json").write_text(json.dumps(kept_as))
    shop.plan({}).plan({UP: "yes"}, scenario="dear", name=" what-if dear")
    assert shop.apply() is None  # its own plan approves nothing
    assert cell_of(shop.apply(scenario="dear") / UPLOAD, "Entity") == ["Campaign"]
    assert read_journal(shop.folder)[0]["scenario"].tolist() == ["dear"]


@pytest.mark.parametrize("text", ["24", " 24 ", "$24", "24 USD", "24,00", "-20 %", "80%", "−20%"])
def test_an_own_value_may_be_an_amount_or_a_change_of_todays(shop, text):
    seen = []
    shop.plan({OFF: text}).apply(ask=seen.append)  # 24 of 30 a day
    assert {each.because for each in seen[0].changes.changes} == {"Decided: 80% of today's clicks."}


@pytest.mark.parametrize("text", ["€24", "45c", "-5", "ok", "yes?", "24/day"])
def test_what_decides_nothing_is_listed(shop, text, capsys):
    seen = []
    shop.plan({UP: "yes", OFF: text}).apply(ask=seen.append)
    assert seen[0].unread == {OFF: text}
    assert {asin for each in seen[0].changes.changes for asin in each.advised_asins} == {UP}
    assert main(["apply", str(shop.plan({OFF: text}).folder), "--out", str(shop.out)]) == 0
    assert f"{OFF} '{text}'" in capsys.readouterr().out


def test_a_bid_written_as_an_own_value_turns_no_ads_off(shop):
    text = refused(shop.plan({OFF: "0.45"}))  # of 30 a day
    assert "is so low that its ads would stop" in text
    assert cell_of(shop.plan({OFF: "0"}).apply() / UPLOAD, "State") == ["paused"]


def test_the_same_changes_are_written_once(shop):
    first = shop.plan({OFF: "yes"}).apply()
    assert shop.plan({OFF: "Yes."}).apply() == first
    assert len(read_journal(shop.folder)[0]) == 1
    assert shop.plan({OFF: "yes", UP: "yes"}).apply() != first


def test_an_order_that_is_approved_no_more_is_not_in_the_folder_that_is_named(shop, monkeypatch):
    orders = {"removal_liquidations.txt": "A"}
    monkeypatch.setattr("wockit.weekly.apply.removal_files", lambda *_: orders)
    both = shop.plan({OFF: "yes"}).apply()
    orders.clear()
    fewer = shop.apply()
    assert sorted(path.name for path in both.iterdir()) == sorted([UPLOAD, RESTORE, "removal_liquidations.txt"])
    assert sorted(path.name for path in fewer.iterdir()) == sorted([UPLOAD, RESTORE])


def test_without_a_question_a_download_must_be_of_the_last_days(shop):
    text = refused(shop.plan({OFF: "yes"}), now=DAY + timedelta(4))
    assert "it was downloaded on 2026-11-23, 4 days ago" in text
    assert shop.apply(now=DAY + timedelta(3))


def test_an_own_value_beyond_the_limit_of_a_week_is_refused(shop):
    text = refused(shop.plan({OFF: "6"}))
    assert "the decision on B0MADEUP01 would move the default bid of 'A - Auto' beyond 1.26" in text


def test_all_changes_together_may_not_raise_ad_spend_beyond_the_limit(shop):
    about = shop.folder / "account.toml"
    about.write_text(about.read_text() + "rise_limit = 0.001\n")
    assert "all changes together raise ad spend by 0.60 per day; 0.05 are allowed" in refused(shop.plan({UP: "yes"}))


def test_the_limit_of_a_week_counts_what_was_changed_before_in_it(shop):
    folder = shop.plan({OFF: "21.5"}).apply()  # of 30 a day
    first = cell_of(folder / UPLOAD, "Ad Group Default Bid", Entity="Ad Group")
    shop.console.upload(folder / UPLOAD)
    shop.downloads(DAY + timedelta(2))
    text = refused(shop.plan({OFF: "9"}))  # the bids of Monday count: no second cut beyond 30 % of them
    assert "beyond 1.26" in text
    shop.downloads(DAY + timedelta(7))
    about = shop.folder / "account.toml"
    about.write_text(about.read_text() + "elasticity = 0.5\n")  # so that the advice is still about ads alone
    folder = shop.plan({OFF: "9"}).apply()  # a day costs 20.45 by then: 0.44 ** 0.28 x 1.64
    assert (first, cell_of(folder / UPLOAD, "Ad Group Default Bid", Entity="Ad Group")) == ([1.64], [1.3])


def test_no_id_of_one_account_reaches_the_file_of_another(writer, tmp_path):
    shops = [Shop(writer, tmp_path, name=f"shop{k}", prefix=f"S{k}-") for k in range(3)]
    for shop in shops:
        shop.plan({OFF: "yes", UP: "yes", DOWN: "yes"})
    files = [shop.apply() for shop in shops]
    for number, folder in enumerate(files):
        for name in (UPLOAD, RESTORE):
            rows = openpyxl.load_workbook(folder / name).worksheets[0].iter_rows(values_only=True)
            seen = {str(cell) for row in rows for cell in row}
            for other, shop in enumerate(shops):
                own = {
                    str(row[n]) for row in shop.console.rows for n in row if n.endswith(" ID") and n != "Portfolio ID"
                }
                assert bool(seen & own) == (other == number)


# What became of it.


def outcomes(shop, change):
    """What the next download says of an approved turn-off after something was done in the console."""
    folder = shop.plan({OFF: "yes"}).apply()
    change(folder, next(row for row in shop.console.rows if row.get("SKU") == "A"))
    shop.downloads(DAY + timedelta(7))
    week = analysed(loaded(shop.folder))
    history = history_of(week, shop.folder, shop.out)
    return read_journal(shop.folder)[0]["outcome"].tolist(), history.ledger.loc[OFF]


def test_a_change_that_was_uploaded_is_made_and_followed(shop):
    told, row = outcomes(shop, lambda folder, ad: shop.console.upload(folder / UPLOAD))
    assert (told, row["did"], row["followed"]) == (["made"], "ads_paused", True)


def test_a_change_that_was_not_uploaded_is_not_made_whatever_the_spend_did(shop):
    told, row = outcomes(shop, lambda folder, ad: None)
    assert (told, row["did"], row["followed"]) == (["not_made"], "not_made", False)


def test_a_change_that_was_made_and_taken_back_is_undone(shop):
    outcomes(shop, lambda folder, ad: shop.console.upload(folder / UPLOAD))
    next(row for row in shop.console.rows if row.get("SKU") == "A")["State"] = "enabled"
    shop.downloads(DAY + timedelta(14))
    history_of(analysed(loaded(shop.folder)), shop.folder, shop.out)
    assert read_journal(shop.folder)[0][["outcome", "found", "found_on"]].to_numpy().tolist() == [
        ["undone", "enabled", "2026-12-07"]
    ]


def test_what_was_changed_by_hand_is_told_by_two_downloads(shop):
    shop.plan({UP: "yes"}).apply()
    rows = shop.console.rows
    next(row for row in rows if row.get("SKU") == "A")["State"] = "paused"
    next(row for row in rows if row.get("Campaign Name") == "C - Auto")["Daily Budget"] = (
        2.73  # as wockit's file has it
    )
    shop.downloads(DAY + timedelta(7))
    history = history_of(analysed(loaded(shop.folder)), shop.folder, shop.out)
    assert history.ledger.loc[OFF, ["did", "followed"]].tolist() == ["by_hand; ads_paused", True]
    assert history.ledger.loc[UP, ["did", "followed"]].tolist() == ["budget_up", True]
    said = [note.text for note in history.notes if "without wockit" in note.text]
    assert said == ["Changed in the advertising without wockit since 2026-11-23: 1 ads paused."]


def test_an_amount_that_was_set_to_another_is_made_differently(shop):
    shop.plan({UP: "yes"}).apply()
    next(row for row in shop.console.rows if row.get("Campaign Name") == "C - Auto")["Daily Budget"] = 2.5
    shop.downloads(DAY + timedelta(7))
    week = load_account(shop.folder)
    told = followed_up(read_journal(shop.folder)[0], week.bulk, week.snapshot)
    assert told[["outcome", "old", "new", "found"]].to_numpy().tolist() == [["made_differently", "2.1", "2.73", "2.5"]]


def test_the_journal_tells_who_approved_what_and_pandas_reads_it(shop):
    shop.plan({OFF: "yes"})
    path = shop.out / "shop" / "2026-11-23" / PLAN
    book = openpyxl.load_workbook(path)
    book.properties.lastModifiedBy = "Wei Chen"
    book.save(path)
    shop.apply()
    (row,) = pd.read_parquet(shop.folder / "actions").to_dict("records")
    assert (row["approved_by"], row["field"], row["old"], row["new"]) == ("Wei Chen", "state", "enabled", "paused")
    assert row["snapshot"] == "2026-11-23"


def test_without_its_line_in_the_journal_no_file_is_left(shop):
    (shop.folder / "actions").write_text("no folder", encoding="utf-8")
    with pytest.raises(WockitError, match="actions: cannot be written"):
        shop.plan({OFF: "yes"}).apply()
    assert [*(shop.out / "shop" / "upload").iterdir()] == []


def test_a_damaged_file_of_the_journal_is_ignored_and_named(shop):
    (shop.folder / "actions").mkdir()
    (shop.folder / "actions" / "2026-11-23-1.parquet").write_bytes(b"PAR1 cut off")
    journal, notes = read_journal(shop.folder)
    assert journal.empty
    assert [note.where for note in notes] == ["actions/2026-11-23-1.parquet"]


def test_the_command_line_shows_the_changes_asks_and_writes(shop, capsys, monkeypatch):
    shop.plan({OFF: "yes"})
    monkeypatch.setattr("builtins.input", lambda question: "no")
    assert main(["apply", str(shop.folder), "--out", str(shop.out)]) == 0
    assert "Nothing is written." in capsys.readouterr().out
    assert main(["apply", str(shop.folder), "--out", str(shop.out), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "enabled paused" in said
    assert "bulk_upload.xlsx" in said
    assert (shop.out / "shop" / "upload" / "2026-11-23-1" / RESTORE).is_file()


def test_the_command_line_says_that_nothing_is_approved_and_refuses_without_a_plan(shop, capsys):
    shop.plan({OFF: "no"})
    assert main(["apply", str(shop.folder), "--out", str(shop.out), "--yes"]) == 0
    assert "Nothing is approved in the plan" in capsys.readouterr().out
    assert main(["apply", str(shop.folder), "--out", str(shop.out / "none"), "--yes"]) == 2
    assert "there is no plan to approve" in capsys.readouterr().err


def test_a_fleet_writes_files_only_for_accounts_whose_plan_was_approved(writer, tmp_path):
    out = {}
    for name, text in (("yes", "yes"), ("no", "wait")):
        shop = Shop(writer, tmp_path, name=name, prefix=f"{name}-").plan({OFF: text})
        for file in FILES:  # as if the weekly report had left them all
            (shop.out / name / "2026-11-23" / file).touch()
        order = Order(str(shop.folder), str(shop.out), name, False, 600, 2**33, apply=True)
        out[name] = make_report(order, tmp_path)
    assert [(each.state, each.not_applied) for each in out.values()] == [("there", "")] * 2
    assert sorted(path.relative_to(tmp_path / "reports").as_posix() for path in tmp_path.rglob("*upload.xlsx")) == [
        "yes/upload/2026-11-23-1/bulk_upload.xlsx"
    ]
    assert (Path(out["yes"].upload).name, out["no"].upload) == ("2026-11-23-1", "")


def test_an_account_of_a_fleet_that_cannot_be_applied_says_why(shop):
    shop.bulk.unlink()
    shop.plan({OFF: "yes"})
    for file in FILES:
        (shop.out / "shop" / "2026-11-23" / file).touch()
    outcome = make_report(Order(str(shop.folder), str(shop.out), "shop", False, 600, 2**33, apply=True), shop.folder)
    assert outcome.good
    assert "there is no bulk download" in outcome.not_applied


def test_an_approval_does_not_outlive_the_advice_that_it_was_given_for(shop, tmp_path):
    week = analysed(load_account(shop.folder))
    write_workbook(week, tmp_path / PLAN, decisions={OFF: "yes", UP: "yes", DOWN: "see in spring"})
    other = week.advice.assign(says=week.advice["says"].mask(week.advice.index == UP, "Turn ads off."))
    assert decisions_that_hold(tmp_path / PLAN, other) == {OFF: "yes", DOWN: "see in spring"}


def test_approvals_beside_the_advice_of_another_asin_are_refused(shop):
    shop.plan({})
    plan = next(shop.out.rglob(PLAN))
    write_workbook(analysed(load_account(shop.folder)), plan, decisions={UP: "yes", OFF: "no"})
    book = openpyxl.load_workbook(plan)
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "ASIN")
    asins = [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]
    for row, asin in enumerate(reversed(asins), start=2):  # as if somebody sorted this column alone
        sheet.cell(row, column).value = asin
    book.save(plan)
    assert "other advice stands beside the approval of" in refused(shop)


# Ads that come back.


def gone_and_back(writer, home, units, days=7):
    """A shop whose ad on one product is paused: it was out of stock a week ago, and now has so many units."""
    rows = [row | {"State": "paused"} if row.get("SKU") == "F" else row for row in own_campaigns()]
    shop = Shop(writer, home, rows)
    for day, left in ((DAY - timedelta(days), 0), (DAY, units)):
        files = reports(products=PRODUCTS | {STAYS: ("F", left, 90, 20, 2, 3)})
        shop.downloads(day, bulk=day == DAY, inventory=files["inventory"], ads=files["ads"])
    return shop


@pytest.mark.parametrize(("units", "back"), [(30, []), (75, ["State"]), (300, ["State"])])
def test_a_paused_ad_comes_back_when_there_is_stock_again_and_not_for_a_few_days(writer, tmp_path, units, back):
    seen, shop = [], gone_and_back(writer, tmp_path, units)
    found = returning(analysed(load_account(shop.folder)))
    assert [*found] == [STAYS]
    shop.plan({STAYS: "yes"}).apply(ask=seen.append)
    own = [each for each in seen[0].changes.changes if each.entity == "Product Ad"]
    assert [(each.field, each.new) for each in own] == [("state", "enabled")] * len(back)
    assert (STAYS in seen[0].changes.waiting) == (not back)


def test_with_little_stock_an_ad_comes_back_with_part_of_its_budget(writer, tmp_path):
    shop, before = gone_and_back(writer, tmp_path, 75), None
    folder, before = shop.plan({STAYS: "yes"}).apply(), shop.cells()
    assert set(shop.console.upload(folder / UPLOAD)) == {"done"}
    found = {key[2]: pair for key, pair in changed(before, shop.cells()).items()}
    assert found == {"State": ("paused", "enabled"), "Daily Budget": (50.0, 35.0)}  # half, but 30 % at most in a week


def test_ads_that_may_come_back_are_among_the_actions(writer, tmp_path):
    week = analysed(load_account(gone_and_back(writer, tmp_path, 300).folder))
    assert "Enable its paused ads: the stock lasts" in actions(week)["first"][STAYS]
