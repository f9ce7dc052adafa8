"""wockit: weeks of coverage x ROAS for Amazon FBA sellers.

>>> import wockit
>>> wockit.weeks_of_coverage(2000, 1000)
8.0
"""

from wockit.account import load_account
from wockit.analysis import analyse
from wockit.cover import weeks_of_coverage

__all__ = ["analyse", "load_account", "weeks_of_coverage"]
__version__ = "0.1.0"
