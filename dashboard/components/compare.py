"""A before/after picture with a divider, zoom and full screen, for any tab that shows a coloured picture."""

from __future__ import annotations

from dashboard.components.base import COMPONENTS, DIVIDER_HTML, FRAME_CSS, SHARED_JS, component, register_media
from dashboard.shared.language import tr

_STYLES = (FRAME_CSS, *(COMPONENTS / f"{name}.css" for name in ("tools", "divider", "zoom", "compare")))
_SCRIPTS = (SHARED_JS, *(COMPONENTS / f"{name}.js" for name in ("tools", "divider", "zoom", "compare")))

# The pictures and all words are put in by the scripts, through properties, never as markup.
_HTML = f"""
<div class="frame" role="group" hidden>
  <div class="layer after"></div>
  <div class="layer before"></div>
  {DIVIDER_HTML}
  <div class="tools">
    <button class="tool zoom-in" type="button">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5 5M7.5 10.5h6m-3-3v6"/>
      </svg>
    </button>
    <button class="tool whole" type="button" hidden>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5 5M7.5 10.5h6"/>
      </svg>
    </button>
    <button class="tool full-screen" type="button">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 3H3v6M15 3h6v6M9 21H3v-6M15 21h6v-6"/></svg>
    </button>
  </div>
</div>
<p class="failure" role="alert"></p>
"""


def compare(
    before: bytes,
    after: bytes | None,
    *,
    width: int,
    height: int,
    before_label: str | None = None,
    after_label: str | None = None,
    busy: str = "",
    sweep: bool = False,
    room_below: int = 16,
    key: str,
) -> None:
    """Show two pictures on top of each other, with a divider between them.

    Left of the divider is `before`, right of it `after`. The browser fetches each picture by an address made from
    its content, so on a rerun only the picture that changed travels; the divider stays where the user left it for
    as long as `key` stays the same. The picture is as high as what the window has below its top, at least 240 pixels.
    It zooms by the wheel, two fingers and + - 0, and F or a button shows it on the full screen.

    Args:
        before: an encoded JPEG, PNG or WebP picture of `width` x `height` pixels.
        after: the same, with the other colours; None while it is made.
        width: both pictures' width in pixels.
        height: both pictures' height in pixels.
        before_label: shown in the upper left corner and spoken by screen readers; by default "Grey".
        after_label: shown in the upper right corner and spoken by screen readers; by default "Coloured".
        busy: what is being done, shown over the picture; empty for nothing.
        sweep: whether the divider moves over the picture once, when `after` is there for the first time with this key
            or after it was None. It does not where the user wants reduced motion.
        room_below: pixels of the window that stay free below the picture.
        key: unique in the app, like any widget's key. To be kept from a run with `busy` to that with the result, so
            that the picture on the page stays in its place.
    """
    if width < 1 or height < 1:
        raise ValueError(f"expected a width and height of at least 1 pixel, got {width} x {height}")
    left, right = before_label or tr("Grey"), after_label or tr("Coloured")

    def publish(picture: bytes, place: str, label: str) -> dict[str, str]:
        return {"path": register_media(picture, f"compare.{key}.{place}"), "label": label}

    component("compare", html=_HTML, css=_STYLES, js=_SCRIPTS)(
        key=key,
        data={
            "key": key,
            "before": publish(before, "before", left),
            "after": None if after is None else publish(after, "after", right),
            "width": width,
            "height": height,
            "busy": busy,
            "sweep": sweep,
            "room_below": room_below,
            "words": {
                "divider": tr("Divider between {before} and {after}", before=left, after=right),
                "failure": tr("The picture could not be shown. Reload the page to try again."),
                "zoom": tr("Zoom in"),
                "whole": tr("Whole picture"),
                "zoomed": tr("Zoomed picture. The arrow keys move it, 0 shows all of it."),
                "full": tr("Full screen"),
                "leave": tr("Leave full screen"),
            },
        },
    )
