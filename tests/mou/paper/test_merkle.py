"""The register's tree is that of RFC 6962, and a proof proves its own leaf and no other."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou.paper.merkle import inclusion_proof, is_included, root

LEAVES = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def _naive_root(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    split = _split(len(leaves))
    left, right = _naive_root(leaves[:split]), _naive_root(leaves[split:])
    return sha256(b"\1" + left + right).digest()


def _naive_proof(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*_naive_proof(leaves[:split], index), _naive_root(leaves[split:])]
    return [*_naive_proof(leaves[split:], index - split), _naive_root(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def test_the_known_roots_of_certificate_transparency_are_ours() -> None:
    leaves = [
        bytes.fromhex(text)
        for text in (
            *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root(leaves[:1]).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert root(leaves).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


@given(LEAVES, st.data())
def test_root_and_proof_are_those_of_the_definition(
    leaves: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(leaves, index)
    assert root(leaves) == _naive_root(leaves)
    assert proof == _naive_proof(leaves, index)
    assert is_included(leaves[index], index=index, size=len(leaves), proof=proof, root=root(leaves))


@given(LEAVES, st.data())
def test_a_proof_proves_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, whole = inclusion_proof(leaves, index), root(leaves)
    size = len(leaves)
    assert not is_included(b"other" * 9, index=index, size=size, proof=proof, root=whole)
    assert not is_included(leaves[index], index=size, size=size, proof=proof, root=whole)
    assert not is_included(leaves[index], index=-1, size=size, proof=proof, root=whole)
    longer = [*proof, whole]
    assert not is_included(leaves[index], index=index, size=size, proof=longer, root=whole)
    if proof:
        shorter = proof[:-1]
        assert not is_included(leaves[index], index=index, size=size, proof=shorter, root=whole)


def test_a_place_outside_the_tree_has_no_proof() -> None:
    for index in (-1, 2):
        with pytest.raises(IndexError):
            inclusion_proof([b"a", b"b"], index)
