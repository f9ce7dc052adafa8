"""What people see.

Comes in: an `Analysis`. Goes out: HTML, pictures, a workbook, widgets. May use `analysis` and below.

labels         values and headings as text           actions       what to do this week
tables         the tables of page and notebooks      html          values become HTML, by templates/
plots          the figures                           canvas        axes, fonts, pictures
advice_plots   the figures of one advice
workbook       plan.xlsx                             page          a notebook as one page (page.css, page.js)
cockpit        what-if on a whole account            levers        what can be moved there
picker         its matrix and list to choose from    outcomes      what it comes to: figures, curve, tables
what_if        what-if on one budget                 supply        supply and pace in words
sorting        sorting in the tables of a notebook
"""
