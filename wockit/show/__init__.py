"""Views for people.

Comes in: an `Analysis`. Goes out: HTML, pictures, a workbook, widgets. May use `analysis` and below.

labels         values and headings as text           actions       what to do this week
tables         the tables of page and notebooks      html          values become HTML, by templates/
opening        masthead, read first, tiles           advice_list   what to do, a row an ASIN that opens
captions       what each part shows                  page          a notebook as one page (page.css, page.js)
plots          the figures                           canvas        axes, fonts, pictures
advice_plots   the figures of one advice             drawing       a figure as SVG with marks to point at
marks          what the marks say                    workbook      plan.xlsx
sheets         how each sheet is laid out            sheet_writer  one sheet
letterhead     whose it is, and whether a what-if    client        two pages for a client
cockpit        what-if on a whole account            levers        what can be moved there
picker         its matrix and list to choose from    outcomes      what it comes to: figures, curve, tables
what_if        what-if on one budget                 supply        supply and pace in words
live           tables of a notebook that sort, figures to point at
approval       what an upload would change          upload        bulk_upload.xlsx and restore.xlsx
removal        removal orders as a flat file         svg           matplotlib's SVG as small markup
"""
