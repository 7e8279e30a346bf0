"""Merkle trees as RFC 6962 has them (section 2.1): one hash that stands for a list of hashes.

A leaf and a node are hashed with different first bytes, so that no list can be passed off as
another. An inclusion proof shows that a leaf is in a tree with as many hashes as the tree is
high: nine for 500 leaves.
"""

from collections.abc import Sequence
from hashlib import sha256

LEAF = b"\x00"
NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one entry of the list."""
    return sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, in their order."""
    return sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree's root; of no leaves it is the hash of nothing."""
    if not leaves:
        return sha256(b"").digest()
    return _level(list(map(leaf_hash, leaves)), None, [])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` up to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    _level(list(map(leaf_hash, leaves)), index, path)
    return path


def is_included(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from `leaf`, the one at `index` of `size`, to `root` (RFC 9162,
    2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash(leaf)
    for other in proof:
        if not last:
            return False
        if place % 2 or place == last:
            found = node_hash(other, found)
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, other)
        place, last = place // 2, last // 2
    return not last and found == root


def _level(hashes: list[bytes], index: int | None, path: list[bytes]) -> bytes:
    """Level by level to the root; the neighbours of `index` go into `path`.

    A last one without a neighbour goes up as it is, which gives the same tree as splitting at
    the largest power of two.
    """
    while len(hashes) > 1:
        if index is not None:
            neighbour = index ^ 1
            if neighbour < len(hashes):
                path.append(hashes[neighbour])
            index //= 2
        pairs = [
            node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes) - 1, 2)
        ]
        hashes = pairs + ([hashes[-1]] if len(hashes) % 2 else [])
    return hashes[0]
