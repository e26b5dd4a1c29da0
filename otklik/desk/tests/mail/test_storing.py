"""What the other side was told is taken lies on the disk, once."""

from __future__ import annotations

import errno
import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django_q.models import OrmQ

from otklik.desk.models import Blob, InboundMail, Mailbox
from otklik.desk.operations.attaching import NewBlob, StorageSink, drop_unused_blobs, store_blobs
from otklik.desk.operations.storing import LARGEST_IN_ROW, NewMail, mail_content, store_mails
from tests.world import NOW, World

SMALL = b"From: vera@aurora.example\r\nSubject: Payout\r\n\r\nWhere is it?\r\n"
LARGE = SMALL + b"x" * LARGEST_IN_ROW


def new(mailbox: Mailbox, content: bytes) -> NewMail:
    return NewMail(mailbox.pk, io.BytesIO(content), "vera@aurora.example", [mailbox.address], "7:12")


def files() -> list[str]:
    root = Path(default_storage.location)
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_a_small_mail_lies_in_its_row_and_a_large_one_in_a_file(mailbox: Mailbox) -> None:
    stored = store_mails([new(mailbox, SMALL), new(mailbox, LARGE)], at=NOW)
    small, large = InboundMail.objects.order_by("pk")
    assert list(stored.ids) == [small.pk, large.pk]
    assert (bytes(small.raw), small.file.name) == (SMALL, "")
    assert large.raw is None
    assert files() == [large.file.name], "nothing is left unfinished"
    with mail_content(small) as first, mail_content(large) as second:
        assert (first.read(), second.read()) == (SMALL, LARGE)
    assert (small.state, small.envelope_to, small.source_key) == ("stored", [mailbox.address], "7:12")
    assert OrmQ.objects.count() == 1, "one job for the batch"


def test_case_55_a_mail_fetched_again_is_stored_once(mailbox: Mailbox) -> None:
    """A server that gave its folder a new UIDVALIDITY hands out every mail anew."""
    store_mails([new(mailbox, SMALL)], at=NOW)
    again = store_mails([new(mailbox, SMALL), new(mailbox, SMALL)], at=NOW)
    assert (list(again.ids), again.known) == ([], 1)
    assert InboundMail.objects.count() == 1
    assert OrmQ.objects.count() == 1


def test_the_same_mail_to_two_mailboxes_is_stored_for_each(mailbox: Mailbox, second_mailbox: Mailbox) -> None:
    stored = store_mails([new(mailbox, LARGE), new(second_mailbox, LARGE)], at=NOW)
    assert len(stored.ids) == 2
    assert len(files()) == 1


def test_a_full_disk_stores_none_of_the_batch_so_that_none_is_acknowledged(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store_mails([new(mailbox, SMALL), new(mailbox, LARGE)], at=NOW)
    assert not InboundMail.objects.exists()
    assert files() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL syncs each commit by itself")
def test_the_commit_before_the_acknowledgement_is_synced_whatever_the_connection_was_set_to(
    mailbox: Mailbox,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    store_mails([new(mailbox, SMALL)], at=NOW)
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)


def test_case_36_a_logo_sent_43_times_is_stored_once(world: World) -> None:
    logo, keys = os.urandom(3000), set()
    for _ in range(43):
        writer = StorageSink().open("logo.png", "image/png")
        writer.write(logo[:1000])
        writer.write(logo[1000:])
        keys.add(writer.close("ab" * 32))
    assert keys == {"ab" * 32}
    assert files() == ["attachments/ab/" + "ab" * 32]
    first = store_blobs([NewBlob("ab" * 32, 3000)], at=NOW)
    assert store_blobs([NewBlob("ab" * 32, 3000)], at=NOW) == first
    with Blob.objects.get().file.open() as file:
        assert file.read() == logo


def test_a_discarded_attachment_leaves_nothing(world: World) -> None:
    writer = StorageSink().open("x", "text/plain")
    writer.write(b"half")
    writer.discard()
    assert files() == []


def test_contents_without_attachments_are_cleared_away_once_they_are_old(world: World) -> None:
    writer = StorageSink().open("x", "text/plain")
    writer.write(b"content")
    writer.close("cd" * 32)
    written = default_storage.get_modified_time("attachments/cd/" + "cd" * 32)
    store_blobs([NewBlob("cd" * 32, 7)], at=written)
    assert drop_unused_blobs(at=written) == 0
    assert drop_unused_blobs(at=written + timedelta(days=2)) == 1
    assert (files(), Blob.objects.count()) == ([], 0)
