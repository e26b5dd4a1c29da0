"""Asking: what is known already first, and then a form that fits the topic and says when an answer comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.assist.public import Answer, answer_for, link_answer, settle_answer
from otklik.desk.public import (
    CallFields,
    Matter,
    MatterFilter,
    Side,
    Topic,
    answer_expected,
    ask_as_contact,
    matter_of,
    matter_page,
    offered_topics,
    questions_of,
    subject_for,
    topic_name,
)
from otklik.kit.clock import now
from otklik.kit.long_text import LongTextField
from otklik.knowledge.public import Reader, search_articles
from otklik.payouts.public import Payout
from otklik.portal.web.guard import Person, PortalRequest, person_page
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.writing import LONGEST_TEXT, MOST_FILES, KeyedForm, Refused, taken_files

_ARTICLES, _MATTERS = 4, 3
_MOST_SEARCHED = 400
# More words than these are a question, not what to look for.
_A_QUESTION = 5
_LONGEST_ANSWER = 1000


class AskForm(CallFields, KeyedForm):
    topic = forms.TypedChoiceField(
        label=gettext_lazy("What is it about?"), required=False, coerce=int, empty_value=None
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    is_private = forms.BooleanField(
        label=gettext_lazy("Only between me and you: my colleagues do not see it"), required=False
    )
    # The automatic answer that stood above the form and was not enough.
    answer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    text = LongTextField(
        label=gettext_lazy("Your message"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 7})
    )

    def __init__(self, data: Any = None, *, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        topic: Any = self.fields["topic"]
        topic.choices = [("", _("Something else")), *((one.pk, topic_name(one)) for one in topics)]


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    excerpt: str
    url: str


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def ask(request: PortalRequest) -> HttpResponse:
    """However it goes wrong, what was typed is still there."""
    topics = offered_topics()
    if request.method != "POST":
        form = AskForm(topics=topics, initial=_beginning(request, topics))
        return _page(request, form, topics)
    form = AskForm(request.POST, topics=topics)
    asked = _questions(request, _topic(topics, _number(request.POST.get("topic", ""))))
    if not form.is_valid() or _is_too_long(form, asked):
        return _page(request, form, topics, status=422)
    try:
        files = taken_files(request)
    except Refused as refused:
        form.add_error(None, refused.text)
        return _page(request, form, topics, status=refused.status)
    said, chosen = form.cleaned_data, _topic(topics, form.cleaned_data["topic"])
    text = _with_answers(said["text"], asked)
    ticket = ask_as_contact(
        contact=request.person.contact,
        topic_id=chosen.pk if chosen else None,
        subject=said["subject"],
        text=text,
        language=request.person.language,
        files=files,
        is_private=said["is_private"],
        call=form.call(),
        key=form.sending_key(said["subject"], text, files=files),
        at=now(),
    )
    if told := said["answer"]:
        contact_id = request.person.contact.pk
        link_answer(answer_id=told, contact_id=contact_id, ticket_id=ticket.pk, at=now())
    messages.success(request, _("We have received it. The answer comes here and by e-mail."))
    return redirect("portal-matter", ticket.pk)


@require_safe
@person_page
def found(request: PortalRequest) -> HttpResponse:
    """What is known of it already, as somebody types. The last letter's search may come after the answer to
    the same words, which has to stay."""
    if _searched(request) and request.GET.get("told_for") == _searched(request):
        return HttpResponse(status=204)
    return render(request, "portal/ask/_found.html", _found(request.person, _searched(request)))


@require_POST
@person_page
def answer(request: PortalRequest) -> HttpResponse:
    """The question was sent and not only typed: where a machine is sure, it answers at once."""
    person, q = request.person, _searched(request)
    is_much = is_too_often(request, "answer", str(person.account_id), at=now())
    told = (
        answer_for(q, contact_id=person.contact.pk, language=person.language, channel="portal", at=now())
        if q and not is_much
        else None
    )
    shown = {**_found(person, q), **_told(told), "told_for": q}
    if request.headers.get("HX-Request"):
        return render(request, "portal/ask/_answered.html", shown)
    topics = offered_topics()
    form = AskForm(topics=topics, initial={"subject": q[:200], "answer": told.id if told else None})
    return _page(request, form, topics, shown=shown)


@require_POST
@person_page
def settle(request: PortalRequest, answer_id: int) -> HttpResponse:
    """ "This answers it", or "I need a person", which is one step from the form."""
    helped = request.POST.get("helped") == "1"
    settled = settle_answer(
        answer_id=answer_id, contact_id=request.person.contact.pk, helped=helped, at=now()
    )
    if settled is None:
        raise Http404
    if helped:
        messages.success(request, _("Good. If it comes up again, ask us here."))
        return redirect("portal-home")
    query = urlencode({"q": settled.question[:_MOST_SEARCHED], "answer": answer_id})
    return redirect(f"{reverse('portal-ask')}?{query}#write")


@require_safe
@person_page
def topic(request: PortalRequest) -> HttpResponse:
    """The part of the form that depends on the topic."""
    number = request.GET.get("topic", "")
    chosen = _topic(offered_topics(), _number(number))
    return render(request, "portal/ask/_topic.html", _about_topic(request, chosen))


def _page(
    request: PortalRequest,
    form: AskForm,
    topics: Sequence[Topic],
    *,
    shown: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    value = str(form["topic"].value() or "")
    chosen = _topic(topics, _number(value))
    q = _searched(request)
    context = {
        "form": form,
        "key": form.data.get("key") or AskForm.new_key(),
        "q": q,
        "had_files": bool(request.FILES),
        "most_files": MOST_FILES,
        **(shown if shown is not None else _found(request.person, q)),
        **_about_topic(request, chosen),
    }
    return render(request, "portal/ask/ask.html", context, status=status)


def _about_topic(request: PortalRequest, chosen: Topic | None) -> dict[str, Any]:
    person = request.person
    owner = chosen.owner if chosen is not None and chosen.owner and chosen.owner.is_active else None
    return {
        "questions": _questions(request, chosen),
        "expected": answer_expected(person.partner, person.contact, chosen, at=now()),
        "answers": owner.name if owner else (chosen.team.name if chosen and chosen.team else ""),
        "procedure": chosen.procedure_url if chosen is not None else "",
    }


def _questions(request: PortalRequest, chosen: Topic | None) -> list[Question]:
    given: Mapping[str, Any] = request.POST or request.GET
    labels = questions_of(chosen, request.person.language)
    return [
        Question(f"question_{n}", label, str(given.get(f"question_{n}", "")))
        for n, label in enumerate(labels)
    ]


def _is_too_long(form: AskForm, questions: Sequence[Question]) -> bool:
    for one in questions:
        if len(one.value) > _LONGEST_ANSWER:
            told = {"question": one.label, "most": _LONGEST_ANSWER}
            error = (
                _("“%(question)s”: %(most)s characters at most. The rest can stand in the message.") % told
            )
            form.add_error(None, error)
    return bool(form.errors)


def _with_answers(text: str, questions: Sequence[Question]) -> str:
    """Above the message, a line each: who answers reads them first."""
    lines = [f"{one.label}: {' '.join(one.value.split())}" for one in questions if one.value.strip()]
    return "\n".join([*lines, "", text]) if lines else text


def _topic(topics: Sequence[Topic], number: int | None) -> Topic | None:
    return next((one for one in topics if one.pk == number), None)


def _searched(request: PortalRequest) -> str:
    return str(request.POST.get("q") or request.GET.get("q") or "").replace("\0", "").strip()[:_MOST_SEARCHED]


def _found(person: Person, q: str) -> dict[str, Any]:
    if len(q) < 2:
        return {"articles": [], "past": [], "looked": ""}
    reader = Reader(
        program_id=person.program.pk,
        partner_id=person.partner.pk,
        tier=person.partner.tier,
        contact_id=person.contact.pk,
        language=person.language,
    )
    articles = [
        Article(one.title, one.excerpt, url)
        for one in search_articles(q, reader, _ARTICLES)
        if (url := _article_address(one.slug))
    ]
    past = _past(person, q)
    return {"articles": articles, "past": past, "looked": q, "at": now()}


def _past(person: Person, q: str) -> list[Matter]:
    """With all the words, or else with the two that tell most: the longest. A whole question is not asked for
    by all of its words: hardly another text holds them, and looking takes as long as for the two."""
    words = sorted(q.split(), key=len, reverse=True)
    if len(words) <= _A_QUESTION and (found := _matters_with(person, q)):
        return found
    return _matters_with(person, " ".join(words[:2])) if len(words) > 2 else []


def _matters_with(person: Person, q: str) -> list[Matter]:
    chosen = MatterFilter(q=q)
    return matter_page(person.partner.pk, chosen, reader=person.contact.pk, limit=_MATTERS).matters


def _told(told: Answer | None) -> dict[str, Any]:
    if told is None:
        return {"told": None}
    return {"told": told, "told_url": _address(told.link_name, *told.link_args) if told.link_name else ""}


def _article_address(slug: str) -> str:
    address = _address("portal-article", slug)
    return f"{address}?from=ask" if address else ""


def _address(name: str, *args: object) -> str:
    """A room that is not open here leaves no dead link behind."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _beginning(request: PortalRequest, topics: Sequence[Topic]) -> dict[str, Any]:
    """``?about=payout:7`` or ``ticket:12``: something of their own, which the question then names. Anybody
    else's is not found, as if there were none."""
    noun, _colon, number = request.GET.get("about", "").partition(":")
    named = next((one.pk for one in topics if one.key == request.GET.get("topic", "")), None)
    beginning: dict[str, Any] = {
        "subject": _searched(request)[:200],
        "topic": named,
        "answer": _number(request.GET.get("answer", "")),
        "is_private": request.GET.get("private") == "1",
    }
    if not noun:
        return beginning
    if (key := _number(number)) is None:
        raise Http404
    if noun == "payout":
        return beginning | {"subject": _of_payout(request.person, key)}
    if noun == "ticket":
        ticket = matter_of(request.person.partner.pk, key, reader=request.person.contact.pk)
        if ticket is not None:
            told = {"number": ticket.pk, "subject": subject_for(Side.PARTNER, ticket)}
            subject = _("About request #%(number)s: %(subject)s") % told
            return beginning | {"subject": subject[:200], "topic": named or ticket.topic_id}
    raise Http404


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _of_payout(person: Person, payout_id: int) -> str:
    if not person.sees_money or not Payout.objects.filter(pk=payout_id, partner=person.partner).exists():
        raise Http404
    return _("Payout #%(number)s") % {"number": payout_id}
