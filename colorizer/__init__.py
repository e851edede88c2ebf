"""Colour for black-and-white pictures, on an ordinary CPU.

from colorizer import load_colorizer
rgb = load_colorizer("compact").colorize(grey)
"""

from colorizer.errors import (
    ColorizerError,
    DownloadFailed,
    ImageTooLarge,
    InvalidImage,
    InvalidSetting,
    InvalidVideo,
    UnknownModel,
    VideoNotWritten,
    WeightsInvalid,
    WeightsMissing,
)
from colorizer.models import DEFAULT_MODEL, MODELS, ModelSpec
from colorizer.pipeline import Colorizer, load_colorizer

__all__ = [
    "DEFAULT_MODEL",
    "MODELS",
    "Colorizer",
    "ColorizerError",
    "DownloadFailed",
    "ImageTooLarge",
    "InvalidImage",
    "InvalidSetting",
    "InvalidVideo",
    "ModelSpec",
    "UnknownModel",
    "VideoNotWritten",
    "WeightsInvalid",
    "WeightsMissing",
    "load_colorizer",
]
__version__ = "0.1.0"
