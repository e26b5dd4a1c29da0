"""Letters come out right whatever the label says."""

from __future__ import annotations

import base64

import pytest

from otklik.desk.rules.mail.charsets import decode_text
from otklik.desk.tests.parsing.mails import letter, multipart, read

RUSSIAN = "Здравствуйте! Подскажите, пожалуйста, когда будет выплата за октябрь? С уважением, Вера."


@pytest.mark.parametrize(
    "label", ["X-UNKNOWN", "", "utf-8", "us-ascii", "iso-8859-1", "windows-1251", "koi8-r"]
)
@pytest.mark.parametrize("true", ["utf-8", "windows-1251", "koi8-r", "cp866"])
def test_case_26_russian_is_read_under_any_label(true: str, label: str) -> None:
    mail = read(letter(f"Content-Type: text/plain; charset={label}", body=RUSSIAN.encode(true)))

    assert mail.text == RUSSIAN


@pytest.mark.parametrize(
    "written", ["Привет", "ПРИВЕТ", "СРОЧНО! НЕ РАБОТАЕТ КАБИНЕТ", "Добрий день, коли буде виплата? Їжак"]
)
@pytest.mark.parametrize("true", ["windows-1251", "koi8-u"])
def test_case_26_short_and_loud_words_without_a_label(true: str, written: str) -> None:
    assert decode_text(written.encode(true)).text == written


@pytest.mark.parametrize(
    ("label", "codec", "written"),
    [
        ("iso-2022-jp", "iso-2022-jp", "日本語のテキストです"),
        ("Shift_JIS", "shift_jis", "日本語のテキストです①".replace("①", "")),
        ("gb2312", "gb18030", "您好，请问什么时候付款？谢谢"),
        ("gb18030", "gb18030", "您好，请问什么时候付款？谢谢"),
        ("big5", "big5", "您好，請問什麼時候付款？"),
        ("ks_c_5601-1987", "euc-kr", "안녕하세요"),
        ("euc-kr", "cp949", "똠방각하"),
        ("utf-7", "utf-7", "Привет, Вера"),
        ("unicode-1-1-utf-7", "utf-7", "Привет, Вера"),
        ("iso-8859-2", "iso-8859-2", "Zażółć gęślą jaźń"),
        ("windows-1254", "cp1254", "çok güzel İstanbul ışık"),
        ("iso-8859-1", "cp1252", "“Crème brûlée” – déjà vu"),
        ("UTF-16", "utf-16", "Привет"),
    ],
)
def test_case_26_true_labels_are_believed(label: str, codec: str, written: str) -> None:
    mail = read(letter(f"Content-Type: text/plain; charset={label}", body=written.encode(codec)))

    assert mail.text == written


@pytest.mark.parametrize(
    "label", ["unicode_escape", "idna", "punycode", "base64", "rot13", "zlib", "\udc80", "a" * 500]
)
def test_case_26_codecs_that_are_no_charsets_are_refused(label: str) -> None:
    decoded = decode_text(rb"\x41 - text", label)

    assert decoded.text == rb"\x41 - text".decode()
    assert decoded.defect == "unknown_charset"


def test_case_26_html_names_its_own_charset() -> None:
    html = f'<meta http-equiv=Content-Type content="text/html; charset=koi8-r"><p>{RUSSIAN}'
    mail = read(letter("Content-Type: text/html", body=html.encode("koi8-r")))

    assert mail.text == RUSSIAN


def test_case_26_one_torn_letter_does_not_turn_a_whole_mail_into_another_charset() -> None:
    decoded = decode_text(RUSSIAN.encode()[:-3] + b"\xff.", "utf-8")

    assert decoded.text.startswith("Здравствуйте!")
    assert decoded.defect == "wrong_charset"


def test_case_27_a_letter_cut_between_two_encoded_words_is_whole_again() -> None:
    encoded = "Выплата за октябрь".encode()
    words = [
        f"=?utf-8?B?{base64.b64encode(encoded[start : start + 7]).decode()}?="
        for start in range(0, len(encoded), 7)
    ]
    assert read(letter("Subject: " + "\r\n ".join(words))).subject == "Выплата за октябрь"

    quoted = ["=?UTF-8?Q?=D0=92=D1?=", "=?utf-8?q?=8B=D0=BF?="]
    assert read(letter("Subject: " + "\r\n\t".join(quoted))).subject == "Вып"


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?utf-8?Q?=D0=9F_=D1=83?= and =?utf-8?Q?=D1=83?=", "П у and у"),
        ("=?utf-8?Q?two words?=", "two words"),
        ("=?utf-8*ru?Q?=D0=9F?=", "П"),
        ("=?no-such?Q?=D0=9F=D1=83?=", "Пу"),
        ("=?utf-8?B?0J8", "=?utf-8?B?0J8"),
        ("=?utf-8?B??=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("RE: =?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=(2)", "RE: Привет(2)"),
        ("\x1b[31mred\x07", "[31mred"),
    ],
)
def test_encoded_words_as_senders_write_them(written: str, subject: str) -> None:
    assert read(letter(f"Subject: {written}")).subject == subject


def test_raw_bytes_in_headers_follow_the_body() -> None:
    raw = letter("Content-Type: text/plain; charset=windows-1251", body=RUSSIAN.encode("cp1251"))
    mail = read(raw.replace(b"Message-ID", "Subject: Выплата".encode("cp1251") + b"\r\nMessage-ID"))

    assert mail.subject == "Выплата"


@pytest.mark.parametrize(
    ("parameter", "filename"),
    [
        ("filename*=utf-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf", "Договор.pdf"),
        ("filename*=utf-8''%C4%EE%E3%EE%E2%EE%F0.pdf", "Договор.pdf"),
        ("filename*=iso-2022-jp''%D0%94%D0%BE%D0%B3.pdf", "Дог.pdf"),
        ("filename*=x-unknown''%D0%94%D0%BE%D0%B3.pdf", "Дог.pdf"),
        ("filename*=''%41.pdf", "A.pdf"),
        ("filename*=%41.pdf", "A.pdf"),
        ("filename*0*=utf-8''%D0%94%D0; filename*1*=%BE%D0%B3; filename*2=.pdf", "Дог.pdf"),
        ("filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ('filename="=?utf-8?B?0JTQvtCz?=.pdf"', "Дог.pdf"),
        ("filename==?utf-8?B?0JTQvtCz?=.pdf", "Дог.pdf"),
        ('filename="Договор.pdf"', "Договор.pdf"),
        ("filename=two words.pdf", "two words.pdf"),
        ('filename="a;b.pdf"', "a;b.pdf"),
    ],
)
def test_case_28_file_names_come_out_whatever_their_charset(parameter: str, filename: str) -> None:
    mail = read(
        multipart(f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {parameter}\r\n\r\nx")
    )

    assert [one.filename for one in mail.attachments] == [filename]


@pytest.mark.parametrize(
    ("written", "filename"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\vera\\scan.png", "scan.png"),
        ("/", "file-1.pdf"),
        ("..", "file-1.pdf"),
        (".htaccess", "htaccess"),
        ("a\x00b\x07.pdf", "ab.pdf"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("what?*.pdf", "what__.pdf"),
        ("CON.txt", "_CON.txt"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_file_names_are_safe_to_offer(written: str, filename: str) -> None:
    mail = read(
        multipart(
            f'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="{written}"\r\n\r\nx'
        )
    )

    assert [one.filename for one in mail.attachments] == [filename]


def test_case_40_ten_kilobytes_of_subject_nul_and_lone_surrogates() -> None:
    long = read(letter("Subject: " + "Ж" * 10_000)).subject
    assert long == "Ж" * 10_000

    mail = read(letter("Subject: a\x00b", "Content-Type: text/plain; charset=utf-8", body="a\x00b\n"))
    assert (mail.subject, mail.text) == ("ab", "ab\n")

    surrogate = read(letter("Content-Type: text/plain; charset=utf-7", body="+2AA-x"))
    encoded = read(letter("Subject: =?utf-7?Q?+2AA-x?="))
    assert (surrogate.text, encoded.subject) == ("x", "x")
