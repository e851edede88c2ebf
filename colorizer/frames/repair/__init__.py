"""Repair of old films: dust, vertical scratches, flicker of the brightness, an unsteady picture. All off by default.

Each works on the luma of one shot, frame by frame, with a window of a few frames around it.
"""

from colorizer.frames.repair.shot import STEADY_EDGES, FilmRepair, SteadyEdges, repair_shot

__all__ = ["STEADY_EDGES", "FilmRepair", "SteadyEdges", "repair_shot"]
