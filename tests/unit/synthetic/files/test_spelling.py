"""Faults of writing: each kind, at its rate, and none at rate zero."""

import numpy as np
import pytest

from kesos.foundation.columns import Values
from kesos.synthetic.draws import generator
from kesos.synthetic.files import spelling
from kesos.synthetic.population.words import NO_WORD, spell, strangers
from kesos.synthetic.rates import Spelling

CLEAN = Spelling(**dict.fromkeys(Spelling.model_fields, 0.0))
ROWS = 20_000


def _only(**rates: float) -> Spelling:
    return CLEAN.model_copy(update=rates)


def _texts(column: Values) -> list[str | None]:
    return list(column.to_pylist())


def _written(faults: Spelling) -> tuple[list[str | None], list[str | None]]:
    names = strangers(generator(1, "names"), ROWS, "3201", 2)
    return _texts(spell(names)), _texts(
        spelling.written_names(generator(2, "writing"), names, np.full(ROWS, 2, np.int8), faults)
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
    assert spelling._slip("NI", 0, 0, "A") == "NI"


def test_faulty_niks_swap_only_within_a_family() -> None:
    nik = 10**15 + np.arange(ROWS)
    family = np.arange(ROWS) // 3

    found = spelling.faulty_niks(generator(1, "swap"), nik, family, _only(nik_swapped=0.2))

    came_from = found - nik[0]
    assert sorted(came_from.tolist()) == list(range(ROWS))
    assert np.array_equal(family[came_from], family)
    assert (found != nik).sum() > 1_000


def test_faulty_niks_mistype_one_digit() -> None:
    nik = np.full(ROWS, 5204010101909001)

    found = spelling.faulty_niks(generator(1, "typo"), nik, np.arange(ROWS), _only(nik_mistyped=0.3))

    different = [sum(a != b for a, b in zip(str(one), str(nik[0]), strict=True)) for one in found.tolist()]
    assert set(different) == {0, 1}
    assert np.mean(different) == pytest.approx(0.3, abs=0.015)


def test_written_niks_leave_out_and_make_up() -> None:
    nik = np.full(ROWS, 5204010101909001)

    written = _texts(
        spelling.written_niks(generator(1, "n"), nik, np.arange(ROWS), _only(nik_missing=0.2, nik_placeholder=0.1))
    )

    assert np.mean([text is None for text in written]) == pytest.approx(0.18, abs=0.015)
    assert set(written) <= {None, "5204010101909001", *spelling.PLACEHOLDERS}


def test_written_niks_may_come_out_of_a_spreadsheet() -> None:
    nik = np.array([5204010101909001, 0])

    assert _texts(spelling.written_niks(generator(1, "n"), nik, np.arange(2), _only(nik_scientific=1.0))) == [
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
