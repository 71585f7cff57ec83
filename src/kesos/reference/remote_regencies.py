"""Give the disadvantaged regencies (*daerah tertinggal*) of Perpres 63/2020."""

from __future__ import annotations

from functools import cache

from kesos.foundation.columns import complete_texts
from kesos.reference.packaged import read_packaged_texts


@cache
def remote_regencies() -> frozenset[str]:
    """List the 62 regencies by their Kemendagri codes of 2025. The list held from 2020 to 2024; none follows it here.

    >>> len(remote_regencies()), "5208" in remote_regencies(), "3273" in remote_regencies()
    (62, True, False)
    """
    return frozenset(complete_texts(read_packaged_texts("remote_regencies.csv", "regency")["regency"]))
