"""The page's own style sheet."""

from __future__ import annotations

import re
import tomllib

from tests.support.paths import ROOT


def test_the_backgrounds_are_those_of_the_theme() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    sheet = (ROOT / "dashboard" / "page.css").read_text(encoding="utf-8")
    found = re.search(r"--page-background: light-dark\((.+), (.+)\);", sheet)
    assert found is not None
    assert found.groups() == (theme["light"]["backgroundColor"], theme["dark"]["backgroundColor"])
