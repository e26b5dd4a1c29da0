"""`otklik import articles`: a folder of Markdown files into the knowledge base, whole or not at all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from otklik.cli.languages import LANGUAGES
from otklik.kit.phrases import Phrases

if TYPE_CHECKING:
    from otklik.knowledge.public import BadArticleFile

BAD_INPUT = 2
MOST_FILES = 20_000


def import_articles(arguments: Sequence[str], say: Phrases) -> int:
    """After Django is set up. Exit status: 0 when all is in, 2 when nothing of it was stored."""
    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.knowledge.public import ArticleFilesRefused
    from otklik.knowledge.public import import_articles as bring_in
    from otklik.partners.public import Program

    options = _parser(say).parse_args(arguments)
    program = None
    if options.program:
        program = Program.objects.filter(slug=options.program).first()
        if program is None:
            known = ", ".join(Program.objects.values_list("slug", flat=True)) or say.gettext(
                "no programs yet"
            )
            text = say.gettext("There is no such program. The programs are: %(known)s.", known=known)
            return _refuse(text)
    try:
        files = _read(Path(options.folder))
    except (OSError, UnicodeDecodeError) as error:
        return _refuse(f"{options.folder}: {error}")
    if not files:
        return _refuse(say.gettext("There are no files <address>.<language>.md in this folder."))
    try:
        told = bring_in(files=files, program_id=program.pk if program else None, by=Actor.system(), at=now())
    except ArticleFilesRefused as refused:
        return _tell_refusal(options, refused.problems, say)
    counts = {"articles": told.articles, "texts": told.texts, "unchanged": told.unchanged}
    if options.json:
        print(json.dumps({"state": "done", **counts, "problems": []}))
    else:
        text = say.gettext(
            "New articles: %(articles)s, texts written: %(texts)s, unchanged: %(unchanged)s",
            **{name: say.number(count) for name, count in counts.items()},
        )
        print(text)
    return 0


def _read(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".md" and path.is_file())
    return {path.name: path.read_text(encoding="utf-8") for path in paths[:MOST_FILES]}


def _tell_refusal(options: argparse.Namespace, problems: Mapping[str, BadArticleFile], say: Phrases) -> int:
    from otklik.knowledge.public import FILE_PROBLEMS

    if options.json:
        lines = [
            {"file": name, "line": bad.line, "problem": bad.problem.value} for name, bad in problems.items()
        ]
        print(json.dumps({"state": "refused", "problems": lines}, ensure_ascii=False))
        return BAD_INPUT
    for name, bad in problems.items():
        place = say.gettext("line %(line)s", line=bad.line) if bad.line else say.gettext("the whole file")
        print(f"  {name}, {place}: {FILE_PROBLEMS[bad.problem]}")
    return _refuse(say.gettext("Nothing is stored: mend these files and import the folder again."))


def _refuse(text: str) -> int:
    print(f"otklik import: {text}", file=sys.stderr)
    return BAD_INPUT


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otklik import articles",
        description=say.gettext("Imports articles from Markdown files; one wrong file refuses the folder."),
    )
    add = parser.add_argument
    add("folder", metavar="FOLDER", help=say.gettext("files named <address>.<language>.md"))
    add("--program", metavar="SLUG", help=say.gettext("program that the articles are for; without it all"))
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser
