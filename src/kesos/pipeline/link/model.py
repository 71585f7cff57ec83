"""The model file of the linker: which fields speak of a person, how pairs are found, compared and cut."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kesos.foundation.errors import Refused

NULL: Final = 0
"""Level of a comparison that has nothing to say."""

_TEST: Final = re.compile(
    r"^(?:(?P<field>\w+) )?(?P<test>[a-z_]+)(?:(?P<sign>>=|<=|=)(?P<bound>\d*\.?\d+|[a-z][a-z_]*))?$"
)
TESTS: Final = frozenset(
    "exact jaro_winkler edit same_words compatible words_alike day_month_swapped one_digit_differs one_part_differs "
    "same_year heaped_year head within both".split()
)
MOST_EDITS: Final = 3
_MOST_LEVELS: Final = 14  # a level is one hex digit; 0 is null and the last one is "else"


class NotAModel(Refused):
    """The model file cannot be used."""

    what = "Model file {file} does not hold: {fault}."
    remedy = "Mend this place of the file; src/kesos/pipeline/link/models/indonesia.yaml is an example."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldModel(_Part):
    """One field of a record. Of several `columns` all are joined by a space, or the first known one is taken."""

    column: str | None = None
    columns: tuple[str, ...] = ()
    take: Literal["all", "first"] = "all"
    kind: Literal["name", "text", "date", "code", "number", "place"]
    key: Literal["phonetic", "skeleton", "none"] = "skeleton"
    heaped: tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...] = ()
    """Of dates: days (MM-DD) that stand for a day nobody knows."""

    @model_validator(mode="after")
    def _one_spelling(self) -> FieldModel:
        if (self.column is None) == (not self.columns):
            raise ValueError("a field has either `column` or `columns`")
        return self

    @property
    def from_columns(self) -> tuple[str, ...]:
        """List the columns that the field is read from."""
        return self.columns or (str(self.column),)


class BlockingModel(_Part):
    """Records that agree in all parts of `on` are compared; blocks above `cap` are split by `finer`, part by part."""

    name: str
    on: tuple[str, ...] = Field(min_length=1)
    finer: tuple[str, ...] = ()
    cap: int = Field(default=2000, ge=2)


class Condition(_Part):
    """One condition on two values of one field."""

    field: str
    test: str
    bound: float = 0.0
    word: str = ""


class LevelModel(_Part):
    """One degree of agreement: all its conditions hold, and those of no level before it.

    `counts: false` is a level that another comparison already counts (names changed places): it weighs nothing.
    """

    name: str
    when: str | tuple[str, ...]
    m: Annotated[float, Field(gt=0, lt=1)] | None = None
    counts: bool = True

    def tests(self, field: str) -> tuple[Condition, ...]:
        """Read the conditions; one that names no field is about `field`."""
        texts = (self.when,) if isinstance(self.when, str) else self.when
        return tuple(_read_test(text, field) for text in texts)


class ComparisonModel(_Part):
    """One comparison: the first level that holds counts; none is "else"; an unknown `field` says nothing."""

    name: str
    field: str
    levels: tuple[LevelModel, ...] = Field(min_length=1, max_length=_MOST_LEVELS)
    term_frequency: bool = False
    cap_bits: float | None = Field(default=None, gt=0)
    floor_bits: float | None = Field(default=None, lt=0)
    group: str | None = None

    @property
    def else_level(self) -> int:
        """Number the level of pairs that no named level holds for."""
        return len(self.levels) + 1

    def level(self, name: str) -> int:
        """Number a level by its name. *Raises* KeyError."""
        names = ["null", *(level.name for level in self.levels), "else"]
        if name not in names:
            raise KeyError(name)
        return names.index(name)

    def level_name(self, level: int) -> str:
        """Name a level by its number."""
        return ["null", *(one.name for one in self.levels), "else"][level]

    @property
    def closed_field(self) -> str | None:
        """Name the field whose mere equality is the first level, so that chance agreement has a closed form."""
        tests = self.levels[0].tests(self.field)
        return self.field if tests == (Condition(field=self.field, test="exact"),) else None


class GroupModel(_Part):
    """Comparisons that are evidence of one thing: what they add together is limited, from `floor_bits` upwards.

    Either they add at most `cap_bits`, or they bring the odds, the prior included, to at most `most_odds_bits`. The
    latter holds for tables of any size: card, village and mother make two of a family of four one person with odds
    of 1 to 3 at best, however many other families there are. A group `within` another counts as one of its parts.
    """

    cap_bits: Annotated[float, Field(gt=0)] | None = None
    most_odds_bits: float | None = None
    floor_bits: float = Field(default=-64.0, lt=0)
    within: str | None = None

    @model_validator(mode="after")
    def _one_cap(self) -> GroupModel:
        if (self.cap_bits is None) == (self.most_odds_bits is None):
            raise ValueError("a group has either `cap_bits` or `most_odds_bits`")
        return self

    def cap(self, prior_bits: float) -> float:
        """Give the most that the group may add, in bits, never less than 0.

        >>> GroupModel(most_odds_bits=-2).cap(-20.0), GroupModel(cap_bits=9).cap(-20.0)
        (18.0, 9.0)
        """
        if self.cap_bits is not None:
            return self.cap_bits
        return max(0.0, (self.most_odds_bits or 0.0) - prior_bits)


class StandingModel(_Part):
    """Pairs that stand, in each of the named comparisons, at one of the levels named with it."""

    name: str
    when: dict[str, tuple[str, ...]] = Field(min_length=2)


class DoubtModel(StandingModel):
    """Levels that say less together than each alone: a pair that stands at all of them weighs `bits` less."""

    bits: float = Field(gt=0)


class AnchorModel(_Part):
    """Pairs with an equal `number` that contradict in none of `agree` are taken for one person when m is learnt."""

    number: str
    agree: tuple[str, ...] = ()


class VetoModel(StandingModel):
    """Two records that stand at these levels of these comparisons are two persons, whatever they weigh."""


class ThresholdModel(_Part):
    """`review_above` is a probability; at least `target_precision` of the linked pairs shall be right."""

    target_precision: float = Field(default=0.999, gt=0, lt=1)
    linked_above: float = Field(default=0.5, gt=0, lt=1)
    review_above: float = Field(default=0.05, gt=0, lt=1)


class Model(_Part):
    """A whole model file."""

    id: str | None = None
    source: str | None = None
    pairs: Literal["all", "between_sources"] = "all"
    fields: dict[str, FieldModel]
    anchors: AnchorModel | None = None
    anchor_source: str | None = None
    anchor_penalty_bits: float = Field(default=10.0, ge=0)
    blocking: tuple[BlockingModel, ...] = Field(min_length=1)
    comparisons: tuple[ComparisonModel, ...] = Field(min_length=1, max_length=15)
    groups: dict[str, GroupModel] = {}
    doubts: tuple[DoubtModel, ...] = ()
    vetoes: tuple[VetoModel, ...] = ()
    thresholds: ThresholdModel = ThresholdModel()

    @cached_property
    def place(self) -> dict[str, int]:
        """Give the place of each comparison by name."""
        return {comparison.name: place for place, comparison in enumerate(self.comparisons)}

    def comparison(self, name: str) -> ComparisonModel:
        """Find a comparison by name. *Raises* KeyError."""
        return self.comparisons[self.place[name]]

    @model_validator(mode="after")
    def _names_are_known(self) -> Model:
        for rule in self.blocking:
            _need({part.partition(".")[0] for part in (*rule.on, *rule.finer)}, self.fields, f"blocking {rule.name}")
        for comparison in self.comparisons:
            used = {test.field for level in comparison.levels for test in level.tests(comparison.field)}
            _need({comparison.field, *used}, self.fields, f"comparison {comparison.name}")
            _need([comparison.group] if comparison.group else [], self.groups, f"comparison {comparison.name}")
        if len(self.place) < len(self.comparisons):
            raise ValueError("two comparisons have one name")
        if self.anchors:
            _need({self.anchors.number}, self.fields, "anchors.number")
            _need(set(self.anchors.agree), self.place, "anchors.agree")
        if (self.anchor_source or self.pairs == "between_sources") and self.source is None:
            raise ValueError("`anchor_source` and `pairs: between_sources` need `source`, the column of the source")
        self._levels_are_known()
        self._groups_end()
        return self

    def _levels_are_known(self) -> None:
        rules: tuple[StandingModel, ...] = (*self.vetoes, *self.doubts)
        for rule in rules:
            _need(set(rule.when), self.place, rule.name)
            for name, levels in rule.when.items():
                comparison = self.comparison(name)
                _need(set(levels), {"null", "else", *(one.name for one in comparison.levels)}, rule.name)

    def _groups_end(self) -> None:
        _need([group.within for group in self.groups.values() if group.within], self.groups, "groups")
        if len(self.groups_inside_out) < len(self.groups):
            raise ValueError("groups lie within each other in a ring")

    @cached_property
    def groups_inside_out(self) -> tuple[str, ...]:
        """List the groups, each before the one that it lies within."""
        ordered: list[str] = []
        rest = dict(self.groups)
        while free := [name for name in rest if all(other.within != name for other in rest.values())]:
            ordered += free
            rest = {name: group for name, group in rest.items() if name not in free}
        return tuple(ordered)


def _need(names: Iterable[str], known: Container[str], where: str) -> None:
    missing = sorted(name for name in names if name not in known)
    if missing:
        raise ValueError(f"{where} names what is not there: {', '.join(missing)}")


def _read_test(text: str, field: str) -> Condition:
    found = _TEST.match(text)
    if not found or found["test"] not in TESTS:
        raise ValueError(f"cannot read the condition {text!r}")
    bound, word = _bound_or_word(found["bound"] or "0")
    if (found["test"] == "both") != bool(word):
        raise ValueError(f"{text!r} compares with what it cannot be compared with")
    if found["test"] == "edit" and bound > MOST_EDITS:
        raise ValueError(f"{text!r}: more than {MOST_EDITS} edits are not measured")
    return Condition(field=found["field"] or field, test=found["test"], bound=bound, word=word)


def _bound_or_word(text: str) -> tuple[float, str]:
    return (0.0, text) if text[0].isalpha() else (float(text), "")


class _PlainYaml(yaml.SafeLoader):
    """YAML in which `on` is a word, as in newer YAML, and only true and false are truths."""


_PlainYaml.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainYaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_model(path: Path) -> Model:
    """Read a model file. *Raises* NotAModel, with the place of the fault."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainYaml)  # noqa: S506 - it is a SafeLoader
        return Model.model_validate(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotAModel(file=path, fault=str(error).replace("\n", " ")) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise NotAModel(file=path, fault=f"{place}: {first['msg']}" if place else first["msg"]) from error
