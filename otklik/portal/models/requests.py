from __future__ import annotations

from django.db import models


class ErasureRequest(models.Model):
    """Somebody asked to be forgotten. People decide and erase; this row holds when an answer is due."""

    contact = models.ForeignKey("partners.Contact", on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey("desk.Ticket", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateField()
    # Taken back by the person, or declined with a reason that the ticket tells.
    withdrawn_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=models.Q(withdrawn_at=None, declined_at=None),
                name="portal_one_open_erasure_request",
            )
        ]

    def __str__(self) -> str:
        return f"erasure asked by contact {self.contact_id}"
