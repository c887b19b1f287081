"""Columns of scrambled Sobol' points, each drawn from its name alone.

A Sobol' sequence of many dimensions ties each column to its place, so that one more parameter would move all that
follow. Here every column is the one-dimensional Sobol' sequence (van der Corput's), with two nested uniform scrambles
(Owen 1995) that hang on its name: one of its values, and one of the order in which they are taken. Without the second,
two columns would fall into the same halves of their ranges in step, since the first digit of a point is the last
digit of its index whatever the scramble; with it they are paired at random ("padding", Burley 2020).

What this keeps: every column alone is as even as Sobol' points are, for each power of two of points, and a longer
design begins with the shorter one. What it gives up: evenness of pairs of columns, which is that of chance.

Notes
-----
A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995. B. Burley, "Practical hash-based Owen
scrambling", Journal of Computer Graphics Techniques 9(4), 2020; its hash is from S. Laine and T. Karras, 2011, here
with the constants that N. Vegdahl found to mix better (2021).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint32]


def draw_column(name: str, points: int, *, seed: int, scramble: int = 0, first: int = 0) -> Floats:
    """Return one column of a design, evenly spread over the open interval from 0 to 1.

    Parameters
    ----------
    name : str
        Of the column; nothing else decides how it differs from others.
    points : int
        How many, at most 2³². A power of two is balanced: each of as many equal intervals holds one point.
    seed : int
        Of the design.
    scramble : int
        Number of the independent scramble.
    first : int
        The point to begin with, where only some are wanted.

    Returns
    -------
    floats of shape (points,)

    Examples
    --------
    >>> column = draw_column("fleet.k2.failures_per_year", 4, seed=1)
    >>> sorted(int(4 * value) for value in column)
    [0, 1, 2, 3]
    """
    return draw_columns(name, points, seed=seed, scrambles=[scramble], first=first)[:, 0]


def draw_columns(name: str, points: int, *, seed: int, scrambles: Sequence[int], first: int = 0) -> Floats:
    """Return one column of several scrambles, of shape (point, scramble); otherwise as ``draw_column``."""
    order_keys, value_keys = np.array([_keys(name, seed, scramble) for scramble in scrambles], dtype=np.uint32).T
    index = _scramble(np.arange(first, first + points, dtype=np.uint32)[:, None], order_keys)
    digits = _scramble(_reverse(index), value_keys)
    return (digits.astype(np.float64) + 0.5) / 2.0**32


def _keys(name: str, seed: int, scramble: int) -> tuple[int, int]:
    digest = hashlib.blake2b(f"{seed}/{scramble}/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def _scramble(words: Words, key: Words) -> Words:
    """Return words whose every binary digit is flipped or not, as the key and the digits before it say."""
    return _reverse(_mix_upwards(_reverse(words), key))


def _mix_upwards(words: Words, key: Words) -> Words:
    """Return words in which each binary digit has been changed by lower ones only: a permutation."""
    mixed = words ^ (words * np.uint32(0x3D20ADEA))
    mixed = mixed + key
    mixed = mixed * ((key >> np.uint32(16)) | np.uint32(1))
    mixed = mixed ^ (mixed * np.uint32(0x05526C56))
    found: Words = mixed ^ (mixed * np.uint32(0x53A22864))
    return found


def _reverse(words: Words) -> Words:
    """Return words with their 32 binary digits in reverse."""
    turned = words
    for width, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        low, by = np.uint32(mask), np.uint32(width)
        turned = ((turned >> by) & low) | ((turned & low) << by)
    return turned
