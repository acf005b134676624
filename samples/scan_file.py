"""A PDF as a scanner would give it: page images only, a little turned and grey."""
from __future__ import annotations

import io
import random

import pypdfium2
from PIL import Image, ImageFilter


def scanned(pdf: bytes, rng: random.Random, dpi: int = 180) -> bytes:
    """The pages of ``pdf`` as JPEG images in a PDF without any text layer."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        turned = image.rotate(rng.uniform(-0.4, 0.4), resample=Image.Resampling.BICUBIC, fillcolor=255)
        pages.append(turned.filter(ImageFilter.GaussianBlur(0.5)))
    document.close()
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=70)
    return out.getvalue()
