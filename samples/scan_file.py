"""A PDF as a scanner would give it: page images only, a little turned and grey."""
from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageChops, ImageFilter


def scanned(
    pdf: bytes, rng: random.Random, dpi: int = 180, skew: float | None = None, noise: float = 0
) -> bytes:
    """The pages of ``pdf`` as JPEG images in a PDF without any text layer.

    ``skew`` turns every page by so many degrees (drawn at random up to 0.4 otherwise); ``noise`` is the standard
    deviation, in grey levels, of what the sensor adds.
    """
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        angle = rng.uniform(-0.4, 0.4) if skew is None else skew
        turned = image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
        if noise:
            grain = Image.frombytes("L", turned.size, rng.randbytes(turned.width * turned.height))
            turned = ImageChops.add(turned, grain.point(lambda level: level * noise / 74), offset=-round(1.72 * noise))
        pages.append(turned.filter(ImageFilter.GaussianBlur(0.5)))
    document.close()
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=70)
    return out.getvalue()
