"""Feeds, fetched from a real server: what comes in, what does not, and what the page tells of it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from otklik.events.public import Actor, timeline
from otklik.feedback.models import FeedDelivery, Mention, MentionFeed
from otklik.feedback.operations.voices import deliveries, feeds
from otklik.feedback.operations.voices.feeds import (
    FeedKnown,
    FeedSettings,
    create_feed,
    due_feeds,
    fetch_feed,
)
from otklik.feedback.operations.voices.mentions import set_aside_mention
from otklik.feedback.tests.voices.site import FeedSite, Says, item, rss, running_site
from otklik.feedback.voice_jobs import replay_entry
from otklik.jobs.models import QuarantinedItem
from otklik.kit import http
from tests.world import World

BY = Actor.system()
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
<entry><id>tag:blog.example,2026:1</id><title type="html">Aurora &lt;b&gt;rocks&lt;/b&gt;</title>
<link href="https://blog.example/1"/><updated>2026-03-01T10:00:00Z</updated><author><name>Ivan</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Payouts come on time.</p></div></content>
</entry></feed>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedSite]:
    with running_site() as running:
        real = http.check_address
        monkeypatch.setattr(http, "check_address", lambda a: None if a == "127.0.0.1" else real(a))
        monkeypatch.setattr(http, "PORTS", http.PORTS | {int(running.url.rpartition(":")[2])})
        yield running


def feed_of(world: World, url: str, *keywords: str) -> MentionFeed:
    settings = FeedSettings("Forum", url, 6, keywords, is_active=True)
    return create_feed(program_id=world.program.pk, settings=settings, by=BY, at=world.now)


def read(feed: MentionFeed, at: datetime) -> MentionFeed:
    fetch_feed(feed_id=feed.pk, at=at)
    return MentionFeed.objects.get(pk=feed.pk)


def test_an_rss_entry_becomes_a_mention_with_its_day_words_and_suggested_partner(
    world: World, site: FeedSite
) -> None:
    text = "<p>Третью неделю жду.</p><p>Поддержка молчит, это ужасно.</p>"
    entry = item(7, "Выплаты Авроры задерживают", text, date="Sun, 01 Mar 2026 12:00:00 +0300")
    site.says.body = rss(entry).encode()
    world.aurora.name = "ООО «Аврора»"
    world.aurora.save()

    feed = read(feed_of(world, f"{site.url}/feed"), world.now)

    mention = Mention.objects.get()
    assert (mention.title, mention.text) == (
        "Выплаты Авроры задерживают",
        "Третью неделю жду.\nПоддержка молчит, это ужасно.",
    )
    assert mention.published_at.isoformat() == "2026-03-01T09:00:00+00:00"
    assert (mention.suggested, mention.partner, mention.sentiment) == (world.aurora, None, -1)
    assert " payouts " in mention.topics
    assert (feed.failure, feed.kept, feed.next_at) == ("", 1, world.now + timedelta(hours=6))
    (event,) = timeline("mention", [mention.pk], limit=9)
    assert (event.kind, event.data["sentiment"]) == ("mention.recorded", -1)


def test_atom_with_markup_in_titles_and_a_redirect_are_read(world: World, site: FeedSite) -> None:
    site.says = Says(ATOM.encode(), headers={"Content-Type": "application/atom+xml"})

    read(feed_of(world, f"{site.url}/moved"), world.now)

    mention = Mention.objects.get()
    assert (mention.title, mention.text, mention.author) == ("Aurora rocks", "Payouts come on time.", "Ivan")
    assert mention.url == "https://blog.example/1"


def test_the_same_entry_twice_is_one_mention_and_an_unchanged_feed_is_not_sent_again(
    world: World, site: FeedSite
) -> None:
    site.says = Says(rss(item(1), item(2), item(1)).encode(), headers={"ETag": '"one"', "Last-Modified": "x"})
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert Mention.objects.count() == 2

    feed = read(feed, feed.next_at)
    assert (site.asked[-1]["if-none-match"], site.asked[-1]["if-modified-since"]) == ('"one"', "x")
    site.says = Says(rss(item(1), item(3)).encode())
    feed = read(feed, feed.next_at)

    assert Mention.objects.count() == 3
    assert (feed.kept, feed.failure) == (3, "")


def test_nothing_is_asked_before_its_hour(world: World, site: FeedSite) -> None:
    site.says.body = rss(item(1)).encode()
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert due_feeds(at=world.now + timedelta(hours=5)) == []
    read(feed, world.now + timedelta(hours=5))
    assert len(site.asked) == 1
    assert due_feeds(at=world.now + timedelta(hours=6)) == [feed.pk]


@pytest.mark.parametrize("declared", ["windows-1251", None])
def test_a_russian_feed_in_windows_1251_is_read_by_document_or_header(
    world: World, site: FeedSite, declared: str | None
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    site.says = Says(
        rss(item(1, "Отличная программа"), head=head).encode("cp1251"),
        headers={"Content-Type": "application/xml; charset=windows-1251"},
    )
    read(feed_of(world, f"{site.url}/feed"), world.now)
    assert Mention.objects.get().title == "Отличная программа"


def test_a_packed_answer_is_unpacked_and_a_packed_bomb_is_not(world: World, site: FeedSite) -> None:
    packed = {"Content-Type": "text/xml", "Content-Encoding": "gzip"}
    site.says = Says(gzip.compress(rss(item(1)).encode()), headers=packed)
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert Mention.objects.count() == 1

    site.says = Says(gzip.compress(b"<rss>" + b" " * 50_000_000), headers=packed)
    feed = read(feed, feed.next_at)
    assert (feed.failure, Mention.objects.count(), FeedDelivery.objects.count()) == ("too_large", 1, 0)


def test_a_broken_feed_is_told_and_asked_again_later_and_later(world: World, site: FeedSite) -> None:
    site.says.body = b"<!doctype html><html><body>We moved</body></html>"
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert (feed.failure, feed.next_at - world.now) == ("not_a_feed", timedelta(minutes=5))
    assert not FeedDelivery.objects.exists()

    site.says = Says(b"gone", 410)
    at = feed.next_at
    feed = read(feed, at)
    assert (feed.failure, feed.failure_detail, feed.next_at - at) == ("status", "410", timedelta(minutes=10))
    for _ in range(12):
        at = feed.next_at
        feed = read(feed, at)
    assert feed.next_at - at == timedelta(hours=24)

    site.says = Says(rss(item(1)).encode())
    feed = read(feed, feed.next_at)
    assert (feed.failure, feed.failures, Mention.objects.count()) == ("", 0, 1)


def test_of_a_damaged_document_what_can_be_read_is_kept_and_the_damage_told(
    world: World, site: FeedSite
) -> None:
    whole = rss(item(1, "First"), item(2, "Second")).encode()
    site.says.body = whole[: whole.index(b"Second")]
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert feed.failure == "damaged"
    assert "First" in Mention.objects.values_list("title", flat=True)


def test_a_document_of_a_hundred_megabytes_and_one_that_drips_are_given_up(
    world: World, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.says.body = b"x" * 5_000_000
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert feed.failure == "too_large"

    monkeypatch.setattr(feeds, "PATIENCE", 0.3)
    site.says = Says(rss(item(1)).encode(), drips=0.05)
    feed = read(feed, feed.next_at)
    assert (feed.failure, Mention.objects.count()) == ("unreachable", 0)


def test_an_address_of_our_own_network_is_refused_also_behind_a_redirect(
    world: World, site: FeedSite
) -> None:
    feed = read(feed_of(world, "http://10.0.0.7/feed"), world.now)
    assert feed.failure == "refused"

    site.says = Says(b"", 302, {"Location": "http://169.254.169.254/latest/meta-data"})
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    assert (feed.failure, Mention.objects.count()) == ("refused", 0)


def test_without_the_test_opening_loopback_is_refused(world: World) -> None:
    with running_site() as running:
        feed = read(feed_of(world, f"{running.url}/feed"), world.now)
        assert (feed.failure, running.asked) == ("refused", [])


def test_hostile_markup_leaves_words_only(world: World, site: FeedSite) -> None:
    evil = (
        "<script>steal()</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>press</a>"
        "<style>*{display:none}</style><svg/onload=alert(1)>&lt;script&gt;shown&lt;/script&gt;"
    )
    site.says.body = rss(item(1, "<b onmouseover=x>Title</b>", evil, "javascript:alert(1)")).encode()
    read(feed_of(world, f"{site.url}/feed"), world.now)
    mention = Mention.objects.get()
    assert (mention.title, mention.url) == ("Title", "")
    assert "steal" not in mention.text
    assert "onerror" not in mention.text
    assert mention.text.startswith("press")


def test_external_entities_and_growing_ones_bring_nothing_in(world: World, site: FeedSite) -> None:
    head = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">'
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    )
    body = rss("<item><title>x&f;&c;y</title><guid>1</guid></item>", head=head)
    site.says.body = body.encode()
    read(feed_of(world, f"{site.url}/feed"), world.now)
    assert "root:" not in "".join(Mention.objects.values_list("title", flat=True))


def test_only_entries_with_a_wanted_word_are_kept_and_the_rest_is_counted(
    world: World, site: FeedSite
) -> None:
    site.says.body = rss(item(1, "У Авроры всё хорошо"), item(2, "О погоде")).encode()
    feed = read(feed_of(world, f"{site.url}/feed", "аврор"), world.now)
    assert [m.title for m in Mention.objects.all()] == ["У Авроры всё хорошо"]
    assert (feed.kept, feed.passed_over) == (1, 1)


def test_what_was_taken_out_does_not_come_back(world: World, site: FeedSite) -> None:
    site.says.body = rss(item(1)).encode()
    feed = read(feed_of(world, f"{site.url}/feed"), world.now)
    set_aside_mention(mention_id=Mention.objects.get().pk, by=BY, at=world.now)
    read(feed, feed.next_at)
    assert Mention.objects.get().set_aside_at is not None


def test_a_day_to_come_is_today_and_an_impossible_one_too(world: World, site: FeedSite) -> None:
    far, odd = "Sun, 01 Mar 2099 12:00:00 +0300", "0000-00-00"
    site.says.body = rss(item(1, date=far), item(2, date=odd), item(3)).encode()
    read(feed_of(world, f"{site.url}/feed"), world.now)
    assert set(Mention.objects.values_list("published_at", flat=True)) == {world.now}


def test_an_entry_that_says_nothing_waits_in_quarantine_and_can_be_tried_again(
    world: World, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = "<item><guid isPermaLink='false'>9</guid></item>"
    site.says.body = rss(nothing, item(1)).encode()
    read(feed_of(world, f"{site.url}/feed"), world.now)
    assert Mention.objects.count() == 1
    kept = QuarantinedItem.objects.get()
    assert kept.payload["entry"]["guid"] == "9"

    kept.payload["entry"]["title"] = "Now it says something"
    replay_entry(kept.payload)
    assert Mention.objects.count() == 2


def test_a_worker_that_dies_after_storing_the_document_loses_nothing(
    world: World, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.says.body = rss(item(1), item(2)).encode()
    feed = feed_of(world, f"{site.url}/feed")

    def die(*args: object, **kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "store_mentions", die)
        with pytest.raises(SystemExit):
            fetch_feed(feed_id=feed.pk, at=world.now)
    assert (FeedDelivery.objects.count(), Mention.objects.count()) == (1, 0)

    fetch_feed(feed_id=feed.pk, at=world.now + timedelta(minutes=9))
    assert Mention.objects.count() == 0  # its claim still holds
    site.says = Says(b"", 500)
    fetch_feed(feed_id=feed.pk, at=world.now + timedelta(minutes=11))
    assert (FeedDelivery.objects.count(), Mention.objects.count()) == (0, 2)


def test_a_document_that_takes_its_worker_down_again_and_again_is_put_aside(
    world: World, site: FeedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.says.body = rss(item(1)).encode()
    feed = feed_of(world, f"{site.url}/feed")
    at = world.now
    with monkeypatch.context() as patch:

        def die(*args: object, **kwargs: object) -> None:
            raise SystemExit

        patch.setattr(deliveries, "read_feed", die)
        for _ in range(3):
            with pytest.raises(SystemExit):
                fetch_feed(feed_id=feed.pk, at=at)
            at += timedelta(minutes=11)
        site.says = Says(b"", 500)
        fetch_feed(feed_id=feed.pk, at=at)
    assert QuarantinedItem.objects.get().kind == deliveries.DELIVERY_KIND
    assert len(site.asked) == 2


def test_one_address_is_read_once_in_a_program(world: World) -> None:
    feed_of(world, "https://forum.example/rss")
    with pytest.raises(FeedKnown):
        feed_of(world, "https://forum.example/rss")
