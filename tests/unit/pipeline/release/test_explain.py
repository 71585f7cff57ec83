"""One person explained: what stands, who said otherwise, and where it is from; never a number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kesos.datasets.lake import Lake
from kesos.foundation.identifier import show_identifier
from kesos.pipeline.release.build import Built
from kesos.pipeline.release.explain import Explanation, NoSuchPerson, PersonRetired, explain_person
from unit.pipeline.release.neighbourhood import NUMBERS, deliver_all
from unit.pipeline.release.small_lake import build, deliver, kk, nik, person_id


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("explain")
    return build(deliver_all(folder / "src"), folder / "lake")


def explained(built: Built, name: str) -> Explanation:
    return explain_person(Lake(built.folder.parents[1]), built.manifest.name, person_id(built, name))


def test_explain_gives_each_value_with_its_record(usual: Built) -> None:
    agus = explained(usual, "AGUS WIJAYA")

    values = {value.column: (value.standing.value, value.standing.source) for value in agus.values}
    assert values["name"] == ("AGUS WIJAYA", "dukcapil")
    assert values["birth_date"] == (date(1970, 3, 9), "dukcapil")
    assert values["residence_village"] == ("3201011006", "dtsen")
    assert {record["source"] for record in agus.records} == {"dtsen", "dukcapil"}
    assert (agus.nik_status, agus.official_decile, agus.official_period) == ("agreed", 7, "2026-T3")
    assert agus.family == show_identifier("family", 3)


def test_explain_names_those_who_were_overruled(usual: Built) -> None:
    slamet = explained(usual, "SLAMET")

    others = {value.column: value.others for value in slamet.values if value.others}
    assert others["life_status"] == "dukcapil: alive"
    assert next(value.standing for value in slamet.values if value.column == "died_on").value == date(2026, 9, 1)
    assert (slamet.family, slamet.official_decile) == (None, None)


def test_explain_shows_no_number_of_anybody(usual: Built) -> None:
    text = "".join(str(explained(usual, name).to_dict()) for name in ("SLAMET", "DEWI LESTARI", "JOKO", "KARTINI"))

    assert [number for number in NUMBERS if number in text or number[4:] in text] == []


def test_explain_of_nobody_is_refused(usual: Built) -> None:
    with pytest.raises(NoSuchPerson) as refusal:
        explain_person(Lake(usual.folder.parents[1]), "2026-T3", 999)

    assert refusal.value.fields["person"] == show_identifier("person", 999)


def test_explain_follows_an_alias_and_refuses_the_retired(tmp_path: Path) -> None:
    number = nik("1960-02-03", 1)
    for folder in ("before", "after"):
        deliver(tmp_path / folder, "dukcapil/person", [{"NIK": number, "NAMA_LGKP": "SRI", "TGL_LHR": "03-02-1960"}])
        deliver(tmp_path / folder, "dtsen/person", [{"nik": number, "nama": "REJEKI", "tanggal_lahir": "1960-02-03"}])
    deliver(tmp_path / "before", "death_reports/person", [{"NAMA": "UJANG", "TANGGAL_MENINGGAL": "2026-09-01"}])
    both_names = {"NIK": number, "NAMA": "SRI REJEKI", "TANGGAL_LAHIR": "1960-02-03", "NO_KK": kk(1)}
    deliver(tmp_path / "after", "owner_list/person", [both_names])
    first = build(tmp_path / "before", tmp_path / "lake", "2026-T2")
    build(tmp_path / "after", tmp_path / "lake", "2026-T3", since="2026-T2")
    rejeki, sri, ujang = (person_id(first, name) for name in ("REJEKI", "SRI", "UJANG"))
    lower, higher = sorted((rejeki, sri))

    merged = explain_person(Lake(tmp_path / "lake"), "2026-T3", higher)

    assert (merged.person, merged.asked_for) == (show_identifier("person", lower), show_identifier("person", higher))
    assert len(merged.records) == 3
    assert explain_person(Lake(tmp_path / "lake"), "2026-T2", higher).contradictions == 1
    with pytest.raises(PersonRetired) as refusal:
        explain_person(Lake(tmp_path / "lake"), "2026-T3", ujang)
    assert refusal.value.fields["founded_in"] == "2026-T2"
