"""Conditions for a bulk upload: the download is fresh, whole, this account's, and the plan's own.

What is written then is in `apply`.
"""

import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pandas as pd

from wockit.analysis.bids_and_budgets import STATE, Change
from wockit.analysis.campaigns import ads_of
from wockit.analysis.changes import Changes
from wockit.analysis.decisions import Decision
from wockit.language import Text
from wockit.notes import Problem, quoted
from wockit.reading.account import Account
from wockit.reading.account_file import read_account_file
from wockit.reading.bulk import ID, IDS, PRODUCTS, Bulk
from wockit.reading.cells import BROKEN
from wockit.reading.door import own_xml
from wockit.reading.reports import read_report, role_of
from wockit.settings import Settings
from wockit.weekly.keep import digest

FRESH = 3
"""Days that a bulk download may be older than the data."""
NEEDED = ("product", "entity", "operation", "state", "daily_budget", "default_bid", "bid", "ends", *IDS)
OWN = 0.5
"""The share of a download's ads, and of the spend of the advertising report, that must be of this account."""
WHOLE = 0.95
"""From this share of the spend on, a download holds all campaigns."""
_AUTHOR = re.compile(r"\}(lastModifiedBy|creator)$")


def today() -> date:
    """The day of this machine."""
    return date.today()


def of_download(
    account: Account, folder: Path, journal: pd.DataFrame, share: float, now: date | None = None
) -> Iterator[Problem]:
    """Problems that forbid an upload from an account's bulk download; none where it is allowed.

    Parameters
    ----------
    account
        With its bulk download, if it has one.
    folder
        The account's folder.
    journal
        From `read_journal`.
    share
        From `share_of_spend`.
    now
        The day of the upload, if nobody is asked; the day of the data if left out.
    """
    bulk, day = account.bulk, account.snapshot
    if bulk is None or not bulk.sheet:
        message = Text("there is no bulk download of Sponsored Products in the snapshot of {0}.", day)
        do = "Download it into the folder of that day: Advertising console > Bulk operations."
        yield Problem("bulk download", message, do)
        yield from (Problem(note.where, note.text) for note in account.notes if note.code == "file_left_out")
        return
    download_day = bulk.day or day
    if now is not None and (age := (now - download_day).days) > FRESH:
        message = Text("it was downloaded on {0}, {1} days ago.", download_day, age)
        yield Problem(bulk.file, message, Text("Download it again: with --yes it may be at most {0} days old.", FRESH))
    elif (age := (day - download_day).days) > FRESH:
        message = Text("it was downloaded on {0}, {1} days before the data of {2}.", bulk.day, age, day)
        yield Problem(
            bulk.file, message, Text("Download it again: it may be at most {0} days older than the data.", FRESH)
        )
    if lacking := [name for name in NEEDED if name not in bulk.places]:
        yield Problem(bulk.file, Text("it has no column for {0}.", ", ".join(lacking)), "Download it again.")
    yield from _of_another_account(account, bulk, journal, share)
    yield from _of_earlier(bulk, folder, account, journal)


def _of_another_account(account: Account, bulk: Bulk, journal: pd.DataFrame, share: float) -> Iterator[Problem]:
    """Problems if its products, campaigns or ids are not those of the account's reports."""
    do = "Download it for this account and this marketplace."
    ads = ads_of(account)
    own_asins = account.stock.index.union(account.ads["asin"].unique())
    by_sku = {sku: asin for asin, joined in account.stock["skus"].dropna().items() for sku in joined.split(", ")}
    listed = ads["sku"].map(by_sku)
    stranger = ~ads["asin"].isin(own_asins) | (listed.notna() & listed.ne(ads["asin"]))
    if len(ads) and stranger.mean() > OWN:
        message = Text("ads of products that this account does not have: {0} of {1}.", int(stranger.sum()), len(ads))
        yield Problem(bulk.file, message, do)
    if share < OWN:
        message = Text("its campaigns have only {0} of the spend in the advertising report.", f"{100 * share:.0f}%")
        yield Problem(bulk.file, message, do)
    rows = bulk.rows[bulk.rows["product"].eq(PRODUCTS)]
    ids = {object_id for name in ID.values() for object_id in rows[name].dropna()}
    if len(journal) and not ids & {*journal["campaign_id"]}:
        yield Problem(bulk.file, "it has none of the campaigns that were changed before.", do)


def share_of_spend(account: Account, folder: Path) -> float:
    """The share of the advertising reports' spend in campaigns of the bulk download [fraction].

    Missing where no report names campaigns, or there is no bulk download.
    """
    spend = _spend_by_campaign(account, folder)
    if account.bulk is None or not spend.sum() > 0:
        return math.nan
    rows = account.bulk.rows[account.bulk.rows["product"].eq(PRODUCTS)]
    names = {*rows["campaign"].dropna(), *rows["campaign_shown"].dropna()}
    return float(spend[[*(name in names for name in spend.index)]].sum() / spend.sum())


def _spend_by_campaign(account: Account, folder: Path) -> pd.Series:
    """The spend of each campaign in the advertising reports, by name."""
    columns, parts = read_account_file(folder / "account.toml").columns, []
    for file in map(str, account.files["file"]):
        if role_of(folder / file, columns) == "ads":
            table = read_report(folder / file, file, columns, account.snapshot, (), ("campaign",)).table
            if "campaign" in table:
                parts.append(table.groupby(table["campaign"].astype("str"))["ad_spend"].sum())
    return pd.concat(parts).groupby(level=0).sum() if parts else pd.Series(dtype=float)


def _of_earlier(bulk: Bulk, folder: Path, account: Account, journal: pd.DataFrame) -> Iterator[Problem]:
    """Problem if changes were already made from this very download, or from a later one, for an earlier snapshot."""
    before = journal[journal["snapshot"].lt(account.snapshot.isoformat())]
    same = before["download_hash"].eq(digest(folder / bulk.file)).any()
    older = bulk.day is not None and before["download_day"].ge(bulk.day.isoformat()).any()
    if same or older:
        message = Text(
            "it is from before the changes of {0}: its values are no longer those of the console.",
            before["snapshot"].max(),
        )
        yield Problem(bulk.file, message, "Download it again.")


def of_limits(changes: Changes, decisions: Mapping[str, Decision], settings: Settings) -> Iterator[Problem]:
    """Problems of changes beyond the limits: a value that somebody wrote, or all changes together."""
    held: dict[str, Change] = {}
    off: set[str] = set()
    for change in changes.changes:
        own = [asin for asin in change.advised_asins if decisions[asin].own and decisions[asin].value > 0]
        if change.held == "week":
            held |= {asin: change for asin in own if asin not in held}
        if change.field == STATE:
            off |= {*own}
    for asin in sorted(off):
        message = Text("the ad spend decided for {0} is so low that its ads would stop.", asin)
        do = Text("A number is the ad spend per day, not a bid. To turn the ads off, write 0.")
        yield Problem("plan.xlsx", message, do)
    for asin, change in held.items():
        message = Text(
            "the decision on {0} would move the {1} of {2} beyond {3}, the limit for one week.",
            *(asin, Text(change.field.replace("_", " ")), quoted(change.campaign), change.new),
        )
        do = Text("Write a value nearer to today's, or raise change_limit (now {0}).", f"{settings.change_limit:g}")
        yield Problem("plan.xlsx", message, do)
    rise, most = changes.spend_change, settings.rise_limit * changes.spend_now
    if rise > most:
        message = Text(
            "all changes together raise ad spend by {0} per day; {1} are allowed.", f"{rise:,.2f}", f"{most:,.2f}"
        )
        do = Text("Approve less at once, or raise rise_limit (now {0}).", f"{settings.rise_limit:g}")
        yield Problem("plan.xlsx", message, do)


def author_of(plan: Path) -> str:
    """Name of the person who saved a workbook last, by the workbook; nothing where it is not stated."""
    try:
        with zipfile.ZipFile(plan) as archive:
            info = archive.getinfo("docProps/core.xml")
            if info.file_size > 100_000:
                return ""
            names = {
                match[1]: (element.text or "").strip()
                for element in own_xml(archive.read(info))
                if (match := _AUTHOR.search(element.tag))
            }
    except (*BROKEN, KeyError, ParseError):
        return ""
    return next((names[key][:100] for key in ("lastModifiedBy", "creator") if names.get(key)), "")
