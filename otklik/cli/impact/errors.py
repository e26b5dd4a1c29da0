"""Why nothing can be studied. What is wrong with the file itself is a `TableError` of `kit.tabular`."""

from __future__ import annotations


class CannotStudy(Exception):
    """The question cannot be answered as it was asked."""


class NothingAsked(CannotStudy):
    """Neither an exposure nor drivers were named."""


class ColumnTwice(CannotStudy):
    """One column was named in two places."""

    def __init__(self, column: str) -> None:
        self.column = column


class NeedsExposure(CannotStudy):
    """An option means something only beside an exposure."""

    def __init__(self, option: str) -> None:
        self.option = option


class NeedsUnit(CannotStudy):
    """A placebo is looked at within units only."""


class PeriodIsNoTime(CannotStudy):
    """A cause has a date, but the period of an answer is none: nothing can be said to come before."""

    def __init__(self, column: str, value: str, row: int) -> None:
        self.column, self.value, self.row = column, value, row


class NoNumbers(CannotStudy):
    """A column that must hold numbers holds hardly any."""

    def __init__(self, column: str, value: str, row: int) -> None:
        self.column, self.value, self.row = column, value, row


class TooFewRows(CannotStudy):
    def __init__(self, rows: int, left_out: int) -> None:
        self.rows, self.left_out = rows, left_out


class CannotCompare(CannotStudy):
    """The statistics refuse these columns: too many drivers, too many periods."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class ParquetUnreadable(CannotStudy):
    def __init__(self, reason: str) -> None:
        self.reason = reason
