"""Articles are written by several people in several languages: nothing is lost, and nobody reads old news
for new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.events.models import Event
from otklik.events.public import Actor
from otklik.knowledge.hooks import personal_data
from otklik.knowledge.models import Article, ArticleText, ArticleVersion, Feedback, View, Word
from otklik.knowledge.operations.articles import (
    NoTiers,
    Settings,
    SlugStays,
    SlugTaken,
    archive_article,
    change_article,
    create_article,
    publish_article,
)
from otklik.knowledge.operations.locking import ArticleChangedMeanwhile, TextChangedMeanwhile
from otklik.knowledge.operations.readers import Verdict, give_feedback, record_view
from otklik.knowledge.operations.texts import (
    EmptyText,
    MarksLeft,
    SourceStays,
    Written,
    mark_fresh,
    remove_text,
    restore_version,
    save_text,
)
from otklik.knowledge.rules.vocabulary import CameFrom, Visibility, WhyNot
from otklik.knowledge.tests.shelf import AT, SYSTEM, translated, written
from otklik.partners.operations.erase import erase_contact
from otklik.partners.operations.merge import merge_contacts
from tests.world import World


def save(article: Article, language: str = "en", **more: object) -> ArticleText:
    text = Written(**{"title": "Payouts", "body": "Text", "based_on": 1} | more)  # type: ignore[arg-type]
    return save_text(article_id=article.pk, language=language, written=text, by=SYSTEM, at=AT)


def state_of(article: Article, language: str) -> str:
    return str(ArticleText.objects.get(article=article, language=language).state)


def test_a_translation_is_stale_once_its_source_says_something_else(db: None) -> None:
    article = written("Payouts")
    translated(article, "ru", "Выплаты")
    assert state_of(article, "ru") == "fresh"
    save(article, body="On the tenth")
    assert state_of(article, "ru") == "stale"
    mark_fresh(article_id=article.pk, language="ru", source_number=1, by=SYSTEM, at=AT)
    assert state_of(article, "ru") == "stale"  # compared with what the source said before
    mark_fresh(article_id=article.pk, language="ru", source_number=2, by=SYSTEM, at=AT)
    assert state_of(article, "ru") == "fresh"
    save(article, body="On the tenth.", based_on=2, is_small=True)
    assert state_of(article, "ru") == "fresh"
    save(article, body="On the eleventh", based_on=3)
    save(article, "ru", title="Выплаты", body="Десятого", based_on=1)
    assert state_of(article, "ru") == "stale"  # saved without a look at the source
    save(article, "ru", title="Выплаты", body="Одиннадцатого", based_on=2, made_from=4)
    assert state_of(article, "ru") == "fresh"


def test_two_people_at_once_lose_nothing(db: None) -> None:
    article = written("Payouts")
    save(article, body="Anna's")
    with pytest.raises(TextChangedMeanwhile) as caught:
        save(article, body="Boris's")
    assert caught.value.current.body == "Anna's"
    save(article, body="Boris's", based_on=2)
    bodies = ArticleVersion.objects.order_by("number").values_list("body", flat=True)
    assert list(bodies) == ["Text", "Anna's", "Boris's"]
    translated(article, "ru", "Выплаты")
    with pytest.raises(TextChangedMeanwhile):
        translated(article, "ru", "Другой перевод")


def test_the_same_text_twice_is_one_version(db: None) -> None:
    article = written("Payouts")
    save(article, title=" Payouts ", body="Text  \r\n")
    assert ArticleVersion.objects.count() == 1
    for title, body in (("", "x"), ("x", " \n ")):
        with pytest.raises(EmptyText):
            save(article, title=title, body=body)


def test_going_back_makes_a_new_version_and_keeps_those_between(db: None) -> None:
    article = written("Payouts")
    save(article, body="Wrong")
    restore_version(article_id=article.pk, language="en", number=1, based_on=2, by=SYSTEM, at=AT)
    latest = ArticleVersion.objects.latest("number")
    assert (latest.number, latest.body, latest.restored_from) == (3, "Text", 1)
    assert ArticleVersion.objects.count() == 3
    with pytest.raises(TextChangedMeanwhile):
        restore_version(article_id=article.pk, language="en", number=1, based_on=2, by=SYSTEM, at=AT)


def test_a_translation_goes_and_its_source_stays(db: None) -> None:
    article = written("Payouts")
    translated(article, "ru", "Выплаты")
    remove_text(article_id=article.pk, language="ru", by=SYSTEM, at=AT)
    assert not Word.objects.filter(text="выплаты").exists()
    with pytest.raises(SourceStays):
        remove_text(article_id=article.pk, language="en", by=SYSTEM, at=AT)
    # Written anew it goes on counting: no version is written over.
    assert translated(article, "ru", "Выплаты снова").number == 2


def test_the_same_form_twice_makes_one_article(db: None) -> None:
    first, second = (
        create_article(
            language="en", title="A", body="x", settings=Settings(), created_key="form:1", by=SYSTEM, at=AT
        )
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert (Article.objects.count(), ArticleVersion.objects.count()) == (1, 1)


def test_an_address_is_one_and_stays_once_it_was_published(db: None) -> None:
    first, second = written("Когда выплаты?"), written("Когда выплаты?", is_published=False)
    assert (first.slug, second.slug) == ("kogda-vyplaty", "kogda-vyplaty-2")

    def change(article: Article, slug: str, version: int) -> Article:
        settings = Settings(slug=slug)
        return change_article(article_id=article.pk, settings=settings, version=version, by=SYSTEM, at=AT)

    with pytest.raises(SlugTaken):
        change(second, "kogda-vyplaty", 1)
    assert change(second, "vyplaty", 1).slug == "vyplaty"
    with pytest.raises(SlugStays):
        change(first, "other", 2)
    with pytest.raises(ArticleChangedMeanwhile):
        change(second, "again", 1)
    settings = Settings(visibility=Visibility.TIER, tiers=[" "])
    with pytest.raises(NoTiers):
        change_article(article_id=second.pk, settings=settings, version=2, by=SYSTEM, at=AT)


def test_nothing_is_published_while_a_mark_stands(db: None) -> None:
    article = written("Payout of ⟦Aurora⟧", is_published=False)
    with pytest.raises(MarksLeft) as caught:
        publish_article(article_id=article.pk, by=SYSTEM, at=AT)
    assert caught.value.languages == ["en"]
    save(article, title="Payout of Aurora")
    publish_article(article_id=article.pk, by=SYSTEM, at=AT)
    archive_article(article_id=article.pk, by=SYSTEM, at=AT)
    publish_article(article_id=article.pk, by=SYSTEM, at=AT + timedelta(days=1))
    article.refresh_from_db()
    assert (article.state, article.published_at) == ("published", AT)


def test_no_mark_comes_into_an_article_that_is_out_neither_written_nor_brought_back(
    world: World, client: Client
) -> None:
    article = written("Payouts", "Ask ⟦Vera Orlova⟧", is_published=False)
    save(article, body="Ask us")
    publish_article(article_id=article.pk, by=SYSTEM, at=AT)
    with pytest.raises(MarksLeft):
        restore_version(article_id=article.pk, language="en", number=1, based_on=2, by=SYSTEM, at=AT)
    with pytest.raises(MarksLeft):
        translated(article, "ru", "Выплаты ⟦Веры⟧")
    client.force_login(world.anna)
    back = client.post(reverse("article-restore", args=[article.pk, "en", 1]), {"based_on": "2"}, follow=True)
    assert "Not published" in back.content.decode()
    posted = {"title": "Payouts", "body": "Ask ⟦Vera⟧", "based_on": "2"}
    refused = client.post(reverse("article-edit", args=[article.pk, "en"]), posted)
    assert refused.status_code == 422
    assert "Take it out, or only the marks" in refused.content.decode()
    assert ArticleText.objects.get().body == "Ask us"


def test_events_hold_no_words_of_anybody(db: None) -> None:
    article = written("Secret title", "Secret body")
    save(article, title="Secret title", body="Another secret", note="Secret note")
    told = Verdict(helped=False, why=WhyNot.UNCLEAR, words="Secret words")
    give_feedback(article_id=article.pk, language="en", verdict=told, by=SYSTEM, visit="v", at=AT)
    kinds = set()
    for event in Event.objects.all():
        assert "ecret" not in str(event.data)
        kinds.add(event.kind)
    assert {"article.created", "article.text_saved", "article.published", "article.feedback_given"} <= kinds


def test_who_was_erased_leaves_counts_and_no_word(world: World) -> None:
    article = written("Payouts")
    for contact in (world.vera, world.gleb):
        _reads(article, contact.pk)
    data = personal_data(world.vera.pk)
    assert data["article_feedback"][0]["words"] == f"Words of {world.vera.pk}"
    assert [one["article"] for one in data["articles_opened"]] == ["payouts"]
    erase_contact(contact_id=world.vera.pk, by=Actor.person(world.root.pk), at=AT)
    assert personal_data(world.vera.pk) == {"articles_opened": [], "article_feedback": []}
    assert set(Feedback.objects.values_list("words", flat=True)) == {"", f"Words of {world.gleb.pk}"}
    assert (View.objects.count(), Feedback.objects.filter(helped=False).count()) == (2, 2)


def test_two_people_who_are_one_have_one_word_about_a_text(world: World) -> None:
    article, other = written("Payouts"), written("Holds")
    _reads(article, world.vera.pk)
    _reads(article, world.gleb.pk)
    _reads(other, world.gleb.pk)
    merge_contacts(source_id=world.gleb.pk, target_id=world.vera.pk, by=Actor.person(world.anna.pk), at=AT)
    assert View.objects.filter(contact=world.vera).count() == 3
    said = Feedback.objects.order_by("article_id").values_list("article", "contact", "reader")
    reader = f"contact:{world.vera.pk}"
    assert list(said) == [(article.pk, world.vera.pk, reader), (other.pk, world.vera.pk, reader)]


def _reads(article: Article, contact_id: int) -> None:
    record_view(article_id=article.pk, language="en", came_from=CameFrom.ASK, contact_id=contact_id, at=AT)
    verdict = Verdict(helped=False, why=WhyNot.UNCLEAR, words=f"Words of {contact_id}")
    give_feedback(article_id=article.pk, language="en", verdict=verdict, by=Actor.contact(contact_id), at=AT)
