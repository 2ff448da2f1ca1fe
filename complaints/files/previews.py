"""Small pictures of pictures: drawn anew, so that nothing but the picture itself is in them.

Place, device, colour profile and comments of the original stay behind; it stands upright. Drawn by
the worker alone, one at a time: what is hostile or huge costs nobody who waits for a page.
"""

import warnings
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

# Pillow only warns of bombs up to twice its limit.
warnings.simplefilter("error", Image.DecompressionBombWarning)

#: Pictures are read in these forms and no other; Pillow would start programs for some.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
#: The longer side of a preview, in pixels.
SIDE = 480
#: A picture has at most so many pixels: a JPEG that can be read at a fraction of its size, and
#: every other one, which lies in memory whole.
MOST_PIXELS, MOST_PIXELS_WHOLE = 50_000_000, 12_000_000
_QUALITY = 80
#: The tag of EXIF that says how the telephone was held, and what turns the picture upright.
_ORIENTATION = 0x0112


def draw_preview(file: IO[bytes]) -> bytes | None:
    """A WebP of at most SIDE pixels a side; None for what is no picture or has too many pixels.

    How many it has is read from its header, before a single one is.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            if _pixels(image) > _most(image):
                return None
            upright = _turned(_shrunk(image))
    except Exception:
        # Half a picture, a hostile one: readers of them fail in every way there is.
        return None
    # A new picture has nothing but its pixels.
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
    out = BytesIO()
    drawn.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def _pixels(image: Image.Image) -> int:
    return image.size[0] * image.size[1]


def _most(image: Image.Image) -> int:
    is_read_small = image.format == "JPEG" and not image.info.get("progressive")
    return MOST_PIXELS if is_read_small else MOST_PIXELS_WHOLE


def _shrunk(image: Image.Image) -> Image.Image:
    """The picture at the size of a preview, as RGB or RGBA, with what EXIF says of turning it."""
    turning = image.getexif().get(_ORIENTATION, 1)
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image.load()
    small = _plain(image)
    small.thumbnail((SIDE, SIDE))
    exif = small.getexif()
    exif[_ORIENTATION] = turning
    return small


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits of grey; Pillow would cut all that is bright to white.
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    has_alpha = "A" in image.mode or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _turned(image: Image.Image) -> Image.Image:
    turned = ImageOps.exif_transpose(image)
    assert turned is not None
    return turned
