"""Tables saved as text (CSV, TSV): each row a line that names its columns.

Only what reads like a table for people. Of long ones the beginning is read, and of a data set of
numbers only what its columns are called: nobody asks for a measurement by its words.
"""

import csv
import re

from ragkit.documents.decode import decode_text
from ragkit.documents.draft import Draft, RawBlock, RawFile, translate_library_errors
from ragkit.documents.tables import render_rows

_DELIMITERS = ",;\t|"
_MOST_ROWS = 2_000
_FEW_ROWS = 50
_NUMBERS_SHARE = 0.8
"""Of the cells; with more, many rows are a data set."""
_NUMBER = re.compile(r"^\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?\s*%?\s*$")


def read_delimited(file: RawFile) -> Draft:
    """Return the draft of a .csv or .tsv file."""
    text = decode_text(file.data).replace("\0", "")
    with translate_library_errors(file, "a table"):
        delimiter = "\t" if file.name.lower().endswith(".tsv") else choose_delimiter(text)
        reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        rows = [[cell.strip() for cell in row] for row in reader if any(map(str.strip, row))]
    blocks: list[RawBlock] = []
    while len(rows) > 1 and sum(map(bool, rows[0])) == 1 < max(map(len, rows)):  # a title above
        blocks.append(RawBlock("heading", "".join(rows.pop(0)), level=2))
    if _is_data_set(rows):
        columns = ", ".join(filter(None, rows[0]))
        said = f"A data set of {len(rows) - 1:,} rows. Columns: {columns}."
        return Draft(blocks=(*blocks, RawBlock("paragraph", said)))
    header = True if _names_columns(rows) else None
    lines = render_rows(rows[: _MOST_ROWS + 1], header=header)
    blocks += [RawBlock("row", line) for line in lines]
    left = len(rows) - _MOST_ROWS - 1
    warning = f"the first {_MOST_ROWS:,} rows are read, {left:,} more are not"
    return Draft(blocks=tuple(blocks), warnings=(warning,) if left > 0 else ())


def choose_delimiter(text: str) -> str:
    r"""Return what separates the cells: what is found equally often in the most lines.

    >>> choose_delimiter("a;b\n1,5;2\n3;4,2"), choose_delimiter("name,note\nAda,x; y")
    (';', ',')
    """
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]

    def regularity(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=regularity)


def _names_columns(rows: list[list[str]]) -> bool:
    """Return whether the first row reads like names: all different, none a number."""
    if len(rows) < 2:
        return False
    names = [cell for cell in rows[0] if cell]
    numbers = any(map(_NUMBER.match, names))
    return len(names) >= 2 and len(set(names)) == len(names) and not numbers


def _is_data_set(rows: list[list[str]]) -> bool:
    cells = [cell for row in rows[1 : _MOST_ROWS + 1] for cell in row if cell]
    numbers = sum(bool(_NUMBER.match(cell)) for cell in cells)
    return len(rows) > _FEW_ROWS and _names_columns(rows) and numbers > _NUMBERS_SHARE * len(cells)
