"""The styles and their colours, mood by mood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

Color = tuple[int, int, int]


class Mood(Enum):
    """What the words say about light and weather."""

    CLEAR = auto()
    NIGHT = auto()
    STORM = auto()


class Finish(Enum):
    """What a picture seems to be made of."""

    SOFT = auto()  # air: every layer fades into haze
    CUT = auto()  # sheets of paper, each with its shadow
    WASH = auto()  # ink on paper: dark crests that run out downwards
    GLOW = auto()  # dark bodies with shining edges


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """The colours of one picture.

    `sky` runs from the zenith to the horizon, `land` from far to near, `dark` is for
    figures before them. `orb` is sun or moon and `glow` its light, `lamp` what people lit.
    `evening` lights the windows.
    """

    sky: tuple[Color, ...]
    land: tuple[Color, ...]
    dark: Color
    orb: Color
    glow: Color
    lamp: Color
    finish: Finish
    stars: bool
    moon: bool
    snow: bool
    evening: bool

    @property
    def luminous(self) -> bool:
        """Whether light spreads here: paper and ink do not shine."""
        return self.finish in (Finish.SOFT, Finish.GLOW)


Moods = dict[Mood, tuple[Palette, ...]]


def _palette(sky: str, land: str, others: str, traits: str) -> Palette:
    """`others` are dark, orb, glow and lamp; `traits` begins with the finish."""
    dark, orb, glow, lamp = _colors(others)
    return Palette(
        sky=_colors(sky),
        land=_colors(land),
        dark=dark,
        orb=orb,
        glow=glow,
        lamp=lamp,
        finish=Finish[traits.split(maxsplit=1)[0].upper()],
        stars="stars" in traits,
        moon="moon" in traits,
        snow="snow" in traits,
        evening="evening" in traits,
    )


def _colors(codes: str) -> tuple[Color, ...]:
    return tuple((code >> 16, code >> 8 & 255, code & 255) for code in (int(text, 16) for text in codes.split()))


DUSK: Moods = {
    Mood.CLEAR: (
        _palette("2b2d5b 6a4a7c c8698a f59e7a ffd9a0", "d7a08f 8f5f7a 4a3560 251b36",
                 "1d1430 fff1cf ffb27a ffd58a", "soft evening"),
        _palette("1f3b57 4c6f86 c99a86 f6b36b ffe3b0", "cfae9c 8a8593 45566d 182530",
                 "101a24 fff4d8 ffc070 ffdf9a", "soft evening"),
        _palette("3a2352 8a3f74 e0607a ff9c6b ffe0a8", "d98a86 9a4f78 532d5e 22123a",
                 "180c2a fff0d0 ff8f6e ffd08a", "soft evening"),
    ),
    Mood.NIGHT: (
        _palette("070b1f 121b42 2a3a72 5563a0 8f8fc0", "5966a0 36437f 1b2452 0a0e24",
                 "05071a fdf6e0 a9b8ff ffd58a", "soft stars moon evening"),
    ),
    Mood.STORM: (
        _palette("10161f 222d3a 3f4d5a 71797c b8a98c", "7d868a 525f69 2b3640 10171f",
                 "080c11 ffe9bd ffcf8a ffdf9f", "soft evening"),
    ),
}  # fmt: skip
INK: Moods = {
    Mood.CLEAR: (
        _palette("efe9dc f3eee3 f5f1e8", "9aa0a3 6b7075 3c4046 1c1f24", "16181c c8412f e7b9a6 c8412f", "wash"),
        _palette("e9e6da f1ece0 f6f2ea", "93a09c 64736f 384541 17211f", "121a18 b8352a e3b5a2 b8352a", "wash"),
    ),
    Mood.NIGHT: (
        _palette("3a4049 6d737a b5b5b0", "858b92 5a6067 32363c 0f1216",
                 "0b0d10 f5f1e4 e8e4d6 e2a23b", "wash moon evening"),
    ),
    Mood.STORM: (
        _palette("b9bab7 d5d4cd e9e6dd", "8d9296 60656a 363a3f 14171b", "101215 b8352a d9c5b6 c8412f", "wash"),
    ),
}  # fmt: skip
PAPER: Moods = {
    Mood.CLEAR: (
        _palette("f4d9c6 f8e4d2 fbeee0", "f2c4a6 e39a80 b5666a 6b4560 3d3450", "2c2740 f2785c f9c9a8 fff0c9", "cut"),
        _palette("bfe0dc d6ebe4 f1f4e8", "b5dbcf 7fbcae 4a938f 2b6a72 1c4a57", "143844 f6b352 fbe3b0 fff0c9", "cut"),
        _palette("d9d2ea e8dff0 f7ecee", "d6c3e6 b39ad1 8a75b5 5f5391 3b3561", "2b2750 f49a8a fbd3cb fff0c9", "cut"),
    ),
    Mood.NIGHT: (
        _palette("1d2447 2b3463 47508a", "5b6aa6 4a5791 36417a 252d5c 161b3f",
                 "0e1230 f7e7b4 aab4e0 ffd884", "cut stars moon evening"),
    ),
    Mood.STORM: (
        _palette("5d6d7e 8796a3 c3c9c8", "a3b1b8 7f909b 5d6f7d 3d4d5c 26323f",
                 "1a242e f0c36b e8dcb8 ffd884", "cut evening"),
    ),
}  # fmt: skip
NEON: Moods = {
    Mood.CLEAR: (
        _palette("0a0420 1f0a45 541273 b01e7f ff5f8f", "4a1470 2c0a52 180638 0a0320",
                 "05020f ffd75e ff3fa0 3df2ff", "glow stars evening"),
        _palette("020617 071a3d 0d3f6e 1480a0 6be8d8", "0f5a80 0a3a62 062347 03102a",
                 "010816 f6f7a8 22d3ee ff5fd2", "glow stars evening"),
    ),
}  # fmt: skip
MEADOW: Moods = {
    Mood.CLEAR: (
        _palette("4f9bd0 86bfe2 bfe0ec eef4e2", "b9d8c4 8cc08f 5a9c5c 2f6f3c", "1f4f2e fffbe6 fff3c0 fff0b0", "soft"),
        _palette("6fb2c9 a5d3d4 dcebd3 fbf3d0", "c9dcb0 9cc284 6aa058 3d7034", "28522a fffbe0 ffeeb0 fff0b0", "soft"),
    ),
    Mood.NIGHT: (
        _palette("0c1d33 17374f 2f5f6e 6d9a8e", "4f837f 2f5f5e 17403c 0a231c",
                 "06170f fdf8e0 bfe6d8 ffe08a", "soft stars moon evening"),
    ),
    Mood.STORM: (
        _palette("3f5560 61787f 93a5a2 cfd4bd", "93a89e 64827a 3d5f52 20402f", "14291e fff2cf e9e5b8 ffe7a8", "soft"),
    ),
}  # fmt: skip
FROST: Moods = {
    Mood.CLEAR: (
        _palette("7fa6cc aac6df d4e1ec f6eef0", "c3d2e6 a4bad6 cfdcea f3f7fb",
                 "2f4a70 ffffff ffeef0 ffe2b0", "soft snow"),
        _palette("8d9fcf b9bfe0 e3d3e4 fbe6e0", "cdcce6 b0b2d6 d9d6ea f8f5fa",
                 "3c4270 fffdf8 ffdfe0 ffe2b0", "soft snow"),
    ),
    Mood.NIGHT: (
        _palette("040d22 0a2340 12495c 2f8a83 9fd8b8", "35708a 2a5a78 4f86a0 9cc4d2",
                 "071a2c f4fbff 8ff5d0 ffe0a0", "soft stars moon evening snow"),
    ),
    Mood.STORM: (
        _palette("5f6f82 8795a5 b5bec8 dfe2e6", "b4bfcb 97a5b5 bcc7d3 e6ebf0",
                 "2a394b ffffff eef2f6 ffdf9f", "soft snow evening"),
    ),
}  # fmt: skip

STYLES = {"dusk": DUSK, "ink": INK, "paper": PAPER, "neon": NEON, "meadow": MEADOW, "frost": FROST}
