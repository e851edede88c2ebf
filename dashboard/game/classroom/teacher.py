"""The teacher's page of a class: the code, the progress, the download of the votes, the lock, the end of the class."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from dashboard.game.classroom.control import ClassroomControl
from dashboard.game.classroom.device_link import draw_device_link
from dashboard.game.classroom.invitation import draw_invitation
from dashboard.game.classroom.records import ClassroomInfo, PlayerProgress, RecordedVote
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.result import draw_pictures, draw_rate, explain_rate
from dashboard.game.statistics import Rate, Tally, combine_tallies, format_percent, sort_by_fooling
from dashboard.server.queues import queued_download_url
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.text import escape_markdown

REFRESH_SECONDS = 2.0
_REFUSED = "class-refused"  # the error of the last button
_COLUMNS = ("player", "seed", "round", "picture", "real_side", "chosen_side", "fooled", "model", "seconds")


def draw_teacher(sessions: Classrooms, code: str, key: str, *, leave: Callable[[], None]) -> None:
    """Draw the page. `leave`: called when the teacher ends the class. Raises ClassroomEnded if the key is wrong."""
    control = sessions.control(code, key)
    control.check()
    info = sessions.info(code)
    address = draw_invitation(code)
    st.markdown(
        ":small["
        + tr(
            "You can project this page: its address is the students' link. You remain the teacher in this tab of "
            "your browser, even if you reload it, until you close it. Pictures and votes stay on this computer until "
            "you end the class, at most one day."
        )
        + "]"
    )
    st.fragment(_draw_class_progress, run_every=REFRESH_SECONDS)(sessions, control, code)
    with st.container(horizontal=True):
        st.link_button(
            tr("Download all votes (CSV)"),
            # Made on request, with the votes up to that moment.
            queued_download_url(
                lambda: votes_csv(sessions.list_votes(code), info).encode(), f"class_{code}.csv", place="class-votes"
            ),
            icon=":material/download:",
        )
        with st.popover(tr("Another device"), icon=":material/devices:"):
            draw_device_link(control, code, address)
        with st.popover(tr("End the class"), icon=":material/stop:"):
            st.markdown(tr("This deletes the pictures and all votes. Download the votes first."))
            if st.button(tr("End and remove"), type="primary", key="class-end"):
                control.end()
                leave()


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
        st.metric(tr("Players"), players, width="content")
        cast = tr("{done} of {all}", done=votes, all=players * len(info.pictures))
        st.metric(tr("Votes"), cast, width="content")
        if tallies:
            draw_rate(combine_tallies(tallies))
    if tallies:
        explain_rate(combine_tallies(tallies))
        st.markdown(_table(tallies, info.pictures))
        if st.toggle(tr("Show the pictures with their answers"), key="class-answers"):
            ours = tr("Coloured by {model}", model=MODELS[info.model].title)
            draw_pictures(tallies, partial(sessions.pair, info.code), ours)
    else:
        st.markdown(tr("No votes yet. The result of the class appears here by itself."))


def _draw_players(control: ClassroomControl, info: ClassroomInfo) -> None:
    """Draw the lock, and on request a list of the players with a button to remove each."""
    if (refused := st.session_state.pop(_REFUSED, None)) is not None:
        show_error(refused, MODELS[DEFAULT_MODEL])
    with st.container(horizontal=True, vertical_alignment="center"):
        label, icon = (tr("Let students join"), "lock_open") if info.locked else (tr("Lock the class"), "lock")
        args = (control.lock, not info.locked)
        st.button(label, icon=f":material/{icon}:", key="class-lock", on_click=_attempt, args=args)
        shown = st.toggle(tr("Show the players"), key="class-players")
    if info.locked:
        st.markdown(tr("The class is locked: nobody else can join."))
    if not shown:
        return
    st.markdown(
        tr(
            "Students see their number on their page. A player whom you remove loses all votes and cannot join again "
            "in the same tab. Lock the class to keep everybody out who is not in the list."
        )
    )
    for player in control.list_players():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_describe_player(player, len(info.pictures)), width="content")
            st.button(
                tr("Remove"),
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
    return tr("Player {number}: {votes} of {rounds} votes", number=player.number, votes=player.votes, rounds=rounds)


def _table(tallies: Sequence[Tally], names: Sequence[str]) -> str:
    """A Markdown table with a row for each picture, those that fooled most first."""
    rows = [
        f"| {escape_markdown(names[tally.picture])} | {_describe_share(tally.rate)} "
        f"| {format_percent(tally.rate.share)} | {_describe_interval(tally.rate)} |"
        for tally in sort_by_fooling(tallies)
    ]
    head = (tr("Picture"), tr("Fooled"), tr("Rate"), tr("95 % interval"))
    return "\n".join([f"| {' | '.join(head)} |", "|---|---|---|---|", *rows])


def _describe_share(rate: Rate) -> str:
    return tr("{done} of {all}", done=rate.fooled, all=rate.votes)


def _describe_interval(rate: Rate) -> str:
    low, high = map(format_percent, rate.interval)
    return tr("{low} to {high}", low=low, high=high)


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
