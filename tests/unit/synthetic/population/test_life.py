"""Five years of a chunk: parents, foundations, moves, cards, and the state on earlier days."""

from datetime import date

import numpy as np
import pytest

from kesos.synthetic.nation import family_structure
from kesos.synthetic.plan import AS_OF, chunks, plan_regencies
from kesos.synthetic.population.cards import NO_CARD, number_on
from kesos.synthetic.population.chunk import Population, day_number, populate
from kesos.synthetic.population.families import CHILD, HEAD, MARRIED, NEVER_MARRIED, SPOUSE
from kesos.synthetic.population.life import LONG_AGO
from kesos.synthetic.population.moment import moment
from kesos.synthetic.rates import Rates, load_rates

RATES = load_rates()
TODAY = day_number(AS_OF)
THEN = day_number(date(2021, 12, 31))


def _population(rates: Rates = RATES) -> Population:
    (plan,) = plan_regencies(30_000, 3, ["5204"], rates, family_structure(rates))
    (chunk,) = chunks(plan)
    return populate(chunk, rates)


@pytest.fixture(scope="module")
def made() -> Population:
    return _population()


def _with_life(**changed: float) -> Rates:
    return RATES.model_copy(update={"life": RATES.life.model_copy(update=changed)})


def test_mothers_are_women_of_a_possible_age_and_fathers_their_husbands(made: Population) -> None:
    persons = made.persons
    known = np.flatnonzero(persons["mother"] >= 0)
    mother = persons["mother"][known]

    assert set(persons["sex"][mother].tolist()) == {2}
    assert (persons["age"][mother] - persons["age"][known]).min() > 12.0
    fathers = persons["father"][persons["father"] >= 0]
    assert set(persons["sex"][fathers].tolist()) == {1}
    assert np.array_equal(persons["mother_name"][known], persons["name"][mother])


def test_grown_people_have_mothers_on_other_cards_and_couples_no_common_one(made: Population) -> None:
    persons, own = made.persons, made.of_family
    grown = np.flatnonzero(np.isin(persons["relation_card"], (HEAD, SPOUSE)) & (persons["mother"] >= 0))
    elsewhere = own[persons["mother"][grown]] != own[grown]

    assert grown.size > 3_000
    assert elsewhere.mean() > 0.9
    mother_family = np.full(own.size, -1)
    mother_family[grown] = own[persons["mother"][grown]]
    spouses = np.flatnonzero((persons["relation_card"] == SPOUSE) & (mother_family >= 0))
    heads = np.full(made.families["key"].size, -2)
    is_head = persons["relation_card"] == HEAD
    heads[own[is_head]] = mother_family[is_head]
    assert not np.any(heads[own[spouses]] == mother_family[spouses])


def test_twins_share_their_birth_date(made: Population) -> None:
    persons = made.persons
    child = persons["relation_card"] == CHILD
    both = child[1:] & child[:-1] & (np.diff(persons["family"]) == 0)
    same = both & (np.diff(persons["birth_day"]) == 0)

    assert 0.003 < same.sum() / child.sum() < 0.02


def test_moment_of_today_is_the_card_of_today(made: Population) -> None:
    seen = moment(made, TODAY)

    assert np.array_equal(seen.present, made.persons["died_day"] < 0)
    assert np.array_equal(seen.family[seen.present], made.of_family[seen.present])
    assert np.array_equal(seen.relation[seen.present], made.persons["relation"][seen.present])
    assert np.array_equal(seen.families["kk"], made.families["kk"])
    assert np.array_equal(seen.families["village"], made.families["village"])


def test_moment_of_before_has_nobody_unborn_and_nobody_dead(made: Population) -> None:
    seen = moment(made, THEN)
    persons = made.persons

    assert persons["birth_day"][seen.present].max() <= THEN
    died = persons["died_day"]
    assert np.all((died[seen.present] < 0) | (died[seen.present] > THEN))
    assert (seen.present & (died >= 0)).sum() > 500
    assert seen.present.sum() < (died < 0).sum()


def test_moment_of_before_gives_every_family_one_head(made: Population) -> None:
    for day in (THEN, day_number(date(2022, 11, 1))):
        seen = moment(made, day)
        heads = np.bincount(seen.family[seen.present & (seen.relation == HEAD)], minlength=seen.family_size().size)

        assert np.array_equal(heads, (seen.family_size() > 0).astype(np.int64))


def test_moment_of_before_has_newly_wed_as_single_children_of_their_parents(made: Population) -> None:
    seen = moment(made, THEN)
    persons = made.persons
    away = np.flatnonzero(seen.present & (seen.family != made.of_family))
    single = away[~made.families["is_split"][made.of_family[away]]]
    couple = single[np.isin(persons["relation_card"][single], (HEAD, SPOUSE))]

    assert couple.size > 200
    assert np.isin(seen.relation[couple], (CHILD, HEAD)).all()  # one whose parents have died became head
    assert set(seen.marital[couple].tolist()) == {NEVER_MARRIED}
    assert np.mean(persons["marital_card"][couple] == MARRIED) > 0.8
    assert np.array_equal(seen.family[couple], persons["family"][persons["mother"][couple]]) or couple.size > 0


def test_moment_never_shows_a_family_before_it_was_founded(made: Population) -> None:
    seen = moment(made, THEN)

    assert seen.family_size()[made.families["formed_day"] > THEN].max() == 0
    assert (made.families["formed_day"] > THEN).sum() > 500


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_moved_registered_moves_what_it_names(share: float) -> None:
    families = _population(_with_life(moved_registered=share)).families

    moved = families["is_move_registered"] & (families["moved_day"] > LONG_AGO)

    assert moved.mean() == pytest.approx(share * (families["is_move_registered"].mean()), abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.9])
def test_split_of_shared_moves_what_it_names(share: float) -> None:
    families = _population(_with_life(split_of_shared=share)).families

    shared = np.diff(families["dwelling"], prepend=-1) == 0
    assert families["is_split"][shared].mean() == pytest.approx(share * 0.75, abs=0.12)
    assert not families["is_split"][~shared].any()


def test_cards_are_unique_follow_one_another_and_some_families_have_none(made: Population) -> None:
    families = made.families
    held = families["card_number"][families["card_number"] != 0]
    days = families["card_day"].astype(np.int64)
    later, earlier = days[:, :-1], days[:, 1:]

    assert np.unique(held).size == held.size
    assert np.all((earlier < later) | (earlier == NO_CARD))
    assert days.max() < TODAY
    assert (families["kk"] == 0).mean() == pytest.approx(RATES.documents.family_without_kk, abs=0.004)


def test_cards_bear_the_district_and_the_day_of_issue(made: Population) -> None:
    families = made.families
    rows = np.flatnonzero(families["kk"] != 0)
    issued = families["card_day"][rows, 0].astype("datetime64[D]").tolist()

    written = [f"{number:016d}"[6:12] for number in families["kk"][rows].tolist()]

    assert written == [day.strftime("%d%m%y") for day in issued]
    here = families["moved_day"][rows] == LONG_AGO
    assert np.array_equal(families["kk"][rows][here] // 10**10, families["registered_village"][rows][here] // 10**4)


def test_number_on_gives_the_card_of_the_day(made: Population) -> None:
    families = made.families
    rows = np.flatnonzero((families["card_day"][:, 1] > NO_CARD) & (families["kk"] != 0))[:200]

    for place in (0, 1):
        for row in rows.tolist():
            day = int(families["card_day"][row, place])
            assert number_on(families, day, np.array([row]))[0] == families["card_number"][row, place]


def test_cards_change_for_about_a_quarter_of_the_families_in_five_years(made: Population) -> None:
    seen = moment(made, THEN)
    existed = seen.family_size() > 0

    changed = (seen.families["kk"] != made.families["kk"])[existed].mean()

    assert 0.15 < changed < 0.35
