"""What standardising keeps for every text: order, nulls, stability, and no number of a person in the result."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos.pipeline.standardise.addresses import read_address, read_addresses
from kesos.pipeline.standardise.codes import read_code, read_decimal
from kesos.pipeline.standardise.dates import DateOrder, read_date
from kesos.pipeline.standardise.name_parts import standardise_name
from kesos.pipeline.standardise.names import names_agree, standardise_names
from kesos.pipeline.standardise.phonetic import token_key
from kesos.pipeline.standardise.places import PlaceIndex, standardise_place
from kesos.pipeline.standardise.word_lists import read_word_list

TEXT = st.text(max_size=40)
_WORDS = sorted(
    {row["variant"] for row in read_word_list("variants")}
    | {row["title"] for row in read_word_list("titles")}
    | {"SITI", "AMINAH", "BUDI", "YUSUF", "RAHMAN", "I", "S", "SUTINI"}
)
NAME = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map(" ".join)
DAY = st.dates(min_value=date(1900, 3, 1), max_value=date(2026, 11, 20))


@given(TEXT)
def test_standardise_name_holds_letters_only(text: str) -> None:
    name = standardise_name(text)

    for part in (name.name, name.name_normal, name.name_key, name.patronym):
        assert part is None or (part == part.strip() and set(part) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ "))
    assert (name.name_normal is None) == (name.name_key is None)


@given(NAME)
def test_standardise_name_of_a_key_bearing_name_ignores_case_and_spaces(text: str) -> None:
    assert standardise_name(text) == standardise_name(f"  {text.lower().replace(' ', '   ')} ")


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=14))
def test_token_key_is_never_empty(word: str) -> None:
    assert token_key(word)


@given(st.lists(st.one_of(st.none(), NAME, TEXT), max_size=12))
def test_standardise_names_does_not_depend_on_the_order_of_rows(texts: list[str | None]) -> None:
    rows = standardise_names(pa.array(texts, pa.string())).to_pylist()
    backwards = standardise_names(pa.array(texts[::-1], pa.string())).to_pylist()

    assert rows == backwards[::-1]


@given(st.lists(st.tuples(st.one_of(st.none(), NAME), st.one_of(st.none(), NAME)), max_size=8))
def test_names_agree_is_symmetric(pairs: list[tuple[str | None, str | None]]) -> None:
    left = pa.array([pair[0] for pair in pairs], pa.string())
    right = pa.array([pair[1] for pair in pairs], pa.string())

    levels = names_agree(left, right).to_pylist()

    assert levels == names_agree(right, left).to_pylist()
    assert [level is None for level in levels] == [None in pair for pair in pairs]
    assert [level == 3 for level in levels] == [pair[0] == pair[1] is not None for pair in pairs]


@given(DAY)
def test_read_date_gives_back_any_day_in_any_form(day: date) -> None:
    forms = (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y} 00:00", f"{day:%Y%m%d}")

    assert {read_date(form).date for form in forms} == {day}
    assert read_date(f"{day:%m/%d/%Y}", DateOrder.MONTH_FIRST).date == day


@given(DAY)
def test_read_date_gives_back_any_spreadsheet_serial(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    if 1800 <= serial <= 2099:  # a cell that holds 1987 is a year, not a day in 1905
        return

    assert read_date(str(serial), is_spreadsheet=True).date == day


@given(TEXT)
def test_read_date_never_fails_and_says_why_there_is_none(text: str) -> None:
    reading = read_date(text, is_spreadsheet=True, as_of=date(2026, 11, 20))

    is_empty = not "".join(text.split()).strip("'.,")
    assert reading.date is not None or reading.note is not None or is_empty


@given(TEXT)
def test_read_address_never_fails_and_units_have_three_digits(text: str) -> None:
    address = read_address(text)

    for unit in (address.rt, address.rw):
        assert unit is None or (len(unit) == 3 and unit.isdigit() and unit != "000")


@given(
    st.integers(1, 999),
    st.integers(1, 999),
    st.sampled_from(["RT {} RW {}", "RT.{:03d}/RW.{:03d}", "RT/RW {:03d}/{:03d}"]),
)
def test_read_addresses_finds_the_units_however_written(rt: int, rw: int, form: str) -> None:
    table = read_addresses(pa.array([f"Jl. Melati No. 5 {form.format(rt, rw)}"]))

    assert table.select(["rt", "rw"]).to_pylist() == [{"rt": f"{rt:03d}", "rw": f"{rw:03d}"}]
    assert table.column("street").to_pylist() == ["JL MELATI NO 5"]


@given(TEXT)
def test_standardise_place_is_stable(text: str) -> None:
    index = PlaceIndex.of(["Kota Surabaya", "Kabupaten Kediri"])
    place = standardise_place(text, index)

    assert place is None or standardise_place(place, index) in (place, None)


@given(st.integers(0, 10**9), st.integers(1, 6))
@settings(max_examples=50)
def test_read_decimal_in_indonesian_notation(units: int, tenths: int) -> None:
    written = f"{units:,}".replace(",", ".") + f",{tenths}"

    number, note = read_decimal(written)

    assert note is None
    assert number is not None
    assert number * 10 == units * 10 + tenths


@given(TEXT)
def test_read_code_gives_only_what_is_allowed(text: str) -> None:
    code, _ = read_code(text, {1, 2, 3}, {})

    assert code in {None, 1, 2, 3}
