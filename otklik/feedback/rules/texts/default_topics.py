"""The dictionaries a new program begins with. Administrators edit copies of them."""

from __future__ import annotations

from otklik.feedback.rules.texts.default_words.everyday import COMMUNICATION, ONBOARDING, PORTAL
from otklik.feedback.rules.texts.default_words.money import DOCUMENTS, PAYOUTS, TERMS
from otklik.feedback.rules.texts.default_words.selling import OFFERS, PROMO
from otklik.feedback.rules.texts.default_words.support import MANAGER, SUPPORT_QUALITY, SUPPORT_SPEED
from otklik.feedback.rules.texts.default_words.traffic import FRAUD, INTEGRATION, TRACKING
from otklik.feedback.rules.texts.topics import Topic

DEFAULT_TOPICS: tuple[Topic, ...] = (
    Topic("payouts", "Выплаты", "Payouts", PAYOUTS),
    Topic("support_speed", "Скорость поддержки", "Support speed", SUPPORT_SPEED),
    Topic("support_quality", "Качество поддержки", "Support quality", SUPPORT_QUALITY),
    Topic("tracking", "Статистика и учёт", "Statistics and tracking", TRACKING),
    Topic("fraud", "Качество трафика и фрод", "Traffic quality and fraud", FRAUD),
    Topic("terms", "Условия и комиссия", "Terms and commission", TERMS),
    Topic("offers", "Продукт и офферы", "Product and offers", OFFERS),
    Topic("promo", "Промоматериалы", "Promo materials", PROMO),
    Topic("manager", "Персональный менеджер", "Personal manager", MANAGER),
    Topic("portal", "Личный кабинет", "Portal and interface", PORTAL),
    Topic("onboarding", "Запуск и обучение", "Onboarding and training", ONBOARDING),
    Topic("communication", "Информирование и связь", "Communication and news", COMMUNICATION),
    Topic("integration", "Интеграция и API", "Integration and API", INTEGRATION),
    Topic("documents", "Документы и договоры", "Contracts and paperwork", DOCUMENTS),
)
