"""What stands at the head of page, workbook and the client's pages: whose report it is, and whether it is a what-if."""

from wockit.analysis.analyse import Analysis
from wockit.language import Text, say


def what_if_band(analysis: Analysis) -> str:
    """What is tried out, and that this is not the report; empty where nothing is."""
    if not analysis.what_if:
        return ""
    return say(Text("What-if: {0}. This is not the report: its numbers are tried out.", analysis.what_if))
