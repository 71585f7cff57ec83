"""Link one public set with Splink 5: the peer of link_public.py. Usage: SET OUT_FOLDER FILE…

Settings follow Splink's own examples for these files: its comparisons for names, dates, postcodes and e-mail, u from
random pairs, m by expectation and maximisation over two or three blocking rules, its own clustering.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

THRESHOLDS: Final = (0.2, 0.5, 0.9, 0.95, 0.99)
_SEED: Final = 2026


def _fake() -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    comparisons = [
        cl.JaroWinklerAtThresholds("first_name", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("surname", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ]
    blocking = [
        block_on("first_name", "surname"),
        block_on("dob"),
        block_on("email"),
        block_on("substr(dob, 1, 7)", "substr(first_name, 1, 1)"),
        block_on("substr(dob, 1, 7)", "substr(surname, 1, 1)"),
        block_on("substr(email, 1, 5)"),
    ]
    prior = ["l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob", "l.email = r.email"]
    return comparisons, blocking, prior, [block_on("first_name", "surname"), block_on("dob")]


def _febrl() -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    comparisons = [
        cl.JaroWinklerAtThresholds("given_name", [0.9, 0.75]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("surname", [0.9, 0.75]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        cl.JaroWinklerAtThresholds("suburb", [0.88]),
        cl.JaroWinklerAtThresholds("address_1", [0.88]),
        cl.DamerauLevenshteinAtThresholds("street_number", [1]),
    ]
    blocking = [
        block_on("soc_sec_id"),
        block_on("date_of_birth"),
        block_on("given_name", "surname"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("address_1", "suburb"),
        block_on("street_number", "address_1"),
        block_on("substr(soc_sec_id, 1, 4)", "substr(given_name, 1, 1)"),
        block_on("substr(soc_sec_id, 4, 4)", "substr(surname, 1, 1)"),
    ]
    prior = ["l.soc_sec_id = r.soc_sec_id", "l.given_name = r.given_name and l.date_of_birth = r.date_of_birth"]
    training = [block_on("date_of_birth"), block_on("soc_sec_id"), block_on("given_name", "surname")]
    return comparisons, blocking, prior, training


def main() -> None:
    """Link the set and write the clusters of every threshold."""
    name, out, files = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    comparisons, blocking, prior, training = _fake() if name == "fake_1000" else _febrl()
    settings = SettingsCreator(
        link_type="dedupe_only" if len(files) == 1 else "link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
    )
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    database = DuckDBAPI(connection)
    tables = [database.register(connection.read_parquet(file).arrow().read_all()) for file in files]
    linker = Linker(tables if len(tables) > 1 else tables[0], settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(prior, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    out.mkdir()
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        query = f"SELECT unique_id AS id, cluster_id AS cluster FROM {clusters.physical_name}"
        connection.execute(f"COPY ({query}) TO '{out / str(threshold)}.csv' (HEADER)")


if __name__ == "__main__":
    main()
