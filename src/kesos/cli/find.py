"""`kesos find`: who in a release may be the person that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Final

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption, LakeOption
from kesos.cli.screen import Screen
from kesos.foundation.area_code import AreaLevel, AreaSystem, read_area_code
from kesos.foundation.civil_number import CivilNumberNote
from kesos.foundation.errors import Refused
from kesos.foundation.nik import read_nik
from kesos.pipeline.link.find import Match, find_person
from kesos.pipeline.link.key_index import open_index
from kesos.pipeline.link.sought import sought
from kesos.presentation.language import translator

_ASK: Final = "-"


class NoUsableNik(Refused):
    """A NIK was given that finds nobody."""

    what = "What was given as NIK is no NIK that could find anybody ({note})."
    remedy = "Check its sixteen digits, or look without it."
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"note": tuple(note.value for note in CivilNumberNote)}


class NotAVillage(Refused):
    """A code of a larger area was given."""

    what = "{code} is the code of a larger area than a village."
    remedy = "Give the ten digits of the village, or leave it out."


class Sex(StrEnum):
    """The sex of a person, as records have it."""

    MALE = "male"
    FEMALE = "female"


def find(
    *,
    name: Annotated[str | None, typer.Option(help="Name, as it is said or written.")] = None,
    birth_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of birth.")] = None,
    sex: Annotated[Sex | None, typer.Option(help="male or female.")] = None,
    village: Annotated[str | None, typer.Option(help="Village, Kemendagri code of ten digits.")] = None,
    nik: Annotated[
        str | None, typer.Option(help="NIK, or - to be asked for it unseen; it is never shown or stored.")
    ] = None,
    mother: Annotated[str | None, typer.Option(help="Name of the mother.")] = None,
    most: Annotated[int, typer.Option(help="How many to show.", min=1, max=100)] = 10,
    release: Annotated[str | None, typer.Option("--release", help="Name of the release; else the newest.")] = None,
    lake: LakeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find a person in a release: misspelt, moved, or without a NIK. Facts are masked; a human decides."""
    screen = Screen(translator(settings.language()), as_json)
    place = settings.lake(lake)
    asked = sought(
        name=name,
        birth_date=_day(birth_date),
        sex=sex.value if sex else None,
        village=_village(village),
        mother=mother,
        nik_index=_nik_index(nik),
    )
    index = open_index(place, place.newest_or(release))
    matches = find_person(index, asked, most=most)
    if not matches:
        screen.line("Nobody in release {name} comes near.", name=index.release)
    columns = ["Person", "Weight (bits)", "Name", "Born", "Regency", "NIK", "Evidence"]
    if matches:
        screen.table(columns, [_row(screen, match) for match in matches])
    screen.result({"release": index.release, "matches": [match.to_dict() for match in matches]})


def _row(screen: Screen, match: Match) -> list[object]:
    evidence = "; ".join(f"{screen.word(step.comparison)}: {screen.word(step.level)}" for step in match.evidence[1:])
    weight = f"{match.weight_millibits / 1000:+.1f}"
    has_nik = screen.translate("known") if match.has_nik else screen.translate("not known")
    year = None if match.birth_year is None else str(match.birth_year)
    return [match.person, weight, match.name_masked, year, match.regency, has_nik, evidence]


def _day(day: datetime | None) -> date | None:
    return day.date() if day else None


def _village(code: str | None) -> str | None:
    if code is None:
        return None
    area = read_area_code(code, AreaSystem.KEMENDAGRI)
    if area.level is not AreaLevel.VILLAGE:
        raise NotAVillage(code=area.code)
    return area.code


def _nik_index(nik: str | None) -> bytes | None:
    if nik is None:
        return None
    # An argument stands in the history of the shell and in the list of processes; a prompt does not.
    read = read_nik(typer.prompt("NIK", hide_input=True) if nik == _ASK else nik)
    if read.value is None:
        raise NoUsableNik(note=read.note.value)
    return settings.sealer().blind_index(read.value, "nik")
