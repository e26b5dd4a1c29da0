from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.desk.rules.mail.reply import ReplySplit, attribution, headers, lines, split_reply
from otklik.desk.tests.replies.letters import Letter, read_letters

LETTERS = read_letters()
PAIRS = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "replies"

needs_pairs = pytest.mark.skipif(
    not PAIRS.is_dir(), reason="the pairs of real letters are not beside the project"
)


def written(text: str) -> Counter[str]:
    return Counter(
        line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()
    )


def all_parts(split: ReplySplit) -> Counter[str]:
    return written(split.reply) + written(split.quote) + written(split.signature)


@pytest.mark.parametrize("letter", LETTERS, ids=[letter.name for letter in LETTERS])
def test_case_46_the_answer_is_told_from_history_and_signature(letter: Letter) -> None:
    split = split_reply(letter.text)

    assert split.reply == letter.reply
    assert split.signature == letter.signature
    assert all_parts(split) == written(letter.text)


@pytest.mark.parametrize("letter", LETTERS, ids=[letter.name for letter in LETTERS])
def test_windows_line_ends_change_nothing(letter: Letter) -> None:
    assert split_reply(letter.text.replace("\n", "\r\n")) == split_reply(letter.text)


def test_every_language_of_the_tables_has_its_clients() -> None:
    assert len(LETTERS) >= 60


@needs_pairs
@pytest.mark.parametrize("name", sorted(path.name for path in (PAIRS / "emails").glob("*.txt")))
def test_real_letters_of_the_published_set_come_out_exactly(name: str) -> None:
    letter = (PAIRS / "emails" / name).read_bytes().decode()

    split = split_reply(letter)

    assert split.reply == (PAIRS / "trimmed" / name).read_text(encoding="utf-8").strip("\n")
    assert all_parts(split) == written(letter)


PIECES = st.sampled_from(
    [
        *("Добрый день!", "> цитата", ">> глубже", "", "  ", "-- ", "--", "С уважением,", "Anna", "P.S. ещё"),
        *(
            "On Mon, Mar 2, 2026 at 12:00 PM Anna <a@b.example> wrote:",
            "wrote:",
            "12.03.2026:",
            "<",
            "> wrote:",
        ),
        *("-----Original Message-----", "---------- Forwarded message ---------", "________________", "```"),
        *(
            "From: a@b.example",
            "Sent: Monday",
            "To: c",
            "Subject: d",
            "Sent from my iPhone",
        ),
        *("-------- Конец пересылаемого сообщения --------", "FYI", "\ufeff", "\u2028", "\x0b", "\x85"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_written_line_is_ever_lost(pieces: list[str], line_end: str) -> None:
    letter = line_end.join(pieces)

    assert all_parts(split_reply(letter)) == written(letter.lstrip("\ufeff"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_no_line_of_any_text_is_lost(letter: str) -> None:
    assert all_parts(split_reply(letter)) == written(letter.lstrip("\ufeff"))


@pytest.mark.parametrize(
    "letter",
    [
        "> \n" * 1_700_000,
        "a\n" * 2_500_000,
        "x" * 1_000_000,
        "On 2 Mar 2026 " + "a b " * 250_000,
        ">" * 1_000_000,
        "From: a\n" * 600_000,
        "On Mon, Mar 2, 2026 at 12:00 PM\n" * 150_000,
        "--\n" * 1_600_000,
        "a\n> b\n" * 800_000,
        " " * 1_000_000 + ">",
    ],
    ids=[
        "quotes",
        "lines",
        "one line",
        "one attribution",
        "marks",
        "headers",
        "openers",
        "dashes",
        "mixed",
        "blank",
    ],
)
def test_work_is_bounded_by_what_a_person_can_write(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: Counter[str] = Counter()

    def counted(module: object, name: str) -> None:
        whole = getattr(module, name)

        def step(line: str, **kwargs: bool) -> object:
            steps[name] += 1
            steps["characters"] += min(len(line), 1000) if len(line) > lines.MAX_WIDTH else len(line)
            return whole(line, **kwargs)

        monkeypatch.setattr(module, name, step)

    counted(attribution, "_is_whole")
    counted(attribution, "_begins_with_date")
    counted(headers, "_read")

    split_reply(letter)

    assert steps.total() - steps["characters"] <= 40 * lines.MAX_LINES
    assert steps["characters"] <= 40 * lines.MAX_LINES * lines.MAX_WIDTH / 4


def test_a_letter_longer_than_is_judged_keeps_its_end_where_its_last_judged_line_went() -> None:
    letter = "Да.\n\nOn 2 Mar 2026, at 12:00, A <a@b.example> wrote:\n\n" + "> строка\n" * (
        lines.MAX_LINES + 10
    )

    split = split_reply(letter)

    assert split.reply == "Да."
    assert split.quote.count("> строка") == lines.MAX_LINES + 10


def test_a_letter_of_html_alone_is_read_with_its_quotes() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head>"
        "<body><div dir=ltr>Да, подтверждаю &amp; жду.<br></div>"
        "<div class=gmail_quote><div class=gmail_attr>пн, 2 мар. 2026 г. в 12:00, Анна "
        "&lt;<a href='mailto:a@b.example'>a@b.example</a>&gt;:<br></div>"
        "<blockquote class=gmail_quote><p>Подтвердите.</p><p>Ждём.</p></blockquote></div></body></html>"
    )

    split = split_reply("", html)

    assert split.reply == "Да, подтверждаю & жду."
    assert split.quote.split("\n") == [
        "пн, 2 мар. 2026 г. в 12:00, Анна <a@b.example>:",
        "> Подтвердите.",
        ">",
        "> Ждём.",
    ]


def test_a_letter_of_outlook_html_alone_is_cut_at_its_drawn_line() -> None:
    html = (
        "<p>The issue is gone.</p><hr><div id=divRplyFwdMsg><b>From:</b> Anna &lt;a@b.example&gt;<br>"
        "<b>Sent:</b> Monday, March 2, 2026 12:00 PM<br><b>To:</b> Gleb<br><b>Subject:</b> Access</div>"
        "<p>Is it?</p>"
    )

    assert split_reply(" \n", html).reply == "The issue is gone."


def test_the_plain_part_is_believed_when_there_is_one() -> None:
    assert split_reply("Текст", "<p>HTML</p>").reply == "Текст"


def test_an_empty_letter_has_three_empty_parts() -> None:
    assert split_reply("", "") == ReplySplit("", "", "")


def test_deeply_nested_html_is_read() -> None:
    assert split_reply("", "<blockquote>" * 20_000 + "дно").reply.endswith("дно")
