"""What holds for everybody who asks a vendor at the moment, and may be changed at any time."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sim.vendors.effects import SHAPES


def _in_order(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError("the first is the smaller one")
    return span


def _known(shape: str) -> str:
    if shape not in SHAPES:
        raise ValueError(f"it is one of {', '.join(SHAPES)}")
    return shape


Seconds = Annotated[float, Field(ge=0, le=86_400)]
Span = Annotated[tuple[Seconds, Seconds], AfterValidator(_in_order)]


class Weather(BaseModel):
    """Every switch may be set at any time; raises `ValueError` for a value that it cannot have."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    down: bool = Field(default=False, description="nobody listens at the API")
    unavailable: bool = Field(default=False, description="503 for everybody")
    key_refused: bool = Field(default=False, description="401 for every key")
    polls_need_key: bool = Field(default=False, description="401 for a poll without a key")
    duration_s: Span = Field(default=(45.0, 60.0), description="seconds for a job, drawn from this range")
    latency_s: Span = Field(default=(0.0, 0.0), description="seconds before every answer, drawn from this range")
    concurrency: int | None = Field(default=None, ge=1, description="jobs that it works on at a time, or null: all")
    refunds: bool = Field(default=False, description="what failed is paid back, where the vendor tells of credits")
    effects: Annotated[str, AfterValidator(_known)] = Field(
        default="objects", description=f"form of the lists of styles and effects: {', '.join(SHAPES)}"
    )

    def change(self, wanted: dict[str, Any]) -> None:
        """Set what is named, all or nothing; raises `ValueError`."""
        changed = Weather.model_validate({**self.model_dump(), **wanted})
        for name in wanted:
            setattr(self, name, getattr(changed, name))
