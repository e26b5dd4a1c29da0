"""Words people write for our closed lists, in small letters, ё as е."""

from __future__ import annotations

from otklik.partners.rules.vocabulary import Authority, Consent, ContactRole, Influence, PartnerStatus

STATUS: dict[str, str] = {
    "applicant": PartnerStatus.APPLICANT,
    "new": PartnerStatus.APPLICANT,
    "lead": PartnerStatus.APPLICANT,
    "заявка": PartnerStatus.APPLICANT,
    "новый": PartnerStatus.APPLICANT,
    "active": PartnerStatus.ACTIVE,
    "live": PartnerStatus.ACTIVE,
    "активен": PartnerStatus.ACTIVE,
    "активный": PartnerStatus.ACTIVE,
    "работает": PartnerStatus.ACTIVE,
    "действует": PartnerStatus.ACTIVE,
    "paused": PartnerStatus.PAUSED,
    "on hold": PartnerStatus.PAUSED,
    "inactive": PartnerStatus.PAUSED,
    "пауза": PartnerStatus.PAUSED,
    "приостановлен": PartnerStatus.PAUSED,
    "неактивен": PartnerStatus.PAUSED,
    "left": PartnerStatus.LEFT,
    "churned": PartnerStatus.LEFT,
    "closed": PartnerStatus.LEFT,
    "terminated": PartnerStatus.LEFT,
    "ушел": PartnerStatus.LEFT,
    "отключен": PartnerStatus.LEFT,
    "расторгнут": PartnerStatus.LEFT,
}

AUTHORITY: dict[str, str] = {
    "unknown": Authority.UNKNOWN,
    "неизвестно": Authority.UNKNOWN,
    "none": Authority.NONE,
    "no": Authority.NONE,
    "не решает": Authority.NONE,
    "shared": Authority.SHARED,
    "joint": Authority.SHARED,
    "решает с другими": Authority.SHARED,
    "совместно": Authority.SHARED,
    "final": Authority.FINAL,
    "yes": Authority.FINAL,
    "decides": Authority.FINAL,
    "решает": Authority.FINAL,
    "решает сам": Authority.FINAL,
    "окончательное": Authority.FINAL,
    "да": Authority.FINAL,
}

INFLUENCE: dict[str, str] = {
    "unknown": Influence.UNKNOWN,
    "неизвестно": Influence.UNKNOWN,
    "low": Influence.LOW,
    "низкое": Influence.LOW,
    "слабое": Influence.LOW,
    "medium": Influence.MEDIUM,
    "среднее": Influence.MEDIUM,
    "high": Influence.HIGH,
    "высокое": Influence.HIGH,
    "сильное": Influence.HIGH,
}

ROLE: dict[str, str] = {
    "decision_maker": ContactRole.DECISION_MAKER,
    "decision maker": ContactRole.DECISION_MAKER,
    "decision-maker": ContactRole.DECISION_MAKER,
    "dm": ContactRole.DECISION_MAKER,
    "лпр": ContactRole.DECISION_MAKER,
    "лицо, принимающее решение": ContactRole.DECISION_MAKER,
    "принимает решение": ContactRole.DECISION_MAKER,
    "принимает решения": ContactRole.DECISION_MAKER,
    "influencer": ContactRole.INFLUENCER,
    "влияющее лицо": ContactRole.INFLUENCER,
    "лвр": ContactRole.INFLUENCER,
    "влияет": ContactRole.INFLUENCER,
    "end_user": ContactRole.END_USER,
    "end user": ContactRole.END_USER,
    "user": ContactRole.END_USER,
    "конечный пользователь": ContactRole.END_USER,
    "пользователь": ContactRole.END_USER,
}

CONSENT: dict[str, str] = {
    "given": Consent.GIVEN,
    "yes": Consent.GIVEN,
    "true": Consent.GIVEN,
    "1": Consent.GIVEN,
    "да": Consent.GIVEN,
    "есть": Consent.GIVEN,
    "получено": Consent.GIVEN,
    "withdrawn": Consent.WITHDRAWN,
    "no": Consent.WITHDRAWN,
    "false": Consent.WITHDRAWN,
    "0": Consent.WITHDRAWN,
    "отозвано": Consent.WITHDRAWN,
    "отказ": Consent.WITHDRAWN,
    "unknown": Consent.UNKNOWN,
    "неизвестно": Consent.UNKNOWN,
}
