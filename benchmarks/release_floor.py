"""The floor under a build: plain DuckDB reads the same CSV files and leaves one row a NIK. Run by release.py.

It does what a quick script would: all columns as text, one row for each distinct NIK, rows without one kept, one
Parquet file. It does *not* check, quarantine, seal, normalise, compare who shares a number, know families or
dwellings, weigh sources, keep lineage or identifiers, or read XLSX. It is no rival: it shows how much of a build is
reading. A file in Windows-1252 is rewritten in UTF-8 first: DuckDB reads none without an extension from the network.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Final

import duckdb

_READABLE: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})


def main() -> None:
    """Read what the receipts of a lake say was received, as they say it is written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--lake", type=Path, required=True, help="a lake that these sources were built into")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    pages = [json.loads(path.read_text()) for path in sorted(chosen.lake.glob("receipts/*/*/*/receipt.json"))]
    shutil.rmtree(chosen.out, ignore_errors=True)
    chosen.out.mkdir(parents=True)
    with duckdb.connect(config={"threads": 2, "memory_limit": "8GB", "temp_directory": str(chosen.out)}) as database:
        niks = []
        rows = 0
        for number, page in enumerate(page for page in pages if page["delimiter"]):
            (path,) = chosen.sources.rglob(page["original_name"])
            columns = _read(database, f"delivered_{number}", path, page, chosen.out)
            rows += _count(database, f"delivered_{number}")
            niks += [f'SELECT "{name}" AS nik FROM delivered_{number}' for name in columns if name.lower() == "nik"]
        database.execute(f"CREATE TABLE person_row AS {' UNION ALL '.join(niks)}")
        database.execute(
            "CREATE TABLE person AS SELECT nik, count(*) AS rows FROM person_row WHERE nik IS NOT NULL GROUP BY nik "
            "UNION ALL SELECT nik, 1 FROM person_row WHERE nik IS NULL"
        )
        database.execute(f"COPY (SELECT * FROM person ORDER BY nik) TO '{chosen.out / 'person.parquet'}'")
        persons = _count(database, "person")
    left_out = sorted(page["original_name"] for page in pages if not page["delimiter"])
    print(json.dumps({"rows_read": rows, "persons": persons, "files_left_out": left_out}))


def _read(database: duckdb.DuckDBPyConnection, table: str, path: Path, page: dict[str, object], out: Path) -> list[str]:
    encoding = str(page["encoding"])
    readable = path if encoding in _READABLE else out / path.name
    if readable != path:
        readable.write_text(path.read_text(encoding=encoding), encoding="utf-8")
    # Lines with too many or too few fields are skipped, as a quick script would.
    database.execute(
        f"CREATE TABLE {table} AS SELECT * FROM read_csv($path, all_varchar = true, header = true, delim = $delim, "
        "quote = '\"', escape = '\"', skip = $skip, ignore_errors = true)",
        {"path": str(readable), "delim": page["delimiter"], "skip": int(str(page["header_row"])) - 1},
    )
    return [str(row[0]) for row in database.execute(f"DESCRIBE {table}").fetchall()]


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    row = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
