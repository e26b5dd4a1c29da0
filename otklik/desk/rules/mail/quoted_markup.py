"""Where mail programs put history and signatures in HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from otklik.desk.rules.mail.reply.attribution import attribution_end


class Fold(Enum):
    ELEMENT = "element"
    """The element itself is history."""
    UNTIL_QUOTE = "until quote"
    """History begins inside (or here) and ends with the quote under the attribution: an answer may follow."""
    REST = "rest"
    """Everything from here to the end of the parent."""
    SIGNATURE = "signature"


_CLASSES = {
    **dict.fromkeys(("gmail_quote", "gmail_quote_container"), Fold.UNTIL_QUOTE),
    **dict.fromkeys(("moz-cite-prefix", "gmail_attr"), Fold.UNTIL_QUOTE),
    **dict.fromkeys(
        ("yahoo_quoted", "protonmail_quote", "zmail_extra", "moz-forward-container"), Fold.ELEMENT
    ),
    **dict.fromkeys(("tutanota_quote", "mail-quote-collapse", "zimbra_quote", "spark_quote"), Fold.ELEMENT),
    **dict.fromkeys(("gmail_signature", "moz-signature", "protonmail_signature_block"), Fold.SIGNATURE),
    **dict.fromkeys(("yahoo-signature", "bloop_sign", "mobile-signature"), Fold.SIGNATURE),
}
_IDS = {
    **dict.fromkeys(("divrplyfwdmsg", "appendonsend", "stopspelling", "olk_src_body_section"), Fold.REST),
    **dict.fromkeys(("mail-editor-reference-message-container", "isreplycontent"), Fold.ELEMENT),
    **dict.fromkeys(("yiv_quoted", "replymessage", "mail-app-auto-quote"), Fold.ELEMENT),
    **dict.fromkeys(("signature", "ms-outlook-mobile-signature", "applemailsignature"), Fold.SIGNATURE),
}
_OUTLOOK_LINE = re.compile(
    r"border:\s{0,3}none;\s{0,3}border-top:\s{0,3}solid #(?:e1e1e1|b5c4df)", re.IGNORECASE
)
_QUOTE_LINE = re.compile(r"border-left(?:-width)?:", re.IGNORECASE)


def fold_of(tag: str, given: Mapping[str, str], words_before: str) -> Fold | None:
    """How this element is folded. `words_before`: the last visible line; it may name whose quote follows."""
    names = given.get("class", "")[:300].lower().split()
    if tag == "blockquote":
        return Fold.ELEMENT if _is_history(given, names, words_before) else None
    if tag not in {"div", "hr", "table", "section"}:
        return None
    folds = [_CLASSES[name] for name in names if name in _CLASSES]
    named = given.get("id", "")[:100].lower().removeprefix("x_")
    if named in _IDS:
        folds.append(_IDS[named])
    if _OUTLOOK_LINE.search(given.get("style", "")[:300]):
        folds.append(Fold.REST)
    return folds[0] if folds else None


def _is_history(given: Mapping[str, str], names: list[str], words_before: str) -> bool:
    """A blockquote also indents a paragraph: only a cited one, or one under an attribution, is history."""
    if given.get("type", "").lower() == "cite" or "gmail_quote" in names or "cite" in given:
        return True
    if _QUOTE_LINE.search(given.get("style", "")[:500]):
        return True
    return attribution_end([words_before, "> "], 0) > 0
