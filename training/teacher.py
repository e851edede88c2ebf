"""What an ImageNet classifier names in the colour photographs: `python -m training.teacher CACHE/train`.

`train` lets the encoder predict it from the grey crop (distillation, Hinton et al. 2015), so that the encoder keeps
what ImageNet taught it. The classifier is EfficientNet-Lite2; its logits for each photograph are written to
`teacher.npy`.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training import data
from training.encoder import LITE2, load_classifier

FILE = "teacher.npy"  # (photographs, CLASSES) float16, beside the packed photographs
CLASSES = 1000
SIDE = 224  # pixels of the classifier's input


class Student(nn.Module):
    """Names what is in the picture from the deepest features (N, C, h, w) of the encoder: logits (N, CLASSES)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(channels, CLASSES)

    def forward(self, deepest: Tensor) -> Tensor:
        logits: Tensor = self.linear(deepest.mean((2, 3)))
        return logits


def teacher_loss(logits: Tensor, lesson: Tensor) -> Tensor:
    """The mean over photographs of the Kullback-Leibler divergence of the student's classes from the teacher's.

    `logits`, `lesson`: (N, CLASSES) float32.
    """
    return F.kl_div(F.log_softmax(logits, 1), F.log_softmax(lesson, 1), reduction="batchmean", log_target=True)


def load_lessons(folder: Path) -> data.Array:
    """The teacher's logits for each of the packed photographs. Raises ValueError if they were not made."""
    if not (folder / FILE).exists():
        raise ValueError(f"expected {folder / FILE}: make it with `python -m training.teacher {folder}`")
    lessons: data.Array = np.load(folder / FILE, mmap_mode="r")
    return lessons


def write_lessons(folder: Path) -> None:
    """Write the teacher's logits for the packed photographs of `folder`."""
    photos = data.Photographs(folder)
    lessons = np.empty((len(photos), CLASSES), np.float16)
    teacher = _load_teacher()
    for i in range(len(photos)):
        picture = (data.center(photos[i], SIDE).transpose(2, 0, 1)[None].astype(np.float32) - 127) / 128
        lessons[i] = teacher.run(None, {"picture": picture})[0][0]
        if i % 5000 == 0:
            print(f"{i}/{len(photos)}", flush=True)
    np.save(folder / FILE, lessons)


def _load_teacher() -> onnxruntime.InferenceSession:
    """The classifier in onnxruntime, which is ten times as fast here as PyTorch."""
    network = load_classifier(LITE2).eval()
    with io.BytesIO() as exported:
        inputs = torch.zeros(1, 3, SIDE, SIDE)
        torch.onnx.export(network, (inputs,), exported, input_names=["picture"], dynamo=False)
        return onnxruntime.InferenceSession(exported.getvalue())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="a folder written by training.data")
    write_lessons(parser.parse_args().photos)


if __name__ == "__main__":
    main()
