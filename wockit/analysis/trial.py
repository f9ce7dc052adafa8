"""Trying out: what a scenario comes to for some ASINs, beside the report and beside carrying on as today.

The same road as `analyse`; what no scenario changes is worked out once, so that a slider is answered at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wockit.analysis.advice import EXPECTED, Advised, advised
from wockit.analysis.clearing import Clearing, clearing_of
from wockit.analysis.path_choice import PathChoice, choose_paths
from wockit.analysis.prospects import Prospects, cases_of, prospects_of, standing_of
from wockit.analysis.scenario import Scenario
from wockit.formulas.cash import cash, cash_by_week
from wockit.formulas.paths import AS_TODAY, THIRDS, Cases, Paths, paths_of
from wockit.reading.account import Account
from wockit.settings import Settings


@dataclass(frozen=True)
class PathOutcome:
    """Result of a way of acting on some ASINs, all together.

    `spend` on ads in the next four weeks and `gain` in a year over carrying on [money]; `units_left` at the end of the
    year or on the clear-by date [unit]; `sold_out`, the week by which what is there is gone [week], infinite where that
    takes more than a year. `cash` until each week [money].
    """

    spend: float
    gain: float
    units_left: float
    sold_out: float
    cash: pd.Series


@dataclass(frozen=True)
class Trial:
    """Some ASINs of an account, ready to be tried out again and again.

    `asins` is empty for all of them. `positions` have every number behind them, of all ASINs; `advice`, `paths` and
    `clearing` are those of the report.
    """

    asins: tuple[str, ...]
    positions: pd.DataFrame
    settings: Settings
    account: Account
    advice: pd.DataFrame
    paths: pd.DataFrame
    clearing: Clearing

    def of(self, scenario: Scenario) -> "ScenarioForecast":
        """Result of a scenario."""
        settings = self.settings.change(**scenario.settings)
        chosen = choose_paths(self.details, settings, self.account, scenario, self._standing)
        return ScenarioForecast(self, scenario, settings, chosen, advised(chosen, settings, self.account))

    @cached_property
    def details(self) -> pd.DataFrame:
        """The positions of these ASINs."""
        return self.positions.loc[list(self.asins)] if self.asins else self.positions

    @cached_property
    def _standing(self) -> Any:
        return standing_of(self.details, self.account)

    @cached_property
    def report(self) -> PathOutcome:
        """Advice of the report for these ASINs."""
        prospects = prospects_of(self.details, self.settings, self.account, self._standing)
        index = self.details.index
        path, gain = Paths.of_table(self.paths.loc[index]), self.advice.loc[index, "gain"].sum(min_count=1)
        return outcomes(prospects, path, cases_of(self.settings, self.account.lessons), self.settings, [gain])[0]


@dataclass(frozen=True)
class ScenarioForecast:
    """Result of a what-if: the advice (`advised`), its outcome, and the cost of clearing."""

    trial: Trial
    scenario: Scenario
    settings: Settings
    chosen: PathChoice
    advised: Advised

    @cached_property
    def outcomes(self) -> dict[str, PathOutcome]:
        """Outcomes of the what-if, of the report's advice, and of carrying on under today's assumptions."""
        now, carry_on = outcomes(
            self.chosen.prospects,
            self.chosen.path.beside(paths_of(AS_TODAY)),
            self.chosen.cases,
            self.settings,
            [self.advised.sums["gain"], 0.0],
        )
        return {"now": now, "report": self.trial.report, "carry_on": carry_on}

    @cached_property
    def clearing(self) -> Clearing:
        """Budgets and ways out for the excess."""
        trial, cpc = self.trial, self.advised.table["highest_cpc"]
        asins = trial.asins or None
        return clearing_of(trial.positions, self.settings, trial.account, self.scenario, cpc, asins, trial.clearing)


def outcomes(
    prospects: Prospects, paths: Paths, cases: Cases, settings: Settings, gains: Sequence[float]
) -> list[PathOutcome]:
    """Result of each path (column), for all items together; its gain is given."""
    rate, weights = settings.capital_rate, prospects.items.weights(cases)[:, None, :]
    expected = weights * (cases.course == EXPECTED) / THIRDS[EXPECTED]
    path_cash = cash(prospects.items, paths, cases, rate)
    weeks, money, stock = cash_by_week(prospects.items, paths, cases, rate)
    spend, left = (
        (amounts * by).sum(axis=2) for amounts, by in ((path_cash.spend, weights), (path_cash.left, expected))
    )
    gone, course = _gone(weeks, stock, expected), np.nansum((money * weights[..., None]).sum(axis=2), axis=0)
    return [
        PathOutcome(
            spend=float(np.nansum(spend[:, k])),
            gain=gain,
            units_left=float(np.nansum(left[:, k])),
            sold_out=float(np.max(gone[:, k], initial=0.0)),
            cash=pd.Series(course[k], index=pd.Index(weeks, name="week")),
        )
        for k, gain in enumerate(gains)
    ]


def _gone(weeks: Any, stock: Any, expected: Any) -> Any:
    """The week by which less than one unit is left on the expected course, infinite where none is in the year."""
    there = (stock * expected[..., None]).sum(axis=2) >= 1.0
    last = there.shape[-1] - 1 - there[..., ::-1].argmax(axis=-1)
    return np.where(there.any(axis=-1), np.append(weeks[1:], np.inf)[last], 0.0)
