"""What a visitor should know about the files of an album: what is left out, and what is there more than once."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from colorizer.picture import MOST_PAGES
from dashboard.album.album import Album
from dashboard.album.entry import Entry
from dashboard.shared.errors import details, explain
from dashboard.shared.language import tr, trn
from dashboard.shared.text import escape_markdown, format_number


def draw_file_notes(album: Album) -> None:
    """Draw one line that counts the files, which opens to name each. Draws nothing if there is nothing to say."""
    copied = [entry for entry in album.entries if len(entry.names) > 1]
    paged = [entry for entry in album.entries if (result := album.results.get(entry.key)) and result.pages > 1]
    counts = []
    if album.left_out:
        counts.append(trn("{n} file is left out", "{n} files are left out", len(album.left_out)))
    if copied:
        counts.append(_count_copies(copied))
    if paged:
        counts.append(trn("{n} file has further pages", "{n} files have further pages", len(paged)))
    if counts:
        with st.expander(" · ".join(counts), icon=":material/info:"):
            for line in (*_name_left_out(album), *map(_name_copies, copied), *_name_pages(album, paged)):
                st.markdown(line)


def _count_copies(copied: list[Entry]) -> str:
    files = sum(len(entry.names) for entry in copied)
    if len(copied) == 1:
        return tr("{count} files are the same picture, which is coloured once", count=files)
    return tr("{count} files are {pictures} pictures; each is coloured once", count=files, pictures=len(copied))


def _name_left_out(album: Album) -> Iterator[str]:
    for name, refusal in album.left_out:
        yield f"**{escape_markdown(name)}:** {escape_markdown(explain(refusal))}  \n:small[{details(refusal)}]"


def _name_copies(entry: Entry) -> str:
    names = ", ".join(f"**{escape_markdown(str(name))}**" for name in entry.names)
    return tr("{names} are the same picture. The ZIP file has its colours under each name.", names=names)


def _name_pages(album: Album, paged: list[Entry]) -> Iterator[str]:
    for entry in paged:
        yield tr(
            "**{name}** holds {count} pages or pictures. The first is coloured; save the others as files of their own.",
            name=escape_markdown(entry.name),
            count=_count_pages(album.results[entry.key].pages),
        )


def _count_pages(pages: int) -> str:
    most = format_number(min(pages, MOST_PAGES), ",")
    return most if pages <= MOST_PAGES else tr("more than {count}", count=most)
