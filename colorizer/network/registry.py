"""The table of models. To add a model, add a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from colorizer.errors import UnknownModel


@dataclass(frozen=True)
class WeightsFile:
    """A file of network weights, as published.

    `size`: in bytes. `sha256`: 64 hexadecimal digits. `urls`: mirrors, in the order in which they are tried; empty if
    the file comes with the program.
    """

    name: str
    size: int
    sha256: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelSpec:
    """One colour network: from L minus 50 to ab, in CIE units, and to logits over the 313 colour points.

    `output`, `logits`: the names of the blobs with ab and the logits. `side`: of the square input, in pixels.
    At vividness 1, the colours are the annealed mean at `vivid_temperature` times `vivid_gain`.
    `calibrated_temperature`: of the softmax whose 90 % sets come nearest to holding the true colours of 90 % of places
    (`python -m benchmarks.calibration`); 1 where it was not measured.
    """

    name: str
    title: str
    summary: str
    format: Literal["caffe", "onnx"]
    weights: WeightsFile
    output: str
    logits: str
    vivid_temperature: float
    vivid_gain: float
    license: str
    side: int = 224
    calibrated_temperature: float = 1.0


MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="compact",
            title="Compact",
            summary="Our own small network: comes with the program, fast enough for video.",
            format="onnx",
            weights=WeightsFile(
                name="compact.onnx",
                size=20305091,
                sha256="26e4184e495b6213e2b46c9d61c28937a5bd81ba84ce1afc2900eb395001983f",
            ),
            output="ab",
            logits="logits",
            vivid_temperature=0.42,
            vivid_gain=1.06,
            calibrated_temperature=0.75,
            license="MIT",
        ),
        ModelSpec(
            name="zhang2016",
            title="Zhang et al. 2016",
            summary="The authors' network: 129 MB to fetch once, more vivid, about twenty times slower.",
            format="caffe",
            weights=WeightsFile(
                name="colorization_release_v2.caffemodel",
                size=128946764,
                sha256="f5af1e602646328c792e1094f9876fe9cd4c09ac46fa886e5708a1abc89137b1",
                urls=(
                    "https://dl.opencv.org/models/colorization_release_v2.caffemodel",
                    "https://storage.openvinotoolkit.org/repositories/datumaro/models/colorization/colorization_release_v2.caffemodel",
                    "https://www.dropbox.com/s/dx0qvhhp5hbcx7z/colorization_release_v2.caffemodel?dl=1",
                ),
            ),
            output="class8_ab",
            logits="conv8_313",
            vivid_temperature=0.15,
            vivid_gain=1.0,
            license="BSD-2-Clause, (c) 2016 Richard Zhang, Phillip Isola, Alexei A. Efros",
        ),
    )
}
DEFAULT_MODEL = "compact"

# Comes with the program: what is where in a picture, from inner layers of `compact`. See `colorizer/network/places.py`.
AFFINITY = WeightsFile(
    name="affinity.onnx",
    size=1175252,
    sha256="24aafa4369b5c7378cc2c40c5a958f69cba97b287ffdebe5044f21d20cd08d2b",
)


def find_model(name: str) -> ModelSpec:
    """The row of `MODELS` with this name. Raises UnknownModel if there is none."""
    try:
        return MODELS[name]
    except KeyError:
        raise UnknownModel(f"expected one of the models {', '.join(MODELS)}, got {name!r}") from None
