"""Key frames: colours that a person gave to single frames of a shot, carried through the others."""

from colorizer.frames.keyframes.key_frame import KeyFrame
from colorizer.frames.keyframes.shot_colors import FramePredictor, ShotColors, carry
from colorizer.frames.keyframes.stills import AlignedStill, align_still

__all__ = ["AlignedStill", "FramePredictor", "KeyFrame", "ShotColors", "align_still", "carry"]
