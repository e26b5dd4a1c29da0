from otklik.partners.models.contact import Address, Contact
from otklik.partners.models.imports import ImportFailure, ImportRun
from otklik.partners.models.merged import Merged
from otklik.partners.models.partner import Partner, PartnerItem
from otklik.partners.models.program import Program

__all__ = ["Address", "Contact", "ImportFailure", "ImportRun", "Merged", "Partner", "PartnerItem", "Program"]
