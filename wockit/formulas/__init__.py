"""Every number. No file, no column of Amazon's, no figure.

Comes in: numbers, arrays or Series. Goes out: the same. May use `settings` and `notes`.

units          volumes and weights by the words for their units
quantity       what formulas take and give           demand        expected units of each coming week
record         what past weeks say before an origin  replay        how far that lasted, by the account's past
cover          weeks of coverage, forward cover      advertising   ROAS, CVR, CPC, ad share, break-even
evidence       ranges from few clicks, verdicts      budget        what clearing by advertising costs
rates, fees    Amazon's rates (fees.csv) and fees    ways_out      value per unit by each way out
quick_ways     units that leave by an order          selling_ways  units that wait for buyers
matrix         gate, segment, urgency, money         chances       how probable a place is
playbook       what each segment means (playbook.toml)
bids           bids, budgets and their limits
learning       what pauses and price changes tell
holding        what a unit costs to hold, by week    paths         ways of acting on an item's whole stock
cash           what whole paths bring                year          the coming year, step by step
choice         which path of each item is the best, and under one budget
"""
