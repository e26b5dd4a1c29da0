"""Whatever stands behind the question mark, a page answers: with itself, "not found" or a redirect, never
with a broken page, and never with what was typed as markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from otklik.analytics.public import Dimension
from otklik.api.operations.tokens import create_token
from otklik.api.rules.scopes import Scope
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import ImportFailure, ImportRun
from otklik.portal.tests.people import sign_in
from tests.architecture import access_walk
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "<script>alert(1)</script>"
# As they stand in an address: percent-encoded.
ODD = [
    "%00",
    "a%00b",
    "-1",
    "0",
    "99999999999999999999",
    "9" * 5000,
    quote("²"),
    quote("٣"),
    "1e400",
    "NaN",
    "%ED%A0%80",  # half of a surrogate pair
    "%FF%FE",
    quote("\u202e\U0001f600" * 40),
    quote("'\" OR 1=1) NEAR(*"),
    quote(SCRIPT),
    quote("../../etc/passwd"),
    "~",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    quote("0001-01-01T00:00:00+14:00/1"),
    quote("9999-12-31T23:59:59-14:00/1"),
    quote("2026-01-01T00:00:00/1"),
    quote("2026-01-01T00:00:00+00:00/99999999999999999999"),
    quote("0001-01-01T00:00:00+14:00"),
    quote("9999-12-31T23:59:59-14:00"),
    # A cursor of the API: 0001-01-01T00:00:00+14:00|1
    "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMHwx",
    "partner:99999999999999999999,partner:*,partner:0",
]
_ASKED_FOR = re.compile(r"\b(?:GET|query|parameters)\.get\(\s*\"(\w+)\"")


def names_asked_for() -> list[str]:
    """Every parameter that a page reads: found in the sources, so that a new one is not forgotten."""
    return sorted({str(dimension) for dimension in Dimension} | names_read_in("*/**/web/*.py"))


def names_read_in(files: str) -> set[str]:
    found: set[str] = set()
    for source in (ROOT / "otklik").glob(files):
        found |= set(_ASKED_FOR.findall(source.read_text(encoding="utf-8")))
    return found


def api_names() -> dict[str, list[str]]:
    """Path -> names of its query parameters, by the API's own description."""
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    return {
        path: [one["name"] for one in verbs["get"].get("parameters", []) if one["in"] == "query"]
        for path, verbs in paths.items()
        if "get" in verbs
    }


@pytest.fixture
def ended_run(world: World) -> ImportRun:
    run = ImportRun.objects.create(
        target="partners", program=world.program, file="imports/gone.csv", file_name="gone.csv",
        file_sha256="0", file_size=1, columns=["name"], state=ImportRun.State.DONE, total=1, cursor=1,
        failed=1, created_at=world.now, finished_at=world.now,
    )  # fmt: skip
    ImportFailure.objects.create(run=run, row=2, code="x", problems=[["name", "x", {}]], values=[SCRIPT])
    return run


def broken(client: Client, address: str) -> list[str]:
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    problems = []
    if response.status_code >= 500:
        problems.append(f"{response.status_code} {address[:120]}")
    if is_page and SCRIPT.encode() in body:
        problems.append(f"markup of a visitor in {address[:120]}")
    return problems


def reads_its_query(client: Client, path: str) -> bool:
    """Most pages do not look at what stands behind the question mark (the frame around all of them does, as a
    template: by ``[]``)."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for method in ("get", "getlist", "dict"):
            patch.setattr(QueryDict, method, _noting(getattr(QueryDict, method), asked))
        client.get(path)
    return bool(asked)


def _noting(method: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    def noting(query: QueryDict, *args: Any, **kwargs: Any) -> Any:
        asked.append(method.__name__)
        return method(query, *args, **kwargs)

    return noting


# Who sees own partners only has queries of their own; pages of allauth are its own business.
@pytest.mark.parametrize("who", ["root", "boris"])
def test_no_page_breaks_on_odd_parameters(world: World, ended_run: ImportRun, who: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(getattr(world, who))
    values = access_walk.parameters(world) | {"run_id": ended_run.pk}
    names = names_asked_for()
    assert {"q", "before", "period", "age", "manager"} <= set(names)
    paths = sorted({access_walk.filled(a, values) for a in access_walk.addresses()})
    ours = [path for path in paths if not path.startswith(("/api/", "/account/"))]
    asking = [path for path in ours if reads_its_query(client, path)]
    assert {"/nps/", "/partners/", "/search/", "/live/ticket"} <= set(asking)
    problems = []
    for place, path in enumerate(asking):
        # What is read of an address is the same for both; by turns every value reaches the second's queries.
        for odd in ODD if who == "root" else ODD[place % 3 :: 3]:
            # "period=custom" makes the page read the two dates as well.
            query = "&".join(f"{name}={odd}" for name in names if name != "period") + "&period=custom"
            problems += broken(client, f"{path}?{query}")
        problems += broken(client, f"{path}?period={SCRIPT}")
    assert not problems, "\n".join(problems)


def test_no_page_breaks_on_odd_numbers_in_its_path(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.root)
    odd = ("99999999999999999999", "9223372036854775808", "0", "%00", "9" * 5000)
    problems = []
    for address in access_walk.addresses():
        for value in odd if address.parameters else ():
            problems += broken(client, access_walk.filled(address, dict.fromkeys(address.parameters, value)))
    assert not problems, "\n".join(problems)


def test_no_page_of_the_portal_breaks_on_what_its_people_write_into_addresses(world: World) -> None:
    client = Client(raise_request_exception=False)
    sign_in(client, world.vera, sees_money=True)
    values, names = access_walk.parameters(world), sorted(names_read_in("portal/web/*.py"))
    addresses = [one for one in access_walk.addresses() if one.route.startswith("/portal/")]
    asking = [
        path
        for path in sorted({access_walk.filled(one, values) for one in addresses})
        if path != "/portal/sign-out/" and reads_its_query(client, path)
    ]
    problems = []
    # Some of each sort: the staff's pages above have read the others with the same helpers.
    for odd in ("9" * 5000, quote(SCRIPT), "%ED%A0%80", quote("0001-01-01T00:00:00+14:00/1")):
        query = "&".join(f"{name}={odd}" for name in names)
        for path in asking:
            problems += broken(client, f"{path}?{query}")
    for address in addresses:
        for value in ("99999999999999999999", "0") if address.parameters else ():
            odd_path = access_walk.filled(address, dict.fromkeys(address.parameters, value))
            problems += broken(client, odd_path)
    assert not problems, "\n".join(problems)


def test_the_api_answers_odd_parameters(world: World) -> None:
    _token, secret = create_token(
        owner=world.root, name="odd", scopes=tuple(Scope), expires_at=now().replace(year=now().year + 1),
        by=Actor.system(), at=now(),
    )  # fmt: skip
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})
    values = access_walk.parameters(world)
    usual = {"first_day": "2026-01-01", "last_day": "2026-02-01"}
    problems = []
    for path, names in api_names().items():
        address = path.format(**values)
        for name in names:
            rest = "".join(f"&{n}={v}" for n, v in usual.items() if n in names and n != name)
            for odd in ODD:
                problems += broken(client, f"{address}?{name}={odd}{rest}")
    assert not problems, "\n".join(problems)
