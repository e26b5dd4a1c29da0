from otklik.jobs.models.heartbeat import Heartbeat
from otklik.jobs.models.mail import OutgoingMail
from otklik.jobs.models.progress import Progress
from otklik.jobs.models.quarantine import QuarantinedItem
from otklik.jobs.models.redelivery import Redelivery

__all__ = ["Heartbeat", "OutgoingMail", "Progress", "QuarantinedItem", "Redelivery"]
