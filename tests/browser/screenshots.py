"""The pictures of the guide, taken from a running Otklik: ``bin/screenshots [NAME ...]``.

Starts the product with the demo on a data folder of its own, signs in as the head of the program, imports the
files of docs/guide/examples and writes docs/images/NAME.LANGUAGE.png. With names only those are taken anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.house import ROOT, House, _environment
from tests.browser.png import write_small_png
from tests.servers.errands import Errands
from tests.servers.ports import free_port

IMAGES = ROOT / "docs" / "images"
EXAMPLES = ROOT / "docs" / "guide" / "examples"
HEAD = "head@demo.otklik.example"
# The demo is the same each time: a large partner of each language, who decides there, somebody who is paid,
# a partner with a map and a plan.
CAST = {
    "en": {"partner": "131", "contact": "486", "asker": "490", "mapped": "156"},
    "ru": {"partner": "243", "contact": "975", "asker": "597", "mapped": "327"},
}
_KEY = """
import sys, django
django.setup()
from django.test import Client
from otklik.partners.models import Contact
from otklik.portal.tests.people import sign_in
from otklik.portal.web.guard import COOKIE
client = Client()
sign_in(client, Contact.objects.get(pk=sys.argv[1]), sees_money=True)
print(COOKIE, client.cookies[COOKIE].value)
"""
LANGUAGES = {"en": "English", "ru": "Русский"}


@dataclass(frozen=True, slots=True)
class Find:
    """The number in the address of the first ``link`` on a page is that of what is shown."""

    path: str
    link: str = "tbody a"
    door: str = "staff"


FINDS = {
    "change": Find("/impact/changes/"),
    "ticket": Find("/inbox/?view=open&status=on_hold&language={language}", "a.row-name"),
    "sides": Find("/inbox/?view=all&language={language}&q={customer}", "a.row-name"),
    "alert": Find("/loop/?show=closed", "tbody a[href*='/loop/alerts/']"),
    "quarter": Find("/partners/{mapped}/plan/", "main a[href*='/reviews/']"),
    "batch": Find("/money/batches/"),
    "hold": Find("/money/holds/"),
    "article": Find("/knowledge/?look=stale", "a.row-name"),
    "matter": Find("/portal/matters/?show=closed", "a.portal-row-link", "partner"),
}
# Words of the language in these addresses, or typed into a page.
WORDS = {
    "en": {"customer": "Our customer", "question": "When is the next payout due?"},
    "ru": {"customer": "Клиент", "question": "Сколько денег у меня на балансе?"},
}


@dataclass(frozen=True, slots=True)
class Shot:
    """``part``: a selector; the picture then shows only the first element it finds. ``until``: one that must
    be there first. ``path`` may name an import, which gets its number when the files are there. ``door``: who
    looks. ``asks``: the field into which the question is typed and sent."""

    name: str
    path: str
    theme: str = "light"
    phone: bool = False
    height: int = 860
    part: str = ""
    until: str = "body"
    door: str = "staff"
    asks: str = ""


SHOTS = (
    Shot("inbox", "/inbox/?view=open", height=900),
    Shot("inbox-phone", "/inbox/?view=open", phone=True),
    Shot("ticket", "/tickets/{ticket}/", height=1180),
    Shot("ticket-sides", "/tickets/{sides}/", height=900),
    Shot("desk-settings", "/settings/desk/", height=720),
    Shot("sla-policy", "/settings/desk/policies/1/", height=1500),
    Shot("trigger-dry-run", "/settings/desk/triggers/4/dry-run/", height=900, until="#dry-run button"),
    Shot("public-form", "/ask/help/", height=900, door="nobody"),
    Shot("sign-in", "/account/login/", height=720, door="nobody"),
    Shot("home", "/", height=900),
    Shot("home-phone", "/", phone=True),
    Shot("nps", "/nps/", height=1180),
    Shot("nps-dark", "/nps/", theme="dark", height=860),
    Shot("nps-segments", "/nps/", part=".section-title + .row"),
    Shot("survey-results", "/surveys/1/", height=1180),
    Shot("survey-form", "/surveys/1/form/", height=1000, until="iframe"),
    Shot("survey-wave", "/surveys/1/waves/new/", height=1180),
    Shot("survey-comments", "/surveys/comments/", height=1180, until="tbody tr"),
    Shot("survey-voices", "/surveys/voices/", height=860, until=".card li"),
    Shot("partners", "/partners/"),
    Shot("partner", "/partners/{partner}/", height=1080),
    Shot("contact", "/contacts/{contact}/", height=760),
    Shot("loop-board", "/loop/", height=1240),
    Shot("loop-alert", "/loop/alerts/{alert}/", height=1000),
    Shot("map", "/partners/{mapped}/map/?since=365", height=1240),
    Shot("map-tasks", "/map/tasks/?kind=surprise", height=760),
    Shot("map-renewals", "/map/renewals/", height=900),
    Shot("map-review", "/partners/{mapped}/reviews/{quarter}/", height=1400),
    Shot("impact", "/impact/", height=1500, until=".impact-sentence"),
    Shot("impact-cause", "/impact/causes/breaches/", height=1300, until=".impact-checks"),
    Shot("impact-drivers", "/impact/drivers/", height=1100, until="main svg"),
    Shot("impact-goal", "/impact/goal/?cause=breaches", height=760, until="#goal .impact-sentence"),
    Shot("impact-change", "/impact/changes/{change}/", height=1250, until=".impact-checks"),
    Shot("impact-comparison", "/impact/comparison/?by=team", height=1000, until="main svg"),
    Shot("import-mapping", "/imports/{waiting}/mapping/", height=1240),
    Shot("import-result", "/imports/{done}/", height=760),
    Shot("staff-roles", "/staff/1/", height=1180),
    Shot("security", "/account/2fa/", height=620),
    Shot("tokens", "/tokens/", height=860),
    Shot("operations", "/operations/", height=760, until=".stat .tone-good"),
    Shot("portal-home", "/portal/", height=900, door="partner"),
    Shot("portal-home-phone", "/portal/", phone=True, door="partner"),
    Shot("portal-ask", "/portal/ask/", height=1000, door="partner", asks="#id_look", until=".portal-told"),
    Shot("portal-matter", "/portal/matters/{matter}/", height=1000, door="partner"),
    Shot("portal-money", "/portal/money/", height=900, door="partner"),
    Shot("articles", "/knowledge/", height=860),
    Shot("article-translation", "/knowledge/{article}/text/en/", height=1100),
    Shot("article-version", "/knowledge/{article}/versions/ru/2/", height=760),
    Shot("money", "/money/", height=900),
    Shot("money-batch", "/money/batches/{batch}/", height=1000),
    Shot("money-hold", "/money/holds/{hold}/", height=760),
    Shot("dialogue-goals", "/dialogue/goals/", height=860),
    Shot("dialogue-ideas", "/dialogue/ideas/", height=760),
    Shot("automatic-answers", "/answers/", height=1000),
    Shot("translation", "/settings/desk/translation/", height=1000),
    Shot("report", "report", height=1100, door="nobody"),
)


def main(names: list[str]) -> int:
    if unknown := set(names) - {shot.name for shot in SHOTS}:
        print(f"There is no picture {', '.join(sorted(unknown))}; there are: ", end="", file=sys.stderr)
        print(", ".join(shot.name for shot in SHOTS), file=sys.stderr)
        return 2
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="otklik-pictures-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with _running(Path(folder)) as (house, password):
            _take_all(wanted, browser, house, password)
        browser.close()
    return 0


def _take_all(wanted: list[Shot], browser: Browser, house: House, password: str) -> None:
    staff = _staff(browser, house, password)
    # Last, because the answers imported would show among those of the demo.
    before = [shot for shot in wanted if not shot.path.startswith("/imports/")]
    after = [shot for shot in wanted if shot.path.startswith("/imports/")]
    imports = {}
    for shots in (before, after):
        if shots is after and after:
            imports = _import_examples(staff, house)
        for language, name in LANGUAGES.items() if shots else ():
            staff.goto(house("/"))
            staff.get_by_role("button", name=name, exact=True).click()
            staff.wait_for_selector(f"html[lang={language}]")
            doors = {"staff": staff, "partner": _partner(browser, house, language)}
            paths = " ".join(shot.path for shot in shots)
            numbers = {
                name: _number(find, doors[find.door], house, language)
                for name, find in FINDS.items()
                if f"{{{name}}}" in paths
            }
            for shot in shots:
                _take(shot, language, browser, house, doors.get(shot.door), imports | numbers)
            doors["partner"].context.close()


def _staff(browser: Browser, house: House, password: str) -> Page:
    page = browser.new_context(locale="en").new_page()
    page.goto(house("/account/login/"))
    page.locator("#id_login").fill(HEAD)
    page.locator("#id_password").fill(password)
    page.locator("form:has(#id_login) button[type=submit]").click()
    page.wait_for_url(house("/"))
    return page


def _partner(browser: Browser, house: House, language: str) -> Page:
    """Signed in without a mailbox."""
    key = _python(house, "-c", _KEY, CAST[language]["asker"]).split()
    page = browser.new_context(locale=language).new_page()
    cookies = [
        {"name": key[0], "value": key[1], "url": house("/portal/")},
        {"name": "django_language", "value": language, "url": house.url},
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    return page


def _number(find: Find, page: Page, house: House, language: str) -> str:
    page.goto(house(find.path.format(language=language, **WORDS[language], **CAST[language])))
    address = page.locator(find.link).first.get_attribute("href") or ""
    return address.partition("?")[0].strip("/").rpartition("/")[2]


def _take(
    shot: Shot, language: str, browser: Browser, house: House, signed_in: Page | None, numbers: dict[str, str]
) -> None:
    size = {"width": 390 if shot.phone else 1280, "height": 844 if shot.phone else shot.height}
    state = signed_in.context.storage_state() if signed_in else None
    context = browser.new_context(
        viewport=size, locale=language, color_scheme=shot.theme, is_mobile=shot.phone, storage_state=state
    )
    page = context.new_page()
    if shot.path == "report":
        page.goto(_report(house.data, language).as_uri())
    else:
        answer = page.goto(house(shot.path.format(**numbers, **CAST[language])))
        if answer is None or not answer.ok:
            raise SystemExit(f"{shot.name}: {page.url} cannot be shown.")
    if shot.asks:
        page.locator(shot.asks).fill(WORDS[language]["question"])
        page.keyboard.press("Enter")
    _await(page, shot.until)
    page.wait_for_load_state("load")
    png = page.locator(shot.part).first.screenshot() if shot.part else page.screenshot()
    workbench = context.new_page()
    path = IMAGES / f"{shot.name}.{language}.png"
    write_small_png(png, path, workbench=workbench)
    context.close()
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB", flush=True)


def _await(page: Page, selector: str) -> None:
    """A worker says that it is there within a minute, and what moves the score is known after a few."""
    for _ in range(40):
        with suppress(PlaywrightTimeout):
            page.wait_for_selector(selector, timeout=15_000)
            return
        page.reload()
    raise SystemExit(f"{page.url} never shows {selector}.")


def _import_examples(page: Page, house: House) -> dict[str, str]:
    """Partners and contacts by the command line, answers in the browser. Returns the numbers of two imports:
    one that waits for its columns to be confirmed, one that is done."""
    for target in ("partners", "contacts"):
        _otklik(house, "import", target, str(EXAMPLES / f"{target}.csv"), "--program", "meridian")
    done = _upload(page, house, EXAMPLES / "answers-2025-h2.csv")
    page.locator("button[formaction]").click()
    page.wait_for_selector("a[href$='failures.csv']", timeout=60_000)
    return {"done": done, "waiting": _upload(page, house, EXAMPLES / "answers-2025-h1.csv")}


def _upload(page: Page, house: House, file: Path) -> str:
    page.goto(house("/imports/new/"))
    page.locator("input[name=target][value=answers]").check()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/mapping/")
    return page.url.split("/")[-3]


def _report(folder: Path, language: str) -> Path:
    path = folder / f"report.{language}.html"
    files = [str(EXAMPLES / "answers-2025-h2.csv"), "--previous", str(EXAMPLES / "answers-2025-h1.csv")]
    command = [sys.executable, "-P", "-m", "otklik.cli", "analyze", *files, "--by", "topic", "--date", "date"]
    subprocess.run([*command, "--report", str(path), "--lang", language], check=True, capture_output=True)
    return path


def _otklik(house: House, *arguments: str) -> None:
    _python(house, "-P", "-m", "otklik.cli", *arguments)


def _python(house: House, *arguments: str) -> str:
    environment = _environment(house.data, int(house.url.rpartition(":")[2]))
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


@contextmanager
def _running(folder: Path) -> Iterator[tuple[House, str]]:
    """The product as ``bin/run`` starts it, and the demo's password."""
    port, edge_port = free_port(), free_port()
    command = [sys.executable, "-P", "-m", "otklik.cli", "serve", "--demo", "--data", str(folder)]
    command += ["--port", str(port), "--edge-port", str(edge_port)]
    environment = {name: value for name, value in _environment(folder, port).items() if name != "OTKLIK_PORT"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        welcome = ""
        for line in process.stdout:
            welcome += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"^Password of all four: (\S+)$", welcome, re.MULTILINE)
        if found is None:
            raise SystemExit(f"Otklik did not start:\n{welcome}")
        yield House(f"http://localhost:{port}", folder, Errands(environment)), found.group(1)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
