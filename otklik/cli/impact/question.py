"""What is asked of the file, by column names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from otklik.cli.impact.errors import ColumnTwice, NeedsExposure, NeedsUnit, NothingAsked


class Scale(StrEnum):
    SCORES = "scores"
    """0 to 10, counted as +100, 0 and -100."""
    NUMBER = "number"


@dataclass(frozen=True)
class Question:
    """``worth``: the smallest change of the outcome somebody would act on. Raises CannotStudy when made."""

    outcome: str
    exposure: str | None = None
    cause_date: str | None = None
    unit: str | None = None
    period: str | None = None
    controls: tuple[str, ...] = ()
    lead: str | None = None
    drivers: tuple[str, ...] = ()
    identifier: str | None = None
    scale: Scale | None = None
    worth: float | None = None

    def __post_init__(self) -> None:
        if self.exposure is None:
            if not self.drivers:
                raise NothingAsked
            given = {"--lead": self.lead, "--cause-date": self.cause_date, "--controls": self.controls}
            for option, value in given.items():
                if value:
                    raise NeedsExposure(option)
        if self.lead is not None and self.unit is None:
            raise NeedsUnit
        beside = [self.outcome, self.exposure, self.lead, *self.controls]
        for names in ([one for one in beside if one is not None], [self.outcome, *self.drivers]):
            if twice := next((name for at, name in enumerate(names) if name in names[:at]), None):
                raise ColumnTwice(twice)

    def columns(self) -> Iterator[str]:
        """Every column once."""
        single = (
            self.outcome,
            self.exposure,
            self.cause_date,
            self.unit,
            self.period,
            self.lead,
            self.identifier,
        )
        yield from dict.fromkeys(
            name for name in (*single, *self.controls, *self.drivers) if name is not None
        )
