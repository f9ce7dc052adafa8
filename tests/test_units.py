"""Units of measure of volumes and weights, as reports name them."""

import pytest

from wockit.analysis.analyse import analyse

ROW = {"sku": "S", "asin": "B0MADEUP01", "available": 100, "units-shipped-t30": 4}


@pytest.mark.parametrize(("volume", "unit"), [
    (0.1, "cubic feet"), (0.0028317, "cubic meters"), (2831.7, "cubic centimeters"), (172.8, "cubic inches"),
    (2.8317, "Liters"), (2831.7, "CUBIC_CENTIMETERS"), (0.1, ""),
])  # fmt: skip
def test_volumes_are_read_in_their_unit(written, volume, unit):
    account = written(about="", inventory=[{**ROW, "item-volume": volume, "volume-unit-measurement": unit}])
    assert account.stock.loc["B0MADEUP01", "item_volume"] == pytest.approx(0.1, rel=1e-4)


@pytest.mark.parametrize(("marketplace", "unit"), [("US", "barrels"), ("DE", ""), ("DE", "hogsheads")])
def test_an_unknown_unit_closes_what_rests_on_it(written, marketplace, unit):
    row = {**ROW, "item-volume": 0.1, "volume-unit-measurement": unit, "currency": ""}
    account = written(about="", marketplace=marketplace, inventory=[row])
    assert account.stock["item_volume"].isna().all()
    assert analyse(account).budgets["carry_per_unit"].isna().all()
    assert any("no known unit of measure" in note.text for note in account.notes)
