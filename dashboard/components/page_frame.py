"""What belongs to the whole page and to no tab: files dropped or pasted anywhere, and the browser's history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from dashboard.components.base import COMPONENTS, SHARED_JS, component
from dashboard.shared.language import tr

# The words are put in by page_drop.js, through properties, never as markup. A popover lies above everything else.
_HTML = """
<div class="overlay" popover="manual" aria-hidden="true"><p></p></div>
<p class="spoken" role="status"></p>
"""
_SCRIPTS = ("page_fields.js", "page_history.js", "page_drop.js", "page_frame.js")


@dataclass(frozen=True)
class Taker:
    """A tab that takes dropped files. `tab`: its place among the tabs, from 0. `suffixes`: with the dot, lower case.

    `many`: whether it takes several files.
    """

    tab: int
    suffixes: tuple[str, ...]
    many: bool = False


def draw_page_frame(
    takers: Sequence[Taker], *, tabs: str, places: Sequence[str], works: bool, on_lost: Callable[[], None]
) -> None:
    """Let the whole page take files, and let the browser's history have places and no settings.

    Files go to the field for files under the pointer or to that of the open tab; if it does not take them, to the first
    of `takers` that does, whose tab is opened.

    Args:
        takers: the first is for a single file that no taker wants, the first for many files is for several such files.
        tabs: the key of the widget with the tabs.
        places: the parameters of the address that say where the visitor is. Only a change of one of them is an entry
            of the browser's history; Back and Forward change them alone.
        works: whether the session has work that would be lost with it.
        on_lost: called before the next run if the browser had such work in an earlier session, before a reload.
    """
    scripts = (SHARED_JS, *(COMPONENTS / name for name in _SCRIPTS))
    styles = (COMPONENTS / "spoken.css", COMPONENTS / "page_drop.css")
    component("page_frame", html=_HTML, css=styles, js=scripts)(
        key="page-frame",
        data={
            "takers": [asdict(taker) for taker in takers],
            "tabs": tabs,
            "places": list(places),
            "works": works,
            "words": {"drop": tr("Drop it anywhere"), "moved": tr("The files are in the tab {tab}.", tab="{tab}")},
        },
        on_lost_change=on_lost,
    )
