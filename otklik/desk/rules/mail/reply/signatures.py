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
    r"i-?phone|i-?pad|i-?pod|айфон|айпад|phone|телефон|смартфон|планшет|mobile|мобильн|мобільн|mobiltelefon|"
    r"mobilgerät|handy|smartphone|téléphone|portable|móvil|celular|telefono|cellulare|mobiel|telefoon|telefon|komórk|"
    r"cihaz|device|устройств|пристро|gerät|appareil|dispositivo|urządz|cell|tablet|mac\b|macbook|computer|pc\b|"
    r"android|андроид|samsung|galaxy|huawei|honor|xiaomi|redmi|oneplus|pixel|htc|nokia|sony|blackberry|windows|"
    r"outlook|gmail|yahoo|почт|пошт|mail|courrier|correo|posta|poczt|spark|airmail|thunderbird|protonmail|proton|"
    r"superhuman|mailbox|aqua|bluemail|my.?office|яндекс|yandex|telegram|手机|邮箱|郵件"
)
_SENT = re.compile(
    r"[<(\[*_\s]{0,6}(?:"
    r"(?:sent|posted|written) (?:from|via|with|by|using|on) (?:my\b|" + _DEVICE + r"|\[|an? )|"
    r"from my (?:" + _DEVICE + r")|"
    r"(?:это (?:письмо|сообщение) )?(?:отправлено|послано|написано)\b.{1,40}(?:" + _DEVICE + r")|"
    r"(?:надіслано|відправлено)\b.{1,40}(?:" + _DEVICE + r")|"
    r"(?:von mein\w{1,3}|vom) .{1,60}(?:gesendet|gesandt|geschickt)\b|"
    r"gesendet (?:von|mit|über|aus) .{0,30}(?:" + _DEVICE + r")|"
    r"diese (?:nachricht|e-?mail) wurde (?:von|mit) .{1,90}gesendet|"
    r"envoy[ée]e? (?:depuis|de|d'|à partir|avec|par|via|sur)\b.{0,40}(?:" + _DEVICE + r")|"
    r"enviado (?:desde|con|por|a trav|do|da|de|pelo|a partir|via|com)\b.{0,40}(?:" + _DEVICE + r")|"
    r"inviato (?:da|dal|dall|con|tramite)\b.{0,40}(?:" + _DEVICE + r")|"
    r"(?:verzonden|verstuurd) (?:vanaf|vanuit|met|via|van)\b.{0,40}(?:" + _DEVICE + r")|"
    r"wysłan[eoay] (?:z|ze|za|przez|przy|w)\b.{0,40}(?:" + _DEVICE + r")|"
    r"(?:sendt|skickat|lähetetty|sent) (?:fra|från|med) .{0,40}(?:" + _DEVICE + r")|"
    r".{0,50}(?:umdan|ımdan|imden|ümden|dan|den|tan|ten|ile) gönderildi\b|"
    r"(?:发自|發自|来自|從|从|由)我?的? ?.{0,40}(?:" + _DEVICE + r"|传送|傳送|发送)|通过.{1,30}发送|"
    r"\S{1,20} from (?:mobile|phone)\W*$"
    r")",
    re.IGNORECASE,
)
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
    r")(?P<tail>[\s,.!;:，。！—–-]{0,6}(?P<name>[^,.!?]{0,40}))?[,.!]?\s*",
    re.IGNORECASE,
)
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
        return True
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
        len(line) > 2 * MAX_LINE or "?" in _without_links(line) or _POSTSCRIPT.match(line) for line in lines
    )


def _closed(lines: list[str], end: int) -> int:
    written = 0
    for index in range(end - 1, -1, -1):
        line = lines[index]
        if is_blank(line):
            continue
        if len(line) <= MAX_LINE and (closing := _CLOSING.fullmatch(line.strip())):
            name = (closing["name"] or "").strip()
            if len(name.split()) > 4 or (name and not _is_name(name)):
                return end
            return index if written or name else end
        written += 1
        if written > MAX_CLOSING_LINES or not _is_signature_line(line):
            break
    return end


def _is_name(words: str) -> bool:
    return all(not word[0].islower() or len(word) <= 3 for word in words.split())


def _is_signature_line(line: str) -> bool:
    plain = _without_links(line.strip())
    if len(line) > MAX_LINE or "?" in plain or plain.endswith((":", ";")) or _POSTSCRIPT.match(plain):
        return False
    return len(plain.split()) <= 10


def _without_links(line: str) -> str:
    return re.sub(r"https?://\S{1,300}", "", line[: 4 * MAX_LINE])


def _inside_fence(lines: list[str], index: int) -> bool:
    return sum(line.startswith(_FENCE) for line in lines[:index]) % 2 == 1
