"""A language model may sum comments up: off by default, by a job, without names."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings as live
from django.test import Client

from otklik.events.public import Actor
from otklik.feedback.models import CommentSummary
from otklik.feedback.operations.comment_summaries import NoSummariser, ask_summary, make_summary
from otklik.feedback.rules.texts.names import keys_of_names, without_names
from otklik.feedback.summaries.fake import FakeSummariser
from otklik.feedback.summaries.openai import OpenAiSummariser
from otklik.feedback.summaries.protocol import (
    Prompt,
    Summariser,
    SummariserRefused,
    SummariserUnreachable,
)
from otklik.feedback.tests.texts.test_comment_pages import PAGE, YEAR, page, written
from tests.world import NOW, World


class _Model(BaseHTTPRequestHandler):
    seen: list[Any] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.path, self.headers.get("Authorization"), asked))
        said = asked["messages"][1]["content"]
        status = 503 if "down" in said else 401 if "refused" in said else 200
        answer = {
            "model": "small-7b",
            "choices": [{"message": {"content": f"  {said.count(chr(10)) + 1} comments"}}],
        }
        body = b"{" if "garbage" in said else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    _Model.seen = []
    with HTTPServer(("127.0.0.1", 0), _Model) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/v1"
        running.shutdown()
        thread.join()


@pytest.fixture(params=["fake", "openai"])
def model(request: pytest.FixtureRequest, server: str) -> Summariser:
    return FakeSummariser() if request.param == "fake" else OpenAiSummariser(server, "secret", "small")


def test_contract_of_summarisers(model: Summariser) -> None:
    made = model.summarise(Prompt("Sum up.", "2: late\n9: fine"))
    assert made.text == "2 comments"
    assert made.model
    with pytest.raises(SummariserUnreachable):
        model.summarise(Prompt("Sum up.", "2: down"))
    with pytest.raises(SummariserRefused):
        model.summarise(Prompt("Sum up.", "2: refused"))


def test_the_adapter_speaks_chat_completions_and_survives_garbage(server: str) -> None:
    summariser = OpenAiSummariser(server, "secret", "small")
    summariser.summarise(Prompt("Sum up.", "2: late"))
    path, key, asked = _Model.seen[0]
    assert (path, key, asked["model"]) == ("/v1/chat/completions", "Bearer secret", "small")
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    with pytest.raises(SummariserRefused):
        summariser.summarise(Prompt("Sum up.", "garbage"))
    with pytest.raises(SummariserUnreachable):
        OpenAiSummariser("http://127.0.0.1:9/v1", "", "small").summarise(Prompt("", ""))


def test_people_are_taken_out_in_any_form() -> None:
    known = keys_of_names(["Ольга Смирнова", "Aurora Media", "Vera Orlova"])
    text = "С Ольгой и Иваном из Авроры, vera@aurora.example, +7 912 000-00-00, Vera's late; выплаты Aurora"
    assert without_names(text, known) == "С […] и […] из […], […], […], […] late; выплаты […]"


def test_a_summary_is_made_once_marked_and_without_names(world: World) -> None:
    written(world, (2, "Vera Orlova never got the payout"), (9, "Great"))
    row = CommentSummary.objects.create(
        start=YEAR.period.start, end=YEAR.period.end, language="ru", asked_at=NOW
    )
    model = FakeSummariser()
    for _ in range(2):
        make_summary(summary_id=row.pk, model=model, at=NOW)
    row.refresh_from_db()
    assert (row.text, row.model, row.comments, row.problem) == ("2 comments", "fake", 2, "")
    (prompt,) = model.asked
    assert "Russian" in prompt.instructions
    assert "Vera" not in prompt.comments
    assert "payout" in prompt.comments


@pytest.mark.parametrize(
    ("text", "problem"), [("down", "unreachable"), ("refused", "refused"), (None, "nothing")]
)
def test_what_went_wrong_is_told(world: World, text: str | None, problem: str) -> None:
    written(world, *([(2, text)] if text else []))
    row = CommentSummary.objects.create(
        start=YEAR.period.start, end=YEAR.period.end, language="en", asked_at=NOW
    )
    make_summary(summary_id=row.pk, model=FakeSummariser(), at=NOW)
    row.refresh_from_db()
    assert (row.problem, row.text) == (problem, "")


def test_it_is_off_until_the_settings_name_a_server(world: World, client: Client) -> None:
    written(world, (2, "Payouts are late"))
    assert "language model" not in page(client, world.anna)
    assert client.post("/surveys/comments/summary/").status_code == 404
    with pytest.raises(NoSummariser):
        ask_summary(YEAR, language="en", by=Actor.system(), at=NOW)


def test_a_head_asks_and_reads_and_a_manager_of_own_partners_does_not(
    world: World, client: Client, settings: Any
) -> None:
    settings.OTKLIK = replace(live.OTKLIK, llm_url="http://127.0.0.1:9/v1", llm_model="small")
    type(world.program).objects.update(managers_see_own_only=True)
    written(world, (2, "Payouts are late"))
    client.force_login(world.anna)
    dates = {"period": "custom", "from": "2026-01-01", "to": "2026-03-31"}
    assert client.post("/surveys/comments/summary/", dates).status_code == 302
    row = CommentSummary.objects.get()
    assert "being summed up" in page(client, world.anna)
    make_summary(summary_id=row.pk, model=FakeSummariser(), at=NOW)
    text = page(client, world.anna)
    assert "written by a machine" in text
    assert "language model fake" in text
    assert "written by a machine" not in page(client, world.boris, PAGE)
    client.force_login(world.boris)
    assert client.post("/surveys/comments/summary/", dates).status_code == 403
