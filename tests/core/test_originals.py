"""A link leads to the one file that it was made for, and nobody else can make one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import original
from bot.model import Card
from bot.originals import Originals

FILE, OTHER = "01J9ZQ8F6V3M5T7W2X4Y6ZK7F3.png", "01J9ZQ8F6V3M5T7W2X4Y6ZK7F4.png"
KEY = bytes(range(32))
ORIGINALS = Originals("https://draw.example.org", KEY)


def token(file: str, originals: Originals = ORIGINALS) -> str:
    return urlsplit(originals.link_to(file)).path.removeprefix("/o/")


def test_a_link_leads_to_its_file_before_and_after_a_restart() -> None:
    assert ORIGINALS.link_to(FILE).startswith("https://draw.example.org/o/")
    assert ORIGINALS.file_of(token(FILE)) == FILE
    assert Originals("https://elsewhere.example", KEY).file_of(token(FILE)) == FILE


def test_a_link_says_the_same_each_time() -> None:
    assert ORIGINALS.link_to(FILE) == ORIGINALS.link_to(FILE)


def test_another_key_knows_none_of_them() -> None:
    assert Originals("https://draw.example.org", b"another").file_of(token(FILE)) is None


def test_the_seal_of_one_file_opens_no_other() -> None:
    seal = token(FILE).rpartition(".")[2]
    assert ORIGINALS.file_of(f"{OTHER}.{seal}") is None


@pytest.mark.parametrize("place", range(-43, 0))
def test_a_seal_with_one_other_character_is_none(place: int) -> None:
    chars = list(token(FILE))
    chars[place] = "A" if chars[place] != "A" else "B"
    assert ORIGINALS.file_of("".join(chars)) is None


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ".",
        FILE,
        f"{FILE}.",
        token(FILE)[:-1],
        f"{token(FILE)}=",
        f"{token(FILE)}A",
        f" {token(FILE)}",
        "ü.ü",
        "\ud800.x",
    ],
)
def test_what_is_no_token_leads_nowhere(forged: str) -> None:
    assert ORIGINALS.file_of(forged) is None


@given(st.text())
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert ORIGINALS.file_of(text) is None
    assert ORIGINALS.file_of(f"{FILE}.{text}") is None


def test_links_are_numbered_as_their_pictures_where_there_are_several() -> None:
    assert original("https://a.example", 1, 1).label == "Original"
    assert original("https://a.example", 3, 4).label == "Original 3"


def test_a_card_does_not_tell_its_links_where_it_is_printed() -> None:
    card = Card(state="answer", title="", links=(original(ORIGINALS.link_to(FILE), 1, 1),))
    assert FILE not in repr(card)
