"""A way to people: mail now, messengers later. Each tells the same five ends of an attempt apart, because
sending goes on differently after each of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from otklik.feedback.mailing.letters import Letter
from otklik.feedback.rules.vocabulary import Channel


class AddressDead(Exception):
    """Nobody gets anything at this address any more."""


class NotTaken(Exception):
    """The other side will never take this one; the address may be fine."""


class NotNow(Exception):
    """The other side put this one off."""


class WayClosed(Exception):
    """Nobody can be written to at the moment, whoever it is."""


class OutcomeUnknown(Exception):
    """It was handed over and no answer came: it may have left, so nobody tries again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``message_id`` is fixed before the first attempt. ``stop_link`` takes a POST without a page (RFC 8058).
    ``feedback_id`` names the survey and wave to providers that count complaints by it."""

    address: str
    letter: Letter
    message_id: str
    stop_link: str
    feedback_id: str
    sender_name: str = ""
    reply_to: str = ""


class Session(Protocol):
    def send(self, outgoing: Outgoing) -> None:
        """Raises AddressDead, NotTaken, NotNow, WayClosed, OutcomeUnknown; silence means: taken."""
        ...


class Sender(Protocol):
    @property
    def channel(self) -> Channel: ...

    def open(self) -> AbstractContextManager[Session]:
        """For as many as go out in a row. Raises WayClosed."""
        ...
