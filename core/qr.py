"""The only door to qrcode: a short text in, a symbol of dark and light modules out."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import escape
from itertools import groupby

Matrix = tuple[tuple[bool, ...], ...]

LEVELS = ("L", "M", "Q", "H")

#: The light margin of ISO/IEC 18004, in modules.
QUIET = 4


def matrix(text: str, *, level: str = "M") -> Matrix:
    """Return the symbol of a text as rows of modules, True for dark, without margin.

    The smallest version that holds the text is taken. Capitals, digits and `:/.-` need about
    a third less room than other letters, so an address is best given in capitals. Raises
    ValueError for an empty text, a control character, an unknown level or too long a text.
    """
    import qrcode  # noqa: PLC0415 - slow import, wanted by few processes
    from qrcode.exceptions import DataOverflowError  # noqa: PLC0415 - slow import

    if not text or not text.isprintable():
        raise ValueError("a QR code holds a printable text")
    if level not in LEVELS:
        raise ValueError(f"no error correction level: {level}")
    # qrcode 8.2 fails on a data block of nothing but zero bytes, which a long row of noughts
    # makes; taken as bytes, no printable text makes such a block. It also says "too long" in
    # two ways, of which one is the same ValueError.
    for mode in (None, qrcode.util.MODE_8BIT_BYTE):
        symbol = qrcode.QRCode(error_correction=getattr(qrcode, f"ERROR_CORRECT_{level}"), border=0)
        symbol.add_data(qrcode.util.QRData(text.encode(), mode=mode), optimize=0)
        with suppress(ValueError, DataOverflowError):
            symbol.make(fit=True)
            return tuple(tuple(row) for row in symbol.modules)
    raise ValueError("the text is too long for a QR code")


def operators(modules: Matrix, *, quiet: int = QUIET) -> str:
    """Return the dark modules as a PDF's content, one unit a module, y down, margin included."""
    rectangles = (
        f"{run.start + quiet} {y + quiet} {len(run)} 1 re"
        for y, row in enumerate(modules)
        for run in _runs(row)
    )
    return " ".join(("0 g", *rectangles, "f"))


def _runs(row: Sequence[bool]) -> Iterator[range]:
    """Where dark modules stand side by side."""
    x = 0
    for is_dark, group in groupby(row):
        end = x + len(list(group))
        if is_dark:
            yield range(x, end)
        x = end


def path(modules: Matrix) -> str:
    """Return the dark modules as one SVG path, one unit a module, the origin at the top left."""
    return "".join(
        f"M{run.start} {y}h{len(run)}v1h-{len(run)}z"
        for y, row in enumerate(modules)
        for run in _runs(row)
    )


def view_box(modules: Sequence[Sequence[bool]], *, quiet: int = QUIET) -> str:
    """Return the SVG view box of a symbol with its light margin."""
    side = len(modules) + 2 * quiet
    return f"{-quiet} {-quiet} {side} {side}"


def svg(text: str, *, title: str, size_mm: float, level: str = "M", quiet: int = QUIET) -> str:
    """Return a symbol as inline SVG with a spoken title; `size_mm` includes the margin."""
    modules = matrix(text, level=level)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{size_mm:g}mm"'
        f' height="{size_mm:g}mm" viewBox="{view_box(modules, quiet=quiet)}"'
        f' shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path d="{path(modules)}"/></svg>'
    )
