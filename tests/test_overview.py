"""All accounts side by side: rates, marks, links, folders without an account file, language, sorting."""

import csv
import json
import re
from datetime import date

import fsspec
import pytest

from wockit.fleet.accounts import find_accounts
from wockit.fleet.orders import Outcome
from wockit.fleet.overview import Fleet, write_overview
from wockit.fleet.rates import Rates, read_rates
from wockit.language import spoken
from wockit.notes import WockitError

DAY, TODAY = "2026-11-23", date(2026, 11, 25)
RATES = Rates("USD", {"USD": 1.0, "EUR": 1.5, "JPY": 0.01})


@pytest.fixture
def overview(tmp_path):
    """An overview of made-up reports, each a name and what its summary says."""

    def write(fleet=None, language="en", **accounts):
        outcomes = []
        for name, summary in accounts.items():
            folder = tmp_path / name / DAY
            folder.mkdir(parents=True)
            said = {"account": f"Shop {name}", "currency": "USD", "snapshot": DAY, "asins_with_costs": 3}
            (folder / "summary.json").write_text(json.dumps(said | summary), encoding="utf-8")
            (folder / "run.json").write_text(json.dumps({"settings": {"language": language}}), encoding="utf-8")
            (folder / "positions.csv").write_text("asin,segment,weeks_of_coverage,roas\nB0,scale,2,4\n")
            outcomes.append(Outcome(name, name, "done", folder=str(folder)))
        page = write_overview(outcomes, tmp_path, fleet or Fleet(RATES, today=TODAY))
        return page.read_text(encoding="utf-8")

    return write


def named(text):
    return re.findall(r'<th scope="row"><a href="(\w+)/', text)


def test_gains_are_ranked_and_summed_in_one_currency(overview):
    text = overview(
        a={"gain_a_week": 100, "gain": 1000},
        b={"gain_a_week": 80, "gain": 800, "currency": "EUR"},
        c={"gain_a_week": 9000, "gain": 90_000, "currency": "JPY"},
    )
    assert named(text) == ["b", "a", "c"]  # 120, 100 and 90 USD
    assert "Total gain in a year: 3,100 USD." in text  # 1,000 + 1,200 + 900
    assert 'data-value="120">80 EUR' in text


def test_without_rates_there_is_a_sum_for_each_currency(overview):
    text = overview(Fleet(today=TODAY), a={"gain": 1000.0}, b={"gain": 800.0, "currency": "EUR"})
    assert "Total gain in a year: 800 EUR, 1,000 USD." in text


def test_a_currency_without_a_rate_is_said_and_summed_by_itself(overview):
    text = overview(a={"gain": 1000.0}, b={"gain": 800.0, "currency": "GBP"})
    assert "Total gain in a year: 800 GBP, 1,000 USD." in text
    assert "rates.csv has no rate for GBP" in text


def test_accounts_without_costs_and_old_snapshots_are_marked(overview):
    text = overview(a={"asins_with_costs": 0}, b={"snapshot": "2026-11-18"}, c={"snapshot": "2026-11-19"}, d={})
    rows = {name: row for row in text.split("<tr>") for name in named("<tr>" + row) or [""]}
    found = {name: re.findall(r'class="mark">([^<]+)', row) for name, row in rows.items() if name}
    assert found == {"a": ["no costs"], "b": ["7 days old"], "c": [], "d": []}


def test_each_account_leads_to_this_and_the_last_report_and_their_workbooks(overview, tmp_path):
    for day in ("2026-11-09", "2026-11-16", "2026-11-16 what-if half", "2026-11-30"):
        (tmp_path / "a" / day).mkdir(parents=True)
        (tmp_path / "a" / day / "report.html").touch()
    text = overview(a={})
    assert re.findall(r'href="([^"]+)"', text) == [
        f"a/{day}/{file}" for day in (DAY, "2026-11-16") for file in ("report.html", "plan.xlsx")
    ]
    assert "Shop a" in text


def test_folders_without_an_account_file_are_named(overview, tmp_path):
    for name in ("acme/us/2026-11-23", "acme/uk/2026-11-23", "zeta", ".git/objects", "empty"):
        (tmp_path / "clients" / name).mkdir(parents=True)
    for name in ("acme/us/account.toml", "acme/us/2026-11-23/x.csv", "acme/uk/2026-11-23/x.csv", "zeta/x.csv",
                 "acme/notes.txt", ".git/objects/x", "rates.csv"):  # fmt: skip
        (tmp_path / "clients" / name).touch()
    below = find_accounts(str(tmp_path / "clients"))
    assert (list(below.accounts), below.without) == (["acme/us"], ("acme/uk", "zeta"))
    assert "2 folders have no account.toml: acme/uk, zeta." in overview(Fleet(without=below.without), a={})


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "全部账户"), ("en", "All accounts")])
def test_it_speaks_the_language_of_the_accounts(overview, language, words):
    assert f"<h1>{words}</h1>" in overview(language=language, a={}, b={})
    assert spoken() == "en"


def test_nothing_runs_but_its_own_script(overview):
    text = overview(a={"account": "<script>alert(1)</script>"})
    assert text.count("<script") == 1
    assert re.search(r"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[^']+'\"", text)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("currency,rate\nUSD,1\neur, 1.09\n", {"USD": 1.0, "EUR": 1.09}),
        ("\ufeffCurrency;Rate\r\nEUR;1\r\nUSD;0,92\r\n", {"EUR": 1.0, "USD": 0.92}),
        ("note,rate,currency\nx,1,USD\n", {"USD": 1.0}),
    ],
)
def test_rates_are_read_as_a_spreadsheet_writes_them(tmp_path, content, values):
    (tmp_path / "rates.csv").write_text(content, encoding="utf-8")
    assert read_rates(str(tmp_path)).values == values


def test_rates_lie_at_an_address_too():
    memory = fsspec.filesystem("memory")
    memory.pipe("/rated/rates.csv", b"currency,rate\nUSD,1\n")
    assert read_rates("memory://rated") == Rates("USD", {"USD": 1.0})
    assert read_rates("memory://elsewhere") is None


def test_rates_with_a_cell_without_end_are_refused(tmp_path):
    (tmp_path / "rates.csv").write_text(f"currency,rate\nUSD,{'1' * 200_000}\n", encoding="utf-8")
    before = csv.field_size_limit(100_000)
    try:
        with pytest.raises(WockitError, match=r"rates\.csv: cannot be read: 'field larger than field limit"):
            read_rates(str(tmp_path))
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("currency;value\nUSD;1\n", "rates.csv: missing columns: rate. Its first row must be: currency,rate"),
        (
            "currency,rate\nUSD,1\nEUR,1,09\nGBP,x\n",
            "rates.csv, row 4: expected a rate above 0 and up to 1,000,000, found 'x'",
        ),
        ("currency,rate\nUSD,1\nEUR,0\n", "rates.csv, row 3: expected a rate above 0 and up to 1,000,000, found '0'"),
        ("currency,rate\nUSD,1\nEUR,1e308\n", "row 3: expected a rate above 0 and up to 1,000,000, found '1e308'"),
        ("currency,rate\nUSD,1\nEuro,1\n", "rates.csv, row 3: expected a currency such as EUR, found 'EURO'"),
        ("currency,rate\nUSD,1\nUSD,2\n", "rates.csv, row 3: USD has two rates"),
        ("currency,rate\nUSD,1.1\n", "rates.csv: no currency has the rate 1"),
    ],
)
def test_rates_that_cannot_be_used_are_refused_with_what_to_do(tmp_path, content, message):
    (tmp_path / "rates.csv").write_text(content, encoding="utf-8")
    with pytest.raises(WockitError, match=re.escape(message)):
        read_rates(str(tmp_path))


def test_a_folder_without_rates_has_none(tmp_path):
    assert read_rates(str(tmp_path)) is None


def test_rates_are_never_read_through_a_link_out_of_the_folder(tmp_path):
    (tmp_path / "secret.csv").write_text("currency,rate\nUSD,1\n")
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "rates.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(WockitError, match="outside"):
        read_rates(str(tmp_path / "clients"))
