from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One file on its way into the database.

    ``cursor`` counts rows whose outcome is committed and ``offset`` is where the next one stands in the
    prepared file, so a run that was killed goes on behind them; cursor = stored + skipped + failed at every
    commit, and total = cursor when the run is done.
    """

    class State(models.TextChoices):
        MAPPING = "mapping"
        QUEUED = "queued"
        CHECKING = "checking"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"
        CANCELLED = "cancelled"

    UNDER_WAY = (State.QUEUED, State.CHECKING, State.RUNNING)

    target = models.CharField(max_length=40)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    # Deleted when the run ends: what people gave us is not kept twice.
    file = models.FileField(upload_to="imports/", max_length=255)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField()
    # How the file is read and its first rows (``imports.sample.Sample``); emptied when the run ends.
    sample = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    # Name of the file's column -> name of the target's field.
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    # {"code", "row", "column", "facts"}: why the file was not taken at all.
    refusal = models.JSONField(null=True)
    checked = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["file_sha256"], name="imports_by_content")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.target})"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def reconciles(self) -> bool:
        return self.cursor == self.stored + self.skipped + self.failed

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.REFUSED, self.State.CANCELLED)

    def start(self, at: datetime) -> None:
        self.state, self.started_at, self.moved_at = self.State.QUEUED, at, at

    def begin_check(self, at: datetime) -> None:
        self.state, self.moved_at, self.checked = self.State.CHECKING, at, 0

    def begin_rows(self, total: int, at: datetime) -> None:
        self.state, self.total, self.checked, self.moved_at = self.State.RUNNING, total, total, at

    def move(self, *, offset: int, stored: int, skipped: int, failed: int, at: datetime) -> None:
        """The outcome of one more chunk; ``offset`` is where the row behind it begins."""
        self.offset, self.moved_at = offset, at
        self.stored += stored
        self.skipped += skipped
        self.failed += failed
        self.cursor += stored + skipped + failed

    def finish(self, at: datetime) -> None:
        self._end(self.State.DONE, at)

    def refuse(self, reason: dict[str, object], at: datetime) -> None:
        self.refusal = reason
        self._end(self.State.REFUSED, at)

    def cancel(self, at: datetime) -> None:
        self._end(self.State.CANCELLED, at)

    def _end(self, state: State, at: datetime) -> None:
        self.state, self.moved_at, self.finished_at = state, at, at
        self.sample = {}


class ImportFailure(models.Model):
    """A row that was not stored: its number as a spreadsheet counts, everything that is wrong with it
    (``problems``: [column, code, params]; ``code`` is the first one's) and its cells as text."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="failures")
    row = models.BigIntegerField()
    code = models.CharField(max_length=60)
    problems = models.JSONField(default=list)
    values = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="imports_failure_once")]
        indexes = [models.Index(fields=["run", "code"], name="imports_by_reason")]

    def __str__(self) -> str:
        return f"{self.run_id}: row {self.row} {self.code}"
