"""The parts of a rule that can be true or false by themselves, each as a small rule to be asked alone."""

from __future__ import annotations

from dataclasses import dataclass

from kesos.policy.rules.rule import Rule
from kesos.policy.rules.tree import Between, Comparison, Constant, In, Joined, Named, Node, Not, children, text_of


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison, or one fact that is yes or no, of a rule."""

    rule: Rule

    @property
    def text(self) -> str:
        """Write it as the rule has it, without what joins it to others."""
        return self.rule.text

    @property
    def facts(self) -> tuple[str, ...]:
        """Name the facts that it asks for."""
        return self.rule.facts

    @property
    def limit(self) -> str:
        """Write the other side of the comparison, with the values of parameters; empty for a fact that stands alone."""
        match tree := self.rule.tree:
            case Comparison():
                return text_of(_other_side(tree), with_values=True)
            case Between():
                return " AND ".join(text_of(end, with_values=True) for end in (tree.least, tree.most))
            case In():
                return ", ".join(text_of(choice) for choice in tree.choices)
        return ""


def leaves(rule: Rule) -> tuple[Leaf, ...]:
    """List the comparisons and single facts of a condition, each once, in the order of the text; TRUE has none.

    NOT is no part of a leaf: that of `NOT receives_pkh` is `receives_pkh`.
    """
    found: dict[Node, None] = {}
    waiting: list[Node] = [rule.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Joined | Not):
            waiting += reversed(children(node))
        elif not isinstance(node, Constant):
            found[node] = None
    return tuple(Leaf(Rule(text_of(node), node, node.kind)) for node in found)


def _other_side(tree: Comparison) -> Node:
    """Give the side that the facts are held against: the one without facts, else the right one."""
    return tree.right if _has_facts(tree.left) else tree.left


def _has_facts(node: Node) -> bool:
    waiting = [node]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, Named) and piece.name.value is None:
            return True
        waiting += children(piece)
    return False
