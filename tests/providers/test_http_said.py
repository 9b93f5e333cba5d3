"""What is read alike in the answers of all providers: pictures within them, and any text there."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.providers._http.said import decoded, id_in, layers_of, number_in
from bot.errors import BadResult
from bot.model import Artifact
from bot.testing.provider import PNG

BASE64 = base64.b64encode(PNG).decode()
LARGE = bytes(1_500_000)


@pytest.mark.parametrize(
    ("inline", "artifact"),
    [
        (BASE64, Artifact(PNG)),
        (f"data:image/png;base64,{BASE64}", Artifact(PNG, "image/png")),
        (f"DATA:IMAGE/PNG;BASE64,{BASE64}", Artifact(PNG, "image/png")),
        (f"data:;base64,{BASE64}", Artifact(PNG)),
        ("\n".join(BASE64[at : at + 76] for at in range(0, len(BASE64), 76)), Artifact(PNG)),
        (base64.b64encode(LARGE).decode(), Artifact(LARGE)),
    ],
    ids=["base64", "data", "DATA", "untyped", "in lines", "large"],
)
async def test_a_picture_in_an_answer_is_unpacked(inline: str, artifact: Artifact) -> None:
    assert await decoded(inline) == artifact


async def test_a_large_picture_is_unpacked_while_the_loop_goes_on() -> None:
    turns, inline = 0, base64.b64encode(bytes(20_000_000)).decode()
    unpacking = asyncio.create_task(decoded(inline))
    while not unpacking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 3  # the start, and others while it goes on


@pytest.mark.parametrize(
    "inline", [BASE64[:-1], f"{BASE64[:70]}*{BASE64[71:]}", f"{BASE64}ü", "data:image/png;base64,?"]
)
async def test_what_is_not_quite_base64_is_no_picture(inline: str) -> None:
    with pytest.raises(BadResult):
        await decoded(inline)


@given(st.text())
def test_any_text_is_a_picture_or_a_bad_result(inline: str) -> None:
    try:
        assert isinstance(asyncio.run(decoded(inline)), Artifact)
    except BadResult:
        return


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("6b1d93ee-7988-49ed-8794-6e72a7b24123-e2", "6b1d93ee-7988-49ed-8794-6e72a7b24123-e2"),
        (921864, "921864"),
        (" 7 ", "7"),
        ("0", None),
        (0, None),
        (True, None),
        (None, None),
        ("a b", None),
        ("é", None),
        ("--", None),
        ("x" * 201, None),
    ],
)
def test_an_id_is_text_that_can_stand_in_an_address(value: Any, found: str | None) -> None:
    assert id_in(layers_of({"data": {"job_id": value}}, ("data",)), ("id", "job_id")) == found


def test_a_number_may_be_text_and_zero_says_nothing() -> None:
    assert [number_in([{"n": value}], "n") for value in (40, "40 %", 0, "0", True, "nan", 10**400, None)] == [
        40.0, 40.0, None, None, None, None, None, None,
    ]  # fmt: skip
