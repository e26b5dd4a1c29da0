from __future__ import annotations

from django.db import models
from django.db.models import Q

from otklik.relationships.models.fields import contact, partner, staff


class AccountPlan(models.Model):
    """What we mean to reach with a partner. Goals and promises shared with the partner are those of dialogue;
    what stands here the partner does not read."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    next_review_on = models.DateField(null=True)
    changed_by = staff()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_review_on", "id"],
                condition=Q(next_review_on__isnull=False),
                name="plans_by_review",
            )
        ]

    def __str__(self) -> str:
        return f"plan of {self.partner_id}"


class PlanAction(models.Model):
    plan = models.ForeignKey(AccountPlan, on_delete=models.CASCADE, related_name="actions")
    text = models.CharField(max_length=400)
    contact = contact(null=True, blank=True)
    owner = staff(db_index=False)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    # Of the form that made it: sent twice it makes one.
    key = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["plan", "due_on", "id"], name="actions_of_plan"),
            models.Index(
                fields=["owner", "due_on", "id"], condition=Q(done_at=None), name="actions_of_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Review(models.Model):
    """A quarter with a partner, as it was when the review was made. ``figures`` hold ids and values; words
    are put to them when it is shown, in the reader's language."""

    partner = partner(db_index=False)
    # Its first day.
    quarter = models.DateField()
    figures = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    made_by = staff()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "quarter"], name="relationships_review_once")
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.quarter}"
