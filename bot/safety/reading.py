"""How a text is read: every disguise that still shows the word is taken off first.

    "(N.u.d.é:1.3)"  ->  words n u d e 1 3  ->  letters "nude13", with the bounds of the words

Terms are looked for in the letters, from the bound of one word to the bound of another, so
spaces, dots and tags inside a word hide nothing. Repeated letters are read once.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, groupby

from bot.safety.words import EMOJI

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")  # noqa: RUF001 - Greek that looks Latin is the point
_LOOK = {
    "авсԁеһіјкӏмнорԛѕтѵԝхуʏґѓ": "abcdehijklmnopqstvwxyyrr",
    "αβεηικνορστυχωϳ": "abenikvopotuxwj",
    "ᴀɑʙɓƅᴄᴅɗđðᴇəɛєꜰƒɡɢħʜıɩɪʝĸᴋłʟᴍɴŋøᴏᴘʀꞅᴛŧᴜʋᴠᴡᴢæœþ": "aabbbcddddeeeeffgghhiiijkkllmnnooprsttuvvwzaop",
    "ոսօհցզ": "nuohgq",  # noqa: RUF001 - Armenian
}
"""Letters beside the Latin ones that they look like."""
_SIGNS = str.maketrans({"@": " a ", "$": " s ", "!": " i ", "|": " i ", "€": " e "})
_DIGITS = tuple(str.maketrans("0134578", letters) for letters in ("oieastb", "oleastb"))
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Me", "Mn", "Sk"})
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters by their category, yet nothing is seen
_TABLE_SIZE = 10_000

_SIGN_AS_LETTER = re.compile(r"[^\W\d_][@$!|€]+[^\W_]|[@$][^\W\d_]|[^\W\d_]\$")
_ONE_AS_LETTER = re.compile(r"[^\W\d_]1|1[^\W\d_]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_OWNER = re.compile(r"'s\b")
_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"([^\W_])\1+")


class _Table(dict[int, str]):
    """What a character is read as; what is not in it from the start is found out once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        unseen = not char.isspace() and unicodedata.category(char) in _INVISIBLE
        read = "" if unseen else char
        if len(self) < _TABLE_SIZE:
            self[code] = read
        return read


def _table() -> _Table:
    table = _Table({ord(char): f" {word} " for char, word in EMOJI.items()})
    table.update(dict.fromkeys(map(ord, _BLANKS), "") | {ord("’"): "'"})  # noqa: RUF001 - the typed apostrophe
    for look, letters in _LOOK.items():
        table.update(zip(map(ord, look), letters, strict=True))
    for first in (0x1F150, 0x1F170, 0x1F1E6):  # letters in black circles and squares, letters of flags
        table.update(zip(range(first, first + len(_LATIN)), _LATIN, strict=True))
    return table


_AS_READ = _table()


def plain(text: str) -> str:
    """Lower case, without marks and invisible characters, letters as they look."""
    folded = unicodedata.normalize("NFKD", html.unescape(text)).translate(_CAPITALS).casefold()
    return _OWNER.sub("", folded.translate(_AS_READ))


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return _WORD.findall(text)


class Reading:
    """The letters of a plain text, repeated ones once, and where its words begin and end in them."""

    def __init__(self, text: str, digits: dict[int, int] = _DIGITS[0]) -> None:
        self._text = text
        self._digits = digits
        once = [_spelled(word, digits) for word in words(_REPEATED.sub(r"\1", text))]
        self.letters = "".join(once)
        self.ends = list(accumulate(map(len, once)))
        self.starts = [0, *self.ends[:-1]]

    @cached_property
    def words(self) -> list[str]:
        """The words with their letters as often as they were written."""
        return [_spelled(word, self._digits) for word in words(self._text)]

    def runs(self, first: int, last: int) -> list[int]:
        """How often each letter from one word to another is repeated."""
        return [len(list(run)) for word in self.words[first : last + 1] for _, run in groupby(word)]


def _spelled(word: str, digits: dict[int, int]) -> str:
    return word if word.isalpha() or word.isdigit() else word.translate(digits)


def readings(text: str) -> Iterator[Reading]:
    """Every way to read a plain text: with and without its tags, with signs as letters, with 1 as i and as l."""
    for untagged in dict.fromkeys((text, _TAG.sub("", text))):
        signs_too = (untagged.translate(_SIGNS),) if _SIGN_AS_LETTER.search(untagged) else ()
        for spelling in (untagged, *signs_too):
            for digits in _DIGITS if _ONE_AS_LETTER.search(spelling) else _DIGITS[:1]:
                yield Reading(spelling, digits)
