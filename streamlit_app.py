"""AI Colouriser: the program. `streamlit run streamlit_app.py`."""

import sys
from pathlib import Path

import dashboard
from dashboard.server.memory import tune_malloc

tune_malloc()  # before the libraries below start threads of their own

import streamlit as st  # noqa: E402

from colorizer import ColorizerError  # noqa: E402
from dashboard.game.classroom import resume_classrooms  # noqa: E402
from dashboard.server.access import ACCESS_MIDDLEWARE  # noqa: E402
from dashboard.server.client_address import ADDRESS_MIDDLEWARE  # noqa: E402
from dashboard.server.connections import PAGE_LIMIT  # noqa: E402
from dashboard.server.downloads import ROUTES  # noqa: E402
from dashboard.server.housekeeping import housekeeping  # noqa: E402
from dashboard.server.login import LOGIN_GATE, check_login, is_login_required, login_secrets  # noqa: E402
from dashboard.server.logs import hide_exception_messages  # noqa: E402
from dashboard.server.security import MIDDLEWARE  # noqa: E402
from dashboard.server.session import session_ttl  # noqa: E402
from dashboard.server.settings import check_settings  # noqa: E402
from dashboard.server.signing import credentials_of_environment  # noqa: E402
from dashboard.server.streamlit_internals import forbid_outside_lookup, load_secrets  # noqa: E402
from dashboard.server.uploads import UPLOAD_GUARD  # noqa: E402
from dashboard.webcam.ice import ice_servers_of_environment  # noqa: E402
from dashboard.webcam.streamer_style import STREAMER_STYLE  # noqa: E402

hide_exception_messages()
forbid_outside_lookup()
load_secrets()
try:
    check_settings()
    check_login()
    credentials_of_environment()
    session_ttl()
    ice_servers_of_environment()
    resume_classrooms()
except ColorizerError as error:
    sys.exit(f"AI Colouriser cannot start: {error}")
# An app and not the page alone, for a page cannot hand out a file without holding all of it in memory.
app = st.App(
    Path(dashboard.__file__).with_name("page.py"),
    routes=ROUTES,
    secrets=login_secrets(),
    middleware=(
        *MIDDLEWARE,
        *ACCESS_MIDDLEWARE,
        *((LOGIN_GATE,) if is_login_required() else ()),
        ADDRESS_MIDDLEWARE,
        PAGE_LIMIT,
        UPLOAD_GUARD,
        STREAMER_STYLE,
    ),
    lifespan=housekeeping,
)
