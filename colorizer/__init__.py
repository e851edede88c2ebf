"""Colour for black-and-white pictures, on an ordinary CPU.

from colorizer import load_colorizer
rgb = load_colorizer("compact").colorize(grey)
"""

from colorizer.analysis import Analysis
from colorizer.edits.geometry import Geometry
from colorizer.edits.hints import Hint
from colorizer.edits.look import Look
from colorizer.edits.restoration import Restoration
from colorizer.edits.strokes import Stroke
from colorizer.errors import (
    ColorizerError,
    DownloadFailed,
    ImageTooLarge,
    InvalidArchive,
    InvalidHints,
    InvalidImage,
    InvalidRecipe,
    InvalidSetting,
    InvalidVideo,
    SigningFailed,
    UnknownModel,
    VideoNotWritten,
    WeightsInvalid,
    WeightsMissing,
)
from colorizer.network.registry import DEFAULT_MODEL, MODELS, ModelSpec
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.version import __version__ as __version__

__all__ = [
    "DEFAULT_MODEL",
    "MODELS",
    "Analysis",
    "Colorizer",
    "ColorizerError",
    "DownloadFailed",
    "Geometry",
    "Hint",
    "ImageTooLarge",
    "InvalidArchive",
    "InvalidHints",
    "InvalidImage",
    "InvalidRecipe",
    "InvalidSetting",
    "InvalidVideo",
    "Look",
    "ModelSpec",
    "Restoration",
    "SigningFailed",
    "Stroke",
    "UnknownModel",
    "VideoNotWritten",
    "WeightsInvalid",
    "WeightsMissing",
    "load_colorizer",
]
