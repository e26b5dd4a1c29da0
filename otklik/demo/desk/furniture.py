"""The desk's teams, calendars, promises, mailboxes, tools and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.demo.desk.furniture_words import CANNED, TOLD, TOPICS
from otklik.desk.public import (
    Availability,
    ClockKind,
    NewTarget,
    Priority,
    TicketStatus,
    Topic,
    fingerprint,
    keep_view,
    plan_absence,
    save_calendar,
    save_canned,
    save_macro,
    save_mailbox,
    save_policy,
    save_profile,
    save_topic,
    save_trigger,
    save_web_form,
    switch_on,
)
from otklik.events.public import Actor
from otklik.identity.public import Team, User, save_team

TEAMS = {
    "ru": ("Support RU", ("lead", "agent", "agent3")),
    "en": ("Support EN", ("lead", "agent2", "agent4")),
    "finance": ("Finance", ("finance",)),
    "traffic": ("Traffic quality", ("officer", "lead")),
}
MAILBOXES = {
    "ru": ("support.ru@meridian.example", "Поддержка Meridian Partners"),
    "en": ("support@meridian.example", "Meridian Partners support"),
}
MOSCOW = {
    "zone": "Europe/Moscow",
    "weekly": {"mon-fri": ["09:00-18:00"]},
    "production_calendar": "RU",
}
AROUND_THE_CLOCK = {"zone": "UTC", "weekly": {"mon-sun": ["00:00-24:00"]}}
# name, calendar, tiers, minutes of each promise.
POLICIES: tuple[tuple[str, str, tuple[str, ...], Mapping[ClockKind, int]], ...] = (
    (
        "Gold",
        "Around the clock",
        ("gold", "platinum"),
        {
            ClockKind.FIRST_RESPONSE: 120,
            ClockKind.NEXT_RESPONSE: 240,
            ClockKind.RESOLUTION: 2880,
            ClockKind.SUB_REQUEST: 480,
        },
    ),
    (
        "Standard",
        "Moscow office",
        (),
        {
            ClockKind.FIRST_RESPONSE: 240,
            ClockKind.NEXT_RESPONSE: 480,
            ClockKind.RESOLUTION: 1440,
            ClockKind.SUB_REQUEST: 480,
        },
    ),
)
HOURS = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
# languages, topics (none: all), open tickets at once, gets tickets by routing.
PROFILES: dict[str, tuple[dict[str, int], tuple[str, ...], int, bool]] = {
    "agent": ({"ru": 3, "en": 1}, ("payouts", "contract", "tier"), 15, True),
    "agent3": ({"ru": 3, "en": 2}, ("tracking", "api", "promo"), 15, True),
    "agent2": ({"en": 3}, ("payouts", "creatives", "tier"), 12, True),
    "agent4": ({"en": 3, "ru": 1}, ("tracking", "api", "promo"), 12, True),
    "lead": ({"ru": 3, "en": 2}, (), 8, False),
    "finance": ({"ru": 3, "en": 2}, ("payouts", "contract"), 20, False),
    # Their team shares the work out by hand.
    "officer": ({"ru": 3, "en": 2}, ("traffic_hold", "moderation"), 20, False),
}


@dataclass(frozen=True, slots=True)
class Furniture:
    teams: Mapping[str, Team]
    topics: Mapping[str, Topic]
    mailboxes: Mapping[str, int]


def furnish(program_id: int, staff: Mapping[str, User], *, by: Actor, at: datetime) -> Furniture:
    teams = {
        key: save_team(team=None, name=name, members=[staff[one] for one in members], by=by, at=at)
        for key, (name, members) in TEAMS.items()
    }
    topics = {
        key: save_topic(
            topic_id=None,
            fields={
                "key": key,
                "names": {"ru": ru, "en": en},
                "team_id": teams[team].pk if team else None,
                "weight": weight,
                "blocks_money": money,
                "position": 10 * (place + 1),
                **_told(key, staff),
            },
            by=by,
            at=at,
        )
        for place, (key, team, weight, money, ru, en) in enumerate(TOPICS)
    }
    mailboxes = {
        language: save_mailbox(
            mailbox_id=None,
            fields={
                "address": address,
                "name": name,
                "program_id": program_id,
                "team_id": teams[language].pk,
                "language": language,
                "source": "none",
            },
            by=by,
            at=at,
        ).pk
        for language, (address, name) in MAILBOXES.items()
    }
    _promise(by, at)
    _tools(topics, teams, by, at)
    _form(program_id, mailboxes["ru"], topics, by, at)
    _profiles(staff, topics, by, at)
    filters = {"view": "open", "topic": str(topics["payouts"].pk)}
    keep_view(name="Выплаты · Payouts", filters=filters, owner_id=None, at=at)
    return Furniture(teams, topics, mailboxes)


def plan_leave(
    staff: Mapping[str, User], *, begins: datetime, ends: datetime, by: Actor, at: datetime
) -> None:
    """Owen goes on leave soon, and Emma looks after his tickets."""
    plan_absence(
        user_id=staff["agent4"].pk,
        starts_at=begins,
        ends_at=ends,
        deputy_id=staff["agent2"].pk,
        note="On leave. Everything open is answered; the partners know.",
        by=by,
        at=at,
    )


def _promise(by: Actor, at: datetime) -> None:
    named = {"Moscow office": MOSCOW, "Around the clock": AROUND_THE_CLOCK}
    calendars = {
        name: save_calendar(calendar_id=None, name=name, definition=definition, by=by, at=at)
        for name, definition in named.items()
    }
    for name, calendar, tiers, minutes in POLICIES:
        save_policy(
            policy_id=None,
            fields={"name": name, "calendar_id": calendars[calendar].pk, "tiers": list(tiers)},
            topics=(),
            targets=[NewTarget(kind, "", promised, 80) for kind, promised in minutes.items()],
            by=by,
            at=at,
        )


def _told(key: str, staff: Mapping[str, User]) -> dict[str, Any]:
    """What partners read of the topic in their portal."""
    if key not in TOLD:
        return {}
    owner, note_ru, note_en, asked_ru, asked_en = TOLD[key]
    return {
        "owner_id": staff[owner].pk,
        "notes": {"ru": note_ru, "en": note_en},
        "questions": {"ru": asked_ru, "en": asked_en} if asked_ru else {},
    }


def _tools(topics: Mapping[str, Topic], teams: Mapping[str, Team], by: Actor, at: datetime) -> None:
    for name, shortcut, topic, ru, en in CANNED:
        fields = {
            "name": name,
            "shortcut": shortcut,
            "texts": {"ru": ru, "en": en},
            "topic_id": topics[topic].pk if topic else None,
        }
        save_canned(canned_id=None, fields=fields, by=by, at=at)
    finance = teams["finance"].pk
    question = "Что с выплатой? Партнёр ждёт ответа сегодня. / Where is the payout? The partner waits."
    macros: tuple[tuple[str, list[dict[str, Any]]], ...] = (
        (
            "Спросить финансы о выплате · Ask finance",
            [
                {"do": "set_topic", "value": topics["payouts"].pk},
                {"do": "ask_department", "value": {"team": finance, "text": question, "minutes": 240}},
                {"do": "set_status", "value": TicketStatus.ON_HOLD},
            ],
        ),
        (
            "Ждём данных от партнёра · Waiting for details",
            [
                {"do": "add_tag", "value": "ждём данные"},
                {"do": "set_status", "value": TicketStatus.WAITING},
            ],
        ),
        (
            "Крупный партнёр: срочно · Large partner: urgent",
            [
                {"do": "set_priority", "value": Priority.URGENT},
                {"do": "add_tag", "value": "vip"},
            ],
        ),
    )
    for name, actions in macros:
        save_macro(macro_id=None, fields={"name": name, "actions": actions}, by=by, at=at)
    _triggers(topics, teams, by, at)


def _triggers(topics: Mapping[str, Topic], teams: Mapping[str, Team], by: Actor, at: datetime) -> None:
    about_money = {"field": "text", "op": "contains", "value": ["выплат", "payout", "не пришли деньги"]}
    rules: tuple[tuple[str, str, list[str], dict[str, Any], list[dict[str, Any]], bool], ...] = (
        (
            "Письма о выплатах получают тему · Payout mails get their topic",
            "event",
            ["ticket.created"],
            {"all": [about_money]},
            [{"do": "set_topic", "value": topics["payouts"].pk}],
            True,
        ),
        (
            "Низкая оценка: метка для разбора · Low rating: tag",
            "event",
            ["ticket.rated"],
            {"all": [{"field": "tier", "op": "in", "value": ["gold", "platinum"]}]},
            [{"do": "add_tag", "value": "разбор"}],
            True,
        ),
        (
            "Платиновый партнёр ждёт больше суток · Platinum waits for a day",
            "time",
            ["time.passed"],
            {
                "all": [
                    {"field": "tier", "op": "is", "value": "platinum"},
                    {"field": "status", "op": "in", "value": ["new", "open"]},
                    {"field": "hours_since_incoming", "op": "at_least", "value": 24},
                ]
            },
            [{"do": "set_priority", "value": Priority.URGENT}],
            False,
        ),
        (
            "Модерация — в команду трафика · Moderation goes to traffic quality",
            "event",
            ["ticket.created", "ticket.topic_changed"],
            {"all": [{"field": "topic", "op": "is", "value": topics["moderation"].pk}]},
            [{"do": "set_team", "value": teams["traffic"].pk}],
            False,
        ),
    )
    for place, (name, when, events, conditions, actions, is_on) in enumerate(rules):
        fields = {
            "name": name,
            "when": when,
            "events": events,
            "conditions": conditions,
            "actions": actions,
            "position": 10 * (place + 1),
        }
        trigger = save_trigger(trigger_id=None, fields=fields, by=by, at=at)
        if is_on:
            switch_on(trigger_id=trigger.pk, tried=fingerprint(trigger), by=by, at=at)


def _form(program_id: int, mailbox_id: int, topics: Mapping[str, Topic], by: Actor, at: datetime) -> None:
    fields = {
        "slug": "help",
        "program_id": program_id,
        "mailbox_id": mailbox_id,
        "titles": {"ru": "Вопрос в поддержку партнёров", "en": "Ask partner support"},
        "introductions": {
            "ru": "Отвечаем в рабочие дни с 9 до 18 по Москве. Чем точнее пример, тем быстрее ответ.",
            "en": "We answer on working days, 9 to 18 Moscow time. The more exact the example, the quicker.",
        },
        "asks_for_phone": True,
    }
    save_web_form(form_id=None, fields=fields, topics=list(topics.values()), by=by, at=at)


def _profiles(staff: Mapping[str, User], topics: Mapping[str, Topic], by: Actor, at: datetime) -> None:
    for key, (languages, skills, capacity, takes) in PROFILES.items():
        user = staff[key]
        fields = {
            "languages": languages,
            "capacity": capacity,
            "hours": HOURS,
            "takes_tickets": takes,
            "availability": Availability.ONLINE,
            "signature": user.name,
        }
        chosen = [topics[name] for name in skills]
        save_profile(user_id=user.pk, fields=fields, topics=chosen, by=by, at=at)
