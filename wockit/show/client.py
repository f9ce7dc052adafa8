"""The two pages that a client reads first: what changed, what we did, what next. The report follows as an appendix.

Everything in them is taken from an analysis and its history.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from wockit.analysis.analyse import Analysis
from wockit.analysis.history import History
from wockit.language import Text, say
from wockit.show.actions import actions
from wockit.show.html import Html, plain_table, render, table
from wockit.show.labels import heading, short, shown, signed
from wockit.show.letterhead import logo_of, title_of, what_if_band
from wockit.show.sheets import LETTER

MOST_MOVES, MOST_RESULTS, MOST_ACTIONS = 5, 5, 8
"""How much fits on two pages."""


_CHANGES = ("stock_value", "excess_value", "sales_at_risk", "weeks_of_coverage", "account_roas", "stock_out_days")


def client_pages(analysis: Analysis, history: History) -> Html:
    """The two pages, and the heading of the appendix behind them.

    Parameters
    ----------
    analysis, history
        From `analyse` and `history_of`.
    """
    account = analysis.account
    line = " · ".join([f"{account.snapshot:{say('%d %B %Y')}}", say(Text("amounts in {0}", account.currency))])
    parts = [
        (say("What changed"), _changed(history, account.currency)),
        (say("What we did"), _did(history, account.currency)),
    ]
    html = render(
        "client",
        size="letter" if account.marketplace in LETTER else "A4",
        logo=logo_of(account),
        title=title_of(account),
        band=what_if_band(analysis),
        line=line,
        parts=parts,
        next=say("What next"),
        total=_total(analysis),
        steps=list(_steps(analysis)),
        appendix=say("Appendix"),
    )
    return Html(html, "\n".join(part.text for _, part in parts))


def with_client_pages(page: str, pages: Html) -> str:
    """A report with the client's pages before it and its folded parts open, as it is printed; reasons stay folded.

    Examples
    --------
    >>> with_client_pages("<main>report</main>", Html("two pages", ""))
    '<main>two pagesreport</main>'
    """
    before, main, after = page.partition("<main>")
    if not main:
        raise ValueError("the page has no <main>")
    return "".join([before, main, pages.html, after.replace("<details class", "<details open class")])


def _changed(history: History, currency: str) -> Html:
    totals = history.totals
    if len(totals) < 2:
        return Html(render("paragraph", text=say("This is the first report."), alarm=False), "")
    then, now = totals.iloc[-2], totals.iloc[-1]
    days = [f"{day:%Y-%m-%d}" for day in totals.index[-2:]]
    rows = [
        (heading(name, currency), shown(name, then[name]), shown(name, now[name]), signed(name, now[name] - then[name]))
        for name in _CHANGES
        if name in totals
    ]
    numbers = plain_table(pd.DataFrame(rows, columns=["", *days, say("Change")]))
    moved = say(Text("{0} ASINs changed place.", len(history.moves)))
    largest = history.moves.sort_values("stock_value", ascending=False, kind="stable").head(MOST_MOVES)
    names = ["title", "place_before", "place", "moved_by", "stock_value"]
    moves = table(largest, *names, currency=currency) if len(largest) else Html("", "")
    html = "".join([numbers.html, render("paragraph", text=moved, alarm=False), moves.html])
    return Html(html, f"{numbers.text}\n{moved}")


def _did(history: History, currency: str) -> Html:
    ledger = history.ledger
    if ledger.empty:
        return Html(render("paragraph", text=say("There is no earlier advice."), alarm=False), "")
    followed = ledger[ledger["followed"].astype(bool)]
    sentence = say(
        Text(
            "The last advice was followed for {0} of {1}. Their cash since then is {2} {3} per week over what carrying "
            "on was expected to bring.",
            len(followed),
            Text("{0} ASINs", len(ledger)),
            currency,
            signed("cash", followed["cash"].sum()),
        )
        if len(followed)
        else Text("The last advice was followed for none of {0} ASINs.", len(ledger))
    )
    acted = ledger[ledger["did"].ne("") | ledger["decision"].ne("")]
    rows = acted.sort_values(["followed", "gain_a_week"], ascending=False, kind="stable").head(MOST_RESULTS)
    names = ["title", "advised", "did", "cash", "decision"]
    results = table(rows, *names, currency=currency) if len(rows) else Html("", "")
    return Html(render("paragraph", text=sentence, alarm=False) + results.html, sentence)


def _total(analysis: Analysis) -> str:
    """Gain of the advice on all ASINs; nothing where it is unknown."""
    gain = analysis.sums["gain"]
    if not gain > 0:
        return ""
    currency = analysis.account.currency
    return say(Text("All of the advice is worth {0} {1} in a year, over carrying on.", currency, shown("gain", gain)))


def _steps(analysis: Analysis) -> Iterator[dict[str, Any]]:
    currency = analysis.account.currency
    for asin, row in actions(analysis).head(MOST_ACTIONS).iterrows():
        by = "" if pd.isna(row["act_by"]) else say(Text("act by {0}", shown("act_by", row["act_by"])))
        gain = ""
        if row["gain"] > 0:
            ends = (shown(name, row[name]) for name in ("gain", "gain_low", "gain_high"))
            gain = say(Text("Gains {0} {1} over carrying on ({2} to {3}).", currency, *ends))
        yield {"first": row["first"], "title": short(row["title"]), "asin": asin, "by": by, "gain": gain}
