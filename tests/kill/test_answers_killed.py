"""The web process is killed while people answer: what was acknowledged is there, once, and counted."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from otklik.cli.serve import Options, web_command
from tests.servers.fixtures import postgres  # noqa: F401
from tests.servers.installation import Installation, Process

pytestmark = pytest.mark.slow
PEOPLE, AT_ONCE, ROUNDS = 600, 24, 2


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create_with_tables(tmp_path.name)
    built = Installation(tmp_path, database_url=url)
    try:
        yield built
    finally:
        built.end()


def ask(installation: Installation, *words: str) -> Any:
    return json.loads(installation.errand("tests/kill/answers_drive.py", *words).splitlines()[-1])


def start_web(installation: Installation) -> Process:
    command = web_command(
        Options("127.0.0.1", installation.port, installation.edge_port, installation.folder)
    )
    # Without the interpreter and its -P, which Installation.start puts before.
    web = installation.start("web", *command[2:])
    end = time.monotonic() + 90
    while time.monotonic() < end:
        address = f"http://127.0.0.1:{installation.port}/health/"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return web
        time.sleep(0.1)
    raise AssertionError(installation.logs()[-6000:])


class Crowd:
    """Everybody answers over connections that are kept open, until the server is gone."""

    def __init__(self, port: int, scores: dict[str, int]) -> None:
        self.port = port
        self.waiting = list(scores.items())
        self.acknowledged: dict[str, int] = {}
        self.odd: list[int] = []
        self.threads = [threading.Thread(target=self._answer) for _ in range(AT_ONCE)]

    def start(self) -> Crowd:
        for thread in self.threads:
            thread.start()
        return self

    def join(self) -> Crowd:
        for thread in self.threads:
            thread.join()
        return self

    def _answer(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection), suppress(OSError, http.client.HTTPException, IndexError):
            while True:
                token, score = self.waiting.pop()
                body = json.dumps({"score": score, "gesture": "pointer", "comment": f"Mine is {score}"})
                connection.request("POST", f"/a/{token}/", body, {"X-Otklik-Answer": "1"})
                reply = connection.getresponse()
                reply.read()
                if reply.status == 200:
                    self.acknowledged[token] = score
                else:
                    self.odd.append(reply.status)


def test_answers_that_were_acknowledged_survive_and_count_once(installation: Installation) -> None:
    tokens = ask(installation, "seed", str(PEOPLE))
    scores = {token: n * 7 % 11 for n, token in enumerate(tokens)}
    share = PEOPLE // ROUNDS
    acknowledged: dict[str, int] = {}
    for number in range(ROUNDS):
        web = start_web(installation)
        part = dict(list(scores.items())[number * share : (number + 1) * share])
        crowd = Crowd(installation.port, part).start()
        while len(crowd.acknowledged) < share // 3:
            time.sleep(0.005)
            assert not crowd.odd, installation.logs()[-6000:]
        web.kill()
        crowd.join()
        acknowledged |= crowd.acknowledged
        assert len(crowd.acknowledged) < share
    found = ask(installation, "state")
    assert {token: found["scores"].get(token) for token in acknowledged} == acknowledged
    assert found["histogram"] == found["recount"]

    # Whoever saw no reply sends it again, and so do some who did.
    start_web(installation)
    again = Crowd(installation.port, scores).start().join()
    assert again.odd == []
    found = ask(installation, "state")
    assert found["scores"] == scores
    assert found["twice"] == 0
    assert (found["events"], found["traces"], sum(found["histogram"])) == (PEOPLE, PEOPLE, PEOPLE)
    assert found["histogram"] == found["recount"]
