"""The small what-if panel: sliders on one clearance budget."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ipywidgets as ui
import pandas as pd

from wockit.formulas.advertising import unit_proceeds
from wockit.formulas.budget import Budget, clearance_budget, order_gain
from wockit.language import say, speak, spoken
from wockit.show.html import Html, table
from wockit.show.labels import heading, shown

_STEPS = {
    "clicks": "clicks",
    "clicks_a_day": "clicks_a_day",
    "upper": "budget_upper",
    "lower": "budget_lower",
    "ad_units_needed": "ad_units_needed",
    "corrected": "budget_corrected",
    "extra": "budget_extra",
    "cost_per_order": "cost_per_order",
}


_PERCENT, _TENTH = {"readout_format": ".1%"}, {"readout_format": ".0%"}


_SLIDERS: Mapping[str, tuple[Any, dict[str, Any]]] = {
    "units": (ui.IntSlider, {"description": "Units to clear", "min": 0, "max": 500, "step": 10}),
    "excess_units": (ui.IntSlider, {"description": "Units to clear", "min": 0, "max": 500, "step": 1}),
    "conversion_rate": (
        ui.FloatSlider, {"description": "Conversion rate", "min": 0.005, "max": 0.4, "step": 0.005, **_PERCENT}
    ),
    "cost_per_click": (ui.FloatSlider, {"description": "Cost per click", "min": 0.05, "max": 10, "step": 0.05}),
    "ad_share": (ui.FloatSlider, {"description": "Ad share of sales", "min": 0.0, "max": 1.0, "step": 0.01, **_TENTH}),
    "units_sold": (
        ui.FloatSlider,
        {"description": "Sold per 30 days now", "min": 0, "max": 500, "step": 10, "readout_format": ".0f"},
    ),
    "clear_days": (ui.IntSlider, {"description": "Days to clear", "min": 7, "max": 180, "step": 1}),
    "price": (ui.FloatSlider, {"description": "Price", "min": 1, "max": 300, "step": 0.5}),
    "lift": (ui.FloatSlider, {"description": "Organic lift per ad unit", "min": 0, "max": 2, "step": 0.05}),
}  # fmt: skip


WIDE = {"style": {"description_width": "12em"}, "layout": ui.Layout(width="28em")}


_COUNTS = ("units", "excess_units", "units_sold")


@dataclass(frozen=True)
class WhatIf:
    """The article's example to play with: its controls by name, the element that shows the result, the whole box."""

    controls: dict[str, Any]
    result: Any
    box: Any
    referral_rate: float
    fulfilment_fee: float
    units_per_order: float

    def values(self) -> dict[str, float]:
        """Values of the sliders, under the names of `clearance_budget` (and `price`)."""
        return {name: control.value for name, control in self.controls.items()}

    def budget(self) -> Budget:
        """The clearance budget at the sliders' values."""
        values = self.values()
        values.pop("price")
        return clearance_budget(**values, units_per_order=self.units_per_order)

    def table(self) -> Html:
        """The same result as a table, for a page without widgets."""
        budget = self.budget()
        steps = {name: asdict(budget)[step] for step, name in _STEPS.items()}
        proceeds = unit_proceeds(self.controls["price"].value, self.referral_rate, self.fulfilment_fee)
        left = order_gain(proceeds, self.units_per_order, budget.cost_per_order)
        steps |= {"unit_proceeds": proceeds, "order_gain": left}
        rows = [(heading(name), shown(name, float(value))) for name, value in steps.items()]
        return table(pd.DataFrame(rows, columns=["step", "value"]))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.box)


def what_if(
    *,
    units: float = 100,
    conversion_rate: float = 0.05,
    cost_per_click: float = 2.0,
    ad_share: float = 0.4,
    units_sold: float = 50,
    clear_days: int = 30,
    price: float = 50.0,
    referral_rate: float = 0.15,
    fulfilment_fee: float = 6.0,
    units_per_order: float = 1.0,
) -> WhatIf:
    """A panel that starts at these values; the defaults are the article's example.

    Moving a slider shows every step of `clearance_budget` at once, and what an advertised order leaves.

    Parameters
    ----------
    units, conversion_rate, cost_per_click, ad_share, units_sold, clear_days, units_per_order
        As for `wockit.formulas.budget.clearance_budget`; `units_sold` is of 30 days.
    price, referral_rate, fulfilment_fee
        As for `wockit.formulas.advertising.unit_proceeds`.

    Examples
    --------
    >>> panel = what_if()
    >>> panel.controls["ad_share"].value = 0.5
    >>> float(panel.budget().lower)
    2000.0
    """
    start = {
        "units": units,
        "conversion_rate": conversion_rate,
        "cost_per_click": cost_per_click,
        "ad_share": ad_share,
        "units_sold": units_sold,
        "clear_days": clear_days,
        "price": price,
    }
    controls = {name: slider(name, value) for name, value in start.items()}
    result = ui.HTML()
    box = ui.HBox([ui.VBox(list(controls.values())), result], layout=ui.Layout(flex_flow="row wrap"))
    panel, language = WhatIf(controls, result, box, referral_rate, fulfilment_fee, units_per_order), spoken()

    def show(_: Any = None) -> None:
        speak(language)  # Jupyter may call from a thread that speaks another
        result.value = panel.table().html

    for control in controls.values():
        control.observe(show, names="value")
    show()
    return panel


def slider(name: str, value: float) -> Any:
    """A slider that starts at a value."""
    kind, options = _SLIDERS[name]
    control = kind(**{**options, "description": say(options["description"])}, **WIDE, continuous_update=False)
    put(name, control, value)
    return control


def put(name: str, control: Any, value: float) -> None:
    """Set a slider, and stretch its scale where the value lies outside; what is missing is its lowest value."""
    number = control.min if pd.isna(value) else round(value) if isinstance(control, ui.IntSlider) else float(value)
    control.max = max(control.max, 4 * number if name in _COUNTS else number)
    control.min = min(control.min, number)
    control.value = number
