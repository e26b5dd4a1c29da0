"""A ClickHouse server over https: asked where its certificate is trusted, else refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.engines.clickhouse.server import ServerTrouble, speaking
from otklik.analytics.operations.copy_facts import copy_facts
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import facts, rows_of
from otklik.analytics.store.sources import ColumnType, fact_sources
from otklik.analytics.tests.engines.conftest import NOW, source_of
from tests.servers.certificates import make_certificate
from tests.servers.clickhouse import ClickHouse, private_clickhouse

pytestmark = pytest.mark.slow
COLUMNS = (("id", ColumnType.BIG), ("day", ColumnType.DAY))


def certificate_in(folder: Path, **names: str) -> Path:
    folder.mkdir()
    return make_certificate(folder, **names)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def server(own: Path) -> Iterator[ClickHouse]:
    with private_clickhouse(own) as found:
        yield found


def asked(server: ClickHouse) -> Any:
    with speaking(server) as client:
        return client.command("SELECT 1 + 1")


def test_facts_are_copied_to_it_and_asked_of_it(
    server: ClickHouse, own: Path, db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = replace(server, ca_file=str(own))
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path, analytics_server=trusted)
    source = source_of("visits", COLUMNS, {pk: (pk, date(2026, 2, 3)) for pk in (1, 2, 3)})
    monkeypatch.setitem(fact_sources._entries, "visits", source)
    write_facts(source, clock=lambda: NOW, rebuild=True)

    assert copy_facts(source, trusted, clock=lambda: NOW).rows == 3
    assert rows_of(facts("visits").count()) == [(3,)]


def test_a_certificate_that_nobody_signed_is_refused_and_the_log_says_what_to_do(server: ClickHouse) -> None:
    with pytest.raises(ServerTrouble) as trouble:
        asked(server)
    assert str(trouble.value) == (
        f"ClickHouse at 127.0.0.1:{server.port}: its certificate is not trusted (self-signed certificate). "
        "?ca=/path/of.pem names who signed it"
    )


def test_the_authority_of_another_is_none_of_its_own(server: ClickHouse, tmp_path: Path) -> None:
    other = certificate_in(tmp_path / "other")
    with pytest.raises(ServerTrouble, match="its certificate is not trusted"):
        asked(replace(server, ca_file=str(other)))


def test_a_file_that_is_no_certificate_is_told(server: ClickHouse, tmp_path: Path) -> None:
    (tmp_path / "notes.pem").write_text("no certificate")
    with pytest.raises(ServerTrouble, match=f"ClickHouse at 127.0.0.1:{server.port}"):
        asked(replace(server, ca_file=str(tmp_path / "notes.pem")))


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    elsewhere = certificate_in(tmp_path / "elsewhere", names="DNS:elsewhere.example")
    with (
        private_clickhouse(elsewhere) as server,
        pytest.raises(ServerTrouble, match=r"not trusted \(IP address mismatch"),
    ):
        asked(replace(server, ca_file=str(elsewhere)))
