"""The block Outlook and its kin put above history: From, Sent, To, Subject in the writer's language."""

from __future__ import annotations

import re
from enum import Enum

from otklik.desk.rules.mail.reply.lines import MAX_WIDTH


class Header(Enum):
    FROM = "from"
    DATE = "date"
    TO = "to"
    SUBJECT = "subject"


_LABELS: dict[Header, str] = {
    Header.FROM: "from|от|от кого|отправитель|від|від кого|відправник|von|de|expéditeur|remitente|remetente|"
    "da|mittente|van|afzender|od|nadawca|kimden|gönderen|发件人|發件人|寄件者|寄件人|från|fra|lähettäjä",
    Header.DATE: "sent|date|sent at|отправлено|дата|дата отправки|дата и время|надіслано|відправлено|"
    "gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|fecha|enviada em|enviado em|enviada|"
    "data|inviato|inviato il|data invio|verzonden|wysłano|wysłane|gönderilme tarihi|gönderme tarihi|"
    "gönderildi|tarih|gönderim tarihi|发送时间|发送日期|日期|時間|傳送時間|寄件日期|skickat|sendt|lähetetty",
    Header.TO: "to|кому|получатель|одержувач|an|à|a|para|per|aan|do|kime|alıcı|收件人|收件者|till|til|"
    "vastaanottaja|destinataire|destinatario|destinatário|odbiorca",
    Header.SUBJECT: "subject|тема|тема письма|тема повідомлення|betreff|objet|asunto|assunto|oggetto|"
    "onderwerp|temat|konu|主题|主旨|標題|主題|ämne|emne|aihe",
}
_ROLE = {label: header for header, labels in _LABELS.items() for label in labels.split("|")}

_LABEL = re.compile(
    r"[\s*_>|]{0,8}([^\W\d_][^:：*\n]{0,24}?)[\s\xa0*_]{0,4}[:：][\s*_]{0,4}(.{0,300})", re.DOTALL
)
_FLATTENED = re.compile(
    r"@.{0,99}\s(?:Sent|Date|Отправлено|Дата|Gesendet|Envoyé|Enviado)\s?:"
    r".{0,199}\s(?:Subject|Тема|Betreff|Objet|Asunto)\s?:"
)
"""The block as it looks after a careless conversion from HTML: one line."""
_REACH = 14
"""Lines looked at: every header may be followed by a blank line or run over to the next."""


def headers_begin(lines: list[str], start: int) -> bool:
    """Whether a header block begins here.

    "From: Riga, To: Tallinn, Date: 2 March" is a travel plan, and a form on a site sends "From" and
    "Subject": so all four are asked for, or three with an address behind "From".
    """
    first = _read(lines[start])
    if first is None:
        return False
    if first[0] is Header.FROM and _FLATTENED.search(first[1]):
        return True
    found: dict[Header, str] = {first[0]: first[1]}
    strange = 0
    for line in lines[start + 1 : start + _REACH]:
        if not line.strip():
            continue
        header = _read(line)
        if header is None:
            strange += 1
            if strange > 3:
                break
        else:
            found.setdefault(*header)
    return _convincing(found, first[0])


def _convincing(found: dict[Header, str], first: Header) -> bool:
    if Header.FROM not in found:
        return False
    if len(found) == len(Header):
        return True
    return len(found) == 3 and "@" in found[Header.FROM] and first in {Header.FROM, Header.DATE}


def _read(line: str) -> tuple[Header, str] | None:
    if len(line) > 2 * MAX_WIDTH:
        return None
    match = _LABEL.match(line)
    role = _ROLE.get(match[1].strip().lower()) if match else None
    return (role, match[2].strip()) if match and role else None
