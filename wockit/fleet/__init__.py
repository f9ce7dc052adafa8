"""Many accounts.

Comes in: a folder of accounts. Goes out: a report each and an overview (`fleet.run_fleet`). May use `weekly` and below.

fleet          accounts as tasks of Dask             orders        one report to make, and how it ended
server         the process that makes a report       overview      all accounts side by side (overview.js)
accounts       which accounts there are          rates         sums in one currency
"""
