"""Colour black-and-white films: from a video file to a file with the same sound, by default MP4 that browsers play."""

from colorizer.video.colorize import colorize_video
from colorizer.video.containers import TARGET_SUFFIXES
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.film import find_shots
from colorizer.video.directing.shots import Shot
from colorizer.video.estimate import Pace, estimate_seconds, measure_pace
from colorizer.video.formats import VideoEncoding
from colorizer.video.limits import VideoLimits
from colorizer.video.probe import probe
from colorizer.video.types import TARGET_SUFFIX, VIDEO_SUFFIXES, Progress, VideoInfo, VideoOptions, VideoResult

__all__ = [
    "TARGET_SUFFIX",
    "TARGET_SUFFIXES",
    "VIDEO_SUFFIXES",
    "Direction",
    "FilmKey",
    "Pace",
    "Progress",
    "Shot",
    "VideoEncoding",
    "VideoInfo",
    "VideoLimits",
    "VideoOptions",
    "VideoResult",
    "colorize_video",
    "estimate_seconds",
    "find_shots",
    "measure_pace",
    "probe",
]
