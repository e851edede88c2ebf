"""The dashboard's page with a network behind a gate, see `gate`; browser tests run it in `page_app`.

The environment names the folder of the gate.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import dashboard
from colorizer import Colorizer, load_colorizer
from dashboard.shared import models
from tests.browser import gate


def load_gated(name: str) -> Colorizer:
    folder = Path(os.environ[gate.VARIABLE])
    return Colorizer(gate.GatedPredictor(load_colorizer(name).predictor, folder, singles=True))


vars(models)["load_colorizer"] = load_gated
runpy.run_path(str(Path(dashboard.__file__).with_name("page.py")))
