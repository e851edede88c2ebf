"""A before/after picture with a divider that can be dragged, for any tab that shows a coloured picture."""

from __future__ import annotations

from dashboard.components.base import COMPONENTS, FRAME_CSS, SHARED_JS, component, register_media

# The pictures and the labels' words are put in by compare.js, through properties, never as markup.
_HTML = """
<div class="frame" hidden>
  <div class="layer after"></div>
  <div class="layer before"></div>
  <span class="label before-label" aria-hidden="true"></span>
  <span class="label after-label" aria-hidden="true"></span>
  <div class="layer"><div class="line"></div></div>
  <div class="handle" role="slider" tabindex="0" aria-orientation="horizontal" aria-valuemin="0" aria-valuemax="100">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 6.5 3.5 12 9 17.5M15 6.5 20.5 12 15 17.5"/></svg>
  </div>
</div>
<p class="failure" role="alert" hidden>The picture could not be shown. Reload the page to try again.</p>
"""


def compare(
    before: bytes,
    after: bytes,
    *,
    width: int,
    height: int,
    before_label: str = "Grey",
    after_label: str = "Coloured",
    key: str,
) -> None:
    """Show two pictures on top of each other, with a divider between them.

    Left of the divider is `before`, right of it `after`. The browser fetches each picture by an address made from
    its content, so on a rerun only the picture that changed travels; the divider stays where the user left it for
    as long as `key` stays the same.

    Args:
        before: an encoded JPEG, PNG or WebP picture of `width` x `height` pixels.
        after: the same, with the other colours.
        width: both pictures' width in pixels.
        height: both pictures' height in pixels.
        before_label: shown in the upper left corner and spoken by screen readers.
        after_label: shown in the upper right corner and spoken by screen readers.
        key: unique in the app, like any widget's key.
    """
    if width < 1 or height < 1:
        raise ValueError(f"expected a width and height of at least 1 pixel, got {width} x {height}")
    component(
        "compare",
        html=_HTML,
        css=(FRAME_CSS, COMPONENTS / "compare.css"),
        js=(SHARED_JS, COMPONENTS / "compare.js"),
    )(
        key=key,
        data={
            "key": key,
            "before": {"path": register_media(before, f"compare.{key}.before"), "label": before_label},
            "after": {"path": register_media(after, f"compare.{key}.after"), "label": after_label},
            "width": width,
            "height": height,
        },
    )
