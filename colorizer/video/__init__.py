"""Colour black-and-white films: from a video file to an MP4 file with the same sound that browsers play."""

from colorizer.video.colorize import colorize_video, estimate_seconds
from colorizer.video.limits import VideoLimits
from colorizer.video.probe import probe
from colorizer.video.types import TARGET_SUFFIX, VIDEO_SUFFIXES, Progress, VideoInfo, VideoOptions, VideoResult

__all__ = [
    "TARGET_SUFFIX",
    "VIDEO_SUFFIXES",
    "Progress",
    "VideoInfo",
    "VideoLimits",
    "VideoOptions",
    "VideoResult",
    "colorize_video",
    "estimate_seconds",
    "probe",
]
