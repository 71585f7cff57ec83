"""The file of rates: read whole or refused, with the place of the fault."""

from importlib import resources
from pathlib import Path

import pytest

from kesos.synthetic.rates import BadRates, load_rates

PACKAGED = (resources.files("kesos.synthetic") / "rates.yaml").read_text(encoding="utf-8")


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rates.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_load_rates_without_a_path_reads_the_package() -> None:
    assert load_rates().dtsen.family_missing == 0.10


def test_load_rates_reads_a_changed_copy(tmp_path: Path) -> None:
    path = _written(tmp_path, PACKAGED.replace("family_missing: 0.10", "family_missing: 0.5"))

    assert load_rates(path).dtsen.family_missing == 0.5


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("family_missing: 0.10", "family_missing: 1.5", "dtsen.family_missing"),
        ("family_missing: 0.10", "family_missing: 0.1\n  family_lost: 0.1", "dtsen.family_lost"),
        ("  death_known: 0.45", "  # nothing", "dukcapil.death_known"),
    ],
)
def test_load_rates_refuses_and_names_the_entry(tmp_path: Path, before: str, after: str, named: str) -> None:
    path = _written(tmp_path, PACKAGED.replace(before, after))

    with pytest.raises(BadRates, match=named):
        load_rates(path)


def test_scaled_multiplies_the_errors_of_every_group_and_nothing_else() -> None:
    rates = load_rates()

    more = rates.scaled(1.5)

    assert more.spelling.dtks.nik_mistyped == pytest.approx(1.5 * rates.spelling.dtks.nik_mistyped)
    assert more.dtsen.old_kk == pytest.approx(1.5 * rates.dtsen.old_kk)
    assert more.rows.broken == pytest.approx(1.5 * rates.rows.broken)
    assert more.spelling.civil_servants.name_title == pytest.approx(0.825)
    assert (more.life, more.welfare, more.families) == (rates.life, rates.welfare, rates.families)
    assert more.dukcapil.duplicates == rates.dukcapil.duplicates


def test_scaled_never_makes_a_share_of_more_than_one() -> None:
    assert load_rates().scaled(100.0).spelling.regsosek.name_variant == 1.0


def test_scaled_by_one_changes_nothing() -> None:
    assert load_rates().scaled(1.0) == load_rates()


def test_with_duplicates_changes_their_share_alone() -> None:
    rates = load_rates()

    more = rates.with_duplicates(0.05)

    assert more.dukcapil.duplicates == 0.05
    assert more.with_duplicates(rates.dukcapil.duplicates) == rates


def test_every_rate_says_where_it_is_from() -> None:
    groups = PACKAGED.split("\nspelling:\n")[0].splitlines() + PACKAGED.split("\nrows:\n")[1].splitlines()

    unexplained = [line for line in groups if line.startswith("  ") and "#" not in line]

    assert unexplained == []
