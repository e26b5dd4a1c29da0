"""Counts of the eleven scores. Ids of programs and managers are plain numbers: those apps stand above this
one."""

from __future__ import annotations

from django.db import models


class Histogram(models.Model):
    """``c0`` to ``c10``: how many answers gave that score. A CSAT or CES answer uses the same columns."""

    c0 = models.IntegerField(default=0)
    c1 = models.IntegerField(default=0)
    c2 = models.IntegerField(default=0)
    c3 = models.IntegerField(default=0)
    c4 = models.IntegerField(default=0)
    c5 = models.IntegerField(default=0)
    c6 = models.IntegerField(default=0)
    c7 = models.IntegerField(default=0)
    c8 = models.IntegerField(default=0)
    c9 = models.IntegerField(default=0)
    c10 = models.IntegerField(default=0)

    class Meta:
        abstract = True


class ScoreCell(Histogram):
    """The exact layer: one row per UTC day and combination of all frozen dimensions. ``manager`` 0:
    nobody."""

    pk = models.CompositePrimaryKey(
        "kind", "program", "day", "segment", "tier", "country", "manager", "role", "channel"
    )
    kind = models.CharField(max_length=10)
    program = models.BigIntegerField()
    day = models.DateField()
    segment = models.CharField(max_length=60)
    tier = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    manager = models.BigIntegerField()
    role = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)

    class Meta:
        indexes = [
            # Three filters and more are answered from here, through the most selective of them.
            models.Index(fields=["kind", "segment", "day"], name="cells_by_segment"),
            models.Index(fields=["kind", "country", "day"], name="cells_by_country"),
            models.Index(fields=["kind", "manager", "day"], name="cells_by_manager"),
            # Dimensions of a few values each select enough only in pairs.
            models.Index(fields=["kind", "tier", "role", "day"], name="cells_by_tier_role"),
            models.Index(fields=["kind", "role", "channel", "day"], name="cells_by_role_channel"),
            models.Index(fields=["kind", "channel", "tier", "day"], name="cells_by_channel_tier"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class ScoreRollup(Histogram):
    """Sums by calendar month (its first day, UTC) with none, one or two dimensions named.

    Unused names and values are "". Where two are named they stand in the order of ``vocabulary.PAIRED``;
    where one is,
    it stands first. So a question with at most one filter, broken down by anything, is a sum over a few rows.
    """

    pk = models.CompositePrimaryKey("kind", "dim1", "value1", "dim2", "value2", "month", "program")
    kind = models.CharField(max_length=10)
    program = models.BigIntegerField()
    month = models.DateField()
    dim1 = models.CharField(max_length=10)
    value1 = models.CharField(max_length=60)
    dim2 = models.CharField(max_length=10)
    value2 = models.CharField(max_length=60)

    class Meta:
        indexes = [
            # In this order the values a filter offers are read from the index alone.
            models.Index(
                fields=["kind", "dim2", "value2", "dim1", "value1", "month", "program"],
                name="rollups_by_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month} {self.dim1}={self.value1} {self.dim2}={self.value2}"


class ScoreTriple(Histogram):
    """Sums by calendar month with three dimensions named: what two filters leave, broken down by a third.

    ``dims``: which three, the sum of 1 for the first of ``vocabulary.PAIRED``, 2 for the second, 4 for the
    third and so on; values stand in that order. A number, because this is the largest of the roll-ups: in it
    an answer of a large installation shares its twenty rows with few others.
    """

    pk = models.CompositePrimaryKey("kind", "dims", "value1", "value2", "value3", "month", "program")
    kind = models.CharField(max_length=10)
    dims = models.SmallIntegerField()
    value1 = models.CharField(max_length=60)
    value2 = models.CharField(max_length=60)
    value3 = models.CharField(max_length=60)
    month = models.DateField()
    program = models.BigIntegerField()

    class Meta:
        indexes = [
            # The key begins with the first value; this is for questions that leave the first one free.
            models.Index(fields=["kind", "dims", "value2", "value3", "month"], name="triples_by_second"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month} {self.dims}={self.value1}/{self.value2}/{self.value3}"


class ScoreDay(Histogram):
    """Sums by UTC day with one dimension named or none (""): the days at the edges of a period that does not
    begin or end with a month."""

    pk = models.CompositePrimaryKey("kind", "day", "dim1", "value1", "program")
    kind = models.CharField(max_length=10)
    program = models.BigIntegerField()
    day = models.DateField()
    dim1 = models.CharField(max_length=10)
    value1 = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.dim1}={self.value1}"
