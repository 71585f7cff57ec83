"""The model file: what it takes, and what it refuses with the place of the fault."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from kesos.pipeline.link.model import Condition, Model, NotAModel, read_model
from unit.pipeline.link.small_table import small_model


def _written(folder: Path, model: dict[str, object]) -> Path:
    path = folder / "model.yaml"
    path.write_text(yaml.safe_dump(model), encoding="utf-8")
    return path


def _content() -> dict[str, object]:
    return small_model().model_dump(mode="json")


def test_read_model_our_own_file_holds() -> None:
    model = read_model(Path(str(files("kesos.pipeline.link") / "models" / "indonesia.yaml")))
    assert model.anchors is not None
    assert model.anchors.number == "nik"
    assert model.comparison("card").group == "household"


def test_read_model_on_is_a_word(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(
        "fields: {a: {column: a, kind: text}}\n"
        "blocking: [{name: a, on: [a]}]\n"
        "comparisons: [{name: a, field: a, levels: [{name: equal, when: exact, counts: false}]}]\n",
        encoding="utf-8",
    )
    model = read_model(path)
    assert model.blocking[0].on == ("a",)
    assert model.comparisons[0].levels[0].counts is False


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        ("colour", "red", "colour"),
        ("blocking", [{"name": "x", "on": ["height.head3"]}], "height"),
        ("anchors", {"number": "passport"}, "passport"),
        ("anchors", {"number": "number", "agree": ["height"]}, "height"),
        ("vetoes", [{"name": "v", "when": {"name": ["equal"], "birth": ["near"]}}], "near"),
        ("groups", {}, "home"),
    ],
)
def test_read_model_unknown_name_is_refused(tmp_path: Path, place: str, value: object, fault: str) -> None:
    with pytest.raises(NotAModel, match=fault):
        read_model(_written(tmp_path, {**_content(), place: value}))


@pytest.mark.parametrize("when", ["exakt", "jaro_winkler>.9", "edit<=5", "a b c"])
def test_read_model_unreadable_condition_is_refused(tmp_path: Path, when: str) -> None:
    comparison = {"name": "name", "field": "name", "levels": [{"name": "equal", "when": when}]}
    with pytest.raises(NotAModel, match=re.escape(when)):
        read_model(_written(tmp_path, {**_content(), "comparisons": [comparison], "groups": {}}))


def test_read_model_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(NotAModel, match="does not hold"):
        read_model(path)


def test_tests_condition_may_name_another_field() -> None:
    level = small_model().comparison("name").levels[2]
    assert level.tests("name") == (Condition(field="name", test="jaro_winkler", bound=0.9),)
    other = level.model_copy(update={"when": ("card exact", "edit<=1")})
    assert other.tests("name") == (Condition(field="card", test="exact"), Condition(field="name", test="edit", bound=1))


def test_closed_field_only_where_the_first_level_is_equality() -> None:
    model = small_model()
    assert model.comparison("name").closed_field == "name"
    first = model.comparison("name").levels[1]
    assert model.comparison("name").model_copy(update={"levels": (first,)}).closed_field is None


def test_model_source_is_needed_for_links_between_sources() -> None:
    with pytest.raises(ValueError, match="source"):
        Model.model_validate({**_content(), "pairs": "between_sources", "source": None})
