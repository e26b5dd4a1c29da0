"""The pages where people answer."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from otklik.events.public import Actor
from otklik.feedback.models import Invitation, Response, SurveyLink
from otklik.feedback.rules.vocabulary import InvitationState
from otklik.feedback.tests.invited import invite, link_of
from otklik.feedback.tokens import invitation_token
from otklik.partners.public import erase_contact
from tests.world import NOW, World

LARGEST_PAGE = 30 * 1024


def confirm(client: Client, page: str, **said: Any) -> Any:
    body = {"score": 9, "gesture": "pointer"} | said
    return client.post(
        page, json.dumps(body), content_type="application/json", headers={"X-Otklik-Answer": "1"}
    )


def test_a_link_from_the_mail_shows_its_score_chosen_and_counts_nothing(
    client: Client, page: str, vera: Invitation
) -> None:
    found = client.get(f"{page}?s=9")
    assert '<input type="radio" name="score" value="9" checked>' in found.text
    assert not Response.objects.exists()
    vera.refresh_from_db()
    assert (vera.provisional_score, vera.provisional_hits) == (9, 1)


def test_a_look_ahead_leaves_nothing(client: Client, page: str, vera: Invitation) -> None:
    client.head(f"{page}?s=9")
    client.get(f"{page}?s=9", headers={"Sec-Purpose": "prefetch;prerender"})
    client.get(f"{page}?s=9", headers={"Purpose": "prefetch"})
    client.get(f"{page}?s=11")
    client.get(f"{page}?s=%D9%A9")
    vera.refresh_from_db()
    assert (vera.provisional_hits, vera.provisional_score) == (0, None)
    assert not Response.objects.exists()


def test_the_page_is_small_and_whole_and_sets_no_cookie(client: Client, page: str, link: SurveyLink) -> None:
    for address in (page, f"/s/{link.slug}/"):
        found = client.get(address)
        assert len(found.content) < LARGEST_PAGE
        assert not found.cookies
        assert not re.search(r"""(src|href)=["'](https?:)?//""", found.text)
        policy = found["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert found["X-Frame-Options"] == "DENY"
        assert found["X-Robots-Tag"].startswith("noindex")


def test_the_page_speaks_the_persons_language_at_once(client: Client, page: str, vera: Invitation) -> None:
    assert "How likely?" in client.get(page, headers={"Accept-Language": "ru"}).text
    Invitation.objects.update(language="ru-RU")
    found = client.get(page, headers={"Accept-Language": "en"})
    assert "Насколько вероятно?" in found.text
    assert "Отправить" in found.text
    assert '<html lang="ru"' in found.text
    assert "How likely?" in client.get(f"{page}?lang=en").text
    Invitation.objects.update(language="")
    assert "Насколько вероятно?" in client.get(page, headers={"Accept-Language": "de, ru;q=0.8"}).text


def test_an_answer_by_script_counts_after_a_gesture_alone(client: Client, page: str) -> None:
    assert confirm(client, page, gesture=None).status_code == 400
    assert confirm(client, page, gesture="open").status_code == 400
    assert not Response.objects.exists()
    found = confirm(client, page, comment="Привет 👋", answers={"more": "x", "ease": 7}, may_contact=False)
    assert (found.status_code, found.json()) == (200, {"outcome": "recorded"})
    row = Response.objects.get()
    assert (row.score, row.comment, row.answers, row.may_contact) == (
        9, "Привет 👋", {"more": "x", "ease": 7}, False,
    )  # fmt: skip
    assert confirm(client, page).json() == {"outcome": "same"}
    again = client.get(page).text
    assert "Привет 👋" in again
    assert 'value="9" checked' in again


def test_without_scripts_the_form_itself_confirms(client: Client, page: str) -> None:
    fields = {
        "plain": "1",
        "score": "3",
        "comment": "slow",
        "q-why": ["0", "1"],
        "q-ease": "2",
        "contact": "yes",
    }
    found = client.post(page, _encoded(fields), content_type="application/x-www-form-urlencoded")
    assert found.status_code == 302
    assert "Thank you" in client.get(found["Location"]).text
    row = Response.objects.get()
    assert (row.score, row.comment, row.answers, row.may_contact) == (
        3,
        "slow",
        {"why": [0, 1], "ease": 2},
        True,
    )


def test_a_button_pressed_by_a_script_counts_nothing(client: Client, page: str) -> None:
    found = client.post(page, "score=9", content_type="application/x-www-form-urlencoded")
    assert found.status_code == 302
    assert not Response.objects.exists()


def test_words_too_long_come_back_whole(client: Client, page: str) -> None:
    long = "x" * 20_001
    found = client.post(
        page, _encoded({"plain": "1", "score": "3", "comment": long}),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert found.status_code == 422
    assert long in found.text
    assert "20,000" in found.text
    assert confirm(client, page, comment=long).status_code == 422
    mega = confirm(client, page, comment="x" * 1_000_000)
    assert (mega.status_code, mega.json()) == (413, {"code": "too_long"})
    form = client.post(
        page, "plain=1&score=3&comment=" + "x" * 1_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert form.status_code == 413
    assert not Response.objects.exists()


def test_markup_in_words_is_shown_as_words(client: Client, page: str) -> None:
    confirm(client, page, comment="</textarea><script>alert(1)</script>")
    assert "<script>alert" not in client.get(page).text


@pytest.mark.parametrize("token", ["x", "A" * 24, "A" * 200, "кириллица", "%00"])
def test_a_forged_link_says_so(client: Client, world: World, token: str) -> None:
    found = client.get(f"/a/{token}/", headers={"Accept-Language": "ru"})
    assert found.status_code == 404
    assert "Ссылка неполная" in found.text
    assert confirm(client, f"/a/{token}/").status_code == 404


def test_a_link_that_leads_nowhere_any_more_says_so_and_stores_nothing(
    client: Client, world: World, vera: Invitation, page: str
) -> None:
    gone = invite(vera.wave, world.gleb, expires_at=NOW - timedelta(days=1), language="ru")
    address = f"/a/{invitation_token(gone.pk)}/"
    found = client.get(address)
    assert found.status_code == 410
    assert "Срок ссылки истёк" in found.text
    assert confirm(client, address).json() == {"code": "expired"}
    taken_back = invite(vera.wave, world.gleb, state=InvitationState.WITHDRAWN)
    assert client.get(f"/a/{invitation_token(taken_back.pk)}/").status_code == 410
    assert client.get(f"/a/{invitation_token(10**12)}/").status_code == 404
    erase_contact(contact_id=world.vera.pk, by=Actor.system(), at=NOW)
    assert "erased" in client.get(page).text
    assert not Response.objects.exists()


def test_other_hosts_cannot_answer_in_anybodys_name(client: Client, link: SurveyLink) -> None:
    address = f"/s/{link.slug}/"
    fields = {"plain": "1", "score": "0", "key": "k" * 20}
    for odd in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        found = client.post(
            address, _encoded(fields), content_type="application/x-www-form-urlencoded", headers=odd
        )
        assert found.status_code == 403
    assert not Response.objects.exists()
    home = {"Origin": "http://testserver", "Host": "testserver", "Sec-Fetch-Site": "same-origin"}
    client.post(address, _encoded(fields), content_type="application/x-www-form-urlencoded", headers=home)
    assert Response.objects.get().score == 0


def test_a_link_needs_a_key_and_takes_one_answer_a_device(client: Client, link: SurveyLink) -> None:
    address = f"/s/{link.slug}/"
    assert confirm(client, address).status_code == 400
    assert confirm(client, address, key="first-browser-key").json() == {"outcome": "recorded"}
    assert confirm(client, address, key="first-browser-key", score=2).json() == {"outcome": "changed"}
    assert confirm(client, address, key="private-window-key").json() == {"outcome": "set_aside"}
    assert client.get(f"{address}?s=9").status_code == 200
    assert Response.objects.filter(status="complete").get().score == 2


def test_a_closed_link_says_so(client: Client, world: World, link: SurveyLink) -> None:
    SurveyLink.objects.update(closes_at=NOW)
    assert client.get(f"/s/{link.slug}/").status_code == 410
    assert client.get("/s/none-such/").status_code == 404


def test_only_the_hosts_of_a_link_may_show_it_inside_their_pages(
    client: Client, world: World, link: SurveyLink, version: Any
) -> None:
    inside = link_of(world, version, hosts=["https://partner.example"])
    found = client.get(f"/s/{inside.slug}/?embed=1")
    assert "frame-ancestors https://partner.example" in found["Content-Security-Policy"]
    assert "X-Frame-Options" not in found
    assert client.get(f"/s/{link.slug}/")["X-Frame-Options"] == "DENY"
    script = client.get(f"/s/{inside.slug}/embed.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert inside.slug in script.text
    assert client.get("/s/none-such/embed.js").status_code == 404


def test_what_is_no_answer_of_our_page_is_refused(client: Client, page: str) -> None:
    for body in ("", "[]", "{", '{"score": true, "gesture": "key"}', '{"score": 9}', "[" * 100_000):
        found = client.post(page, body, content_type="application/json", headers={"X-Otklik-Answer": "1"})
        assert found.status_code == 400
    for odd in ({"score": 11}, {"score": -1}):
        assert confirm(client, page, **odd).status_code == 422
    for odd in ({"score": 1e400}, {"score": 10**30}, {"comment": 7}, {"answers": []}, {"may_contact": "yes"}):
        assert confirm(client, page, **odd).status_code == 400
    for odd in ({"gesture": []}, {"gesture": {"a": 1}}, {"gesture": None}, {"gesture": "po\0inter"}):
        assert confirm(client, page, **odd).status_code == 400
    assert not Response.objects.exists()
    for odd in (
        {"language": "r\0u"},
        {"language": ["ru"]},
        {"key": {}},
        {"screen": ["\0"]},
        {"seconds": "\0"},
    ):
        assert confirm(client, page, **odd).status_code == 200
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    assert confirm(client, page, answers={"why": deep, "more": {"a": 1}, "ease": [[]]}).status_code == 200


def _encoded(fields: dict[str, Any]) -> str:
    from urllib.parse import urlencode

    return urlencode(fields, doseq=True)
