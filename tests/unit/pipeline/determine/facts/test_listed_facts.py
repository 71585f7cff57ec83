"""Members and stated facts: files that are complete, payments that may not be, areas, and clear refusals."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kesos.foundation.errors import Refused
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.determine.facts.build import make_facts
from kesos.pipeline.engine import Engine

AS_OF = date(2026, 9, 30)
ADULT = {"birth_date": date(1990, 1, 1)}
PROGRAMMES = {"PKH": (), "SEMBAKO": ("BPNT", "Program Sembako"), "PBI-JK": ()}
P10, P20, F1, F2 = (
    show_identifier(kind, number)  # type: ignore[arg-type]  # the kinds are spelled out here
    for kind, number in (("person", 10), ("person", 20), ("family", 1), ("family", 2))
)


def _file(tmp_path: Path, header: str, *lines: str) -> Path:
    path = tmp_path / "given.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def _members(tmp_path: Path, *lines: str) -> Path:
    return _file(tmp_path, "programme,unit,since,status", *lines)


def _stated(tmp_path: Path, *lines: str) -> Path:
    return _file(tmp_path, "id,fact,value,observed_on,stated_by", *lines)


def _two_families(release: Any) -> None:
    release.family(1, ADULT, ADULT)
    release.family(2, ADULT, registered_village="5301012001", residence_village="5301012001")


def test_file_of_members_is_complete_for_the_programmes_it_names(release: Any, tmp_path: Path) -> None:
    _two_families(release)
    path = _members(
        tmp_path, f"pkh,{P10},2024-01-01,", f"program sembako,{F2},,waiting", f"SEMBAKO,{F1},2025-03-01,member"
    )

    made = release.made("receives_pkh", "receives_sembako", "receives_pbi_jk", members=path, programmes=PROGRAMMES)

    assert made.of("person", "receives_pkh", "receives_sembako") == [(True, False), (False, False), (False, False)]
    assert made.of("family", "receives_pkh", "receives_sembako") == [(True, True), (False, False)]
    assert made.of("dwelling", "receives_pkh", "receives_sembako") == [(True, True), (False, False)]
    assert made.of("family", "receives_pbi_jk") == [None, None]
    assert made.made.members == {"PKH": "file", "SEMBAKO": "file"}
    assert made.tables["member"].to_pylist() == [
        {"programme": "PKH", "unit": "family", "unit_id": 1, "since": date(2024, 1, 1), "status": "member"},
        {"programme": "PKH", "unit": "person", "unit_id": 10, "since": date(2024, 1, 1), "status": "member"},
        {"programme": "SEMBAKO", "unit": "family", "unit_id": 1, "since": date(2025, 3, 1), "status": "member"},
        {"programme": "SEMBAKO", "unit": "family", "unit_id": 2, "since": None, "status": "waiting"},
    ]


def test_several_members_of_a_family_make_one_with_the_earliest_day(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT, ADULT)
    other = show_identifier("person", 11)
    path = _members(tmp_path, f"PKH,{P10},2023-05-01,waiting", f"PKH,{other},2024-01-01,member")

    made = release.made("receives_pkh", members=path, programmes=PROGRAMMES)

    family = made.tables["member"].to_pylist()[0]
    assert (family["unit"], family["since"], family["status"]) == ("family", date(2024, 1, 1), "member")


def test_who_waited_is_no_member_since_the_day_of_waiting(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    path = _members(tmp_path, f"PKH,{F1},2023-05-01,waiting", f"PKH,{F1},,member")

    (row,) = release.made("receives_pkh", members=path, programmes=PROGRAMMES).tables["member"].to_pylist()

    assert (row["since"], row["status"]) == (None, "member")


def test_complete_list_says_no_of_a_dwelling_and_a_group_without_any_family_here(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    release.add("dwelling", {"dwelling_id": 2}, {"dwelling_id": 3})
    groups = tmp_path / "groups.csv"
    groups.write_text(f"group,family\nA,{F2}\nB,{F2}\n")
    path = _members(tmp_path, f"PKH,{show_identifier('dwelling', 3)},,", "PKH,B,,")

    made = release.made("receives_pkh", "receives_sembako", members=path, groups=groups, programmes=PROGRAMMES)

    assert made.of("dwelling", "receives_pkh", "receives_sembako") == [(False, None), (False, None), (True, None)]
    assert made.of("group", "receives_pkh", "receives_sembako") == [(False, None), (True, None)]


def test_lines_of_whom_the_release_does_not_know_are_told(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT, {**ADULT, "life_status": "dead"})
    dead, dwelling = show_identifier("person", 11), show_identifier("dwelling", 9)
    members = _members(tmp_path, f"PKH,{F1},,", f"bpnt,{F2},,", f"PKH,{dead},,", f"PKH,{dwelling},,waiting")
    stated = tmp_path / "stated.csv"
    stated.write_text(
        "id,fact,value,observed_on,stated_by\n"
        f"{P10},orphan,no,2026-01-01,A\n"
        f"{P20},orphan,no,2026-01-01,A\n"
        "5204,orphan,no,2026-01-01,A\n"
        "53.01,orphan,no,2026-01-01,A\n"
        f"{F2},disaster_affected,no,2026-01-01,A\n"
        f"{F2},disaster_affected,no,2026-02-01,A\n"
    )
    groups = tmp_path / "groups.csv"
    groups.write_text(f"group,family\nB,{F1}\nB,{F2}\n")
    files: dict[str, Any] = {"members": members, "stated": stated, "groups": groups, "programmes": PROGRAMMES}

    found = release.made("receives_pkh", **files).made.not_found

    assert found.column_names == ["kind", "line", "identifier", "about", "unit"]
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("facts", 3, P20, "orphan", "person"),
        ("facts", 5, "53.01", "orphan", "area"),
        ("facts", 6, F2, "disaster_affected", "family"),
        ("facts", 7, F2, "disaster_affected", "family"),
        ("groups", 3, F2, "B", "family"),
        ("members", 3, F2, "SEMBAKO", "family"),
        ("members", 4, dead, "PKH", "person"),
        ("members", 5, dwelling, "PKH", "dwelling"),
    ]
    assert release.made("receives_pkh").made.not_found.num_rows == 0
    assert release.made("receives_pkh", only_families=(1,), **files).made.not_found is None


def test_member_whose_identifier_was_merged_is_the_one_that_lives_on(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    release.add(
        "identifier",
        {"kind": "person", "id": 77, "status": "alias", "alias_of": 88},
        {"kind": "person", "id": 88, "status": "alias", "alias_of": 10},
        {"kind": "family", "id": 77, "status": "active"},
    )
    path = _members(tmp_path, f"PKH,{show_identifier('person', 77)},,")

    assert release.made("receives_pkh", members=path, programmes=PROGRAMMES).of("person", "receives_pkh") == [True]


def test_payments_say_yes_and_no_only_where_their_source_covers(release: Any) -> None:
    _two_families(release)
    release.family(3, ADULT)
    release.add("benefit", {"record_id": 5, "person_id": 10, "programme": "PKH", "benefit_period": "2026-T1"})
    release.add("person_record", {"record_id": 5, "person_id": 10, "source": "pkh_payees", "observed_on": AS_OF})
    release.covered("pkh_payees", "5204")

    made = release.made("receives_pkh", programmes=PROGRAMMES)

    assert made.of("person", "receives_pkh") == [True, False, False, False]  # 20 is registered in 5204 as a person
    assert made.of("family", "receives_pkh") == [True, None, False]
    assert made.made.members == {"PKH": "benefit"}
    assert made.tables["member"].to_pylist()[0]["since"] == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("period", "observed_on", "is_member"),
    [
        ("2025-T3", AS_OF, True),  # its last day is 30 September 2025
        ("2025-08", AS_OF, False),
        ("2026-T4", AS_OF, False),
        (None, date(2025, 9, 30), True),
        (None, date(2025, 9, 29), False),
        ("tahap 3", date(2026, 8, 1), True),
    ],
)
def test_payment_counts_for_a_year(release: Any, period: str | None, observed_on: date, is_member: bool) -> None:
    release.family(1, ADULT)
    release.add("benefit", {"record_id": 5, "person_id": 10, "programme": "BPNT", "benefit_period": period})
    release.add(
        "person_record", {"record_id": 5, "person_id": 10, "source": "sembako_payees", "observed_on": observed_on}
    )

    made = release.made("receives_sembako", programmes=PROGRAMMES)

    assert made.of("family", "receives_sembako") == [True if is_member else None]


def test_file_of_members_goes_before_payments(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    release.family(2, ADULT)
    release.add("benefit", {"record_id": 5, "person_id": 10, "programme": "PKH"})
    release.add("person_record", {"record_id": 5, "person_id": 10, "source": "pkh_payees", "observed_on": AS_OF})

    made = release.made("receives_pkh", members=_members(tmp_path, f"PKH,{F2},,"), programmes=PROGRAMMES)

    assert made.of("family", "receives_pkh") == [False, True]


def test_groups_may_be_members(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    groups = tmp_path / "groups.csv"
    groups.write_text(f"group,family\n0001,{F1}\n5204,{F1}\n")

    made = release.made("receives_pkh", members=_members(tmp_path, "PKH,5204,,"), groups=groups, programmes=PROGRAMMES)

    assert made.of("group", "group_code", "receives_pkh") == [("0001", False), ("5204", True)]


def test_stated_facts_of_persons_families_and_dwellings(release: Any, tmp_path: Path) -> None:
    _two_families(release)
    path = _stated(
        tmp_path,
        f"{P10},village_official,ya,2026-01-01,Dinas",
        f"{P20},village_official,tidak,2026-01-01,Dinas",
        f"{F1},house_damage,heavy,2026-02-01,BPBD",
        f"{F1},disaster_deaths,2,2026-02-01,BPBD",
        f"{F2},house_damage,none,2024-09-29,BPBD",
    )

    made = release.made("village_official_in_family", "house_damage", "disaster_deaths", stated=path)

    assert made.of("person", "village_official") == [True, None, False]
    assert made.of("family", "village_official_in_family") == [True, False]
    assert made.of("family", "village_official_in_family__on") == [date(2026, 1, 1), None]
    assert made.of("family", "house_damage", "house_damage__on") == [
        ("heavy", date(2026, 2, 1)),
        (None, date(2024, 9, 29)),  # too old by a day
    ]
    assert made.of("family", "disaster_deaths") == [2, None]


def test_area_says_what_holds_for_who_is_not_named(release: Any, tmp_path: Path) -> None:
    _two_families(release)
    release.family(3, ADULT, registered_village="5204092001")
    path = _stated(
        tmp_path,
        "5204,disaster_affected,no,2026-02-01,BPBD",
        "52.04.09,disaster_affected,yes,2026-02-01,BPBD",
        f"{F1},disaster_affected,yes,2026-03-01,BPBD",
    )

    made = release.made("disaster_affected", stated=path)

    assert made.of("family", "disaster_affected", "disaster_affected__on") == [
        (True, date(2026, 3, 1)),
        (None, None),
        (True, date(2026, 2, 1)),
    ]


def test_what_nobody_states_is_unknown_of_every_family_and_what_an_area_states_is_known(
    release: Any, tmp_path: Path
) -> None:
    _two_families(release)
    path = _stated(tmp_path, "5204,village_official,yes,2026-02-01,A", f"{P20},state_pensioner,no,2026-02-01,A")
    names = ("village_official_in_family", "state_pensioner_in_family", "company_owner_in_family")

    made = release.made(*names, stated=path)

    assert made.of("family", *names) == [(True, None, None), (True, False, None)]
    days = [f"{name}__on" for name in names]
    assert made.of("family", *days) == [(date(2026, 2, 1), None, None)] * 2
    assert [made.tables["family_facts"].schema.field(day).type for day in days] == [pa.date32()] * 3


def test_newest_statement_counts(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    lines = (f"{F1},disaster_affected,yes,2026-02-01,A", f"{F1},disaster_affected,no,2026-03-01,B")

    made = release.made("disaster_affected", stated=_stated(tmp_path, *lines, lines[1]))

    assert made.of("family", "disaster_affected") == [False]


def test_statements_that_count_are_kept_with_who_made_them(release: Any, tmp_path: Path) -> None:
    release.family(1, ADULT)
    path = _stated(
        tmp_path,
        f"{F1},disaster_affected,yes,2026-02-01,Camat",
        f"{F1},disaster_affected,no,2026-03-01,BPBD",
        f"{F1},disaster_affected,no,2026-03-01,Dinas Sosial",
        f"{F1},disaster_affected,no,2026-03-01,BPBD",
        "52.04,livelihood_lost,yes,2026-03-01,BPBD",
    )

    with Engine(memory="500MB", threads=1) as engine:
        make_facts(engine, release.request("disaster_affected", stated=path))
        rows = engine.fetch("SELECT * FROM stated_fact ORDER BY line").to_pylist()

    assert [tuple(row.values()) for row in rows] == [
        ("family", None, "disaster_affected", "false", "BPBD", 1, date(2026, 3, 1), 3),
        ("family", None, "disaster_affected", "false", "Dinas Sosial", 1, date(2026, 3, 1), 4),
        ("area", "5204", "livelihood_lost", "true", "BPBD", None, date(2026, 3, 1), 6),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "fields"),
    [
        (f"{F1},disaster_affectd,yes,2026-01-01,A", "NotAStatedFact", {"line": 2, "near": "disaster_affected"}),
        (f"{F1},official_decile,1,2026-01-01,A", "NotAStatedFact", {"line": 2}),
        (f"{F1},village_official,yes,2026-01-01,A", "FactOfAnotherLevel", {"line": 2, "level": "person"}),
        (f"{F1},disaster_affected,maybe,2026-01-01,A", "BrokenCell", {"line": 2, "field": "value"}),
        (f"{F1},house_damage,ruined,2026-01-01,A", "BrokenCell", {"field": "value", "value": "ruined"}),
        (f"{F1},disaster_deaths,-1,2026-01-01,A", "BrokenCell", {"field": "value"}),
        (f"{F1},disaster_affected,yes,01-01-2026,A", "BrokenCell", {"field": "observed_on"}),
        (f"{F1},disaster_affected,yes,2026-10-01,A", "StatedLater", {"line": 2, "as_of": AS_OF}),
        (f"{F1},disaster_affected,,2026-01-01,A", "EmptyCell", {"field": "value"}),
        ("F-13,disaster_affected,yes,2026-01-01,A", "MistypedUnit", {"line": 2, "field": "id"}),
        ("family one,disaster_affected,yes,2026-01-01,A", "NoSuchUnit", {"line": 2, "field": "id"}),
    ],
)
def test_broken_facts_are_refused(
    release: Any, tmp_path: Path, line: str, kind: str, fields: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        release.made("disaster_affected", stated=_stated(tmp_path, line))

    assert type(refused.value).__name__ == kind
    assert fields.items() <= refused.value.fields.items()


def test_contradiction_on_one_day_is_refused(release: Any, tmp_path: Path) -> None:
    lines = (f"{F1},disaster_affected,yes,2026-02-01,A", f"{F1},disaster_affected,no,2026-02-01,B")

    with pytest.raises(Refused) as refused:
        release.made("disaster_affected", stated=_stated(tmp_path, *lines))

    assert (refused.value.fields["line"], refused.value.fields["other_line"]) == (2, 3)


@pytest.mark.parametrize(
    ("line", "kind", "fields"),
    [
        (f"PHK,{F1},,", "UnknownProgramme", {"line": 2, "near": "PKH"}),
        ("PKH,Mawar,,", "NoSuchGroup", {"line": 2, "value": "Mawar"}),
        (f"PKH,{F1},yesterday,", "BrokenCell", {"field": "since"}),
        (f"PKH,{F1},,perhaps", "BrokenCell", {"field": "status"}),
        ("PKH,F-13,,", "MistypedUnit", {"field": "unit"}),
        ("PKH,,,", "EmptyCell", {"field": "unit"}),
    ],
)
def test_broken_members_are_refused(
    release: Any, tmp_path: Path, line: str, kind: str, fields: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        release.made("receives_pkh", members=_members(tmp_path, line), programmes=PROGRAMMES)

    assert type(refused.value).__name__ == kind
    assert fields.items() <= refused.value.fields.items()


def test_family_twice_in_a_group_is_refused(release: Any, tmp_path: Path) -> None:
    path = _file(tmp_path, "group,family", f"A,{F1}", f"A,{F1}")

    with pytest.raises(Refused) as refused:
        release.made("group_families", groups=path)

    assert refused.value.fields == {"file": "given.csv", "line": 3, "family": F1, "group": "A"}
