"""What erasing and merging people and partners do to their tickets."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.desk.models import EndCustomer, Message, Participant, Ticket
from otklik.desk.operations.documents import renew_later
from otklik.desk.operations.erasing import erase_customers_of, reach_of_contacts, reach_of_partners, wipe
from otklik.kit.clock import now
from otklik.kit.registry import ErasureHook, MergeHook

MODELS = ("desk.EndCustomer", "desk.Message", "desk.Participant", "desk.Ticket")


def erase(noun: str, ids: Sequence[int]) -> None:
    """Words, names, addresses, files and raw mails go; tickets, times and ratings stay and name nobody."""
    # The registry hands no moment down.
    at = now()
    if noun == "contact":
        wipe(reach_of_contacts(ids), at=at)
        return
    wipe(reach_of_partners(ids), at=at)
    erase_customers_of(ids, at=at)


def merge(noun: str, source_id: int, target_id: int) -> None:
    # Found by another name afterwards; whose they were is known only now.
    if noun == "contact":
        renew_later("ticket", Ticket.objects.filter(contact_id=source_id).values_list("pk", flat=True))
        renew_later("message", Message.objects.filter(contact_id=source_id).values_list("pk", flat=True))
        for model in (Ticket, Message, Participant):
            model._default_manager.filter(contact_id=source_id).update(contact_id=target_id)
        return
    renew_later("ticket", Ticket.objects.filter(partner_id=source_id).values_list("pk", flat=True))
    Ticket.objects.filter(partner_id=source_id).update(partner_id=target_id)
    _merge_customers(source_id, target_id)


def _merge_customers(source_id: int, target_id: int) -> None:
    """Both partners may know a customer by the same address: that is one person now."""
    there = dict(
        EndCustomer.objects.filter(partner_id=target_id).exclude(address="").values_list("address", "pk")
    )
    for customer in EndCustomer.objects.filter(partner_id=source_id):
        kept = there.get(customer.address)
        if kept is None:
            customer.partner_id = target_id
            customer.save(update_fields=["partner"])
            continue
        for model in (Ticket, Message, Participant):
            model._default_manager.filter(customer_id=customer.pk).update(customer_id=kept)
        customer.delete()


erasure = ErasureHook("desk", erase, MODELS)
merging = MergeHook("desk", merge, MODELS)
