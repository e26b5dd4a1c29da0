from __future__ import annotations

from pathlib import Path

import pytest

from otklik.assist.queries import understanding


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _nothing_learnt_in_an_earlier_story() -> None:
    understanding._kept.clear()
