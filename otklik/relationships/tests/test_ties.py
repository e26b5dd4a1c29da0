"""What the log says of a tie, and where it contradicts what the team says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.ties import LADDER, Contacts, Doubt, TieReason, evidence_of, tie_of
from otklik.relationships.rules.titles import Seniority, seniority_of
from otklik.relationships.rules.vocabulary import TieLevel

few = settings(max_examples=25, deadline=None, derandomize=True)
logs = st.builds(
    Contacts,
    to_them=st.integers(0, 60),
    replies=st.integers(0, 30),
    from_them=st.integers(0, 30),
    complaints=st.integers(0, 9),
    days_since=st.none() | st.floats(0, 2000),
)


@pytest.mark.parametrize(
    ("log", "level"),
    [
        (Contacts(), TieLevel.UNKNOWN),
        (Contacts(complaints=6), TieLevel.NONE),
        (Contacts(to_them=12), TieLevel.NONE),
        (Contacts(to_them=4, replies=1, days_since=200), TieLevel.WEAK),
        (Contacts(to_them=6, replies=4, days_since=40), TieLevel.WORKING),
        (Contacts(to_them=12, replies=10, from_them=6, days_since=5), TieLevel.STRONG),
        (Contacts(to_them=12, replies=10, from_them=6, days_since=700), TieLevel.WORKING),
    ],
)
def test_the_log_gives_a_level(log: Contacts, level: TieLevel) -> None:
    assert evidence_of(log).level is level


@few
@given(logs)
def test_a_complaint_is_no_sign_of_a_tie(log: Contacts) -> None:
    quiet, loud = evidence_of(replace(log, complaints=0)), evidence_of(replace(log, complaints=9))
    assert (loud.points, loud.complaints) == (quiet.points, 9)
    assert loud.level is (TieLevel.NONE if quiet.level is TieLevel.UNKNOWN else quiet.level)


@few
@given(logs)
def test_more_replies_never_weaken_a_tie_and_more_days_never_strengthen_it(log: Contacts) -> None:
    evidence = evidence_of(log)
    assert 0 <= evidence.points <= 100
    assert evidence.points == pytest.approx(sum(one.points for one in evidence.reasons))
    more = replace(log, to_them=log.to_them + 1, replies=log.replies + 1)
    if log.replies <= log.to_them:
        assert evidence_of(more).points >= evidence.points - 1e-9
    assert evidence_of(replace(log, from_them=log.from_them + 1)).points >= evidence.points - 1e-9
    if log.days_since is not None:
        assert evidence_of(replace(log, days_since=log.days_since + 50)).points <= evidence.points + 1e-9


STRANGER = Contacts(to_them=8, complaints=3)
FRIEND = Contacts(to_them=12, replies=11, from_them=9, days_since=3)


@pytest.mark.parametrize(
    ("stated", "log", "more", "doubts"),
    [
        (TieLevel.STRONG, STRANGER, {}, (Doubt.ABOVE_EVIDENCE,)),
        (TieLevel.STRONG, FRIEND, {}, ()),
        (TieLevel.WEAK, FRIEND, {}, (Doubt.BELOW_EVIDENCE,)),
        (TieLevel.WORKING, FRIEND, {}, ()),  # a step apart is no contradiction
        (TieLevel.STRONG, Contacts(), {}, ()),  # no log says nothing
        (TieLevel.UNKNOWN, FRIEND, {}, (Doubt.NOT_STATED,)),
        (TieLevel.STRONG, FRIEND, {"stated_days_ago": 400, "complaint_days_ago": 9},
         (Doubt.STALE, Doubt.COMPLAINTS)),
        (TieLevel.WEAK, STRANGER, {"complaint_days_ago": 9}, ()),
    ],
)  # fmt: skip
def test_what_is_stated_is_kept_and_doubted_aloud(
    stated: TieLevel, log: Contacts, more: dict[str, float], doubts: tuple[Doubt, ...]
) -> None:
    tie = tie_of(stated, log, **more)
    assert (tie.stated, tie.doubts) == (stated, doubts)


def test_reasons_name_what_they_rest_on() -> None:
    reasons = {one.reason: one.value for one in evidence_of(FRIEND).reasons}
    assert reasons == {TieReason.CONTACTS: 20, TieReason.REPLIES: 11, TieReason.DAYS_SINCE: 3}
    assert LADDER[-1] is TieLevel.STRONG


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("CEO", Seniority.TOP),
        ("Co-Founder & CTO", Seniority.TOP),
        ("Генеральный директор", Seniority.TOP),
        ("Заместитель генерального директора", Seniority.HEAD),
        ("Владелец", Seniority.TOP),
        ("Vice President, Sales", Seniority.HEAD),
        ("Head of Traffic", Seniority.HEAD),
        ("Руководитель отдела закупок", Seniority.HEAD),
        ("Помощник руководителя", Seniority.OTHER),
        ("Deputy Director", Seniority.OTHER),
        ("Media buyer", Seniority.OTHER),
        ("Partner manager", Seniority.OTHER),
        ("Specialist, headhunting", Seniority.OTHER),
        ("", Seniority.OTHER),
    ],
)
def test_titles_are_read_in_both_languages(title: str, seniority: Seniority) -> None:
    assert seniority_of(title) is seniority
