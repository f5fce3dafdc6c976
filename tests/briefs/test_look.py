"""The house colours hold what they promise: contrast on their grounds, distance for every eye."""

from __future__ import annotations

import itertools
import re

import pytest
from fontTools.ttLib import TTFont

from cityresearch.briefs import look
from cityresearch.press.parts import FOLDER

THEME = FOLDER.parent
Vector = tuple[float, float, float]

# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency,
# IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009, doi:10.1109/TVCG.2009.113,
# severity 1.0, applied to linear RGB.
DICHROMACIES: dict[str, tuple[Vector, Vector, Vector]] = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)
WORDS = ("ink", "quiet", "city", "peers", "benchmark", "second")
SHAPES = ("city", "peers", "bar", "benchmark", "second")

# The stylesheet of the pages: its own colours by name, and each rule as (selector, what it declares).
SHEET = re.sub(r"/\*.*?\*/", "", (THEME / "static" / "city.css").read_text(), flags=re.S)
NAMES = {
    "light": dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", SHEET.split("@media")[0])),
    "dark": dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", SHEET.split("@media")[1])),
}
RULES = [
    (selector.strip(), dict(re.findall(r"([a-z-]+):\s*([^;]+)", body)))
    for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", SHEET)
]
TONE_OF = {
    "rule": "grid",
    "tint": "",
    "on-strong": "paper",
    "shade": "",
}  # names that differ from look's roles


def linear(colour: str) -> Vector:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    r, g, b = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return r, g, b


def times(matrix: tuple[Vector, Vector, Vector], vector: Vector) -> Vector:
    a, b, c = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: (L1 + 0.05) / (L2 + 0.05)."""
    bright, dull = sorted((times(XYZ, linear(colour))[1] for colour in (one, other)), reverse=True)
    return (bright + 0.05) / (dull + 0.05)


def lab(colour: str, eye: str) -> Vector:
    seen = tuple(min(max(part, 0.0), 1.0) for part in times(DICHROMACIES[eye], linear(colour)))
    scaled = (value / white for value, white in zip(times(XYZ, seen), WHITE, strict=True))  # type: ignore[arg-type]
    x, y, z = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eye: str) -> float:
    """Delta E of CIE 1976."""
    pairs = zip(lab(one, eye), lab(other, eye), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def tone(role: str, ground: str) -> str:
    found: str = getattr(look.TONES[role], ground)
    return found


def test_contrast_is_computed_as_published() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#1A2433", "#FFFFFF") == pytest.approx(15.6, abs=0.05)  # VISUAL's own figures
    assert contrast("#F0A35E", "#12181F") == pytest.approx(8.6, abs=0.05)


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("role", WORDS)
def test_words_stand_out_from_the_ground(role: str, ground: str) -> None:
    assert contrast(tone(role, ground), tone("paper", ground)) >= 4.5


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("role", SHAPES)
def test_shapes_stand_out_from_the_ground(role: str, ground: str) -> None:
    assert contrast(tone(role, ground), tone("paper", ground)) >= 3.0


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("name", look.STATUSES)
def test_letters_stand_out_from_their_tile(name: str, ground: str) -> None:
    status = look.STATUSES[name]
    assert contrast(tone(status.fill, ground), tone(status.ink, ground)) >= 4.5


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_tiles_are_outlined_against_the_ground(ground: str) -> None:
    """Pale tiles come close to the ground: their outline, in the tone of peers, holds them."""
    assert contrast(tone("peers", ground), tone("paper", ground)) >= 3.0


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_states_of_the_law_go_from_strong_to_pale(ground: str) -> None:
    steps = [
        contrast(tone(role, ground), tone("paper", ground)) for role in ("strong", "middle", "pale")
    ]
    assert steps[0] > 1.8 * steps[1] > 1.8 * 1.8 * steps[2] > 1.8 * 1.8
    marks = [status.mark for status in look.STATUSES.values()]
    assert len(set(marks)) == len(marks), "never colour alone: each state has its own mark"
    assert look.STATUSES["unknown"].hatched


@pytest.mark.parametrize("eye", DICHROMACIES)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_series_stay_apart_for_every_eye(ground: str, eye: str) -> None:
    for one, other in itertools.combinations(look.SERIES, 2):
        assert distance(tone(one, ground), tone(other, ground), eye) >= 19, (one, other)


@pytest.mark.parametrize("eye", DICHROMACIES)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_own_bar_and_states_stay_apart_for_every_eye(ground: str, eye: str) -> None:
    pairs = [("city", "bar"), ("strong", "middle"), ("middle", "pale")]
    for one, other in pairs:
        assert distance(tone(one, ground), tone(other, ground), eye) >= 19, (one, other)


def test_each_drawn_colour_has_one_dark_counterpart() -> None:
    lights = [tone.light for tone in look.TONES.values()]
    assert len(set(lights)) == len(lights)
    css = look.dark_css("figure.chart")
    assert css.startswith("@media screen and (prefers-color-scheme:dark)")
    for role, tone_ in look.TONES.items():
        assert f'figure.chart [fill="{tone_.light}"]{{fill:{tone_.dark}}}' in css, role


def test_the_theme_uses_house_colours_only() -> None:
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", str(look.theme())))
    assert used and used <= {tone.light for tone in look.TONES.values()}


def test_fonts_come_from_their_packages() -> None:
    assert (look.font_folder("Source Serif Pro") / "SourceSerifPro-Semibold.ttf").is_file()
    for bold, weight in ((False, 400), (True, 600)):
        with TTFont(look.sans_file(bold)) as font:
            assert font["OS/2"].usWeightClass == weight
            assert {ord(letter) for letter in "–−’“”±é"} <= set(font.getBestCmap())


def named(declared: str, ground: str) -> list[str]:
    """The colours that a declaration names."""
    return [
        NAMES[ground][name]
        for name in re.findall(r"var\(--([a-z-]+)\)", declared)
        if name in NAMES[ground]
    ]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_the_stylesheet_has_the_colours_of_charts(ground: str) -> None:
    assert len(NAMES[ground]) > 8
    for name, colour in NAMES[ground].items():
        if role := TONE_OF.get(name, name):
            assert colour == tone(role, ground), name
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", SHEET))
    assert used == set(NAMES["light"].values()) | set(NAMES["dark"].values())


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_words_of_pages_stand_out_from_what_is_behind_them(ground: str) -> None:
    """A rule's own background, else the paper and the tint of code."""
    checked = 0
    for selector, rule in RULES:
        backs = named(rule.get("background", ""), ground)
        words = named(rule.get("color", ""), ground) or ([tone("ink", ground)] if backs else [])
        for word, back in itertools.product(
            words, backs or named("var(--paper)var(--tint)", ground)
        ):
            assert contrast(word, back) >= 4.5, (selector, word, back)
            checked += 1
    assert checked > 60
    assert contrast(*named("var(--quiet)var(--pale)", ground)) >= 4.5, (
        "counts on the tiles of states"
    )


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_lines_of_pages_that_mean_something_stand_out_from_the_paper(ground: str) -> None:
    """Focus, fields, key numbers, callouts; `--rule` only divides, and a border may repeat its filling."""
    checked = 0
    for selector, rule in RULES:
        fill = named(rule.get("background", ""), ground)
        lines = [rule[key] for key in rule if key.startswith(("border", "outline"))]
        for line in itertools.chain.from_iterable(named(each, ground) for each in lines):
            if line != NAMES[ground]["rule"] and line not in fill:
                assert contrast(line, tone("paper", ground)) >= 3.0, (selector, line)
                checked += 1
    assert checked > 12
