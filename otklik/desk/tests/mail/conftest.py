from __future__ import annotations

from pathlib import Path

import pytest

from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import Mailbox
from otklik.desk.operations import delivery
from tests.servers.fixtures import dovecot, postfix  # noqa: F401
from tests.world import World


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return Mailbox.objects.create(
        address="help@north.example", name="North support", program=world.program, created_at=world.now
    )


@pytest.fixture
def second_mailbox(world: World) -> Mailbox:
    return Mailbox.objects.create(
        address="billing@north.example",
        name="North billing",
        program=world.program,
        language="ru",
        created_at=world.now,
    )


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> MemoryTransport:
    """What went out; each mail as (mail, envelope sender, recipients)."""
    transport = MemoryTransport()
    monkeypatch.setattr(delivery, "transport_for", lambda url="": transport)
    return transport
