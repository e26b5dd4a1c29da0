"""Tables people give us and take home: reading CSV and XLSX row by row, reading values, writing safe CSV.

Memory does not grow with the file, and everything that is wrong is a named fact with its row and column.

    with open_table("answers.csv") as table:
        score = table.index("score")
        for row in table.rows:
            read_score(row.cells[score])
"""

from otklik.kit.tabular.dates import DateOrder, NoDate, Order, day_of, read_date
from otklik.kit.tabular.encodings import LABELS as ENCODINGS
from otklik.kit.tabular.errors import CannotOpen, NoRows, TableError
from otklik.kit.tabular.export import csv_lines, neutralise, restored
from otklik.kit.tabular.messages import REASONS, describe, obstacle
from otklik.kit.tabular.numbers import NoNumber, decimal_mark, read_number
from otklik.kit.tabular.reader import open_table
from otklik.kit.tabular.scores import NoScore, is_missing, read_score
from otklik.kit.tabular.table import Cell, Facts, Limits, Ragged, Row, Table

__all__ = [
    "ENCODINGS",
    "REASONS",
    "CannotOpen",
    "Cell",
    "DateOrder",
    "Facts",
    "Limits",
    "NoDate",
    "NoNumber",
    "NoRows",
    "NoScore",
    "Order",
    "Ragged",
    "Row",
    "Table",
    "TableError",
    "csv_lines",
    "day_of",
    "decimal_mark",
    "describe",
    "is_missing",
    "neutralise",
    "obstacle",
    "open_table",
    "read_date",
    "read_number",
    "read_score",
    "restored",
]
