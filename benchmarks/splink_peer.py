"""Link the records of link_nation.py with Splink 5, tuned as well as we know how. Usage: RECORDS OUT_FOLDER.

Nine blocking rules; comparisons of the same fields; u from random pairs, but in closed form for NIK and card, after
pairs of one person are taken out: of random pairs hardly any of two persons share a number, so that Splink by itself
measures the m of true pairs there. m by expectation and maximisation over three rules; Splink's own clustering at
several thresholds. Its steps and their seconds are printed as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

WEIGHTS: Final = (4.0, 7.0, 10.0, 12.0, 14.0, 16.0, 18.0)
"""Match weights (log2 of the odds) at which it clusters."""

_SEED: Final = 2026
_MEMORY: Final = "12GB"
_PREPARED: Final = """
SELECT
    record_id AS unique_id, source, nik, kk, name_normal AS name, name_key AS sound, sex, birth_date AS birth,
    mother_name_normal AS mother, coalesce(residence_village, registered_village) AS village, street,
    left(coalesce(residence_village, registered_village), 6) AS district,
    split_part(name_key, ' ', 1) AS first_word, year(birth_date) AS birth_year, right(nik, 10) AS nik_tail,
    left(name_key, 1) AS initial
FROM read_parquet('{records}')
"""
# Pairs of one person among those that share a number: the rest share it by chance.
_CHANCE: Final = """
WITH counted AS (
    SELECT {number}, count(*) AS records, count(DISTINCT coalesce(sound, '') || coalesce(birth::VARCHAR, '')) AS persons
    FROM prepared WHERE {number} IS NOT NULL GROUP BY {number}
)
SELECT sum(persons * (persons - 1) / 2.0) / pow(sum(records), 2) * 2 FROM counted
"""
_BLOCKING: Final = (
    ("nik",),
    ("birth", "first_word"),
    ("kk", "birth"),
    ("kk", "first_word"),
    ("birth", "district", "sex"),
    ("village", "first_word", "birth_year"),
    ("mother", "birth"),
    ("nik_tail", "initial"),
    ("village", "sound"),
)
_TRAINING: Final = (("nik",), ("birth", "first_word"), ("village", "sound"))

_ONE_PART_DIFFERS: Final = (
    "(month(birth_l) = day(birth_r) AND day(birth_l) = month(birth_r) AND year(birth_l) = year(birth_r)) "
    "OR (year(birth_l) = year(birth_r))::INT + (month(birth_l) = month(birth_r))::INT "
    "+ (day(birth_l) = day(birth_r))::INT = 2"
)


def _settings(connection: duckdb.DuckDBPyConnection) -> SettingsCreator:
    nik_u = connection.execute(_CHANCE.format(number="nik")).fetchall()[0][0]
    kk_u = connection.execute(_CHANCE.format(number="kk")).fetchall()[0][0]
    nik_exact = cll.ExactMatchLevel("nik").configure(u_probability=max(nik_u, 1e-9), fix_u_probability=True)
    kk_exact = cll.ExactMatchLevel("kk").configure(u_probability=max(kk_u, 1e-9), fix_u_probability=True)
    comparisons: list[Any] = [
        cl.CustomComparison(
            output_column_name="nik",
            comparison_levels=[
                cll.NullLevel("nik"), nik_exact, cll.LevenshteinLevel("nik", 1), cll.LevenshteinLevel("nik", 2),
                cll.ElseLevel(),
            ],
        ),
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.75]).configure(term_frequency_adjustments=True),
        cl.CustomComparison(
            output_column_name="birth",
            comparison_levels=[
                cll.NullLevel("birth"),
                cll.ExactMatchLevel("birth", term_frequency_adjustments=True),
                cll.CustomLevel(_ONE_PART_DIFFERS, "one part differs"),
                cll.CustomLevel("year(birth_l) = year(birth_r)", "same year"),
                cll.ElseLevel(),
            ],
        ),
        cl.JaroWinklerAtThresholds("mother", [0.92, 0.8]),
        cl.ExactMatch("sex"),
        cl.CustomComparison(
            output_column_name="village",
            comparison_levels=[
                cll.NullLevel("village"),
                cll.ExactMatchLevel("village"),
                cll.ExactMatchLevel("district"),
                cll.ElseLevel(),
            ],
        ),
        cl.CustomComparison(
            output_column_name="kk", comparison_levels=[cll.NullLevel("kk"), kk_exact, cll.ElseLevel()]
        ),
        cl.ExactMatch("street"),
    ]  # fmt: skip
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _BLOCKING],
    )


def main() -> None:
    """Link the records and write the clusters of every threshold."""
    records, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    # Splink has a connection of its own: DuckDB 2 refuses a second query beside an unfinished result.
    with duckdb.connect(config={"threads": 2, "memory_limit": _MEMORY, "temp_directory": str(out)}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TABLE prepared AS {_PREPARED.format(records=records)}")
        print(json.dumps(_link(connection, out)))


def _link(connection: duckdb.DuckDBPyConnection, out: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        seconds = {"wall_seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
        steps.append({"step": name, **{key: round(value, 2) for key, value in seconds.items()}})
        return made

    database = DuckDBAPI(connection)
    linker = Linker(database.register("prepared"), _settings(connection), log_level="ERROR")
    training = linker.training
    prior: list[Any] = [block_on("nik"), block_on("birth", "sound", "village")]
    timed("prior", lambda: training.estimate_probability_two_random_records_match(prior, recall=0.85))
    timed("u", lambda: training.estimate_u_using_random_sampling(max_pairs=1e7, seed=_SEED))
    for rule in _TRAINING:
        timed("em", partial(training.estimate_parameters_using_expectation_maximisation, block_on(*rule)))
    predicted = timed("predict", partial(linker.inference.predict, threshold_match_weight=min(WEIGHTS)))
    to_clusters = linker.clustering.cluster_pairwise_predictions_at_threshold
    for weight in WEIGHTS:
        clusters = timed("cluster", partial(to_clusters, predicted, threshold_match_weight=weight))
        query = f"SELECT unique_id AS record_id, cluster_id AS person_id FROM {clusters.physical_name}"
        connection.execute(f"COPY ({query}) TO '{out / str(weight)}.parquet'")
    return steps


if __name__ == "__main__":
    main()
