"""The computations of the How it works tab: every step of the method for one picture. Independent of Streamlit."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from colorizer import Colorizer, images
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.color.tint import Coloring, find_coloring
from colorizer.images import Picture
from colorizer.network.color_classes import class_counts
from colorizer.network.predictor import Prediction
from colorizer.network.zhang2016 import ANNEALED_MEAN_TEMPERATURE, anneal, annealed_mean
from colorizer.picture import flatten_alpha, point_to_pixel
from colorizer.resize import resize
from dashboard.server.workers.limits import decode_picture

LESSON_SIDE = 800  # pixels, longest side of the picture that is kept and sent to the page
TRUTH_SIDE = 224  # pixels, side of the true ab that is kept; larger than the answers of both networks
FALSE_LIGHTNESS = 65.0  # L at which ab is shown alone; about the L with the largest sRGB gamut
CELL_PIXELS = 8  # each pixel of the network's answer is drawn as a square with this side


@dataclass(frozen=True)
class Truth:
    """The true colours of a picture: ab (224, 224, 2) float32, and (313,) counts of the colour classes."""

    ab: Floats
    counts: NDArray[np.intp]


@dataclass(frozen=True)
class ModelAnswer:
    """One run of a model. `network_input`: the L that it gets, as PNG. `seconds`: the time of the run."""

    network_input: bytes
    prediction: Prediction
    seconds: float
    counts: NDArray[np.intp]  # (313,) counts of the colour classes at the paper's temperature


@dataclass(frozen=True)
class Spot:
    """One pixel of the network's answer. `mean` and `truth`: (2,) ab. `truth` is None where it is unknown."""

    row: int
    column: int
    lightness: float
    probabilities: Floats  # (313,) at the temperature
    mean: Floats
    truth: Floats | None


@dataclass(frozen=True)
class Result:
    """The colours of one answer at one temperature.

    `cells`: ab alone at the network's resolution, as PNG. `stretched`: ab alone at the picture's size, as JPEG.
    `colorized`: ab merged with L, as JPEG. `chroma` and `spread`: mean chroma and standard deviation of the network's
    ab, both in CIE units.
    """

    model: str
    temperature: float
    cells: bytes
    stretched: bytes
    colorized: bytes
    chroma: float
    spread: float


@dataclass
class Lesson:
    """The picture of this session and all results for it, in memory only.

    `planes`: L, a and b as JPEG files, a and b at a constant lightness. `truth`: None for a grey
    or tinted picture, whose colours, if any, are not those of what it shows.
    """

    source: str
    name: str
    picture: Picture
    planes: tuple[bytes, bytes, bytes]
    coloring: Coloring
    truth: Truth | None
    point: tuple[float, float] = (0.5, 0.5)  # 0..1 of width and height
    answers: dict[str, ModelAnswer] = field(default_factory=dict)
    _result: Result | None = None

    @classmethod
    def from_picture(cls, source: str, name: str, picture: Picture) -> Lesson:
        """Make a lesson from a decoded picture. Only a copy of at most `LESSON_SIDE` pixels is kept."""
        picture = flatten_alpha(images.shrink(picture, LESSON_SIDE))
        lightness = lab.luminance(picture.pixels)
        gray = _encode_jpeg(lab.luminance_to_rgb(lightness))
        ab = lab.rgb_to_lab(picture.pixels)[..., 1:] if picture.pixels.ndim == 3 else np.zeros((1, 1, 2), np.float32)
        coloring = find_coloring(picture.pixels)
        a, b = (_encode_jpeg(_ab_alone(ab * np.array(only, np.float32), *lightness.shape)) for only in ((1, 0), (0, 1)))
        is_true = coloring is Coloring.COLORED
        truth = Truth(resize(ab, TRUTH_SIDE, TRUTH_SIDE), class_counts(ab)) if is_true else None
        return cls(source, name, picture, (gray, a, b), coloring, truth)

    @classmethod
    def from_file(cls, source: str, name: str, data: bytes, max_pixels: int) -> Lesson:
        """Make a lesson from a picture file. Raises InvalidImage, ImageTooLarge."""
        return cls.from_picture(source, name, decode_picture(data, max_pixels=max_pixels))

    def aim(self, point: tuple[float, float]) -> None:
        self.point = point

    def run_model(self, colorizer: Colorizer) -> ModelAnswer:
        """The answer of a model. The network runs once for each picture."""
        name = colorizer.spec.name
        if name not in self.answers:
            started = time.perf_counter()
            prediction = colorizer.predict(self.picture.pixels)
            seconds = time.perf_counter() - started
            network_input = images.encode(
                Picture(lab.luminance_to_rgb(colorizer.network_input(self.picture.pixels))), ".png"
            )
            counts = class_counts(annealed_mean(prediction.scores, ANNEALED_MEAN_TEMPERATURE))
            self.answers[name] = ModelAnswer(network_input, prediction, seconds, counts)
        return self.answers[name]

    def spot(self, model: str, temperature: float) -> Spot:
        """The distribution at the current point. `model` must have been run before."""
        scores = self.answers[model].prediction.scores
        height, width = scores.shape[1:]
        row, column = point_to_pixel(*self.point, (height, width))
        here = scores[:, row : row + 1, column : column + 1]
        return Spot(
            row,
            column,
            float(lab.luminance(resize(self.picture.pixels, width, height))[row, column]),
            anneal(here, temperature)[:, 0, 0],
            annealed_mean(here, temperature)[0, 0],
            None if self.truth is None else resize(self.truth.ab, width, height)[row, column],
        )

    def result(self, model: str, temperature: float) -> Result:
        """The colours of the model's answer at a temperature above 0. The last result is cached."""
        if self._result is None or (self._result.model, self._result.temperature) != (model, temperature):
            ab = annealed_mean(self.answers[model].prediction.scores, temperature)
            pixels = self.picture.pixels
            self._result = Result(
                model,
                temperature,
                _enlarge(_ab_alone(ab, *ab.shape[:2])),
                _encode_jpeg(_ab_alone(ab, *pixels.shape[:2])),
                _encode_jpeg(merge(pixels, ab)),
                float(np.hypot(ab[..., 0], ab[..., 1]).mean()),
                float(np.hypot(*ab.std((0, 1)))),
            )
        return self._result


def _ab_alone(ab: Floats, height: int, width: int) -> Pixels:
    """ab (h, w, 2) stretched over a picture of constant lightness: RGB (height, width, 3) uint8."""
    level = lab.luminance_to_rgb(np.full((1, 1), FALSE_LIGHTNESS, np.float32))[0, 0, 0]
    return merge(np.full((height, width), level, np.uint8), ab)


def _enlarge(pixels: Pixels) -> bytes:
    """A PNG file with each pixel as a square, because browsers would blur a small picture."""
    return images.encode(Picture(pixels.repeat(CELL_PIXELS, 0).repeat(CELL_PIXELS, 1)), ".png")


def _encode_jpeg(pixels: Pixels) -> bytes:
    return images.encode(Picture(pixels), ".jpg")
