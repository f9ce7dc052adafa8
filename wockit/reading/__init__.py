"""From downloads to an account.

Comes in: a folder of files. Goes out: an `Account` (`load_account`). May use `formulas` and the ground.

account        one folder as an `Account`            folder        which files there are, and of which day
report_set     what is wrong with the files of a snapshot together
account_file   account.toml                          stores        the rows of one store, units of measure
orders, order_states   which days a file of orders covers, and the newest state of each order
pace           which sales report tells today's pace, and what FBA sends
periods        which of several periods tell the pace
stock, sales, ads   several reports as one table     own_tables    costs.csv and stock.csv by ASIN
gaps           what one report has and another leaves out
referee        findings on the set of files          sales_record  what sold in each past week
supply         the parts of each ASIN's supply       charges       what fee reports state of each ASIN
own_files      costs.csv to fill in                   door          what of an account's files is opened at all
reports        one file as one table                 schemas       what each report looks like (data in schema/)
belonging      the reports of the account's own store and currency
strangers      what is said of a header that is not known
row_rules      which rows of a file count            asked          what an API document was asked for
report_table   its cells as a table of values
files          which kind of file, archives          documents      JSON
workbooks, texts, cells   XLSX, CSV and TSV, what both need
logo           the picture at the head of reports   price_record  the price in each past week
lessons        what pauses of ads, price and bid changes and conversion tell
faults         cells of a workbook without a value    percents    cells that show a percentage
grids          how large a workbook is when it is laid out
values         one cell as a value                    days          a column of days
soundness      what stands twice in a file
bulk           the bulk download: campaigns, ads, bids
"""
