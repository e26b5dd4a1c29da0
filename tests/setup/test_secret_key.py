"""An installation makes its own key once, whole, however many of its processes start together."""

from __future__ import annotations

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from otklik.config.env import BadSetting, read_env


def key_of(data: Path) -> str:
    return read_env({"OTKLIK_DATA_DIR": str(data)}).secret_key


def test_nobody_ever_reads_half_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, made = tmp_path / "data", secrets.token_urlsafe

    def slowly(size: int) -> str:
        assert not (data / "secret_key").exists(), "whoever starts now would read an empty key"
        return made(size)

    monkeypatch.setattr(secrets, "token_urlsafe", slowly)
    key = key_of(data)
    assert (len(key) > 50, key_of(data)) == (True, key)
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert [one.name for one in data.iterdir()] == ["secret_key"]


def test_of_two_that_start_together_both_have_the_key_of_the_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_of, [tmp_path] * 32))
    assert len(keys) == 1


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(BadSetting, match="cannot be written"):
        key_of(tmp_path / "data")
