"""Tables of letters: "=== name", the letter, then what must come out under "--> reply", "--> signature"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "letters"


@dataclass(frozen=True)
class Letter:
    name: str
    text: str
    reply: str
    signature: str


def read_letters() -> list[Letter]:
    return [_letter(chunk, path.stem) for path in sorted(FOLDER.glob("*.txt")) for chunk in _chunks(path)]


def _chunks(path: Path) -> list[str]:
    return ("\n" + path.read_text(encoding="utf-8")).split("\n=== ")[1:]


def _letter(chunk: str, table: str) -> Letter:
    name, _, body = chunk.partition("\n")
    text, _, expected = body.partition("\n--> reply")
    reply, _, signature = expected.partition("\n--> signature")
    return Letter(f"{table}: {name}", text, reply.strip("\n"), signature.strip("\n"))
