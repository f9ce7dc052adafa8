"""Made-up sellers with a hidden truth: what is each way of deciding worth, next to carrying on as today?

    python tests/benchmarks/market.py                      # 40 accounts; takes about three minutes
    python tests/benchmarks/market.py --accounts 8 --seed 7
    python tests/benchmarks/market.py --sane               # all orders incremental, no noise: the bookkeeping
    python tests/benchmarks/market.py --other              # other shares and other laws

Each seller is written as the report files that Amazon would give, read by `load_account` and advised by `analyse`. The
52 weeks that follow are then played with the same random numbers for every policy. The clairvoyant knows the seller's
true rates, not the noise, and chooses among finer paths of the same kind. The last line is one JSON object.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wockit import analyse, load_account
from wockit.show.actions import actions

YEAR, TAIL = 52, 26
KINDS = ("steady", "season", "short_season", "passing_peak", "lasting_peak", "growth", "decline", "stock_out", "dated")
WORSE, MOST_ADS = 0.02, 2.0
SAME_COST = r"costs (\S+) and is worth \1\."
LEAVING = ["units_liquidated", "units_removed", "units_disposed"]


@dataclass(frozen=True)
class Laws:
    """How a world is made: what the sellers have in common, as ranges to draw from."""

    kinds: tuple[float, ...] = (0.24, 0.14, 0.08, 0.10, 0.10, 0.10, 0.10, 0.08, 0.06)
    incremental: tuple[float, float] = (0.35, 0.95)
    elasticity: tuple[float, float] = (1.6, 0.3)
    dearer: tuple[float, float] = (0.1, 0.45)
    recovery: tuple[float, float] = (0.04, 0.11)
    traffic: tuple[float, ...] = (0.0, 0.5, 1.0)
    noise: tuple[float, float] = (0.08, 0.3)
    roas: tuple[float, float] = (4.0, 0.5)
    too_much: float = 0.45
    says_bought_again: float = 0.5


SANE = Laws(
    kinds=(1.0, *[0.0] * 8), incremental=(1.0, 1.0), elasticity=(1.5, 0.0), dearer=(0.25, 0.25),
    recovery=(0.075, 0.075), traffic=(1.0,), noise=(0.0, 0.0), says_bought_again=1.0,
)  # fmt: skip
OTHER = Laws(
    kinds=(0.1, 0.22, 0.14, 0.12, 0.06, 0.06, 0.14, 0.08, 0.08), incremental=(0.2, 0.8), elasticity=(2.0, 0.4),
    dearer=(0.0, 0.8), recovery=(0.02, 0.15), traffic=(0.0, 1.0), noise=(0.15, 0.45), roas=(3.0, 0.7), too_much=0.6,
    says_bought_again=0.2,
)  # fmt: skip


@dataclass(frozen=True)
class Seller:
    """The truth of one account: one entry an ASIN; weeks of `organic` run from `-past` to `YEAR + TAIL`."""

    name: str
    today: date
    asin: np.ndarray
    kind: np.ndarray
    organic: np.ndarray
    traffic: np.ndarray
    future_noise: np.ndarray
    clicks: np.ndarray
    conversion: np.ndarray
    cost_per_click: np.ndarray
    dearer: np.ndarray
    incremental: np.ndarray
    elasticity: np.ndarray
    recovery: np.ndarray
    price: np.ndarray
    landed_cost: np.ndarray
    fulfilment_fee: np.ndarray
    volume: np.ndarray
    weight: np.ndarray
    lead_weeks: np.ndarray
    bought_again: np.ndarray
    ages: np.ndarray
    arriving: np.ndarray
    last_week: np.ndarray
    past: int
    long_record: bool
    says_bought_again: bool

    @property
    def units(self) -> np.ndarray:
        return self.ages.sum(axis=1)


STARTS = np.array([15.0, 45, 75, 105, 135, 165, 195, 225, 255, 285, 315, 348, 410, 500])
"""Ages of the stock's cohorts [day]."""


def made(seed: int, laws: Laws = Laws(), items: int = 30) -> Seller:
    """One seller, drawn from the laws."""
    random = np.random.default_rng(seed)
    long_record = bool(random.random() < 0.5)
    past = int(random.integers(60, 105)) if long_record else 26
    today = date(2026, 1, 12) + timedelta(days=7 * int(random.integers(0, 48)))
    kind = random.choice(np.array(KINDS, dtype=object), items, p=laws.kinds)
    week = np.arange(-past, YEAR + TAIL)
    base = np.exp(random.uniform(np.log(2.0), np.log(90.0), items))
    shape = np.ones((items, len(week)))
    top, height = random.uniform(0, YEAR, items), random.uniform(0.4, 1.1, items)
    for row, name in enumerate(kind):
        shape[row] = _shape(name, week, top[row], height[row], random)
    noise = _noise(random, items, len(week), random.uniform(*laws.noise))
    organic = base[:, None] * shape
    price = np.exp(random.normal(np.log(25.0), 0.5, items))
    landed = price * random.uniform(0.12, 0.35, items)
    fulfilment = 2.8 + 0.06 * price + random.uniform(0, 1.5, items)
    mean_rate = random.uniform(0.05, 0.14)
    conversion = np.clip(random.beta(12 * mean_rate, 12 * (1 - mean_rate), items), 0.01, 0.4)
    true_roas = np.exp(random.normal(np.log(laws.roas[0]), laws.roas[1], items))
    share = random.beta(2, 4, items)
    now = organic[:, past - 4 : past].mean(axis=1)
    clicks = np.where(random.random(items) < 0.12, 0.0, share * now / conversion)
    exponent = random.choice(laws.traffic)
    traffic = np.clip(shape / shape[:, past - 4 : past].mean(axis=1, keepdims=True), 0.05, 6.0) ** exponent
    too_much = (random.random(items) < laws.too_much) | np.isin(kind, ["dated"])
    ahead = np.maximum(organic[:, past : past + 26].mean(axis=1), 0.3)
    cover = np.where(too_much, np.exp(random.uniform(np.log(16), np.log(110), items)), random.uniform(2.0, 14.0, items))
    last_week = np.where(kind == "dated", random.integers(3, 16, items), YEAR).astype(float)
    dated_sale = np.array([organic[r, past : past + int(last_week[r])].sum() for r in range(items)])
    cover = np.where(kind == "dated", dated_sale / ahead * random.uniform(0.6, 3.0, items), cover)
    units = np.ceil(cover * ahead)
    bought_again = np.where(too_much, random.random(items) < 0.2, random.random(items) < 0.95) & (kind != "dated")
    lead = random.integers(3, 11, items)
    arriving = np.zeros((items, YEAR))
    on_the_way = random.random(items) < 0.35
    for row in np.flatnonzero(on_the_way & (bought_again | (random.random(items) < 0.15))):
        arriving[row, random.integers(0, lead[row])] = np.ceil(ahead[row] * random.uniform(2, 7))
    oldest = np.clip(random.uniform(0.3, 1.0, items) * cover * 7 + 20, 25, 480)
    inside = np.clip((oldest[:, None] - (STARTS - 15)) / 30, 0, 1)
    ages = np.floor(units[:, None] * inside / inside.sum(axis=1, keepdims=True))
    ages[:, 0] += units - ages.sum(axis=1)
    return Seller(
        name=f"Seller {seed}", today=today, asin=np.array([f"B0M{seed % 1000:03d}{n:04d}" for n in range(items)]),
        kind=kind, organic=organic * np.where(week < 0, noise, 1.0), traffic=traffic,
        future_noise=noise[:, past : past + YEAR] * random.gamma(12, 1 / 12, (items, YEAR)) ** float(laws.noise[1] > 0),
        clicks=clicks, conversion=conversion, cost_per_click=conversion * price / true_roas,
        dearer=np.full(items, random.uniform(*laws.dearer)),
        incremental=np.clip(
            random.uniform(*laws.incremental) + random.normal(0, 0.1, items) * (laws.noise[1] > 0), 0.05, 1
        ),
        elasticity=np.exp(random.normal(np.log(laws.elasticity[0]), laws.elasticity[1], items)),
        recovery=np.full(items, random.uniform(*laws.recovery)), price=price.round(2), landed_cost=landed.round(2),
        fulfilment_fee=fulfilment.round(2), volume=np.exp(random.normal(np.log(0.12), 0.7, items)).round(4),
        weight=np.full(items, 0.8), lead_weeks=lead, bought_again=bought_again, ages=ages, arriving=arriving,
        last_week=last_week, past=past, long_record=long_record,
        says_bought_again=bool(random.random() < laws.says_bought_again),
    )  # fmt: skip


def _shape(kind: str, week: np.ndarray, top: float, height: float, random: np.random.Generator) -> np.ndarray:
    """The course of demand over its level, by week from today."""
    year = np.cos(2 * np.pi * (week - top) / 52.18)
    away = (week - top + 26) % 52.18 - 26
    jump = random.uniform(1.6, 3.5)
    since = int(random.integers(2, 9))
    rate = random.uniform(0.006, 0.02)
    turn = float(random.integers(3, 16))
    shapes: dict[str, Callable[[], np.ndarray]] = {
        "steady": lambda: np.ones(len(week)),
        "season": lambda: np.exp(height * year),
        "short_season": lambda: 0.35 + 4.0 * height * np.exp(-0.5 * (away / 3.0) ** 2),
        "passing_peak": lambda: 1 + (jump - 1) * ((week >= -min(since, 5)) & (week < 0)),
        "lasting_peak": lambda: np.where(week < -since, 1 / jump, 1.0),
        "growth": lambda: np.exp(rate * np.clip(week, -60, 26)),
        "decline": lambda: np.exp(-rate * np.clip(week, -60, 40)),
        "stock_out": lambda: np.ones(len(week)),
        "dated": lambda: 0.7 + 0.8 * np.exp(-0.5 * ((week - turn) / 6.0) ** 2),
    }
    return shapes[kind]()


def _noise(random: np.random.Generator, items: int, weeks: int, sigma: float) -> np.ndarray:
    """Slow swings of the level around 1, week after week."""
    found = np.zeros((items, weeks))
    for at in range(1, weeks):
        found[:, at] = 0.85 * found[:, at - 1] + random.normal(0, sigma * np.sqrt(1 - 0.85**2), items)
    return np.exp(found - sigma**2 / 2)


# ---- the reports -----------------------------------------------------------------------------------------------------


def written(seller: Seller, folder: Path, seed: int, quiet: bool = False) -> Path:
    """The seller as an account's folder of downloads; `quiet` without any chance."""
    random = np.random.default_rng(seed + 10_000)
    folder.mkdir(parents=True, exist_ok=True)
    settings = ['marketplace = "US"', f'name = "{seller.name}"', "sales_days = 28"]
    settings += ["incremental_share = 1.0", "elasticity = 1.5"] if quiet else []
    (folder / "account.toml").write_text("\n".join(settings) + "\n")
    days = 7 * seller.past
    draw = (lambda mean: np.floor(np.cumsum(mean, axis=1) + 0.5)) if quiet else random.poisson
    clicks_mean = np.repeat((seller.clicks[:, None] * seller.traffic)[:, : seller.past] / 7, 7, axis=1)
    organic = np.repeat(seller.organic[:, : seller.past] / 7, 7, axis=1)
    out = np.zeros((len(seller.asin), days), dtype=bool)
    for row in np.flatnonzero(seller.kind == "stock_out"):
        begins = days - int(random.integers(6, 12)) * 7
        out[row, begins : begins + int(random.integers(2, 5)) * 7] = True
    clicks = np.where(out, 0, _whole(draw, clicks_mean, quiet))
    orders = (
        _whole(draw, clicks * seller.conversion[:, None], quiet)
        if quiet
        else random.binomial(clicks.astype(int), seller.conversion[:, None])
    )
    extra = (
        orders * seller.incremental[:, None]
        if quiet
        else random.binomial(orders.astype(int), seller.incremental[:, None])
    )
    sold = np.where(out, 0, _whole(draw, organic, quiet) + extra)
    first = seller.today - timedelta(days=days)
    snapshots = (
        [seller.today] if seller.long_record else [seller.today - timedelta(days=7 * w) for w in range(11, -1, -1)]
    )
    for day in snapshots:
        _snapshot(seller, folder, day, sold[:, : (day - first).days], out[:, : (day - first).days])
    at = folder / seller.today.isoformat()
    if seller.long_record:
        item, when = np.nonzero(sold)
        pd.DataFrame({
            "amazon-order-id": [f"111-{n:07d}-0000000" for n in range(len(item))],
            "purchase-date": [f"{first + timedelta(days=int(d))}T20:00:00+00:00" for d in when],
            "order-status": "Shipped", "fulfillment-channel": "Amazon", "sales-channel": "Amazon.com",
            "sku": seller.asin[item], "asin": seller.asin[item], "quantity": sold[item, when].round().astype(int),
            "currency": "USD", "item-price": (sold[item, when].round() * seller.price[item]).round(2),
        }).to_csv(at / "orders.txt", sep="\t", index=False)  # fmt: skip
    _ads(seller, at, first, clicks[:, -60:], orders[:, -60:])
    costs = pd.DataFrame({
        "asin": seller.asin, "landed_cost": seller.landed_cost, "referral_rate": 0.15,
        "fulfilment_fee": seller.fulfilment_fee, "size_tier": "large_standard", "unit_volume": seller.volume,
        "unit_weight": seller.weight, "lead_time_days": seller.lead_weeks * 7,
        "clear_by": [
            (seller.today + timedelta(days=7 * int(week))).isoformat() if week < YEAR else ""
            for week in seller.last_week
        ],
        "inbound_arrives": [
            (seller.today + timedelta(days=7 * int(np.argmax(row)) + 1)).isoformat() if row.any() else ""
            for row in seller.arriving > 0
        ],
    })  # fmt: skip
    if seller.says_bought_again:
        costs["bought_again"] = np.where(seller.bought_again, "yes", "no")
    costs.to_csv(folder / "costs.csv", index=False)
    return folder


def _whole(draw: Callable[[Any], Any], mean: np.ndarray, quiet: bool) -> np.ndarray:
    """Counts of such a mean: by chance, or evenly, rounded so that their sum is right."""
    return np.diff(draw(mean), axis=1, prepend=0) if quiet else draw(mean)


def _snapshot(seller: Seller, folder: Path, day: date, sold: np.ndarray, out: np.ndarray) -> None:
    at = folder / day.isoformat()
    at.mkdir()
    ages, steps = seller.ages, np.searchsorted([91, 181, 271, 366, 456], STARTS, side="right")
    aged = np.stack([ages[:, steps == step].sum(axis=1) for step in range(6)], axis=1)
    later = sold.shape[1] < 7 * seller.past
    empty = out[:, -1] & later
    aged[empty] = 0
    shipped = {f"units-shipped-t{n}": sold[:, -n:].sum(axis=1).round().astype(int) for n in (7, 30, 60, 90)}
    pd.DataFrame({
        "snapshot-date": day.isoformat(), "sku": seller.asin, "fnsku": seller.asin, "asin": seller.asin,
        "product-name": [f"Product {n}" for n in range(len(seller.asin))], "condition": "New",
        "available": aged.sum(axis=1).astype(int),
        "inv-age-0-to-90-days": aged[:, 0].astype(int), "inv-age-91-to-180-days": aged[:, 1].astype(int),
        "inv-age-181-to-270-days": aged[:, 2].astype(int), "inv-age-271-to-365-days": aged[:, 3].astype(int),
        "inv-age-366-to-455-days": aged[:, 4].astype(int), "inv-age-456-plus-days": aged[:, 5].astype(int),
        "currency": "USD", **shipped, "your-price": seller.price, "marketplace": "US",
        "inbound-quantity": seller.arriving.sum(axis=1).astype(int),
    }).to_csv(at / "inventory.csv", index=False)  # fmt: skip
    month = sold[:, -28:].sum(axis=1).round().astype(int)
    pd.DataFrame({
        "(Parent) ASIN": seller.asin, "(Child) ASIN": seller.asin, "Title": "x", "Sessions": month * 8 + 20,
        "Page Views": month * 10 + 25, "Featured Offer (Buy Box) Percentage": "95%", "Units Ordered": month,
        "Ordered Product Sales": [f"${x:,.2f}" for x in month * seller.price], "Total Order Items": month,
    }).to_csv(at / "BusinessReport.csv", index=False)  # fmt: skip


def _ads(seller: Seller, at: Path, first: date, clicks: np.ndarray, orders: np.ndarray) -> None:
    item, day = np.nonzero(clicks)
    number, sold = clicks[item, day].round(), orders[item, day].round()
    start = seller.today - timedelta(days=clicks.shape[1])
    pd.DataFrame({
        "Date": [(start + timedelta(days=int(d))).isoformat() for d in day], "Portfolio name": "P", "Currency": "USD",
        "Campaign Name": "C", "Ad Group Name": "G", "Advertised SKU": seller.asin[item],
        "Advertised ASIN": seller.asin[item], "Impressions": (number * 200).astype(int),
        "Clicks": number.astype(int),
        "Spend": (number * seller.cost_per_click[item]).round(2),
        "7 Day Total Sales ": (sold * seller.price[item]).round(2),
        "7 Day Total Orders (#)": sold.astype(int), "7 Day Total Units (#)": sold.astype(int),
        "7 Day Advertised SKU Units (#)": sold.astype(int), "7 Day Other SKU Units (#)": 0,
        "7 Day Advertised SKU Sales ": (sold * seller.price[item]).round(2), "7 Day Other SKU Sales ": 0.0,
    }).to_csv(at / "Sponsored_Products_Advertised_product_report.csv", index=False)  # fmt: skip


# ---- what happens then -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Acts:
    """What a policy does: items x choices. Clicks over today's, price cut, share that leaves, until when, ads then."""

    ads: np.ndarray
    cut: np.ndarray
    leaves: np.ndarray
    until: np.ndarray
    after: np.ndarray

    def __getitem__(self, rows: Any) -> "Acts":
        return Acts(*(getattr(self, each.name)[rows] for each in fields(Acts)))


def acts(items: int, ads: Any = 1.0, cut: Any = 0.0, leaves: Any = 0.0, until: Any = YEAR, after: Any = 1.0) -> Acts:
    """One choice for each item."""
    return Acts(
        *(np.broadcast_to(np.asarray(v, dtype=float), items)[:, None].copy() for v in (ads, cut, leaves, until, after))
    )


def played(seller: Seller, done: Acts, quiet: bool = False, rate: float = 0.10) -> np.ndarray:
    """Cash of the 52 weeks, and what is left at what it is then worth: items x choices [money]."""
    past, column = seller.past, lambda v: np.asarray(v, dtype=float)[:, None]
    noise = np.ones_like(seller.future_noise) if quiet else seller.future_noise
    fulfilment, price = column(seller.fulfilment_fee) * 1.035, column(seller.price) * 0.85
    quick = np.maximum(0.85 * seller.recovery * seller.price - 0.30, -1.04) * (1 + rate) ** (-75 / 365)
    lift = (1 - done.cut) ** -column(seller.elasticity)
    leaving = done.leaves * column(seller.units)
    left = column(seller.units) - leaving
    cohorts = np.cumsum(seller.ages, axis=1)
    cash = leaving * column(quick)
    fresh, on_order = np.zeros_like(left), [np.zeros_like(left) for _ in range(YEAR + 12)]
    recent = np.repeat(column(seller.organic[:, past - 4 : past].mean(axis=1)), left.shape[1], axis=1)
    for week in range(YEAR):
        on = week < done.until
        level, price_cut = np.where(on, done.ads, done.after), np.where(on, done.cut, 0.0)
        open_ = column(week < seller.last_week)
        organic = column(seller.organic[:, past + week] * noise[:, week])
        clicks = column(seller.clicks * seller.traffic[:, past + week])
        by_ads = clicks * column(seller.conversion * seller.incremental * noise[:, week])
        wanted = (organic + by_ads * level) * np.where(on, lift, 1.0) * open_
        fresh = fresh + column(seller.arriving[:, week]) + on_order[week]
        cash = cash - on_order[week] * column(seller.landed_cost) * (1 + rate) ** (-week / YEAR)
        sold = np.minimum(wanted, left + fresh)
        served = np.divide(sold, wanted, out=np.zeros_like(sold), where=wanted > 0)
        old = np.minimum(sold, left)
        left, fresh = left - old, fresh - (sold - old)
        spend = clicks * column(seller.cost_per_click) * level ** (1 + column(seller.dearer)) * served
        day = seller.today + timedelta(days=7 * week)
        storage = (2.40 if day.month >= 10 else 0.78) / 52.18 * 12 * column(seller.volume) * (left + fresh)
        aged = 0.0
        if any((day + timedelta(days=n)).day == 15 for n in range(7)):
            fee = _aged_rate(STARTS + 7 * week)
            younger = cohorts - seller.ages
            for at in np.flatnonzero(fee):
                held = np.clip(left - column(younger[:, at]), 0, column(seller.ages[:, at]))
                aged = aged + held * np.maximum(
                    column(seller.volume) * fee[at], 0.3 if STARTS[at] + 7 * week > 365 else 0
                )
        cash = cash + (sold * (price * (1 - price_cut) - fulfilment) - spend - (storage + aged) * open_) * (
            1 + rate
        ) ** (-week / YEAR)
        recent = 0.75 * recent + 0.25 * wanted
        due = column((seller.last_week == week + 1) & (week + 1 < YEAR))
        cash = cash + np.where(due, (left + fresh) * column(quick) * (1 + rate) ** (-week / YEAR), 0.0)
        left, fresh = np.where(due, 0.0, left), np.where(due, 0.0, fresh)
        if week % 4 == 0:
            lead = seller.lead_weeks
            coming = sum(on_order[week + 1 : week + 12]) + column(seller.arriving[:, week + 1 :].sum(axis=1))
            short = (column(lead) + 8) * recent - left - fresh - coming
            order = np.where(column(seller.bought_again), np.maximum(short, 0.0), 0.0)
            for row, weeks in enumerate(lead):
                on_order[week + int(weeks)][row] += order[row]
    end, stock = (1 + rate) ** -1.0, left + fresh
    organic = column(seller.organic[:, past + YEAR :].mean(axis=1))
    hold = column(0.78 * 12 / 52.18 * seller.volume)
    going = np.minimum(stock, organic * TAIL)
    by_itself = going * np.maximum(price - fulfilment - hold * going / np.maximum(organic, 1e-9) / 2, column(quick))
    worth_sold = by_itself + (stock - going) * column(quick)
    worth_again = np.minimum(stock, organic * 40) * column(seller.landed_cost) + np.maximum(
        stock - organic * 40, 0
    ) * column(quick)
    return cash + end * np.where(column(seller.bought_again), worth_again, worth_sold)


def _aged_rate(age: np.ndarray) -> np.ndarray:
    """The aged surcharge by age [money a cubic foot and month]."""
    steps, rates = [181, 211, 241, 271, 301, 331, 366, 456], np.array([0, 0.5, 1.0, 1.5, 5.45, 5.7, 5.9, 6.9, 7.9])
    return rates[np.searchsorted(steps, age, side="right")]


# ---- who decides -----------------------------------------------------------------------------------------------------


def clairvoyant(seller: Seller) -> Acts:
    """The best path by the seller's true rates: first among coarse ones, then finer around the best of each ASIN.

    A higher price only while stock is short, as in the advice.
    """
    items = len(seller.asin)
    grid = list(
        product(
            (0.0, 0.5, 1.0, 1.5, MOST_ADS), (0.0, 0.1, 0.2, 0.35), (0.0, 0.35, 0.7, 1.0), (4, 10, 22, YEAR), (0.0, 1.0)
        )
    )
    best = acts(items)
    best = _better(seller, best, Acts(*(np.tile(each, (items, 1)) for each in np.array(grid).T)))
    for _ in range(3):
        for name, steps, low, high in (
            ("ads", (-0.5, -0.25, -0.1, 0.1, 0.25, 0.5, 1.0), 0.0, MOST_ADS),
            ("cut", (-0.1, -0.05, 0.05, 0.1), 0.0, 0.4),
            ("leaves", (-0.2, -0.1, 0.1, 0.2), 0.0, 1.0), ("until", (-12, -6, -3, 3, 6, 12), 1, YEAR),
            ("after", (-1.0, -0.5, 0.5, 1.0), 0.0, MOST_ADS),
        ):  # fmt: skip
            wide = {each.name: np.repeat(getattr(best, each.name), len(steps), axis=1) for each in fields(Acts)}
            wide[name] = np.clip(wide[name] + np.array(steps), low, high)
            best = _better(seller, best, Acts(**wide))
    return _better(seller, best, _while_short(seller))


def _while_short(seller: Seller) -> Acts:
    """Fewer clicks and a higher price until more stock comes, and more clicks then; as today where there is enough."""
    first = np.where(seller.arriving.any(axis=1), (seller.arriving > 0).argmax(axis=1), YEAR)
    until = np.minimum(first, np.where(seller.bought_again, seller.lead_weeks, YEAR))
    weeks = np.arange(YEAR) < until[:, None]
    wanted = (seller.organic[:, seller.past : seller.past + YEAR] * weeks).sum(axis=1)
    short = ((until > 0) & (until < YEAR) & (wanted > seller.units))[:, None]
    rows = np.array(list(product((0.0, 0.5, 1.0), (0.0, -0.05, -0.1), (1.0, 1.5, MOST_ADS)))).T
    ads, cut, after = (np.where(short, row, usual) for row, usual in zip(rows, (1.0, 0.0, 1.0), strict=True))
    return Acts(ads, cut, np.zeros_like(ads), np.where(short, until[:, None], YEAR) + np.zeros_like(ads), after)


def _better(seller: Seller, best: Acts, others: Acts) -> Acts:
    every = Acts(*(np.hstack([getattr(each, f.name) for each in (best, others)]) for f in fields(Acts)))
    chosen = played(seller, every, quiet=True).argmax(axis=1)[:, None]
    return Acts(*(np.take_along_axis(getattr(every, f.name), chosen, axis=1) for f in fields(Acts)))


def policies(seller: Seller, analysis: Any) -> dict[str, Acts]:
    """What each policy does with the seller's ASINs, from the same reports."""
    items = len(seller.asin)
    known = analysis.positions.reindex(seller.asin)
    budgets = analysis.budgets.reindex(seller.asin)
    plan = known["plan"].fillna("")
    week = 7 * budgets["clicks_a_day_now"].replace(0, np.nan)
    wanted = (budgets["budget_corrected"] / budgets["cost_per_click"] / 4 / week).clip(0, 6).fillna(1.0).to_numpy()
    level = plan.map(
        {"protect": 0.7, "scale": 1.5, "refine": 0.6, "push_traffic": 1.75, "lift_conversion": 0.5, "exit": 0.0}
    )
    cut = plan.map({"lift_conversion": 0.15})
    excess = (known["excess_units"] / known["units_available"]).fillna(0.0).to_numpy()
    cover = known["weeks_of_coverage"].fillna(0.0).to_numpy()
    return {
        "as today": acts(items),
        "no ads": acts(items, ads=0.0),
        "article's budget": acts(items, ads=wanted, until=4),
        "cut price": acts(items, cut=np.where(cover > 13, 0.2, 0.0), until=10),
        "segment plans": acts(
            items, ads=level.fillna(1.0), cut=cut.fillna(0.0), leaves=np.where(plan == "exit", excess, 0.0), until=10
        ),
        "advice": of_advice(seller, analysis.advice),
    }


def of_advice(seller: Seller, advice: pd.DataFrame) -> Acts:
    """The columns of the advice as what the seller then does."""
    found = advice.reindex(seller.asin)
    leaves = found[LEAVING].sum(axis=1).to_numpy()
    until = (pd.to_datetime(found["until"]) - pd.Timestamp(seller.today)).dt.days / 7
    return acts(
        len(seller.asin), ads=found["ads_level"].fillna(1.0), cut=found["price_cut"].fillna(0.0),
        leaves=np.clip(leaves / np.maximum(seller.units, 1), 0, 1), until=until.fillna(YEAR).round(),
        after=found["ads_after"].fillna(1.0),
    )  # fmt: skip


MORE, LESS = "Raise ads|[Rr]aise traffic|[Mm]ore traffic|Raise budgets", "Turn ads off|Reduce ads"
"""Words for more and for fewer clicks."""


def joined(sellers: Sequence[Seller]) -> Seller:
    """Several sellers as one account, with the day and the records of the first."""
    past = min(each.past for each in sellers)
    parts: dict[str, Any] = {}
    for name in (each.name for each in fields(Seller)):
        values = [getattr(each, name) for each in sellers]
        if name in ("organic", "traffic"):
            values = [value[:, -(past + YEAR + TAIL) :] for value in values]
        parts[name] = np.concatenate(values) if isinstance(values[0], np.ndarray) else values[0]
    return Seller(**parts | {"past": past})


def contradictions(analysis: Any) -> list[tuple[str, str]]:
    """What one part of an advice says against another, as ASIN and rule."""
    advice, today = analysis.advice, pd.Timestamp(analysis.account.snapshot)
    fee = analysis.budgets["next_fee_date"].reindex(advice.index)
    due = analysis.details["clear_by"].reindex(advice.index)
    gone = advice[LEAVING].sum(axis=1)
    doubtful = advice["probability"].lt(0.5)
    pays = analysis.budgets["click_pays"].reindex(advice.index)
    cpc = analysis.positions["cost_per_click"].reindex(advice.index)
    says, reason = (pd.Series([*map(str, advice[name])], index=advice.index) for name in ("says", "reason"))
    fewer, more = advice["ads_level"].lt(0.95), advice["ads_level"].gt(1.05)
    words = says + " " + reason
    two_places = advice["place_probable"].fillna("").ne(advice["place_article"].fillna(""))
    listed = actions(analysis)
    rules = {
        "raises and lowers": (fewer & words.str.contains(MORE)) | (more & words.str.contains(LESS)),
        "does not say that clicks change": (fewer & ~says.str.contains(LESS)) | (more & ~says.str.contains(MORE)),
        "turns ads off for how long": says.str.contains("Turn ads off") & ~says.str.contains(" until | for a year"),
        "ads off, then off": says.str.contains("Turn ads off until .*, then without ads"),
        "costs what it is worth": reason.str.replace(SAME_COST, "", regex=True).ne(reason),
        "dear clicks are worth it": reason.str.contains("A click costs") & fewer.ne(cpc.gt(advice["highest_cpc"])),
        "ads off though a click pays": pays.eq("yes") & advice["ads_level"].lt(0.05),
        "more ads though no click pays": pays.eq("no") & more,
        "says one of two places": two_places.ne(reason.str.startswith("By the article: ")),
        "orders on another day": advice["order_by"].ne(analysis.positions["order_by"].reindex(advice.index))
        & advice["order_by"].notna(),
        "lists something else first": ~listed["first"]
        .eq(says.reindex(listed.index))
        .reindex(advice.index, fill_value=True),
        "acts after the day before the fee": gone.gt(0) & advice["act_by"].gt(fee - pd.Timedelta(days=1)),
        "leaves something to do unlisted": (advice["do"].ne("carry_on") | advice["act_by"].notna())
        & ~advice.index.isin(listed.index),
        "spends more below half": doubtful & advice["ads_level"].gt(1),
        "reorders below half": doubtful & advice["order_units"].gt(0),
        "gives away below half": doubtful & gone.gt(0),
        "reorders and gives away": advice["order_units"].gt(0) & gone.gt(0),
        "reorders and stops": advice["order_units"].gt(0) & advice["do"].eq("stop_refill"),
        "is late for the fee": gone.gt(0) & advice["act_by"].ge(fee),
        "acts in the past": advice["act_by"].lt(today) | advice["until"].lt(today),
        "keeps after the date": due.gt(today) & advice["until"].gt(due + pd.Timedelta(days=4)),
        "gains without acting": advice["do"].isin(["carry_on", "test", "fix_listing"])
        & ~advice["gain"].fillna(0).eq(0),
        "ads off but on": advice["do"].eq("ads_off") & advice["ads_level"].gt(0.05),
        "ads down but up": advice["do"].eq("ads_down") & advice["ads_level"].ge(1),
        "ads up but down": advice["do"].eq("ads_up") & advice["ads_level"].le(1),
        "no price cut": advice["do"].eq("price_down") & ~advice["price_cut"].gt(0),
        "no price rise": advice["do"].eq("price_up") & ~advice["price_cut"].lt(0),
        "a higher price on too much": advice["price_cut"].lt(0) & (gone.gt(0) | advice["do"].eq("stop_refill")),
        "no units": advice["do"].isin(["liquidate", "remove", "dispose"]) & ~gone.gt(0),
        "range beside the gain": advice["gain_low"].gt(advice["gain"] + 1e-6)
        | advice["gain_high"].lt(advice["gain"] - 1e-6),
        "more than there is": gone.gt(analysis.details["units_at_amazon"].reindex(advice.index) + 0.5),
        "says nothing": advice["says"].str.len().lt(5),
    }
    return [(asin, rule) for rule, holds in rules.items() for asin in advice.index[holds]]


def judged(seed: int, laws: Laws, quiet: bool = False) -> pd.DataFrame:
    """One row an ASIN of one seller: what each policy gained over as today, and what the advice said."""
    seller = made(seed, laws)
    with tempfile.TemporaryDirectory() as folder:
        analysis = analyse(load_account(written(seller, Path(folder) / "account", seed, quiet)))
    done = {**policies(seller, analysis), "clairvoyant": clairvoyant(seller)}
    every = Acts(*(np.hstack([getattr(each, f.name) for each in done.values()]) for f in fields(Acts)))
    money = pd.DataFrame(played(seller, every, quiet), columns=list(done))
    table = money.sub(money["as today"], axis=0)
    truth = pd.DataFrame({each.name: getattr(every, each.name)[:, -2] for each in fields(Acts)}).add_prefix("did_")
    best = pd.DataFrame({each.name: getattr(every, each.name)[:, -1] for each in fields(Acts)}).add_prefix("best_")
    advice = analysis.advice.reindex(seller.asin)[["do", "gain", "gain_low", "gain_high"]].reset_index(drop=True)
    about = {
        "seller": seed, "asin": seller.asin, "kind": seller.kind, "bought_again": seller.bought_again,
        "says": seller.says_bought_again, "stock_value": seller.units * seller.landed_cost,
        "plan": analysis.positions["plan"].reindex(seller.asin).to_numpy(),
        "cover": seller.units / np.maximum(seller.organic[:, seller.past : seller.past + 26].mean(axis=1), 0.1),
        "clicks": seller.clicks,
    }  # fmt: skip
    return pd.concat([pd.DataFrame(about), table, advice, truth, best], axis=1)


def figures(found: pd.DataFrame) -> dict[str, float]:
    """What the page of results is made of."""
    by = found.groupby("seller")[["advice", "clairvoyant"]].sum()
    random = np.random.default_rng(1)
    picks = [by.iloc[random.integers(0, len(by), len(by))].sum() for _ in range(500)]
    range_ = np.quantile([pick["advice"] / pick["clairvoyant"] for pick in picks], [0.05, 0.95])
    moved = found[found["gain"].notna() & found["do"].ne("carry_on")]
    inside = moved["advice"].between(moved["gain_low"], moved["gain_high"])
    acts = moved["gain_high"].gt(moved["gain_low"])  # of the others nothing is promised, so that nothing can be missed
    much = found["cover"].ge(16) & ~found["bought_again"]
    going = found["bought_again"]
    share = lambda rows: float(rows["advice"].sum() / rows["clairvoyant"].sum())  # noqa: E731
    return {
        "captured": share(found), "low": float(range_[0]), "high": float(range_[1]), "too_much": share(found[much]),
        "going_concern": share(found[going]),
        "worse": float((found["advice"] < -WORSE * found["stock_value"]).mean()),
        "accounts_that_gain": float((by["advice"] > 0).mean()),
        "rank_correlation": float(found["gain"].fillna(0.0).corr(found["advice"], method="spearman")),
        "rank_correlation_of_moves": float(moved["gain"].corr(moved["advice"], method="spearman")),
        "inside_the_range": float(inside.mean()), "inside_where_it_acts": float(inside[acts].mean()),
        "stated": float(found["gain"].sum() / found["advice"].sum()),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Print who gains what."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sane", action="store_true", help="all orders incremental, no noise, steady demand")
    parser.add_argument("--other", action="store_true", help="other shares and other laws")
    parser.add_argument("--keep", type=Path, help="a file for one row an ASIN")
    asked = parser.parse_args(arguments)
    laws = SANE if asked.sane else OTHER if asked.other else Laws()
    found = pd.concat(
        [judged(asked.seed * 1000 + n, laws, asked.sane) for n in range(asked.accounts)], ignore_index=True
    )
    if asked.keep:
        found.to_parquet(asked.keep)
    names = ["as today", "no ads", "article's budget", "cut price", "segment plans", "advice", "clairvoyant"]
    total = found[names].sum()
    print(f"{len(found)} ASINs of {asked.accounts} accounts; the clairvoyant gains {total['clairvoyant']:,.0f}")
    for name in names:
        worse = (found[name] < -WORSE * found["stock_value"]).mean()
        gains = (found.groupby("seller")[name].sum() > 0).mean()
        share = total[name] / total["clairvoyant"]
        print(f"{name:18} {share:7.1%} captured {worse:6.1%} of ASINs worse {gains:6.1%} of accounts gain")
    for by in ("kind", "plan", "do", "bought_again"):
        groups = found.groupby(found[by].fillna("none").astype(str))
        sums = groups[["advice", "clairvoyant"]].sum().assign(count=groups.size())
        for key, row in sums.iterrows():
            share, best = row["advice"] / row["clairvoyant"], row["clairvoyant"]
            print(f"  {by} {key:18} {row['count']:5.0f} ASINs {share:7.1%} of {best:10,.0f}")
    print(json.dumps({key: round(value, 3) for key, value in figures(found).items()}))


if __name__ == "__main__":
    main()
