"""Articles on the partners' door: theirs and no others, in their language, counted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.knowledge.models import Article, Feedback, View
from otklik.knowledge.operations.articles import Settings, create_article, publish_article
from otklik.knowledge.operations.files import add_file, store_file
from otklik.knowledge.operations.folders import save_folder
from otklik.knowledge.operations.texts import Written, save_text
from otklik.knowledge.rules.vocabulary import Visibility
from otklik.partners.models import Program
from otklik.portal.tests.people import sign_in
from tests.world import World

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SYSTEM = Actor.system()


def written(title: str, body: str = "Text", *, is_published: bool = True, **settings: object) -> Article:
    article = create_article(
        language="en",
        title=title,
        body=body,
        settings=Settings(**settings),  # type: ignore[arg-type]
        by=SYSTEM,
        at=AT,
    )
    return publish_article(article_id=article.pk, by=SYSTEM, at=AT) if is_published else article


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def vera(world: World, client: Client) -> Client:
    """Of Aurora: tier gold, program North."""
    sign_in(client, world.vera)
    return client


def test_one_reads_ones_own_and_of_others_not_even_that_they_are_there(world: World, vera: Client) -> None:
    south = Program.objects.create(name="South", slug="south", created_at=AT)
    folder = save_folder(
        folder_id=None, names={"en": "Hidden"}, position=1, program_id=None, by=SYSTEM, at=AT
    )
    written("Payouts for all")
    written("Payouts of gold", visibility=Visibility.TIER, tiers=["gold"])
    written("Payouts north", program_id=world.program.pk)
    written("Payouts silver", visibility=Visibility.TIER, tiers=["silver"], folder_id=folder.pk)
    written("Payouts south", program_id=south.pk)
    written("Payouts inside", visibility=Visibility.STAFF)
    written("Payouts draft", is_published=False)

    for shown in (page(vera, "portal-learn"), page(vera, "portal-learn", query="?q=payouts")):
        for seen in ("Payouts for all", "Payouts of gold", "Payouts north"):
            assert seen in shown
        for unseen in ("silver", "south", "inside", "draft", "Hidden"):
            assert f"Payouts {unseen}" not in shown
            assert unseen not in shown
    for slug in ("payouts-silver", "payouts-south", "payouts-inside", "payouts-draft", "nothing"):
        assert vera.get(reverse("portal-article", args=[slug])).status_code == 404
        url = reverse("portal-article-helped", args=[slug]) + "?language=en"
        assert vera.post(url, {"helped": "yes"}).status_code == 404
    assert vera.get(reverse("portal-learn-folder", args=[folder.pk])).status_code == 404
    assert not View.objects.exists()
    assert not Feedback.objects.exists()


def test_a_file_is_for_those_who_read_its_article(world: World, vera: Client) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    own, other = written("Own", "![map](map.png)"), written("Other", visibility=Visibility.STAFF)
    files = []
    for article in (own, other):
        upload = SimpleUploadedFile("map.png", png)
        stored = store_file("map.png", upload.chunks())
        files.append(add_file(article_id=article.pk, file=stored, by=SYSTEM, at=AT))
    url = reverse("portal-article-file", args=[files[0].pk])
    assert f'<img src="{url}"' in page(vera, "portal-article", "own")
    got = vera.get(url)
    assert (got["Content-Type"], got.getvalue()) == ("image/png", png)
    assert vera.get(reverse("portal-article-file", args=[files[1].pk])).status_code == 404
    vera.cookies.clear()
    assert vera.get(url).status_code == 302


def test_what_is_opened_counts_once_a_minute_and_says_how_one_came(world: World, vera: Client) -> None:
    written("Holds")
    assert vera.head(reverse("portal-article", args=["holds"])).status_code == 200
    assert not View.objects.exists()
    for query in ("?from=ask", "?from=search"):
        page(vera, "portal-article", "holds", query=query)
    assert [(one.contact, one.came_from) for one in View.objects.all()] == [(world.vera, "ask")]
    View.objects.update(at=now() - timedelta(seconds=61))
    page(vera, "portal-article", "holds", query="?from=nowhere")
    assert list(View.objects.order_by("pk").values_list("came_from", flat=True)) == ["ask", "portal"]


def test_the_last_word_about_a_text_counts_and_a_new_text_is_asked_about_anew(
    world: World, vera: Client
) -> None:
    article = written("Holds")
    url = reverse("portal-article-helped", args=["holds"]) + "?language=en"
    for said in ({"helped": "yes"}, {"helped": "no", "why": "unclear", "words": " <script>x</script> "}) * 2:
        assert vera.post(url, said).status_code == 302
    (row,) = Feedback.objects.all()
    assert (row.helped, row.why, row.contact) == (False, "unclear", world.vera)
    assert row.words == "<script>x</script>"
    refused = vera.post(url, {"helped": "no", "why": "unclear", "words": "w" * 1001})
    assert (refused.status_code, "w" * 1001 in refused.content.decode()) == (422, True)
    vera.post(url, {"helped": "no", "why": "'; drop", "words": "w\r\n" * 500})
    row.refresh_from_db()
    assert (row.why, len(row.words)) == ("", 999)
    vera.post(url, {"helped": "maybe"})
    new = Written(title="Holds", body="Better", based_on=1)
    save_text(article_id=article.pk, language="en", written=new, by=SYSTEM, at=AT)
    vera.post(url, {"helped": "yes"})
    assert list(Feedback.objects.order_by("number").values_list("number", "helped")) == [
        (1, False),
        (2, True),
    ]
    assert vera.post(url.replace("=en", "=de"), {"helped": "yes"}).status_code == 404


def test_while_somebody_types_only_the_results_come(world: World, vera: Client) -> None:
    written("Payouts <b>monthly</b>", "On the <script>alert(1)</script> tenth")
    url = reverse("portal-learn")
    shown = vera.get(url, {"q": "payo"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="learn-results")
    text = shown.content.decode()
    assert "<html" not in text
    assert "Payouts &lt;b&gt;monthly" in text
    assert "Shown for: payouts" in page(vera, "portal-learn", query="?q=paiouts")
    assert "<script>alert" not in page(vera, "portal-article", "payouts-bmonthlyb")
    assert "Nothing was found" in page(vera, "portal-learn", query="?q=xyzzy")
