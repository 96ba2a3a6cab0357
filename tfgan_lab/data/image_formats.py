"""Which image format bytes are in, and how they say the image must be turned."""

import struct

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

HEAD_BYTES = 1024

_UNSUPPORTED = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"8BPS": "PSD",
    b"%PDF": "PDF",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"FUJIFILMCCD-RAW": "camera raw",
}
_FTYP_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"crx ": "camera raw"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"
)
# The length of a BMP's second header tells its version; "BM" alone also begins many a text.
_BMP_HEADER_BYTES = {12, 16, 40, 52, 56, 64, 108, 124}


class ReasonError(ValueError):
    """Bytes or a file that cannot be used as an image; the message says why in plain words."""


class _JpegFile(JpegImagePlugin.JpegImageFile):
    """A JPEG of which nobody wants dots per inch: Pillow would warn where its EXIF is damaged."""

    def _read_dpi_from_exif(self):
        pass


def reader_of(head: bytes) -> type:
    """Tells the format by content, because names of files lie.

    ``PIL.Image.open`` is not used: it would choose a format out of all that Pillow knows, warn
    above a limit of its own that is one for the whole process, and follow an MPO to its further
    images.

    Args:
        head: the first ``HEAD_BYTES`` of the file, or all of a shorter one.

    Returns:
        Pillow's class that reads it: of JPEG, PNG, GIF, WebP or BMP.

    Raises:
        ReasonError: any other format, named where it is a known one, or no image at all.

    Example:
        >>> reader_of(b"GIF89a and so on").format
        'GIF'
    """
    if not head:
        raise ReasonError("empty file")
    if head.startswith(b"\xff\xd8\xff"):
        return _JpegFile
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GifImagePlugin.GifImageFile
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WebPImagePlugin.WebPImageFile
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES:
        return BmpImagePlugin.BmpImageFile
    name = next((name for magic, name in _UNSUPPORTED.items() if head.startswith(magic)), None)
    if head[4:8] == b"ftyp":
        name = _FTYP_BRANDS.get(head[8:12])
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise ReasonError("not an image but a web page")
    if start.startswith(b"<") and b"<svg" in start:
        name = "SVG"
    if name:
        raise ReasonError(f"{name} images are not supported: convert it to JPEG or PNG")
    raise ReasonError("not an image")


def orientation(exif: bytes) -> int:
    """Reads how an image must be turned, the only thing wanted of EXIF.

    By hand, for Pillow's reader takes in all entries and warns of each damaged one, and Python's
    filters of warnings cannot be changed safely while other threads run.

    Args:
        exif: EXIF bytes, with or without their six bytes of "Exif".

    Returns:
        1 to 8 as EXIF counts them; 1, upright, where nothing readable says otherwise.

    Example:
        >>> orientation(b"")
        1
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * entry)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # Damaged EXIF is common in the wild, and the pixels are whole.
    return 1
