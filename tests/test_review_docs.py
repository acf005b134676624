"""The pictures in docs/review.md are those that the page gives today, and every code has its words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from docs.shots import IMAGES, take
from review.labels import names

ROOT = Path(__file__).parents[1]


def test_the_documented_pictures_can_be_taken_and_are_small(tmp_path: Path) -> None:
    taken = {path.name: path.stat().st_size for path in take(tmp_path)}
    kept = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    shown = set(re.findall(r"\(images/([\w-]+\.png)\)", (ROOT / "docs/review.md").read_text("utf-8")))
    assert set(taken) == set(kept) == shown
    assert max(*taken.values(), *kept.values()) < 150_000


def test_every_rule_and_every_topic_has_its_words() -> None:
    rules = tomllib.loads((ROOT / "checks/data/rules.toml").read_text("utf-8"))
    topics = tomllib.loads((ROOT / "extractors/data/topics.toml").read_text("utf-8"))["topic"]
    assert {f"rule.{code}" for code in rules} | {f"topic.{one['code']}" for one in topics} <= names()
