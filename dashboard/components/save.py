"""A button that saves a file made on request, and a menu with further ones. Both say at once that they work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components.base import COMPONENTS, SHARED_JS, component
from dashboard.shared.language import tr

# The words are put in by save.js, through properties, never as markup.
_HTML = """
<div class="row">
  <button class="save main" type="button"><span class="sign" aria-hidden="true"></span><span class="name"></span>
  </button>
  <button class="more" type="button" aria-haspopup="menu" aria-expanded="false" hidden>
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 9.5 12 15.5 18 9.5"/></svg>
  </button>
  <div class="menu" role="menu" hidden></div>
</div>
<p class="status" role="status"></p>
<div class="failure" role="alert" hidden>
  <p></p>
  <details><summary></summary><p></p></details>
</div>
"""


@dataclass(frozen=True)
class SavedFile:
    """`label`: of its button. `address`: on this server, relative to the page. `name`: under which it is saved."""

    label: str
    address: str
    name: str


def save_buttons(files: Sequence[SavedFile], *, key: str) -> None:
    """Draw the button for the first file and, if there are others, the menu for them.

    `files`: empty as long as there is nothing to save; the button is then there, but disabled. The browser fetches the
    file when the button is pressed. `key`: unique in the app, like any widget's key.
    """
    styles = (COMPONENTS / "button.css", COMPONENTS / "save.css")
    component("save", html=_HTML, css=styles, js=(SHARED_JS, COMPONENTS / "save.js"))(
        key=key,
        data={
            "files": [{"label": file.label, "path": file.address, "name": file.name} for file in files],
            "words": {
                "none": tr("Download"),
                "more": tr("Other files"),
                "working": tr("Preparing the file"),
                "done": tr("Saved"),
                "failed": tr("The file could not be made. Try again in a moment."),
                "details": tr("Details"),
            },
        },
    )
