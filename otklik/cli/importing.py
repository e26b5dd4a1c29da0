"""`otklik import`: a file of partners, contacts or answers into the database, by the wizard's operations.
Money and articles have commands of their own, as their files are taken whole."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from otklik.cli.languages import LANGUAGES, asked_language
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.tabular import ENCODINGS, CannotOpen, Order, TableError, csv_lines, describe, obstacle

if TYPE_CHECKING:
    from otklik.partners.imports.public import ImportRun, Plan, Sample

BAD_INPUT, STOPPED = 2, 130
LOCALE = Path(__file__).parent / "locale"


class CannotImport(Exception):
    """The question is wrong; the message says what to do instead."""


def import_file(arguments: Sequence[str]) -> int:
    """Exit status: 0 when every row is accounted for (failed ones too), 2 when the file or the question is
    wrong and nothing was stored, 130 when it was stopped.
    """
    say = phrases(asked_language(arguments), LOCALE)
    other = arguments[0] if arguments[:1] and arguments[0] in ("money", "articles") else ""
    options = argparse.Namespace() if other else _parser(say).parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.config.settings")
    import django

    django.setup()
    from django.utils import translation

    with translation.override(say.language):
        if other == "money":
            from otklik.cli.money import import_money

            return import_money(arguments[1:], say)
        if other == "articles":
            from otklik.cli.articles import import_articles

            return import_articles(arguments[1:], say)
        try:
            return _resume(options, say) if options.resume else _begin(options, say)
        except TableError as error:
            return _refuse(f"{options.file}: {describe(error, say.gettext)}")
        except CannotImport as error:
            return _refuse(str(error))


def _begin(options: argparse.Namespace, say: Phrases) -> int:
    if not (options.target and options.file and options.program):
        raise CannotImport(
            say.gettext("Say what to import, from which file, into which program (--program).")
        )
    _try_failed_file(options, options.file, say)
    with on_disk(options.file, say) as path:
        from otklik.partners.imports.public import Reading, look_at

        reading = Reading(options.encoding, options.delimiter)
        sample = look_at(path, reading)
        plan = _plan(options, sample, reading, say)
        if options.dry_run:
            return _dry_run(options, plan, path, say)
        run = _start(options, plan, path, say)
    return _work(options, run, say)


def _resume(options: argparse.Namespace, say: Phrases) -> int:
    from otklik.partners.imports.public import ImportRun

    run = ImportRun.objects.filter(pk=options.resume).first()
    if run is None or not run.started_at:
        raise CannotImport(say.gettext("There is no import %(run)s to go on with.", run=options.resume))
    _try_failed_file(options, options.file or run.file_name, say)
    return _work(options, run, say)


def _plan(options: argparse.Namespace, sample: Sample, reading: Any, say: Phrases) -> Plan:
    from otklik.partners.imports.public import (
        Hints,
        Plan,
        UnknownTarget,
        complaints_of,
        guessed_mapping,
        import_targets,
        target_named,
        zone_names,
    )
    from otklik.partners.public import Program

    try:
        target = target_named(options.target)
    except UnknownTarget:
        known = ", ".join(found.name for found in import_targets)
        raise CannotImport(say.gettext("Only these can be imported: %(known)s.", known=known)) from None
    program = Program.objects.filter(slug=options.program).first()
    if program is None:
        known = ", ".join(Program.objects.values_list("slug", flat=True)) or say.gettext("no programs yet")
        raise CannotImport(say.gettext("There is no such program. The programs are: %(known)s.", known=known))
    mapping = guessed_mapping(target, sample)
    mapping = _restated(mapping, options.map, say)
    if complaints := complaints_of(target, mapping, sample.columns):
        known = ", ".join(field.name for field in target.fields)
        complaints.append(
            say.gettext('Columns are named with --map "Column=field"; fields: %(known)s.', known=known)
        )
        raise CannotImport("\n".join(complaints))
    found = sample.date_order(list(mapping))
    if found.is_ambiguous and not options.date_order:
        raise CannotImport(
            say.gettext(
                "The dates can be read in two ways. Say which with --date-order dmy or --date-order mdy."
            )
        )
    marks = Counter(sample.decimals[column] for column in mapping if column in sample.decimals)
    decimal = options.decimal or (marks.most_common(1)[0][0] if marks else None)
    hints = Hints(Order(options.date_order or found.order), decimal, options.time_zone)
    chosen = dict(_pair(text, say) for text in options.set)
    if options.time_zone not in zone_names():
        raise CannotImport(say.gettext("There is no time zone %(zone)s.", zone=options.time_zone))
    return Plan(target, sample.columns, mapping, hints, reading, chosen, program.pk)


def _restated(mapping: dict[str, str], stated: Iterable[str], say: Phrases) -> dict[str, str]:
    """The guess, overruled: a field that a person gave to a column is taken from any other."""
    for text in stated:
        column, field = _pair(text, say)
        mapping = {name: known for name, known in mapping.items() if known != field and name != column}
        if field:
            mapping[column] = field
    return mapping


def _pair(text: str, say: Phrases) -> tuple[str, str]:
    name, equals, value = text.rpartition("=")
    if not equals:
        raise CannotImport(say.gettext("%(text)s is not written as NAME=VALUE.", text=text))
    return name.strip(), value.strip()


def _start(options: argparse.Namespace, plan: Plan, path: Path, say: Phrases) -> ImportRun:
    from django.core.files.base import File

    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.partners.imports.public import receive_file, same_file_before, start_run

    at = now()
    with path.open("rb") as file:
        run = receive_file(
            target=plan.target,
            program_id=plan.program_id,
            file=File(file, name=path.name),
            name=Path(options.file).name if options.file != "-" else "stdin",
            reading=plan.reading,
            user_id=None,
            at=at,
        )
    if same_file_before(run):
        _note(say.gettext("This very file was imported before; what is stored already will be skipped."))
    return start_run(
        run_id=run.pk,
        mapping=plan.mapping,
        hints=plan.hints,
        options=plan.options,
        by=Actor.system(),
        at=at,
        in_worker=False,
    )


def _work(options: argparse.Namespace, run: ImportRun, say: Phrases) -> int:
    from otklik.kit.clock import now
    from otklik.partners.imports.public import ImportRun as Run
    from otklik.partners.imports.public import carry_on, failed_table, failure_groups, refusal_text

    try:
        with _bar(say) as told:
            run = carry_on(run.pk, clock=now, told=lambda seen: told(seen.cursor or seen.checked, seen.total))
    except KeyboardInterrupt:
        _note(say.gettext("Stopped. Go on with: otklik import --resume %(run)s", run=run.pk))
        return STOPPED
    if run.state == Run.State.REFUSED and run.refusal:
        return _refuse(f"{run.file_name}: {refusal_text(run.refusal)}")
    failed_file = _write_failed(options, options.file or run.file_name, *failed_table(run))
    groups = [
        {"reason": group.reason, "rows": group.rows, "first_row": group.first_row}
        for group in failure_groups(run)
    ]
    counts = {"read": run.cursor, "stored": run.stored, "skipped": run.skipped, "failed": run.failed}
    return _tell(options, {"run": run.pk, "state": run.state, **counts}, groups, failed_file, say)


def _dry_run(options: argparse.Namespace, plan: Plan, path: Path, say: Phrases) -> int:
    from otklik.kit.clock import now
    from otklik.partners.imports.public import Fate, rehearse_file, row_reasons

    counts = dict.fromkeys(("read", "stored", "skipped", "failed"), 0)
    reasons: dict[str, list[int]] = {}

    def failed(told: Callable[[int, int | None], None]) -> Iterator[list[str]]:
        for row, outcome in rehearse_file(path, plan, at=now(), heard=lambda rows: told(rows, None)):
            counts["read"] += 1
            counts[outcome.fate.value] += 1
            if outcome.fate is Fate.FAILED:
                said = row_reasons(row, outcome, plan)
                reasons.setdefault(said[0], [0, row.number])[0] += 1
                yield [*row.texts, "; ".join(said)]

    with _bar(say) as told:
        name = _write_failed(
            options, options.file, [*plan.columns, say.gettext("What is wrong")], failed(told)
        )
    groups = [
        {"reason": said, "rows": rows, "first_row": first}
        for said, (rows, first) in sorted(reasons.items(), key=lambda item: -item[1][0])
    ]
    return _tell(options, {"run": None, "state": "dry-run", **counts}, groups, name, say)


def _tell(
    options: argparse.Namespace,
    facts: dict[str, Any],
    groups: list[dict[str, Any]],
    failed_file: str | None,
    say: Phrases,
) -> int:
    if options.json:
        print(json.dumps({**facts, "reasons": groups, "failed_file": failed_file}, ensure_ascii=False))
        return 0
    if facts["state"] == "dry-run":
        print(say.gettext("This was a rehearsal: nothing is stored."))
    print(
        say.gettext(
            "Rows read: %(read)s = stored %(stored)s + skipped %(skipped)s + failed %(failed)s",
            **{name: say.number(facts[name]) for name in ("read", "stored", "skipped", "failed")},
        )
    )
    for group in groups:
        rows = say.ngettext("%(n)s row", "%(n)s rows", group["rows"])
        first = say.gettext("first in row %(row)s", row=group["first_row"])
        print(f"  {rows}: {group['reason']} ({first})")
    if failed_file:
        print(say.gettext("Failed rows: %(path)s", path=failed_file))
    elif groups:
        print(say.gettext("Write the failed rows to a file with --failed."))
    return 0


def _write_failed(
    options: argparse.Namespace, name: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]
) -> str | None:
    if options.failed is None:
        for _row in rows:  # whoever counts while they go by
            pass
        return None
    path = _failed_file(options, name)
    lines = csv_lines(columns, rows)
    head, first = next(lines), next(lines, None)
    if first is None:
        return None
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chain((head, first), lines))
    return str(path)


def _failed_file(options: argparse.Namespace, name: str) -> Path:
    return Path(options.failed or f"{Path(name).with_suffix('')}-failed.csv")


def _try_failed_file(options: argparse.Namespace, name: str, say: Phrases) -> None:
    """Before anything is stored: where the failed rows cannot be written is said while it costs nothing."""
    if options.failed is None:
        return
    path = _failed_file(options, name)
    is_new = not path.exists()
    try:
        path.open("a").close()
        if is_new:
            path.unlink()
    except OSError as error:
        why = obstacle(error.strerror or str(error), say.gettext)
        raise CannotImport(
            say.gettext("The failed rows cannot be written to %(path)s: %(reason)s.", path=path, reason=why)
        ) from error


@contextmanager
def on_disk(name: str, say: Phrases) -> Iterator[Path]:
    """The file's path; standard input is copied first, because it is read more than once."""
    if name != "-":
        yield Path(name)
        return
    if sys.stdin is None:  # started with standard input closed
        raise CannotOpen(reason="Standard input is closed")
    with tempfile.NamedTemporaryFile(prefix="otklik-import-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def _bar(say: Phrases) -> Iterator[Callable[[int, int | None], None]]:
    """Progress on standard error, where a person looks at it."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(say.gettext("Checking the file"), total=None)

        def told(done: int, total: int | None) -> None:
            words = say.gettext("Storing rows") if total else say.gettext("Checking the file")
            progress.update(task, completed=done, total=total, description=words)

        yield told


def _note(text: str) -> None:
    print(f"otklik import: {text}", file=sys.stderr)


def _refuse(text: str) -> int:
    _note(text)
    return BAD_INPUT


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otklik import",
        description=say.gettext("Imports partners, contacts or answers from a CSV or XLSX file."),
        epilog=say.gettext("Money: otklik import money --help"),
    )
    add = parser.add_argument
    add("target", nargs="?", metavar="WHAT", help=say.gettext("partners, contacts or answers"))
    add("file", nargs="?", metavar="FILE", help=say.gettext("CSV or XLSX; - reads standard input"))
    add("--program", metavar="SLUG", help=say.gettext("program that the rows belong to"))
    add(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help=say.gettext("what a column means, where the guess is wrong; COLUMN= leaves it out"),
    )
    add(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help=say.gettext("a choice for the whole file; answers: kind=nps|csat|ces, strangers=fail|company"),
    )
    add(
        "--encoding",
        choices=sorted(ENCODINGS),
        default="",
        help=say.gettext("where it is not found by itself"),
    )
    add("--delimiter", metavar="SIGN", default="", help=say.gettext("where it is not found by itself"))
    add(
        "--date-order",
        choices=[order.value for order in Order],
        help=say.gettext("how 03/04/2025 is read: day first (dmy) or month first (mdy)"),
    )
    add("--decimal", choices=[",", "."], help=say.gettext("decimal mark of numbers such as 1,234"))
    add("--time-zone", metavar="ZONE", default="UTC", help=say.gettext("zone of times that name none"))
    add("--dry-run", action="store_true", help=say.gettext("only say what would become of each row"))
    add(
        "--failed",
        metavar="PATH",
        nargs="?",
        const="",
        help=say.gettext("write the failed rows with their reasons (FILE-failed.csv without PATH)"),
    )
    add("--resume", metavar="RUN", type=int, help=say.gettext("go on with an import that was stopped"))
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser
