"""The recipe of a result: all that made it from its original, as canonical JSON.

There is nothing private in it: no names, no paths, no times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib import metadata
from typing import Any, Literal, TypeVar

from colorizer.errors import InvalidRecipe
from colorizer.network.registry import ModelSpec
from colorizer.recipe.plain import from_document, from_plain, to_json, to_plain
from colorizer.version import __version__

PROGRAM = "AI Colouriser"
FORMAT = 1  # of the JSON document
MAX_BYTES = 4_000_000  # of a document; 100 hints take about 10,000
# What the bytes of a result depend on besides this program; those that are not installed are left out.
_LIBRARIES = ("av", "imagecodecs", "numpy", "opencv-python-headless", "pillow", "scipy")

Medium = Literal["photo", "film"]
_SHA256 = re.compile(r"[0-9a-f]{64}")
Settings = TypeVar("Settings")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What made a result.

    `medium`: "photo" or "film". `original`, `model_sha256`: SHA-256 of the content of the original's file and of the
    model's weights, 64 lower-case hexadecimal digits. `model`: the model's name. `version`: of this program.
    `libraries`: the versions of those that the result's bytes depend on. `settings`: plain values, see `settings_as`.
    Raises InvalidRecipe, which is a ValueError, for other hashes.
    """

    medium: Medium
    original: str
    model: str
    model_sha256: str
    version: str
    libraries: Mapping[str, str]
    settings: Mapping[str, Any]
    recipe: int = FORMAT

    def __post_init__(self) -> None:
        for name in ("original", "model_sha256"):
            if not _SHA256.fullmatch(getattr(self, name)):
                raise InvalidRecipe(
                    f"expected {name} to be a SHA-256, 64 lower-case hexadecimal digits, got another text"
                )

    def to_json(self) -> str:
        """The canonical document: sorted keys, no spaces, ASCII alone. Equal recipes have equal documents."""
        return to_json(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Recipe:
        """The recipe of a document of up to MAX_BYTES. Its settings are checked by `settings_as`.

        Raises InvalidRecipe for what is no such document, or one of a later format.
        """
        return from_document(cls, text, "recipe", FORMAT, MAX_BYTES)

    def settings_as(self, kind: type[Settings]) -> Settings:
        """The settings as the dataclass `kind`. Raises InvalidRecipe if they are not valid or not all known."""
        return from_plain(kind, dict(self.settings), "settings")

    def differences(self, other: Recipe) -> Iterator[str]:
        """Sentences on what besides the settings was different when `other` was made: versions and model."""
        if self.version != other.version:
            yield f"made by version {self.version} of the program, now {other.version}"
        if (self.model, self.model_sha256) != (other.model, other.model_sha256):
            yield (
                f"made with the model {self.model} ({self.model_sha256[:12]}...), "
                f"now {other.model} ({other.model_sha256[:12]}...)"
            )
        for name in sorted(self.libraries.keys() | other.libraries.keys()):
            made, now = (each.libraries.get(name, "none") for each in (self, other))
            if made != now:
                yield f"made with {name} {made}, now {now}"


def make_recipe(medium: Medium, original: str, model: ModelSpec, settings: object) -> Recipe:
    """The recipe of a result that this program makes now.

    `original`: the SHA-256 of the original's file. `settings`: a dataclass of plain values, or the plain values. Equal
    numbers of a dataclass are written alike, such as 1 and 1.0.
    """
    plain = to_plain(settings)
    if is_dataclass(settings):
        plain = to_plain(from_plain(type(settings), plain, "settings"))
    return Recipe(
        medium=medium,
        original=original,
        model=model.name,
        model_sha256=model.weights.sha256,
        version=__version__,
        libraries=_library_versions(),
        settings=plain,
    )


@cache
def _library_versions() -> Mapping[str, str]:
    installed = {item.name.lower(): item.version for name in _LIBRARIES for item in metadata.distributions(name=name)}
    return {name: installed[name] for name in _LIBRARIES if name in installed}
