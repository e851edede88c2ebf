"""How a result was made: the recipe, and the label that carries it in the result's file."""

from colorizer.recipe.label import ALGORITHMICALLY_ENHANCED, label_packet, read_photo_recipe, read_recipe
from colorizer.recipe.photo import LabeledPhoto, PhotoSettings, encode_result
from colorizer.recipe.recipe import PROGRAM, Recipe, make_recipe

__all__ = [
    "ALGORITHMICALLY_ENHANCED",
    "PROGRAM",
    "LabeledPhoto",
    "PhotoSettings",
    "Recipe",
    "encode_result",
    "label_packet",
    "make_recipe",
    "read_photo_recipe",
    "read_recipe",
]
