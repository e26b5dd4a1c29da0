"""Who listens to which mailbox; the listening itself is tested with a real server (tests/servers)."""

from __future__ import annotations

import pytest

from otklik.desk.models import Mailbox
from otklik.desk.operations import watching


class Started(watching.Listener):
    alive = True

    def start(self) -> None: ...

    def is_alive(self) -> bool:
        return self.alive


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> dict[int, watching.Listener]:
    monkeypatch.setattr(watching, "Listener", Started)
    return {}


def test_every_mailbox_that_we_read_has_one_listener(
    mailbox: Mailbox, second_mailbox: Mailbox, listeners: dict[int, watching.Listener]
) -> None:
    Mailbox.objects.filter(pk=second_mailbox.pk).update(source=Mailbox.Source.LISTENER)
    watching._bring_up_to_date(listeners)
    [(listened, first)] = listeners.items()
    assert listened == mailbox.pk
    watching._bring_up_to_date(listeners)
    assert listeners == {mailbox.pk: first}, "nothing changed"

    Mailbox.objects.filter(pk=second_mailbox.pk).update(source=Mailbox.Source.IMAP)
    watching._bring_up_to_date(listeners)
    assert set(listeners) == {mailbox.pk, second_mailbox.pk}
    Mailbox.objects.update(is_active=False)
    watching._bring_up_to_date(listeners)
    assert listeners == {}
    assert first._stopped.is_set()


def test_a_changed_mailbox_and_a_dead_listener_begin_anew(
    mailbox: Mailbox, listeners: dict[int, watching.Listener], monkeypatch: pytest.MonkeyPatch
) -> None:
    watching._bring_up_to_date(listeners)
    first = listeners[mailbox.pk]
    mailbox.password = "new"
    mailbox.save()
    watching._bring_up_to_date(listeners)
    second = listeners[mailbox.pk]
    assert (first._stopped.is_set(), second._stopped.is_set()) == (True, False)
    second.alive = False  # type: ignore[attr-defined]
    watching._bring_up_to_date(listeners)
    assert listeners[mailbox.pk] is not second


def test_one_password_that_cannot_be_read_hides_no_other_mailbox(
    mailbox: Mailbox, second_mailbox: Mailbox, listeners: dict[int, watching.Listener], settings
) -> None:
    mailbox.password = "sesame"
    mailbox.save()
    settings.SECRET_KEY = "another key " * 4
    watching._bring_up_to_date(listeners)
    assert set(listeners) == {mailbox.pk, second_mailbox.pk}
