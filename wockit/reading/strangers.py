"""Messages about a file whose header no schema knows: the nearest report, and a likely line to paste.

How a header is recognised, and which cells are like a column's, is in `schemas`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from wockit.language import Text, listed
from wockit.notes import Note, Problem, ReportError, WrongFile, quoted, some
from wockit.reading.cells import Sheet
from wockit.reading.schemas import (
    MOST_CELLS,
    OWN_FILES,
    Schema,
    asin_places,
    column_map,
    holds_data,
    is_header,
    matched_cells,
    normalised,
    required_columns,
    shown_cells,
)

CHILD = "business_report_child"
"""The report that has two columns of ASINs in every language: the parent, then the child."""
NEEDED = ("fba_inventory", CHILD, "sp_advertised_product")
"""The reports that an account begins with."""


def unknown_file(where: str, sheet: Sheet | None, known_schemas: Sequence[Schema]) -> ReportError:
    """The error of a file that no schema knows; a business report in another language is no file of another kind."""
    child = next(schema for schema in known_schemas if schema.key == CHILD)
    if sheet and (places := _asins(sheet)):
        return _of_child(where, sheet, child, places)
    return WrongFile([unknown_report(where, sheet, known_schemas)])


_ASIN = re.compile(r"[A-Z0-9]{10}|")
_FEWEST, _TRIED = 5, 50
"""Columns that a business report has at least, and cells that are looked at."""


_SURE = 3
"""Known columns of clicks, spend and the like from which on a table of products is one of advertising."""


def _asins(sheet: Sheet) -> dict[str, int]:
    """Places of the ASINs of parents and of children, if a header begins with them as in a business report."""
    places = [place for place, cell in enumerate(sheet.header) if re.search(r"\basin\b", normalised(cell))]
    if places != [0, 1] or len(sheet.header) < _FEWEST:
        return {}
    try:
        pair = [cells.distinct for cells in sheet.read(places)]
    except ReportError:
        return {}
    if not all(_ASIN.fullmatch(str(cell).strip()) for distinct in pair for cell in distinct[:_TRIED]):
        return {}
    if len(pair[0]) > len(pair[1]):  # a parent has several children
        places.reverse()
    return dict(zip(("parent_asin", "asin"), places, strict=True))


def _of_child(where: str, sheet: Sheet, child: Schema, places: Mapping[str, int]) -> ReportError:
    """The error of a business report in a language that is not known."""
    spelled = {name for name, _ in matched_cells(sheet.header, child)}
    wanted = dict.fromkeys((*child.recognised_by, *required_columns(child)))
    missing = [
        replace(child.columns[name], spellings={sheet.header[places[name]]: ""})
        if name in places
        else child.columns[name]
        for name in wanted
        if name not in spelled
    ]
    message = Text("it looks like the {0} report with other column names.", child.title)
    if line := column_map(sheet, child, missing):
        return ReportError([Problem(where, message, Text("If it is, add its column names to account.toml: {0}", line))])
    do = Text(
        "Download it in English. Or add the names of its columns to account.toml, under {0}: {1}.",
        f"[columns.{CHILD}]",
        ", ".join(wanted),
    )
    return WrongFile([Problem(where, message, do)])


def unknown_report(where: str, sheet: Sheet | None, known_schemas: Sequence[Schema]) -> Problem:
    """The problem of a header that no schema knows, with the nearest schema and what to do."""
    header = sheet.header if sheet else ()
    if where in OWN_FILES:
        return _unknown_own(where, sheet, next(schema for schema in known_schemas if schema.key == OWN_FILES[where]))
    titles = listed([schema.title for schema in known_schemas if schema.key in NEEDED])
    message = Text("its header matches no known report. Columns found: {0}.", shown_cells(header))
    do = Text(
        "wockit needs: {0}. data/sample/README.md lists what else it reads. Move other files out of the folder. "
        "Download in English if you can.",
        titles,
    )
    needed = [schema for schema in known_schemas if schema.role in ("stock", "sales", "ads")]
    likeliest = max(needed, key=lambda schema: len(set(matched_cells(header, schema))))
    spelled = {name for name, _ in matched_cells(header, likeliest)}
    if sheet and spelled and is_header(header):
        wanted = [likeliest.columns[n] for n in dict.fromkeys((*likeliest.recognised_by, *required_columns(likeliest)))]
        missing = [column for column in wanted if column.name not in spelled]
        if len(missing) <= len(spelled) and (line := column_map(sheet, likeliest, missing)):  # else it is a guess
            do = Text(
                "{0} If it is the {1} report with other column names, add them to account.toml: {2}",
                do,
                likeliest.title,
                line,
            )
        elif likeliest.role == "ads" and len(spelled) >= _SURE and asin_places(sheet, range(len(header))):
            message = Text("it looks like the {0} report with other column names.", likeliest.title)
            do = Text("Download it in English: {0}.", likeliest.download)
    return Problem(where, message, do)


def _unknown_own(where: str, sheet: Sheet | None, schema: Schema) -> Problem:
    there = {name for name, _ in matched_cells(sheet.header, schema)} if sheet else set()
    missing = [schema.columns[name] for name in required_columns(schema) if name not in there]
    header = sheet.header if sheet else ()
    shown = some(header, words=True, most=MOST_CELLS) if header and not holds_data(header) else shown_cells(header)
    names = ", ".join(next(iter(column.spellings)) for column in missing)
    message = Text("it has no column {0}. Columns found: {1}.", names, shown)
    spelled = ", ".join(next(iter(column.spellings)) for column in schema.columns.values())
    do = Text("Possible columns: {0}.", spelled)
    if sheet and (line := column_map(sheet, schema, missing)):
        do = Text("Possible columns: {0}. Or add your column names to account.toml: {1}", spelled, line)
    return Problem(where, message, do)


ALIKE = 0.75
"""How like a column of the seller's own file must be to a known one to be taken for a slip of the pen."""


def slips(sheet: Sheet, schema: Schema, where: str) -> list[Note]:
    """Columns of a file that the seller wrote which are nearly spelled as known ones, and are not read."""
    if schema.role not in ("costs", "other_stock") or "." not in schema.title:
        return []
    places = {place for _, place in matched_cells(sheet.header, schema)}
    there = {name for name, _ in matched_cells(sheet.header, schema)}
    names = [next(iter(column.spellings)) for name, column in schema.columns.items() if name not in there]
    notes = []
    for place, cell in enumerate(sheet.header):
        word = re.sub(r"\W+", "_", cell.casefold()).strip("_")
        if place not in places and (near := get_close_matches(word, names, n=1, cutoff=ALIKE)):
            text = Text("column {0} is not known and was ignored. Did you mean {1}?", quoted(cell), repr(near[0]))
            notes.append(Note("warning", where, text))
    return notes
