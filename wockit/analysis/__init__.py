"""Columns meet formulas here.

Comes in: an `Account` and `Settings`. Goes out: an `Analysis` (`analyse`). May use `reading`, `formulas`, the ground.

analyse        from account to analysis              positions     one row per ASIN: cover, measures, place
measures       ads, excess and margin of each ASIN
reported       what the reports say of each ASIN     places        how probable a place is
scenario       numbers tried out, kept under a name
clearing       budgets and ways out                  courses       the cash of one ASIN's paths over the year
circumstances  age, siblings, running short          prospects     what the paths need of each ASIN
path_choice    which path each ASIN takes            advice        one row per ASIN: what to do, what it gains
restock        units to order and to stop            sentences     the words of an advice and its reason
trial          a scenario beside report and today    history       past weeks, decisions, scores
movement       what changed between two weeks        weeks         a kept week as a table
own_columns    what people added to the actions      plans         what people wrote into a plan
campaigns      which campaigns advertise an ASIN     decisions     yes, no, later, or a value
changes        from approved advice to changes       journal       what was approved, and what became of it
checklist      what no file can do                   by_hand       what was changed without wockit
bids_and_budgets  which of them move, and by how much
"""

from wockit.analysis.analyse import Analysis, analyse, examples

__all__ = ["Analysis", "analyse", "examples"]
