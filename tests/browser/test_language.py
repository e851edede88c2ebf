"""The page in German and Spanish, in a real Chromium on a phone: by the browser's language, and by the switch."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import PATIENCE
from dashboard.locale.catalogues import LANGUAGES, translate
from dashboard.navigation import Tab
from tests.browser.accessibility import accessibility_failures
from tests.browser.compare_driver import PHONE
from tests.browser.conftest import OpenPage
from tests.browser.page_driver import expect_address
from tests.browser.photo_driver import expect_settled
from tests.support.messages import extract

# Of each visible piece of text, also within the page's components.
_VISIBLE_TEXTS = """() => {
  const found = [];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      if (node.data.trim() && parent?.checkVisibility({ visibilityProperty: true })) found.push(node.data.trim());
      return;
    }
    if (node.nodeName === "STYLE" || node.nodeName === "SCRIPT") return;
    if (node.shadowRoot) visit(node.shadowRoot);
    node.childNodes.forEach(visit);
  };
  visit(document.querySelector("[data-testid=stMain]"));
  return found;
}"""
_OVERRUN = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return main.scrollWidth > innerWidth
    ? [...main.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
        .map((each) => each.textContent.slice(0, 60)) : [];
}"""


def english_texts(language: str) -> set[str]:
    """Each plain English text that reads otherwise in the language."""
    texts = (message.id for message in extract() if isinstance(message.id, str) and message.id)
    plain = (text for text in texts if not re.search(r"[{*`$\[]", text))
    return {text for text in plain if translate(language, text) != text}


def each_tab(page: Page) -> Iterator[str]:
    for number, tab in enumerate(Tab):
        page.get_by_role("tab").nth(number).click(timeout=PATIENCE)
        expect(page.get_by_role("tab").nth(number)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
        expect_settled(page)
        yield tab.value


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("es-MX", "es")])
def test_the_page_is_in_the_browsers_language_and_in_another_one_on_request(
    open_page: OpenPage, dashboard_url: str, locale: str, language: str
) -> None:
    page = open_page(viewport=PHONE, locale=locale)
    page.goto(f"{dashboard_url}/?sample=pagoda.jpg")
    expect(page.get_by_role("button", name=translate(language, "Reset")).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", language)
    english, left, overruns = english_texts(language), set[str](), set[str]()
    for tab in each_tab(page):
        left |= {f"{tab}: {text}" for text in page.evaluate(_VISIBLE_TEXTS) if text in english}
        overruns |= {f"{tab}: {text}" for text in page.evaluate(_OVERRUN)}
    assert left == set()
    assert overruns == set()
    assert accessibility_failures(page) == []
    page.get_by_role("button", name=LANGUAGES[language]).click()
    page.get_by_role("option", name="English").or_(page.get_by_role("menuitem", name="English")).click()
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=PATIENCE)
    expect_address(page, lang="en", tab="game")  # the open tab stays open
    expect(page.get_by_role("tab", name="Real or coloured?")).to_have_attribute("aria-selected", "true")
    page.reload()
    expect(page.get_by_role("tab", name="Real or coloured?")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=PATIENCE)
