"""What is shown of a number never includes the part that is secret."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos.foundation.masking import hide_numbers, hide_numbers_in, mask_kk, mask_nik


@pytest.mark.parametrize("mask", [mask_nik, mask_kk])
def test_mask_shows_province_and_regency_only(mask: object) -> None:
    assert callable(mask)

    assert mask("3201015501909001") == "3201" + "•" * 12
    assert mask("320101550190900") == "•" * 15
    assert mask("3201015501909O01") == "•" * 16
    assert mask("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NIK:3201015501909001.", "NIK:••••."),
        ("3201-0155-0190-9001 dan 3201 0155 0190 9002x", "•••• dan ••••x"),
        ("NIK 3201.01.550190.9001 a.n. Siti", "NIK •••• a.n. Siti"),
        ("3201 - 0155 - 0190 - 9001", "••••"),
        ("hp 08123456789", "hp 08123456789"),
        ("hp 081234567890", "hp ••••"),
        ("RT 03 RW 07 No. 12", "RT 03 RW 07 No. 12"),
        ("", ""),
    ],
)
def test_hide_numbers_in_free_text(text: str, shown: str) -> None:
    assert hide_numbers(text) == shown
    assert hide_numbers_in(pa.array([text, None])).to_pylist() == [shown, None]


@given(st.text(alphabet="0123456789 .-\u00a0ab", max_size=60))
def test_hide_numbers_is_the_same_for_a_column_and_hides_all_when_repeated(text: str) -> None:
    hidden = hide_numbers(text)

    assert hide_numbers_in(pa.array([text])).to_pylist() == [hidden]
    assert hide_numbers(hidden) == hidden
