"""One report.

Comes in: an account folder. Goes out: a folder of finished files (`run.run_weekly`). May use `show` and below.

run            from the account to its report        notebook      papermill executes the weekly notebook
outputs        the files, all or none at once        kernels       kernels forked from a warmed process
place          whose place a report stands in        copies        your notebooks for an account
apply          from an approved plan to an upload     guards        what must hold before one is written
keep           what people left beside a report       pdf           the page, printed by a browser
csv_file       a table as CSV
"""
