"""The what-if panel of a whole account: controls that ask for the same advice as the report.

No arithmetic lives here. Bad input is shown and re-raised, so that a headless run fails.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as ui
import numpy as np

from wockit.analysis.analyse import Analysis
from wockit.analysis.scenario import FIELDS, Scenario, read_scenario, save_scenario, scenarios
from wockit.analysis.trial import Tried
from wockit.formulas.budget import budget_by_date
from wockit.language import say
from wockit.notes import WockitError
from wockit.show.html import Html, paragraph, together
from wockit.show.labels import shown
from wockit.show.plots import plot_spend_by_date, spend_picture
from wockit.show.tables import advice_table, compared, ladder
from wockit.show.what_if import WIDE, put, slider

_DATES = np.arange(7, 181)


class Cockpit:
    """What-if over an account: choose ASINs, move their numbers, see advice, budget and ways out at once.

    Parameters
    ----------
    analysis
        From `wockit.analyse`.
    folder
        The account's folder, where scenarios are kept.

    Attributes
    ----------
    controls : dict
        Every control by name.
    changes : dict
        What differs from the report, by ASIN.
    box
        The whole panel, to be shown.
    """

    def __init__(self, analysis: Analysis, folder: str | Path) -> None:
        self.analysis, self.folder = analysis, Path(folder)
        self.changes: dict[str, dict[str, float]] = {}
        self._others: dict[str, Any] = {}
        self.result, self.curve, self.message = ui.HTML(), ui.Image(format="png"), ui.HTML()
        self._following = True
        self._everything = list(analysis.advice.index)
        places = sorted(set(analysis.advice["place_article"]))
        self.controls: dict[str, Any] = {
            "place": ui.Dropdown(
                description=say("Place"),
                options=[(say("all"), ""), *((shown("place", place), place) for place in places)],
                **WIDE,
            ),
            "asins": ui.SelectMultiple(description=say("ASINs"), options=self._everything, rows=6, **WIDE),
            "focus": ui.Dropdown(description=say("Numbers of"), options=(), **WIDE),
            **{name: slider(name, 0) for name in FIELDS},
            "lift": slider("lift", analysis.settings.lift),
            "ad_budget": ui.BoundedFloatText(
                value=analysis.settings.ad_budget or 0.0,
                description=say("Budget cap (0: none)"),
                min=0,
                max=1e12,
                **WIDE,
            ),
            "name": ui.Text(description=say("Scenario"), placeholder=say("a name to save it under"), **WIDE),
            "saved": ui.Dropdown(description=say("Saved"), options=self._saved(), **WIDE),
            "compare": ui.Dropdown(description=say("Compare with"), options=self._saved(), **WIDE),
            "reset": ui.Button(description=say("Reset to the report")),
            "save": ui.Button(description=say("Save")),
            "load": ui.Button(description=say("Load")),
        }
        left = ui.VBox([self.controls[name] for name in self.controls if name not in ("reset", "save", "load")])
        buttons = ui.HBox([self.controls[name] for name in ("reset", "save", "load")])
        beside = ui.Layout(flex="1 1 0%", min_width="24em", overflow="auto")
        right = ui.VBox([self.result, self.curve], layout=beside)
        self.box = ui.VBox([self.message, ui.HBox([ui.VBox([left, buttons]), right])])
        self._wire()
        budgeted = [asin for asin in self._everything if asin in analysis.budgets.index]
        self.controls["asins"].value = tuple((budgeted or self._everything)[:1])

    def scenario(self) -> Scenario:
        """What the panel says now, as a scenario."""
        panel = {"lift": self.controls["lift"].value, "ad_budget": self.controls["ad_budget"].value or None}
        settings = {**self._others, **panel}
        own = asdict(self.analysis.settings)
        changed = {name: value for name, value in settings.items() if value != own[name]}
        changes = {asin: dict(changes) for asin, changes in self.changes.items() if changes}
        return Scenario(self.controls["name"].value, self.analysis.account.name, changed, changes)

    def tried(self, scenario: Scenario | None = None) -> Tried:
        """What to do with the chosen ASINs, their budgets and ways out."""
        chosen = self.controls["asins"].value or (self.controls["focus"].value,)
        return self.analysis.try_out(scenario or self.scenario(), chosen)

    def table(self) -> Html:
        """The same result as tables, for a page without widgets."""
        return self._tables(self.tried())

    def _tables(self, trial: Tried) -> Html:
        asin, currency = self.controls["focus"].value, self.analysis.account.currency
        advised = trial.advised
        says = [paragraph(f"{asin}: {say(text)}") for text in advised.table.loc[[asin], "says"]]
        parts = [*says, advice_table(advised.table, advised.sums, currency), ladder(trial.clearing, asin, currency)]
        if other := self.controls["compare"].value:
            scenario = read_scenario(self.folder, other, self.analysis.account.name)
            parts.append(compared({say("now"): trial, other: self.tried(scenario)}, currency))
        return together(parts)

    def plot(self, ax: Any) -> Any:
        """The curve of the ASIN in focus as a figure, for a page without widgets."""
        return plot_spend_by_date(*self._spend(self.tried()), ax)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.box)

    def _wire(self) -> None:
        def on(name: str, action: Callable[[], None]) -> None:
            def guarded(_: Any = None) -> None:
                if self._following:
                    self._guarded(action)

            control = self.controls[name]
            if isinstance(control, ui.Button):
                control.on_click(guarded)
            else:
                control.observe(guarded, names="value")

        on("place", self._filter)
        on("asins", self._choose)
        on("focus", self._follow)
        for name in FIELDS:
            on(name, partial(self._change, name))
        for name in ("lift", "ad_budget", "compare"):
            on(name, self._show)
        on("reset", self._reset)
        on("save", self._save)
        on("load", self._load)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
            self.message.value = ""
        except WockitError as error:
            self.message.value = paragraph(str(error), alarm=True).html
            raise

    def _filter(self) -> None:
        place, advice = self.controls["place"].value, self.analysis.advice
        here = list(advice.index[advice["place_article"].eq(place)]) if place else self._everything
        self.controls["asins"].options = here
        self.controls["asins"].value = tuple(here) if place else tuple(here[:1])

    def _choose(self) -> None:
        chosen = self.controls["asins"].value
        focus = self.controls["focus"]
        if chosen and list(focus.options) != list(chosen):
            before = focus.value
            self._following = False
            focus.options = chosen
            focus.value = before if before in chosen else chosen[0]
            self._following = True
            self._follow()

    def _follow(self) -> None:
        """Set the sliders to the numbers of the ASIN in focus."""
        asin = self.controls["focus"].value
        known = self.analysis.budgets if asin in self.analysis.budgets.index else self.analysis.details
        row = {**known.loc[asin, list(FIELDS)], **self.changes.get(asin, {})}
        self._following = False
        for name, value in row.items():
            put(name, self.controls[name], value)
        self._following = True
        self._show()

    def _change(self, name: str) -> None:
        self.changes.setdefault(self.controls["focus"].value, {})[name] = self.controls[name].value
        self._show()

    def _reset(self) -> None:
        self.changes.clear()
        self._others.clear()
        self._following = False
        self.controls["lift"].value = self.analysis.settings.lift
        self.controls["ad_budget"].value = self.analysis.settings.ad_budget or 0.0
        self._following = True
        self._follow()

    def _save(self) -> None:
        save_scenario(self.folder, self.scenario())
        for name in ("saved", "compare"):
            self.controls[name].options = self._saved()

    def _load(self) -> None:
        scenario = read_scenario(self.folder, self.controls["saved"].value, self.analysis.account.name)
        self.changes = {asin: dict(changes) for asin, changes in scenario.asins.items()}
        settings = {**asdict(self.analysis.settings), **scenario.settings}
        self._others = {name: value for name, value in scenario.settings.items() if name not in ("lift", "ad_budget")}
        self._following = False
        self.controls["name"].value = scenario.name
        self.controls["lift"].value = settings["lift"]
        self.controls["ad_budget"].value = settings["ad_budget"] or 0.0
        self._following = True
        self._follow()

    def _saved(self) -> list[str]:
        return ["", *scenarios(self.folder)]

    def _show(self) -> None:
        trial = self.tried()
        self.result.value = self._tables(trial).html
        self.curve.value = spend_picture(*self._spend(trial))

    def _spend(self, trial: Tried) -> tuple[Any, Any, float]:
        """Dates, what clearing by each costs, and the date that is chosen, of the ASIN in focus."""
        row = trial.clearing.budgets.loc[self.controls["focus"].value]
        names = ("conversion_rate", "cost_per_click", "ad_share", "units_sold", "sales_days")
        settings = {**asdict(self.analysis.settings), **self.scenario().settings}
        rates = ("units_per_order", "lift", "return_rate", "dearer_clicks")
        steps = {**{name: row[name] for name in names}, **{name: settings[name] for name in rates}}
        steps["own_conversion_rate"] = row["expected_conversion_rate"]
        spend = budget_by_date(_DATES, units=row["excess_units"], **steps)
        return _DATES, spend, row["clear_days"]
