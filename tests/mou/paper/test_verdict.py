import asyncio
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from core.pdf import Paper
from mou.paper import verdict
from mou.paper.content import Content
from mou.paper.seal import SealKey, development_key, seal
from mou.paper.verdict import VerdictError, Word, judge

Name = generic.NameObject


def _updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    reference, _ = writer.find_page_for_modification(0)
    page: generic.DictionaryObject = reference.get_object()
    writer.update_container(page)
    return page


def _with_other_page(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        text = generic.StreamObject(stream_data=b"BT ET")
        _page(writer)[Name("/Contents")] = writer.add_object(text)

    return _updated(pdf, change)


def _with_note_over_price(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        note = generic.DictionaryObject(
            {
                Name("/Type"): Name("/Annot"),
                Name("/Subtype"): Name("/FreeText"),
                Name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 90, 20))),
                Name("/Contents"): generic.TextStringObject("45.000.000"),
                Name("/DA"): generic.TextStringObject("/Helv 12 Tf"),
            }
        )
        page = _page(writer)
        page.setdefault(Name("/Annots"), generic.ArrayObject()).append(writer.add_object(note))

    return _updated(pdf, change)


def _with_orphan(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.add_object(generic.TextStringObject("không ai trỏ tới"))
        writer._force_write_when_empty = True

    return _updated(pdf, change)


def _without_form(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()

    return _updated(pdf, change)


def _rewritten(pdf: bytes) -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    del writer.root["/AcroForm"]
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _saved_again(pdf: bytes) -> bytes:
    """What another program makes of it that keeps the form, such as qpdf."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _signed_once_more(pdf: bytes) -> bytes:
    """By a stranger, past pyHanko's own refusal: the certification forbids it."""
    with TemporaryDirectory() as folder:
        now = datetime.now(tz=UTC)
        stranger = development_key(Path(folder) / "key.p12", b"la", now=now).signer
    embedder = PdfCMSEmbedder().write_cms("Second", IncrementalPdfFileWriter(io.BytesIO(pdf)))
    next(embedder)
    room = PdfSignedData(Name("/Sig"), SigSeedSubFilter.PADES, timestamp=now, bytes_reserved=8192)
    embedder.send(SigObjSetup(sig_placeholder=room))
    digest, output = embedder.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    embedder.send(asyncio.run(stranger.async_sign(digest.document_digest, "sha256")))
    answer: bytes = output.getvalue()
    return answer


def _with_one_byte_changed(pdf: bytes) -> bytes:
    at = pdf.index(b"stream") + 100
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def _contents(pdf: bytes) -> tuple[int, int]:
    """Where the signature's hexadecimal digits begin and end."""
    found = re.search(rb"/Contents <([0-9a-fA-F]{1000,})>", pdf)
    assert found
    return found.span(1)


def _with_zeroed_signature(pdf: bytes) -> bytes:
    start, end = _contents(pdf)
    return pdf[:start] + b"0" * (end - start) + pdf[end:]


def _with_filled_padding(pdf: bytes) -> bytes:
    _, end = _contents(pdf)
    return pdf[: end - 40] + b"ab" * 20 + pdf[end:]


def _without_byte_range(pdf: bytes) -> bytes:
    return re.sub(
        rb"/ByteRange ?\[[^\]]*\]", lambda found: b"/ByteRange null".ljust(len(found[0])), pdf
    )


def _with_second_end(pdf: bytes) -> bytes:
    return pdf + b"\n" + pdf[pdf.rindex(b"startxref") :]


@pytest.mark.parametrize(
    ("attack", "word"),
    [
        (_with_other_page, Word.ALTERED),
        (_with_note_over_price, Word.ALTERED),
        (_with_one_byte_changed, Word.ALTERED),
        (_with_filled_padding, Word.ALTERED),
        (lambda pdf: pdf + b"\n% more\n", Word.APPENDED),
        (lambda pdf: pdf + b"\0", Word.APPENDED),
        (_with_second_end, Word.APPENDED),
        (_with_orphan, Word.APPENDED),
        (_signed_once_more, Word.APPENDED),
        (_without_form, Word.UNSIGNED),
        (_rewritten, Word.UNSIGNED),
        (_saved_again, Word.ALTERED),
        (_with_zeroed_signature, Word.BROKEN),
        (_without_byte_range, Word.BROKEN),
        (lambda pdf: pdf + b"\n%%EOF\n", Word.BROKEN),
        (lambda pdf: pdf[: len(pdf) // 2], Word.BROKEN),
    ],
)
def test_attack_on_a_sealed_paper_gets_its_word(
    attack: Callable[[bytes], bytes], word: Word, sealed: bytes, key: SealKey
) -> None:
    forged = attack(sealed)
    assert forged != sealed
    assert judge(forged, known=lambda _: False, pinned=frozenset({key.fingerprint})).word is word


def test_sealed_paper_in_the_register_is_original(sealed: bytes, key: SealKey) -> None:
    digest = hashlib.sha256(sealed).hexdigest()
    answer = judge(sealed, known={digest}.__contains__, pinned=frozenset({key.fingerprint}))
    assert answer == verdict.Verdict(Word.ORIGINAL, {"sha256": digest, "size": len(sealed)})


def test_true_seal_that_the_register_does_not_know_is_an_alarm(sealed: bytes, key: SealKey) -> None:
    answer = judge(sealed, known=lambda _: False, pinned=frozenset({key.fingerprint}))
    assert answer.word is Word.SEALED_UNKNOWN
    sealed_at = answer.facts["sealed_at"]
    assert answer.facts == {
        "sha256": hashlib.sha256(sealed).hexdigest(),
        "size": len(sealed),
        "seals": 1,
        "certificate": key.fingerprint,
        "certificate_name": f"Common Name: {key.name}",
        "intact": True,
        "sealed_at": sealed_at,
        "coverage": "ENTIRE_FILE",
        "modification": "NONE",
    }


def test_certificate_of_the_same_name_is_foreign(
    paper: Paper, key: SealKey, stranger: SealKey
) -> None:
    assert stranger.name == key.name
    forged = seal(paper.content, stranger, reason="x", location="x")
    answer = judge(forged, known=lambda _: False, pinned=frozenset({key.fingerprint}))
    assert (answer.word, answer.facts["certificate"]) == (Word.FOREIGN_SEAL, stranger.fingerprint)


def test_sealed_paper_holds_nothing_that_acts_or_hides_but_its_seal(sealed: bytes) -> None:
    """A shadow is planted before the seal; what we seal we drew, without a place for one."""
    reader = PdfFileReader(io.BytesIO(sealed))
    [seal_field] = reader.root["/AcroForm"]["/Fields"]
    assert seal_field.get_object()["/FT"] == "/Sig"
    names = (b"/OCProperties", b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/AA", b"/OpenAction")
    assert [name for name in names if name in sealed] == []
    assert [name for name in names if name.decode() in reader.root] == []


def test_paper_before_its_seal_is_unsigned(paper: Paper, key: SealKey) -> None:
    answer = judge(paper.content, known=lambda _: False, pinned=frozenset({key.fingerprint}))
    assert answer.word is Word.UNSIGNED


@pytest.mark.parametrize(
    "junk",
    [b"", b"%PDF-1.7", b"PK\x03\x04", b"%PDF-1.7\n%%EOF\n", b"[" * 99_999],
)
def test_file_that_is_no_pdf_is_broken(junk: bytes) -> None:
    assert judge(junk, known=lambda _: False, pinned=frozenset()).word is Word.BROKEN


def test_file_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "MAX_BYTES", 100)
    judge(b"x" * 100, known=lambda _: False, pinned=frozenset())
    with pytest.raises(VerdictError) as caught:
        judge(b"x" * 101, known=lambda _: True, pinned=frozenset())
    assert caught.value.code == "verdict.too_large"


def test_trouble_with_the_register_is_not_taken_for_a_broken_file(sealed: bytes) -> None:
    def fail(_digest: str) -> bool:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        judge(sealed, known=fail, pinned=frozenset())


@settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(where=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_no_changed_byte_is_ever_taken_for_ours(
    where: float, mask: int, sealed: bytes, key: SealKey
) -> None:
    start, end = _contents(sealed)
    at = int(where * (len(sealed) - (end - start)))
    at = at if at < start else at + end - start
    forged = sealed[:at] + bytes([sealed[at] ^ mask]) + sealed[at + 1 :]
    word = judge(forged, known=lambda _: False, pinned=frozenset({key.fingerprint})).word
    assert word in {Word.BROKEN, Word.UNSIGNED, Word.FOREIGN_SEAL, Word.ALTERED, Word.APPENDED}


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_judge(junk: bytes) -> None:
    for pdf in (junk, b"%PDF-1.7\n" + junk + b"\nstartxref\n0\n%%EOF"):
        assert judge(pdf, known=lambda _: False, pinned=frozenset()).word is Word.BROKEN


def test_another_paper_sealed_by_us_is_not_this_one(
    content: Content, draw: Callable[..., Paper], key: SealKey, sealed: bytes
) -> None:
    other = seal(draw(replace(content, number=8)).content, key, reason="x", location="x")
    known = {hashlib.sha256(sealed).hexdigest()}.__contains__
    answer = judge(other, known=known, pinned=frozenset({key.fingerprint}))
    assert answer.word is Word.SEALED_UNKNOWN
