"""Changes in the advertising without wockit, from two successive bulk downloads.

What became of changes that wockit wrote is in `journal`.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from wockit.analysis.campaigns import ads_of
from wockit.analysis.journal import key_of, values_of, way_of
from wockit.analysis.sentences import CLICKS
from wockit.language import Text, listed
from wockit.notes import Note, WockitError
from wockit.reading.account import Account
from wockit.reading.account_file import read_account_file
from wockit.reading.bulk import AD, CAMPAIGN, ID, Bulk
from wockit.reading.folder import entries
from wockit.reading.reports import read_report, role_of

BY_HAND = "by_hand"
_WANTED = {name: 1 if low > 1 else -1 for name, low, _ in CLICKS}
_COLUMNS = ["asin", "object_id", "field", "old", "new", "key"]


def bulk_before(folder: Path, day: date) -> Bulk | None:
    """The bulk download of an earlier snapshot; nothing where it has none that can be read."""
    home = folder / day.isoformat()
    try:
        columns = read_account_file(folder / "account.toml").columns
        for path in entries(home) if home.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if role_of(path, columns) == "bulk":
                return read_report(path, name, columns, day).bulk
    except (WockitError, OSError, ValueError):
        return None  # what is wrong with it was said when it was the newest
    return None


def made_by_hand(before: Bulk | None, account: Account, journal: pd.DataFrame, day: date) -> pd.DataFrame:
    """States, budgets and bids that changed since an earlier download, and that no upload of wockit was to change.

    One row per change and ASIN: `asin`, `object_id`, `field`, `old`, `new`, and `key`, what it did.

    Parameters
    ----------
    before
        The earlier download.
    account
        With the later one.
    journal
        From `read_journal`.
    day
        The snapshot of the earlier download.
    """
    if before is None or account.bulk is None:
        return pd.DataFrame(columns=_COLUMNS)
    since = journal[journal["snapshot"].ge(day.isoformat())]
    ours = {*zip(since["object_id"], since["field"], strict=True)}
    old, new = values_of(before), values_of(account.bulk)
    asins = _asins(account)
    rows = [
        (asin, object_id, field, old[object_id, field], value, key_of(field, old[object_id, field], value))
        for (object_id, field), value in new.items()
        if (object_id, field) in old and old[object_id, field] != value and (object_id, field) not in ours
        for asin in asins.get(object_id, ["–"])
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _asins(account: Account) -> dict[str, list[str]]:
    """The ASINs that each campaign, ad group, ad and target advertises, by its id."""
    ads, rows = ads_of(account), account.bulk.products if account.bulk else pd.DataFrame()
    by_id: dict[str, list[str]] = {}
    if ads.empty:
        return by_id
    for entity, name in ID.items():
        parent = {AD: "ad_id", CAMPAIGN: "campaign_id"}.get(entity, "ad_group_id")
        asins = ads.dropna(subset=["asin"]).groupby(parent)["asin"].unique()
        own = rows[rows["entity"].eq(entity)].dropna(subset=[name])
        by_id |= {
            str(object_id): list(asins.get(above, ["–"]))
            for object_id, above in zip(own[name], own[parent], strict=True)
        }
    return by_id


def with_by_hand(done: pd.DataFrame, by_hand: pd.DataFrame, advised: pd.Series) -> pd.DataFrame:
    """Actions really taken, with those by hand on ASINs whose advice is about ads and that no journal mentions.

    Parameters
    ----------
    done
        From `really_done`.
    by_hand
        From `made_by_hand`.
    advised
        What was advised then, by ASIN.
    """
    rows: dict[str, tuple[str, bool]] = {}
    for asin, changes in by_hand.groupby("asin", sort=True):
        if asin not in done.index and advised.get(asin) in _WANTED:
            ways = {way_of(old, new) for old, new in zip(changes["old"], changes["new"], strict=True)} - {0.0}
            did = "; ".join([BY_HAND, *dict.fromkeys(changes["key"])])
            rows[str(asin)] = did, ways == {float(_WANTED[advised[asin]])}
    if not rows:
        return done
    more = pd.DataFrame.from_dict(rows, orient="index", columns=["did", "followed"])
    return pd.concat([done, more]) if len(done) else more


def by_hand_notes(by_hand: pd.DataFrame, day: date, where: str) -> tuple[Note, ...]:
    """Note on the number of changes without wockit, by their effect."""
    once = by_hand.drop_duplicates(["object_id", "field"])
    if once.empty:
        return ()
    counts: Mapping[str, int] = Counter(once["key"])
    parts = listed([Text("{0} {1}", number, Text(key.replace("_", " "))) for key, number in counts.items()])
    return (Note("info", where, Text("Changed in the advertising without wockit since {0}: {1}.", day, parts)),)
