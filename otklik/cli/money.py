"""`otklik import money`: a file of entries or payouts, whole or not at all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from otklik.cli.languages import LANGUAGES
from otklik.kit.phrases import Phrases

if TYPE_CHECKING:
    from otklik.events.public import Actor
    from otklik.payouts.public import FileProblem, ImportedMoney

BAD_INPUT = 2
KINDS = ("entries", "payouts")


class WrongQuestion(Exception):
    """The message says what to do instead."""


def import_money(arguments: Sequence[str], say: Phrases) -> int:
    """After Django is set up. Exit status: 0 when the file is in, 2 when nothing of it was stored."""
    from otklik.cli.importing import on_disk
    from otklik.kit.tabular import TableError, describe
    from otklik.payouts.public import MoneyFileRefused

    options = _parser(say).parse_args(arguments)
    try:
        with on_disk(options.file, say) as path:
            taken = _take(options, path, say)
    except TableError as error:
        return _refuse(f"{options.file}: {describe(error, say.gettext)}")
    except WrongQuestion as error:
        return _refuse(str(error))
    except MoneyFileRefused as error:
        return _tell_refusal(options, error.problems, say)
    return _tell(options, taken, say)


def _take(options: argparse.Namespace, path: Path, say: Phrases) -> ImportedMoney:
    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.partners.imports.public import zone_names
    from otklik.partners.public import Program
    from otklik.payouts.public import ChangedMeanwhile, MoneyFileKind, import_money_file

    program = Program.objects.filter(slug=options.program).first()
    if program is None:
        known = ", ".join(Program.objects.values_list("slug", flat=True)) or say.gettext("no programs yet")
        raise WrongQuestion(
            say.gettext("There is no such program. The programs are: %(known)s.", known=known)
        )
    if options.time_zone not in zone_names():
        raise WrongQuestion(say.gettext("There is no time zone %(zone)s.", zone=options.time_zone))
    by = _person(options.by, say) if options.by else Actor.system()
    try:
        return import_money_file(
            program_id=program.pk,
            kind=MoneyFileKind(options.kind),
            path=path,
            name="stdin" if options.file == "-" else Path(options.file).name,
            totals=dict(_total(text, say) for text in options.total),
            zone=ZoneInfo(options.time_zone),
            by=by,
            at=now(),
        )
    except ChangedMeanwhile:
        raise WrongQuestion(
            say.gettext("Others keep writing the same lines. Wait for them and import the file again.")
        ) from None


def _person(address: str, say: Phrases) -> Actor:
    from otklik.events.public import Actor
    from otklik.identity.public import Right, User

    user = User.objects.filter(email__iexact=address.strip(), is_active=True).first()
    if user is None or not user.may(Right.EDIT_MONEY):
        raise WrongQuestion(
            say.gettext("%(text)s is nobody of the staff who may change balances.", text=address)
        )
    return Actor.person(user.pk)


def _total(text: str, say: Phrases) -> tuple[str, Decimal]:
    from otklik.kit.money import BadAmount, UnknownCurrency, read_amount

    currency, _, amount = text.partition("=")
    currency = currency.strip().upper()
    try:
        return currency, read_amount(amount, currency, signed=True, mark=".", finest=4)
    except (BadAmount, UnknownCurrency):
        raise WrongQuestion(
            say.gettext("%(text)s is no total; write it as EUR=1234.56.", text=text)
        ) from None


def _tell(options: argparse.Namespace, taken: ImportedMoney, say: Phrases) -> int:
    counts = {"new": taken.new, "changed": taken.changed, "same": taken.same}
    if options.json:
        facts = {"state": "done", "import": taken.money_import_id, "repeat": taken.is_repeat}
        print(json.dumps({**facts, **counts, "totals": dict(taken.totals), "problems": []}))
        return 0
    if taken.is_repeat:
        print(say.gettext("This very file was imported before; nothing was changed."))
    print(
        say.gettext(
            "New: %(new)s, changed: %(changed)s, known already: %(same)s",
            **{name: say.number(count) for name, count in counts.items()},
        )
    )
    for currency, amount in sorted(taken.totals.items()):
        print(say.gettext("Total of the file: %(amount)s %(currency)s", amount=amount, currency=currency))
    return 0


def _tell_refusal(options: argparse.Namespace, problems: Sequence[FileProblem], say: Phrases) -> int:
    from otklik.payouts.public import line_problem_text

    if options.json:
        lines = [
            {"line": one.line, "column": one.column, "problem": one.problem.value, "value": one.value}
            for one in problems
        ]
        print(json.dumps({"state": "refused", "problems": lines}, ensure_ascii=False))
        return BAD_INPUT
    from django.utils import translation

    for one in problems:
        place = say.gettext("line %(line)s", line=one.line) if one.line else say.gettext("the whole file")
        about = " ".join(
            part
            for part in (one.column, say.gettext("“%(text)s”", text=one.value) if one.value else "")
            if part
        )
        with translation.override(say.language):
            told = line_problem_text(one.problem)
        print(f"  {place}: {about + ' – ' if about else ''}{told}")
    return _refuse(say.gettext("Nothing is stored: mend these lines and import the file again."))


def _refuse(text: str) -> int:
    print(f"otklik import: {text}", file=sys.stderr)
    return BAD_INPUT


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otklik import money",
        description=say.gettext("Imports entries of the ledger or payouts; one wrong line refuses the file."),
    )
    add = parser.add_argument
    add("file", metavar="FILE", help=say.gettext("CSV or XLSX; - reads standard input"))
    add("--kind", choices=KINDS, required=True, help=say.gettext("what the lines are"))
    add("--program", metavar="SLUG", required=True, help=say.gettext("program that the rows belong to"))
    add(
        "--total",
        metavar="EUR=1234.56",
        action="append",
        default=[],
        help=say.gettext("what all amounts of a currency have to add up to"),
    )
    add("--time-zone", metavar="ZONE", default="UTC", help=say.gettext("zone that days are counted in"))
    add(
        "--by",
        metavar="E-MAIL",
        default="",
        help=say.gettext("who brings the file in and so does not approve its payout; without it, a feed"),
    )
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser
