"""The lists of earlier years and of employers agree with the lives of the people in them."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from kesos.synthetic.draws import Rows, generator
from kesos.synthetic.files import aid, dukcapil, past, power, regsosek, work
from kesos.synthetic.files.clerk import Sheet
from kesos.synthetic.files.delivery import PLAIN
from kesos.synthetic.files.kinds import DTKS_DAY, P3KE_DAY, REGSOSEK_DAY
from kesos.synthetic.nation import family_structure
from kesos.synthetic.plan import chunks, plan_regencies
from kesos.synthetic.population.chunk import Population, day_number, populate
from kesos.synthetic.population.moment import moment
from kesos.synthetic.rates import Rates, load_rates

RATES = load_rates()
SHEETS: dict[str, Callable[[Population, Rates], Sheet]] = {
    "dtks": past.dtks_sheet,
    "p3ke": past.p3ke_sheet,
    "regsosek": lambda population, rates: regsosek.enumeration(population, rates)[1],
}
FAULTLESS = RATES.scaled(0.0)


def _population(area: str = "5204", rates: Rates = RATES) -> Population:
    (plan,) = plan_regencies(20_000, 5, [area], rates, family_structure(rates))
    (chunk,) = chunks(plan)
    return populate(chunk, rates)


@pytest.fixture(scope="module")
def made() -> Population:
    return _population()


def _whole(value: object) -> int:
    return int(str(value))


def _rows_of(population: Population, sheet: Sheet) -> Rows:
    return np.asarray(np.searchsorted(population.persons["key"], sheet.keys))


@pytest.mark.parametrize(("name", "day"), [("dtks", DTKS_DAY), ("p3ke", P3KE_DAY), ("regsosek", REGSOSEK_DAY)])
def test_lists_of_before_hold_nobody_unborn_or_dead(made: Population, name: str, day: date) -> None:
    sheet = SHEETS[name](made, RATES)

    rows = _rows_of(made, sheet)
    died = made.persons["died_day"][rows]
    assert np.unique(sheet.keys).size == sheet.keys.size == sheet.table.num_rows
    assert made.persons["birth_day"][rows].max() <= day_number(day)
    assert np.all((died < 0) | (died > day_number(day)))
    assert (died >= 0).sum() > 50


def test_dtks_lists_about_its_share_of_families_and_mostly_the_poor(made: Population) -> None:
    sheet = past.dtks_sheet(made, RATES)
    seen = moment(made, day_number(DTKS_DAY))

    listed = np.unique(seen.family[_rows_of(made, sheet)])

    existed = np.flatnonzero(seen.family_size() > 0)
    wealth = made.families["wealth"]
    assert listed.size / existed.size == pytest.approx(RATES.dtks.listed, abs=0.02)
    assert wealth[listed].mean() < wealth[existed].mean() - 0.2


def test_dtks_without_faults_writes_the_card_of_that_day(made: Population) -> None:
    sheet = past.dtks_sheet(made, FAULTLESS)
    seen = moment(made, day_number(DTKS_DAY))

    written = [int(number or 0) for number in sheet.table["NO_KK"].to_pylist()]

    assert written == seen.families["kk"][seen.family[_rows_of(made, sheet)]].tolist()


def test_dtks_of_papua_has_the_village_codes_of_before() -> None:
    papua = _population("9301")

    sheet = past.dtks_sheet(papua, FAULTLESS)

    assert sheet.regency is not None
    here = sheet.table["KODE_DESA"].filter(pa.array(sheet.regency == 9301)).to_pylist()
    assert np.mean([str(code).startswith("91") for code in here]) > 0.9  # districts founded since have no older code


def test_regsosek_misses_about_its_share_of_families(made: Population) -> None:
    families, _ = regsosek.enumeration(made, RATES)
    seen = moment(made, day_number(REGSOSEK_DAY))

    missed = 1 - families.table.num_rows / (seen.family_size() > 0).sum()

    assert missed == pytest.approx(RATES.regsosek.family_missing, abs=0.02)
    assert 0.10 <= RATES.regsosek.family_missing <= 0.15


def test_regsosek_families_and_persons_belong_together(made: Population) -> None:
    families, persons = regsosek.enumeration(made, FAULTLESS)

    place = ("kode_desa", "109_no_bangunan", "110_no_keluarga")
    there = list(zip(*(families.table[name].to_pylist() for name in place), strict=True))
    place = ("kode_desa", "no_bangunan", "no_keluarga")
    theirs = list(zip(*(persons.table[name].to_pylist() for name in place), strict=True))
    counted = dict(zip(there, families.table["jumlah_anggota"].to_pylist(), strict=True))
    assert set(theirs) == set(there)
    assert len(set(there)) >= len(there) - 3  # numbers of families that lived elsewhere may meet
    assert sum(counted.values()) == pytest.approx(len(theirs), abs=12)


def test_regsosek_ages_are_those_of_the_day(made: Population) -> None:
    _, persons = regsosek.enumeration(made, FAULTLESS)

    for written, age in zip(persons.table["tanggal_lahir"].to_pylist(), persons.table["umur"].to_pylist(), strict=True):
        assert abs((REGSOSEK_DAY - date.fromisoformat(str(written))).days / 365.25 - _whole(age) - 0.5) < 0.52


@pytest.mark.parametrize("share", [0.0, 0.05])
def test_dukcapil_duplicates_are_as_many_as_the_rates_say(share: float) -> None:
    rates = RATES.model_copy(update={"dukcapil": RATES.dukcapil.model_copy(update={"duplicates": share})})
    population = _population(rates=rates)

    records = dukcapil.registered(population, rates)

    keys = records.person["key"]
    twice = 1 - np.unique(keys).size / keys.size
    assert twice == pytest.approx(share, abs=0.01)
    assert np.unique(records.person["nik"]).size == keys.size


def test_registry_sheet_names_the_regency_of_the_card(made: Population) -> None:
    records = dukcapil.registered(made, RATES)

    sheet = dukcapil.registry_sheet(generator(1, "r"), records, PLAIN, RATES)

    written = np.array([_whole(code) for code in sheet.table["KODE_DESA"].to_pylist()])
    assert sheet.regency is not None
    assert np.array_equal(written // 10**6, sheet.regency)
    assert 0.9 < (sheet.regency == 5204).mean() < 1.0


def test_customers_stand_in_the_name_of_an_adult_or_of_nobody_known(made: Population) -> None:
    sheet = power.customer_sheet(made, RATES)
    known = sheet.keys > 0

    strangers = RATES.pln.previous_owner * (1 - RATES.pln.owner_lives_elsewhere)
    assert (~known).mean() == pytest.approx(strangers, abs=0.02)
    assert made.persons["age"][np.searchsorted(made.persons["key"], sheet.keys[known])].min() > 16


def test_customers_previous_owners_come_from_other_families(made: Population) -> None:
    rates = RATES.model_copy(update={"pln": RATES.pln.model_copy(update={"previous_owner": 0.0})})

    sheet = power.customer_sheet(made, rates)

    dwelling = made.families["dwelling"][made.of_family[_rows_of(made, sheet)]]
    assert np.array_equal(
        made.dwellings["pln"][dwelling], np.array([_whole(n) for n in sheet.table["IDPEL"].to_pylist()])
    )


def test_employers_list_living_workers_of_their_kind(made: Population) -> None:
    for sheet_of, status in ((work.servant_sheet, 5), (work.wage_sheet, 4)):
        sheet = sheet_of(made, RATES)
        rows = _rows_of(made, sheet)

        assert rows.size > 50
        assert set(made.persons["work_status_code"][rows].tolist()) == {status}
        assert made.persons["died_day"][rows].max() == -1
    numbers = work.servant_sheet(made, RATES).table["NIP"].to_pylist()
    assert {len(str(number)) for number in numbers} == {18}


def test_pbi_pays_for_some_of_the_dead(made: Population) -> None:
    sheet = aid.pbi_sheet(made, RATES)

    died = made.persons["died_day"][_rows_of(made, sheet)] >= 0
    status = np.array(sheet.table["STATUS_PESERTA"].to_pylist())
    assert (status[died] == "AKTIF").mean() == pytest.approx(RATES.pbi.dead_still_active, abs=0.12)
    assert (status[~died] == "NON AKTIF").mean() == pytest.approx(RATES.pbi.inactive, abs=0.02)


def test_sembako_pays_families_that_split_off_for_aid_beside_those_they_left(made: Population) -> None:
    decile = 1 + np.arange(made.families["key"].size) % 10

    sheet = aid.sembako_sheet(made, decile, RATES)

    paid = np.zeros(decile.size, bool)
    paid[made.of_family[_rows_of(made, sheet)]] = True
    host = np.flatnonzero(np.diff(made.families["dwelling"], prepend=-1) != 0)[made.families["dwelling"]]
    split = np.flatnonzero(made.families["is_split_for_aid"])
    assert paid[split][paid[host[split]]].mean() > 0.9
    assert (decile[paid] > 4).mean() == pytest.approx(RATES.sembako.inclusion_error, abs=0.06)
