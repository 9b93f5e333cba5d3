"""The sample provider with other code in some places."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from providers import sample
from providers.test_contract_sample import CONTRACT

from bot.testing.contract import ProviderContract

SOURCE = Path(sample.__file__).read_text()


def rewritten(*changes: tuple[str, str]) -> ProviderContract:
    """The contract of the sample for the sample with these changes, each of a text that stands there once."""
    source = SOURCE
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    module: dict[str, Any] = {"__name__": "rewritten"}
    exec(compile(source, "rewritten", "exec"), module)
    create = module["create"]
    return replace(CONTRACT, create=create, hasty=partial(create, submit_s=0.3, ask_s=0.3))
