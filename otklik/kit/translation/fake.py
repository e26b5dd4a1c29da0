"""The fake: a server on loopback that speaks the APIs of DeepL, LibreTranslate and chat completions, with
recorded answers. What a text holds decides how it goes wrong: SLOW, DOWN, REFUSED, SHORT (one text too few),
EMPTY, GARBAGE, STAY (answers in the language it got), LOSE (drops the placeholders)."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

# As recorded, with "#" for each placeholder; by target and text.
RECORDED: Mapping[tuple[str, str], str] = {
    ("ru", "Where is our payout?"): "Где наша выплата?",
    ("en", "Где наша выплата?"): "Where is our payout?",
    ("de", "Где наша выплата?"): "Wo ist unsere Auszahlung?",
    ("ru", "Wo ist unsere Auszahlung?"): "Где наша выплата?",
    ("ru", "Wo bleibt die Auszahlung von #? Siehe #"): "Где же выплата от #? Смотрите #",
    (
        "de",
        "Выплата ушла вчера, придёт до пятницы.",
    ): "Die Auszahlung ging gestern raus und kommt bis Freitag an.",
    ("en", "Выплата ушла вчера, придёт до пятницы."): "The payout left yesterday and arrives by Friday.",
}
_PLACEHOLDER = re.compile(r'⟪\d+⟫|<x id="\d+"/>')


@contextmanager
def fake_server() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Its address, and what it was asked: {"path", "headers", "body"} of each call."""
    seen: list[dict[str, Any]] = []
    handler = type("_Seen", (_Provider,), {"seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", seen
        running.shutdown()
        thread.join()


def translated(text: str, target: str) -> str:
    """As recorded; a text nobody recorded comes back with the language before it."""
    if "EMPTY" in text:
        return " "
    if "STAY" in text:
        return text
    marks = _PLACEHOLDER.findall(text)
    bare = _PLACEHOLDER.sub("#", text)
    answer = RECORDED.get((target.partition("-")[0], bare), f"[{target}] {bare}")
    for mark in marks:
        answer = answer.replace("#", "" if "LOSE" in text else mark, 1)
    return answer


class _Provider(BaseHTTPRequestHandler):
    seen: ClassVar[list[dict[str, Any]]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(
            {
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": asked,
            }
        )
        said = json.dumps(asked, ensure_ascii=False)
        if "SLOW" in said:
            time.sleep(0.4)
        status = 503 if "DOWN" in said else 403 if "REFUSED" in said else 200
        body = b"{" if "GARBAGE" in said else json.dumps(self._answer(asked)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # Who was kept waiting may have left.
        with suppress(OSError):
            self.wfile.write(body)

    def _answer(self, asked: Any) -> Any:
        match self.path.rpartition("/")[2], self.path:
            case "translate", "/v2/translate":
                texts = self._all(asked["text"], asked["target_lang"].lower())
                return {"translations": [{"detected_source_language": "EN", "text": text} for text in texts]}
            case "translate", _:
                return {"translatedText": self._all(asked["q"], asked["target"])}
            case _:
                target = asked["messages"][0]["content"].rpartition('code "')[2].partition('"')[0]
                texts = self._all(json.loads(asked["messages"][1]["content"]), target)
                content = f"```json\n{json.dumps(texts)}\n```"
                return {"model": "fake-7b", "choices": [{"message": {"content": content}}]}

    @staticmethod
    def _all(texts: list[str], target: str) -> list[str]:
        answers = [translated(text, target) for text in texts]
        return answers[:-1] if any("SHORT" in text for text in texts) else answers

    def log_message(self, *args: Any) -> None:
        pass
