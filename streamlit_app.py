"""AI Colouriser: the program. `streamlit run streamlit_app.py`."""

import streamlit as st

from dashboard.downloads import ROUTES
from dashboard.housekeeping import housekeeping
from dashboard.logs import keep_messages_out_of_logs
from dashboard.security import MIDDLEWARE

keep_messages_out_of_logs()
# An app and not the page alone, for a page cannot hand out a file without holding all of it in memory.
app = st.App("dashboard/page.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=housekeeping)
