"""The cockpit: what-if on a whole account, with levers that ask for the same advice as the report.

No arithmetic lives here. Bad input is shown and re-raised, so that a headless run fails. Choosing is in `picker`, the
levers are in `levers`, and what they come to is in `outcomes`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as ui
import numpy as np
import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.scenario import Scenario, read_scenario, save_scenario, scenarios
from wockit.analysis.trial import ScenarioForecast, Trial
from wockit.language import Text, say, speak, spoken
from wockit.notes import WockitError
from wockit.show.html import Html, paragraph, render, together
from wockit.show.labels import short
from wockit.show.levers import (
    ASSUMED,
    FACT_LEVERS,
    PATH_LEVERS,
    as_changes,
    by_reason,
    fit,
    levers,
    mark,
    name_of,
    path_controls,
    path_values,
    put_lever,
    unknown,
    value_of,
    wide,
)
from wockit.show.outcomes import chosen_asins, compared, curve, figures, plot_outcomes
from wockit.show.picker import picker
from wockit.show.tables import ladder

BUTTONS = {"save": "Save", "load": "Load", "reset": "Reset to the report"}
CAP = (
    "The cap is on the ad spend of the next four weeks. Here the chosen ASINs share it, in the weekly report all "
    "ASINs do. Assumptions are calculated as a range."
)


class Cockpit:
    """What-if on an account: choose ASINs, move levers, see the result at once.

    Parameters
    ----------
    analysis
        From `wockit.analyse`.
    folder
        The account's folder, where scenarios are kept.

    Attributes
    ----------
    picker
        The matrix and the list; `picker.chosen` holds the chosen ASINs.
    controls : dict
        Every control by name.
    changes : dict
        What differs from the report, by ASIN, as in a `Scenario`.
    box
        The whole panel, to be shown.
    """

    def __init__(self, analysis: Analysis, folder: str | Path) -> None:
        self.analysis, self.folder = analysis, Path(folder)
        self.changes: dict[str, dict[str, float]] = {}
        self._others: dict[str, Any] = {}
        self._trial: Trial | None = None
        self._last: ScenarioForecast | None = None
        self._following, self._language = True, spoken()
        self.picker = picker(analysis)
        self.controls: dict[str, Any] = {
            **levers(analysis.account.snapshot),
            "focus": ui.Dropdown(description=say("Numbers of"), options=(), **wide()),
            "name": ui.Text(description=say("Scenario"), placeholder=say("a name to save it under"), **wide()),
            "saved": ui.Dropdown(description=say("Compare with"), options=self._saved(), **wide()),
            **{
                name: ui.Button(description=say(text), layout=ui.Layout(width="auto")) for name, text in BUTTONS.items()
            },
        }
        self.message, self.reasons, self.missing, self.result, self.details = (ui.HTML() for _ in range(5))
        self.folded = ui.Accordion([self.details], titles=[say("Clearing budget and ways out")], selected_index=None)
        self.box = ui.VBox([self.picker, ui.HBox([self._left(), self._right()])])
        self.box.add_class("wockit-cockpit")
        self._wire()
        self._put_settings(asdict(analysis.settings))
        budgeted = [asin for asin in analysis.advice.index if asin in analysis.budgets.index]
        self.picker.chosen = (budgeted or list(analysis.advice.index))[:1]
        self._choose()

    def _left(self) -> Any:
        def part(title: str, *names: str) -> list[Any]:
            return [ui.HTML(render("part", title=say(title))), *(self.controls[name] for name in names)]

        numbers = ui.VBox([self.missing, *(self.controls[name] for name in ("focus", *FACT_LEVERS))])
        more = ui.Accordion([numbers], titles=[say("Numbers of one ASIN")], selected_index=None)
        rest = [
            *part("All chosen ASINs", *PATH_LEVERS, "bought_again"),
            self.reasons,
            *part("The account", "ad_budget", *ASSUMED),
            ui.HTML(paragraph(CAP).html),
            more,
            *part("Save and compare", "name", "saved"),
            ui.HBox([self.controls[name] for name in ("save", "load", "reset")]),
            self.message,
        ]
        return ui.VBox(rest, layout=ui.Layout(flex="0 0 auto", width="29.5em"))

    def _right(self) -> Any:
        beside = ui.Layout(flex="1 1 0%", min_width="24em", overflow="auto")
        return ui.VBox([self.result, self.folded], layout=beside)

    @property
    def chosen(self) -> list[str]:
        """The chosen ASINs that the account has."""
        return [asin for asin in self.picker.chosen if asin in self.analysis.details.index]

    def scenario(self) -> Scenario:
        """Scenario of the levers as they are now."""
        panel = {name: value_of(self.controls[name]) for name in ASSUMED}
        settings = {**self._others, **panel, "ad_budget": self.controls["ad_budget"].value or None}
        own = asdict(self.analysis.settings)
        changed = {name: value for name, value in settings.items() if value != own[name]}
        changes = {asin: dict(changes) for asin, changes in self.changes.items() if changes}
        return Scenario(self.controls["name"].value, self.analysis.account.name, changed, changes)

    def forecast(self, scenario: Scenario | None = None) -> ScenarioForecast:
        """Result of a scenario, or of the levers as they are now, for the chosen ASINs."""
        if self._trial is None:
            self._trial = self.analysis.trial(self.chosen)
        return self._trial.of(scenario or self.scenario())

    def table(self) -> Html:
        """The same result as tables, for a page without widgets."""
        if not self.chosen:
            return paragraph("Choose ASINs in the matrix or in the list.")
        forecast = self.forecast()
        return together([figures(forecast), chosen_asins(forecast), *self._compared(forecast), self._ladder(forecast)])

    def plot(self, ax: Any) -> Any:
        """The curve as a figure, for a page without widgets."""
        return plot_outcomes(self.forecast(), ax)

    def _compared(self, forecast: ScenarioForecast) -> list[Html]:
        name = self.controls["saved"].value
        if not name:
            return []
        return [compared(forecast, self.forecast(read_scenario(self.folder, name, self.analysis.account.name)), name)]

    def _ladder(self, forecast: ScenarioForecast) -> Html:
        return ladder(forecast.clearing, self.controls["focus"].value, self.analysis.account.currency)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.box)

    def _wire(self) -> None:
        def on(control: Any, action: Callable[[], None], trait: str = "value") -> None:
            def guarded(_: Any = None) -> None:
                if self._following:
                    self._guarded(action)

            if isinstance(control, ui.Button):
                control.on_click(guarded)
            else:
                control.observe(guarded, names=trait)

        on(self.picker, self._choose, "chosen")
        on(self.folded, self._show_details, "selected_index")
        for name in PATH_LEVERS:
            on(self.controls[name], partial(self._move, name))
        on(self.controls["bought_again"], self._answer)
        for name in FACT_LEVERS:
            on(self.controls[name], partial(self._change, name))
        for name in ("ad_budget", *ASSUMED, "saved"):
            on(self.controls[name], self._show)
        on(self.controls["focus"], self._follow)
        for name, action in (("reset", self._reset), ("save", self._save), ("load", self._load)):
            on(self.controls[name], action)

    def _guarded(self, action: Callable[[], None]) -> None:
        speak(self._language)  # Jupyter may call from a thread that speaks another
        try:
            self.message.value = ""
            action()
        except WockitError as error:
            self.message.value = paragraph(str(error), alarm=True).html
            raise

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Controls that are set here ask for nothing."""
        before, self._following = self._following, False
        try:
            yield
        finally:
            self._following = before

    def _choose(self) -> None:
        self._trial, focus = None, self.controls["focus"]
        titles = self.analysis.details["title"].reindex(self.chosen).fillna("")
        options = [(f"{asin} {short(title, 30)}", asin) for asin, title in titles.items()]
        before = focus.value
        with self._silently():
            focus.options = options
            focus.value = before if before in self.chosen else next(iter(self.chosen), None)
        self._follow()

    def _follow(self) -> None:
        """Set the levers of one ASIN to its numbers."""
        asin = self.controls["focus"].value
        if asin is not None:
            numbers = self._numbers(asin)
            stock = self.analysis.details.loc[asin, "units_at_amazon"]
            most = {"excess_units": stock, "clear_days": 180, "ad_share": 1.0}
            with self._silently():
                for name in FACT_LEVERS:
                    fit(name, self.controls[name], numbers[name], most.get(name, 1.0))
                    if name in self.changes.get(asin, {}):
                        put_lever(self.controls[name], self.changes[asin][name])
        self._show()

    def _change(self, name: str) -> None:
        """One number of one ASIN was moved; back where it was it changes nothing, and a slider rounds to its steps."""
        asin, control = self.controls["focus"].value, self.controls[name]
        changes = self.changes.setdefault(asin, {})
        if abs(control.value - self._numbers(asin)[name]) < control.step / 2:
            changes.pop(name, None)
        else:
            changes[name] = control.value
        self._show()

    def _move(self, name: str) -> None:
        """A lever of the path was moved: it moves every chosen ASIN, whose path else stays as it was."""
        if self._last is None or not self.chosen:
            return
        first = self.chosen[0]
        shown = path_controls(self._values(self._last.advised.paths, first), self._units(first))[name]
        if np.isclose(self.controls[name].value, shown, atol=1e-3):
            return  # a slider rounds what it is set to, and says so
        for asin in self.chosen:
            path = self._values(self._last.advised.paths, asin)
            path |= as_changes(name, self.controls[name].value, self._units(asin))
            self.changes.setdefault(asin, {}).update(path)
        self._show()

    def _answer(self) -> None:
        answer = value_of(self.controls["bought_again"])
        for asin in self.chosen:
            changes = self.changes.setdefault(asin, {})
            changes.pop("bought_again", None)
            if answer is not None:
                changes["bought_again"] = answer
        self._show()

    def _numbers(self, asin: str) -> pd.Series:
        """The numbers of an ASIN in the report."""
        analysis = self.analysis
        return (analysis.budgets if asin in analysis.budgets.index else analysis.details).loc[asin]

    def _units(self, asin: str) -> float:
        return float(np.nan_to_num(self.analysis.details.loc[asin, "units_at_amazon"]))

    def _values(self, paths: pd.DataFrame, asin: str) -> dict[str, float]:
        """The path of an ASIN under the names of a scenario."""
        return path_values(paths.loc[asin], self._units(asin))

    def _put_settings(self, settings: Mapping[str, Any]) -> None:
        with self._silently():
            self.controls["ad_budget"].value = settings["ad_budget"] or 0.0
            for name in ASSUMED:
                put_lever(self.controls[name], settings[name])

    def _reset(self) -> None:
        self.changes.clear()
        self._others.clear()
        self._put_settings(asdict(self.analysis.settings))
        self._follow()

    def _save(self) -> None:
        scenario = self.scenario()
        save_scenario(self.folder, scenario)
        with self._silently():
            chosen = self.controls["saved"].value
            self.controls["saved"].options = self._saved()
            self.controls["saved"].value = chosen
        text = 'Saved. To make the weekly report with it: wockit weekly {0} --scenario "{1}"'
        self.message.value = paragraph(Text(text, self.folder, scenario.name)).html

    def _load(self) -> None:
        scenario = read_scenario(self.folder, self.controls["saved"].value, self.analysis.account.name)
        self.changes = {asin: dict(changes) for asin, changes in scenario.asins.items()}
        panel = ("ad_budget", *ASSUMED)
        self._others = {name: value for name, value in scenario.settings.items() if name not in panel}
        self._put_settings({**asdict(self.analysis.settings), **scenario.settings})
        with self._silently():
            self.controls["name"].value = scenario.name
            gone = [asin for asin in scenario.asins if asin in self.analysis.details.index]
            self.picker.chosen = gone or self.picker.chosen
        self._choose()

    def _saved(self) -> list[str]:
        return ["", *scenarios(self.folder)]

    def _show(self) -> None:
        if not self.chosen:
            self.result.value, self._last = self.table().html, None
            self._disable({}, ())
            return
        self._last = forecast = self.forecast()
        self.result.value = together(
            [figures(forecast), *self._compared(forecast), curve(forecast), chosen_asins(forecast)]
        ).html
        self._show_levers(forecast)
        self._show_details()

    def _show_details(self) -> None:
        """The budget of one ASIN, worked out only where someone looks."""
        if self.folded.selected_index is not None and self._last is not None:
            self.details.value = self._ladder(self._last).html

    def _show_levers(self, forecast: ScenarioForecast) -> None:
        """Set the levers to the paths as they are now, and mark what differs from the report."""
        now, was = (
            [path_controls(self._values(paths, asin), self._units(asin)) for asin in self.chosen]
            for paths in (forecast.advised.paths, self.analysis.paths)
        )
        answers = [self.changes.get(asin, {}).get("bought_again") for asin in self.chosen]
        with self._silently():
            for name in PATH_LEVERS:
                put_lever(self.controls[name], now[0][name])
            put_lever(self.controls["bought_again"], answers[0])
        focus = self.changes.get(self.controls["focus"].value, {})
        changed = {
            **{name: not np.allclose([row[name] for row in now], [row[name] for row in was]) for name in PATH_LEVERS},
            **{name: name in forecast.scenario.settings for name in ("ad_budget", *ASSUMED)},
            **{name: name in focus for name in FACT_LEVERS},
            "bought_again": any(answer is not None for answer in answers),
        }
        differ = [name for name in PATH_LEVERS if not np.allclose([row[name] for row in now], now[0][name])]
        for name, is_changed in changed.items():
            mark(name, self.controls[name], is_changed)
        self._disable(unknown(forecast), differ)

    def _disable(self, reasons: Mapping[str, str], differ: Sequence[str]) -> None:
        """Disable what is unknown and say why; say in what the chosen ASINs differ."""
        for name in (*PATH_LEVERS, "bought_again"):
            self.controls[name].disabled = name in reasons or not self.chosen
        lines = [f"{', '.join(name_of(name) for name in names)}: {say(reason)}" for reason, names in by_reason(reasons)]
        if differ:
            text = Text("Not the same for all: {0}. The levers show the first ASIN.", ", ".join(map(name_of, differ)))
            lines.append(say(text))
        self.reasons.value = "".join(paragraph(line).html for line in lines)
        blind = [name_of(name) for name in FACT_LEVERS if self.controls[name].disabled]
        text = Text("Unknown in the reports: {0}.", ", ".join(blind))
        self.missing.value = paragraph(text).html if blind else ""
