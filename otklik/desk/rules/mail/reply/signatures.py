"""Signatures: what a program adds ("Sent from my iPhone"), what stands under "-- ", and a formal closing.

A signature is cut only from the end of what a person wrote. Words of thanks are not a closing: "Thanks, Anna"
is an answer. Where a doubt remains (a question, a postscript, a long line) everything stays in the reply.
"""

from __future__ import annotations

import re

from otklik.desk.rules.mail.reply.lines import is_blank

MAX_CLOSING_LINES = 8
MAX_DELIMITED_LINES = 12
MAX_SIGNATURE_LINES = 40
MAX_LINE = 100

_DEVICE = (
    r"(?:i-?phone|i-?pad|i-?pod|айфон|айпад|phone|телефон|смартфон|планшет|mobile|устройств|пристро|"
    r"mobiltelefon|mobilgerät|handy|smartphone|téléphone|portable|móvil|celular|telefono|cellulare|mobiel|"
    r"telefoon|telefon|komórk|cihaz|device|gerät|appareil|dispositivo|urządz|cell|tablet|mac\b|macbook|"
    r"computer|pc\b|android|андроид|samsung|galaxy|huawei|honor|xiaomi|redmi|oneplus|pixel|htc|nokia|sony|"
    r"blackberry|windows|outlook|gmail|yahoo|mail\.ru|mymail|k-9|spark|airmail|thunderbird|proton|superhuman|"
    r"mailbox|aqua|bluemail|my.?office|mail for|яндекс|yandex|telegram|手机|邮箱)"
)
"""No word for post alone: "sent by post", "отправлено почтой" and "надіслано поштою" are answers."""
_SENT = re.compile(
    r"[<(\[*_\s]{0,6}(?:"
    rf"sent (?:from|via|with|using) (?:my\b|an? {_DEVICE}|\[|{_DEVICE})|"
    r"sent from mobile device|sent by (?:galaxy|samsung|blackberry)|"
    rf"from my {_DEVICE}|"
    r"(?:это (?:письмо|сообщение) )?(?:отправлено|послано|написано) (?:с|со|из|через|при помощи)\b"
    rf".{{1,30}}{_DEVICE}|"
    r"отправлено из (?:мобильной |приложения )?(?:яндекс.)?почт|"
    rf"(?:надіслано|відправлено) (?:з|із|зі|через|за допомогою)\b.{{1,30}}{_DEVICE}|"
    rf"(?:von|vom) .{{0,40}}{_DEVICE}.{{0,40}}(?:gesendet|gesandt|geschickt)\b|"
    rf"gesendet (?:von|mit|über|aus) .{{0,30}}{_DEVICE}|"
    rf"diese (?:nachricht|e-?mail) wurde (?:von|mit) .{{0,40}}{_DEVICE}.{{0,60}}gesendet|"
    rf"envoy[ée]e? (?:depuis|de|d'|à partir|avec|via)\b.{{0,30}}{_DEVICE}|"
    rf"enviado (?:desde|con|a trav|do|da|de|pelo|a partir|via|com)\b.{{0,30}}{_DEVICE}|"
    rf"inviato (?:da|dal|dall|con|tramite)\b.{{0,30}}{_DEVICE}|"
    rf"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van)\b.{{0,30}}{_DEVICE}|"
    rf"wysłan[eoay] (?:z|ze|za|przy)\b.{{0,30}}{_DEVICE}|"
    rf"(?:sendt|skickat|lähetetty) (?:fra|från|med) .{{0,30}}{_DEVICE}|"
    rf".{{0,30}}{_DEVICE}.{{0,30}} gönderildi\b|"
    rf"(?:发自|發自|来自|從|从|由|通过)我?的? ?.{{0,20}}{_DEVICE}|"
    r"\S{1,20} from (?:mobile|phone)\W*$"
    r")",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"\d{5}|\?")
"""A number to follow or a question: somebody wrote this."""
_STORE_LINK = re.compile(r"(?=.{0,80}outlook)(?=.{0,120}(?:ios|android|mobile)).{1,200}", re.IGNORECASE)
_STORE_VERB = re.compile(
    r"^\W{0,3}(?:get|скача|получ|загруз|завантаж|отримай|outlook|obten|obtien|télécharg|obter|obtenha|scarica|ottieni|"
    r"download|pobierz|laden|hol|获取|下载|android|ios)",
    re.IGNORECASE,
)
_SCANNED = re.compile(
    r"\W{0,3}(?:virus-free|virenfrei|без вирусов|garanti sans virus|sans virus|libre de virus|livre de vírus|"
    r"sem vírus|privo di virus|virusvrij|wolny od wirus|virüs|без вірусів)\b.{0,150}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\W{0,2}(?:"
    r"(?:с (?:искренним |глубоким |большим )?уважением(?: и (?:наилучшими )?пожеланиями| и благодарностью)?)|"
    r"с (?:наилучшими|лучшими) пожеланиями|искренне ваш[аи]?|всего (?:наилучшего|доброго)|"
    r"з повагою|з найкращими побажаннями|щиро ваш[аі]?|"
    r"(?:best|kind|warm|warmest|kindest|with (?:best|kind)) (?:regards|wishes)|regards|best|"
    r"sincerely(?: yours)?|yours (?:sincerely|truly|faithfully)|cordially|"
    r"mit (?:freundlichen|besten|herzlichen|lieben|freundlichem) gr(?:ü|ue)(?:ß|ss)(?:en)?|mfg|"
    r"(?:freundliche|viele|beste|liebe|herzliche) gr(?:ü|ue)(?:ß|ss)e|hochachtungsvoll|"
    r"(?:bien )?cordialement|(?:bien )?à vous|(?:meilleures|sincères) salutations|salutations distinguées|"
    r"(?:un )?(?:cordial )?saludos?(?: cordiales)?|(?:un )?cordial saludo|atentamente|"
    r"atenciosamente|cumprimentos|(?:com os )?melhores cumprimentos|att|abraços|"
    r"cordiali saluti|distinti saluti|(?:un )?cordiale saluto|saluti|"
    r"met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|hartelijke groet(?:en)?|mvg|"
    r"z poważaniem|(?:z wyrazami szacunku)|(?:serdecznie )?pozdrawiam|z pozdrowieniami|"
    r"saygılarım(?:ız)?la|(?:en )?iyi dileklerim(?:iz)?le|iyi çalışmalar(?: dilerim)?|"
    r"此致|祝好|顺祝商祺|順頌商祺|敬上|此致敬礼"
    r")(?:(?P<mark>[\s,.!;:，。！—–-]{0,6})(?P<name>[^,.!?]{0,40}))?[,.!]?\s*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"confidential|конфиденциальн|конфіденційн|vertraulich|confidentiel|confidencial|riservat|poufn|gizli|"
    r"vertrouwelijk|保密|disclaimer|распечат|printing this",
    re.IGNORECASE,
)
"""The lawyers' paragraph under a signature may be as long as it likes."""
_POSTSCRIPT = re.compile(r"\W{0,2}(?:p\.? ?p?\.? ?s\b|п\.? ?с\b|з\.? ?ы\b|ps\b)", re.IGNORECASE)
_DELIMITER = re.compile(r"(?:-{2,3}|—|–|_{2,4})\s{0,3}")
_FENCE = "```"


def signature_start(lines: list[str]) -> int:
    """Index where the signature of these lines begins; ``len(lines)`` when they have none."""
    end = _without_program_lines(lines, len(lines))
    end = _delimited(lines, end)
    end = _without_program_lines(lines, end)
    end = _closed(lines, end)
    end = _without_program_lines(lines, end)
    return end if any(not is_blank(line) for line in lines[end:]) else len(lines)


def _without_program_lines(lines: list[str], end: int) -> int:
    kept = end
    for index in range(end - 1, -1, -1):
        line = lines[index]
        if is_blank(line):
            continue
        if not _added_by_program(line.strip()):
            break
        kept = index
    if kept < end and kept and _DELIMITER.fullmatch(lines[kept - 1]):
        return kept - 1
    return kept


def _added_by_program(line: str) -> bool:
    if len(line) > 2 * MAX_LINE:
        return False
    if _SENT.match(line):
        return not _TRACKING.search(_without_links(line))
    return (
        bool(_STORE_VERB.match(line) and _STORE_LINK.fullmatch(line)) or _SCANNED.fullmatch(line) is not None
    )


def _delimited(lines: list[str], end: int) -> int:
    """ "-- " is the standard's own mark and is believed; a bare dash line only above what looks signed."""
    written = 0
    found = end
    for index in range(end - 1, -1, -1):
        line = lines[index]
        if _DELIMITER.fullmatch(line):
            standard = line.startswith("-- ") and written <= MAX_SIGNATURE_LINES
            if standard or (0 < written <= MAX_DELIMITED_LINES and _looks_signed(lines[index + 1 : end])):
                found = index
        written += not is_blank(line)
        if written > MAX_SIGNATURE_LINES:
            break
    return end if _inside_fence(lines, found) else found


def _looks_signed(lines: list[str]) -> bool:
    return not any(
        (len(line) > 2 * MAX_LINE and not _is_disclaimer(line))
        or "?" in _without_links(line)
        or _POSTSCRIPT.match(line)
        for line in lines
    )


def _closed(lines: list[str], end: int) -> int:
    written = 0
    for index in range(end - 1, -1, -1):
        line = lines[index]
        if is_blank(line):
            continue
        if len(line) <= MAX_LINE and (closing := _CLOSING.fullmatch(line.strip())):
            name = (closing["name"] or "").strip()
            if name and not (_is_name(name) and _stands_apart(closing)):
                return end
            return index if written or name else end
        written += 1
        if written > MAX_CLOSING_LINES or not _is_signature_line(line):
            break
    return end


def _stands_apart(closing: re.Match[str]) -> bool:
    """ "Best, Anna" is a closing, "Best Price" is not; "С уважением Анна" needs no comma."""
    formula = closing[0][: closing.start("mark") - closing.start()]
    return bool(closing["mark"].strip()) or len(formula.split()) > 1


def _is_name(words: str) -> bool:
    return len(words.split()) <= 4 and all(not word[0].islower() or len(word) <= 3 for word in words.split())


def _is_signature_line(line: str) -> bool:
    if _is_disclaimer(line):
        return True
    plain = _without_links(line.strip())
    if len(line) > MAX_LINE or "?" in plain or plain.endswith((":", ";")) or _POSTSCRIPT.match(plain):
        return False
    return len(plain.split()) <= 10


def _is_disclaimer(line: str) -> bool:
    return MAX_LINE < len(line) < 40 * MAX_LINE and _DISCLAIMER.search(line) is not None


def _without_links(line: str) -> str:
    return re.sub(r"https?://\S{1,300}", "", line[: 4 * MAX_LINE])


def _inside_fence(lines: list[str], index: int) -> bool:
    return sum(line.startswith(_FENCE) for line in lines[:index]) % 2 == 1
