"""The package as a user installs it: its content, its commands and its dashboard, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import colorizer
from benchmarks.support.server import find_free_port, run_server
from benchmarks.visitor import Visitor
from colorizer import Hint
from colorizer.edits.hints import to_json
from colorizer.network.registry import AFFINITY, DEFAULT_MODEL, MODELS
from tests.support.paths import ROOT, SAMPLES

# The repository must not be found by accident, nor the settings of who runs the tests.
OUTSIDE = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COLORIZER_", "STREAMLIT_"))
}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it prints. Raises AssertionError with its output if it fails."""
    finished = subprocess.run(command, cwd=cwd, env=OUTSIDE, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def build(source: Path, target: Path, kind: str) -> Path:
    """Build `kind` (wheel or sdist) of the project in `source` with the installed hatchling, so without a network."""
    run(sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", target, source, cwd=target)
    (built,) = [path for path in target.iterdir() if path.suffix in (".whl", ".gz")]
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment: the wheel, and by a path file the dependencies from the environment of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    paths = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", scheme="venv", vars=paths))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    install = ("install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", wheel)
    run(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", *install, cwd=folder)
    return folder


def test_the_wheel_holds_what_the_program_reads_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    kinds = ("py", "js", "css", "mo", "png", "ttf", "txt")
    assets = {path.relative_to(ROOT).as_posix() for kind in kinds for path in package_files(kind)}
    samples = {
        f"dashboard/program/{path.relative_to(ROOT).as_posix()}" for path in SAMPLES.rglob("*") if path.is_file()
    }
    program = {"dashboard/program/streamlit_app.py", "dashboard/program/.streamlit/config.toml"}
    weights = {f"colorizer/model/{file.name}" for file in (MODELS[DEFAULT_MODEL].weights, AFFINITY)}
    others = {"colorizer/py.typed"}
    assert {name for name in names if ".dist-info/" not in name} == assets | samples | program | weights | others


def package_files(kind: str) -> list[Path]:
    """The files of both packages with this suffix."""
    return [path for package in ("colorizer", "dashboard") for path in (ROOT / package).rglob(f"*.{kind}")]


def test_the_wheel_has_the_version_and_the_requirements_of_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(path).decode("utf-8"))
    requirements = metadata.get_all("Requires-Dist", [])
    assert metadata["Name"] == "ai-colouriser"
    assert metadata["Version"] == colorizer.__version__
    assert sorted(metadata.get_all("Provides-Extra", [])) == ["archive", "dashboard", "login", "sign"]
    base = [each for each in requirements if "extra ==" not in each]
    dashboard = [each for each in requirements if "extra == 'dashboard'" in each]
    for_signatures = [each for each in requirements if "extra == 'sign'" in each]
    for_archives = [each for each in requirements if "extra == 'archive'" in each]
    assert len(for_archives) == count_requirements(ROOT / "requirements-archive.txt")
    assert len(for_signatures) == count_requirements(ROOT / "requirements-sign.txt")
    assert len(base) == count_requirements(ROOT / "requirements-library.txt")
    assert len(dashboard) == count_requirements(ROOT / "requirements.txt")
    assert any(each.startswith("numpy>=") for each in base)
    assert any(each.startswith("streamlit<") for each in dashboard)


def count_requirements(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(bool(line) and not line.startswith(("#", "-")) for line in lines)


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sources, wheels = tmp_path / "sources", tmp_path / "wheels"
    sources.mkdir()
    wheels.mkdir()
    run("tar", "--extract", "--file", build(ROOT, tmp_path, "sdist"), "--directory", sources, cwd=tmp_path)
    (source,) = sources.iterdir()
    assert build(source, wheels, "wheel").read_bytes() == wheel.read_bytes()


def test_the_packages_and_the_weights_are_those_of_the_wheel(environment: Path, tmp_path: Path) -> None:
    program = (
        "import colorizer, dashboard; from colorizer.network.weights import built_in_folder;"
        "print(colorizer.__file__, dashboard.__file__, built_in_folder(), sep='\\n')"
    )
    printed = run(environment / "bin" / "python", "-c", program, cwd=tmp_path)
    assert [Path(line).is_relative_to(environment.resolve()) for line in printed.splitlines()] == [True] * 3


def test_the_command_colorizes_a_photograph_from_another_folder(environment: Path, tmp_path: Path) -> None:
    photograph, result, hints = SAMPLES / "pagoda.jpg", tmp_path / "out.png", tmp_path / "hints.json"
    hints.write_text(to_json([Hint(0.3, 0.3, "#c03020", alike=True)]), encoding="utf-8")  # needs both networks
    run(environment / "bin" / "colorizer", photograph, "-o", result, "--hints", hints, cwd=tmp_path)
    with Image.open(photograph) as gray, Image.open(result) as colored:
        assert colored.size == gray.size
        channels = np.asarray(colored.convert("RGB")).astype(int)
    assert np.ptp(channels, axis=2).mean() > 5  # levels between the channels; a grey picture has none


def test_the_dashboard_says_its_version(environment: Path, tmp_path: Path) -> None:
    printed = run(environment / "bin" / "ai-colouriser", "--version", cwd=tmp_path)
    assert printed == f"ai-colouriser {colorizer.__version__}\n"


def test_the_dashboard_opens_from_another_folder(environment: Path, tmp_path: Path) -> None:
    port, output = find_free_port(), tmp_path / "output.txt"
    command = [str(environment / "bin" / "ai-colouriser"), "--server.headless=true", f"--server.port={port}"]
    with run_server(command, port, output, cwd=tmp_path, env=OUTSIDE) as server, Visitor(server.url) as visitor:
        assert len(visitor.elements("imgs")) == len(list(SAMPLES.glob("*.jpg")))
        assert not visitor.elements("exception")
        assert "default-src 'self'" in visitor.fetch("/").headers["Content-Security-Policy"]
    assert f"http://localhost:{port}" in output.read_text(encoding="utf-8")  # and so for this computer alone
