"""Every sentence that the code asks for exists, and is given all that it names."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from bot.messages.en import WORDS

ROOT = Path(__file__).parents[2]
SAYING = {
    "say", "Failure", "InvalidRequest", "QuotaExceeded", "TooManyJobs", "ContentRefused", "NotFound", "WrongState",
    "Unavailable",
}  # fmt: skip


def _needed(key: str) -> set[str]:
    forms = WORDS[key]
    several = isinstance(forms, tuple)
    texts = forms if isinstance(forms, tuple) else (forms,)
    named = {field for text in texts for _, field, _, _ in string.Formatter().parse(text) if field}
    return named | ({"n"} if several else set())


def _given(call: ast.Call) -> set[str | None]:
    """The names of the parameters of a call; None stands for those that only running it tells."""
    given: set[str | None] = {keyword.arg for keyword in call.keywords}
    for argument in call.args[1:]:
        if isinstance(argument, ast.Dict):
            given |= {str(key.value) if isinstance(key, ast.Constant) else None for key in argument.keys}
    return given


def _calls() -> Iterator[tuple[str, str, set[str | None]]]:
    for root in ("bot", "adapters"):
        for path in sorted((ROOT / root).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
                key = node.args[0] if isinstance(node, ast.Call) and node.args else None
                if name in SAYING and isinstance(node, ast.Call) and isinstance(key, ast.Constant):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", str(key.value), _given(node)


def test_every_sentence_is_there_and_given_what_it_names() -> None:
    calls = list(_calls())
    assert len(calls) > 100
    assert [(place, key) for place, key, _ in calls if key not in WORDS] == []
    missing = [(place, key, _needed(key) - given) for place, key, given in calls if None not in given]
    assert [one for one in missing if one[2]] == []


def test_every_refusal_has_a_place_that_says_it() -> None:
    said = "".join(
        path.read_text(encoding="utf-8") for root in ("bot", "adapters") for path in (ROOT / root).rglob("*.py")
    )
    said = said.replace('":', "")  # the sentences themselves
    kinds = {f"err.{kind}{rest}" for kind in ("style", "character", "effect") for rest in ("", "_several", "_nearest")}
    refusals = {key for key in WORDS if key.startswith(("err.", "fail."))}
    assert {key for key in refusals - kinds if f'"{key}"' not in said} == set()
