from dataclasses import dataclass


@dataclass(frozen=True)
class ReplySplit:
    """Three parts of one letter; together they hold every non-blank line of it."""

    reply: str
    quote: str
    signature: str


def split_reply(text: str, html: str = "") -> ReplySplit:
    """`text` is the plain part; `html` is read only when there is no plain part."""
    return ReplySplit(reply=text or html, quote="", signature="")
