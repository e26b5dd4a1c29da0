"""{% load desk_translation %}

{% reading_of message as reading %}   what this message says in the reader's language
{{ code|language_name }}              a language by its name
{{ word|translation_failure }}        why there is no translation
"""

from __future__ import annotations

from typing import Any

from django import template

from otklik.desk.languages import TRANSLATION_FAILURE
from otklik.desk.languages import language_name as name_of
from otklik.desk.models import Message
from otklik.desk.queries.sides import money_hidden
from otklik.desk.queries.translations import Reading
from otklik.desk.queries.translations import reading_of as reading_in

register = template.Library()


@register.simple_tag(takes_context=True)
def reading_of(context: Any, message: Message) -> Reading:
    said = context["conversation"]
    if message.pk in said.untold:
        return Reading(money_hidden(message), message.language)
    if not said.has_translations:
        return Reading(message.text, message.language)
    return reading_in(message, language=context["request"].user.language, is_translating=said.is_translated)


@register.filter
def language_name(code: str) -> str:
    return name_of(code) if code else ""


@register.filter
def translation_failure(word: str) -> str:
    return str(TRANSLATION_FAILURE.get(word, TRANSLATION_FAILURE["failed"]))
