from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from otklik.events.actor import ActorKind, Origin
from otklik.events.models.delivery import Batch


class AppendOnly(TypeError):
    """The event log is only ever added to. A wrong event is answered by another event."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("events are never changed")

    def delete(self) -> NoReturn:
        raise AppendOnly("events are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("events are never changed")


class AppendOnlyModel(models.Model):
    objects: ClassVar[models.Manager[Any]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("events are never deleted")


class Event(AppendOnlyModel):
    """One fact. Never changed afterwards; holds ids and values, no personal text, so that erasure
    of a person leaves the log as it is."""

    kind = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)
    origin = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Origin])
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    actor_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    # Null where no subscription listens: nothing has to be handed out.
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="events")

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["kind", "id"], name="events_kind")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class EventSubject(AppendOnlyModel):
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="subjects")
    noun = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    # A copy of the event's own time: a timeline is read by subject in time order, from one index.
    happened_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["noun", "object_id", "-happened_at"], name="events_timeline")]

    def __str__(self) -> str:
        return f"{self.noun} {self.object_id}"
