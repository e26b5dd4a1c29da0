from __future__ import annotations

import pytest

from otklik.desk.rules.subjects import is_forward, plain_subject


@pytest.mark.parametrize(
    ("subject", "forward"),
    [
        *(("Re: x", False), ("RE[2]: x", False), ("Re(3): x", False), ("Re^2: x", False), ("RE2: x", False)),
        *(("Fwd: x", True), ("FW: x", True), ("fw:x", True), ("Fwd: Re: x", True), ("Re: Fwd: x", False)),
        *(("НА: x", False), ("Отв: x", False), ("Ответ: x", False), ("Пересл: x", True), ("ПЕР: x", True)),
        *(("Пересланное: x", True), ("Відп: x", False), ("Відповідь: x", False)),
        *(("AW: x", False), ("Antw: x", False), ("WG: x", True), ("WG: AW: x", True)),
        *(("RÉ: x", False), ("RE : x", False), ("TR : x", True), ("Rép. : x", False)),
        *(("RV: x", True), ("Reenv: x", True), ("RES: x", False), ("ENC: x", True)),
        *(("R: x", False), ("I: x", True), ("RIF: x", False), ("Inoltro: x", True)),
        *(("Odp: x", False), ("PD: x", True), ("YNT: x", False), ("İLT: x", True), ("ILT: x", True)),
        *(("I\u0307LT: x", True), ("SV: x", False), ("VB: x", True), ("VS: x", False), ("VL: x", True)),
        *(("回复：x", False), ("答复: x", False), ("转发：x", True), ("轉寄: x", True), ("Doorst: x", True)),
        *(("RE[2]: НА: Отв: Fwd: x", False), ("  re:re: RE:  x ", False), ("Re:\tFwd:\n x", False)),
    ],
)
def test_case_19_and_21_prefixes_of_every_language_fall_away(subject: str, forward: bool) -> None:
    assert plain_subject(subject) == "x"
    assert is_forward(subject) is forward


@pytest.mark.parametrize(
    "subject",
    [
        "Ref: 40017",
        "Срочно: счёт",
        "Заказ 5: отгрузка",
        "Return: 5 boxes",
        "12:00 встреча",
        "http://a.example",
        "",
    ],
)
def test_a_persons_own_words_before_a_colon_stay(subject: str) -> None:
    assert plain_subject(subject) == subject
    assert not is_forward(subject)


def test_a_subject_of_prefixes_alone_is_empty() -> None:
    assert plain_subject("Re: Fwd:") == ""
