"""Plays the practice model to a folder, in a process of its own that tests may kill; it can kill itself as well.

Usage: practice_player.py FOLDER [PLACE TIMES]: PLACE is where it dies, at so manyeth time that it comes there.
"""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conftest import World

from pactwork.facts.case import load_case
from pactwork.futures import files, manifest, playing
from pactwork.futures.identity import Asked, identify

POINTS, REPLICATIONS = 2, 80


def model_of(points):
    return World(years=2).model(points=points)


def identity_of(stop_when=None):
    asked = Asked(points=POINTS, replications=REPLICATIONS, stop_when=stop_when)
    return identify(model_of(POINTS), load_case("poland-korea"), case="poland-korea", asked=asked)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(place, times):
    """Make this process die at a place of the code, without a word in the code itself."""
    left = [times]

    def is_now(name):
        if name.startswith(place):
            left[0] -= 1
        return left[0] == 0

    put_in_place, write_line, unlink = files.put_in_place, manifest.write_line, Path.unlink

    def put(temporary, path):
        if is_now(f"before renaming {path.parent.name}/{path.name}"):
            die()
        put_in_place(temporary, path)
        if is_now(f"after renaming {path.parent.name}/{path.name}"):
            die()

    def write(file, line):
        if is_now("within the journal"):
            file.write(line[: len(line) // 2])
            file.flush()
            die()
        write_line(file, line)

    def remove(path, missing_ok=False):
        if is_now(f"before removing {path.name}"):
            die()
        unlink(path, missing_ok)

    files.put_in_place, manifest.write_line, Path.unlink = put, write, remove


def main():
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        die_at(sys.argv[2], int(sys.argv[3]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    playing.play_run(folder, identity_of(), model_of, workers=2)


if __name__ == "__main__":
    main()
