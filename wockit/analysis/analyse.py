"""`analyse`: from an account to its positions, segments, budgets and doubts. Every output goes through it.

Positions are made in `positions`, the clearing in `clearing`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from wockit.analysis.advice import advice_of
from wockit.analysis.clearing import Clearing, clearing_of
from wockit.analysis.movement import totals
from wockit.analysis.positions import doubts_of, positions_of
from wockit.analysis.scenario import Scenario, what_if_name
from wockit.analysis.trial import ScenarioForecast, Trial
from wockit.answers import kept
from wockit.columns import POSITIONS
from wockit.formulas import advertising, playbook
from wockit.language import Text
from wockit.notes import Note, quoted, some
from wockit.reading.account import Account
from wockit.reading.referee import order_of_harm
from wockit.settings import Settings


@dataclass(frozen=True)
class Analysis:
    """Results for an account under given settings.

    Attributes
    ----------
    positions : pandas.DataFrame
        One row per ASIN, those with the most money at stake first.
    segments : pandas.DataFrame
        One row per segment or gate that occurs: ASINs, units, money.
    clearing : wockit.analysis.clearing.Clearing
        What clearing the excess takes: `budgets` (also here) and the ways out (`clearance` here).
    notes : tuple of Note
        What to know before trusting a number.
    details : pandas.DataFrame
        The positions with every number behind them.
    scenario : wockit.analysis.scenario.Scenario
        What is tried out; an empty one where nothing is.
    advice : pandas.DataFrame
        What to do with each ASIN, and what that is worth next to carrying on as today (`ADVICE`).
    paths : pandas.DataFrame
        The five numbers of each ASIN's advised path (`formulas.paths.Paths`).
    sums : dict
        What the advice on all ASINs comes to, by name (`Advised.sums`).
    """

    account: Account
    settings: Settings
    positions: pd.DataFrame
    segments: pd.DataFrame
    clearing: Clearing
    notes: tuple[Note, ...]
    details: pd.DataFrame
    scenario: Scenario
    advice: pd.DataFrame
    paths: pd.DataFrame
    sums: Mapping[str, float]

    @property
    def budgets(self) -> pd.DataFrame:
        """One row per ASIN with excess units: what advertising would cost to clear them."""
        return self.clearing.budgets

    @property
    def clearance(self) -> pd.DataFrame:
        """One row per ASIN with excess units and way out."""
        return self.clearing.ways

    @cached_property
    def doubts(self) -> pd.DataFrame:
        """One row per ASIN whose segment would be another by another count of cover or of ROAS; which one, by count."""
        return doubts_of(self.details, self.settings)

    @property
    def what_if(self) -> str:
        """Name of the what-if; empty for the account as it is."""
        return what_if_name(self.account.settings, self.settings, self.scenario)

    def trial(self, asins: Sequence[str] | None = None) -> Trial:
        """Some ASINs, or all, ready to be tried out again and again."""
        return Trial(
            tuple(asins or ()), self.details, self.settings, self.account, self.advice, self.paths, self.clearing
        )

    def try_out(self, scenario: Scenario, asins: Sequence[str] | None = None) -> ScenarioForecast:
        """Results of a scenario for some ASINs or for all; the same steps as `analyse`."""
        return self.trial(asins).of(scenario)

    def summary(self) -> dict[str, Any]:
        """The headline numbers, ready for JSON; a missing number is None."""
        positions = self.positions
        placed = positions["segment"].notna()
        sums = totals(positions)
        counts = positions["segment"].fillna(positions["gate"]).value_counts()
        with_costs = int(self.details["landed_cost"].notna().sum())
        numbers = {
            "account": self.account.name,
            "marketplace": self.account.marketplace,
            "currency": self.account.currency,
            "snapshot": self.account.snapshot.isoformat(),
            "asins": len(positions),
            "asins_with_costs": with_costs,
            "asins_placed": int(placed.sum()),
            "asins_uncertain": int(positions["uncertain"].sum()),
            "units_available": _number(positions["units_available"].sum(min_count=1)),
            "stock_value": _money(positions["stock_value"].sum(min_count=1)),
            "excess_units": _number(positions["excess_units"].sum(min_count=1)),
            "excess_value": _money(positions["excess_value"].sum(min_count=1)),
            "sales_at_risk": _money(positions["sales_at_risk"].sum(min_count=1)),
            "ad_spend": _money(positions["ad_spend"].sum(min_count=1)),
            "ad_sales": _money(positions["ad_sales"].sum(min_count=1)),
            "account_roas": _number(sums["account_roas"]),
            "gain": _money(self.sums["gain"]) if with_costs else None,
            "gain_a_week": _money(self.sums["gain_a_week"]) if with_costs else None,
            "spend": _money(self.sums["spend"]),
            "by_advice": self.advice["do"].value_counts().to_dict(),
            "by_place": {key: int(counts.get(key, 0)) for key in self.segments.index},
            "stock_out_days": _number(sums["stock_out_days"]),
            "warnings": sum(note.level != "info" for note in self.notes),
        }
        return numbers


@kept
def analyse(account: Account, settings: Settings | None = None, scenario: Scenario | None = None) -> Analysis:
    """Place every ASIN of an account and work out what to do about it. Every notebook, slider and report ends here.

    Parameters
    ----------
    account
        From `wockit.reading.account.load_account`.
    settings
        The account's own if left out.
    scenario
        What is tried out: its settings are changed, and the numbers of its ASINs.

    Raises
    ------
    AccountError
        If these settings leave the sales period unknown.
    """
    scenario = scenario or Scenario()
    settings = (settings or account.settings).change(**scenario.settings)
    notes = [*account.notes, *_of_scenario(scenario, account)]
    positions = positions_of(account, settings, notes)
    advised = advice_of(positions, settings, account, scenario)
    clearing = clearing_of(positions, settings, account, scenario, advised.table["highest_cpc"])
    notes += [*clearing.notes, *advised.notes]
    return Analysis(
        account=account,
        settings=settings,
        positions=positions[POSITIONS].assign(order_by=advised.table["order_by"]),
        segments=_segments(positions),
        clearing=clearing,
        notes=tuple(order_of_harm(notes)),
        details=positions,
        scenario=scenario,
        advice=advised.table,
        paths=advised.paths,
        sums=advised.sums,
    )


def examples(table: pd.DataFrame, asins: Sequence[str], number: int) -> list[str]:
    """ASINs of a table to look at one by one: those asked for that it has, then its first, and again from the start.

    Each is "" where the table has none.

    Examples
    --------
    >>> examples(pd.DataFrame(index=["A", "B", "C"]), ["C", "of another account"], 2)
    ['C', 'A']
    >>> examples(pd.DataFrame(), [], 2)
    ['', '']
    """
    candidates = dict.fromkeys([*(asin for asin in asins if asin in table.index), *table.index])
    return (([*candidates] or [""]) * number)[:number]


def _of_scenario(scenario: Scenario, account: Account) -> Iterator[Note]:
    if scenario.name:
        text = Text(
            "scenario: changed numbers of {0} and {1}.",
            Text("{0} ASINs", len(scenario.asins)),
            Text("{0} settings", len(scenario.settings)),
        )
        yield Note("warning", Text("scenario {0}", quoted(scenario.name)[1:-1]), text)
    if gone := [asin for asin in scenario.asins if asin not in account.past.weeks.index]:
        yield Note("warning", "scenario", Text("{0} of its ASINs are not in the account: {1}.", len(gone), some(gone)))


def _segments(positions: pd.DataFrame) -> pd.DataFrame:
    book = playbook.playbook()
    place = positions["segment"].fillna(positions["gate"])
    groups = positions.groupby(place)
    sums = groups[["units_available", "stock_value", "excess_value", "ad_spend", "ad_sales", "money_at_stake"]].sum(
        min_count=1
    )
    table = sums.assign(asins=groups.size(), roas=advertising.roas(sums["ad_sales"], sums["ad_spend"]))
    order = [key for key in (*book.segments, *book.gates) if key in table.index]
    table = table.reindex(order).rename_axis("place")
    table.insert(0, "label", [book.plan(key).label for key in order])
    table["objective"] = [book.plan(key).objective for key in order]
    return table[["label", "asins", *sums.columns, "roas", "objective"]]


def _number(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def _money(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 2)
