"""The worked examples of docs/formulas are what the code gives."""

import doctest
import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[3] / "docs" / "formulas").glob("*.md"))
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(page):
    """All examples of a page as one session, with their line numbers."""
    parser, found = doctest.DocTestParser(), []
    text = page.read_text(encoding="utf-8")
    for block in EXAMPLE.finditer(text):
        first_line = text.count("\n", 0, block.start(1))
        for example in parser.get_examples(block[1]):
            example.lineno += first_line
            found.append(example)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_worked_examples_are_what_the_code_gives(page):
    session = doctest.DocTest(examples(page), {}, page.name, str(page), 0, None)
    report = []
    outcome = doctest.DocTestRunner(verbose=False).run(session, out=report.append)
    assert not outcome.failed, "".join(report)
    assert outcome.attempted or page.stem == "README"


def test_every_page_is_in_the_table_of_contents():
    contents = next(page for page in PAGES if page.stem == "README").read_text(encoding="utf-8")
    for page in PAGES:
        assert page.stem == "README" or f"({page.name})" in contents
