"""A disk that is really full: a file system of half a megabyte, where the tests may make one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from otklik.desk.models import Attachment, InboundMail, Mailbox
from otklik.desk.queries.mail_state import mail_state
from otklik.desk.tests.mail.letters import arrive, later, message_of, raw, store, work


@pytest.fixture
def small_disk(tmp_path: Path, settings) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small file system")
    settings.MEDIA_ROOT = place
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_an_attachment_that_finds_no_room_leaves_its_mail_waiting_and_the_others_go_on(
    mailbox: Mailbox, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 400_000)
    large = raw(subject="Large", files=[("report.bin", "application/pdf", os.urandom(170_000))])
    large_id, small_id = store(mailbox, large, raw(subject="Small"))
    work()
    rows = InboundMail.objects.in_bulk([large_id, small_id])
    assert (rows[large_id].state, rows[small_id].state) == ("stored", "taken")
    assert "No space left" in mail_state(at=later(minutes=1)).waiting_because
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] == ["ballast"]

    ballast.unlink()
    work(later(minutes=2))
    row = InboundMail.objects.get(pk=large_id)
    assert (row.state, row.attempts) == ("taken", 1)
    assert Attachment.objects.get(message=message_of(row)).blob.size == 170_000


def test_a_mail_too_large_for_the_disk_is_not_stored_and_leaves_nothing(
    mailbox: Mailbox, small_disk: Path
) -> None:
    huge = raw(files=[("movie.bin", "video/mp4", os.urandom(600_000))])
    with pytest.raises(OSError, match="No space left"):
        arrive(mailbox, huge)
    assert not InboundMail.objects.exists()
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
