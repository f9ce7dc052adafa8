"""Changes between two snapshots: places, results of the advice, and expected against actual sales.

Every table here compares two tables of positions; `history` stores these.
"""

from types import MappingProxyType

import numpy as np
import pandas as pd

from wockit.columns import MOVES
from wockit.formulas import advertising, cover, matrix
from wockit.formulas.quick_ways import QUICK

LOOK_AHEAD_DAYS = 28


LEAST_SPEND_CHANGE, LEAST_PRICE_CHANGE, LEAST_STOCK_CHANGE = 0.05, 0.02, 0.05
"""A change of spend a day, of price or of stock beyond what sold below these shares is none."""


DONE_BY = MappingProxyType({
    **dict.fromkeys(("ads_off", "ads_down"), ("spend_down",)),
    "ads_up": ("spend_up",),
    "price_down": ("price_down",),
    "price_up": ("price_up",),
    **dict.fromkeys((*(way.key for way in QUICK), "stop_refill"), ("stock_down",)),
    "refill": ("stock_up",),
    "test": ("spend_down", "price_down"),
    "fix_listing": ("sells_again",),
    "supply_costs": ("costs_added",),
})  # fmt: skip
"""The changes by which an advice is followed: any one of them counts."""
NEEDED_COSTS = ["unit_proceeds", "landed_cost"]


_ABOUT = {
    "out_of_stock": "stock", "no_sales": "demand", "no_ads": "advertising", "no_ad_report": "data",
    "missing_data": "data", "not_sellable": "offer", "new": "age", "price_changed": "price",
}  # fmt: skip


_ORDER = ("missing_data", "out_of_stock", "not_sellable", "new", "no_sales", "exit", "no_ad_report", "no_ads")
"""Gates in order of test: an earlier gate masks later ones."""


def totals(positions: pd.DataFrame) -> dict[str, float]:
    """The sums of one snapshot; `stock_out_days` are days without stock in the next four weeks, over all ASINs."""
    names = ["stock_value", "excess_value", "units_aged_over_180", "units_aged_over_365", "sales_at_risk", "ad_spend"]
    sums = positions[[*names, "ad_sales", "units_available", "units_sold"]].sum(min_count=1)
    weeks = cover.weeks_in_period(positions["sales_days"].max())
    without = (LOOK_AHEAD_DAYS - 7 * positions["forward_cover"]).clip(lower=0.0)
    return {
        **sums[names].to_dict(),
        "weeks_of_coverage": float(cover.weeks_of_coverage(sums["units_available"], sums["units_sold"], weeks)),
        "account_roas": matrix.account_roas(positions["own_roas"] * positions["ad_spend"], positions["ad_spend"]),
        "stock_out_days": float(without.sum(min_count=1)),
    }


def moves(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """ASINs that have another place than before, those with the most stock value first, and what moved them.

    Where cover crossed a cut-off it is `stock` or `demand`, whichever changed by more, or `settings` where the cut-off
    itself moved by more; where ROAS crossed its cut it is `ROAS` or `cut` likewise. At a gate it is what the gate is
    about. ASINs that came or went are `appeared` and `gone`.
    """
    if before.empty:
        return pd.DataFrame(columns=MOVES, index=pd.Index([], name="asin"))
    both = before.join(now, how="outer", lsuffix="_before", rsuffix="_now").rename_axis("asin")
    was, is_now = (both[f"segment_{when}"].fillna(both[f"gate_{when}"]) for when in ("before", "now"))
    rows = both[was.ne(is_now) & ~(was.isna() & is_now.isna())]
    ranks = [_gate_rank(rows[f"gate_{when}"], rows[f"segment_{when}"]) for when in ("before", "now")]
    gate = rows["gate_now"].where(ranks[1] < ranks[0], rows["gate_before"])
    by_gate = gate.map(_ABOUT)
    came_or_went = {"appeared": was[rows.index].isna(), "gone": is_now[rows.index].isna()}
    reason = by_gate.where(gate.notna(), _crossed(rows))
    for name, flag in came_or_went.items():
        reason = reason.mask(flag, name)
    named = {"place_before": was[rows.index], "place": is_now[rows.index], "moved_by": reason}
    pairs = {
        f"{name}{suffix}": rows[f"{name}_{when}"]
        for name in ("weeks_of_coverage", "own_roas")
        for suffix, when in (("_before", "before"), ("", "now"))
    }
    title, value = (rows[f"{name}_now"].fillna(rows[f"{name}_before"]) for name in ("title", "stock_value"))
    table = pd.DataFrame({"title": title, **named, **pairs, "stock_value": value})
    return table.sort_values("stock_value", ascending=False, kind="stable", na_position="last")[MOVES]


def _gate_rank(gate: pd.Series, segment: pd.Series) -> pd.Series:
    """Position of the gate that stopped each ASIN in the order of gates; the last one if none did."""
    stopped = gate.fillna(segment.where(segment.eq("exit")))
    return stopped.map({name: place for place, name in enumerate(_ORDER)}).astype(float).fillna(len(_ORDER))


def _crossed(both: pd.DataFrame) -> pd.Series:
    """Cause of a placed ASIN's crossing of a cut-off, by the larger change; `age` if neither cover nor ROAS."""

    def change(name: str) -> pd.Series:
        with np.errstate(divide="ignore", invalid="ignore"):
            distance: pd.Series = np.abs(np.log(both[f"{name}_now"] / both[f"{name}_before"])).fillna(0.0)
        return distance

    def side(when: str) -> pd.Series:
        return both[f"own_roas_{when}"].ge(both[f"roas_cut_{when}"])

    def band(when: str) -> pd.Series:
        weeks = both[f"weeks_of_coverage_{when}"]
        return weeks.ge(both[f"low_weeks_{when}"]).astype(int) + weeks.ge(both[f"healthy_weeks_{when}"]).astype(int)

    def beyond(when: str) -> pd.Series:
        return both[f"weeks_of_coverage_{when}"].ge(both[f"exit_weeks_{when}"])

    days = {f"pace_{when}": both[f"units_sold_{when}"] / both[f"sales_days_{when}"] for when in ("before", "now")}
    both = both.assign(**days)
    stock, sold = change("units_available"), change("pace")
    out = both["segment_before"].eq("exit") | both["segment_now"].eq("exit")
    cuts = np.maximum(change("low_weeks"), change("healthy_weeks")).where(~out, change("exit_weeks"))
    by_cover = pd.Series(np.where(stock >= sold, "stock", "demand"), index=both.index)
    by_cover = by_cover.mask(cuts > np.maximum(stock, sold), "settings")
    by_roas = pd.Series(np.where(change("own_roas") >= change("roas_cut"), "ROAS", "cut"), index=both.index)
    crossed = (band("before") != band("now")).where(~out, beyond("before") != beyond("now"))
    parts = by_cover.where(crossed, "") + "; " + by_roas.where((side("before") != side("now")) & ~out, "")
    return parts.str.strip("; ").replace("", "age")


def ledger(
    then: pd.DataFrame, now: pd.DataFrame, sold: pd.Series, spent: pd.Series, done: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Advice on each ASIN then, the account's actions since, and the cash that followed.

    `did` names the changes of spend a day, price and stock; `followed` whether one of those was advised (`DONE_BY`).
    `cash` is what sold in these weeks, after fees and what it costs to buy again, less what ads cost, above what
    carrying on was expected to bring [money/week]. Missing where it cannot be known.

    Parameters
    ----------
    then, now
        Positions of two snapshots, the first with its advice (`KEPT`).
    sold, spent
        Between the two, by ASIN [unit], [money].
    done
        What was really done, by ASIN, where a bulk download tells: `did`, `followed`. It counts before what the numbers
        of the reports suggest.
    """
    advised = then[then["do"].isin([*DONE_BY])]
    later = now.reindex(advised.index)
    weeks = (now["snapshot"].max() - then["snapshot"].max()).days / 7 if len(advised) and len(now) else np.nan
    sold = sold.reindex(advised.index)
    spent = spent.reindex(advised.index, fill_value=0.0 if len(spent) else np.nan)
    spend_then, spend_now = (_spend_a_day(rows, table) for rows, table in ((advised, then), (later, now)))
    on_hand_then, on_hand_now = (
        table["units_available"] + table["units_inbound"].fillna(0.0) for table in (advised, later)
    )
    spend = advertising.ratio(spend_now, spend_then) - 1
    price = advertising.ratio(later["price"], advised["price"]) - 1
    did = pd.DataFrame({
        "spend_up": spend.ge(LEAST_SPEND_CHANGE) | (spend_then.eq(0) & spend_now.gt(0)),
        "spend_down": spend.le(-LEAST_SPEND_CHANGE),
        "price_up": price.ge(LEAST_PRICE_CHANGE),
        "price_down": price.le(-LEAST_PRICE_CHANGE),
        "stock_up": on_hand_now.gt(on_hand_then) | later["units_available"].gt(advised["units_available"]),
        "stock_down": on_hand_now.lt((1 - LEAST_STOCK_CHANGE) * on_hand_then - sold),
        "sells_again": advised["gate"].eq("not_sellable") & later["gate"].ne("not_sellable"),
        "costs_added": (advised[NEEDED_COSTS].isna() & later[NEEDED_COSTS].notna()).any(axis=1),
    })  # fmt: skip
    gone = later["snapshot"].isna()
    wanted = pd.DataFrame({name: [name in DONE_BY[key] for key in advised["do"]] for name in did}, index=advised.index)
    a_unit = advised["unit_proceeds"] - advised["landed_cost"].where(advised["reordered"].eq(True), 0.0)
    cash = ((sold / weeks - advised["weekly_demand"]) * a_unit) - (spent / weeks - 7 * spend_then.fillna(0.0))
    recorded = (pd.DataFrame(columns=["did", "followed"]) if done is None else done).reindex(advised.index)
    seen = pd.Series(
        ["; ".join(did.columns[row]) for row in did.to_numpy(dtype=bool)], index=advised.index, dtype=object
    )
    followed = (did & wanted).any(axis=1).astype(object).mask(gone, None)
    return pd.DataFrame(
        {
            "title": advised["title"],
            "place": advised["segment"].fillna(advised["gate"]),
            "advised": advised["do"],
            "did": recorded["did"].astype(object).where(recorded["did"].notna(), seen),
            "followed": recorded["followed"].astype(object).where(recorded["followed"].notna(), followed),
            "gain_a_week": advised["gain_a_week"],
            "cash": cash.where(~gone),
        },
        index=advised.index,
    )


def _spend_a_day(rows: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Spend a day; an ASIN that an advertising report leaves out had none, without a report it is unknown."""
    none = rows["ad_spend"].isna() & rows.index.isin(table.index) & table["ad_spend"].notna().any()
    return rows["ad_spend"].mask(none, 0.0) / table["ad_days"].max()


def advice_score(entries: pd.DataFrame) -> dict[str, float]:
    """Number of ASINs that followed, and cash over carrying on of these and of the others."""
    judged = entries[entries["followed"].notna()]
    done = judged["followed"].astype(bool)
    return {
        "advised": len(judged),
        "followed": int(done.sum()),
        "cash_followed": judged["cash"][done].sum(min_count=1),
        "left": int((~done).sum()),
        "cash_left": judged["cash"][~done].sum(min_count=1),
    }


def sold_between(sold: pd.DataFrame, day: pd.Timestamp, after: pd.Timestamp, today: pd.Timestamp) -> pd.Series:
    """Sales of each ASIN between two snapshots by today's sales record, as far as it is known [unit]."""
    count, back = round((after - day).days / 7), round((today - after).days / 7)
    end = sold.shape[1] - back
    return sold.iloc[:, max(end - count, 0) : max(end, 0)].sum(axis=1, min_count=max(count, 1))


def spent_between(ads: pd.DataFrame, day: pd.Timestamp, after: pd.Timestamp) -> pd.Series:
    """Ad spend of each ASIN between two snapshots; missing where no daily report covers these days [money]."""
    daily = ads[ads["first_day"].isna() | ads["first_day"].eq(ads["date"])]
    if daily.empty or daily["date"].min() > day or daily["date"].max() < after - pd.Timedelta(days=3):
        return pd.Series(dtype=float)
    spend = daily["ad_spend"].where(daily["date"].ge(day) & daily["date"].lt(after), 0.0)
    return spend.groupby(daily["asin"]).sum()


def demand_score(
    then: pd.DataFrame, sold: pd.DataFrame, day: pd.Timestamp, after: pd.Timestamp, today: pd.Timestamp
) -> dict[str, float]:
    """Expected sales between two snapshots, sales at last month's pace, and actual sales.

    `within_half` is the share of ASINs that sold half to one and a half times what was expected, of those from which
    four or more units were expected. Missing where the sales record does not know these weeks.
    """
    count = round((after - day).days / 7)
    units = sold_between(sold, day, after, today).reindex(then.index)
    pace = then["units_sold"] / then["sales_days"] * 7
    both = units.notna() & then["weekly_demand"].notna() & pace.notna()
    expected = (then["weekly_demand"] * count)[both]
    ratio = (units[both] / expected)[expected.ge(4)]
    return {
        "units_expected": expected.sum() if both.any() else np.nan,
        "units_by_last_month": (pace * count)[both].sum() if both.any() else np.nan,
        "units_sold": units[both].sum() if both.any() else np.nan,
        "within_half": ratio.between(0.5, 1.5).mean() if len(ratio) else np.nan,
    }
