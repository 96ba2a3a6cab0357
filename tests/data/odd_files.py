"""Files as they really lie about in folders of images: broken, odd, hostile, and odd but good."""

import io
import os
import pathlib
import struct
import sys
import zlib

import numpy as np
from PIL import Image

GOOD = "good"


def write_odd_files(folder) -> dict[str, str]:
    """Writes one file of every kind.

    Args:
        folder: path, made when missing.

    Returns:
        dict of relative posix path to ``GOOD`` or to a regular expression of the reason why not.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for kinds, reasons in ((bad_files(), True), (good_files(), False)):
        for name, content in kinds.items():
            content, expected[name] = content if reasons else (content, GOOD)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return expected | _write_links_and_pipes(folder)


def bad_files() -> dict[str, tuple[bytes, str]]:
    """Returns name -> (bytes, regular expression of the reason)."""
    jpeg, png, gif, webp, bmp = (
        encoded(photograph(), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP")
    )
    noise = np.random.default_rng(0).integers(0, 256, 2000, np.uint8).tobytes()
    wrong_checksum = bytearray(png)
    wrong_checksum[-20] ^= 0xFF
    broken_stream = png_file(4, 4, 8, 2, zlib.compress(bytes(52))[:-8] + b"nonsense")
    no_header = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IDAT", b"")
    zeros = zlib.compressobj(9)
    real_zeros = b"".join(zeros.compress(bytes(30001)) for _ in range(3000)) + zeros.flush()
    huge_gif = bytearray(gif)
    huge_gif[6:10] = b"\xff\xff\xff\xff"
    huge_frame = bytearray(gif)
    frame = gif.index(b",", 13 + 768)
    huge_frame[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    huge_jpeg = bytearray(jpeg)
    sizes = jpeg.index(b"\xff\xc0") + 5
    huge_jpeg[sizes : sizes + 4] = b"\xff\xff\xff\xff"
    huge_webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2
    bloated = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(5_000_000)))
    bad_profile = png_chunk(b"iCCP", b"no profile\0\7nonsense")
    truncated, damaged, either = "^truncated: ", "^damaged: ", "^(truncated|damaged): "
    too_large = "more (pixels )?than the limit of 100 million$"
    return {
        "empty.jpg": (b"", "^empty file$"),
        "text.jpg": (b"I am not an image.\n", "^not an image$"),
        "starts with BM.bmp": (b"BM is how many a text begins.\n", "^not an image$"),
        "page.png": (b"<!DOCTYPE html><html><body>404</body></html>", "not .* but a web page"),
        "noise.png": (noise, "^not an image$"),
        "noise.jpg": (b"\xff\xd8\xff\xe0" + noise, either),
        "noise after signature.png": (b"\x89PNG\r\n\x1a\n" + noise, damaged),
        "no header.png": (no_header, either),
        "no end.png": (png[:-12], truncated),
        "bloated text.png": (png[:33] + bloated + png[33:], damaged),
        "damaged profile.png": (png[:33] + bad_profile + png[33:], damaged),
        "truncated.jpg": (jpeg[:-200], truncated),
        "truncated.png": (png[: len(png) // 2], truncated),
        "truncated.gif": (gif[: len(gif) // 2], truncated),
        "truncated.webp": (webp[: len(webp) // 2], either),
        "truncated.bmp": (bmp[: len(bmp) // 2], truncated),
        "header only.jpg": (jpeg[:20], either),
        "header only.png": (png[:33], truncated),
        "header only.gif": (gif[:13], truncated),
        "header only.webp": (webp[:12], either),
        "header only.bmp": (bmp[:54], truncated),
        "wrong checksum.png": (bytes(wrong_checksum), damaged),
        "broken stream.png": (broken_stream, either),
        "bomb by header.png": (png_file(60000, 60000, 8, 2, b""), "60000 x 60000 .*" + too_large),
        "bomb of zeros.png": (png_file(30000, 30000, 8, 0, real_zeros), too_large),
        "bomb by header.gif": (bytes(huge_gif), too_large),
        "bomb by frame.gif": (bytes(huge_frame), too_large),
        "bomb by header.jpg": (bytes(huge_jpeg), too_large),
        "bomb by header.webp": (huge_webp, f"{too_large}|{damaged}"),  # Pillow before 13.
        "zero by zero.bmp": (bmp[:18] + bytes(8) + bmp[26:], damaged),
        "scan.png": (encoded(photograph(), "TIFF"), "^TIFF .* convert it to JPEG or PNG$"),
        "icon.ico": (encoded(photograph(), "ICO"), "^not an image$"),
        "page.pdf": (b"%PDF-1.7\n", "^PDF images"),
        "drawing.svg": (b'<?xml version="1.0"?>\n<svg width="1"></svg>', "^SVG images"),
        "layers.psd": (b"8BPS\0\1" + bytes(20), "^PSD images"),
        "telephone.heic": (b"\0\0\0\x18ftypheic" + bytes(20), "^HEIC images"),
        "modern.avif": (b"\0\0\0\x1cftypavif" + bytes(20), "^AVIF images"),
        "film.mp4": (b"\0\0\0\x20ftypisom" + bytes(20), "^not an image$"),
        ".DS_Store": (b"\0\0\0\1Bud1" + bytes(100), "^not an image$"),
        "Thumbs.db": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "^not an image$"),
        "archive.zip": (b"PK\3\4" + bytes(30), "^not an image$"),
    }


def good_files() -> dict[str, bytes]:
    """Returns name -> bytes of images that look odd and must be read."""
    rgb = photograph()
    png, jpeg = encoded(rgb, "PNG"), encoded(rgb, "JPEG")
    palette = rgb.quantize(16)
    alpha = Image.linear_gradient("L").resize(rgb.size)
    rgba, grey = rgb.copy(), rgb.convert("L")
    rgba.putalpha(alpha)
    animation = {"save_all": True, "append_images": [rgb.transpose(1), rgb.transpose(0)]}
    pixels = np.array(rgb)
    two_bytes = (pixels.astype(">u2") * 257)[..., None].view(np.uint8)
    rows_16_rgb = b"".join(b"\0" + row.tobytes() for row in two_bytes)
    rows_16_grey = b"".join(b"\0" + row[:, 0].tobytes() for row in two_bytes)
    height, width = pixels.shape[:2]
    files = {
        "plain.jpg": jpeg,
        "grey.jpg": encoded(grey, "JPEG"),
        "cmyk.jpg": encoded(rgb.convert("CMYK"), "JPEG"),
        "progressive.jpg": encoded(rgb, "JPEG", progressive=True),
        "damaged exif.jpg": encoded(rgb, "JPEG", exif=damaged_exif()),
        "damaged resolution.jpg": with_jpeg_segment(jpeg, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "damaged further images.jpg": with_jpeg_segment(jpeg, 0xE2, b"MPF\0nonsense"),
        "trailing film.jpg": jpeg + b"\0\0\0\x20ftypisom" + bytes(1000),
        "stereo.mpo": encoded(rgb, "MPO", save_all=True, append_images=[rgb]),
        "grey.png": encoded(grey, "PNG"),
        "grey and alpha.png": encoded(rgba.convert("LA"), "PNG"),
        "rgba.png": encoded(rgba, "PNG"),
        "palette.png": encoded(palette, "PNG"),
        "palette, one transparent.png": encoded(palette, "PNG", transparency=3),
        "palette, half transparent.png": encoded(palette, "PNG", transparency=bytes([0, 99] * 8)),
        "transparent colour.png": encoded(rgb, "PNG", transparency=tuple(pixels[0, 0].tolist())),
        "transparent grey.png": encoded(grey, "PNG", transparency=7),
        "two colours.png": encoded(rgb.convert("1"), "PNG"),
        "16 bit grey.png": png_file(width, height, 16, 0, zlib.compress(rows_16_grey)),
        "16 bit rgb.png": png_file(width, height, 16, 2, zlib.compress(rows_16_rgb)),
        "interlaced.png": interlaced_png(pixels),
        "animated.png": encoded(rgb, "PNG", **animation),
        "trailing rubbish.png": png + bytes(5000),
        "plain.gif": encoded(rgb, "GIF"),
        "animated.gif": encoded(rgb, "GIF", **animation),
        "transparent.gif": encoded(palette, "GIF", transparency=3, disposal=2),
        "lossy.webp": encoded(rgb, "WEBP"),
        "lossless.webp": encoded(rgb, "WEBP", lossless=True),
        "rgba.webp": encoded(rgba, "WEBP"),
        "animated.webp": encoded(rgb, "WEBP", **animation),
        "plain.bmp": encoded(rgb, "BMP"),
        "palette.bmp": encoded(palette, "BMP"),
        "one pixel.png": encoded(Image.new("RGB", (1, 1), "teal"), "PNG"),
        "very long.png": encoded(Image.new("RGB", (1, 2000), "teal"), "PNG"),
        "very long.jpg": encoded(Image.new("RGB", (2000, 1), "teal"), "JPEG"),
        "png named.jpg": png,
        "UPPER CASE.JPG": jpeg,
        "no extension": jpeg,
        ".hidden.png": png,
        "copy of plain.jpg": jpeg,
        "übergröße 面.png": png,
        "/".join(["deep"] * 40) + "/plain.png": png,
    }
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files[f"turned/{orientation}.jpg"] = encoded(rgb, "JPEG", exif=exif)
    files["turned/8.webp"] = encoded(rgb, "WEBP", exif=exif)
    files["turned/8.png"] = encoded(rgb, "PNG", exif=exif)
    if os.name == "posix":
        files["two\nlines.png"] = png
    if sys.platform.startswith("linux"):
        files[os.fsdecode(b"caf\xe9.png")] = png
    return files


def photograph(width=60, height=40) -> Image.Image:
    """Returns an RGB image with some of everything in it: gradients, edges, noise."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    noise = np.random.default_rng(1).integers(0, 40, (height, width))
    return Image.fromarray(
        np.stack([across, down, (across > down) * 200 + noise], axis=-1).astype(np.uint8)
    )


def encoded(image, format, **options) -> bytes:
    """Returns an image as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_chunk(kind, content) -> bytes:
    """Returns one part of a PNG with its length and checksum."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png_file(width, height, depth, color_type, compressed, extra=b"", interlace=0) -> bytes:
    """Returns a PNG made by hand, as Pillow would refuse to write it."""
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, interlace)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", compressed)
        + png_chunk(b"IEND", b"")
    )


def interlaced_png(pixels) -> bytes:
    """Returns a PNG whose rows come in the seven passes of Adam7.

    Args:
        pixels: uint8 array of shape (height, width, 3).
    """
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2)]
    parts = [pixels[top::down, left::across] for top, left, down, across in passes]
    rows = b"".join(
        b"\0" + row.tobytes() for part in [*parts, pixels[1::2]] for row in part if part.size
    )
    height, width = pixels.shape[:2]
    return png_file(width, height, 8, 2, zlib.compress(rows), interlace=1)


def with_jpeg_segment(jpeg, code, content) -> bytes:
    """Returns a JPEG with one more segment at its beginning."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, code, 2 + len(content)) + content + jpeg[2:]


def damaged_exif() -> bytes:
    """Returns EXIF whose entries point far behind its end."""
    entry = struct.pack("<HHII", 0x011A, 5, 1000, 0xFFFFFF)
    return b"Exif\0\0II*\0\x08\0\0\0\xff\x00" + entry * 3


def _write_links_and_pipes(folder):
    """Makes what only some file systems have, and leaves out what this one has not."""
    if os.name != "posix":
        return {}
    (folder / "link to plain.jpg").symlink_to("plain.jpg")
    (folder / "broken link.jpg").symlink_to("gone.jpg")
    (folder / "link to itself.jpg").symlink_to("link to itself.jpg")
    (folder / "deep" / "round in circles").symlink_to("..")
    os.mkfifo(folder / "pipe.jpg")
    return {
        "link to plain.jpg": GOOD,
        "broken link.jpg": "^a broken link$",
        "link to itself.jpg": "^a broken link$",
        "deep/round in circles": "^a link to a folder, which is not followed$",
        "pipe.jpg": "^not a regular file$",
    }
