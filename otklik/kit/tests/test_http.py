from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from otklik.kit import http
from otklik.kit.http import FetchFailed, FetchRefused, Limits, Reply, check_address, fetch

FORBIDDEN = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::",
    "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1", "2002:808:808::1", "2001::1",
    "2001:db8::1", "2001:10::1", "3fff::1", "100::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_of_our_own_network_is_refused_in_every_disguise(address: str) -> None:
    with pytest.raises(FetchRefused):
        check_address(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    check_address(address)


class Site(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        type(self).seen.append((self.command, self.path, headers, self.rfile.read(length)))
        kind, _, rest = self.path.lstrip("/").partition("/")
        getattr(self, f"_{kind}")(rest)

    do_POST = do_GET  # noqa: N815

    def _hello(self, rest: str) -> None:
        self._say(200, {}, b"hello")

    def _go(self, rest: str) -> None:
        status, _, where = rest.partition("/")
        self._say(int(status), {"Location": where}, b"")

    def _large(self, rest: str) -> None:
        self._say(200, {}, b"x" * 10_000)

    def _drip(self, rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass  # the other side had enough

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def guarded(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The guard as it is, but for one address and port, where a public site is played."""
    real = http.check_address
    monkeypatch.setattr(http, "check_address", lambda a: None if a == "127.0.0.1" else real(a))
    monkeypatch.setattr(http, "PORTS", http.PORTS | {int(site.rpartition(":")[2])})
    return site


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses, one answer per question; returns the names asked for."""
    asked: list[str] = []
    left = list(answers)

    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host[0].isdigit():  # an address, on its way to the connection
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr(http.socket, "getaddrinfo", getaddrinfo)
    return asked


def test_an_intranet_may_be_allowed(site: str) -> None:
    reply = fetch(f"{site}/hello", private=True)
    assert (reply.status, reply.body, reply.url) == (200, b"hello", f"{site}/hello")
    assert reply.headers["content-length"] == "5"


def test_our_own_machine_is_refused_otherwise(site: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"{site}/hello")
    with pytest.raises(FetchRefused):
        fetch("http://127.0.0.1/hello")
    assert Site.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "//x",
        "http://u:p@example.com/",
        "http://x:22/",
        "http://x:99999/",
        "gopher://x",
    ],
)
def test_only_plain_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(url)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1"):
        fetch("http://example.com/")


def test_a_name_is_resolved_once_and_the_checked_address_is_used(
    guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving(monkeypatch, ["127.0.0.1"])  # a second question would find no answer
    port = guarded.rpartition(":")[2]
    assert fetch(f"http://rebind.example:{port}/hello").body == b"hello"
    assert asked == ["rebind.example"]
    assert Site.seen[0][2]["host"] == f"rebind.example:{port}"


@pytest.mark.parametrize(
    "where", ["http://169.254.169.254/x", "http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd"]
)
def test_a_redirect_goes_through_the_same_door(guarded: str, where: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"{guarded}/go/302/{where}")
    assert len(Site.seen) == 1


def test_redirects_are_followed_and_bounded(guarded: str) -> None:
    assert fetch(f"{guarded}/go/302//hello").body == b"hello"
    with pytest.raises(FetchRefused, match="redirects"):
        fetch(f"{guarded}/go/302//go/302//go/302//hello", limits=Limits(redirects=1))


def test_a_redirected_post_becomes_a_get_unless_told_to_repeat(guarded: str) -> None:
    def post(status: int) -> Reply:
        return fetch(f"{guarded}/go/{status}//hello", method="POST", body=b"data")

    for status, method, body in ((302, "GET", b""), (303, "GET", b""), (307, "POST", b"data")):
        Site.seen.clear()
        post(status)
        assert (Site.seen[1][0], Site.seen[1][3]) == (method, body)


def test_a_password_is_not_carried_to_another_host(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"])
    port = guarded.rpartition(":")[2]
    secret = {"Authorization": "Bearer x"}
    fetch(f"http://a.example:{port}/go/302//hello", headers=secret)
    assert Site.seen[1][2]["authorization"] == "Bearer x"
    fetch(f"http://a.example:{port}/go/302/http://b.example:{port}/hello", headers=secret)
    assert "authorization" not in Site.seen[3][2]


def test_size_is_bounded(guarded: str) -> None:
    with pytest.raises(FetchFailed, match="larger"):
        fetch(f"{guarded}/large", limits=Limits(size=9_999))
    assert len(fetch(f"{guarded}/large", limits=Limits(size=10_000)).body) == 10_000


def test_a_server_that_drips_is_left_when_the_time_is_up(guarded: str) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchFailed):
        fetch(f"{guarded}/drip", limits=Limits(seconds=0.3))
    assert time.monotonic() - begun < 3


def test_who_is_not_there_is_a_failure_not_a_crash(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchFailed):
        fetch("http://127.0.0.1:8443/")
    monkeypatch.setattr(http.socket, "getaddrinfo", _no_such_name)
    with pytest.raises(FetchFailed, match="cannot be found"):
        fetch("http://nowhere.example/")


def _no_such_name(*args: Any, **kwargs: Any) -> list[Any]:
    raise socket.gaierror(-2, "Name or service not known")
