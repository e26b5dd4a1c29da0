"""Who is in the demo program: staff, kinds of companies, their countries, and how people there are called."""

# ruff: noqa: E501 -- tables read better in long lines

from __future__ import annotations

from dataclasses import dataclass

from otklik.identity.public import Role
from otklik.partners.public import Authority, Influence


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    name: str
    email: str
    role: Role
    language: str
    time_zone: str


STAFF = (
    Colleague("head", "Анна Соколова", "head@demo.otklik.example", Role.HEAD, "ru", "Europe/Moscow"),
    Colleague("lead", "Марина Гордеева", "lead@demo.otklik.example", Role.LEAD, "ru", "Europe/Moscow"),
    Colleague("agent", "Дмитрий Климов", "agent@demo.otklik.example", Role.AGENT, "ru", "Europe/Samara"),
    Colleague("agent2", "Emma Clarke", "emma@demo.otklik.example", Role.AGENT, "en", "Europe/London"),
    Colleague("finance", "Тимур Ахметов", "finance@demo.otklik.example", Role.FINANCE, "ru", "Asia/Almaty"),
    Colleague("analyst", "Lena Fischer", "analyst@demo.otklik.example", Role.ANALYST, "en", "Europe/Berlin"),
    Colleague(
        "m1", "Борис Вершинин", "manager@demo.otklik.example", Role.ACCOUNT_MANAGER, "ru", "Europe/Moscow"
    ),
    Colleague(
        "m2", "Ольга Лебедева", "olga@demo.otklik.example", Role.ACCOUNT_MANAGER, "ru", "Europe/Moscow"
    ),
    Colleague(
        "m3", "Игорь Власов", "igor@demo.otklik.example", Role.ACCOUNT_MANAGER, "ru", "Asia/Yekaterinburg"
    ),
    Colleague(
        "m4", "Айгуль Нурланова", "aigul@demo.otklik.example", Role.ACCOUNT_MANAGER, "ru", "Asia/Almaty"
    ),
    Colleague("m5", "Helen Marsh", "helen@demo.otklik.example", Role.ACCOUNT_MANAGER, "en", "Europe/London"),
    Colleague(
        "m6", "Tomasz Zieliński", "tomasz@demo.otklik.example", Role.ACCOUNT_MANAGER, "en", "Europe/Warsaw"
    ),
    Colleague(
        "m7", "Paula Moreira", "paula@demo.otklik.example", Role.ACCOUNT_MANAGER, "en", "America/Sao_Paulo"
    ),
    Colleague("agent3", "Ксения Ларина", "ksenia@demo.otklik.example", Role.AGENT, "ru", "Europe/Moscow"),
    Colleague("agent4", "Owen Doyle", "owen@demo.otklik.example", Role.AGENT, "en", "Europe/Dublin"),
    Colleague(
        "officer", "Глеб Рудаков", "gleb@demo.otklik.example", Role.TRAFFIC_OFFICER, "ru", "Europe/Moscow"
    ),
)
# Whose address and password are shown when the demo starts.
SIGN_INS = ("head", "lead", "agent", "m1")
# Olga leaves in the middle of the story; her partners go to Igor, who already has plenty.
LEAVER, HEIR = "m2", "m3"


@dataclass(frozen=True, slots=True)
class Land:
    """``weight``: share of partners, relative. ``barrier``: what a missing common language costs, in points."""

    code: str
    language: str
    time_zone: str
    weight: int
    managers: tuple[str, ...]
    barrier: float = 0.0


LANDS = (
    Land("RU", "ru", "Europe/Moscow", 30, ("m1", "m2", "m3")),
    Land("KZ", "ru", "Asia/Almaty", 10, ("m4",)),
    Land("BY", "ru", "Europe/Minsk", 8, ("m1", "m2")),
    Land("UZ", "ru", "Asia/Tashkent", 5, ("m4",)),
    Land("GB", "en", "Europe/London", 9, ("m5",)),
    Land("DE", "en", "Europe/Berlin", 8, ("m5", "m6")),
    Land("PL", "en", "Europe/Warsaw", 8, ("m6",)),
    Land("TR", "tr", "Europe/Istanbul", 7, ("m6",), barrier=0.6),
    Land("IN", "en", "Asia/Kolkata", 6, ("m5",)),
    Land("BR", "pt", "America/Sao_Paulo", 9, ("m7",), barrier=0.2),
)

SEGMENTS = (
    ("affiliate_network", 12),
    ("media_buying", 14),
    ("content_site", 12),
    ("coupon", 8),
    ("blogger", 9),
    ("reseller", 13),
    ("integrator", 9),
    ("agency", 8),
    ("marketplace", 5),
    ("mobile_app", 5),
    ("education", 3),
    ("community", 2),
)
TIERS = (("platinum", 8, 0.4), ("gold", 22, 0.2), ("silver", 40, 0.0), ("bronze", 30, -0.25))

FIRST_WORDS = (
    "North", "Blue", "Silver", "Rapid", "Bright", "Clear", "Green", "High", "Open", "Prime", "River", "Stone",
    "Urban", "Vector", "Wave", "Lime", "Orbit", "Pixel", "Quantum", "Amber", "Cedar", "Delta", "Ember", "Falcon",
    "Granite", "Harbor", "Iris", "Juno", "Kite", "Lumen",
)  # fmt: skip
SECOND_WORDS = (
    "Media", "Traffic", "Digital", "Partners", "Leads", "Reach", "Commerce", "Works", "Labs", "Link", "Market",
    "Point", "Studio", "Trade", "Bridge", "Factory", "Group", "Hub", "Logic", "Square",
)  # fmt: skip
RU_FIRST = (
    "Север", "Вектор", "Сфера", "Импульс", "Кварта", "Меридиан", "Орион", "Парус", "Радуга", "Спектр", "Титул",
    "Формат", "Горизонт", "Енисей", "Заря", "Каскад", "Ладога", "Маяк", "Нева", "Онега",
)  # fmt: skip
RU_SECOND = (
    "Медиа", "Трафик", "Лид", "Партнёр", "Диджитал", "Торг", "Сервис", "Групп", "Интегратор", "Реклама", "Плюс",
    "Софт",
)  # fmt: skip

PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ru": (
        ("Алексей", "Иван", "Павел", "Сергей", "Никита", "Роман", "Артём", "Денис", "Максим", "Кирилл"),
        ("Орлов", "Зайцев", "Белов", "Крылов", "Мельников", "Егоров", "Лукин", "Фомин", "Титов", "Громов"),
    ),
    "ru_f": (
        ("Вера", "Ирина", "Светлана", "Юлия", "Екатерина", "Наталья", "Дарья", "Алина", "Полина", "Елена"),
        (
            "Орлова",
            "Зайцева",
            "Белова",
            "Крылова",
            "Мельникова",
            "Егорова",
            "Лукина",
            "Фомина",
            "Титова",
            "Громова",
        ),
    ),
    "en": (
        ("James", "Olivia", "Arjun", "Sophie", "Lukas", "Agnieszka", "Priya", "Daniel", "Marta", "Oliver"),
        (
            "Baker",
            "Novak",
            "Schmidt",
            "Patel",
            "Kowalska",
            "Hughes",
            "Weber",
            "Singh",
            "Turner",
            "Lewandowski",
        ),
    ),
    "tr": (
        ("Emre", "Elif", "Mehmet", "Zeynep", "Can", "Ayşe"),
        ("Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Aydın"),
    ),
    "pt": (
        ("João", "Ana", "Rafael", "Camila", "Bruno", "Luiza"),
        ("Silva", "Souza", "Lima", "Costa", "Rocha", "Alves"),
    ),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A job at a partner with what it usually means for the partnership."""

    ru: str
    en: str
    authority: Authority
    influence: Influence
    weight: int


POSTS = (
    Post("Генеральный директор", "Chief executive", Authority.FINAL, Influence.HIGH, 10),
    Post("Коммерческий директор", "Commercial director", Authority.SHARED, Influence.HIGH, 9),
    Post("Директор по маркетингу", "Head of marketing", Authority.SHARED, Influence.MEDIUM, 8),
    Post("Руководитель закупки трафика", "Head of media buying", Authority.NONE, Influence.HIGH, 11),
    Post("Технический директор", "Chief technology officer", Authority.NONE, Influence.HIGH, 7),
    Post("Финансовый контролёр", "Financial controller", Authority.NONE, Influence.MEDIUM, 7),
    Post("Менеджер по партнёрам", "Partner manager", Authority.NONE, Influence.LOW, 20),
    Post("Специалист по трафику", "Traffic specialist", Authority.NONE, Influence.LOW, 16),
    Post("Аналитик", "Analyst", Authority.NONE, Influence.LOW, 8),
    Post("Ассистент", "Assistant", Authority.UNKNOWN, Influence.UNKNOWN, 4),
)
PRODUCTS = ("Cashback card", "Insurance offer", "Online school", "Hosting plan", "Travel app", "CRM licence")
NEEDS = (
    "Выплаты дважды в месяц", "Weekly payouts", "Промоматериалы на турецком", "API for statistics",
    "Личный менеджер", "Longer cookie lifetime", "Обучение новых сотрудников",
)  # fmt: skip
