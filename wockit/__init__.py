"""wockit: weeks of coverage x ROAS for Amazon FBA sellers.

A folder of downloads becomes an `Account` (`load_account`), an account and `Settings` become an `Analysis` (`analyse`),
and everything else shows it. Six wings stand over a small ground; a wing may use any below it:

cli            the command line
arguments      what may be written on it
fleet/         many accounts
weekly/        one report
show/          what people see: tables, page, figures, workbook, what-if
analysis/      where columns meet formulas
reading/       from downloads to an account
formulas/      every number; no file, no column, no figure
settings       every threshold that a person may change
notes          what to know before trusting a number, and errors
language, columns, marketplaces, answers       words, columns, where Amazon sells, answers kept within a run

>>> import wockit
>>> wockit.weeks_of_coverage(2000, 1000)
8.0
"""

import contextlib
import os
import sys

with contextlib.suppress(FileNotFoundError):  # we may be in a folder that was deleted
    if sys.argv[:1] == ["-m"] and sys.path[:1] == [os.getcwd()]:
        del sys.path[0]  # `python -m wockit.cli` inside a client's folder: nothing that lies there may be imported

from wockit.analysis import analyse
from wockit.formulas.cover import weeks_of_coverage
from wockit.reading.account import load_account

__all__ = ["analyse", "load_account", "weeks_of_coverage"]
__version__ = "0.2.0"
