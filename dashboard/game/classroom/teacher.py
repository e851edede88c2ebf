"""The teacher's page of a class: the code, the progress, the download of the votes, the lock, the end of the class."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.game.classroom.control import ClassroomControl
from dashboard.game.classroom.device_link import draw_device_link
from dashboard.game.classroom.records import ClassroomInfo, PlayerProgress, RecordedVote
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.result import draw_pictures, draw_rate, explain_rate
from dashboard.game.statistics import Tally, combine_tallies, format_percent, sort_by_fooling
from dashboard.server.queues import queued_download_url
from dashboard.shared.errors import show_error
from dashboard.shared.text import escape_markdown

REFRESH_SECONDS = 2.0
_REFUSED = "class-refused"  # the error of the last button
_LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
_COLUMNS = ("player", "seed", "round", "picture", "real_side", "chosen_side", "fooled", "model", "seconds")


def draw_teacher(sessions: Classrooms, code: str, key: str, *, leave: Callable[[], None]) -> None:
    """Draw the page. `leave`: called when the teacher ends the class. Raises ClassroomEnded if the key is wrong."""
    control = sessions.control(code, key)
    control.check()
    info = sessions.info(code)
    _how_to_join(code)
    st.fragment(_draw_class_progress, run_every=REFRESH_SECONDS)(sessions, control, code)
    with st.container(horizontal=True):
        st.link_button(
            "Download all votes (CSV)",
            # Made on request, with the votes up to that moment.
            queued_download_url(
                lambda: votes_csv(sessions.list_votes(code), info).encode(), f"class_{code}.csv", place="class-votes"
            ),
            icon=":material/download:",
        )
        with st.popover("Another device", icon=":material/devices:"):
            draw_device_link(control, code)
        with st.popover("End the class", icon=":material/stop:"):
            st.markdown("This deletes the pictures and all votes. Download the votes first.")
            if st.button("End and remove", type="primary", key="class-end"):
                control.end()
                leave()


def _how_to_join(code: str) -> None:
    parts = urlsplit(str(st.context.url))
    address = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}?class={code}"
    # As large as a heading, but not marked as one, because the tab has no other headings.
    st.html(f'<p style="font-size: 3rem; font-weight: 700; letter-spacing: 0.15em; margin: 0">{code}</p>')
    shown = escape_markdown(address, is_ours=True)
    st.markdown(f"Students open **{shown}**, or enter the code in this tab. No names are needed.")
    if parts.hostname in _LOOPBACK_HOSTS:
        st.info(
            "This address works only on this computer. To let other computers join, start the program with "
            "`make run ADDRESS=0.0.0.0` and open this page under the computer's address in your network.",
            icon=":material/info:",
        )
    st.markdown(
        ":small[You can project this page: its address is the students' link. You remain the teacher in this tab of "
        "your browser, even if you reload it, until you close it. Pictures and votes stay on this computer until you "
        "end the class, at most one day.]"
    )


def _draw_class_progress(sessions: Classrooms, control: ClassroomControl, code: str) -> None:
    """Draw the numbers of players and votes, the rate, and who plays. Redrawn every `REFRESH_SECONDS`."""
    try:
        info = sessions.info(code)
        players, tallies = sessions.tally(code)
        _draw_tallies(sessions, info, players, tallies)
        _draw_players(control, info)
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])


def _draw_tallies(sessions: Classrooms, info: ClassroomInfo, players: int, tallies: Sequence[Tally]) -> None:
    votes = sum(tally.rate.votes for tally in tallies)
    with st.container(horizontal=True, gap="large"):
        st.metric("Players", players, width="content")
        st.metric("Votes", f"{votes} of {players * len(info.pictures)}", width="content")
        if tallies:
            draw_rate(combine_tallies(tallies))
    if tallies:
        explain_rate(combine_tallies(tallies))
        st.markdown(_table(tallies, info.pictures))
        if st.toggle("Show the pictures with their answers", key="class-answers"):
            draw_pictures(tallies, partial(sessions.pair, info.code), f"Coloured by {MODELS[info.model].title}")
    else:
        st.markdown("No votes yet. The result of the class appears here by itself.")


def _draw_players(control: ClassroomControl, info: ClassroomInfo) -> None:
    """Draw the lock, and on request a list of the players with a button to remove each."""
    if (refused := st.session_state.pop(_REFUSED, None)) is not None:
        show_error(refused, MODELS[DEFAULT_MODEL])
    with st.container(horizontal=True, vertical_alignment="center"):
        label, icon = ("Let students join", "lock_open") if info.locked else ("Lock the class", "lock")
        args = (control.lock, not info.locked)
        st.button(label, icon=f":material/{icon}:", key="class-lock", on_click=_attempt, args=args)
        shown = st.toggle("Show the players", key="class-players")
    if info.locked:
        st.markdown("The class is locked: nobody else can join.")
    if not shown:
        return
    st.markdown(
        "Students see their number on their page. A player whom you remove loses all votes and cannot join again in "
        "the same tab. Lock the class to keep everybody out who is not in the list."
    )
    for player in control.list_players():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe_player(player, len(info.pictures)), width="content")
            st.button(
                "Remove",
                icon=":material/person_remove:",
                key=f"class-remove-{player.number}",
                on_click=_attempt,
                args=(control.remove_player, player.number),
            )


def _attempt(action: Callable[[int], None], value: int) -> None:
    """Do what a button is for. If that fails, the page says why when it is drawn next, which is at once."""
    try:
        action(value)
    except ColorizerError as error:
        st.session_state[_REFUSED] = error


def _describe_player(player: PlayerProgress, rounds: int) -> str:
    return f"Player {player.number}: {player.votes} of {rounds} votes"


def _table(tallies: Sequence[Tally], names: Sequence[str]) -> str:
    """A Markdown table with a row for each picture, those that fooled most first."""
    rows = [
        f"| {escape_markdown(names[tally.picture])} | {tally.rate.fooled} of {tally.rate.votes} "
        f"| {format_percent(tally.rate.share)} | {' to '.join(map(format_percent, tally.rate.interval))} |"
        for tally in sort_by_fooling(tallies)
    ]
    return "\n".join(["| Picture | Fooled | Rate | 95 % interval |", "|---|---|---|---|", *rows])


def votes_csv(votes: Sequence[RecordedVote], info: ClassroomInfo) -> str:
    """All votes of a class as CSV, one line for each vote."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for each in votes:
        vote, name = each.vote, _plain(info.pictures[each.vote.picture])
        turn = (each.player, each.seed, each.round, name, vote.real, vote.chosen, int(vote.fooled))
        writer.writerow((*turn, info.model, "" if info.seconds is None else info.seconds))
    return text.getvalue()


def _plain(name: str) -> str:
    """The name of a picture, escaped so that a spreadsheet does not read it as a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
