"""The pages of a form, for people without an account: by their own link, or by one that anybody may use."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from otklik.feedback.models import Invitation, Response, SurveyLink, SurveyVersion
from otklik.feedback.operations.answer_ground import form_of
from otklik.feedback.operations.answering import GivenAnswer, Taken, is_link_closed, take_answers
from otklik.feedback.operations.openings import note_opening
from otklik.feedback.rules.answering import Outcome, is_on_scale
from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind
from otklik.feedback.web.answering.page import (
    FormPage,
    Said,
    form_response,
    languages_wanted,
    our_language,
    too_long,
    words_response,
)
from otklik.feedback.web.answering.reading import LARGEST, Posted, Unreadable, read_plain
from otklik.feedback.web.answering.receiving import (
    HEADER,
    Place,
    Reply,
    broken,
    given_answer,
    is_foreign,
    place_of_slug,
    place_of_token,
    receive,
    too_large,
)
from otklik.kit.clock import now
from otklik.kit.outage import outage_of

log = logging.getLogger(__name__)
_PREFETCHING = ("prefetch", "prerender", "preview")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """There is no cookie to protect: who knows the token may answer."""
    place = place_of_token(token)
    if request.method == "POST" and HEADER in request.META:
        return _by_script(request, place)
    invitation = _invitation(place)
    if place is None or invitation is None:
        return _problem(request, Outcome.UNKNOWN)
    if refusal := _refusal(invitation):
        return _problem(request, refusal, invitation.language)
    if request.method == "POST":
        return _by_form(request, place, _page_of(request, invitation))
    if "thanks" in request.GET:
        return _thanks(request, _page_of(request, invitation))
    page = _page_of(request, invitation, _provisional(request, invitation.version.survey.kind))
    _note(request, invitation, page.said)
    return form_response(page)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST" and HEADER in request.META:
        return _by_script(request, place_of_slug(slug))
    found = SurveyLink.objects.filter(slug=slug).select_related("survey__program").first()
    if found is None:
        return _problem(request, Outcome.UNKNOWN)
    hosts = [str(host) for host in found.hosts]
    if is_link_closed(found, found.survey, now()):
        return _problem(request, Outcome.CLOSED, hosts=hosts)
    page = _page_of_link(request, found)
    if request.method == "POST":
        return _by_form(request, Place(link_id=found.pk), page, hosts=hosts)
    if "thanks" in request.GET:
        return _thanks(request, page, hosts=hosts)
    return form_response(page, hosts=hosts)


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A script that puts the form where its own tag stands. Whether the form may be shown there is said by
    the page in the frame."""
    if not SurveyLink.objects.filter(slug=slug).exists():
        return HttpResponse("/* no such survey */", content_type="text/javascript", status=404)
    body = _EMBED % (json.dumps(slug), json.dumps(reverse("survey-link", args=[slug])))
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


_EMBED = """(function () {
  "use strict";
  var tag = document.currentScript, slug = %s, path = %s;
  var origin = new URL(tag.src).origin, frame = document.createElement("iframe");
  var language = tag.dataset.lang ? "&lang=" + encodeURIComponent(tag.dataset.lang) : "";
  frame.src = origin + path + "?embed=1" + language;
  frame.title = tag.dataset.title || "Survey";
  frame.loading = "lazy";
  frame.style.cssText = "width:100%%;max-width:44rem;height:420px;border:0;display:block";
  tag.parentNode.insertBefore(frame, tag);
  addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    if (!event.data || event.data.otklik !== slug) return;
    frame.style.height = Math.min(Math.max(Number(event.data.height) || 0, 120), 6000) + "px";
  });
})();
"""


def _by_script(request: HttpRequest, place: Place | None) -> HttpResponse:
    """As the fast door does, for servers that have none in front."""
    if _length(request) > LARGEST:
        return _json(too_large())
    try:
        return _json(receive(request.META, request.body, place, _take, at=now()))
    except Exception as error:
        known = broken(error)
        if known is None:
            log.exception("an answer was not stored")
        return _json(known or Reply(500, {"code": "broken"}))


def _json(reply: Reply) -> HttpResponse:
    response = JsonResponse(dict(reply.body), status=reply.status)
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response["X-Robots-Tag"] = "noindex, nofollow"
    if reply.status >= 500:
        response["Retry-After"] = "5"
    return response


def _take(given: GivenAnswer) -> Taken:
    return take_answers([given])[0]


def _by_form(
    request: HttpRequest, place: Place, page: FormPage, *, hosts: Sequence[str] = ()
) -> HttpResponse:
    """A browser without scripts sent the form: a person pressed its button."""
    if is_foreign(request.META):
        return _problem(request, Outcome.UNKNOWN, page.language, status=403, hosts=hosts)
    posted: Posted | None = None
    if _length(request) <= LARGEST:
        try:
            posted = read_plain(request.body)
            given = given_answer(request.META, place, posted, at=now()) if posted else None
        except Unreadable:
            with translation.override(our_language(page.language)):
                error = _("Choose a score first.")
            return form_response(page, error=error, status=422, hosts=hosts)
        if given is None:
            # A script pressed the button: nothing is taken, and a person sees the page again.
            return redirect(request.path)
        outcome = _take(given).outcome
    else:
        outcome = Outcome.TOO_LONG
    if outcome in (Outcome.RECORDED, Outcome.CHANGED, Outcome.SAME, Outcome.SET_ASIDE):
        more = "&embed=1" if page.is_embedded else ""
        return redirect(f"{request.path}?thanks=1&lang={page.language}{more}")
    if outcome is Outcome.TOO_LONG:
        return _again(page, posted, hosts)
    return _problem(request, outcome, page.language, hosts=hosts)


def _again(page: FormPage, posted: Posted | None, hosts: Sequence[str]) -> HttpResponse:
    """With everything that was typed."""
    said = page.said
    if posted is not None:
        said = Said(posted.score, posted.comment or "", posted.answers or {}, posted.may_contact)
    with translation.override(our_language(page.language)):
        error = too_long()
    shown = FormPage(
        page.form, page.language, page.version_id, page.program, said, page.slug, page.is_shared,
        page.is_embedded, page.stop,
    )  # fmt: skip
    return form_response(shown, error=error, status=413 if posted is None else 422, hosts=hosts)


def _invitation(place: Place | None) -> Invitation | None:
    if place is None or place.invitation_id is None:
        return None
    rows = Invitation.objects.select_related("version__survey", "contact", "program")
    return rows.filter(pk=place.invitation_id).first()


def _refusal(invitation: Invitation) -> Outcome | None:
    if invitation.state in (InvitationState.LEFT_OUT, InvitationState.WITHDRAWN):
        return Outcome.WITHDRAWN
    if invitation.contact.erased_at is not None:
        return Outcome.ERASED
    return Outcome.EXPIRED if invitation.is_expired(now()) else None


def _page_of(request: HttpRequest, invitation: Invitation, score: int | None = None) -> FormPage:
    form = form_of(invitation.version, invitation.version.survey.kind)
    row = Response.objects.filter(invitation=invitation).first()
    said = Said(score)
    if row is not None:
        changes = score is not None and score != row.score
        shown = score if score is not None else row.score
        said = Said(shown, row.comment, row.answers, row.may_contact, is_confirmed=not changes)
    language = form.language_for(*languages_wanted(request, invitation.language))
    return FormPage(form, language, invitation.version_id, invitation.program.name, said, stop=_stop(request))


def _stop(request: HttpRequest) -> str:
    try:
        assert request.resolver_match is not None
        return reverse("answer-stop", args=[request.resolver_match.kwargs["token"]])
    except NoReverseMatch:
        return ""


def _page_of_link(request: HttpRequest, found: SurveyLink) -> FormPage:
    version = SurveyVersion.objects.filter(survey=found.survey_id).order_by("-number")[0]
    form = form_of(version, found.survey.kind)
    return FormPage(
        form,
        form.language_for(*languages_wanted(request)),
        version.pk,
        found.survey.program.name,
        Said(_provisional(request, found.survey.kind)),
        slug=found.slug,
        is_shared=found.is_shared,
        is_embedded="embed" in request.GET,
    )


def _provisional(request: HttpRequest, kind: str) -> int | None:
    """The score of the link that was followed: shown as chosen, and counted only once somebody confirms."""
    text = request.GET.get("s", "")
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    return int(text) if is_on_scale(SurveyKind(kind), int(text)) else None


def _note(request: HttpRequest, invitation: Invitation, said: Said) -> None:
    """Not for HEAD, nor for a browser that fetches ahead of the person. Where the database takes nothing
    just now the page is shown all the same."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    purpose += request.headers.get("X-Moz", "")
    is_ahead = any(word in purpose.lower() for word in _PREFETCHING)
    if request.method != "GET" or is_ahead or "lang" in request.GET:
        return
    try:
        note_opening(invitation_id=invitation.pk, score=None if said.is_confirmed else said.score, at=now())
    except Exception as error:
        if outage_of(error) is None:
            raise


def _thanks(request: HttpRequest, page: FormPage, *, hosts: Sequence[str] = ()) -> HttpResponse:
    words = page.form.words[page.language]
    with translation.override(our_language(page.language)):
        title, text = _("Thank you"), words.get("thanks") or _("Thank you: your answer has arrived.")
    more = f"{request.path}?lang={page.language}" + ("&embed=1" if page.is_embedded else "")
    return words_response(title, text, page.language, hosts=hosts, more=more)


def _problem(
    request: HttpRequest,
    outcome: Outcome,
    *first: str,
    status: int | None = None,
    hosts: Sequence[str] = (),
) -> HttpResponse:
    language = our_language(*languages_wanted(request, *first))
    with translation.override(language):
        title, text = _problem_words(outcome)
    code = status or {Outcome.UNKNOWN: 404, Outcome.TOO_MANY: 429, Outcome.OFF_SCALE: 422}.get(outcome, 410)
    return words_response(title, text, language, status=code, hosts=hosts)


def _problem_words(outcome: Outcome) -> tuple[str, str]:
    if outcome is Outcome.EXPIRED:
        text = _("The time to answer is over. Nothing was stored. We shall gladly hear you next time.")
        return _("This link has expired"), text
    if outcome is Outcome.ERASED:
        return _("There is nothing to answer here"), _("The data that this link belongs to were erased.")
    if outcome in (Outcome.WITHDRAWN, Outcome.CLOSED):
        return _("This survey is closed"), _("Answers are not taken any more. Thank you for coming.")
    if outcome is Outcome.TOO_MANY:
        return _("Very many answers"), _("There were very many answers from here. Try again in an hour.")
    if outcome is Outcome.OFF_SCALE:
        return _("This score is not on the scale"), _("Go back and choose one of those that are shown.")
    text = _("Some mail programs cut long links. Open it from the mail once more, or copy it whole.")
    return _("This link is not complete"), text


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0
