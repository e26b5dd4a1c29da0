from otklik.events.models.delivery import Batch, Delivery
from otklik.events.models.event import Event, EventSubject

__all__ = ["Batch", "Delivery", "Event", "EventSubject"]
