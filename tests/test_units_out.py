"""Units in are units out: what an advice sends away and leaves over was there, on accounts of any size."""

from dataclasses import replace

import numpy as np
import pytest

from wockit.analysis import analyse
from wockit.settings import Settings


@pytest.fixture
def advised(build, outlook):
    def made(count, seed, **changes):
        random = np.random.default_rng(seed)
        asins = [f"B{number:09}" for number in range(count)]
        units, arriving = random.integers(0, 3000, count), random.integers(0, 200, count)
        pace = random.uniform(0, 60, count)
        stock = {
            asin: {
                "units_available": float(has), "units_aged_0_to_90": has / 2, "units_aged_over_365": has / 2,
                "units_inbound": float(comes), "units_shipped_30_days": float(sells * 4), "item_volume": 0.2,
            }
            for asin, has, comes, sells in zip(asins, units, arriving, pace, strict=True)
        }  # fmt: skip
        costs = {"price": 20.0, "landed_cost": 6.0, "referral_rate": 0.15, "fulfilment_fee": 4.0, "unit_weight": 0.5}
        account = build(
            stock,
            ads=[
                {
                    "asin": asin,
                    "ad_clicks": 300.0,
                    "ad_spend": 200.0,
                    "ad_sales": 500.0,
                    "ad_orders": 25.0,
                    "ad_units": 25.0,
                }
                for asin in asins
            ],
            costs={asin: costs | {"size_tier": "standard"} for asin in asins},
            **outlook(dict(zip(asins, pace, strict=True))),
        )
        settings = Settings(sales_days=30, **changes)
        advice = analyse(replace(account, settings=settings)).advice.loc[asins]
        return advice, units, arriving

    return made


@pytest.mark.parametrize(("count", "seed"), [(33, 1), (150, 2), (400, 3)])
@pytest.mark.parametrize("changes", [{}, {"ad_budget": 1000.0}], ids=["no cap", "a budget"])
def test_no_unit_comes_from_nowhere_or_goes_twice(advised, count, seed, changes):
    advice, units, arriving = advised(count, seed, **changes)
    leaving = advice[["units_liquidated", "units_removed", "units_disposed"]].fillna(0.0)
    assert leaving.ge(0).all(axis=None)
    assert (leaving == leaving.round()).all(axis=None)
    assert (leaving.sum(axis=1) <= units).all()
    assert (
        leaving.sum(axis=1) + advice["units_left"].fillna(0.0) <= units + arriving + 1.0
    ).all()  # rounded units leave
    assert leaving.sum(axis=1).gt(0).any()
