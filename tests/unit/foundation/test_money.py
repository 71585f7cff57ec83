"""Money is whole rupiah; nothing is lost, and what cannot be read is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.money import FractionOfRupiah, NotDivisible, NotRupiah, format_rupiah, read_rupiah, split_exactly


@pytest.mark.parametrize(
    ("text", "amount_idr"),
    [
        ("Rp 1.250.000,00", 1_250_000),
        ("Rp1.250.000", 1_250_000),
        ("rp. 600.000,-", 600_000),
        ("IDR 600000", 600_000),
        ("1,250,000.00", 1_250_000),
        ("1.250", 1_250),
        ("1250.0", 1_250),
        ("750000,00", 750_000),
        ("-Rp600", -600),
        ("0", 0),
    ],
)
def test_read_rupiah_of_usual_spellings(text: str, amount_idr: int) -> None:
    assert read_rupiah(text) == amount_idr


@pytest.mark.parametrize("text", ["", "Rp", "seribu", "1.25.000", "1.250.00", "1,250,000,50", "1e6", "12 000", "--5"])
def test_read_rupiah_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(NotRupiah) as refusal:
        read_rupiah(text)

    assert refusal.value.fields == {"text": text}


@pytest.mark.parametrize("text", ["1250,50", "Rp 1.250.000,05", "0.5"])
def test_read_rupiah_refuses_sen(text: str) -> None:
    with pytest.raises(FractionOfRupiah):
        read_rupiah(text)


@given(st.integers(-(10**15), 10**15))
def test_format_rupiah_is_read_back(amount_idr: int) -> None:
    assert read_rupiah(format_rupiah(amount_idr)) == amount_idr


def test_format_rupiah_has_no_space_and_dots() -> None:
    assert [format_rupiah(a) for a in (0, 999, 1000, -1_250_000)] == ["Rp0", "Rp999", "Rp1.000", "-Rp1.250.000"]


@given(st.integers(-(10**12), 10**12), st.integers(1, 500))
def test_split_exactly_loses_nothing_and_is_even(amount_idr: int, parts: int) -> None:
    shares = split_exactly(amount_idr, parts)

    assert (sum(shares), len(shares)) == (amount_idr, parts)
    assert max(shares) - min(shares) <= 1


def test_split_exactly_gives_the_rest_to_the_first() -> None:
    assert split_exactly(10, 4) == [3, 3, 2, 2]


@pytest.mark.parametrize("parts", [0, -1])
def test_split_exactly_refuses_no_parts(parts: int) -> None:
    with pytest.raises(NotDivisible):
        split_exactly(10, parts)
