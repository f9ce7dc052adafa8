"""What people decided: the column of the action sheet that they fill in, read back by the next run."""

from datetime import date
from pathlib import Path

from wockit.labels import LABELS
from wockit.language import LANGUAGES, catalogue
from wockit.sheets import read_sheets

PLAN = "plan.xlsx"
_LONGEST = 500


def last_plan(reports: str | Path, before: date) -> Path | None:
    """The workbook of the last report before a day, in the folder of an account's reports; none if there is none."""
    folder = Path(reports)
    plans = sorted(folder.glob(f"????-??-??/{PLAN}")) if str(reports) and folder.is_dir() else []
    earlier = [plan for plan in plans if plan.parent.name < before.isoformat()]
    return earlier[-1] if earlier else None


def read_decisions(plan: Path) -> dict[str, str]:
    """What was written into the decision column of a workbook, by ASIN; nothing where the workbook is not there.

    Raises
    ------
    ReportError
        If the file cannot be read as a workbook.
    """
    if not plan.is_file():
        return {}
    english = LABELS["decision"].heading
    headings = {english, *(catalogue(language).get(english, english) for language in LANGUAGES)}
    for sheet in read_sheets(plan, plan.name):
        places = [place for place, cell in enumerate(sheet.header) if cell in headings]
        if places and "ASIN" in sheet.header:
            asins, texts = sheet.read([sheet.header.index("ASIN"), places[0]])
            pairs = zip(asins.codes, texts.codes, strict=True)
            return {
                str(asins.distinct[asin]): _text(texts.distinct[text])[:_LONGEST]
                for asin, text in pairs
                if asin >= 0 and text >= 0
            }
    return {}


def _text(value: object) -> str:
    return (f"{value:g}" if isinstance(value, float) else str(value)).strip()
