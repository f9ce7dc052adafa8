"""The controls of the cockpit: what can be moved, on a scale that fits the ASINs, marked where it was changed.

What is unknown is disabled, and says why. What a control does is in `cockpit`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ipywidgets as ui
import numpy as np
import pandas as pd

from wockit.analysis.trial import ScenarioForecast
from wockit.formulas.choice import RAISED
from wockit.formulas.paths import YEAR
from wockit.language import say

PATH_LEVERS = ("ads_level", "price_cut", "leaves", "until_days", "ads_after")
"""The controls of a path; they move all chosen ASINs at once."""
ASSUMED = ("elasticity", "incremental_share")
"""The settings that are assumed where no one sets them."""
FACT_LEVERS: Mapping[str, str] = {
    "price": "Price",
    "conversion_rate": "Conversion rate",
    "cost_per_click": "Cost per click",
    "ad_share": "Ad share of sales",
    "excess_units": "Units to clear",
    "clear_days": "Days to clear",
}
"""The numbers of one ASIN that can be tried out, and what they are called."""
CHANGED = "● "
"""What stands before the name of a control that was moved away from the report."""
UNSET = ""
"""The value of a lever that says nothing: a slider of steps cannot hold None."""
_HIGHEST = {"price": 1e6, "conversion_rate": 1.0, "cost_per_click": 1e4, "ad_share": 1.0, "clear_days": 730}
_PERCENT = {"readout_format": ".0%"}
_READOUT = {"conversion_rate": ".2%", "ad_share": ".0%"}


def levers(today: date) -> dict[str, Any]:
    """Every lever by name: those of the path, of the account, and of one ASIN."""
    weeks = [(f"{today + timedelta(weeks=week):%Y-%m-%d}", 7 * week) for week in range(1, YEAR + 1)]
    as_reported: list[tuple[str, Any]] = [(say("as in the report"), UNSET), (say("yes"), 1), (say("no"), 0)]
    controls: dict[str, Any] = {
        "ads_level": ui.FloatSlider(min=0, max=2, step=0.05, value=1, **_PERCENT),
        "price_cut": ui.FloatSlider(min=-0.2, max=0.5, step=0.01, value=0, **_PERCENT),
        "leaves": ui.FloatSlider(min=0, max=1, step=0.05, value=0, **_PERCENT),
        "until_days": ui.SelectionSlider(options=weeks, value=7 * YEAR),
        "ads_after": ui.Dropdown(
            options=[(say("as today"), 1.0), (say("without ads"), 0.0), *((f"{level:.0%}", level) for level in RAISED)]
        ),
        "bought_again": ui.Dropdown(options=as_reported),
        "ad_budget": ui.BoundedFloatText(min=0, max=1e12),
        "elasticity": ui.SelectionSlider(options=_steps("elasticity")),
        "incremental_share": ui.SelectionSlider(options=_steps("incremental_share")),
        **{
            name: ui.IntSlider() if name in ("excess_units", "clear_days")
            else ui.FloatSlider(readout_format=_READOUT.get(name, ".2f"))
            for name in FACT_LEVERS
        },
    }  # fmt: skip
    for name, control in controls.items():
        control.style.description_width, control.layout = wide()["style"]["description_width"], wide()["layout"]
        if control.has_trait("continuous_update"):
            control.continuous_update = False  # a slider that answers while it moves also sends back what it was set to
        mark(name, control, False)
    return controls


def wide() -> dict[str, Any]:
    """Width of a control and of its name."""
    return {"style": {"description_width": "10.5em"}, "layout": ui.Layout(width="28em")}


def _steps(name: str) -> list[tuple[str, Any]]:
    """The values of a setting that is assumed unless it is set."""
    form, last, step = (".1f", 5.0, 0.2) if name == "elasticity" else (".0%", 1.0, 0.05)
    values = np.arange(0.0, last + step / 2, step)
    return [(say("assumed"), UNSET), *((f"{value:{form}}", round(float(value), 2)) for value in values)]


_NAMES: Mapping[str, str] = {
    "ads_level": "Ads (now: 100%)",
    "price_cut": "Price cut",
    "leaves": "Liquidate at once",
    "until_days": "Until",
    "ads_after": "Ads afterwards",
    "bought_again": "Bought again",
    "ad_budget": "Ad cap (0: none)",
    "elasticity": "Elasticity",
    "incremental_share": "Incremental share",
    **FACT_LEVERS,
}


def mark(name: str, control: Any, changed: bool) -> None:
    """Say by its name whether a lever was moved away from the report."""
    control.description = (CHANGED if changed else "") + name_of(name)


def put_lever(control: Any, value: Any) -> None:
    """Set a lever to a value; its scale is stretched, or the value put among its steps, where it is not there."""
    if isinstance(control, ui.SelectionSlider | ui.Dropdown):
        value = UNSET if value is None else value
        options = list(control.options)
        if value not in [choice for _, choice in options]:
            options.append((f"{value:.0%}" if isinstance(control, ui.Dropdown) else f"{value:g}", value))
            control.options = sorted(options, key=lambda option: (option[1] != UNSET, option[1] or 0))
        control.value = value
        return
    value = round(value) if isinstance(control, ui.IntSlider) else float(value)
    with control.hold_sync():
        control.min, control.max = min(control.min, value), max(control.max, value)
        control.value = value


def fit(name: str, control: Any, now: float, most: float) -> None:
    """Give the lever of a number a scale from half to one and a half times what it is now, and set it to that.

    A number that is 0 now goes up to `most`; one that is unknown cannot be moved.
    """
    control.disabled = bool(pd.isna(now))
    now = 0.0 if control.disabled else now
    low, high = (round(0.5 * now, 6), min(1.5 * now, _HIGHEST.get(name, np.inf))) if now > 0 else (0.0, max(most, 1.0))
    whole = isinstance(control, ui.IntSlider)
    with control.hold_sync(), control.hold_trait_notifications():  # a page that gets the ends first moves the value
        control.min, control.max = (int(low), int(np.ceil(high))) if whole else (low, high)
        control.step = 1 if whole else (now or high) / 100
        control.value = round(now) if whole else now


def path_values(path: Mapping[str, float], units: float) -> dict[str, float]:
    """A path (`formulas.paths.Paths`) under the names of a scenario; `units` are those of the stock."""
    values = {
        "ads_level": path["ads"],
        "price_cut": path["cut"],
        "units_leaving": path["leaves"] * units,
        "until_days": 7 * path["until"],
        "ads_after": path["after"],
    }
    return {name: float(value) for name, value in values.items()}


def path_controls(values: Mapping[str, float], units: float) -> dict[str, float]:
    """Values of a path's levers for an ASIN."""
    shares = {**values, "leaves": values["units_leaving"] / units if units > 0 else 0.0}
    return {name: shares[name] for name in PATH_LEVERS}


def as_changes(name: str, value: float, units: float) -> dict[str, float]:
    """Changes of an ASIN by a lever of a path."""
    return {"units_leaving": value * units} if name == "leaves" else {name: value}


def unknown(forecast: ScenarioForecast) -> dict[str, str]:
    """Levers that cannot be moved for any of the ASINs, and why."""
    prospects, details = forecast.chosen.prospects, forecast.chosen.details
    reasons: dict[str, str] = {}
    if not (prospects.clicks > 0).any():
        reasons |= dict.fromkeys(("ads_level", "ads_after"), "no ad clicks on record.")
    if not prospects.may_leave.any():
        reasons["leaves"] = "size or weight is missing, so its value is unknown."
    if details["landed_cost"].isna().all():
        reasons["bought_again"] = "landed_cost is missing in costs.csv."
    if forecast.advised.table["gain"].isna().all():
        reasons |= dict.fromkeys(PATH_LEVERS, "price, fulfilment_fee or landed_cost is missing in costs.csv.")
    return reasons


def by_reason(reasons: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each reason with the levers that it holds for."""
    names: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        names.setdefault(reason, []).append(name)
    return list(names.items())


def value_of(control: Any) -> Any:
    """Value of a lever; None where it is not set."""
    return None if control.value == UNSET else control.value


def name_of(name: str) -> str:
    """Name of a lever."""
    return say(_NAMES[name])
