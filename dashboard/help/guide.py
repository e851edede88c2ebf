"""The Help dialog: how to get a good result, what the controls do, what happens to the pictures, the keys."""

from __future__ import annotations

import streamlit as st

from dashboard.server.session import session_ttl
from dashboard.shared.language import mark, tr
from dashboard.shared.text import format_duration

# {time}: how long the files of a visitor who left are kept.
_SECTIONS = (
    (
        mark("How to get a good result"),
        (
            mark("Scan the print, or photograph it straight from above in even light, without reflections."),
            mark("A brown, yellowed, tilted or framed print gets suggestions above its picture. Each can be undone."),
            mark(
                "If the colours are too pale or too strong, take another of the small pictures, or move **Amount** and "
                "**Bold**."
            ),
            mark("If a single thing has a wrong colour, open **Fix colours**, point at it or paint over it."),
            mark("Of a film, look at some of its frames first, and colour the whole film when you like them."),
            mark("The colours are guesses. They may look right, but they are no proof of how it was."),
        ),
    ),
    (
        mark("What the controls do"),
        (
            mark("**Amount:** how much colour. On the left it is grey, on the right there is twice as much as usual."),
            mark("**Bold:** on the left careful colours, on the right strong ones."),
            mark("**Cooler-Warmer:** on the left as under a cloudy sky, on the right as in the evening sun."),
            mark(
                "**Colours like this picture:** where a colour picture is like yours, yours gets its colours. Take one "
                "of the same place, people or things; a picture of something else does no harm."
            ),
            mark(
                "**Fix colours:** your own colours, at points or painted. They spread over the thing there, and over "
                "others that look the same."
            ),
            mark("**Model:** the network that chooses the colours. *Compact* is the fast one."),
            mark("Only the colours are made: light and dark stay as they are in your picture, and so does its size."),
        ),
    ),
    (
        mark("What happens to your pictures"),
        (
            mark("They go to the computer that runs this page, and to no other."),
            mark("It keeps photographs in its memory, and albums and films in a temporary folder."),
            mark("They are deleted {time} after you have closed the page or lost its connection."),
            mark("When you load the page again, it begins anew: save your results before."),
            mark("The settings are in the page's address, so they are still there then, and a link can have them."),
            mark("The pictures and votes of a class are deleted when it ends, at the latest after a day."),
        ),
    ),
    (
        mark("With the keyboard"),
        (
            mark(
                "**Tab** leads to the next control, **Enter** or the **space bar** presses it, **Esc** closes a window."
            ),
            mark(
                "**Arrow keys** move what is chosen: a slider, the line in the picture, the tab, the point to colour."
            ),
            mark("In the picture, **+** and **-** change its size, **0** shows all of it, **F** fills the screen."),
            mark("In **Fix colours**, **P**, **B**, **E** and **I** choose the tool, **[** and **]** the brush size."),
            mark("There, **Ctrl+Z** undoes and **Ctrl+Shift+Z** does it again (on a Mac, with **Command**)."),
            mark("In a film, **K** plays and pauses, **M** switches the sound, **F** fills the screen."),
            mark("**Ctrl+V** takes a copied picture, wherever you are on the page (on a Mac, **Command+V**)."),
            mark("In the game, **A** and **B** choose a picture."),
        ),
    ),
)


def draw_guide() -> None:
    """Draw all sections."""
    time = format_duration(session_ttl())
    for title, sentences in _SECTIONS:
        st.header(tr(title), anchor=False)
        st.markdown("\n".join(f"- {tr(sentence, time=time)}" for sentence in sentences))
