"""Whether a mail is from whom it says: what may be told by a machine depends on it."""

from __future__ import annotations

from otklik.desk.models import InboundMail
from otklik.desk.rules.vocabulary import SenderProof, Verdict


def is_proved(message_id: int) -> bool:
    """The mailbox's own server found the sender to be who it says, and a person wrote it. False where no
    server is believed, and for what came any other way than by mail."""
    mails = InboundMail.objects.filter(message_id=message_id, is_automatic=False)
    return mails.filter(sender_proof=SenderProof.PROVED, verdict=Verdict.PERSON).exists()
