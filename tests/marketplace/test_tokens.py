"""The contrast of every pair of colours that meet, computed from the style sheet itself."""

import math
import re
from pathlib import Path

import pytest

SHEET = Path(__file__).resolve().parent.parent.parent / "marketplace" / "static" / "marketplace" / "tokens.css"
COLOUR = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
TOKENS = {
    name: tuple(tuple(float(part) for part in parts) for parts in (found[:3], found[3:]))
    for name, *found in re.findall(rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\);", SHEET.read_text())
}
GROUNDS = ("paper", "surface", "sunken")
WORDS = [
    *[(word, ground) for word in ("ink", "muted", "danger-ink", "warning-ink", "success-ink") for ground in GROUNDS],
    *[(word, ground) for word in ("accent", "accent-strong", "danger") for ground in ("paper", "surface")],
    *[("on-accent", ground) for ground in ("accent", "accent-strong")],
    *[(f"{tone}-ink", f"{tone}-soft") for tone in ("accent", "success", "warning", "danger")],
    ("accent", "accent-soft"),
    ("paper", "ink"),
]
SHAPES = [
    *[("edge", ground) for ground in ("paper", "surface")],
    *[(fill, "sunken") for fill in ("accent", "success", "warning", "danger")],
    ("accent", "paper"),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_can_be_read_on_their_ground(word: str, ground: str, theme: int) -> None:
    assert contrast(word, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen_on_their_ground(shape: str, ground: str, theme: int) -> None:
    assert contrast(shape, ground, theme) >= 3


def test_the_arithmetic_knows_black_and_white() -> None:
    assert luminance((1.0, 0.0, 0.0)) == pytest.approx(1.0, abs=0.001)
    assert luminance((0.0, 0.0, 0.0)) == 0


def contrast(one: str, other: str, theme: int) -> float:
    darker, lighter = sorted(luminance(TOKENS[name][theme]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[float, ...]) -> float:
    """WCAG's relative luminance of an OKLCH colour, after clipping it to what a screen can show."""
    lightness, chroma, hue = colour[0], colour[1], math.radians(colour[2])
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    weights = zip((red, green, blue), (0.2126, 0.7152, 0.0722), strict=True)
    return sum(min(1.0, max(0.0, part)) * weight for part, weight in weights)
