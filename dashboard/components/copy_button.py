"""A button that copies a picture, as PNG, so that it can be pasted into a letter or a message."""

from __future__ import annotations

from dashboard.components.base import COMPONENTS, SHARED_JS, component, register_media
from dashboard.shared.language import tr

_STYLES = tuple(COMPONENTS / f"{name}.css" for name in ("button", "spoken", "copy_button"))

_HTML = """
<button type="button">
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="8" y="8" width="13" height="13" rx="2"/><path d="M16 8V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h3"/>
  </svg>
  <span></span>
</button>
<p role="status"></p>
"""


def copy_button(picture: bytes | str, *, label: str | None = None, key: str) -> None:
    """Draw a button that puts a picture on the clipboard, and then says so, or why it could not.

    Browsers allow it only to a page whose address begins with https, or that is on the same computer (localhost).

    Args:
        picture: an encoded PNG, JPEG or WebP picture, or the address on this server of one, relative to the page, that
            is fetched when the button is pressed. What is not PNG is turned into PNG in the browser.
        label: the words on the button; by default "Copy picture".
        key: unique in the app, like any widget's key.
    """
    address = register_media(picture, f"copy.{key}") if isinstance(picture, bytes) else picture
    component("copy_button", html=_HTML, css=_STYLES, js=(SHARED_JS, COMPONENTS / "copy_button.js"))(
        key=key,
        data={
            "address": address,
            "words": {
                "copy": label or tr("Copy picture"),
                "copying": tr("Copying"),
                "copied": tr("Copied"),
                "insecure": tr(
                    "Browsers copy pictures only from a page whose address begins with https, or on the computer "
                    "that runs this page. Download the picture instead."
                ),
                "unsupported": tr("This browser cannot copy pictures. Download the picture instead."),
                "refused": tr("The browser did not allow it. Allow this page the clipboard, or download the picture."),
                "failed": tr("The picture could not be loaded. Try again, or download it."),
            },
        },
    )
