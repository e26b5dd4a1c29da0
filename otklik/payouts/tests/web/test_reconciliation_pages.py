"""A partner's figures against ours, on the page: parts that add up, and of one's own partners only."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from otklik.payouts.models import PartnerReport
from otklik.payouts.tests.office import Office, line, record
from tests.world import World

PERIOD = {"start": "2026-02-01", "end": "2026-02-28", "currency": "EUR"}


@pytest.fixture
def faina(world: World, office: Office, client: Client) -> Client:
    record(
        line(world.aurora, "10", key="a"),
        line(world.aurora, "20", key="b"),
        line(world.aurora, "30", key="c", on="2026-03-01"),
        program_id=world.program.pk,
    )
    client.force_login(office.faina)
    return client


def compared(client: Client, world: World, text: str, **more: str) -> str:
    file = SimpleUploadedFile("stats.csv", text.encode())
    url = f"{reverse('reconciliation-new')}?partner={world.aurora.pk}"
    answer = client.post(url, {**PERIOD, "key": str(uuid4()), **more, "file": file}, follow=True)
    return answer.content.decode()


def test_the_difference_is_explained_kind_by_kind_and_adds_up(faina: Client, world: World) -> None:
    text = "Дата;Номер заказа;Комиссия\n2026-02-10;A;10\n2026-02-28;c;30\n2026-02-11;<i>z</i>;7,77\n"
    shown = compared(faina, world, text)
    for amount in ("€47.77", "€30.00", "€17.77", "€7.77", "\u2212€20.00"):
        assert amount in shown, amount
    assert "Only in the file" in shown
    assert "On a day of another period" in shown
    assert "&lt;i&gt;z&lt;/i&gt;" in shown
    report = PartnerReport.objects.get()
    csv = b"".join(faina.get(reverse("reconciliation-csv", args=[report.pk]))).decode()  # type: ignore[arg-type]
    lines = [row.split(",") for row in csv.strip().splitlines()[1:]]
    assert sum(float(row[-1]) for row in lines[:-1]) == pytest.approx(17.77)
    assert lines[-1][-3:] == ["30.00", "47.77", "17.77"]
    assert "Aurora" in faina.get(reverse("reconciliations")).content.decode()
    timeline = faina.get(reverse("partner", args=[world.aurora.pk])).content.decode()
    assert "they differ by €17.77" in timeline


def test_the_same_form_twice_is_one_report_and_another_file_is_another(faina: Client, world: World) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert "Both sides say the same" in compared(
            faina, world, "date,order,amount\n2026-02-10,a,10\n2026-02-11,b,20\n", key=key
        )
    assert PartnerReport.objects.count() == 1
    compared(faina, world, "date,order,amount\n2026-02-10,a,10\n", key=key)
    assert PartnerReport.objects.count() == 2


def test_without_keys_and_known_sources_days_are_compared(faina: Client, world: World) -> None:
    shown = compared(faina, world, "date,amount,source\n2026-02-10,30,whatever\n")
    assert "sums by day were compared" in shown
    assert "Both sides say the same" in shown


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("Kunde;Betrag\nx;1\n", {}, "No column was recognised as the date"),
        ("date;amount\nsoon;1\n", {}, "This is no date"),
        ("", {}, "empty"),
        ("date;amount\n2026-02-10;1\n", {"end": "2026-01-01"}, "ends before it begins"),
        ("date;amount\n2026-02-10;1\n", {"currency": "XQX"}, "valid choice"),
    ],
)
def test_a_file_that_is_not_understood_says_why(
    faina: Client, world: World, text: str, more: dict[str, str], said: str
) -> None:
    assert said in compared(faina, world, text, **more)
    assert not PartnerReport.objects.exists()


def test_another_managers_partner_is_not_there(faina: Client, world: World) -> None:
    compared(faina, world, "date,order,amount\n2026-02-10,a,10\n")
    report = PartnerReport.objects.get()
    world.program.managers_see_own_only = True
    world.program.save()
    faina.force_login(world.clara)
    for name in ("reconciliation", "reconciliation-csv"):
        assert faina.get(reverse(name, args=[report.pk])).status_code == 404
    url = f"{reverse('reconciliation-new')}?partner={world.aurora.pk}"
    assert faina.get(url).status_code == faina.post(url, PERIOD).status_code == 404
    faina.force_login(world.boris)
    assert faina.get(reverse("reconciliation", args=[report.pk])).status_code == 200
    faina.force_login(world.dmitri)
    assert faina.get(reverse("reconciliations")).status_code == 403
