"""A worker that is killed loses nothing and does nothing twice."""

from __future__ import annotations

import time

import pytest

from otklik.events.models.delivery import MAX_ATTEMPTS
from tests.kill.installation import RETRY_SECONDS, KillInstallation

pytestmark = pytest.mark.slow


def test_a_worker_killed_half_way_is_followed_by_one_effect(installation: KillInstallation) -> None:
    installation.record("kill.block")
    worker = installation.start_worker()
    half_way = installation.marks / "half-way"
    end = time.monotonic() + 30
    while not half_way.exists():
        assert time.monotonic() < end, installation.logs()
        time.sleep(0.02)
    worker.kill()
    state = installation.state()
    assert (state["effects"], state["queued"], state["open"]) == ({}, 1, 1)

    installation.start_worker()
    state = installation.wait_for(lambda s: s["open"] == 0 and s["queued"] == 0, seconds=40)
    assert state["effects"] == {"block": 1}
    time.sleep(RETRY_SECONDS + 1)
    assert installation.state()["effects"] == {"block": 1}


def test_two_clusters_share_the_work_and_one_may_be_killed(installation: KillInstallation) -> None:
    clusters = [installation.start_worker(), installation.start_worker()]
    installation.record("kill.count", 250)
    clusters[0].kill()
    installation.record("kill.count", 50)
    state = installation.wait_for(lambda s: s["open"] == 0 and s["queued"] == 0, seconds=90)
    assert (state["effects"], state["twice"], state["quarantined"]) == ({"count": 300}, [], [])
    assert clusters[1].stop() == 0
    assert "locked" not in installation.logs()


@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_an_event_that_commits_after_a_later_one_is_not_lost(installation: KillInstallation) -> None:
    installation.start_worker()
    installation.errand("tests/kill/drive.py", "interleave", "kill.count")
    state = installation.wait_for(lambda s: s["open"] == 0 and s["queued"] == 0, seconds=20)
    assert (state["effects"], state["twice"]) == ({"count": 2}, [])


def test_what_kills_its_worker_each_time_is_put_aside(installation: KillInstallation) -> None:
    installation.start_worker()
    installation.record("kill.murder")
    seconds = (MAX_ATTEMPTS + 4) * (RETRY_SECONDS + 3)
    state = installation.wait_for(lambda s: s["open"] == 0 and s["queued"] == 0, seconds=seconds)
    assert state["effects"] == {"after": 1}
    assert state["quarantined"] == ["delivery"]
