"""What timelines say about articles: an article's own, and that of somebody who read one."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from otklik.events.public import EventLine
from otklik.knowledge.labels import VISIBILITIES
from otklik.partners.public import Names, Sentence, language_name


def _plain(told: Callable[[], str]) -> Callable[[EventLine, Names], str]:
    return lambda line, names: told()


def _created(line: EventLine, names: Names) -> str:
    if ticket_id := line.data.get("from_ticket_id"):
        return _("The article was made from ticket #%(number)s.") % {"number": ticket_id}
    return _("The article was begun.")


def _saved(line: EventLine, names: Names) -> str:
    if number := line.data.get("restored_from"):
        told = _("Version %(number)s was brought back (%(language)s).")
        return told % {"number": number, "language": _language(line)}
    told = _("Version %(number)s was saved (%(language)s).")
    return told % {"number": line.data["number"], "language": _language(line)}


def _checked(line: EventLine, names: Names) -> str:
    told = _("The translation was compared with the original (%(language)s).")
    return told % {"language": _language(line)}


def _removed(line: EventLine, names: Names) -> str:
    return _("The translation was taken away (%(language)s).") % {"language": _language(line)}


def _changed(line: EventLine, names: Names) -> str:
    readers = VISIBILITIES.get(line.data["visibility"], line.data["visibility"])
    return _("Who reads it or where it stands was changed; readers: %(readers)s.") % {"readers": readers}


def _feedback(line: EventLine, names: Names) -> str:
    return _("An article helped.") if line.data["helped"] else _("An article did not help.")


def _language(line: EventLine) -> str:
    code = str(line.data["language"])
    return language_name(code) or code


SENTENCES = (
    Sentence("article.created", _created, "book"),
    Sentence("article.changed", _changed, "settings"),
    Sentence("article.text_saved", _saved, "edit"),
    Sentence("article.text_checked", _checked, "check"),
    Sentence("article.text_removed", _removed, "trash"),
    Sentence("article.published", _plain(lambda: _("The article was published.")), "check"),
    Sentence("article.archived", _plain(lambda: _("The article went to the archive.")), "lock"),
    Sentence("article.reviewed", _plain(lambda: _("The article was read again: it still holds.")), "check"),
    Sentence("article.file_added", _plain(lambda: _("A file was added.")), "upload"),
    Sentence("article.file_removed", _plain(lambda: _("A file was taken away.")), "trash"),
    Sentence("article.video_added", _plain(lambda: _("A video was added.")), "play"),
    Sentence("article.video_removed", _plain(lambda: _("A video was taken away.")), "trash"),
    Sentence("article.feedback_given", _feedback, "message"),
)
