"""Read the YAML that people write: a mapping without repeated keys, checked against a model that knows every key."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Strict(BaseModel):
    """A part of a YAML file: a key that nobody knows is an error, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BothLanguages(Strict):
    """A short text in Indonesian and in English."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def said(self, language: str) -> str:
        """Give the text in a language; Indonesian for any but English.

        >>> BothLanguages(id="desil", en="decile").said("en")
        'decile'
        """
        return self.en if language == "en" else self.id


class NotAMapping(Exception):
    """The text is no YAML mapping: `place` is where, `problem` what."""

    def __init__(self, place: str, problem: object) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


class _WithoutRepeats(yaml.SafeLoader):
    """YAML keeps the last of two equal keys and says nothing; a file must not lose a line that way."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - as PyYAML has it
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_mapping(text: str) -> dict[str, Any]:
    """Read a YAML mapping whose keys stand once each.

    >>> read_mapping("a: 1")
    {'a': 1}

    *Raises* NotAMapping.
    """
    try:
        content = yaml.load(text, Loader=_WithoutRepeats)  # noqa: S506 - it is a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "the file"
        raise NotAMapping(place, getattr(error, "problem", error)) from error
    if not isinstance(content, dict):
        raise NotAMapping("line 1", type(content).__name__)
    return content


def first_fault(error: ValidationError) -> tuple[str, str, str]:
    """Give kind (`unknown`, `missing` or `wrong`), place and problem of the fault to mend first.

    A key that nobody knows comes first: most often it is a typing error, and the cause of the others.
    """
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    fault = faults[0]
    kind = {"extra_forbidden": "unknown", "missing": "missing"}.get(fault["type"], "wrong")
    place = ".".join(str(part) for part in fault["loc"])
    return kind, place, f"{fault['msg']}, but it says {fault['input']!r}"
