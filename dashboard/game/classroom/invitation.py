"""How students join a class: its code, and its address as a link in large letters and as a QR code."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st

from dashboard.game.classroom.addresses import complete_host, found_hosts, is_for_network, named_host
from dashboard.shared.language import tr

_QUIET_ZONE = 4  # modules, the least around a QR code (ISO/IEC 18004)

# Read from the back of a classroom. Marked as no heading, because the tab has no others at this place.
_CODE = '<p style="font-size: 3rem; font-weight: 700; letter-spacing: 0.15em; line-height: 1.2; margin: 0">{code}</p>'
_ADDRESS = (
    '<p style="font-size: clamp(1.375rem, 2.6vw, 2.5rem); font-weight: 600; line-height: 1.2; margin: 0; '
    'overflow-wrap: anywhere">{address}</p>'
)


def draw_invitation(code: str) -> str:
    """Draw the code, the link and the QR code. Returns the page's address as others reach it, without a query."""
    parts = urlsplit(str(st.context.url))
    place = st.container()
    host = named_host(parts.netloc)
    if host is None and is_for_network():
        host = _choose_host(parts.netloc)
    base = f"{parts.scheme}://{host or parts.netloc}{parts.path or '/'}"
    with place:
        if host is None:
            _draw_code(code)
        else:
            _draw_link(code, f"{base}?class={code}")
    if host is None and not is_for_network():
        st.info(
            tr(
                "Only this computer can open this page. To let other computers join, start the program with "
                "`make run ADDRESS=0.0.0.0`."
            ),
            icon=":material/info:",
        )
    return base


def _choose_host(page_host: str) -> str | None:
    """Draw the choice of the host in the link; None until there is one."""
    typed = st.selectbox(
        tr("Address of this computer"),
        found_hosts(page_host),
        accept_new_options=True,
        placeholder=tr("For example 192.168.1.5"),
        help=tr("Choose the one in the students' network, or type another."),
        width=360,
        key="class-host",
    )
    if typed is None:
        st.info(tr("Type the address of this computer in the students' network."), icon=":material/info:")
        return None
    try:
        return complete_host(typed, page_host)
    except ValueError:
        st.error(tr("This is no address of this computer, such as 192.168.1.5."), icon=":material/error:")
        return None


def _draw_link(code: str, address: str) -> None:
    picture, words = st.columns([1, 2], gap="large", vertical_alignment="center")
    with picture:
        st.image(make_qr_code(address), width="stretch", alt=tr("QR code of the address {address}", address=address))
    with words:
        st.markdown(tr("**Scan the square, or open**"))
        st.html(_ADDRESS.format(address=escape(address)))
        st.markdown(tr("**or enter this code in this tab**"))
        _draw_code(code)


def _draw_code(code: str) -> None:
    st.html(_CODE.format(code=escape(code)))
    st.markdown(tr("No names are needed."))


def make_qr_code(address: str) -> str:
    """A QR code as SVG, black on white in every colour scheme, as large as its place; a seventh may be covered."""
    return segno.make_qr(address, error="m").svg_inline(border=_QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
