"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("colorizer", "dashboard", "training", "benchmarks")
MOST_LINES, FEWEST_LINES = 200, 40
SHORT_MODULES = {  # and the reason why each is a module of its own
    "benchmarks/recipe.py": "the steps of another program, which several benchmarks compare with",
    "colorizer/arrays.py": "types of arrays, which every other module may import",
    "colorizer/cli/console.py": "all commands print with it",
    "colorizer/images/readers/jpeg/trailer.py": "what lies behind a picture, which no other reader needs",
    "colorizer/images/geometry.py": "pixels and metadata turn together here, and edits know no metadata",
    "colorizer/sizes.py": "the page and the command line share it",
    "colorizer/version.py": "the packager reads it, and recipes name it",
    "colorizer/video/truncation.py": "what counts as a film that breaks off, apart from reading it",
    "colorizer/video/display.py": "the page's frame and the preview share it",
    "dashboard/game/classroom/keys.py": "the secrets of a class in one place, for a security review",
    "dashboard/server/logs.py": "the rule on privacy in logs, for a security review",
    "dashboard/webcam/picture.py": "what a worker imports, which must not import Streamlit",
    "dashboard/shared/notes.py": "the tabs for photos and films share it",
    "dashboard/shared/models.py": "all tabs share it",
}
TEST_COMMAND = "make test"

MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)  # an environment of its own
)
REQUIREMENT_FILES = sorted([*ROOT.glob("requirements*.txt"), *ROOT.glob("training/requirements*.txt")])
PRIVATE_PARTS = "dashboard/server/streamlit_internals.py"

# A name, perhaps extras in brackets, at least one bound, and the reason behind a hash sign.
REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*(\[[\w,]+\])?(>=|==|~=)[^#]+#\s*\S.*")


@cache
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


def modules_in(package: str) -> list[Path]:
    return [path for path in MODULES if name_of(path).startswith(f"{package}/")]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_modules_to_check(package: str) -> None:
    assert modules_in(package)


def test_the_library_does_not_know_the_dashboard() -> None:
    foreign = {"streamlit", "streamlit_webrtc", "dashboard"}
    assert [name_of(module) for module in modules_in("colorizer") if imported_packages(module) & foreign] == []


def test_only_the_streamer_imports_streamlit_webrtc() -> None:
    importers = {name_of(module) for module in MODULES if "streamlit_webrtc" in imported_packages(module)}
    assert importers <= {"dashboard/webcam/streamer.py", PRIVATE_PARTS}


def test_private_parts_of_streamlit_are_touched_in_one_file() -> None:
    private = re.compile(r"^\s*(from|import) streamlit(_webrtc)?\.|\bruntime\.get_instance|_set_state\(", re.MULTILINE)
    touching = {
        name_of(module) for module in modules_in("dashboard") if private.search(module.read_text(encoding="utf-8"))
    }
    assert touching <= {PRIVATE_PARTS}


@pytest.mark.parametrize("script", ["streamlit_app.py", "dashboard/page.py"])
def test_the_page_script_leaves_pictures_to_the_library(script: str) -> None:
    assert not imported_packages(ROOT / script) & {"cv2", "streamlit_webrtc"}


def test_no_module_knows_the_tests() -> None:
    assert [name_of(module) for module in MODULES if "tests" in imported_packages(module)] == []


def test_a_module_is_neither_long_nor_short_without_a_reason() -> None:
    lines = {module: len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {name_of(module): count for module, count in lines.items() if count > MOST_LINES} == {}
    unnamed = {"__init__.py", "__main__.py"}
    short = {name_of(module) for module in MODULES if lines[module] < FEWEST_LINES and module.name not in unnamed}
    assert short == set(SHORT_MODULES)


@pytest.mark.parametrize("requirement_file", REQUIREMENT_FILES, ids=name_of)
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
