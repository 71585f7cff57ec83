"""Read `precedence.yaml`: who is believed for which column."""

from __future__ import annotations

from importlib.resources import files
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict

Entity = Literal["person", "family", "dwelling"]

_FILE: Final = files("kesos.pipeline.golden") / "precedence.yaml"


class Precedence(BaseModel):
    """The rules of survivorship, as the YAML file states them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    order: tuple[str, ...]
    newest_first: dict[Entity, tuple[str, ...] | Literal["all"]]
    first: dict[str, tuple[str, ...]]
    together: tuple[tuple[str, ...], ...]

    def rank(self, source: str, column: str | None = None) -> int:
        """Give a source's place for a column: 0 is believed first; sources that are not listed share the last."""
        asked_first = self.first.get(column or "", ())
        if source in asked_first:
            return asked_first.index(source)
        listed = self.order.index(source) if source in self.order else len(self.order)
        return len(asked_first) + listed

    def is_newest_first(self, entity: Entity, column: str) -> bool:
        """Tell whether the newest value of a column stands, rather than the most trusted one."""
        named = self.newest_first.get(entity, ())
        return named == "all" or column in named

    def leader(self, column: str) -> str:
        """Name the column whose winning record a column follows; itself if it follows none."""
        return next((group[0] for group in self.together if column in group), column)


def read_precedence() -> Precedence:
    """Read the precedence that ships with the pipeline."""
    return Precedence.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
