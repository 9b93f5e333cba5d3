"""A picture from words: which place, which light, which style; then the label, and a PNG."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFont, PngImagePlugin

from adapters.providers.demo.dice import Dice
from adapters.providers.demo.palettes import STYLES, Finish, Mood, Palette
from adapters.providers.demo.scenes import MOTIFS, SCENES
from adapters.providers.demo.stage import BLACK, WHITE, Stage, mix, scaled

LABEL = "demo"
SIDE_PX = (256, 2048)
SOFTWARE = "Limner demo"
DESCRIPTION = "AI-generated: drawn by the demo of Limner, without a model"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = {
    "strata": _words(
        "abstract pattern geometric colors colours music dream dreams desert dune dunes sand wind silk minimal"
    ),
    "sea": _words(
        "sea ocean lighthouse beacon beach coast harbor harbour island ship ships boat boats sail sailing sailor wave"
        " waves whale fish pirate mermaid water bay pier"
    ),
    "city": _words(
        "city cities skyline street town downtown tower towers building buildings skyscraper castle tokyo paris london"
        " berlin york cyberpunk robot car train metropolis"
    ),
    "cosmos": _words(
        "space planet planets galaxy cosmos universe astronaut rocket spaceship saturn mars jupiter alien nebula orbit"
    ),
    "forest": _words(
        "forest woods wood tree trees jungle deer owl wolf bear bird cabin cottage hut mushroom elf fairy pine path"
    ),
    "mountains": _words(
        "mountain mountains hill hills valley alps peak snow winter fox landscape dragon lake river glacier volcano"
        " meadow field horse"
    ),
}
"""Words that call for a scene; the first one wins."""
_MOODS = {
    Mood.STORM: _words("storm stormy thunder thunderstorm rain rainy tempest hurricane lightning"),
    Mood.NIGHT: _words("night midnight moon moonlight moonlit dark stars starry aurora nocturne"),
}
_STYLES = {
    "frost": _words("snow snowy winter ice icy frost frozen arctic aurora glacier christmas"),
    "neon": _words("neon cyberpunk synthwave retro arcade futuristic"),
    "ink": _words("ink sumi calligraphy zen haiku brush"),
    "paper": _words("paper origami papercut collage"),
    "meadow": _words("meadow spring summer green field garden grass morning"),
    "dusk": _words("sunset dusk evening sunrise dawn golden") | _MOODS[Mood.STORM],
}
_USUAL_STYLES = ("dusk", "dusk", "meadow", "paper", "frost", "ink")


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """All that a picture depends on, and none of the words that asked for it."""

    scene: str
    mood: str
    style: str
    motifs: tuple[str, ...]
    width: int
    height: int
    seed: str

    def __post_init__(self) -> None:
        known = (
            self.scene in SCENES,
            self.mood in Mood.__members__,
            self.style in STYLES,
            MOTIFS.issuperset(self.motifs),
            SIDE_PX[0] <= min(self.width, self.height),
            max(self.width, self.height) <= SIDE_PX[1],
            isinstance(self.seed, str),
        )
        if not all(known):
            raise ValueError("nobody can draw this")


def words_of(prompt: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", prompt.casefold()))


def plan(prompt: str, *, style: str | None, width: int, height: int, seed: int) -> Brief:
    """What is drawn for a prompt; place and style stay the same from seed to seed."""
    words = words_of(prompt)
    told = " ".join(sorted(words))
    chosen = Dice(told)
    usual_scene, usual_style = chosen.pick(tuple(_SIGNS)), chosen.pick(_USUAL_STYLES)
    return Brief(
        scene=next((scene for scene, signs in _SIGNS.items() if signs & words), usual_scene),
        mood=next((mood for mood, signs in _MOODS.items() if signs & words), Mood.CLEAR).name,
        style=style or next((style for style, signs in _STYLES.items() if signs & words), usual_style),
        motifs=tuple(sorted(MOTIFS & words)),
        width=width,
        height=height,
        seed=hashlib.sha256(f"{seed} {told}".encode()).hexdigest(),
    )


def draw(brief: Brief) -> bytes:
    """The labelled PNG; the same brief gives the same bytes."""
    stage = paint(brief)
    _label(stage.image, stage.palette)
    return _png(stage.image)


def paint(brief: Brief) -> Stage:
    """The picture without its label."""
    dice, mood = Dice(brief.seed), Mood[brief.mood]
    palettes = STYLES[brief.style]
    stage = Stage((brief.width, brief.height), dice.pick(palettes.get(mood) or palettes[Mood.CLEAR]), dice)
    SCENES[brief.scene](stage, mood, frozenset(brief.motifs))
    _finish(stage)
    return stage


def _finish(stage: Stage) -> None:
    """Darker corners, and a fine grain that also keeps gradients from showing steps."""
    palette = stage.palette
    corner = mix(palette.sky[0], (90, 70, 40), 0.5) if palette.finish is Finish.WASH else mix(palette.dark, BLACK, 0.5)
    vignette = Image.radial_gradient("L").resize(stage.size, Image.Resampling.BICUBIC)
    stage.paint(corner, vignette.point([max(0, int((grey - 120) * 0.41)) for grey in range(256)]))
    strength = 5 if palette.luminous else 7
    grain = Image.frombytes("L", stage.size, stage.dice.noise(stage.width * stage.height))
    grain = grain.point([grey * strength // 255 for grey in range(256)])
    stage.image = ImageChops.add(stage.image, Image.merge("RGB", (grain, grain, grain)), 1, -(strength // 2))


def _label(image: Image.Image, palette: Palette) -> None:
    """Say in a corner that no model drew this."""
    size = max(12, round(min(image.size) * 0.022))
    font = ImageFont.load_default(size=size)
    left, top, right, bottom = font.getbbox(LABEL)
    width, height = right - left + size * 1.2, bottom - top + size * 0.8
    x, y = image.width - size * 0.9 - width, image.height - size * 0.9 - height
    plate = Image.new("L", image.size)
    ImageDraw.Draw(plate).rounded_rectangle((x, y, x + width, y + height), radius=height / 2, fill=255)
    image.paste(mix(palette.dark, BLACK, 0.4), (0, 0), scaled(plate, 0.55))
    place = (x + size * 0.6 - left, y + size * 0.4 - top)
    ImageDraw.Draw(image).text(place, LABEL, font=font, fill=mix(palette.sky[-1], WHITE, 0.6))


def _png(image: Image.Image) -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Software", SOFTWARE)
    about.add_text("Description", DESCRIPTION)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=about)
    return file.getvalue()
