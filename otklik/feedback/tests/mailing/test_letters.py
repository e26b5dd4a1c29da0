"""What a person gets: their language, their name, buttons that every mail program shows, nothing fetched."""

from __future__ import annotations

import re
from html import unescape

import pytest

from otklik.feedback.mailing.ids import invitation_named_by, message_id_for
from otklik.feedback.mailing.letters import Letter, Personal, preview, template_for
from otklik.feedback.rules.forms import read_form
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind
from otklik.feedback.rules.wording import standard_wording

VERA = Personal("Vera", "North", "Anna", "https://s.example/a/TOKEN/")


def letter(
    kind: SurveyKind = SurveyKind.NPS, language: str = "en", who: Personal = VERA, **words: str
) -> Letter:
    wording = {language: {"question": "How likely?", **words}}
    return template_for(read_form(kind, wording), language).fill(who)


@pytest.mark.parametrize("kind", list(SurveyKind))
def test_every_score_is_a_link_in_both_parts(kind: SurveyKind) -> None:
    sent = letter(kind)
    low, high = SCALES[kind]
    for score in range(low, high + 1):
        assert f'href="https://s.example/a/TOKEN/?s={score}"' in sent.html
        assert f"https://s.example/a/TOKEN/?s={score}\n" in sent.text
    assert f"?s={high + 1}" not in sent.html
    assert len(re.findall(r'<td class="score"', sent.html)) == high - low + 1


def test_nothing_is_fetched_from_anywhere() -> None:
    html = letter().html
    assert not re.findall(r"<(?:img|link|script|iframe|object|form)\b|@import|url\(|src=", html)
    found = set(re.findall(r"https?://[^\"' )>]+", html))
    assert all(one.startswith(("https://s.example/a/TOKEN/", "http://www.w3.org/")) for one in found)


def test_dark_screens_are_told_and_styled() -> None:
    html = letter().html
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "@media (prefers-color-scheme: dark)" in html


def test_every_mail_can_be_the_last() -> None:
    sent = letter()
    assert 'href="https://s.example/a/TOKEN/stop/"' in sent.html
    assert "https://s.example/a/TOKEN/stop/" in sent.text


def test_variables_are_filled_for_the_person() -> None:
    sent = letter(subject="{name}, about {program}", intro="Hello {name}, {manager} asks.")
    assert sent.subject == "Vera, about North"
    assert "Hello Vera, Anna asks." in sent.text
    assert "Hello Vera, Anna asks." in sent.html


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", list(SurveyKind))
def test_a_form_without_words_for_the_mail_gets_standard_ones(kind: SurveyKind, language: str) -> None:
    form = read_form(kind, standard_wording(kind))
    for is_reminder in (False, True):
        shown = preview(form, language, program="North", is_reminder=is_reminder)
        assert "North" in shown.subject + shown.text
        assert "{" not in shown.subject + shown.text
        assert bool(re.search("[а-я]", shown.subject)) is (language == "ru")


def test_a_reminder_has_words_of_its_own() -> None:
    words = {"question": "?", "subject": "One", "reminder_subject": "Two", "reminder_intro": "Still there?"}
    form = read_form(SurveyKind.NPS, {"en": words})
    assert template_for(form, "en").fill(VERA).subject == "One"
    reminder = template_for(form, "en", is_reminder=True).fill(VERA)
    assert reminder.subject == "Two"
    assert "Still there?" in reminder.html


HOSTILE = (
    "<script>alert(1)</script>",
    '"><a href="https://evil.example">',
    "Eve\r\nBcc: all@example.com",
    "{program}",
    "[[link]] \ue004",
    "\\u{41} & é̂\u200d",
    "עמית",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_never_markup_nor_a_header(name: str) -> None:
    sent = letter(subject="Hi {name}", intro="Hi {name}", who=Personal(name, name, name, VERA.link))
    assert not re.search(r"[\r\n]", sent.subject)
    assert "<script" not in sent.html
    assert 'href="https://evil' not in sent.html
    written = re.sub(r"\s+", " ", name).rstrip("\u200d")
    assert written in unescape(sent.html)
    assert written in sent.text


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_a_form_stand_as_they_were_written(words: str) -> None:
    sent = letter(question=words, low=words)
    kept = words.replace("\ue004", "").replace("\r\n", "\n").replace("\n", "<br>").strip()
    assert "<script" not in sent.html
    assert 'href="https://evil' not in sent.html
    assert kept in unescape(sent.html).replace("\r<br>", "<br>")


def test_words_from_the_right_keep_their_full_stops() -> None:
    sent = letter(language="he", intro="שלום {name}!")
    assert '<div dir="rtl">' in sent.html
    assert '<span dir="auto">Vera</span>' in sent.html
    assert "\u2068Vera\u2069" in sent.text
    assert "\u2068" not in letter().text


def test_a_name_turns_no_words_around_and_hides_nothing() -> None:
    name = "Ve\u202era\u2066 \u200f\u200bOr\u0085lova\u2069"
    sent = letter(subject="{name}: {program}", intro="{name}, {manager}", who=Personal(name, name, name, "/"))
    assert sent.subject == "Vera Or lova: Vera Or lova"
    for text in (sent.text, unescape(sent.html)):
        assert "Vera Or lova, Vera Or lova" in text
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u0085]", text)


def test_pictures_and_words_from_the_right_stay_in_a_name() -> None:
    name = "נועה 👩‍💻"
    sent = letter(subject="{name}!", intro="{name}", who=Personal(name, name, name, "/"))
    assert sent.subject == f"\u2068{name}\u2069!"
    assert name in unescape(sent.html)


def test_a_language_without_a_translation_has_an_english_frame() -> None:
    sent = letter(language="fi", intro="Hei {name}")
    assert "Hei Vera" in sent.text
    assert "Do not ask me any more" in sent.text


def test_a_message_id_names_its_invitation_and_cannot_be_made_up() -> None:
    message_id = message_id_for(17, 2)
    assert invitation_named_by(message_id) == invitation_named_by(message_id.strip("<>")) == 17
    assert invitation_named_by(message_id.replace(".17.", ".18.")) is None
    assert invitation_named_by(message_id.replace(".2.", ".1.")) is None
    assert invitation_named_by("<otklik.1.p.abc@x.example>") is None
