"""Films: from a file in black and white to an MP4 file in colour that browsers play, with its sound."""

from colorizer.video.colorize import colorize_video, estimate_seconds
from colorizer.video.probe import probe
from colorizer.video.types import TARGET_SUFFIX, VIDEO_SUFFIXES, Progress, VideoInfo, VideoOptions, VideoResult

__all__ = [
    "TARGET_SUFFIX",
    "VIDEO_SUFFIXES",
    "Progress",
    "VideoInfo",
    "VideoOptions",
    "VideoResult",
    "colorize_video",
    "estimate_seconds",
    "probe",
]
