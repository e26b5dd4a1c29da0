"""A letter of ours links to us alone."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string


def test_a_letter_links_to_this_installation_and_makes_no_link_of_what_a_stranger_typed() -> None:
    ours = f"{settings.OTKLIK.public_url}/t/key/?rating=5&x=1"
    text = f"We have received “Win at https://evil.example/ or evil.example <b>”.\n{ours}\n"

    html = render_to_string("desk/mail/notice.html", {"text": text, "title": "x", "language": "en"})

    assert html.count("<a ") == 1
    assert f'<a href="{ours.replace("&", "&amp;")}">' in html
    assert "<b>" not in html
