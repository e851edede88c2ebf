"""The files of a directed film on the page: its project and its shot list, each down and up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS
from colorizer.images.naming import split_ending
from colorizer.video import VideoOptions
from colorizer.video.directing.project import Project
from colorizer.video.formats import VideoEncoding
from dashboard.server.queues import queued_download_url
from dashboard.server.settings import max_pixels
from dashboard.shared.language import tr, trn
from dashboard.video.controls import put_options
from dashboard.video.directed_project import take_project
from dashboard.video.film import Film
from dashboard.video.formats import is_offered
from dashboard.video.project import ProjectFile, open_project, pack_project
from dashboard.video.shot_work import read_shot_list, write_shot_list
from dashboard.video.uploads import drop_file


def draw_files(film: Film, project: Project) -> None:
    """Draw links to save the project and the shot list, and fields to open them. `project`: as it is now."""
    directing = film.directing
    stem = split_ending(film.name)[0]
    with st.container(horizontal=True):
        stills = [directing.stills[name].path for name in sorted(project.pictures)]
        _link(
            tr("Save the project"),
            lambda: pack_project(project.to_json(), stills),
            f"{stem}_project.zip",
            ":material/save:",
        )
        if directing.shots:
            for suffix in (".csv", ".edl"):
                name = f"{stem}_shots{suffix}"
                write = partial(write_shot_list, film.source, film.info, directing.shots, suffix, stem)
                _link(tr("Shot list, {kind}", kind=suffix[1:].upper()), write, name, ":material/download:")
    with st.popover(tr("Open a project or a shot list"), icon=":material/folder_open:"):
        drop_file(
            film,
            tr("A project that was saved here, or made on the command line"),
            ["zip", "json"],
            partial(read_project, film),
            help=tr("Its shots, key frames and settings take the place of those here."),
            key="video-open-project",
        )
        drop_file(
            film,
            tr("A shot list"),
            ["csv", "edl"],
            partial(_read_list, film),
            help=tr("From an editing program, a spreadsheet or this page. It takes the place of the shots here."),
            key="video-open-shots",
        )


def _link(label: str, make: Callable[[], bytes], name: str, icon: str) -> None:
    st.link_button(label, queued_download_url(make, name, place=f"video-{name}"), icon=icon)


def _read_list(film: Film, name: str, data: bytes) -> Callable[[], None]:
    shots = read_shot_list(film.source, film.info, name, data)
    return lambda: setattr(film.directing, "shots", shots)


def read_project(film: Film, _name: str, data: bytes) -> Callable[[], None]:
    """Read a project in workers; then everything is set as it has it. Raises ColorizerError."""
    return partial(_take_project, film, open_project(data, max_pixels()))


def _take_project(film: Film, read: ProjectFile) -> None:
    """Set everything as the project has it, and say what of it cannot be had here."""
    project, notes = read.project, film.directing.notes
    missing = take_project(film.directing, read)
    if missing:
        notes.append(
            trn(
                "{n} coloured still is missing in the project.",
                "{n} coloured stills are missing in the project.",
                missing,
            )
        )
    if project.film and project.film != film.digest:
        notes.append(tr("This project was made for another film. Its shots and key frames may not fit this one."))
    model = project.model if project.model in MODELS else DEFAULT_MODEL
    options = _page_options(project)
    if (model, options) != (project.model, project.options):
        notes.append(tr("Some settings of this project exist on the command line alone. The page leaves them out."))
    put_options(film, model, options)


def _page_options(project: Project) -> VideoOptions:
    """The options of a project as the controls of the page can say them."""
    options = project.options
    repair = replace(options.repair, deflicker=float(options.repair.deflicker > 0))
    encoding = options.encoding if is_offered(options.encoding) else VideoEncoding()
    return replace(options, repair=repair, encoding=encoding)
