"""The demo: one synthetic kabupaten becomes a release; a district applies programmes to its own DTSEN extract.

Run by `make demo`. Everything it makes lies below var/demo, its own identity key included; a second run starts afresh
but for the synthetic files, which the same seed makes the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from kesos.foundation.identifier import show_identifier

ROOT: Final = Path("var/demo")
WORLD: Final = ROOT / "kabupaten"
LAKE: Final = ROOT / "lake"
DISTRICT_LAKE: Final = ROOT / "district-lake"
DISTRICT_SOURCES: Final = ROOT / "district-sources"
PERSONS: Final = "30000"
SEED: Final = "2026"
SUMBAWA: Final = "5204"
RELEASE: Final = "2026-T3"
AUDIT: Final = ROOT / "audit"


def main() -> None:
    """Run the commands that a user would type, and show each of them."""
    started = time.perf_counter()
    os.environ["KESOS_IDENTITY_KEY_FILE"] = str(ROOT / "identity.key")
    if not (WORLD / "truth").is_dir():
        shutil.rmtree(WORLD, ignore_errors=True)
        kesos("synth", "--persons", PERSONS, "--seed", SEED, "--areas", SUMBAWA, "--out", str(WORLD))
    for folder in (LAKE, DISTRICT_LAKE, DISTRICT_SOURCES, AUDIT):
        shutil.rmtree(folder, ignore_errors=True)

    title("Semua sumber satu kabupaten menjadi satu rilis / All sources of one kabupaten become one release")
    build("--sources", str(WORLD / "sources"), "--lake", str(LAKE))
    kesos("release", "verify", "--lake", str(LAKE))
    kesos("release", "evaluate", "--truth", str(WORLD / "truth"), "--lake", str(LAKE))
    kesos("release", "explain", most_spoken_of(LAKE / "releases" / RELEASE), "--lake", str(LAKE))

    title("Satu daerah, satu ekstrak DTSEN / One district, one DTSEN extract and nothing else")
    shutil.copytree(WORLD / "sources" / "dtsen", DISTRICT_SOURCES / "dtsen")
    build("--sources", str(DISTRICT_SOURCES), "--lake", str(DISTRICT_LAKE), "--profile", "district")
    programmes()

    title(f"Selesai dalam {time.perf_counter() - started:.0f} detik / Done. In English: KESOS_LANG=en make demo")


def programmes() -> None:
    """Determine every programme for the district's families; explain four answers; show overlap, error and audit."""
    lake = ("--lake", str(DISTRICT_LAKE))
    title("Siapa berhak atas apa, dan mengapa / Who may receive what, and why")
    handed_in = ("--quotas", "demo/district/quotas.csv", "--facts", "demo/district/facts.csv")
    kesos("determine", "--release", RELEASE, *handed_in, *lake, "--quiet")
    for programme, family in families_worth_explaining():
        kesos("determination", "explain", family, programme, *lake)
    kesos("overlap", "--release", RELEASE, *lake)

    title("PKH menurut aturan, dibandingkan dengan kenyataan / PKH as ruled, against the truth")
    kesos("determination", "evaluate", "--truth", str(WORLD / "truth"), "--programme", "PKH", *lake)

    title("Siapa yang dibayar hari ini / Who is paid today")
    payees = sorted((WORLD / "sources" / "pkh_payees").iterdir())[-1]
    to_audit = ("--list", str(payees), "--programme", "PKH", "--release", RELEASE, "--out", str(AUDIT))
    kesos("audit", "payees", *to_audit, "--truth", str(WORLD / "truth"), "--quiet", *lake)


def families_worth_explaining() -> list[tuple[str, str]]:
    """Find one yes, one no, one to verify and one waiting: for each the first family whose answer it is."""
    stored = DISTRICT_LAKE / "determinations" / RELEASE
    folder = stored / (stored / "current").read_text(encoding="utf-8").strip() / "determination"
    wanted = [("PKH", "within_quota"), ("PKH", "not_eligible"), ("SEMBAKO", "to_verify"), ("PKH", "waiting")]
    found = []
    for programme, answer in wanted:
        rows = pq.read_table(folder / f"{programme}.parquet").to_pylist()
        row = next(row for row in rows if answer in (row["eligibility"], row["selection"]))
        found.append((programme, show_identifier("family", row["family_id"])))
    return found


def build(*options: str) -> None:
    """Build the release, the same way for both lakes."""
    kesos("release", "build", "--release", RELEASE, "--since", "none", "--quiet", *options)


def kesos(*arguments: str) -> None:
    """Run one command of Kesos and show it; a failure ends the demo with its exit code."""
    print(f"\n$ kesos {' '.join(arguments)}", flush=True)
    program = Path(sys.executable).with_name("kesos")
    outcome = subprocess.run([program, *arguments], check=False)
    if outcome.returncode:
        sys.exit(outcome.returncode)


def most_spoken_of(release: Path) -> str:
    """Find a person worth explaining: of whom most sources speak, overruling one another; the first of them."""
    columns = ["person_id", "family_id", "source_count", "record_count"]
    people = pq.read_table(release / "person", columns=columns).to_pylist()
    person = max(
        (one for one in people if one["family_id"]),
        key=lambda one: (one["source_count"], one["record_count"], -one["person_id"]),
    )
    return show_identifier("person", person["person_id"])


def title(text: str) -> None:
    """Show what comes next."""
    print(f"\n\033[1m{text}\033[0m", flush=True)


if __name__ == "__main__":
    main()
