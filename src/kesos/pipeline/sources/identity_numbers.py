"""Read the columns whose values are sealed: NIK, KK and the customer number of the power company."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kesos.foundation.columns import Values
from kesos.foundation.columns import compute as pc
from kesos.foundation.kk import read_kks
from kesos.foundation.nik import read_niks
from kesos.pipeline.sources.contract import Kind
from kesos.reference.areas import known_region_prefixes

_NO_NUMBER: Final = ("", "-", "0", "NULL", "NIHIL", "TIDAK ADA")


def read_identity(kind: Kind, texts: Values) -> tuple[Values, Values]:
    """Read a column of identity numbers; give (values, notes): a value only where it can serve as evidence.

    Notes of a customer number are valid, missing, wrong_length and not_digits.

    >>> values, notes = read_identity(Kind.CUSTOMER_NUMBER, pa.array(["5301 1234 5678", "12", None]))
    >>> values.to_pylist(), notes.to_pylist()
    (['530112345678', None, None], ['valid', 'wrong_length', 'missing'])
    """
    if kind is Kind.NIK:
        return read_niks(texts, known_region_prefixes())
    return read_kks(texts) if kind is Kind.KK else _read_customer_numbers(texts)


def _read_customer_numbers(texts: Values) -> tuple[Values, Values]:
    """Read customer numbers (IDPEL): 12 digits, 11 on old bills."""
    without_tail = pc.replace_substring_regex(pc.fill_null(texts, ""), r"^\s*([0-9]+)\.0\s*$", r"\1")
    bare = pc.replace_substring_regex(without_tail, r"[\s.'\x{00A0}-]+", "")
    is_missing = pc.is_in(pc.utf8_upper(pc.utf8_trim_whitespace(without_tail)), pa.array(_NO_NUMBER))
    is_digits = pc.match_substring_regex(bare, r"^[0-9]+$")
    is_valid = pc.and_(pc.match_substring_regex(bare, r"^[0-9]{11,12}$"), pc.invert(is_missing))
    notes = pc.if_else(
        is_missing, "missing", pc.if_else(is_valid, "valid", pc.if_else(is_digits, "wrong_length", "not_digits"))
    )
    return pc.if_else(is_valid, bare, pa.scalar(None, pa.string())), notes
