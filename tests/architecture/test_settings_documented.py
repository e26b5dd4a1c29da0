from __future__ import annotations

import re
from pathlib import Path

import pytest

from otklik.config.env import KNOWN, SECRET, AnalyticsServer, BadSetting, read_env

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


@pytest.mark.parametrize("page", ["settings.md", "settings.ru.md"])
def test_every_setting_is_explained_in_both_languages_and_no_other(page: str) -> None:
    rows = re.findall(r"^\| `(OTKLIK_\w+)`", (GUIDE / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(KNOWN)


def test_the_guide_says_which_values_are_secret() -> None:
    rows = re.findall(
        r"^\| `(OTKLIK_\w+)` .*\*\*secret\*\*", (GUIDE / "settings.md").read_text(), re.MULTILINE
    )
    assert set(rows) == set(SECRET)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTKLIK_PORT", "0"),
        ("OTKLIK_PORT", "65536"),
        ("OTKLIK_PORT", "80a"),
        ("OTKLIK_PORT", "٨٠"),
        ("OTKLIK_PUBLIC_URL", "otklik.example.com"),
        ("OTKLIK_PUBLIC_URL", "ftp://otklik.example.com"),
        ("OTKLIK_DATABASE_URL", "mysql://localhost/otklik"),
        ("OTKLIK_ANALYTICS_URL", "http://localhost:8123/otklik"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse://localhost"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse://localhost:0x1/otklik"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse:///otklik"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse://localhost/otklik/facts"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse://localhost/otklik?secure=1"),
        ("OTKLIK_ANALYTICS_URL", "clickhouse://localhost/otklik?ca=/etc/hosts"),
        ("OTKLIK_ANALYTICS_URL", "clickhouses://localhost/otklik?ca=/nowhere/ca.pem"),
        ("OTKLIK_MAIL_URL", "mail.example.com"),
        ("OTKLIK_ANYMAIL_BACKEND", "anymail.backends.postmark"),
        ("OTKLIK_ANYMAIL_OPTIONS", "token"),
        ("OTKLIK_ANYMAIL_OPTIONS", "[1]"),
        ("OTKLIK_DEBUG", "maybe"),
        ("OTKLIK_WORKER_RETRY_SECONDS", "1"),
        ("OTKLIK_PROT", "80"),
    ],
)
def test_an_odd_value_is_refused_and_the_refusal_names_the_setting(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(BadSetting, match=name):
        read_env({"OTKLIK_DATA_DIR": str(tmp_path), name: value})


def test_a_port_without_one_after_it_needs_an_edge_port(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_PORT": "65535"}
    with pytest.raises(BadSetting, match="OTKLIK_EDGE_PORT"):
        read_env(source)
    assert read_env(source | {"OTKLIK_EDGE_PORT": "65534"}).edge_port == 65534


def test_an_analytics_server_is_spoken_to_by_http_or_https(tmp_path: Path) -> None:
    def server(url: str) -> AnalyticsServer | None:
        return read_env({"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_ANALYTICS_URL": url}).analytics_server

    assert server("") is None
    found = server("clickhouse://otklik:s%40fe@ch.example:8124/facts")
    assert found == AnalyticsServer("ch.example", 8124, "facts", "otklik", False, "s@fe")
    assert "s@fe" not in repr(found)
    assert server("clickhouses://ch.example/facts") == AnalyticsServer(
        "ch.example", 8443, "facts", "default", True, ""
    )
    (tmp_path / "ca.pem").touch()
    trusting = server(f"clickhouses://ch.example/facts?ca={tmp_path}/ca.pem")
    assert trusting is not None
    assert trusting.ca_file == str(tmp_path / "ca.pem")


def test_a_refused_analytics_server_does_not_tell_its_password(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_ANALYTICS_URL": "clickhouse://otklik:s4fe@host"}
    with pytest.raises(BadSetting) as refused:
        read_env(source)
    assert "s4fe" not in str(refused.value)


def test_a_language_model_is_named_together_with_its_server(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_LLM_URL": "http://127.0.0.1:11434/v1/"}
    with pytest.raises(BadSetting, match="OTKLIK_LLM_MODEL"):
        read_env(source)
    assert read_env(source | {"OTKLIK_LLM_MODEL": "small"}).llm_url == "http://127.0.0.1:11434/v1"


def test_a_secret_may_come_from_a_file_and_not_from_both(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sealed " * 6 + "\n")
    source = {"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_SECRET_KEY_FILE": str(tmp_path / "key")}
    assert read_env(source).secret_key == ("sealed " * 6).strip()
    with pytest.raises(BadSetting, match="keep one"):
        read_env(source | {"OTKLIK_SECRET_KEY": "other"})
    with pytest.raises(BadSetting, match="cannot be read"):
        read_env(source | {"OTKLIK_SECRET_KEY_FILE": str(tmp_path / "missing")})


def test_a_key_that_can_be_guessed_is_refused_and_can_be_left_behind(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path)}
    with pytest.raises(BadSetting, match="OTKLIK_SECRET_KEY: 6 characters can be guessed"):
        read_env(source | {"OTKLIK_SECRET_KEY": "secret"})
    env = read_env(source | {"OTKLIK_SECRET_KEY": "k" * 32, "OTKLIK_SECRET_KEY_OLD": "secret"})
    assert (env.secret_key, env.secret_key_old) == ("k" * 32, "secret")


def test_the_key_of_the_installation_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = read_env({"OTKLIK_DATA_DIR": str(tmp_path)}).secret_key
    assert len(first) > 40
    assert read_env({"OTKLIK_DATA_DIR": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_options_of_a_mail_provider_are_read_as_its_library_names_them(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_ANYMAIL_BACKEND": "postmark"}
    env = read_env(source | {"OTKLIK_ANYMAIL_OPTIONS": '{"POSTMARK_SERVER_TOKEN": "t"}'})
    assert (env.anymail_backend, env.anymail_options) == ("postmark", {"POSTMARK_SERVER_TOKEN": "t"})


@pytest.mark.parametrize("value", ["2525", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:25/http", ":25"])
def test_where_to_listen_for_mail_is_a_host_and_a_port(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="OTKLIK_MAIL_LISTEN"):
        read_env({"OTKLIK_DATA_DIR": str(tmp_path), "OTKLIK_MAIL_LISTEN": value})


def test_mail_is_listened_for_by_smtp_or_lmtp(tmp_path: Path) -> None:
    source = {"OTKLIK_DATA_DIR": str(tmp_path)}
    assert read_env(source).mail_listen is None
    found = read_env(source | {"OTKLIK_MAIL_LISTEN": "[::1]:24/LMTP"}).mail_listen
    assert found is not None
    assert (found.host, found.port, found.protocol) == ("::1", 24, "lmtp")
