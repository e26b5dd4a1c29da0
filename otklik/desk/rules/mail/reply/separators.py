"""Lines that mail programs put between a reply and what came before it."""

from __future__ import annotations

from otklik.desk.rules.mail.reply.lines import MAX_WIDTH

_RULE = "-_=*~—–─ \t\xa0>"


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().casefold() for name in text.split("|"))


_ORIGINAL = _names(
    "original message|original email|original mail|original appointment|reply message|"
    "исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|цитируемое сообщение|"
    "оригінальне повідомлення|вихідне повідомлення|початкове повідомлення|"
    "ursprüngliche nachricht|originalnachricht|original-nachricht|urspr. nachricht|"
    "message d'origine|message d’origine|message original|message initial|e-mail d'origine|"
    "mensaje original|correo original|mensagem original|messaggio originale|messaggio originario|"
    "oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|"
    "oryginalna wiadomość|wiadomość oryginalna|wiadomość źródłowa|treść oryginalnej wiadomości|"
    "orijinal mesaj|orjinal mesaj|özgün ileti|asıl mesaj|asıl ileti|orijinal ileti|"
    "原始邮件|原始郵件|邮件原件|回复的原邮件|ursprungligt meddelande|opprinnelig melding|"
    "oprindelig meddelelse|alkuperäinen viesti"
)
_FORWARDED = _names(
    "forwarded message|forwarded mail|forwarded email|forwarded letter|"
    "пересылаемое сообщение|пересланное сообщение|переадресованное сообщение|перенаправленное сообщение|"
    "пересылаемое письмо|пересланное письмо|начало пересылаемого сообщения|"
    "переслане повідомлення|переадресоване повідомлення|повідомлення, що пересилається|"
    "weitergeleitete nachricht|weitergeleitete mail|message transféré|message réexpédié|"
    "mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|messaggio inoltrato|"
    "doorgestuurd bericht|przekazana wiadomość|wiadomość przekazana dalej|przekazywana wiadomość|"
    "iletilmiş mesaj|iletilen mesaj|yönlendirilen ileti|yönlendirilen mesaj|yönlendirilmiş mesaj|"
    "转发的邮件|转发邮件|轉寄郵件|转发邮件信息|vidarebefordrat meddelande|välitetty viesti|"
    "videresendt melding"
)
_BEGIN_FORWARDED = _names(
    "begin forwarded message|начало переадресованного сообщения|начало пересылаемого сообщения|"
    "початок переадресованого повідомлення|початок переадресованого листа|"
    "anfang der weitergeleiteten nachricht|beginn der weitergeleiteten nachricht|"
    "début du message réexpédié|début du message transféré|inicio del mensaje reenviado|"
    "início da mensagem encaminhada|início da mensagem reencaminhada|inizio messaggio inoltrato|"
    "begin doorgestuurd bericht|początek przekazywanej wiadomości|początek przekazanej wiadomości|"
    "i̇letilen mesajın başlangıcı|iletilen mesajın başlangıcı|开始转发的邮件|下面是被转发的邮件"
)
_END_FORWARDED = _names(
    "end of forwarded message|end forwarded message|завершение пересылаемого сообщения|"
    "конец пересылаемого сообщения|конец пересланного сообщения|конец пересылаемого письма|"
    "кінець пересланого повідомлення|ende der weitergeleiteten nachricht|fin du message transféré"
)


def is_rule(line: str) -> bool:
    """A drawn line, as Outlook puts before its header block."""
    stripped = line.strip()
    return 5 <= len(stripped) <= MAX_WIDTH and not stripped.strip("-_=─—")


def is_original_separator(line: str) -> bool:
    return _between_rules(line) in _ORIGINAL


def is_forward_separator(line: str) -> bool:
    if len(line) > MAX_WIDTH:
        return False
    name = _between_rules(line)
    if name in _FORWARDED or name.startswith("forwarded by "):
        return True
    return line.strip(_RULE).rstrip(" \xa0:：").casefold() in _BEGIN_FORWARDED


def is_forward_end(line: str) -> bool:
    return _between_rules(line) in _END_FORWARDED


def _between_rules(line: str) -> str:
    """The words of "----- Words -----", folded for comparison; empty when no rule opens the line."""
    stripped = line.strip() if len(line) <= MAX_WIDTH else ""
    if len(stripped) < 8 or stripped[:2].strip(_RULE):
        return ""
    return stripped.strip(_RULE).rstrip(" \xa0:：").casefold()
