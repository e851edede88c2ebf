"""Calls of a component that come in the wrong order, as Streamlit may make them while a script is loading."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from dashboard.components import save
from dashboard.components.base import COMPONENTS, SHARED_JS

SOURCE = "".join(path.read_text(encoding="utf-8") for path in (SHARED_JS, COMPONENTS / "save.js"))
WORDS = dict.fromkeys(("more", "working", "done", "failed", "details"), "-") | {"none": "Download"}
FILES = [{"label": "Download PNG", "path": "a.png", "name": "a.png"}]

# Mounts the component and makes calls with the numbered data; "stop" cleans a call up.
_PLAY = """async ([source, html, data, steps]) => {
  const host = document.body.appendChild(document.createElement("div"));
  const parentElement = host.attachShadow({ mode: "open" });
  parentElement.innerHTML = html;
  const script = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const stops = {};
  for (const [step, number] of steps) {
    if (step === "call") stops[number] = script.default({ data: data[number], parentElement });
    else stops[number]();
  }
}"""

ORDERS = {
    "as they were made": [("call", 0), ("stop", 0), ("call", 1)],
    "late clean-up": [("call", 0), ("call", 1), ("stop", 0)],
    "outdated call last": [("call", 1), ("call", 0), ("stop", 0)],
}


@pytest.mark.parametrize("order", ORDERS)
def test_the_newest_call_counts_in_whatever_order_they_come(page: Page, order: str) -> None:
    data = [{"files": files, "words": WORDS} for files in ([], FILES)]
    page.evaluate(_PLAY, [SOURCE, save._HTML, data, ORDERS[order]])
    expect(page.get_by_role("button", name="Download PNG")).to_be_enabled()
    page.get_by_role("button", name="Download PNG").click()
    expect(page.get_by_role("alert")).to_be_visible()  # this page has no such file, so its listener has heard the click


def test_after_the_last_clean_up_nothing_listens(page: Page) -> None:
    data = [{"files": files, "words": WORDS} for files in ([], FILES)]
    steps = [("call", 1), ("call", 0), ("stop", 0), ("stop", 1)]
    page.evaluate(_PLAY, [SOURCE, save._HTML, data, steps])
    page.get_by_role("button", name="Download PNG").click()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_what_is_applied_again_was_cleaned_up_before(page: Page) -> None:
    counting = """
      globalThis.open = 0;
      export default function ({ parentElement }) {
        return applyInOrder(controllerOf(parentElement, class {}), () => {
          globalThis.open += 1;
          return () => (globalThis.open -= 1);
        });
      }"""
    source = SHARED_JS.read_text(encoding="utf-8") + counting
    steps = [("call", 1), ("call", 0), ("stop", 0)]
    page.evaluate(_PLAY, [source, "", [None, None], steps])
    assert page.evaluate("globalThis.open") == 1
