"""Fetching an address that somebody typed in, without becoming their way into our own network.

The name is resolved once, every address it has must be a public one, and the connection goes to the
address that was checked, so that a name cannot point elsewhere a moment later (DNS rebinding). Redirects go
through the same door. Size and total time are bounded. ``OTKLIK_FETCH_PRIVATE`` opens private addresses and
all ports, for an intranet or a test.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
from django.conf import settings

PORTS = frozenset({80, 443, 8080, 8443})
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Sent to one host and not to be carried to another one by a redirect.
_PERSONAL = frozenset({"authorization", "cookie", "proxy-authorization"})

# IANA's special-purpose registries, written out: ``is_global`` differs between releases of Python.
_FORBIDDEN_4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Global unicast is 2000::/3 alone; of that: Teredo and other protocol assignments, documentation, SRv6.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_FORBIDDEN_6 = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16")
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class FetchRefused(Exception):
    """The address leads where we do not go, or is not one we can fetch."""


class FetchFailed(Exception):
    """The other side could not be reached, took too long, or sent too much."""


class TooLarge(FetchFailed):
    """The other side sent more than the limit."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``url``: where the last redirect led. Header names are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds``: for everything together, redirects too. ``size``: bytes of the body."""

    seconds: float = 20.0
    size: int = 5_000_000
    redirects: int = MAX_REDIRECTS


@dataclass(slots=True)
class _Call:
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: Limits | None = None,
    private: bool | None = None,
) -> Reply:
    """One request, redirects followed. Blocks up to ``limits.seconds``: not for a web view, and never inside
    a transaction. ``private``: allow private addresses (default: the installation's setting).
    Raises FetchRefused, FetchFailed."""
    limits = limits or Limits()
    allow = settings.OTKLIK.fetch_private if private is None else private
    deadline = time.monotonic() + limits.seconds
    call = _Call(method, url, {name.lower(): value for name, value in (headers or {}).items()}, body)
    for _ in range(limits.redirects + 1):
        reply = _once(call, limits.size, deadline, allow)
        location = reply.headers.get("location")
        if reply.status not in _REDIRECTS or not location:
            return reply
        call = _redirected(call, reply.status, urljoin(call.url, location))
    raise FetchRefused(f"more than {limits.redirects} redirects")


def check_address(address: str) -> None:
    """Raises FetchRefused for an IP address outside the public internet, in whatever form it hides."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            if ip not in _GLOBAL_6 or any(ip in network for network in _FORBIDDEN_6):
                raise FetchRefused(f"{ip} is not a public address")
            return
        ip = inner
    if any(ip in network for network in _FORBIDDEN_4):
        raise FetchRefused(f"{ip} is not a public address")


def _redirected(call: _Call, status: int, url: str) -> _Call:
    headers = dict(call.headers)
    if _origin(call.url) != _origin(url):
        headers = {name: value for name, value in headers.items() if name not in _PERSONAL}
    # Browsers turn a redirected POST into a GET, except where the server says to repeat it as it was.
    if status == 303 or (status in (301, 302) and call.method == "POST"):
        headers.pop("content-type", None)
        return _Call("GET", url, headers)
    return _Call(call.method, url, headers, call.body)


def _once(call: _Call, size: int, deadline: float, allow: bool) -> Reply:
    _check_url(call.url, allow)
    network = _GuardedNetwork(deadline, allow)
    try:
        # No pool is kept: a connection is never used for another name than the one it was checked for.
        with httpcore.ConnectionPool(network_backend=network, retries=0) as pool:
            usual = {"user-agent": "Otklik", "accept-encoding": "identity"}
            headers = list({**usual, **call.headers}.items())
            with pool.stream(call.method, call.url, headers=headers, content=call.body) as response:
                body = _read(response.iter_stream(), size)
                return Reply(response.status, call.url, _headers(response.headers), body)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise FetchFailed(f"{urlsplit(call.url).hostname}: {error or type(error).__name__}") from error
    except (httpcore.UnsupportedProtocol, httpcore.ProxyError, UnicodeError) as error:
        raise FetchRefused(str(error)) from error


def _check_url(url: str, allow: bool) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError as error:
        raise FetchRefused("this is not an address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchRefused("only http:// and https:// addresses are fetched")
    if parts.username or parts.password:
        raise FetchRefused("an address with a password in it is not fetched")
    if not allow and port not in PORTS:
        raise FetchRefused(f"port {port} is not fetched from")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _read(chunks: Iterable[bytes], size: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > size:
            raise TooLarge(f"the answer is larger than {size} bytes")
    return bytes(body)


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


class _GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing last beyond the deadline."""

    def __init__(self, deadline: float, allow: bool) -> None:
        self._deadline, self._allow = deadline, allow
        self._network = httpcore.SyncBackend()

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        addresses = _resolve(host, port)
        if not self._allow:
            for address in addresses:  # every one: a name with a public and a private address is a trick
                check_address(address)
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                stream = self._network.connect_tcp(address, port, timeout=_left(self._deadline))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Bounded(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise FetchRefused("sockets of this machine are not fetched from")


class _Bounded(httpcore.NetworkStream):
    """A stream on which every wait ends at the deadline: a server that drips its answer gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=_left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, timeout=_left(self._deadline))
        return _Bounded(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} cannot be found") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long")
    return left
