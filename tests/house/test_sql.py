"""Every SQL file of the product is one portable, order-free SELECT with a header."""

from __future__ import annotations

import pytest

from house.sql import faults
from house.tree import SOURCE, files_below, shown

HEADER = "-- grain: one row a person\n-- inputs: person\n-- rerun: safe\n-- time: 1 s for 1 M rows\n"


def test_sql_files_keep_to_the_portable_subset() -> None:
    texts = {shown(path): path.read_text(encoding="utf-8") for path in files_below(SOURCE, ".sql")}

    found = {name: faults(text, others=texts.values()) for name, text in texts.items()}

    assert {path: these for path, these in found.items() if these} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a.person_id, count(*) AS records FROM a WHERE a.day < $as_of GROUP BY a.person_id ORDER BY a.person_id",
        "SELECT sum(benefit_amount_idr) AS paid_idr, avg(CAST(x AS DECIMAL(18, 6))) AS mean FROM b",
        "SELECT sum(CASE WHEN x > 1.5 THEN 1 ELSE 0 END) AS many, sum(CAST(y AS BIGINT) * 2) AS twice FROM b",
        "WITH c AS (SELECT k, count(*) AS n FROM b GROUP BY k) SELECT sum(n) AS m, sum(DISTINCT n) AS s FROM c",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b, c) AS place, arg_max(v, k) AS v FROM t",
        "SELECT list_sort(list(x)) AS members, date_diff('day', a, b) AS days FROM t",
        "WITH alive AS (SELECT a FROM t) SELECT a FROM alive UNION ALL SELECT b FROM u ORDER BY a LIMIT 3",
        "SELECT hash_of_row, first_seen_on, 'select * from now()' AS text FROM t",
    ],
)  # fmt: skip
def test_faults_accepts_the_portable_subset(statement: str) -> None:
    assert faults(HEADER + statement) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT * FROM t", "names no columns: *"),
        ("SELECT t.* FROM t", "names no columns: *"),
        ("SELECT a FROM t; SELECT b FROM t", "2 statements, not one"),
        ("CREATE TABLE x AS SELECT a FROM t", "is no SELECT: CREATE"),
        ("DELETE FROM t", "is no SELECT: DELETE"),
        ("select a FROM t", "keyword in small letters: select"),
        ("SELECT a FROM t WHERE a is NULL", "keyword in small letters: is"),
        ("SELECT a FROM t ASOF JOIN u ON t.k = u.k AND t.d >= u.d", "join by ASOF"),
        ("SELECT a FROM t POSITIONAL JOIN u", "join by POSITIONAL"),
        ("SELECT hash(a) AS h FROM t", "hash: another value on each engine"),
        ("SELECT strip_accents(a) AS h FROM t", "strip_accents: another value on each engine"),
        ("SELECT levenshtein(a, b) AS d FROM t", "levenshtein: a distance is a kernel"),
        ("SELECT jaro_winkler_similarity(a, b) AS d FROM t", "jaro_winkler_similarity: a distance is a kernel"),
        ("SELECT jaro_similarity(a, b) AS d FROM t", "jaro_similarity: a distance is a kernel"),
        (
            "SELECT date_diff('year', a, b) AS d FROM t",
            "date_diff: counts boundaries, is no age: use the shared expression",
        ),
        (
            "SELECT datediff('month', a, b) AS d FROM t",
            "date_diff: counts boundaries, is no age: use the shared expression",
        ),
        ("SELECT age(a, b) AS d FROM t", "age: counts boundaries, is no age: use the shared expression"),
        ("SELECT now() AS d FROM t", "now: reads the clock"),
        ("SELECT current_date AS d FROM t", "current_date: reads the clock"),
        ("SELECT random() AS d FROM t", "rand: another value each time"),
        ("SELECT uuid() AS d FROM t", "gen_random_uuid: another value each time"),
        ("SELECT list(a ORDER BY b) AS d FROM t", "array_agg: depends on the order of rows"),
        ("SELECT string_agg(a, ',') AS d FROM t", "group_concat: depends on the order of rows"),
        ("SELECT any_value(a) AS d FROM t", "any_value: depends on the order of rows"),
        ("SELECT first(a) AS d FROM t", "first: depends on the order of rows"),
        ("SELECT sum(weight) AS d FROM t", "sums what may be a double: SUM(weight)"),
        ("SELECT avg(CAST(x AS DOUBLE)) AS d FROM t", "sums what may be a double: AVG(CAST(x AS DOUBLE))"),
        ("SELECT sum(CASE WHEN a THEN w END) AS d FROM t", "sums what may be a double: SUM(CASE WHEN a THEN w END)"),
        ("WITH c AS (SELECT a * 0.5 + x AS n FROM b) SELECT sum(n) AS d FROM c", "sums what may be a double: SUM(n)"),
        ("SELECT stddev(a) AS d FROM t", "stddev: sums doubles"),
        (
            "SELECT row_number() OVER (PARTITION BY a) AS d FROM t",
            "numbers rows without ORDER BY: ROW_NUMBER() OVER (PARTITION BY a)",
        ),
        ("SELECT a FROM t LIMIT 3", "LIMIT without ORDER BY"),
        ("SELECT DISTINCT ON (a) a, b FROM t", "DISTINCT ON without ORDER BY"),
        ("SELECT a FROM t USING SAMPLE 10", "samples rows"),
        ("SELECT FROM WHERE", "cannot be read"),
    ],
)
def test_faults_names_each_kind_of_fault(statement: str, fault: str) -> None:
    found = faults(HEADER + statement)

    assert any(one.startswith(fault) for one in found), found


def test_faults_wants_a_header_that_says_all_four() -> None:
    assert faults("-- grain: one row\n-- time:\nSELECT a FROM t") == [
        "the header does not say its inputs",
        "the header does not say its rerun",
        "the header does not say its time",
    ]


def test_faults_lets_a_step_sum_what_another_step_counts() -> None:
    counting = "SELECT k, count(*) AS members FROM t GROUP BY k"
    weighing = "SELECT k, avg(CAST(w AS DOUBLE)) AS members FROM t GROUP BY k"
    summing = HEADER + "SELECT sum(members) AS everybody FROM counted"

    assert faults(summing, others=[counting]) == []
    assert faults(summing, others=[counting, "SELECT c.members AS members FROM c"]) == []
    assert faults(summing, others=["SELECT t.members AS members FROM t"]) == ["sums what may be a double: SUM(members)"]
    assert faults(summing, others=[counting, weighing]) == ["sums what may be a double: SUM(members)"]


def test_faults_lets_a_step_over_any_columns_say_so() -> None:
    statement = "SELECT * EXCLUDE (row_sealed) FROM checked"

    assert faults(HEADER + "-- columns: those of the contract, other ones for each source\n" + statement) == []
    assert faults(HEADER + "-- columns:\n" + statement) == ["names no columns: *"]
