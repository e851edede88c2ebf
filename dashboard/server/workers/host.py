"""The host: a process with one thread that has imported the library, and forks a worker for each task.

`python -m dashboard.server.workers.host DESCRIPTOR`, where the descriptor is a socket to the dashboard's process. If
that process ends, in whatever way, the socket closes, and the host ends all workers and itself.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal
import socket
import struct
import sys
from dataclasses import replace

import cv2
import numpy as np

from colorizer import DEFAULT_MODEL, MODELS, images
from colorizer.color.merge import merge
from colorizer.edits.print_finding import find_print
from colorizer.images import Picture
from colorizer.recipe import PhotoSettings, encode_result
from dashboard.server.workers.task import do_task

LOGGER = logging.getLogger(__name__)

# The number of a worker and a signal for it. FORK comes with the worker's socket and the name of its task's module, for
# the host to import it once for all.
ORDER = struct.Struct("!Qi")
FORK = 0
_LONGEST = 4096  # bytes of an order
# What tasks import. These are loaded on first use otherwise, by each worker again.
_PRELOADED = (
    "colorizer.video", "PIL.ImageCms", "imagecodecs", "simplejpeg", "pi_heif", "scipy.sparse.linalg", "tifffile",
)  # fmt: skip


def serve(control: socket.socket) -> None:
    """Follow the orders of the dashboard until its process ends. Returns in workers too, when they are done."""
    workers: dict[int, int] = {}  # number -> process ID, which cannot be another's before `waitpid`
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, _LONGEST, 1)
        if not order:
            break
        number, sent = ORDER.unpack(order[: ORDER.size])
        if sent == FORK:
            importlib.import_module(order[ORDER.size :].decode())
            with socket.socket(fileno=descriptors[0]) as connection:
                workers[number] = os.fork()
                if not workers[number]:
                    control.close()
                    do_task(connection)
                    return
        elif number in workers:
            os.kill(workers[number], sent)
            if sent == signal.SIGKILL:
                os.waitpid(workers.pop(number), 0)
    for worker in workers.values():
        os.kill(worker, signal.SIGKILL)


def warm_up() -> None:
    """Fill the caches and tables that each worker would fill again: colour tiny photographs and make their files.

    One is grey and one is not, and their colours are not grey, for OpenCV and this program have tables for each.
    OpenCV starts no threads here, because a forked process would wait for them in vain.
    """
    cv2.setNumThreads(1)
    gray = np.full((8, 8), 128, np.uint8)
    for pixels, suffix in ((gray, ".jpg"), (np.dstack([gray] * 3), ".png")):
        data = images.encode(Picture(pixels), suffix)
        picture = images.decode(data)
        find_print(picture)
        colorized = replace(picture, pixels=merge(picture.pixels, np.full((8, 8, 2), 10, np.float32)))
        encode_result(colorized, data, MODELS[DEFAULT_MODEL], PhotoSettings(), suffix)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the dashboard's end is what counts
    for name in _PRELOADED:
        importlib.import_module(name)
    warm_up()
    gc.collect()
    gc.freeze()  # so that a collection in a worker does not write to pages that are shared
    try:
        serve(socket.socket(fileno=int(sys.argv[1])))
    except Exception as error:
        LOGGER.error("A worker failed", exc_info=error)
    finally:
        sys.stderr.flush()
        os._exit(0)  # without the exit handlers of libraries, which a forked process must not run


if __name__ == "__main__":
    main()
