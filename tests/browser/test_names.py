"""A visitor's name for a file is shown as it is, and never becomes a link, code or a heading."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import HERE, Serve
from tests.browser.telling_names import NAMES

MARKS = "a, code, img, ul, ol, h1, h2, h3, blockquote, em, del, table, hr, input, span, [role=img]"


def test_names_are_shown_as_they_are(page: Page, serve: Serve) -> None:
    with serve(HERE / "names_app.py") as url:
        page.goto(url)
        expect(page.get_by_role("table")).to_be_visible()
        for number, name in enumerate(NAMES):
            for place, expected in (("text", f"{name}: first"), ("start", name), ("button", name)):
                shown = page.locator(f".st-key-{place}-{number}").get_by_test_id("stMarkdownContainer")
                assert shown.inner_text().replace("\N{WORD JOINER}", "") == expected
                expect(shown.locator(MARKS)).to_have_count(0)
