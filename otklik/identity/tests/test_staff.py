from __future__ import annotations

import pytest
from django.test import Client

from otklik.events.public import Actor, timeline
from otklik.identity.models import Team, User
from otklik.identity.operations.invitations import NotActive, invite_user
from otklik.identity.operations.roles import LastAdministrator, grant_role, revoke_role, set_roles
from otklik.identity.operations.staff import (
    AlreadyStarted,
    EmailTaken,
    NoSelfDeactivation,
    change_user,
    create_first_administrator,
    create_user,
    deactivate_user,
    reactivate_user,
)
from otklik.identity.operations.teams import TeamNameTaken, save_team
from otklik.identity.public import active_managers, holders_of, names_of
from otklik.identity.rules.roles import Right, Role
from tests.world import NOW, World

ROOT = Actor.system()


def kinds(person: User) -> list[str]:
    return [line.kind for line in reversed(timeline("user", person.pk))]


def new_person(**changes: object) -> User:
    details = {"email": "New@Example.com", "name": "Nora New", "language": "ru", "time_zone": "Europe/Moscow"}
    return create_user(**(details | changes), by=ROOT, at=NOW)  # type: ignore[arg-type]


def test_a_new_person_may_do_what_their_roles_say_and_signs_in_with_a_password_of_their_own(db: None) -> None:
    person = new_person(roles=[Role.ANALYST])
    assert person.email == "new@example.com"
    assert person.may(Right.EXPORT)
    assert not person.may(Right.MANAGE_STAFF)
    assert not person.has_usable_password()
    assert kinds(person) == ["user.created", "role.granted"]


def test_an_address_belongs_to_one_person_in_whatever_letters(world: World) -> None:
    with pytest.raises(EmailTaken):
        new_person(email="ANNA@example.com")
    with pytest.raises(EmailTaken):
        change_user(
            user=world.boris,
            name="B",
            language="en",
            time_zone="UTC",
            email="anna@example.com",
            by=ROOT,
            at=NOW,
        )


def test_the_log_keeps_which_details_changed_and_not_what_they_say(world: World) -> None:
    change_user(user=world.anna, name="Anna Karlovna", language="en", time_zone="UTC", by=ROOT, at=NOW)
    change_user(user=world.anna, name="Anna Karlovna", language="en", time_zone="UTC", by=ROOT, at=NOW)
    (line,) = timeline("user", world.anna.pk)
    assert line.data == {"fields": ["name"]}


def test_the_last_administrator_stays_however_one_tries(world: World) -> None:
    with pytest.raises(LastAdministrator):
        revoke_role(user=world.root, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)
    with pytest.raises(LastAdministrator):
        set_roles(user=world.root, roles=[Role.AGENT], by=ROOT, at=NOW)
    with pytest.raises(LastAdministrator):
        deactivate_user(user=world.root, by=ROOT, at=NOW)
    assert User.objects.get(pk=world.root.pk).roles == {Role.ADMINISTRATOR}


def test_a_deactivated_administrator_does_not_count_as_one(world: World) -> None:
    grant_role(user=world.anna, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)
    deactivate_user(user=world.anna, by=ROOT, at=NOW)
    with pytest.raises(LastAdministrator):
        revoke_role(user=world.root, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)


def test_with_a_second_administrator_the_first_may_go(world: World) -> None:
    grant_role(user=world.anna, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)
    revoke_role(user=world.root, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)
    assert list(holders_of(Role.ADMINISTRATOR)) == [world.anna]
    assert kinds(world.root) == ["role.revoked"]


def test_nobody_deactivates_themselves(world: World) -> None:
    grant_role(user=world.anna, role=Role.ADMINISTRATOR, by=ROOT, at=NOW)
    with pytest.raises(NoSelfDeactivation):
        deactivate_user(user=world.anna, by=Actor.person(world.anna.pk), at=NOW)


def test_an_open_session_ends_with_the_deactivation(world: World, client: Client) -> None:
    client.force_login(world.boris)
    assert client.get("/").status_code == 200
    deactivate_user(user=world.boris, by=ROOT, at=NOW)
    assert client.get("/")["Location"].startswith("/account/login/")
    reactivate_user(user=world.boris, by=ROOT, at=NOW)
    assert client.get("/")["Location"].startswith("/account/login/"), "the old session must not come back"


def test_a_deactivated_manager_is_no_longer_offered(world: World) -> None:
    deactivate_user(user=world.boris, by=ROOT, at=NOW)
    assert list(active_managers()) == [world.clara]
    assert names_of([world.boris.pk, None, 0]) == {world.boris.pk: "Boris Manager"}


def test_a_deactivated_person_is_not_invited(world: World) -> None:
    deactivate_user(user=world.boris, by=ROOT, at=NOW)
    world.boris.refresh_from_db()
    with pytest.raises(NotActive):
        invite_user(user=world.boris, link="http://localhost/x", by=ROOT, at=NOW)


def test_two_teams_do_not_share_a_name(world: World) -> None:
    team = save_team(team=None, name="North", members=[world.boris], by=ROOT, at=NOW)
    with pytest.raises(TeamNameTaken):
        save_team(team=None, name="North", members=[], by=ROOT, at=NOW)
    save_team(team=team, name="North", members=[world.boris, world.clara], by=ROOT, at=NOW)
    assert set(Team.objects.get().members.all()) == {world.boris, world.clara}


def first_administrator() -> User:
    return create_first_administrator(
        email="first@example.com",
        name="First",
        password="correct horse battery",
        language="ru",
        time_zone="UTC",
        at=NOW,
    )


def test_there_is_one_first_administrator(db: None) -> None:
    assert first_administrator().roles == {Role.ADMINISTRATOR}
    with pytest.raises(AlreadyStarted):
        first_administrator()
    assert User.objects.count() == 1


def test_who_looked_before_the_other_committed_does_not_become_a_second_one(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_administrator()
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda _: False)
    with pytest.raises(AlreadyStarted):
        first_administrator()
    assert User.objects.count() == 1
