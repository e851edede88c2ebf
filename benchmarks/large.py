"""Large photographs against the reference recipe with the same network: `python -m benchmarks.large`.

Prints Markdown: arrays of several sizes, JPEG bytes to JPEG bytes, and the memory for 100 megapixels. Each time is the
fastest of several alternating runs. Memory is the rise of the peak resident set; for 100 megapixels it is the whole
peak, in a separate process (Linux only).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks import recipe
from benchmarks.timing import peak_megabytes, photograph, status_megabytes, time_fastest
from colorizer import Colorizer, images, load_colorizer
from colorizer.arrays import Pixels

SIZES = {"0.3": (480, 640), "2": (1200, 1668), "12": (3000, 4000), "24": (4000, 6000)}  # megapixels -> rows, columns
HUGE = (10_000, 10_000)  # rows and columns
JPEG_OPTIONS = [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]  # as ours: 4:4:4


def colorized_photograph(rows: int, columns: int) -> Pixels:
    """The benchmark's picture in sepia: RGB uint8 with different channels."""
    tint = np.array([[1.0, 0.0, 0.0], [0.85, 0.0, 0.0], [0.6, 0.0, 0.0]], np.float32)
    return np.asarray(cv2.transform(photograph(rows, columns), tint), np.uint8)


def jpeg(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), JPEG_OPTIONS)[1])


def recipe_on_jpeg(data: bytes, colorizer: Colorizer) -> bytes:
    """Decode with OpenCV, run the recipe, encode with OpenCV."""
    bgr = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    return jpeg(recipe.colorize(np.asarray(rgb, np.uint8), colorizer.predict_ab, colorizer.spec.side))


def ours_on_jpeg(data: bytes, colorizer: Colorizer) -> bytes:
    return images.encode(colorizer.colorize_picture(images.decode(data)), ".jpg")


def compare_arrays(colorizer: Colorizer, runs: int) -> None:
    print(f"Whole photographs with `{colorizer.spec.name}`, RGB array to RGB array\n")
    print("| megapixels | ours ms | recipe ms | times faster | ours MB | recipe MB | times less |")
    print("|---|---|---|---|---|---|---|")
    rows, columns = SIZES["24"]
    pictures = {size: photograph(*shape) for size, shape in SIZES.items()}
    pictures["24, sepia"] = colorized_photograph(rows, columns)
    for size, picture in pictures.items():
        ours = partial(colorizer.colorize, picture)
        theirs = partial(recipe.colorize, picture, colorizer.predict_ab, colorizer.spec.side)
        seconds = time_fastest({"ours": ours, "recipe": theirs}, runs)
        memory = {"ours": peak_megabytes(ours), "recipe": peak_megabytes(theirs)}
        # A rise below one megabyte is noise, because it fits into memory that the process already had.
        less = f"{memory['recipe'] / memory['ours']:.1f}" if memory["ours"] >= 1 else "-"
        print(
            f"| {size} | {seconds['ours'] * 1e3:.0f} | {seconds['recipe'] * 1e3:.0f} "
            f"| {seconds['recipe'] / seconds['ours']:.1f} | {memory['ours']:.0f} | {memory['recipe']:.0f} | {less} |"
        )


def compare_files(colorizer: Colorizer, runs: int) -> None:
    data = jpeg(photograph(*SIZES["24"]))
    picture = images.decode(data)
    seconds = time_fastest(
        {
            "ours": partial(ours_on_jpeg, data, colorizer),
            "recipe": partial(recipe_on_jpeg, data, colorizer),
            "decoding": partial(images.decode, data),
            "colouring": partial(colorizer.colorize_picture, picture),
            "encoding": partial(images.encode, picture, ".jpg"),
        },
        runs,
    )
    print("\nFrom the bytes of a JPEG to those of a JPEG, 24 megapixels, quality 95, 4:4:4\n")
    print("| ours ms | recipe ms | times faster | ours: decoding | colouring | encoding |")
    print("|---|---|---|---|---|---|")
    steps = " | ".join(f"{seconds[name] * 1e3:.0f}" for name in ("decoding", "colouring", "encoding"))
    ours, theirs = seconds["ours"], seconds["recipe"]
    print(f"| {ours * 1e3:.0f} | {theirs * 1e3:.0f} | {theirs / ours:.1f} | {steps} |")


def measure_memory() -> None:
    """Measure the largest picture that is accepted by default, each file type in its own process."""
    print(f"\n{HUGE[0] * HUGE[1] / 1e6:.0f} megapixels from file to file, memory of the whole process\n")
    print("| file | peak resident set, MB |")
    print("|---|---|")
    kinds = {"JPEG": (".jpg", 1), "PNG": (".png", 1), "TIFF of 16 bits": (".tif", 257)}
    for name, (suffix, factor) in kinds.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"huge{suffix}"
            pixels = photograph(*HUGE)
            pixels = pixels if factor == 1 else pixels * np.uint16(factor)
            path.write_bytes(images.encode(images.Picture(pixels), suffix))
            del pixels
            command = [sys.executable, "-m", "benchmarks.large", "--file", str(path)]
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
            print(f"| {name} | {answer.stdout.strip()} |", flush=True)


def colorize_file(path: Path) -> None:
    """Colour one file in place and print the peak resident set in MB."""
    colorizer = load_colorizer("compact")
    path.write_bytes(images.encode(colorizer.colorize_picture(images.decode(path.read_bytes())), path.suffix))
    # Not getrusage: its peak includes that of the parent process before the fork.
    print(f"{status_megabytes('VmHWM'):.0f}")


def compare_large(runs: int) -> None:
    """Run all sections."""
    colorizer = load_colorizer("compact")
    compare_arrays(colorizer, runs)
    compare_files(colorizer, runs)
    measure_memory()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--file", type=Path, help="colour this file in place and print the peak memory")
    arguments = parser.parse_args()
    if arguments.file is not None:
        colorize_file(arguments.file)
        return
    print(f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads\n")
    compare_large(arguments.runs)


if __name__ == "__main__":
    main()
