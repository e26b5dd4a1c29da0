"""Files of money on their pages: refused with every wrong line, recorded once, and reckoned to the cent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.jobs.public import progress_of
from otklik.kit.clock import now
from otklik.payouts import jobs
from otklik.payouts.models import Entry, Hand, MoneyImport, MoneyUpload, PartnerReport
from otklik.payouts.operations import uploads
from otklik.payouts.operations.uploads import forget_uploads, progress_key
from otklik.payouts.tests.office import Office, balance
from tests.world import World

HEAD = "key;partner;amount;currency;earned_on\n"
LINES = HEAD + "c-1;A-1;1 234,56;EUR;2026-02-01\nc-2;A-1;0,10;EUR;2026-02-02\nc-3;A-1;7,00;USD;2026-02-02\n"
PAYOUTS = "key;partner;amount;currency;state;expected_on\np-1;A-1;40;EUR;{};2026-02-25\n"


@pytest.fixture
def faina(world: World, office: Office, client: Client, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    world.aurora.external_id = "A-1"
    world.aurora.save()
    client.force_login(office.faina)
    return client


def sent(client: Client, world: World, text: str, **more: str) -> str:
    """The page one gets to."""
    form = {"kind": "entries", "program": world.program.pk, "key": str(uuid4()), **more}
    file = SimpleUploadedFile("february.csv", text.encode())
    answer = client.post(reverse("money-import"), {**form, "file": file}, follow=True)
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def test_a_file_is_recorded_and_its_parts_add_up(faina: Client, world: World) -> None:
    shown = sent(faina, world, LINES, totals="EUR 1234,66; 7 USD")
    assert "The file is recorded" in shown
    assert "€1,234.66" in shown
    assert "$7.00" in shown
    longer = sent(faina, world, LINES + "c-4;A-1;-4,60;EUR;2026-02-03\n".replace("-4,60", "4,60"))
    assert "Recorded: 1, moved on: 0, there already: 3" in longer
    assert "€1,239.26" in longer
    assert "€4.60" in longer
    assert balance(world.aurora)[0] == "1239.26"
    # Whoever brought it in does not approve the batch that pays it out.
    assert set(Hand.objects.values_list("user__email", flat=True)) == {"faina@example.com"}
    parts = MoneyImport.objects.latest("pk").outcome
    assert {name: part["rows"] for name, part in parts.items()} == {"new": 1, "changed": 0, "same": 3}
    assert parts["same"]["totals"] == {"EUR": "1234.66", "USD": "7.00"}
    history = faina.get(reverse("money-import")).content.decode()
    assert history.count("february.csv") == 2


def test_the_same_form_and_the_same_file_twice_are_one(faina: Client, world: World) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert "The file is recorded" in sent(faina, world, LINES, key=key)
    assert MoneyUpload.objects.count() == 1
    sent(faina, world, LINES)
    assert MoneyImport.objects.count() == 1
    assert Entry.objects.count() == 3


def test_a_refused_file_names_every_line_with_what_to_do(faina: Client, world: World) -> None:
    wrong = HEAD + "c-1;Z-9;10;EUR;2026-02-01\nc-1;A-1;<b>;EUR;2099-02-01\n"
    key = str(uuid4())
    shown = sent(faina, world, wrong, key=key)
    assert "The file was refused" in shown
    assert "No partner of this program has this external id" in shown
    assert "&lt;b&gt;" in shown
    assert "This day is still to come" in shown
    assert not Entry.objects.exists()
    world.aurora.external_id = "Z-9"
    world.aurora.save()
    # The same file from the same form: the partner's id was mended meanwhile.
    assert "The file is recorded" in sent(faina, world, HEAD + "c-1;Z-9;10;EUR;2026-02-01\n", key=key)
    assert forget_uploads(before=now()) == 2
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("", {}, "empty"),
        ("\x00\x01PK", {}, "table"),
        (LINES, {"totals": "lots"}, "LOTS"),
        (LINES, {"program": "999999999999"}, "Select a valid choice"),
    ],
)
def test_what_is_no_table_is_said_on_the_form(
    faina: Client, world: World, text: str, more: dict[str, str], said: str
) -> None:
    shown = sent(faina, world, text, **more)
    assert said.lower() in shown.lower()
    assert not MoneyUpload.objects.exists()


def test_totals_that_differ_refuse_the_file(faina: Client, world: World) -> None:
    assert "do not add up" in sent(faina, world, LINES, totals="EUR 1; USD 7")
    assert not Entry.objects.exists()


def test_a_long_file_is_left_to_a_worker(
    faina: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 2)
    assert "Waits for a worker" in sent(faina, world, LINES)
    upload = MoneyUpload.objects.get()
    state = reverse("money-upload-state", args=[upload.pk])
    assert "HX-Refresh" not in faina.get(state).headers
    jobs.take_money_file(upload.pk)
    jobs.take_money_file(upload.pk)
    assert faina.get(state).headers["HX-Refresh"] == "true"
    progress = progress_of(progress_key(upload.pk))
    assert progress
    assert (progress.done, progress.total, progress.is_running) == (3, 3, False)
    assert Entry.objects.count() == 3


def test_files_nobody_needs_any_more_go(faina: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 2)
    sent(faina, world, LINES)
    kept = Path(MoneyUpload.objects.get().file.path)
    left = kept.with_name("left-behind.csv")
    left.write_text("x")
    forget_uploads(before=now() - timedelta(days=1))
    assert kept.exists()
    assert left.exists()
    forget_uploads(before=now() + timedelta(days=1))
    assert not kept.exists()
    assert not left.exists()


@pytest.mark.parametrize("name", ["money-import", "reconciliations"])
def test_a_longer_list_takes_no_more_queries(
    faina: Client, world: World, django_assert_num_queries: Any, name: str
) -> None:
    def more(key: str) -> None:
        sent(faina, world, f"{HEAD}{key};A-1;1;EUR;2026-02-01\n")
        sent(faina, world, f"{HEAD}{key};A-9;1;EUR;2026-02-01\n")
        PartnerReport.objects.create(
            partner=world.aurora, currency="EUR", start="2026-02-01", end="2026-02-28", uploaded_at=now(),
            uploaded_by=world.anna, result={"ours": "0.00", "theirs": "1.00", "unexplained": "1.00"},
        )  # fmt: skip

    more("a")
    faina.get(reverse(name))
    with CaptureQueriesContext(connection) as captured:
        faina.get(reverse(name))
    few = len(captured)
    more("b")
    with django_assert_num_queries(few):
        faina.get(reverse(name))


def test_payouts_move_on_and_their_sums_say_so(faina: Client, world: World) -> None:
    sent(faina, world, PAYOUTS.format("planned"), kind="payouts")
    shown = sent(faina, world, PAYOUTS.format("sent"), kind="payouts")
    assert "moved on" in shown
    assert MoneyImport.objects.latest("pk").outcome["changed"] == {"rows": 1, "totals": {"EUR": "40.00"}}


def test_who_sees_own_partners_only_sees_no_file(faina: Client, world: World, office: Office) -> None:
    sent(faina, world, LINES)
    sent(faina, world, "key\n1\n")
    taken, refused = MoneyImport.objects.get(), MoneyUpload.objects.get(state="refused")
    world.program.managers_see_own_only = True
    world.program.save()
    faina.force_login(world.boris)
    assert faina.get(reverse("money-import")).status_code == 404
    assert faina.get(reverse("money-imported", args=[taken.pk])).status_code == 404
    assert faina.get(reverse("money-upload", args=[refused.pk])).status_code == 403
    assert faina.get(reverse("money-columns", args=["entries"])).status_code == 403
    faina.force_login(office.faina)
    assert b"earned_on" in b"".join(faina.get(reverse("money-columns", args=["entries"])))  # type: ignore[arg-type]
    assert faina.get(reverse("money-columns", args=["else"])).status_code == 404
