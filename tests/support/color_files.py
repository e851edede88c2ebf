"""Colours each file of a folder: `python -m tests.support.color_files FOLDER`. Prints its name and the result.

The process ends itself if a file takes too long, even inside C code; its memory is limited.
"""

from __future__ import annotations

import resource
import signal
import sys
import warnings
from pathlib import Path

from colorizer import ColorizerError, images, load_colorizer

SECONDS = 10
MEMORY = 3 << 30  # bytes of address space: enough for 100 megapixels and the libraries


def main() -> None:
    warnings.simplefilter("ignore")  # Pillow's, about the damage
    colorizer = load_colorizer("compact")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(path.name, end="\t", flush=True)
        signal.alarm(SECONDS)
        try:
            picture = images.decode(path.read_bytes())
            colorized = colorizer.colorize_picture(picture)
            images.encode(colorized, ".jpg")
        except ColorizerError as error:
            print(f"refused: {error}", flush=True)
        else:
            print(f"coloured: {colorized.width} x {colorized.height}", flush=True)
        signal.alarm(0)


if __name__ == "__main__":
    main()
