"""The pages where articles are written: rights, two people at once, scripts in texts, from a ticket."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.public import Channel, Side, create_ticket
from otklik.events.public import Actor
from otklik.knowledge.models import (
    Article,
    ArticleText,
    ArticleVersion,
    Attachment,
    DraftTranslation,
    Feedback,
    View,
)
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.knowledge.tests.shelf import AT, SYSTEM, translated, written
from otklik.partners.operations.erase import erase_contact
from tests.world import World


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def agent(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


NEW = {
    "language": "en",
    "title": "Payouts",
    "body": "On the **tenth**",
    "visibility": "partners",
    "form_key": "7b0c1a5e-1111-4222-8333-444455556666",
}


def test_an_article_is_written_published_and_kept(world: World, agent: Client) -> None:
    for _ in range(2):
        assert agent.post(reverse("article-new"), NEW).status_code == 302
    article = Article.objects.get()
    assert (article.slug, article.state, ArticleVersion.objects.count()) == ("payouts", "draft", 1)
    agent.post(reverse("article-publish", args=[article.pk]))
    assert "<strong>tenth</strong>" in page(agent, "article", article.pk)
    settings = {"visibility": "tier", "tiers": "gold, silver", "version": "2", "review_on": "2026-01-01"}
    assert agent.post(reverse("article-settings", args=[article.pk]), settings).status_code == 302
    assert set(article.tiers.values_list("tier", flat=True)) == {"gold", "silver"}
    again = agent.post(reverse("article-settings", args=[article.pk]), settings | {"tiers": "gold"})
    assert again.status_code == 409
    assert "Tiers: gold, silver" in again.content.decode()
    assert "Payouts" in page(agent, "article-reviews")
    agent.post(reverse("article-review", args=[article.pk]), {"next_on": "2099-01-01"})
    assert "Nothing waits for a second look" in page(agent, "article-reviews")


def test_two_people_at_once_see_both_texts(world: World, agent: Client) -> None:
    article = written("Payouts", "Line one\nLine two")
    url = reverse("article-edit", args=[article.pk, "en"])
    said = {"title": "Payouts", "based_on": "1", "note": ""}
    assert agent.post(url, said | {"body": "Line one\nLine of Anna"}).status_code == 302
    second = agent.post(url, said | {"body": "Line one\nLine of Boris"})
    assert second.status_code == 409
    text = second.content.decode()
    assert "<del>Anna</del>" in text
    assert "<ins>Boris</ins>" in text
    assert 'name="based_on" value="2"' in text
    assert agent.post(url, said | {"based_on": "2", "body": "Both"}).status_code == 302
    assert "<ins>" in page(agent, "article-version", article.pk, "en", 3)
    agent.post(reverse("article-restore", args=[article.pk, "en", 1]), {"based_on": "3"})
    assert ArticleText.objects.get().body == "Line one\nLine two"


def test_a_translator_sees_what_changed_in_the_original(world: World, agent: Client) -> None:
    article = written("Payouts", "On the fifth")
    translated(article, "ru", "Выплаты", "Пятого")
    edit = {"title": "Payouts", "body": "On the tenth", "based_on": "1"}
    agent.post(reverse("article-edit", args=[article.pk, "en"]), edit)
    assert "out of date" in page(agent, "article", article.pk)
    shown = page(agent, "article-edit", article.pk, "ru")
    assert "<del>fifth</del>" in shown
    assert "<ins>tenth</ins>" in shown
    assert page(agent, "knowledge", query="?look=stale").count("row-name") == 1
    said = {"title": "Выплаты", "body": "Десятого", "based_on": "1", "source_number": "2"}
    url = reverse("article-edit", args=[article.pk, "ru"])
    assert agent.post(url, said | {"says_the_same": "on"}).status_code == 302
    assert "No article fits" in page(agent, "knowledge", query="?look=stale")
    assert agent.get(reverse("article-edit", args=[article.pk, "xx-odd"])).status_code == 404


XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://spy.example/a.png)",
    "![x](//spy.example/a.png)",
    "<iframe src=//spy.example></iframe>",
    '<a href="#" onclick="alert(1)">x</a>',
    "[x](data:text/html,<script>alert(1)</script>)",
]


def test_no_script_of_a_writer_runs_on_any_door(world: World, agent: Client) -> None:
    written("<script>alert(2)</script>", "\n\n".join(XSS))
    article = Article.objects.get()
    preview = agent.post(reverse("article-preview", args=[article.pk]), {"body": "\n\n".join(XSS)})
    shown = [
        preview.content.decode(),
        page(agent, "article", article.pk),
        page(agent, "article-edit", article.pk, "ru"),
        page(agent, "article-version", article.pk, "en", 1),
        page(agent, "knowledge"),
        page(agent, "public-article", "en", article.slug),
    ]
    for text in shown:
        for bad in ("<script>alert", "<iframe", "<img", '<a href="#"', 'href="javascript', 'href="data:text'):
            assert bad not in text


def test_who_writes_no_articles_reads_what_is_out(world: World, client: Client) -> None:
    client.force_login(world.boris)
    out, draft = written("Out", visibility=Visibility.STAFF), written("Draft", is_published=False)
    assert "New article" not in page(client, "knowledge")
    assert "Draft" not in page(client, "knowledge")
    page(client, "article", out.pk)
    page(client, "article", draft.pk, status=404)
    for name in ("article-edit", "article-versions"):
        page(client, name, out.pk, "en", status=403)
    for name in ("article-settings", "article-publish", "article-archive", "article-file-add"):
        assert client.post(reverse(name, args=[out.pk])).status_code == 403
    page(client, "article-new", status=403)
    assert not View.objects.exists()


def test_files_are_taken_by_what_they_are(world: World, agent: Client) -> None:
    article = written("Map", "![Map](map.png)")
    png = SimpleUploadedFile("map.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    bad = SimpleUploadedFile("evil.png", b"<script>alert(1)</script>")
    text = agent.post(
        reverse("article-file-add", args=[article.pk]), {"files": [png, bad]}, follow=True
    ).content.decode()
    (file,) = Attachment.objects.all()
    assert "evil.png was not taken" in text
    assert f'<img src="{reverse("article-file", args=[file.pk])}" alt="Map">' in text
    assert f'<img src="{reverse("public-article-file", args=[file.pk])}"' in page(
        agent, "public-article", "en", "map"
    )
    agent.post(reverse("article-file-remove", args=[file.pk]))
    assert not Attachment.objects.exists()
    said = {"title": "How", "url": "https://www.youtube.com.evil.example/x"}
    url = reverse("article-video-add", args=[article.pk])
    assert "Only https addresses" in agent.post(url, said, follow=True).content.decode()
    assert "youtu.be/1" in agent.post(url, said | {"url": "https://youtu.be/1"}, follow=True).content.decode()


def test_an_article_from_a_ticket_marks_who_asked_and_is_made_once(world: World, agent: Client) -> None:
    ticket = create_ticket(
        program_id=world.program.pk,
        subject="Payout for Aurora",
        channel=Channel.EMAIL,
        side=Side.PARTNER,
        text="Vera Orlova here, write to vera@aurora.example: where is my payout?",
        html="",
        contact_id=world.vera.pk,
        by=SYSTEM,
        at=AT,
    )
    url = reverse("article-from-ticket", args=[ticket.pk])
    for _ in range(2):
        assert agent.post(url).status_code == 302
    article = Article.objects.get()
    text = ArticleText.objects.get()
    assert text.title == "Payout for ⟦Aurora⟧"
    assert "⟦Vera Orlova⟧ here, write to ⟦vera@aurora.example⟧: where is my payout?" in text.body
    assert (article.from_ticket, article.slug) == (ticket, f"from-ticket-{ticket.pk}")
    published = agent.post(reverse("article-publish", args=[article.pk]), follow=True)
    assert "Not published" in published.content.decode()
    assert "An article was made from this ticket" in page(agent, "article-beside-ticket", ticket.pk)
    DraftTranslation.objects.create(
        article=article, language="de", source_number=1, title="Auszahlung für Aurora", asked_at=AT
    )
    erase_contact(contact_id=world.vera.pk, by=Actor.person(world.root.pk), at=AT)
    assert not DraftTranslation.objects.exists()
    kept = [*ArticleText.objects.values_list("title", "body"), *ArticleVersion.objects.values_list("body")]
    assert "Vera" not in str(kept)
    assert "Aurora" not in str(kept)


def test_readers_words_are_read_and_dealt_with(world: World, agent: Client) -> None:
    article = written("Payouts")
    url = reverse("public-article-helped", args=["en", "payouts"])
    Client().post(url, {"helped": "no", "why": "unclear", "words": "<b>what</b>"})
    Client().post(url, {"helped": "no", "why": "unclear", "words": "again"})
    refused = Client().post(url, {"helped": "no", "words": "w" * 1001})
    assert (refused.status_code, "w" * 1001 in refused.content.decode()) == (422, True)
    row = Feedback.objects.get()
    shown = page(agent, "article-feedback")
    assert "again" in shown
    assert "I do not understand it" in shown
    agent.post(reverse("article-feedback-done", args=[row.pk]), {"next": "//evil.example/"})
    assert "Nothing waits here" in page(agent, "article-feedback")
    assert "0 of 1" in page(agent, "article", article.pk)


def test_everybody_reads_what_is_for_everybody_in_each_language(world: World, client: Client) -> None:
    article = written("Payouts", "On the tenth")
    translated(article, "ru", "Выплаты", "Десятого")
    written("Inside", visibility=Visibility.PARTNERS)
    shown = page(client, "public-articles", "en")
    assert "Payouts" in shown
    assert "Inside" not in shown
    text = page(client, "public-article", "ru", "payouts")
    assert '<html lang="ru">' in text
    assert 'hreflang="en"' in text
    assert "Статья помогла?" in text
    # A language that it does not have leads to the original.
    assert client.get("/articles/de/payouts/").headers["Location"] == "/articles/en/payouts/"
    for path in (
        "/articles/en/inside/",
        "/articles/en/nothing/",
        "/articles/%0Aen/payouts/",
        "/articles/de/",
    ):
        assert client.get(path).status_code == 404
    assert client.cookies.keys() <= {"otklik_csrf"}
    assert View.objects.count() == 1


def test_few_and_many_articles_take_the_same_number_of_queries(world: World, agent: Client) -> None:
    def queries(name: str, *args: object) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(agent, name, *args)
        return len(captured)

    written("One")
    names: list[tuple[str, tuple[object, ...]]] = [("knowledge", ()), ("public-articles", ("en",))]
    few = [queries(name, *args) for name, args in names * 2][2:]
    for number in range(3):
        translated(written(f"More {number}"), "ru", "Ещё")
    assert [queries(name, *args) for name, args in names] == few
