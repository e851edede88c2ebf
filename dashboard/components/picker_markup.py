"""The markup of the picker and its words."""

from __future__ import annotations

from dashboard.shared.language import tr


def _tool(name: str, drawing: str) -> str:
    return f"""
    <label class="kind"><input type="radio" name="tool" value="{name}">
      <svg viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>
    </label>"""


def _button(name: str, drawing: str, kind: str = "step") -> str:
    return f"""
    <button class="{kind} {name}" type="button"><svg viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg></button>"""


_TOOLS = {
    "point": '<circle cx="12" cy="12" r="5.5"/><path d="M12 2.5v5M12 16.5v5M2.5 12h5M16.5 12h5"/>',
    "brush": '<path d="m10 14 10-10.5M4 20c1.8-.6 1.2-3.6 3-5s4.6.6 3.6 3-4 3-6.6 2z"/>',
    "eraser": '<path d="m9 19-5-5L14.5 3.5l6 6L11 19zM9 9l6 6M8 20.5h12"/>',
    "dropper": '<path d="m13 7 4 4M15 9l-9.5 9.5L4 20l1.5-3.5L15 7l2.5-2.5a1.8 1.8 0 0 1 2.5 2.5z"/>',
}
_STEPS = {
    "undo": '<path d="M8 4 4 8l4 4M4 8h10a5.5 5.5 0 0 1 0 11H8"/>',
    "redo": '<path d="m16 4 4 4-4 4M20 8H10a5.5 5.5 0 0 0 0 11h6"/>',
}
_ZOOMS = {
    "zoom-in": '<circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5 5M7.5 10.5h6m-3-3v6"/>',
    "whole": '<circle cx="10.5" cy="10.5" r="7"/><path d="m16 16 5 5M7.5 10.5h6"/>',
}

# The pictures and all words are put in by the scripts, through properties, never as markup.
HTML = f"""
<div class="frame" hidden role="application" tabindex="0" aria-describedby="how">
  <div class="layer shown"></div>
  <div class="layer places" aria-hidden="true"></div>
  <div class="layer placed" aria-hidden="true"><svg></svg></div>
  <div class="layer wet" aria-hidden="true"><svg></svg></div>
  <div class="layer marks" aria-hidden="true"></div>
  <div class="crosshair" aria-hidden="true"></div>
  <div class="layer"><div class="tip" hidden></div></div>
  <div class="corner">{"".join(_button(name, drawing, "tool") for name, drawing in _ZOOMS.items())}
  </div>
</div>
<div class="toolbar" hidden>
  <div class="kinds" role="radiogroup">{"".join(_tool(name, drawing) for name, drawing in _TOOLS.items())}
  </div>
  <div class="steps">{"".join(_button(name, drawing) for name, drawing in _STEPS.items())}
  </div>
  <label class="size"><span></span><input type="range" min="0" max="100"></label>
</div>
<p class="how" id="how"></p>
<div class="colours" role="group" hidden>
  <label class="own"><input type="color"><span aria-hidden="true"></span></label>
</div>
<figure class="source" hidden>
  <div class="sample" role="application" tabindex="0"><div class="spot" aria-hidden="true" hidden></div></div>
  <figcaption></figcaption>
</figure>
<p class="spoken" aria-live="polite"></p>
<p class="failure" role="alert"></p>
"""


def list_words() -> dict[str, str]:
    """The words of the component in the visitor's language."""
    return {
        "colours": tr("Colours for the point"),
        "paints": tr("Colours for the brush"),
        "own": tr("Any colour"),
        "any": tr("Any"),
        "place": tr("{x} from the left, {y} from the top"),
        "failure": tr("The picture could not be shown. Reload the page to try again."),
        "zoom": tr("Zoom in"),
        "whole": tr("Whole picture"),
        "tools": tr("Tool"),
        "point": tr("Point"),
        "brush": tr("Brush"),
        "eraser": tr("Eraser"),
        "dropper": tr("Take a colour from the picture"),
        "undo": tr("Undo"),
        "redo": tr("Redo"),
        "size": tr("Brush size"),
        "share": tr("{share} of the picture"),
        "how_brush": tr("Choose a colour and paint."),
        "how_keys": tr("With the keyboard: Enter begins a stroke, arrow keys draw, Enter ends it."),
        "how_eraser": tr("Click or tap a stroke or a point to take it away."),
        "how_keep": tr("Paint over what is to stay as it is."),
        "how_dropper": tr("Click or tap where the colour is that you want."),
        "begun": tr("Stroke begun. Arrow keys draw, Enter ends it, Escape gives it up."),
        "painted": tr("Stroke painted"),
        "given_up": tr("Stroke given up"),
        "erased": tr("Taken away"),
        "nothing": tr("There is nothing to take away here."),
        "picked": tr("Colour taken: {colour}"),
        "sample": tr("Take a colour from here. Arrow keys move, Enter takes the colour."),
    }
