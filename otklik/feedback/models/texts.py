"""What was read in comments, and the dictionaries it was read by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.models.response import Response


class CommentTopic(models.Model):
    """A dictionary somebody edited. It stands in for the one that comes with the program under the same key,
    and one of a partner program for that of all programs. Never deleted but switched off: the latest
    ``changed_at`` is the version that comments were read by."""

    program = models.ForeignKey("partners.Program", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(_("key"), max_length=40)
    name_ru = models.CharField(_("name in Russian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    words = models.TextField(_("words and phrases"))
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "key"], name="feedback_topic_once"),
            # On both databases empty values of a unique pair are all different.
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(program=None), name="feedback_topic_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CommentReading(models.Model):
    """What the words of one comment say. Deleted with the comment when its writer is erased.

    ``topics``: {key: {"sentiment": -1|0|1|2|None, "places": [[start, end], ...]}}; ``words``: of each word
    that carries meaning [its key, start, end, number of the word, number of the sentence]. Places count in
    the cleaned text (``reading.cleaned``).
    """

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="reading")
    language = models.CharField(max_length=2, blank=True)
    # 0: both at once; 2: a wish; None: cannot tell.
    sentiment = models.SmallIntegerField(null=True)
    topics = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    # Which dictionaries and which release of the reading rules it was read by.
    dictionary_at = models.DateTimeField()
    rules = models.PositiveSmallIntegerField()
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reading of {self.response_id}"


class CommentSummary(models.Model):
    """What a language model made of the comments of one view: marked as machine-written wherever it is
    shown. ``survey``: None for all. ``problem``: why there is none."""

    survey = models.ForeignKey("feedback.Survey", null=True, on_delete=models.CASCADE, related_name="+")
    start = models.DateField()
    end = models.DateField()
    language = models.CharField(max_length=10)
    comments = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    problem = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["survey", "start", "end", "-asked_at"], name="summaries_of_a_view")]

    def __str__(self) -> str:
        return f"summary of {self.start} to {self.end}"
