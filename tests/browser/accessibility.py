"""Accessibility checks with axe-core, above all for contrast."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def contrast_failures(page: Page, within: str = "main") -> list[str]:
    """Each text with too little contrast (WCAG 2, AA), with what axe says of it; of the parts matching `within`.

    `within`: a CSS selector. What is hidden is not looked at, so show it first.
    """
    response = Axe().run(page, context=within, options={"runOnly": ["color-contrast"]}).response
    # Neither passed nor failed: axe saw nothing to judge, and an empty list would prove nothing.
    assert response["passes"] or response["violations"], f"expected text within {within!r}, found none"
    return [
        f"{node['target']}: {node['any'][0]['message']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]
