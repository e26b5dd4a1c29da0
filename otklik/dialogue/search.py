"""Ideas as something that staff find in the search of the whole house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.dialogue.access import visible_ideas
from otklik.dialogue.models import Idea
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.identity.public import Right, User
from otklik.kit.chunks import in_chunks
from otklik.kit.clock import now
from otklik.search.public import NewDocument, SearchKind, put, search_kinds

KIND = "idea"
CHUNK = 500
# Those of the demo are made findable at once, when it is loaded.
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})
_NEWS = ("written", "replied", "state_changed", "merged")


def register() -> None:
    search_kinds.add(
        SearchKind(
            name=KIND,
            label=_("Ideas"),
            scope=_scope,
            links=lambda ids: {pk: reverse("idea", args=[pk]) for pk in ids},
            documents=_all_documents,
            right=Right.RUN_DIALOGUE,
            order=70,
        )
    )


def _scope(user: User) -> Q:
    if user.may(Right.RUN_DIALOGUE) and user.may(Right.SEE_ALL_PARTNERS):
        return Q()
    return Q(object_id__in=visible_ideas(user).values("pk"))


def _all_documents() -> Iterator[Sequence[NewDocument]]:
    for part in in_chunks(Idea.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield _documents(part)


def _documents(ids: Sequence[int]) -> list[NewDocument]:
    """Without those whose author was erased: they have no words any more. Whose idea it is is not told here:
    whoever reads an idea need not see its partner."""
    rows = Idea.objects.filter(pk__in=ids).exclude(title="")
    return [
        NewDocument(
            KIND,
            idea.pk,
            title=idea.title,
            texts=[idea.text, idea.reason, idea.outcome, idea.reply],
            program_id=idea.program_id,
        )
        for idea in rows
    ]


def _follow(kind: str) -> None:
    @on_many(kind, name=f"dialogue.find:{kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        put(_documents(sorted({event.subject("idea") for event in events})), at=now())


for _one in _NEWS:
    _follow(f"idea.{_one}")


@on("demo.loaded", name="dialogue.find_demo", origins=ALL_ORIGINS)
def _follow_demo(event: DeliveredEvent) -> None:
    for documents in _all_documents():
        put(documents, at=now())
