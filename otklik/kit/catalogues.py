"""Translation catalogues without the gettext program.

`python -m otklik.kit.catalogues` compiles every .po whose .mo is older or missing (needs Babel only);
`--check` compares the catalogues with the messages in code and templates and says what is missing;
`--update` writes new messages into the catalogues, takes stale ones out and keeps a stable order.
A Django app has its own catalogue, as has every folder with a `locale` folder in it; messages of all other
folders are in `otklik/locale`.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGES = ("ru",)  # complete whatever else there is; the source texts are the English ones
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Found:
    """A message in code or a template; `plural` is None where the text does not depend on a number."""

    text: str
    plural: str | None
    context: str | None
    place: str
    comments: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str | None]:
        return self.text, self.context


def compile_stale(package: Path = PACKAGE) -> list[Path]:
    """Compiles what is older than its source or missing; returns the .mo files written."""
    written = []
    for source in sorted(package.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, _read(source))
        _replace(target, compiled.getvalue())
        written.append(target)
    return written


def problems(package: Path = PACKAGE) -> list[str]:
    """One line for each message that is missing, empty, fuzzy, stale or wrong in its catalogue."""
    lines = []
    for home, messages in _by_home(package).items():
        for language in _languages(home):
            path = _catalogue(home, language)
            catalogue = _read(path) if path.exists() else Catalog(locale=language)
            name = path.relative_to(package.parent).as_posix()
            lines += [f"{name}: {line}" for line in _compare(catalogue, messages)]
    return lines


def update(package: Path = PACKAGE) -> list[Path]:
    """Brings every catalogue's list of messages up to date; returns the files that changed."""
    changed = []
    for home, messages in _by_home(package).items():
        for language in _languages(home):
            path = _catalogue(home, language)
            before = path.read_bytes() if path.exists() else b""
            old = _read(path) if before else Catalog(locale=language)
            after = _written(_merged(old, messages, language))
            if after != before and (before or messages):
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, after)
                changed.append(path)
    return changed


# -- messages in the sources -------------------------------------------------------------------


def _by_home(package: Path) -> dict[Path, list[Found]]:
    """Folder of the catalogue -> its messages in stable order, each once; a folder may have none left."""
    homes: dict[Path, dict[tuple[str, str | None], Found]] = {
        path.parent: {} for path in sorted(package.glob("*/locale"))
    }
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if not path.is_file() or {"tests", "migrations", "locale", "static"} & set(inside.parts):
            continue
        messages = homes.setdefault(_home(package, inside), {})
        for found in _messages(path, inside.as_posix()):
            known = messages.get(found.key)
            if known is None or (known.plural is None and found.plural is not None):
                messages[found.key] = found
    return {home: sorted(found.values(), key=_order) for home, found in homes.items()}


def _home(package: Path, inside: Path) -> Path:
    folder = package / inside.parts[0]
    has_its_own = len(inside.parts) > 1 and ((folder / "apps.py").exists() or (folder / "locale").exists())
    return folder if has_its_own else package


def _messages(path: Path, place: str) -> Iterator[Found]:
    if path.suffix == ".py":
        yield from _from_python(path.read_bytes(), place)
    elif "templates" in Path(place).parts:
        yield from _from_template(path.read_text(encoding="utf-8"), place)


def _from_template(source: str, place: str) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    # Django turns a template into calls of gettext between blanked-out text; its indentation means nothing.
    lines = templatize(source, origin=place).splitlines()
    yield from _from_python("\n".join(line.strip() for line in lines).encode(), place)


def _from_python(source: bytes, place: str) -> Iterator[Found]:
    found = extract(
        "python", io.BytesIO(source), KEYWORDS, comment_tags=("Translators",), strip_comment_tags=True
    )
    for line, text, comments, context in found:
        singular, plural = (text[0], text[1]) if isinstance(text, tuple) else (text, None)
        if singular:
            yield Found(singular, plural, context, f"{place}:{line}", tuple(comments))


def _order(found: Found) -> tuple[str, str]:
    return found.text, found.context or ""


# -- catalogues --------------------------------------------------------------------------------


def _languages(home: Path) -> list[str]:
    return sorted({*LANGUAGES, *(path.name for path in home.glob("locale/*") if path.is_dir())})


def _catalogue(home: Path, language: str) -> Path:
    return home / "locale" / language / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def _compare(catalogue: Catalog, messages: Iterable[Found]) -> Iterator[str]:
    used = set()
    for found in messages:
        message = catalogue.get(found.text, found.context)
        used.add(found.key)
        for wrong in _faults(message, found, catalogue.num_plurals):
            yield f"{found.text!r} ({found.place}) {wrong}"
    for message in catalogue:
        text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if text and (text, message.context) not in used:
            yield f"{text!r} is in no source any more: run python -m otklik.kit.catalogues --update"


def _faults(message: Message | None, found: Found, plurals: int) -> Iterator[str]:
    if message is None:
        yield "is not in the catalogue: run python -m otklik.kit.catalogues --update"
        return
    if (found.plural is not None) != bool(message.pluralizable):
        yield "is plural in the source or in the catalogue, not in both: run --update"
        return
    forms = [message.string or ""] if isinstance(message.string, str | None) else [*message.string]
    if message.fuzzy:
        yield "is marked fuzzy: check it and take the mark away"
    if len(forms) != (plurals if message.pluralizable else 1):
        yield f"has {len(forms)} plural forms, the language has {plurals}"
    elif not all(form and form.strip() for form in forms):
        yield "is not translated"
    else:
        for form in forms:
            yield from _lost_names(found.plural or found.text, str(form))


def _lost_names(source: str, translation: str) -> Iterator[str]:
    """A name that the source does not have fails when it is shown, so no translation may bring one in."""
    pattern = re.compile(r"%\((\w+)\)|\{(\w+)[^{}]*\}")
    unknown = {a or b for a, b in pattern.findall(translation)} - {a or b for a, b in pattern.findall(source)}
    if unknown:
        yield f"uses {', '.join(sorted(unknown))}, which the source text does not have"


def _merged(old: Catalog, messages: Iterable[Found], language: str) -> Catalog:
    new = Catalog(locale=language, fuzzy=False)
    for found in messages:
        known = old.get(found.text, found.context)
        text = (found.text, found.plural) if found.plural is not None else found.text
        kept = known and bool(known.pluralizable) == (found.plural is not None)
        new.add(
            text,
            known.string if known and kept else None,
            flags=[flag for flag in (known.flags if known else ()) if flag == "fuzzy"],
            auto_comments=found.comments,
            user_comments=known.user_comments if known else (),
            context=found.context,
        )
    return new


def _written(catalogue: Catalog) -> bytes:
    body = io.BytesIO()
    # No places and no dates: a catalogue changes when its messages do, not when a line above them is added.
    write_po(body, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    header = (
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        "\n"
    )
    return header.encode() + body.getvalue().rstrip() + b"\n"


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: another process may read it at this moment."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        wrong = problems()
        print("\n".join(wrong) or "All messages are translated.")
        return 1 if wrong else 0
    if arguments == ["--update"]:
        for path in update():
            print(path.relative_to(PACKAGE.parent))
        return 0
    if arguments:
        print("usage: python -m otklik.kit.catalogues [--check | --update]", file=sys.stderr)
        return 2
    compile_stale()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
