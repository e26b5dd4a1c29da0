"""The line a mail program puts above history: "On 2 March 2026 at 12:00, Anna <a@b> wrote:".

The shapes were read off letters of Gmail, Outlook, Apple Mail, Yandex, Mail.ru, Thunderbird, Spark, The Bat!
and Lotus Notes. A shape has to be recognised whole: an opening word or a date first, a year or an address, a
verb of writing or none at all, a colon at the end. "As I wrote on Monday:" is what a person says, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from otklik.desk.rules.mail.reply.lines import MAX_WIDTH, is_blank, is_quoted, next_written

MAX_WRAPPED = 6
"""Programs wrap at 72 columns: name, address and verb may stand on lines of their own."""

_VERB = re.compile(
    r"(?<!\w)(?:wrote|writes|"
    r"написал(?:а|и|\(-?а\)|\(и\))?|пишет|пис[аa]л(?:а|и|\(-?а\))?|"
    r"напис(?:ав|ала)(?:\(-?л?а\))?|пише|писав(?:\(л?а\))?|"
    r"schrieb|geschrieben|schreibt|(?:a |à )?écrit|escribi[óo]|ha escrito|escreveu|ha scritto|scrisse|"
    r"schreef|napisał(?:a|\(a\))?|pisze|yazdı|skrev|kirjoitti|napsal(?:a|\(a\))?)(?!\w)"
    r"|写道|寫道|写了|写到",
    re.IGNORECASE,
)
_YEAR_OR_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d))")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.hч]\d{2}(?!\d)")
_ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>]")
_ENDS = (":", "：")
_OLD_GMAIL = re.compile(
    r"\d{4}[/-]\d{1,2}[/-]\d{1,2}(?: \d{1,2}:\d\d)?[^\n:]{1,120}<[^\s<>@]{1,64}@[^\s<>@]{1,99}>"
)
_ZOHO = re.compile(r"-{2,6} ?On .{5,300} wrote ?-{2,6}")
_LOTUS = re.compile(r"\S{1,40}(?: \S{1,40}){0,4} wrote on \d{1,2}[/.]\d{1,2}[/.]\d{2,4} \d{1,2}:\d\d.{0,20}:")
_MAIL_RU = re.compile(r"[+-]\d\d:?\d\d (?:от|від|from) \S")

_OPENERS = frozenset(
    (
        *("on", "at", "le", "am", "el", "em", "no", "na", "in", "il", "op", "dnia", "w", "den", "dne"),
        *("på", "в", "во", "у"),
    )
)
_AFTER_OPENER = frozenset(
    (
        *("dniu", "giorno", "dia", "data", "day"),
        *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
        *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
        *("november", "december"),
    )
)
_SHORT_WEEKDAYS = frozenset(
    (
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд"),
        *("lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mié", "mie", "jue", "vie", "sáb", "sab", "dom"),
        *("mo", "di", "mi", "do", "fr", "sa", "so", "seg", "ter", "qua", "qui", "sex", "gio"),
        *("pon", "wt", "śr", "czw", "pt", "sob", "ndz", "paz", "pzt", "sal", "çar", "per", "cum", "cmt"),
        *("ma", "wo", "vr", "za", "zo"),
    )
)
_WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("понедельник", "вторник", "среда", "среду", "четверг", "пятниц", "суббот", "воскресенье"),
    *("понеділок", "вівторок", "серед", "четвер", "п'ятниц", "п’ятниц", "субот", "неділ"),
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    *("segunda", "terça", "quarta", "quinta", "sexta", "lunedì", "martedì", "mercoledì", "giovedì"),
    *("venerdì", "sabato", "domenica", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag"),
    *("sonntag", "poniedz", "wtorek", "środ", "czwartek", "piątek", "sobot", "niedziel"),
    *("pazartesi", "salı", "çarşamba", "perşembe", "cuma", "pazar", "maandag", "dinsdag", "woensdag"),
    *("donderdag", "vrijdag", "zaterdag", "zondag", "星期", "周", "週"),
)
_DATE_FIRST = re.compile(
    r"\W{0,3}(?:\d{1,4}[./-]\d{1,2}[./-]|\d{1,2}[:.]\d\d|\d{1,2}\.? [^\W\d_]{3,12}|\d{4}年|\d{1,2} de )"
)
_CHINESE_DATE_FIRST = re.compile(r"(?:在|于|於) ?\d{4}")


def attribution_end(lines: list[str], start: int) -> int:
    """Index after the attribution that begins at `start`; `start` itself when none does."""
    first = lines[start].strip()
    if len(first) > MAX_WIDTH or not first:
        return start
    dated = _begins_with_date(first)
    if not (dated or "@" in first or "<" in first or _VERB.search(first) or first.endswith(_ENDS)):
        return start
    for joined, end in _joined(lines, start, dated=dated):
        if _is_whole(joined, dated=dated) or (_is_loose(joined, dated=dated) and _quote_follows(lines, end)):
            return end
    return start


def _begins_with_date(line: str) -> bool:
    """An opening word or a weekday with a figure soon after it, or a date or a time at once."""
    if _DATE_FIRST.match(line) or _CHINESE_DATE_FIRST.match(line):
        return True
    words = [word.strip(".,()-") for word in line[:120].lower().split()]
    if len(words) < 2:
        return False
    opened = words[0] in _OPENERS and (
        words[1][:1].isdigit() or words[1] in _AFTER_OPENER or _is_weekday(words[1])
    )
    return (opened or _is_weekday(words[0])) and any(word[:1].isdigit() for word in words[1:7])


def _is_weekday(word: str) -> bool:
    return word in _SHORT_WEEKDAYS or word.startswith(_WEEKDAYS)


def _joined(lines: list[str], start: int, *, dated: bool) -> Iterator[tuple[str, int]]:
    """The line alone, then with the next, ... Only a line that began with a date may reach over a blank."""
    joined = ""
    taken = 0
    for index in range(start, min(start + 2 * MAX_WRAPPED, len(lines))):
        line = lines[index].strip()
        if not line:
            if not dated:
                return
            continue
        if len(line) > MAX_WIDTH or taken == MAX_WRAPPED or (taken and _cannot_continue(line, dated=dated)):
            return
        joined, taken = f"{joined} {line}".strip(), taken + 1
        yield joined, index + 1
        if joined.endswith(_ENDS):
            return


def _cannot_continue(line: str, *, dated: bool) -> bool:
    if is_quoted(line):
        return not (_VERB.search(line) or line.rstrip().endswith(_ENDS)) or len(line) > 40
    return not dated and _begins_with_date(line) and not line[0].isdigit()


def _is_whole(line: str, *, dated: bool) -> bool:
    """Recognised whatever stands under it."""
    if _ZOHO.fullmatch(line) or _LOTUS.fullmatch(line) or _OLD_GMAIL.fullmatch(line):
        return True
    if not line.endswith(_ENDS) or len(line) > MAX_WIDTH:
        return False
    date, address = _YEAR_OR_DATE.search(line), _ADDRESS.search(line)
    if _VERB.search(line):
        timed = bool(_TIME.search(line))
        return bool((date and (address or (dated and timed))) or (dated and timed and address))
    if not (dated and date and _TIME.search(line)):
        return False
    return bool(address or _MAIL_RU.search(line))


def _is_loose(line: str, *, dated: bool) -> bool:
    """Recognised only where a quote stands under it: "Anna wrote:", or a language we do not know."""
    if not line.endswith(_ENDS) or len(line) > 200:
        return False
    signs = (_VERB.search(line), _ADDRESS.search(line), _YEAR_OR_DATE.search(line) and _TIME.search(line))
    named_alone = signs[0] and len(line.split()) <= 8
    return bool(named_alone or (dated and any(signs)) or sum(map(bool, signs)) >= 2)


def _quote_follows(lines: list[str], end: int) -> bool:
    following = next_written(lines[end : end + 4], 0) + end
    return following < len(lines) and not is_blank(lines[following]) and is_quoted(lines[following])
