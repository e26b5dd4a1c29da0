"""Why there is nothing to analyse. What is wrong with the file itself is a `TableError` of `kit.tabular`."""

from __future__ import annotations

from collections.abc import Sequence


class CannotAnalyse(Exception):
    """The question cannot be answered as it was asked."""


class NoScoreColumn(CannotAnalyse):
    """No column looks like answers from 0 to 10."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns


class SeveralScoreColumns(CannotAnalyse):
    """More than one column could be the score."""

    def __init__(self, candidates: Sequence[str]) -> None:
        self.candidates = candidates


class NoAnswers(CannotAnalyse):
    """Not one usable score in the column; `skipped` says what there was instead (reason -> count)."""

    def __init__(self, name: str, column: str, skipped: dict[str, int]) -> None:
        self.name = name
        self.column = column
        self.skipped = skipped


class TooManySegments(CannotAnalyse):
    """The column has a different value in nearly every row: a name or a comment, not a segment."""

    def __init__(self, columns: Sequence[str], limit: int, row: int) -> None:
        self.columns = columns
        self.limit = limit
        self.row = row


class PopulationTooSmall(CannotAnalyse):
    """More people answered than there are said to be."""

    def __init__(self, population: int, n: int) -> None:
        self.population = population
        self.n = n


class CannotWriteReport(CannotAnalyse):
    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
