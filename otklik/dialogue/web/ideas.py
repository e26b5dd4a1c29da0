"""Ideas as staff see them: moderated, answered, moved on, merged."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.dialogue.access import editable_ideas, partner_rows, visible_ideas
from otklik.dialogue.labels import IDEA_STATES
from otklik.dialogue.models import Idea
from otklik.dialogue.operations.ideas import (
    CannotMergeIdeas,
    ReasonWanted,
    merge_ideas,
    moderate_idea,
    reply_to_idea,
    set_idea_state,
)
from otklik.dialogue.queries.partner_side import counted, most_wanted, similar_ideas
from otklik.dialogue.rules.vocabulary import IdeaState, Moderation
from otklik.dialogue.web.parts import A_PAGE, typed, whole_number
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import visible_partners


@require_safe
@needs(Right.RUN_DIALOGUE)
def listed(request: StaffRequest) -> HttpResponse:
    """What waits for moderation first; else the most wanted first."""
    chosen = request.GET.get("state", "")
    visible = visible_ideas(request.user).filter(merged_into=None)
    rows = visible.filter(state=chosen) if chosen in set(map(str, IdeaState)) else visible
    if chosen == "waiting":
        rows = visible.filter(moderation=Moderation.WAITING)
    page = Paginator(most_wanted(rows).select_related("partner", "program"), A_PAGE).get_page(
        request.GET.get("page")
    )
    partners = visible_partners(request.user).filter(pk__in=[row.partner_id for row in page.object_list])
    context = {
        "page": page,
        "seen": set(partners.values_list("pk", flat=True)),
        "chosen": chosen,
        "states": [(state.value, IDEA_STATES[state]) for state in IdeaState],
        "waiting": visible.filter(moderation=Moderation.WAITING).count(),
    }
    return render(request, "dialogue/ideas.html", context)


@require_safe
@needs(Right.RUN_DIALOGUE)
def show(request: StaffRequest, idea_id: int) -> HttpResponse:
    rows = counted(visible_ideas(request.user)).select_related("partner", "contact", "program", "topic")
    idea = get_object_or_404(rows, pk=idea_id)
    others = visible_ideas(request.user).filter(program=idea.program, merged_into=None).exclude(pk=idea.pk)
    voters = idea.votes.filter(partner_rows(request.user))
    context = {
        "idea": idea,
        "is_seen": visible_partners(request.user).filter(pk=idea.partner_id).exists(),
        "voters": voters.select_related("partner", "contact").order_by("partner__name_key", "pk")[:200],
        "similar": similar_ideas(f"{idea.title} {idea.text[:300]}", others),
        "may_edit": editable_ideas(request.user).filter(pk=idea.pk).exists(),
        "states": [(state.value, IDEA_STATES[state]) for state in IdeaState],
    }
    return render(request, "dialogue/idea.html", context)


@require_POST
@needs(Right.RUN_DIALOGUE)
def moderate(request: StaffRequest, idea_id: int) -> HttpResponse:
    idea = get_object_or_404(editable_ideas(request.user), pk=idea_id)
    shown = request.POST.get("shown") == "1"
    moderate_idea(idea_id=idea.pk, shown=shown, by=actor_for(request), at=now())
    text = _("Partners of the program see it now.") if shown else _("Partners do not see it.")
    messages.success(request, text)
    return redirect("idea", idea.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def set_state(request: StaffRequest, idea_id: int) -> HttpResponse:
    idea = get_object_or_404(editable_ideas(request.user), pk=idea_id)
    try:
        set_idea_state(
            idea_id=idea.pk,
            state=IdeaState(request.POST.get("state", "")),
            reason=typed(request, "reason"),
            outcome=typed(request, "outcome"),
            by=actor_for(request),
            at=now(),
        )
    except ValueError:
        messages.error(request, _("Choose a state."))
    except CannotMergeIdeas:
        messages.info(request, _("This idea was merged into another one."))
    except ReasonWanted:
        messages.error(request, _("Write why it is declined, or what was done: partners read it."))
    else:
        messages.success(request, _("Saved."))
    return redirect("idea", idea.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def reply(request: StaffRequest, idea_id: int) -> HttpResponse:
    idea = get_object_or_404(editable_ideas(request.user), pk=idea_id)
    reply_to_idea(idea_id=idea.pk, reply=typed(request, "reply"), by=actor_for(request), at=now())
    messages.success(request, _("Saved."))
    return redirect("idea", idea.pk)


@require_POST
@needs(Right.RUN_DIALOGUE)
def merge(request: StaffRequest, idea_id: int) -> HttpResponse:
    idea = get_object_or_404(editable_ideas(request.user), pk=idea_id)
    into: Idea | None = None
    if number := whole_number(request.POST.get("into", "")):
        into = editable_ideas(request.user).filter(pk=number).first()
    if into is None:
        messages.error(request, _("There is no such idea."))
        return redirect("idea", idea.pk)
    try:
        merge_ideas(idea_id=idea.pk, into_id=into.pk, by=actor_for(request), at=now())
    except CannotMergeIdeas:
        messages.error(request, _("These two ideas cannot be merged."))
        return redirect("idea", idea.pk)
    messages.success(request, _("Merged: each voter counts once."))
    return redirect("idea", into.pk)
