"""Draws the phone's icons from the same lines as public/mark.svg. Run in `frontend/` when the mark changes; commit what it writes."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

PUBLIC: Final = Path(__file__).parent / "public"
BLUE: Final = (28, 79, 138)
WHITE: Final = (255, 255, 255)
GRID: Final = 32  # the mark's own units
FINER: Final = 8  # drawn so much larger, then made small: smooth edges


def icon(size: int, *, share: float, ink: tuple[int, int, int], ground: tuple[int, int, int]) -> Image.Image:
    """The mark, `share` of the square wide, in the middle of `ground`."""
    side = size * FINER
    image = Image.new("RGB", (side, side), ground)
    draw = ImageDraw.Draw(image)
    unit = side * share / GRID
    start = side * (1 - share) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return start + x * unit, start + y * unit

    draw.ellipse((*at(1, 1), *at(31, 31)), outline=ink, width=round(4 * unit))
    hand = [at(16, 8), at(16, 16), at(22, 20)]
    width = 3.5 * unit
    draw.line(hand, fill=ink, width=round(width), joint="curve")
    for x, y in hand:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for pixels in (180, 192, 512):
        icon(pixels, share=0.8, ink=BLUE, ground=WHITE).save(PUBLIC / f"icon-{pixels}.png", optimize=True)
    # What a phone cuts into its own shape: the mark stays within the inner four fifths.
    icon(512, share=0.56, ink=WHITE, ground=BLUE).save(PUBLIC / "icon-512-maskable.png", optimize=True)
