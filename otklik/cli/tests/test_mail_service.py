"""The process that listens for mail is there exactly when somebody said where."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from otklik.cli.probes import takes_connections
from otklik.cli.serve import Options, services


def names() -> list[str]:
    return [service.name for service in services(Options("127.0.0.1", 8765, 8766, Path("var")))]


def test_serve_listens_for_mail_only_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTKLIK_MAIL_LISTEN", raising=False)
    assert names() == ["web", "edge", "worker"]
    monkeypatch.setenv("OTKLIK_MAIL_LISTEN", "127.0.0.1:2525/lmtp")
    assert names() == ["web", "edge", "worker", "mail"]


def test_serve_watches_mailboxes_only_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTKLIK_MAIL_LISTEN", raising=False)
    monkeypatch.setenv("OTKLIK_MAIL_WATCH", "no")
    assert names() == ["web", "edge", "worker"]
    monkeypatch.setenv("OTKLIK_MAIL_WATCH", "yes")
    assert names() == ["web", "edge", "worker", "watch"]


def test_the_listener_is_ready_once_its_port_takes_connections(unused_port: int) -> None:
    assert not takes_connections(f"127.0.0.1:{unused_port}/lmtp")
    with socket.create_server(("127.0.0.1", unused_port)):
        assert takes_connections(f"127.0.0.1:{unused_port}/lmtp")
        assert takes_connections(f"0.0.0.0:{unused_port}")
