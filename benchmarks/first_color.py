"""How soon a visitor sees colour: from the click on a sample to its picture, in a real Chromium.

`python -m benchmarks.first_color` prints a line for each sample: the milliseconds from the click to the grey picture
and to the coloured one, and from the click on the download to its first sign and to the file. Each is the median of
several visits to one page.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from benchmarks.support.chromium import launch
from benchmarks.support.photo_tab import PATIENCE, open_photo_tab
from benchmarks.support.server import ROOT, start_server

WINDOW = ViewportSize(width=1280, height=900)

# Notes the time of the click, and of the first frame in which each of the pictures can be seen.
_WATCH = """() => {
  window.times = {};
  const since = (name) => { window.times[name] ??= performance.now() - window.clicked; };
  const note = () => { window.clicked = performance.now(); };
  document.addEventListener("pointerdown", note, { once: true, capture: true });
  const look = () => {
    for (const host of document.querySelectorAll("[class*=st-key-compare-] *")) {
      const root = host.shadowRoot;
      if (root?.querySelector(".before img")) since("grey");
      if (root?.querySelector(".after img")) { since("coloured"); return; }
    }
    requestAnimationFrame(look);
  };
  look();
}"""
_SAVES = """() => {
  window.times = {};
  const note = () => { window.clicked = performance.now(); };
  document.addEventListener("pointerdown", note, { once: true, capture: true });
  const look = () => {
    const hosts = [...document.querySelectorAll("[class*=st-key-photo-save] *")];
    const button = hosts.map((host) => host.shadowRoot?.querySelector(".main")).find(Boolean);
    if (button?.classList.contains("working")) window.times.sign ??= performance.now() - window.clicked;
    else if (window.times.sign) { window.times.file = performance.now() - window.clicked; return; }
    requestAnimationFrame(look);
  };
  look();
}"""


def measure_sample(page: Page, title: str) -> dict[str, float]:
    """Milliseconds from the click on a sample to its grey and its coloured picture."""
    page.evaluate(_WATCH)
    page.get_by_role("button", name=title, exact=True).click()
    page.wait_for_function("() => window.times.coloured !== undefined", timeout=PATIENCE)
    return {name: float(time) for name, time in page.evaluate("window.times").items()}


def measure_download(page: Page) -> dict[str, float]:
    """Milliseconds from the click on the download to the first sign of it and to the file."""
    page.evaluate(_SAVES)
    with page.expect_download(timeout=PATIENCE):
        page.get_by_role("button", name="Download PNG").click()
    page.wait_for_function("() => window.times.file !== undefined", timeout=PATIENCE)
    return {name: float(time) for name, time in page.evaluate("window.times").items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--samples", nargs="+", default=["Pagoda", "Astronaut"])
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        start_server(ROOT / "streamlit_app.py", Path(folder) / "output.txt") as url,
        sync_playwright() as playwright,
        launch(playwright.chromium) as chromium,
    ):
        page = chromium.new_page(viewport=WINDOW)
        open_photo_tab(page, url)
        for title in chosen.samples:
            taken: dict[str, list[float]] = {}
            for visit in range(chosen.visits + 1):  # the first one of a server loads the network
                times = measure_sample(page, title)
                expect(page.get_by_role("button", name="Download PNG")).to_be_enabled(timeout=PATIENCE)
                times |= measure_download(page)
                if visit:
                    for name, time in times.items():
                        taken.setdefault(name, []).append(time)
                page.get_by_role("button", name="Other samples").click()
                expect(page.get_by_role("button", name=title, exact=True)).to_be_visible(timeout=PATIENCE)
            medians = "  ".join(f"{name} {statistics.median(times):.0f} ms" for name, times in taken.items())
            print(f"{title:<12}{medians}")


if __name__ == "__main__":
    main()
