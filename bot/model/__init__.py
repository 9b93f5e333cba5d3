"""The nouns of Limner: what is asked for, what becomes of it, and what a person sees."""

from __future__ import annotations

from bot.model.asked import (
    Capability,
    CharacterSource,
    GenerationRequest,
    PictureSource,
    Quality,
    Source,
    SourceKind,
    Value,
)
from bot.model.cards import ANSWER, Act, Bar, Button, Card, CardLink, CardMedia, Tone, parse_button_id
from bot.model.characters import ADULT_AGE, Character
from bot.model.files import Artifact, RemoteArtifact, StoredFile, named_after
from bot.model.jobs import Failure, Job, JobState, Message, MessageRef, Params, Progress
from bot.model.people import Origin, Preferences, Rest

__all__ = [
    "ADULT_AGE",
    "ANSWER",
    "Act",
    "Artifact",
    "Bar",
    "Button",
    "Capability",
    "Card",
    "CardLink",
    "CardMedia",
    "Character",
    "CharacterSource",
    "Failure",
    "GenerationRequest",
    "Job",
    "JobState",
    "Message",
    "MessageRef",
    "Origin",
    "Params",
    "PictureSource",
    "Preferences",
    "Progress",
    "Quality",
    "RemoteArtifact",
    "Rest",
    "Source",
    "SourceKind",
    "StoredFile",
    "Tone",
    "Value",
    "named_after",
    "parse_button_id",
]
