"""The wizard in the hands of a person: choose, confirm, watch, mend; and nobody without the right."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from otklik.partners.imports.operations.carry_on import carry_on
from otklik.partners.imports.tests.helpers import arrive, bring, workbook
from otklik.partners.models import ImportFailure, ImportRun, Partner
from tests.world import NOW

PARTNERS = "Название;Код;Страна\nВега;V-1;Россия\nДенеб;D-2;Нарния\n"


@pytest.fixture
def anna(world, client: Client) -> Client:
    client.force_login(world.anna)
    return client


def send(client: Client, world, data: bytes, *, name: str = "list.csv", target: str = "partners", **more):
    form = {"target": target, "program": world.program.pk, "file": SimpleUploadedFile(name, data), **more}
    return client.post(reverse("import-new"), form)


def text(response) -> str:
    return response.content.decode()


def test_from_the_file_to_the_result(world, anna):
    answer = send(anna, world, PARTNERS.encode("cp1251"))
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("import-mapping", args=[run.pk])

    page = text(anna.get(answer["Location"]))
    assert "Windows-1251" in page
    assert '<option value="country" selected>' in page
    assert "There is no country of this name or code." in page

    form = {f"column-{at}": field for at, field in enumerate(["name", "external_id", "country"])}
    answer = anna.post(reverse("import-mapping", args=[run.pk]), {**form, "zone": "UTC"})
    assert answer["Location"] == reverse("import-run", args=[run.pk])
    assert OrmQ.objects.filter(payload__isnull=False).exists()
    assert "Waits for a worker" in text(anna.get(answer["Location"]))

    carry_on(run.pk, clock=lambda: NOW)
    page = text(anna.get(answer["Location"]))
    assert "Нарния" in page
    assert "1 failed row" in page
    download = b"".join(anna.get(reverse("import-failures", args=[run.pk])).streaming_content).decode()
    assert download.splitlines()[1].startswith("Денеб,D-2,Нарния,")
    assert "list.csv" in text(anna.get(reverse("import-list")))


def zip_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 << 20))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "empty.csv", "The file is empty."),
        (b"name,tier\n", "head.csv", "a header and no rows"),
        (b"Vega,9,2025-03-12\nDeneb,8,2025-03-13\n", "rows.csv", "Add a header row"),
        (b"name,name\nVega,Deneb\n", "twice.csv", "stand more than once: name"),
        (b"name,tier\nVega," + b"x" * (2 << 20), "line.csv", "Row 2 is longer than"),
        (b"name,tier\nVega,gold\nDeneb", "cut.csv", "The file ends in the middle of row 3"),
        (b'name,tier\nVega,"gold\n', "quote.csv", "Row 2, column 2: a quote is opened here and never closed"),
        (
            "name,tier\nВега и Денеб,gold\n".encode() + b"\xd0\xff,x\n",
            "odd.csv",
            "Row 3, column 1: byte 0xD0 is not UTF-8",
        ),
        (zip_bomb(), "bomb.xlsx", "larger unpacked than any honest table"),
        (workbook(["name"], ["=1+1"]), "formula.xlsx", "Row 2, column A: cell A2 holds a formula"),
        (workbook(["name"], ["Vega"])[:-200], "cut.xlsx", "damaged or was cut off"),
        (b"%PDF-1.7 ...", "scan.pdf", "not a table but a PDF document"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_so_at_once_and_leaves_nothing(
    world, anna, tmp_path, data, name, said
):
    page = text(send(anna, world, data, name=name))

    assert said in page.replace("&quot;", '"')
    assert not ImportRun.objects.exists()
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_refusal_is_said_in_the_readers_language(world, anna):
    anna.cookies["django_language"] = "ru"

    page = text(send(anna, world, b""))

    assert "Файл пуст" in page


def test_htmx_is_sent_on_by_a_header(world, anna):
    form = {
        "target": "partners",
        "program": world.program.pk,
        "file": SimpleUploadedFile("a.csv", PARTNERS.encode()),
    }

    answer = anna.post(reverse("import-new"), form, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == reverse("import-mapping", args=[ImportRun.objects.get().pk])


def test_the_preview_stores_nothing(world, anna):
    run = arrive(world, PARTNERS)

    page = text(anna.post(reverse("import-preview", args=[run.pk]), {"column-0": "name", "zone": "UTC"}))

    assert "stored" in page
    assert not Partner.objects.filter(name="Вега").exists()


def test_the_preview_tells_what_is_there_already(world, anna):
    run = arrive(world, "name\nAurora\nVega\n")

    page = text(anna.get(reverse("import-mapping", args=[run.pk])))

    assert page.count("is there already") == 1


def test_an_unfinished_mapping_is_explained_and_not_started(world, anna):
    run = arrive(world, PARTNERS)
    choice = {"column-0": "tier", "column-1": "tier", "zone": "UTC"}

    preview = text(anna.post(reverse("import-preview", args=[run.pk]), choice))
    page = text(anna.post(reverse("import-mapping", args=[run.pk]), choice))

    for said in ("Choose the column that holds: name.", "Two columns are chosen for: tier."):
        assert said in preview
        assert said in page
    assert ImportRun.objects.get().state == ImportRun.State.MAPPING


def test_dates_that_can_be_read_in_two_ways_have_to_be_decided(world, anna):
    run = arrive(world, "name,renewal date\nVega,03/04/2027\nDeneb,05/06/2027\n")
    url = reverse("import-mapping", args=[run.pk])
    choice = {"column-0": "name", "column-1": "renewal_on", "zone": "UTC"}

    assert "no value in the file tells which" in text(anna.get(url))
    assert "These dates can be read in two ways. Choose one." in text(anna.post(url, choice))
    anna.post(url, {**choice, "order": "mdy"})
    carry_on(run.pk, clock=lambda: NOW)

    assert Partner.objects.get(name="Vega").renewal_on.isoformat() == "2027-03-04"


def test_a_date_that_tells_the_order_settles_it(world, anna):
    run = arrive(world, "name,renewal date\nVega,03/04/2027\nDeneb,05/16/2027\n")

    page = text(anna.get(reverse("import-mapping", args=[run.pk])))

    assert "no value in the file tells which" not in page
    assert "4 Mar 2027" in page


def test_encoding_and_separator_can_be_changed_after_looking(world, anna):
    run = arrive(world, "Название|Код\nВега|V;1\n".encode("koi8-r"))
    url = reverse("import-reading", args=[run.pk])

    anna.post(url, {"encoding": "koi8-r", "delimiter": "|"})

    run.refresh_from_db()
    assert run.columns == ["Название", "Код"]
    assert run.mapping == {"Название": "name", "Код": "external_id"}


def test_a_reading_that_fails_leaves_the_old_one(world, anna):
    run = arrive(world, PARTNERS.encode("cp1251"))

    page = text(anna.post(reverse("import-reading", args=[run.pk]), {"encoding": "utf-8"}))

    assert "is not UTF-8" in page
    run.refresh_from_db()
    assert run.columns == ["Название", "Код", "Страна"]


def test_the_same_file_is_noticed_before_it_starts(world, anna):
    bring(world, PARTNERS)
    run = arrive(world, PARTNERS)

    assert "imported before" in text(anna.get(reverse("import-mapping", args=[run.pk])))


def test_a_running_import_shows_how_far_it_is_and_can_be_stopped(world, anna):
    run = arrive(world, PARTNERS)
    ImportRun.objects.filter(pk=run.pk).update(
        state="running", total=200, cursor=50, stored=50, started_at=NOW, moved_at=NOW
    )
    part = text(anna.get(reverse("import-state", args=[run.pk])))
    assert 'aria-valuenow="25"' in part
    assert "every 1s" in part
    assert "Hand it to a worker now" in part

    anna.post(reverse("import-continuation", args=[run.pk]))
    assert OrmQ.objects.exists()
    anna.post(reverse("import-cancellation", args=[run.pk]))
    answer = anna.get(reverse("import-state", args=[run.pk]))
    assert answer["HX-Refresh"] == "true"
    assert "every 1s" not in text(answer)


def test_a_download_of_failures_runs_no_formula(world, anna):
    run = bring(world, "name,country\n=HYPERLINK(1),Narnia\n")

    lines = b"".join(anna.get(reverse("import-failures", args=[run.pk])).streaming_content).decode()

    assert "\n'=HYPERLINK(1),Narnia" in lines


def test_the_list_of_failures_costs_the_same_queries_for_any_number(
    world, anna, django_assert_max_num_queries
):
    def pages_for(rows: int) -> ImportRun:
        return bring(world, "name,country\n" + "".join(f"P{rows}-{n},Narnia\n" for n in range(rows)))

    few, many = pages_for(3), pages_for(40)
    assert ImportFailure.objects.filter(run=many).count() == 40
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(run: ImportRun) -> int:
        with CaptureQueriesContext(connection) as captured:
            anna.get(reverse("import-run", args=[run.pk]))
        return len(captured)

    queries(few)
    assert queries(few) == queries(many)


def test_an_empty_table_can_be_downloaded_and_maps_itself(world, anna):
    lines = b"".join(anna.get(reverse("import-template", args=["partners"])).streaming_content)

    run = arrive(world, lines)

    assert len(run.mapping) == len(run.columns)
    assert anna.get(reverse("import-template", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("person", ["boris", "dmitri", "stranger"])
def test_nobody_imports_or_looks_without_the_right(world, client, person):
    run = bring(world, PARTNERS)
    client.force_login(getattr(world, person))

    for name in ("import-list", "import-new"):
        assert client.get(reverse(name)).status_code == 403
    for name in ("import-run", "import-state", "import-mapping", "import-failures"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 403
    for name in ("import-cancellation", "import-continuation", "import-preview", "import-reading"):
        assert client.post(reverse(name, args=[run.pk])).status_code == 403


def test_a_visitor_is_sent_to_sign_in(world, client):
    assert client.get(reverse("import-list")).status_code == 302


def test_without_a_program_the_way_to_one_is_shown(db, client):
    from tests.world import Role, make_user

    client.force_login(make_user("root@example.com", "Root", Role.ADMINISTRATOR))

    assert reverse("program-new") in text(client.get(reverse("import-new")))
