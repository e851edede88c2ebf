"""The label of a result: XMP properties that say how it was made, in the words of IPTC, and its recipe."""

from __future__ import annotations

from colorizer import images
from colorizer.errors import InvalidRecipe
from colorizer.images.xmp.properties import (
    AI_SYSTEM_USED,
    AI_SYSTEM_VERSION_USED,
    CREATOR_TOOL,
    DIGITAL_SOURCE_TYPE,
    PREVIOUS_SOURCE_TYPE,
    RECIPE,
    read_property,
    set_properties,
)
from colorizer.recipe.recipe import PROGRAM, Recipe

# IPTC NewsCodes, scheme "digitalsourcetype": "modification or correction by algorithm without changing the main
# content of the media". The lightness, which is the content of the original, stays; colours are added.
_SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"
ALGORITHMICALLY_ENHANCED = _SCHEME + "algorithmicallyEnhanced"
# Origins that say more than that colours were added: a picture that is itself made by a program stays labelled so.
_SYNTHETIC = {
    f"{scheme}{name}"
    for scheme in (_SCHEME, _SCHEME.replace("http:", "https:"))
    for name in (
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "algorithmicMedia",
        "dataDrivenMedia",
        "virtualRecording",
    )
}


def label_packet(packet: bytes | None, recipe: Recipe) -> bytes | None:
    """The XMP packet of a result, with the label and all that `packet`, which its original has, says besides.

    The source type that the original states (print, negative, ...) is kept as a property of its own. Returns None if
    the packet is no XML to which the label can be added.
    """
    values = {
        AI_SYSTEM_USED: f"{PROGRAM}, model {recipe.model}",
        AI_SYSTEM_VERSION_USED: recipe.version,
        RECIPE: recipe.to_json(),
    }
    previous = read_property(packet, DIGITAL_SOURCE_TYPE) if packet else None
    if previous not in _SYNTHETIC:
        values[DIGITAL_SOURCE_TYPE] = ALGORITHMICALLY_ENHANCED
        if previous and previous != ALGORITHMICALLY_ENHANCED:
            values[PREVIOUS_SOURCE_TYPE] = previous
    if not packet or read_property(packet, CREATOR_TOOL) is None:
        values[CREATOR_TOOL] = f"{PROGRAM} {recipe.version}"
    return set_properties(packet, values)


def read_recipe(packet: bytes | None) -> Recipe:
    """The recipe in a file's XMP packet. Raises InvalidRecipe if there is none, or one that cannot be read."""
    text = read_property(packet, RECIPE) if packet else None
    if text is None:
        raise InvalidRecipe(f"expected a result of {PROGRAM} with a recipe in its XMP, got a file without one")
    return Recipe.from_json(text)


def read_photo_recipe(data: bytes) -> Recipe:
    """The recipe in a photograph's file. Raises InvalidRecipe without one, and what `images.decode` raises."""
    return read_recipe(images.read_xmp(data))
