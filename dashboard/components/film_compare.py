"""Two films in step with a divider between them: grey as it was, and coloured."""

from __future__ import annotations

from dashboard.components.base import COMPONENTS, DIVIDER_HTML, FRAME_CSS, SHARED_JS, component
from dashboard.shared.language import tr

_STYLES = (FRAME_CSS, *(COMPONENTS / f"{name}.css" for name in ("tools", "divider", "film_compare")))
_SCRIPTS = (SHARED_JS, *(COMPONENTS / f"{name}.js" for name in ("tools", "divider", "players", "film_compare")))

# The addresses of the films and all words are put in by the scripts, through properties, never as markup.
_HTML = f"""
<div class="player" role="group">
  <div class="stage">
    <div class="frame">
      <div class="layer after"><video playsinline preload="auto"></video></div>
      <div class="layer before"><video playsinline muted preload="auto"></video></div>
      {DIVIDER_HTML}
    </div>
  </div>
  <div class="controls">
    <button class="control play" type="button">
      <svg class="start" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 4.5v15l12-7.5z"/></svg>
      <svg class="halt" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14M16 5v14"/></svg>
    </button>
    <input class="seek" type="range" min="0" max="0" step="0.1" value="0">
    <span class="clock" aria-hidden="true"></span>
    <button class="control sound" type="button">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M4 9.5v5h3.5L12 19V5L7.5 9.5z"/>
        <path class="loud" d="M16 8.5a5 5 0 0 1 0 7"/><path class="mute" d="m16 9.5 5 5m0-5-5 5"/>
      </svg>
    </button>
    <button class="control full-screen" type="button">
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 3H3v6M15 3h6v6M9 21H3v-6M15 21h6v-6"/></svg>
    </button>
  </div>
</div>
<p class="failure" role="alert"></p>
"""


def film_compare(before: str | None, after: str, *, before_start: float = 0.0, room_below: int = 16, key: str) -> None:
    """Show two films on top of each other in step, with a divider between them and one set of controls.

    Left of the divider is `before` without colours, right of it `after`, whose sound is heard. Play and seek move both.
    If one of them has to load, both wait; if `before` takes long, `after` goes on alone and `before` joins it later.
    The keys: Space or K plays, M mutes, F shows the full screen; the divider and the seek bar move by arrows.

    Args:
        before: the address on this server of the original. Where it is None, or a film that the browser cannot play,
            `after` is seen without its colours.
        after: the address on this server of the coloured film. Both addresses are relative to the page, or begin with
            a slash; the server must answer requests for ranges.
        before_start: where in `before` the part begins that `after` shows, in seconds.
        room_below: pixels of the window that stay free below the controls.
        key: unique in the app, like any widget's key.
    """
    if before_start < 0:
        raise ValueError(f"expected a start of 0 seconds or more, got {before_start:g}")
    left, right = tr("Grey"), tr("Coloured")
    component("film_compare", html=_HTML, css=_STYLES, js=_SCRIPTS)(
        key=key,
        data={
            "key": key,
            "before": before,
            "after": after,
            "start": before_start,
            "room_below": room_below,
            "labels": [left, right],
            "words": {
                "group": tr("Film, grey and coloured"),
                "divider": tr("Divider between {before} and {after}", before=left, after=right),
                "failure": tr("The film could not be shown. Reload the page to try again."),
                "loading": tr("Loading"),
                "play": tr("Play"),
                "pause": tr("Pause"),
                "seek": tr("Position in the film"),
                "mute": tr("Sound off"),
                "unmute": tr("Sound on"),
                "full": tr("Full screen"),
                "leave": tr("Leave full screen"),
            },
        },
    )
