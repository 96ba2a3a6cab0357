"""What the bytes of an image file say before any pixel is decoded.

A file carries more than an image: thumbnails, text, colour profiles, further frames. Damage in
there makes Pillow warn or refuse although the pixels are whole, and Python's filters of warnings
cannot be changed safely while other threads run. So Pillow is only given the parts that pixels
need, and the one thing wanted of the rest, EXIF, is handed on beside them.
"""

import struct
import zlib
from typing import NamedTuple

HEAD_BYTES = 1024

_SUPPORTED = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_UNSUPPORTED = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\0\0\1\0": "ICO",
    b"icns": "ICNS",
    b"8BPS": "PSD",
    b"%PDF": "PDF",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"gimp xcf": "XCF",
    b"FUJIFILMCCD-RAW": "camera raw",
    b"v/1\1": "OpenEXR",
    b"#?RADIANCE": "Radiance HDR",
    b"qoif": "QOI",
    b"DDS ": "DDS",
    **{b"P%d%c" % (kind, space): "PNM" for kind in range(1, 7) for space in b" \n\r\t"},
}
_FTYP_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"crx ": "camera raw"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"
)
# The length of a BMP's second header tells its version; "BM" alone also begins many a text.
_BMP_HEADER_BYTES = {12, 16, 40, 52, 56, 64, 108, 124}


class Container(NamedTuple):
    """The parts of a file that pixels need.

    Attributes:
        data: bytes for Pillow.
        exif: EXIF bytes, empty where there are none.
        size: (width, height) of the formats that Pillow cannot open without allocating or
            warning; ``None`` of the others, whose size Pillow reads safely.
        format: "JPEG", "MPO", "PNG", "GIF", "WEBP" or "BMP".
    """

    data: bytes
    exif: bytes
    size: tuple[int, int] | None
    format: str


class ContainerError(ValueError):
    """Bytes that hold no usable image; the message is the reason in plain words."""


def identify(head: bytes) -> str:
    """Tells the format by content, because names of files lie.

    Args:
        head: the first ``HEAD_BYTES`` of the file, or all of a shorter one.

    Returns:
        "JPEG", "PNG", "GIF", "WEBP" or "BMP".

    Raises:
        ContainerError: any other format, named where it is a known one, or no image at all.

    Example:
        >>> identify(b"GIF89a and so on")
        'GIF'
    """
    for magic, name in _SUPPORTED.items():
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES:
        return "BMP"
    name = next((name for magic, name in _UNSUPPORTED.items() if head.startswith(magic)), None)
    if head[4:8] == b"ftyp":
        name = _FTYP_BRANDS.get(head[8:12])
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise ContainerError("not an image but a web page")
    if start.startswith(b"<") and b"<svg" in start:
        name = "SVG"
    if name:
        raise ContainerError(f"{name} images are not supported: convert it to JPEG or PNG")
    raise ContainerError("not an image")


def take_apart(data: bytes, format: str) -> Container:
    """Separates what pixels need from the rest of a file.

    Args:
        data: the whole file.
        format: what ``identify`` returned for it.

    Returns:
        A ``Container``.

    Raises:
        ContainerError: truncated or damaged.
        IndexError, struct.error: truncated within a header.
    """
    parts = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp}
    return parts[format](data) if format in parts else Container(data, b"", None, format)


def orientation(exif: bytes) -> int:
    """Reads how an image must be turned, the only thing wanted of EXIF.

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


def _jpeg(data):
    kept, exif, format, position = [data[:2]], b"", "JPEG", 2
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise ContainerError("truncated: the file ends before its pixels begin")
        code = data[position + 1]
        if code == 0xDA:  # Start of scan: from here on it is pixels.
            return Container(b"".join(kept) + data[position:], exif, None, format)
        if code in (0x00, 0xFF):  # Padding.
            position += 1
            continue
        if code == 0x01 or 0xD0 <= code <= 0xD9:  # Markers without content.
            position += 2
            continue
        length = 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        segment = data[position : position + length]
        if code == 0xE1 and segment[4:10] == b"Exif\0\0":
            exif = exif or segment[10:]
        elif code == 0xE2 and segment[4:8] == b"MPF\0":
            format = "MPO"
        # Of the application's own segments only JFIF (0xE0) and Adobe's (0xEE) bear on colours.
        if not (0xE1 <= code <= 0xED or code in (0xEF, 0xFE)):
            kept.append(segment)
        position += length


def _png(data):
    kept, exif, position = [data[:8]], b"", 8
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        chunk = data[position : position + 12 + length]
        position += 12 + length
        if len(kept) == 1 and kind != b"IHDR":
            raise ContainerError("damaged: a PNG without its header")
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            if len(chunk) < 12 + length:
                raise ContainerError("truncated: the file ends within its pixels")
            # Pillow checks the headers only, and damaged pixels can decompress to noise.
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
                raise ContainerError(f"damaged: wrong checksum of its {kind.decode()} part")
            kept.append(chunk)
        elif kind == b"eXIf":
            exif = chunk[8:-4]
        if kind == b"IEND":
            break
    if not any(chunk[4:8] == b"IDAT" for chunk in kept):
        raise ContainerError("truncated: the file ends before its pixels begin")
    return Container(b"".join(kept), exif, None, "PNG")


def _gif(data):
    data = bytearray(data)
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while data[position] != 0x2C:  # Up to the first frame.
        if data[position] == 0x3B:
            raise ContainerError("damaged: a GIF without a frame")
        if data[position] != 0x21:
            position += 1
            continue
        if data[position + 1] == 0xF9:
            # How to clear up for the next frame: nobody will, and Pillow would allocate for it.
            data[position + 3] &= 0b11100011
        position += 2
        while data[position]:
            position += 1 + data[position]
        position += 1
    left, top, frame_width, frame_height = struct.unpack_from("<4H", data, position + 1)
    size = max(width, left + frame_width), max(height, top + frame_height)
    if max(size) > 0xFFFF:
        raise ContainerError("damaged: a GIF with a frame outside of the image")
    # A first frame larger than the image makes Pillow enlarge it, and warn at its own limit.
    struct.pack_into("<HH", data, 6, *size)
    return Container(bytes(data), b"", size, "GIF")


def _webp(data):
    if len(data) < 25 or len(data) < 8 + int.from_bytes(data[4:8], "little"):
        raise ContainerError("truncated: the file is shorter than its header says")
    kind = data[12:16]
    if kind == b"VP8X":
        size = tuple(1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        size = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        size = tuple(side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    else:
        raise ContainerError("damaged: a WebP without its header")
    return Container(data, b"", size, "WEBP")
