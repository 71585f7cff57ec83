"""Show identity numbers so that they can be recognised by their owner's district and by nobody else.

The usual mask that leaves the last four digits is wrong here: district and birth date of a person are often known, so
those last digits are the whole secret. Only province and regency stay readable.
"""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa

from kesos.foundation.columns import Column, one_chunk
from kesos.foundation.columns import compute as pc

DOT: Final = "•"
_SHOWN: Final = 4
_WHOLE: Final = 16
# Twelve digits or more, with up to three spaces, dots or dashes between neighbours. The same text for `re` and RE2.
_LONG_NUMBER: Final = r"[0-9](?:[ .\-\x{00A0}]{0,3}[0-9]){11,}"
_LONG_NUMBER_HERE: Final = re.compile(_LONG_NUMBER.replace(r"\x{00A0}", "\u00a0"))


def _mask(number: str) -> str:
    is_whole = len(number) == _WHOLE and number.isascii() and number.isdigit()
    shown = _SHOWN if is_whole else 0
    return number[:shown] + DOT * (len(number) - shown)


def mask_nik(nik: str) -> str:
    """Mask a NIK down to province and regency of issue; anything that is not 16 digits is masked whole.

    >>> mask_nik("320101" + "550190" + "9001")
    '3201••••••••••••'
    >>> mask_nik("12345")
    '•••••'
    """
    return _mask(nik)


def mask_kk(kk: str) -> str:
    """Mask a KK number down to province and regency of issue.

    >>> mask_kk("320101" + "150119" + "9001")
    '3201••••••••••••'
    """
    return _mask(kk)


def hide_numbers(text: str) -> str:
    """Replace every run of 12 digits or more in free text; spaces, dots and dashes inside a run do not break it.

    >>> hide_numbers("NIK 3201.0155.0190.9001 an. Siti, RT 03")
    'NIK •••• an. Siti, RT 03'
    """
    return _LONG_NUMBER_HERE.sub(DOT * 4, text)


def hide_numbers_in(texts: Column) -> pa.StringArray:
    """Do as `hide_numbers` for a column; null stays null.

    >>> hide_numbers_in(pa.array(["08123456789012", None, "RW 7"])).to_pylist()
    ['••••', None, 'RW 7']
    """
    hidden: pa.StringArray = pc.replace_substring_regex(one_chunk(texts), _LONG_NUMBER, DOT * 4)
    return hidden
