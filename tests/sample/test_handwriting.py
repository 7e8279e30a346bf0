from mou.paper.strokes import read_strokes
from sample.handwriting import draw_signature
from sample.producers import make_producers


def test_every_sample_producer_has_a_signature_that_the_pad_takes() -> None:
    signers = {each.representative for each in make_producers(seed="Kẻ Chợ", scale=1)}
    drawn = {signer: read_strokes(draw_signature(signer)) for signer in signers}
    assert all(len(strokes.lines) == 2 for strokes in drawn.values())
    assert len({strokes.sha256 for strokes in drawn.values()}) == len(signers)


def test_a_signature_is_the_same_each_time() -> None:
    assert draw_signature("Đỗ Thị Ơn") == draw_signature("Đỗ Thị Ơn")
