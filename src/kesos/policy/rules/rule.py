"""A rule that was read and checked."""

from __future__ import annotations

from dataclasses import dataclass

from kesos.policy.rules.name import Kind
from kesos.policy.rules.tree import Node, names_in, text_of


@dataclass(frozen=True, slots=True)
class Rule:
    """A text, its tree, and what it gives: a kind and a unit (empty where there is none)."""

    text: str
    tree: Node
    kind: Kind
    unit: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Name the facts that it asks for, each once, in the order of the text."""
        return tuple(dict.fromkeys(name.name for name in names_in(self.tree) if name.value is None))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Name the parameters of the programme that it asks for, each once, in the order of the text."""
        return tuple(dict.fromkeys(name.name for name in names_in(self.tree) if name.value is not None))

    @property
    def canonical(self) -> str:
        """Write it in the one way that all texts with the same tree share."""
        return text_of(self.tree)
