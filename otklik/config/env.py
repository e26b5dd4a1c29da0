"""Settings of an installation, read once from environment variables and refused when odd.

Every variable is documented in ``docs/guide/settings.md``; ``tests/architecture`` holds that.
A secret may come from a file instead: ``OTKLIK_SECRET_KEY_FILE`` names a file whose content is the value.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


class BadSetting(Exception):
    """A variable has a value that cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class MailListen:
    host: str
    port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class AnalyticsServer:
    """A ClickHouse server's HTTP door. ``secure``: https. ``ca_file``: a PEM file of the authority that
    signed its certificate; "": those that the system trusts."""

    host: str
    port: int
    database: str
    user: str
    secure: bool
    password: str = field(repr=False)
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Env:
    data_dir: Path
    port: int
    edge_port: int
    host: str
    public_url: str
    edge_url: str
    database_url: str
    analytics_server: AnalyticsServer | None
    secret_key: str
    secret_key_old: str
    mail_url: str
    mail_from: str
    anymail_backend: str
    anymail_options: dict[str, object]
    mail_listen: MailListen | None
    mail_watch: bool
    debug: bool
    behind_proxy: bool
    fetch_private: bool
    survey_mails_per_minute: int
    llm_url: str
    llm_key: str
    llm_model: str
    worker_retry_seconds: int


KNOWN = (
    "OTKLIK_DATA_DIR",
    "OTKLIK_PORT",
    "OTKLIK_EDGE_PORT",
    "OTKLIK_HOST",
    "OTKLIK_PUBLIC_URL",
    "OTKLIK_EDGE_URL",
    "OTKLIK_DATABASE_URL",
    "OTKLIK_ANALYTICS_URL",
    "OTKLIK_SECRET_KEY",
    "OTKLIK_SECRET_KEY_OLD",
    "OTKLIK_MAIL_URL",
    "OTKLIK_MAIL_FROM",
    "OTKLIK_ANYMAIL_BACKEND",
    "OTKLIK_ANYMAIL_OPTIONS",
    "OTKLIK_MAIL_LISTEN",
    "OTKLIK_MAIL_WATCH",
    "OTKLIK_DEBUG",
    "OTKLIK_BEHIND_PROXY",
    "OTKLIK_FETCH_PRIVATE",
    "OTKLIK_SURVEY_MAILS_PER_MINUTE",
    "OTKLIK_LLM_URL",
    "OTKLIK_LLM_KEY",
    "OTKLIK_LLM_MODEL",
    "OTKLIK_WORKER_RETRY_SECONDS",
)
SECRET = (
    "OTKLIK_SECRET_KEY",
    "OTKLIK_SECRET_KEY_OLD",
    "OTKLIK_DATABASE_URL",
    "OTKLIK_ANALYTICS_URL",
    "OTKLIK_MAIL_URL",
    "OTKLIK_ANYMAIL_OPTIONS",
    "OTKLIK_LLM_KEY",
)


# Whoever guesses the key signs in as anybody.
SHORTEST_KEY = 32


def read_env(source: Mapping[str, str] | None = None) -> Env:
    source = os.environ if source is None else source
    _refuse_unknown(source)
    data_dir = Path(_text(source, "OTKLIK_DATA_DIR", str(ROOT / "var"))).expanduser().resolve()
    port = _integer(source, "OTKLIK_PORT", 8765, 1, 65535)
    edge_port = _integer(source, "OTKLIK_EDGE_PORT", port + 1, 1, 65536)
    if edge_port > 65535:
        raise BadSetting("OTKLIK_EDGE_PORT: set it when OTKLIK_PORT is 65535, there is no port after it.")
    database_url = _secret(source, "OTKLIK_DATABASE_URL", "")
    if database_url and urlsplit(database_url).scheme not in ("sqlite", "postgres", "postgresql"):
        raise BadSetting(
            "OTKLIK_DATABASE_URL: use postgresql://user:password@host:port/name or sqlite:///path."
        )
    mail_url = _secret(source, "OTKLIK_MAIL_URL", "")
    if mail_url and urlsplit(mail_url).scheme not in ("smtp", "smtps", "console", "memory"):
        raise BadSetting("OTKLIK_MAIL_URL: use smtp://user:password@host:587 or smtps://host:465.")
    return Env(
        data_dir=data_dir,
        port=port,
        edge_port=edge_port,
        host=_text(source, "OTKLIK_HOST", "127.0.0.1"),
        public_url=_url(source, "OTKLIK_PUBLIC_URL", f"http://localhost:{port}"),
        edge_url=_url(source, "OTKLIK_EDGE_URL", f"http://localhost:{edge_port}"),
        database_url=database_url,
        analytics_server=analytics_server(_secret(source, "OTKLIK_ANALYTICS_URL", "")),
        secret_key=_strong_key(_secret(source, "OTKLIK_SECRET_KEY", "")) or _kept_secret(data_dir),
        secret_key_old=_secret(source, "OTKLIK_SECRET_KEY_OLD", ""),
        mail_url=mail_url,
        mail_from=_text(source, "OTKLIK_MAIL_FROM", "Otklik <otklik@localhost>"),
        anymail_backend=_provider(source),
        anymail_options=_json_object(source, "OTKLIK_ANYMAIL_OPTIONS"),
        mail_listen=mail_listen(_text(source, "OTKLIK_MAIL_LISTEN", "")),
        mail_watch=_flag(source, "OTKLIK_MAIL_WATCH", False),
        debug=_flag(source, "OTKLIK_DEBUG", False),
        behind_proxy=_flag(source, "OTKLIK_BEHIND_PROXY", False),
        fetch_private=_flag(source, "OTKLIK_FETCH_PRIVATE", False),
        survey_mails_per_minute=_integer(source, "OTKLIK_SURVEY_MAILS_PER_MINUTE", 600, 0, 1_000_000),
        llm_url=_llm_url(source),
        llm_key=_secret(source, "OTKLIK_LLM_KEY", ""),
        llm_model=_text(source, "OTKLIK_LLM_MODEL", ""),
        worker_retry_seconds=_integer(source, "OTKLIK_WORKER_RETRY_SECONDS", 360, 2, 86_400),
    )


def _llm_url(source: Mapping[str, str]) -> str:
    url = _text(source, "OTKLIK_LLM_URL", "")
    if url and not _text(source, "OTKLIK_LLM_MODEL", ""):
        raise BadSetting("OTKLIK_LLM_MODEL: name the model that OTKLIK_LLM_URL shall use.")
    return _url(source, "OTKLIK_LLM_URL", "") if url else ""


def mail_listen(raw: str) -> MailListen | None:
    """ "127.0.0.1:2525" or "[::1]:24/lmtp"; None where nothing is given. Raises BadSetting."""
    if not raw:
        return None
    address, _, protocol = raw.partition("/")
    host, _, port = address.rpartition(":")
    if (
        not host
        or protocol.lower() not in ("", "smtp", "lmtp")
        or not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535)
    ):
        raise BadSetting(f"OTKLIK_MAIL_LISTEN: {raw!r} is not host:port, host:port/smtp or host:port/lmtp.")
    return MailListen(host.strip("[]"), int(port), protocol.lower() or "smtp")


_CLICKHOUSE_PORTS = {"clickhouse": 8123, "clickhouses": 8443}


def analytics_server(raw: str) -> AnalyticsServer | None:
    """ "clickhouse://user:password@host:8123/database", or clickhouses:// for https, perhaps with
    "?ca=/path/of.pem"; None where nothing is given. Raises BadSetting, which does not repeat the address: a
    password is in it."""
    if not raw:
        return None
    url = urlsplit(raw)
    name = url.path.strip("/")
    try:
        usual = _CLICKHOUSE_PORTS[url.scheme]
        port = url.port or usual
    except (ValueError, KeyError):
        port = 0
    plain = name.isascii() and name.replace("_", "a").isalnum() and not name[0].isdigit()
    asked = dict(parse_qsl(url.query, keep_blank_values=True))
    odd = asked.keys() - {"ca"} or (asked and url.scheme != "clickhouses")
    if not port or not url.hostname or not plain or odd or url.fragment:
        raise BadSetting(
            "OTKLIK_ANALYTICS_URL: use clickhouse://user:password@host:8123/database; for https "
            "clickhouses://, where ?ca=/path/of.pem may name the authority of its certificate."
        )
    if "ca" in asked and not Path(asked["ca"]).is_file():
        raise BadSetting(f"OTKLIK_ANALYTICS_URL: there is no file {asked['ca']!r}, which ca= names.")
    return AnalyticsServer(
        host=url.hostname,
        port=port,
        database=name,
        user=unquote(url.username or "default"),
        secure=url.scheme == "clickhouses",
        password=unquote(url.password or ""),
        ca_file=asked.get("ca", ""),
    )


def database(env: Env) -> dict[str, object]:
    """Django's DATABASES["default"] for this installation."""
    url = urlsplit(env.database_url)
    if url.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": False,
        }
    path = unquote(url.path) if url.scheme == "sqlite" else str(env.data_dir / "otklik.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A deferred transaction that starts with a read and then writes fails at once when another
            # writer got in between, whatever the timeout; IMMEDIATE waits for its turn instead.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                # What was acknowledged survives a power cut: in WAL only FULL syncs at each commit.
                "PRAGMA synchronous=FULL;"
                # Erased means overwritten, not only unlinked; not every build of SQLite does so by itself.
                "PRAGMA secure_delete=ON;"
                "PRAGMA temp_store=MEMORY;"
                "PRAGMA cache_size=-16000;"
                "PRAGMA mmap_size=268435456;"
            ),
        },
    }


def _refuse_unknown(source: Mapping[str, str]) -> None:
    allowed = set(KNOWN) | {f"{name}_FILE" for name in SECRET}
    for name in sorted(source):
        if name.startswith("OTKLIK_") and name not in allowed:
            raise BadSetting(f"{name}: there is no such setting. Known: {', '.join(KNOWN)}.")


def _text(source: Mapping[str, str], name: str, default: str) -> str:
    return source.get(name, "").strip() or default


def _integer(source: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = source.get(name, "").strip()
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise BadSetting(f"{name}: {raw!r} is not a whole number from {low} to {high}.")
    return int(raw)


def _flag(source: Mapping[str, str], name: str, default: bool) -> bool:
    raw = source.get(name, "").strip().lower()
    if raw in ("", "0", "no", "false", "off", "1", "yes", "true", "on"):
        return default if not raw else raw in ("1", "yes", "true", "on")
    raise BadSetting(f"{name}: {raw!r} is neither yes nor no.")


def _url(source: Mapping[str, str], name: str, default: str) -> str:
    raw = source.get(name, "").strip().rstrip("/") or default
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(f"{name}: {raw!r} is not an http:// or https:// address.")
    return raw


def _provider(source: Mapping[str, str]) -> str:
    raw = _text(source, "OTKLIK_ANYMAIL_BACKEND", "")
    if raw and (not raw.isascii() or not raw.replace("_", "").isalnum() or raw != raw.lower()):
        raise BadSetting(
            f"OTKLIK_ANYMAIL_BACKEND: {raw!r} is not the name of a provider, as postmark or mailgun."
        )
    return raw


def _json_object(source: Mapping[str, str], name: str) -> dict[str, object]:
    try:
        value = json.loads(_secret(source, name, "{}"))
    except ValueError as error:
        raise BadSetting(f"{name}: this is not JSON ({error}).") from error
    if not isinstance(value, dict):
        raise BadSetting(f'{name}: use a JSON object, as {{"POSTMARK_SERVER_TOKEN": "..."}}.')
    return value


def _secret(source: Mapping[str, str], name: str, default: str) -> str:
    path = source.get(f"{name}_FILE", "").strip()
    if not path:
        return source.get(name, "").strip() or default
    if source.get(name):
        raise BadSetting(f"{name} and {name}_FILE are both set: keep one.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE: {path} cannot be read ({error.strerror}).") from error


def _strong_key(key: str) -> str:
    """The old key is not asked to be long: it must be possible to leave a weak one behind."""
    if key and len(key) < SHORTEST_KEY:
        raise BadSetting(
            f"OTKLIK_SECRET_KEY: {len(key)} characters can be guessed; use {SHORTEST_KEY} or more random "
            "ones, for example from: openssl rand -hex 32"
        )
    return key


def _kept_secret(data_dir: Path) -> str:
    """The installation's own key, made at the first start and kept beside its data."""
    path = data_dir / "secret_key"
    try:
        # Others of this machine have no business in it: the database itself lies there.
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadSetting(f"OTKLIK_DATA_DIR: {data_dir} cannot be written ({error.strerror}).") from error


def _make_secret(path: Path) -> None:
    """Whole or not at all: of two processes that start together one makes the key, and the other must not
    read it half written."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
