"""Head of page, workbook and the client's pages: the account, and whether it is a what-if."""

from wockit.analysis.analyse import Analysis
from wockit.language import Text, say
from wockit.reading.account import Account
from wockit.show.html import Html, render
from wockit.show.labels import short


def title_of(account: Account) -> str:
    """The title of a report: the account's own (`title` in account.toml), or one made of its name."""
    return short(account.title, 120) or say(Text("{0}: stock and advertising", short(account.name, 80)))


def logo_of(account: Account) -> Html:
    """The account's logo; nothing where it has none."""
    if not account.logo:
        return Html("", "")
    return Html(render("logo", address=account.logo.address), "")


def what_if_band(analysis: Analysis) -> str:
    """Line that names a what-if and says that it is not the report; empty without one."""
    if not analysis.what_if:
        return ""
    return say(Text("What-if: {0}. This is not the report: its numbers are tried out.", analysis.what_if))
