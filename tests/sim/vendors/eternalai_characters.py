"""The characters that the simulated EternalAI lists: ready-made ones, and among them those of its other customers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

FIRST_ID, LISTED = 6790, 120
NAMES = ("Elara", "Mina", "Otto", "Ines", "Bo", "Yara", "Juno", "Ravi", "Sven", "Lucia", "Noor", "Emil")
FAMILIES = ("Voss", "Lind", "Okafor", "Reyes", "Tanaka", "Bauer", "Silva", "Novak", "Haddad", "Moreau")
CALLINGS = ("former bartender, current overthinker.", "keeps bees on a roof.", "repairs clocks and bicycles.")
AGES = (25, 31, 44, 19, 67, 28, 18)
ODD_AGES = (17, None, "20", 16)


def _listed() -> Iterator[dict[str, Any]]:
    for number, (family, name) in enumerate(islice(product(FAMILIES, NAMES), LISTED)):
        yield {
            "id": FIRST_ID + number,
            "username": f"{name}_{family}".lower(),
            "display_name": f"{name} {family}",
            "description": CALLINGS[number % len(CALLINGS)],
            "avatar_url": f"https://cdn.eternalai.test/imagine/{FIRST_ID + number:08x}.jpg",
            "age": ODD_AGES[number // 8 % len(ODD_AGES)] if number % 8 == 7 else AGES[number % len(AGES)],
            "gender": "male" if name in ("Otto", "Bo", "Ravi", "Sven", "Emil") else "female",
            "status": "pending" if number % 11 == 10 else "approved",
            "category": "internal" if number % 5 == 4 else "default",
        }


CATALOGUE: tuple[dict[str, Any], ...] = tuple(_listed())
READY_MADE = tuple(item for item in CATALOGUE if (item["category"], item["status"]) == ("default", "approved"))
"""Those that are there for everybody; some are not of age, or do not say."""
