"""Where columns meet formulas.

Comes in: an `Account` and `Settings`. Goes out: an `Analysis` (`analyse`). May use `reading`, `formulas`, the ground.

analyse        the one road                          positions     one row an ASIN: cover, measures, place
clearing       budgets, ways out and best mix        scenario      numbers tried out, kept under a name
prospects      what the paths need of each ASIN      advice        one row an ASIN: what to do, what it gains
movement       what changed between two weeks        history       kept weeks, decisions, scores
"""

from wockit.analysis.analyse import Analysis, analyse, examples

__all__ = ["Analysis", "analyse", "examples"]
