"""Colour for black-and-white pictures, on an ordinary CPU.

from colorizer import load_colorizer
rgb = load_colorizer("compact").colorize(grey)
"""

from colorizer.errors import (
    ColorizerError,
    DownloadFailed,
    ImageTooLarge,
    InvalidArchive,
    InvalidHints,
    InvalidImage,
    InvalidSetting,
    InvalidVideo,
    UnknownModel,
    VideoNotWritten,
    WeightsInvalid,
    WeightsMissing,
)
from colorizer.hints import Hint
from colorizer.look import Look
from colorizer.models import DEFAULT_MODEL, MODELS, ModelSpec
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.restore import Care
from colorizer.study import Study

__all__ = [
    "DEFAULT_MODEL",
    "MODELS",
    "Care",
    "Colorizer",
    "ColorizerError",
    "DownloadFailed",
    "Hint",
    "ImageTooLarge",
    "InvalidArchive",
    "InvalidHints",
    "InvalidImage",
    "InvalidSetting",
    "InvalidVideo",
    "Look",
    "ModelSpec",
    "Study",
    "UnknownModel",
    "VideoNotWritten",
    "WeightsInvalid",
    "WeightsMissing",
    "load_colorizer",
]
__version__ = "0.1.0"
