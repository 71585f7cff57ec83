"""Faults of writing: each kind, at its rate, and none at rate zero."""

import numpy as np
import pytest

from kesos.foundation.columns import Values
from kesos.synthetic.draws import Rows, generator
from kesos.synthetic.files import naming, spelling
from kesos.synthetic.files.patterns import Marks
from kesos.synthetic.files.spelling import NikHolders
from kesos.synthetic.population.words import NO_WORD, spell, strangers
from kesos.synthetic.rates import Spelling

CLEAN = Spelling(**dict.fromkeys(Spelling.model_fields, 0.0))
ROWS = 20_000


def _only(**rates: float) -> Spelling:
    return CLEAN.model_copy(update=rates)


def _holders(nik: Rows, family: Rows | None = None) -> NikHolders:
    rows = np.arange(nik.size)
    return NikHolders(nik, rows if family is None else family, np.full(nik.size, 5204012001))


def _texts(column: Values) -> list[str | None]:
    return list(column.to_pylist())


def _written(faults: Spelling) -> tuple[list[str | None], list[str | None]]:
    names = strangers(generator(1, "names"), ROWS, "3201", 2)
    return _texts(spell(names)), _texts(
        naming.written_names(generator(2, "writing"), names, np.full(ROWS, 2, np.int8), faults)
    )


def test_written_names_without_faults_are_the_names() -> None:
    true, written = _written(CLEAN)

    assert written == true


@pytest.mark.parametrize(("fault", "low", "high"), [("name_typo", 0.08, 0.11), ("name_title", 0.09, 0.11)])
def test_written_names_have_a_fault_at_its_rate(fault: str, low: float, high: float) -> None:
    true, written = _written(_only(**{fault: 0.10}))

    changed = np.mean([a != b for a, b in zip(true, written, strict=True)])

    assert low < changed < high


def test_written_names_drop_the_last_word_only_of_longer_names() -> None:
    true, written = _written(_only(word_dropped=1.0))

    expected = [str(name).rsplit(" ", 1)[0] if " " in str(name) else name for name in true]
    # a word of the stock may itself be two words ("NI LUH"): then the stock's word goes as a whole
    same = np.mean([a == b for a, b in zip(expected, written, strict=True)])
    assert same > 0.97
    assert all(written)


def test_slip_leaves_short_names_alone() -> None:
    assert naming._slip("NI", 0, 0, "A") == "NI"


def test_faulty_niks_swap_only_within_a_family() -> None:
    nik = 10**15 + np.arange(ROWS)
    family = np.arange(ROWS) // 3

    found = spelling.faulty_niks(generator(1, "swap"), _holders(nik, family), _only(nik_swapped=0.2), Marks(ROWS))

    came_from = found - nik[0]
    assert sorted(came_from.tolist()) == list(range(ROWS))
    assert np.array_equal(family[came_from], family)
    assert (found != nik).sum() > 1_000


def test_faulty_niks_mistype_one_digit() -> None:
    nik = np.full(ROWS, 5204010101909001)

    found = spelling.faulty_niks(generator(1, "typo"), _holders(nik), _only(nik_mistyped=0.3), Marks(ROWS))

    different = [sum(a != b for a, b in zip(str(one), str(nik[0]), strict=True)) for one in found.tolist()]
    assert set(different) == {0, 1}
    assert np.mean(different) == pytest.approx(0.3, abs=0.015)


def test_faulty_niks_transpose_two_neighbours() -> None:
    nik = np.full(ROWS, 5204010101909812)

    found = spelling.faulty_niks(generator(1, "t"), _holders(nik), _only(nik_transposed=1.0), Marks(ROWS))

    assert all(sorted(str(one)) == sorted(str(nik[0])) for one in found.tolist())
    different = [sum(a != b for a, b in zip(str(one), str(nik[0]), strict=True)) for one in found.tolist()]
    assert set(different) == {2}


def test_faulty_niks_write_the_region_of_today() -> None:
    nik = np.array([3204010101909001, 0])

    found = spelling.faulty_niks(generator(1, "r"), _holders(nik), _only(nik_region=1.0), Marks(2))

    assert found.tolist() == [5204010101909001, 0]


def test_written_dates_make_the_first_of_january_of_the_same_year() -> None:
    assert _texts(
        spelling.written_dates(generator(1, "d"), np.array([7_036], np.int32), "ISO", _only(date_year_first=1.0))
    ) == ["1989-01-01"]


def test_written_dates_with_a_wrong_year_keep_day_and_month() -> None:
    days = np.full(500, 7_036, np.int32)

    written = _texts(spelling.written_dates(generator(1, "d"), days, "ISO", _only(date_year_wrong=1.0)))

    assert {str(text)[4:] for text in written} == {"-04-07"}
    assert {int(str(text)[:4]) - 1989 for text in written} == {-10, -2, -1, 1, 2, 10}


def test_written_names_may_be_one_word_or_an_initial_or_turned() -> None:
    true, single = _written(_only(name_single=1.0))
    _, initial = _written(_only(name_initial=1.0))
    _, turned = _written(_only(name_order=1.0))

    two = [place for place, name in enumerate(true) if str(name).count(" ") == 1 and str(name).split()[0] != "NI"]
    assert np.mean([str(single[place]) in str(true[place]).split() for place in two]) > 0.97
    assert np.mean([min(len(word) for word in str(initial[place]).split()) == 2 for place in two]) > 0.97
    assert np.mean([str(turned[place]).split() == str(true[place]).split()[::-1] for place in two]) > 0.95


def test_marks_name_what_was_done_to_each_row() -> None:
    names = strangers(generator(1, "names"), 300, "3201", 2)
    marks = Marks(300)

    written = naming.written_names(
        generator(2, "w"), names, np.full(300, 2, np.int8), _only(name_variant=0.5, name_order=0.1), marks
    )

    changed = [a != b for a, b in zip(_texts(spell(names)), _texts(written), strict=True)]
    marked = [bool(found) for found in marks.names().to_pylist()]
    assert all(mark or not change for mark, change in zip(marked, changed, strict=True))
    turned = ["name_order" in (found or []) for found in marks.names().to_pylist()]
    assert all(held for held, turn in zip(marks.is_held_out().tolist(), turned, strict=True) if turn)


def test_written_niks_leave_out_and_make_up() -> None:
    nik = np.full(ROWS, 5204010101909001)

    written = _texts(
        spelling.written_niks(generator(1, "n"), _holders(nik), _only(nik_missing=0.2, nik_placeholder=0.1))
    )

    assert np.mean([text is None for text in written]) == pytest.approx(0.18, abs=0.015)
    assert set(written) <= {None, "5204010101909001", *spelling.PLACEHOLDERS}


def test_written_niks_may_come_out_of_a_spreadsheet() -> None:
    nik = np.array([5204010101909001, 0])

    assert _texts(spelling.written_niks(generator(1, "n"), _holders(nik), _only(nik_scientific=1.0))) == [
        "5.20401E+15",
        None,
    ]


def test_written_dates_in_three_forms() -> None:
    day = np.array([7_036], np.int32)  # 7 April 1989

    forms = [_texts(spelling.written_dates(generator(1, "d"), day, form, CLEAN))[0] for form in ("ISO", "DMY", "SLASH")]

    assert forms == ["1989-04-07", "07-04-1989", "07/04/1989"]


def test_written_dates_swap_day_and_month_only_where_both_could_be() -> None:
    days = np.array([7_036, 7_049], np.int32)  # 7 and 20 April 1989

    swapped = _texts(spelling.written_dates(generator(1, "d"), days, "ISO", _only(date_swapped=1.0)))

    assert swapped == ["1989-07-04", "1989-04-20"]


def test_codes_not_asked_stay_empty_even_when_mistyped() -> None:
    written = spelling.codes(generator(1, "c"), np.array([-1, 3], np.int16), 0.0, 0.0).to_pylist()

    assert written == [None, 3]


def test_flags_are_written_in_the_words_of_the_file() -> None:
    assert spelling.flags(generator(1, "f"), np.array([True, False]), ("YA", "TIDAK"), 0.0).to_pylist() == [
        "YA",
        "TIDAK",
    ]


def test_names_have_their_words_in_capitals_and_no_gap() -> None:
    names = strangers(generator(1, "names"), 500, "5204", 1)

    assert all(text == str(text).upper() == " ".join(str(text).split()) for text in spell(names).to_pylist())
    assert (names != NO_WORD).any(axis=1).all()
