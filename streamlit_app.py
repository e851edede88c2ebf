"""AI Colouriser: the program. `streamlit run streamlit_app.py`."""

import sys
from pathlib import Path

import dashboard
from dashboard.server.memory import limit_malloc_arenas

limit_malloc_arenas()  # before the libraries below start threads of their own

import streamlit as st  # noqa: E402

from colorizer import ColorizerError  # noqa: E402
from dashboard.server.disk import UPLOAD_GUARD  # noqa: E402
from dashboard.server.downloads import ROUTES  # noqa: E402
from dashboard.server.housekeeping import housekeeping  # noqa: E402
from dashboard.server.logs import hide_exception_messages  # noqa: E402
from dashboard.server.security import MIDDLEWARE  # noqa: E402
from dashboard.server.settings import check_settings  # noqa: E402
from dashboard.server.streamlit_internals import forbid_outside_lookup  # noqa: E402
from dashboard.webcam.ice import ice_servers_of_environment  # noqa: E402

hide_exception_messages()
forbid_outside_lookup()
try:
    check_settings()
    ice_servers_of_environment()
except ColorizerError as error:
    sys.exit(f"AI Colouriser cannot start: {error}")
# An app and not the page alone, for a page cannot hand out a file without holding all of it in memory.
app = st.App(
    Path(dashboard.__file__).with_name("page.py"),
    routes=ROUTES,
    middleware=(*MIDDLEWARE, UPLOAD_GUARD),
    lifespan=housekeeping,
)
