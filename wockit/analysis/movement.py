"""What changed between two snapshots of an account: places, results of the advice, and expected against actual sales.

Every table here compares two tables of positions; `history` stores these.
"""

import numpy as np
import pandas as pd

from wockit.columns import MOVES
from wockit.formulas import advertising, cover, matrix, playbook

LOOK_AHEAD_DAYS = 28


SPEND_CHANGE, PRICE_CHANGE = 0.05, 0.02
"""A change of spend a day or of price below these shares is none."""


_ABOUT = {
    "out_of_stock": "stock", "no_sales": "demand", "no_ads": "advertising", "no_ad_report": "data",
    "missing_data": "data", "not_sellable": "offer", "new": "age",
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
        "roas": float(matrix.account_roas(positions["ad_sales"], positions["ad_spend"])),
        "stock_out_days": float(without.sum(min_count=1)),
        "stake_a_week": float(positions["stake_a_week"].sum()),
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
    found = both[was.ne(is_now) & ~(was.isna() & is_now.isna())]
    asked = [_asked(found[f"gate_{when}"], found[f"segment_{when}"]) for when in ("before", "now")]
    gate = found["gate_now"].where(asked[1] < asked[0], found["gate_before"])
    by_gate = gate.map(_ABOUT)
    came_or_went = {"appeared": was[found.index].isna(), "gone": is_now[found.index].isna()}
    reason = by_gate.where(gate.notna(), _crossed(found))
    for name, flag in came_or_went.items():
        reason = reason.mask(flag, name)
    named = {"place_before": was[found.index], "place": is_now[found.index], "moved_by": reason}
    pairs = {
        f"{name}{suffix}": found[f"{name}_{when}"]
        for name in ("weeks_of_coverage", "roas")
        for suffix, when in (("_before", "before"), ("", "now"))
    }
    title, value = (found[f"{name}_now"].fillna(found[f"{name}_before"]) for name in ("title", "stock_value"))
    table = pd.DataFrame({"title": title, **named, **pairs, "stock_value": value})
    return table.sort_values("stock_value", ascending=False, kind="stable", na_position="last")[MOVES]


def _asked(gate: pd.Series, segment: pd.Series) -> pd.Series:
    """How early in the order of gates each ASIN was stopped; last of all where it was not."""
    stopped = gate.fillna(segment.where(segment.eq("exit")))
    return stopped.map({name: place for place, name in enumerate(_ORDER)}).astype(float).fillna(len(_ORDER))


def _crossed(both: pd.DataFrame) -> pd.Series:
    """What carried placed ASINs over a cut-off, by the larger change; `age` where neither cover nor ROAS did."""

    def change(name: str) -> pd.Series:
        with np.errstate(divide="ignore", invalid="ignore"):
            found: pd.Series = np.abs(np.log(both[f"{name}_now"] / both[f"{name}_before"])).fillna(0.0)
        return found

    def side(when: str) -> pd.Series:
        return both[f"roas_{when}"].ge(both[f"roas_cut_{when}"])

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
    by_roas = pd.Series(np.where(change("roas") >= change("roas_cut"), "ROAS", "cut"), index=both.index)
    crossed = (band("before") != band("now")).where(~out, beyond("before") != beyond("now"))
    parts = by_cover.where(crossed, "") + "; " + by_roas.where((side("before") != side("now")) & ~out, "")
    return parts.str.strip("; ").replace("", "age")


def ledger(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What was advised on each ASIN with money at stake then, what the account did since, and what followed.

    `did` names the changes of spend a day, price and stock; `followed` whether one of those was advised (`advises` of
    the playbook); `eased` whether what was at stake then is less now. Missing where it cannot be known.
    """
    asked = then[then["stake_a_week"].gt(0)]
    later = now.reindex(asked.index)
    spend_then, spend_now = (_spend_a_day(rows, table) for rows, table in ((asked, then), (later, now)))
    on_hand_then, on_hand_now = (
        table["units_available"] + table["units_inbound"].fillna(0.0) for table in (asked, later)
    )
    spend = advertising.ratio(spend_now, spend_then) - 1
    price = advertising.ratio(later["price"], asked["price"]) - 1
    did = pd.DataFrame({
        "spend_up": spend.ge(SPEND_CHANGE) | (spend_then.eq(0) & spend_now.gt(0)),
        "spend_down": spend.le(-SPEND_CHANGE),
        "price_up": price.ge(PRICE_CHANGE),
        "price_down": price.le(-PRICE_CHANGE),
        "stock_up": on_hand_now.gt(on_hand_then) | later["units_available"].gt(asked["units_available"]),
    })  # fmt: skip
    advised = [
        playbook.playbook().low_stock_advises if low else playbook.playbook().plan(key).advises
        for key, low in zip(asked["plan"], asked["low_stock"], strict=True)
    ]
    wanted = pd.DataFrame({name: [name in names for names in advised] for name in did}, index=asked.index, dtype=bool)
    stake_now = matrix.money_at_stake(asked["stake"], later)
    gone = later["snapshot"].isna()
    of_ads = asked["stake"].isin(["ad_overspend", "ad_headroom"])
    unknown = gone | (stake_now.isna() & ~(of_ads & spend_now.notna()))
    return pd.DataFrame(
        {
            "title": asked["title"],
            "place": asked["segment"].fillna(asked["gate"]),
            "advised": ["; ".join(names) for names in advised],
            "did": ["; ".join(did.columns[row]) for row in did.to_numpy()],
            "followed": (did & wanted).any(axis=1).astype(object).mask(gone | (wanted.sum(axis=1) == 0), None),
            "stake_before": asked["money_at_stake"],
            "stake_now": stake_now.where(~gone),
            "eased": stake_now.fillna(0.0).lt(asked["money_at_stake"]).astype(object).mask(unknown, None),
        },
        index=asked.index,
    )


def _spend_a_day(rows: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Spend a day; an ASIN that an advertising report leaves out had none, without a report it is unknown."""
    none = rows["ad_spend"].isna() & rows.index.isin(table.index) & table["ad_spend"].notna().any()
    return rows["ad_spend"].mask(none, 0.0) / table["ad_days"].max()


def advice_score(found: pd.DataFrame) -> dict[str, float]:
    """Of the ASINs advised on: how many followed, and for how many of these and of the others the stake became less."""
    judged = found[found["followed"].notna()]
    done = judged["followed"].astype(bool)
    eased = judged["eased"].eq(True)
    return {
        "advised": len(judged),
        "followed": int(done.sum()),
        "followed_eased": int((done & eased).sum()),
        "left": int((~done).sum()),
        "left_eased": int((~done & eased).sum()),
    }


def demand_score(
    then: pd.DataFrame, sold: pd.DataFrame, day: pd.Timestamp, after: pd.Timestamp, today: pd.Timestamp
) -> dict[str, float]:
    """What was expected to sell between two snapshots, what last month's pace would have said, and what did sell.

    `within_half` is the share of ASINs that sold half to one and a half times what was expected, of those from which
    four or more units were expected. Missing where the sales record does not know these weeks.
    """
    count, back = round((after - day).days / 7), round((today - after).days / 7)
    end = sold.shape[1] - back
    known = sold.iloc[:, max(end - count, 0) : max(end, 0)].reindex(then.index)
    units = known.sum(axis=1, min_count=max(count, 1))
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
