"""Before a wave: what each of the team expects of each person, and the sign-off. After its start: everybody's
expectation beside the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.feedback.public import (
    HAND_REASONS,
    REMOVED_FOR,
    HandReason,
    Invitation,
    ResponseStatus,
    SurveyKind,
    Wave,
    WaveMode,
    WaveState,
)
from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Contact, Partner
from otklik.relationships.access import (
    expecting_partners,
    map_partners,
    signing_partners,
    visible_calls,
    visible_expectations,
)
from otklik.relationships.models import ExpectedScore, SignOff
from otklik.relationships.operations.expected import (
    ExpectationsLocked,
    NotAScoreSurvey,
    NotAsked,
    OffScale,
    enter_expected,
    sign_off,
)
from otklik.relationships.queries.asking import Place, friendliness, places_in
from otklik.relationships.rules.quality import Doubt
from otklik.relationships.rules.vocabulary import CallKind
from otklik.stats.nps import HIGHEST_SCORE

A_PAGE = 50
_LOCKED = gettext_lazy("The wave has begun: expected scores are locked.")


@dataclass(frozen=True, slots=True)
class Row:
    """``others`` is empty until the start, for everybody."""

    contact: Contact
    mine: int | None
    others: tuple[ExpectedScore, ...]
    score: int | None
    place: Place | None
    """In the wave; None: not of its audience."""
    why: str
    """A HandReason where somebody leading left them out."""


@require_safe
@needs(Right.SEE_FEEDBACK)
def waves(request: StaffRequest) -> HttpResponse:
    rows = _waves(request.user).select_related("program").order_by("-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "relationships/expected_waves.html", {"page": page})


@require_safe
@needs(Right.SEE_FEEDBACK)
def wave(request: StaffRequest, wave_id: int) -> HttpResponse:
    """Once it closed, the greatest surprises; then the partners of whom this person may expect something,
    with how many people they did."""
    row = get_object_or_404(_waves(request.user), pk=wave_id)
    partners = expecting_partners(request.user).filter(program_id=row.program_id).order_by("name_key", "pk")
    page = Paginator(partners, A_PAGE).get_page(request.GET.get("page"))
    ids = [one.pk for one in page.object_list]
    counted = (
        ExpectedScore.objects.filter(wave=row, user=request.user, contact__partner__in=ids)
        .order_by()
        .values_list("contact__partner_id")
        .annotate(count=Count("pk"))
    )
    mine, signed = dict(counted), SignOff.objects.filter(wave=row, partner__in=ids)
    done = set(signed.values_list("partner_id", flat=True))
    lines = [(one, mine.get(one.pk, 0), one.pk in done) for one in page.object_list]
    shown = visible_calls(request.user).filter(wave=row, kind=CallKind.SURPRISE)
    surprises = shown.select_related("contact", "partner", "owner").order_by("place", "pk")[:A_PAGE]
    context = {
        "wave": row,
        "page": page,
        "lines": lines,
        "surprises": surprises,
        "is_closed": row.state == WaveState.CLOSED,
        "is_draft": row.state == WaveState.DRAFT,
    }
    return render(request, "relationships/expected_wave.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def partner(request: StaffRequest, wave_id: int, partner_id: int) -> HttpResponse:
    wave = get_object_or_404(_waves(request.user), pk=wave_id)
    theirs = {"pk": partner_id, "program_id": wave.program_id}
    if request.method == "POST":
        subject = get_object_or_404(expecting_partners(request.user), **theirs)
        return _enter(request, wave, subject)
    subject = get_object_or_404(map_partners(request.user), **theirs)
    return _page(request, wave, subject)


@require_POST
@needs(Right.EDIT_PARTNERS)
def sign(request: StaffRequest, wave_id: int, partner_id: int) -> HttpResponse:
    wave = get_object_or_404(_waves(request.user), pk=wave_id)
    subject = get_object_or_404(signing_partners(request.user), pk=partner_id, program_id=wave.program_id)
    said = {pk: request.POST.get(f"why-{pk}", "") for pk in _people(subject).values_list("pk", flat=True)}
    if not set(said.values()) <= {"", *REMOVED_FOR}:
        messages.error(request, _("Choose a reason of the list for everybody who is left out."))
        return redirect("map-expected", wave.pk, subject.pk)
    dropped = {pk: HandReason(why) for pk, why in said.items() if why}
    by, at = actor_for(request), now()
    try:
        sign_off(wave_id=wave.pk, partner_id=subject.pk, dropped=dropped, by=by, at=at)
    except ExpectationsLocked:
        messages.error(request, _LOCKED)
    except NotAsked:
        messages.error(request, _("Somebody left meanwhile. Look through the list and save again."))
    except NotAScoreSurvey:
        messages.error(request, _("This survey does not ask for a score from 0 to 10."))
    else:
        messages.success(request, _("Signed off. The wave leaves out whom you left out."))
    return redirect("map-expected", wave.pk, subject.pk)


def _waves(user: User) -> QuerySet[Wave]:
    """Of the programs in which they see anybody; those called off before they began are of no use."""
    programs = map_partners(user).order_by().values("program_id")
    rows = Wave.objects.filter(mode=WaveMode.WAVE, survey__kind=SurveyKind.NPS, program__in=programs)
    return rows.exclude(state=WaveState.CANCELLED, started_at=None)


def _enter(request: StaffRequest, wave: Wave, subject: Partner) -> HttpResponse:
    people = _people(subject).values_list("pk", flat=True)
    said = {pk: request.POST.get(f"score-{pk}") for pk in people}
    scores = {pk: _score(text) for pk, text in said.items() if text is not None}
    try:
        enter_expected(
            wave_id=wave.pk, user_id=request.user.pk, scores=scores, by=actor_for(request), at=now()
        )
    except ExpectationsLocked:
        messages.error(request, _LOCKED)
    except OffScale:
        messages.error(request, _("A score is a whole number from 0 to 10. Nothing was saved."))
    except NotAsked:
        messages.error(request, _("Somebody left meanwhile. Look through the list and save again."))
    else:
        messages.success(request, _("Saved. Until the wave begins nobody else sees what you expect."))
    return redirect("map-expected", wave.pk, subject.pk)


def _score(text: str) -> int | None:
    """Nothing typed takes an expectation back; what is no number is off the scale."""
    typed = text.strip()
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else HIGHEST_SCORE + 1


def _people(subject: Partner) -> QuerySet[Contact]:
    rows = Contact.objects.filter(partner=subject, erased_at=None, is_active=True)
    return rows.order_by("name_key", "pk")


def _page(request: StaffRequest, wave: Wave, subject: Partner) -> HttpResponse:
    is_draft, at = wave.state == WaveState.DRAFT, now()
    signed = SignOff.objects.filter(wave=wave, partner=subject).select_related("by").first()
    people = list(_people(subject))
    ids = [one.pk for one in people]
    places = places_in(wave, ids, at=at)
    in_it = {pk for pk, place in places.items() if place.is_asked}
    known = {*signed.people, *map(int, signed.dropped)} if signed else set(ids)
    context = {
        "wave": wave,
        "partner": subject,
        "rows": _rows(request.user, wave, subject, people, places, signed),
        "is_draft": is_draft,
        "may_enter": is_draft and expecting_partners(request.user).filter(pk=subject.pk).exists(),
        "may_sign": is_draft and signing_partners(request.user).filter(pk=subject.pk).exists(),
        "signed": signed,
        "changed": len(known.symmetric_difference(ids)),
        "asked": len(in_it),
        "known": len(ids),
        "friendly": friendliness(ids, in_it, before=wave.started_at or at),
        "only_friendly": Doubt.ONLY_FRIENDLY,
        "reasons": [(why.value, HAND_REASONS[why]) for why in REMOVED_FOR],
    }
    return render(request, "relationships/expected.html", context)


def _rows(
    user: User,
    wave: Wave,
    subject: Partner,
    people: list[Contact],
    places: Mapping[int, Place],
    signed: SignOff | None,
) -> list[Row]:
    seen: dict[int, list[ExpectedScore]] = {}
    expected = visible_expectations(user).filter(wave=wave, contact__partner=subject)
    for one in expected.select_related("user").order_by("user__name", "pk"):
        seen.setdefault(one.contact_id, []).append(one)
    answers = dict(
        Invitation.objects.filter(
            wave=wave, partner=subject, response__status=ResponseStatus.COMPLETE
        ).values_list("contact_id", "response__score")
    )
    dropped = signed.dropped if signed else {}
    return [
        Row(
            contact,
            next((one.score for one in seen.get(contact.pk, ()) if one.user_id == user.pk), None),
            tuple(one for one in seen.get(contact.pk, ()) if one.user_id != user.pk),
            answers.get(contact.pk),
            places.get(contact.pk),
            _why(places.get(contact.pk), dropped.get(str(contact.pk), "")),
        )
        for contact in people
    ]


def _why(place: Place | None, signed: str) -> str:
    """Whoever was taken out on the page of the wave has no reason of a sign-off."""
    if place is None or not place.is_dropped:
        return ""
    return signed or HandReason.OTHER.value
