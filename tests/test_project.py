"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("colorizer", "dashboard", "training", "benchmarks")
LINE_LIMIT = 250
TEST_COMMAND = "make test"

MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
REQUIREMENT_FILES = sorted([*ROOT.glob("requirements*.txt"), *ROOT.glob("training/requirements*.txt")])
# A name, perhaps extras in brackets, at least one bound, and the reason behind a hash sign.
REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(\[[\w,]+\])?(>=|==|~=)[^#]+#\s*\S.*")


def imported_packages(path: Path) -> set[str]:
    """The top-level packages that a module imports anywhere, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("module", MODULES, ids=name_of)
every_library_module = pytest.mark.parametrize(
    "module", [path for path in MODULES if name_of(path).startswith("colorizer/")], ids=name_of
)
every_requirement_file = pytest.mark.parametrize("requirement_file", REQUIREMENT_FILES, ids=name_of)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_modules_to_check(package: str) -> None:
    assert any(name_of(path).startswith(f"{package}/") for path in MODULES)


@every_library_module
def test_the_library_does_not_know_the_dashboard(module: Path) -> None:
    assert not imported_packages(module) & {"streamlit", "streamlit_webrtc", "dashboard"}


@every_module
def test_only_the_streamer_imports_streamlit_webrtc(module: Path) -> None:
    assert "streamlit_webrtc" not in imported_packages(module) or name_of(module) == "dashboard/webcam/streamer.py"


@pytest.mark.parametrize("script", ["streamlit_app.py", "dashboard/page.py"])
def test_the_page_script_leaves_pictures_to_the_library(script: str) -> None:
    assert not imported_packages(ROOT / script) & {"cv2", "streamlit_webrtc"}


@every_module
def test_no_module_grows_beyond_the_limit(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LINE_LIMIT


@every_requirement_file
def test_every_requirement_has_a_bound_and_a_reason(requirement_file: Path) -> None:
    lines = [line.strip() for line in requirement_file.read_text(encoding="utf-8").splitlines()]
    requirements = [line for line in lines if line and not line.startswith(("#", "-"))]
    assert requirements
    assert [line for line in requirements if not REQUIREMENT.fullmatch(line)] == []


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    # Checked as text, because a test that runs all tests would never end.
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(rf"^(exec )?{TEST_COMMAND}\b", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert TEST_COMMAND in (ROOT / "README.md").read_text(encoding="utf-8")
    assert ".ci/run" in (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
