"""A sample of pairs of a release for people to answer, and what they answered: blind, seeded, with known weights.

The sheet that people fill in holds the pairs in an order by lot, without weight, band or part; which part of the
release a pair stands for is kept beside it in the design. So nobody is told what the machine thought.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kesos.datasets.lake import PRIVATE_FOLDER, Lake
from kesos.datasets.manifest import FILE_NAME, file_sha256, read_manifest
from kesos.datasets.release_files import dataset_files
from kesos.foundation.errors import Refused
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.answers import Verdict
from kesos.pipeline.link.estimate import Tally
from kesos.pipeline.link.frame import Stratum, strata_of
from kesos.pipeline.link.record_facts import SHOWN, Facts, record_facts
from kesos.pipeline.sources.receipt import private_opener

SHEET: Final = "sample.csv"
DESIGN: Final = "design.json"
_ANSWER_COLUMNS: Final = ("answer", "by", "at")
_FEWEST: Final = 2
_READ: Final = ("person_record", "link_edge", "link_apart")


class ReleaseWithoutPairs(Refused):
    """A release keeps no pairs that a sample could be drawn from."""

    what = "Release {release} keeps no pairs of the linker."
    remedy = "Build it again with this version; earlier releases did not keep the pairs."


class SampleExists(Refused):
    """A sample is never overwritten: answers may stand in it."""

    what = "The folder {folder} holds a sample already."
    remedy = "Give another folder, or remove the sample yourself."


class BrokenSample(Refused):
    """A sheet and its design do not belong together, or an answer is none."""

    what = "The sample in {folder} cannot be read: {why}."
    remedy = "Put the sheet and the design back as they were drawn; change nothing but answer, by and at."


class TooSmallSample(Refused):
    """The sample could not hold two pairs of every part."""

    what = "A sample of {size} pairs is too small: the release has {strata} parts."
    remedy = "Draw at least {least} pairs."


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """One pair of the sample: its records and the stratum that it stands for."""

    left: int
    right: int
    stratum: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn sample: pairs in the order of the sheet, and the strata with their sizes."""

    strata: tuple[Stratum, ...]
    pairs: tuple[DrawnPair, ...]


def draw_sample(strata: Sequence[Stratum], *, size: int, seed: int) -> Sample:
    """Draw a stratified sample without putting back; the same seed draws the same pairs.

    Half of it goes to the pairs put together and half to those left apart; within each half one part equally to every
    stratum, the other in proportion to its pairs: small doubtful strata are seen, large safe ones are not forgotten.
    *Raises* TooSmallSample.
    """
    if size < _FEWEST * len(strata):
        raise TooSmallSample(size=size, strata=len(strata), least=_FEWEST * len(strata))
    counts = allocate(strata, size)
    rng = np.random.Generator(np.random.PCG64(seed))
    pairs: list[DrawnPair] = []
    for stratum, count in zip(strata, counts, strict=True):
        # Drawn from pairs in the order of their records, so that the order of rows of a release changes nothing.
        order = np.lexsort((stratum.right, stratum.left))
        chosen = rng.choice(order, size=count, replace=False)
        ends = zip(stratum.left[chosen].tolist(), stratum.right[chosen].tolist(), strict=True)
        pairs += [DrawnPair(left, right, stratum.name) for left, right in ends]
    shuffled = rng.permutation(len(pairs)).tolist()
    return Sample(tuple(strata), tuple(pairs[place] for place in shuffled))


def allocate(strata: Sequence[Stratum], size: int) -> list[int]:
    """Share a sample out over strata; never more than a stratum lists, at least two where it has two."""
    counts = [0] * len(strata)
    sides = [[n for n, one in enumerate(strata) if one.is_together is side] for side in (True, False)]
    sides = [side for side in sides if side]
    for side in sides:
        half = size // len(sides)
        whole = sum(strata[n].pairs for n in side)
        for n in side:
            wanted = half // (2 * len(side)) + half * strata[n].pairs // (2 * whole)
            counts[n] = min(len(strata[n].left), max(_FEWEST, wanted))
    return counts


def sample_release(lake: Lake, release: str, *, out: Path, size: int, seed: int) -> Sample:
    """Draw a sample of a release and write sheet and design into a private folder.

    *Raises* NoSuchRelease, ReleaseWithoutPairs, SampleExists, TooSmallSample.
    """
    folder = lake.existing_release(release)
    manifest = read_manifest(folder)
    if (out / SHEET).exists() or (out / DESIGN).exists():
        raise SampleExists(folder=out)
    with Engine(memory="2GB") as engine:
        for name in _READ:
            paths = dataset_files(folder, manifest, name)
            if not paths:
                raise ReleaseWithoutPairs(release=release)
            engine.view_parquet(name, paths)
        people = engine.fetch("SELECT record_id, person_id FROM person_record ORDER BY record_id")
        edges = engine.fetch(
            "SELECT record_id, other_record_id, weight_millibits, rule, is_refused FROM link_edge "
            "ORDER BY record_id, other_record_id"
        )
        apart = engine.fetch("SELECT * FROM link_apart ORDER BY record_id, other_record_id")
        sample = draw_sample(strata_of(people, edges, apart, implied=size, seed=seed), size=size, seed=seed)
        ends = [record for pair in sample.pairs for record in (pair.left, pair.right)]
        facts = record_facts(engine, np.array(ends, np.int64))
    out.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    design = {"release": release, "manifest_sha256": file_sha256(folder / FILE_NAME), "seed": seed}
    write_sample(out, sample, facts, design)
    return sample


def write_sample(out: Path, sample: Sample, facts: Mapping[int, Facts], design: Mapping[str, object]) -> None:
    """Write the sheet that people fill in, and the design that says what each pair stands for."""
    with open(out / SHEET, "w", encoding="utf-8", newline="", opener=private_opener) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["pair", *(f"{side}{name}" for name in SHOWN for side in ("", "other_")), *_ANSWER_COLUMNS])
        for number, pair in enumerate(sample.pairs, start=1):
            shown = [facts[record].get(name) for name in SHOWN for record in (pair.left, pair.right)]
            writer.writerow([number, *("" if value is None else value for value in shown), "", "", ""])
    content = {
        **design,
        "strata": [{"name": s.name, "is_together": s.is_together, "pairs": s.pairs} for s in sample.strata],
        "pairs": [[pair.left, pair.right, pair.stratum] for pair in sample.pairs],
    }
    with open(out / DESIGN, "w", encoding="utf-8", opener=private_opener) as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.write("\n")


def read_sample(folder: Path) -> list[Tally]:
    """Count the answers of a filled sheet by stratum; an empty answer is none yet. *Raises* BrokenSample."""
    try:
        design: dict[str, Any] = json.loads((folder / DESIGN).read_text(encoding="utf-8"))
        strata, pairs = design["strata"], design["pairs"]
        with (folder / SHEET).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        said = {int(row["pair"]): row["answer"].strip().lower() for row in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenSample(folder=folder, why=f"{type(error).__name__} {error}") from error
    if len(rows) != len(pairs) or said.keys() != set(range(1, len(pairs) + 1)):
        raise BrokenSample(folder=folder, why="the sheet has other pairs than the design")
    return tally(strata, [stratum for _, _, stratum in pairs], [said[n] for n in sorted(said)], folder=folder)


def tally(
    strata: Sequence[Mapping[str, Any]], stratum_of_pair: Sequence[str], said: Sequence[str], *, folder: Path
) -> list[Tally]:
    """Count answers by stratum. *Raises* BrokenSample for a word that is no answer."""
    for number, word in enumerate(said, start=1):
        if word and word not in list(Verdict):
            raise BrokenSample(folder=folder, why=f"pair {number} is answered '{word}'")
    counts = Counter(zip(stratum_of_pair, said, strict=True))
    drawn = Counter(stratum_of_pair)
    return [
        Tally(
            stratum=one["name"],
            is_together=one["is_together"],
            pairs=one["pairs"],
            drawn=drawn[one["name"]],
            same=counts[one["name"], Verdict.SAME.value],
            different=counts[one["name"], Verdict.DIFFERENT.value],
            unsure=counts[one["name"], Verdict.UNSURE.value],
        )
        for one in strata
    ]


def draw_apart(pairs: pa.Table, *, review_cut: int, near: int, most: int, seed: int) -> pa.Table:
    """Draw the pairs of dataset link_apart from the candidate pairs that stay below the review cut.

    *Input*: (record_id, other_record_id, weight_millibits, levels), each pair once. Pairs within `near` millibits of
    the cut are a stratum of their own, for there most errors are; of each stratum at most `most` pairs are kept. The
    result does not depend on the order of rows. *Output*: rows of link_apart.
    """
    ordered = pairs.sort_by([("record_id", "ascending"), ("other_record_id", "ascending")])
    weight = ordered.column("weight_millibits").to_numpy()
    rng = np.random.Generator(np.random.PCG64(seed))
    parts = []
    for name, chosen in (
        ("apart_near", (weight < review_cut) & (weight >= review_cut - near)),
        ("apart_far", weight < review_cut - near),
    ):
        rows = np.flatnonzero(chosen)
        kept = np.sort(rng.choice(rows, size=min(most, len(rows)), replace=False)) if len(rows) else rows
        part = ordered.take(pa.array(kept, pa.int64())).append_column(
            "stratum", pa.array([name] * len(kept), pa.string())
        )
        parts.append(part.append_column("stratum_pairs", pa.array([len(rows)] * len(kept), pa.int64())))
    return pa.concat_tables(parts)
