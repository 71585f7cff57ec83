"""Who is the same person: what is certain first, then all the evidence there is.

Certain are people's answers, the same row of a source delivered again, and an equal NIK that neither name, birth date
nor sex contradicts. The rest is the probabilistic linker's; clusters, identifiers and everything above read its result.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pyarrow as pa

from kesos.foundation.sealing import Sealer
from kesos.pipeline.engine import Engine
from kesos.pipeline.link.answers import Answers
from kesos.pipeline.link.by_evidence import link_by_evidence
from kesos.pipeline.link.identifiers import assign_identifiers
from kesos.pipeline.standardise.names import names_agree

# A number under more names than this is shared by a whole list (a placeholder nobody listed yet): no evidence.
MOST_NAMES_OF_NIK: Final = 12
# A payee has a record for each component and stage; beyond this it is no person, and pairs grow with the square.
MOST_RECORDS_OF_NIK: Final = 200

_SQL: Final = files("kesos.pipeline.link") / "sql"
_CLAIM_SQL: Final = files("kesos.pipeline.link") / "sql_person_claim"
_COMPARED: Final = (
    *("record_id", "other_record_id", "birth_date", "other_birth_date", "sex", "other_sex"),
    "is_same_family_card",
)


def link_persons(engine: Engine, sealer: Sealer, *, answers: Answers, seed: int) -> None:
    """Bring the records of each person together: by people's answers, by number, by all the evidence there is.

    *Input*: `person_standard`. *Output*: `record_cluster`, one row a record with the founding record of its
    person; `link_edge`, the pairs behind it and those that people should look at; `nik_contradiction`, the pairs
    that share a NIK and were left apart (a NIK swapped within a family, mistyped into another's, or handed in for
    somebody else); `record_rule`, what joined each record.
    """
    find_certain_pairs(engine, answers)
    link_by_evidence(engine, sealer, seed=seed)
    keep_edges(engine)


def find_certain_pairs(engine: Engine, answers: Answers) -> None:
    """Make `certain_pair`: what is known of pairs before anything is weighed, and `nik_judged` behind it.

    A number that a whole list shares is no evidence, whoever wrote it there: see MOST_NAMES_OF_NIK.
    """
    engine.run(_SQL / "010_nik_group.sql", most_names=MOST_NAMES_OF_NIK, most_records=MOST_RECORDS_OF_NIK)
    engine.run(_SQL / "020_nik_pair.sql")
    engine.map_batches("SELECT * FROM nik_pair", _compare_names, into="nik_compared")
    engine.run(_SQL / "030_nik_judged.sql")
    engine.run(_SQL / "032_same_row_pair.sql")
    engine.load("decided_pair", answers.decided(engine.fetch("SELECT record_id, source, row_key FROM person_standard")))
    engine.run(_SQL / "034_certain_pair.sql")
    engine.drop("nik_pair", "nik_compared", "same_row_pair", "decided_pair")


def keep_edges(engine: Engine) -> None:
    """Make `link_edge`, `record_rule` and `nik_contradiction` of what was certain, weighed and brought together."""
    engine.run(_SQL / "036_link_edge.sql")
    engine.run(_SQL / "037_record_rule.sql")
    engine.run(_SQL / "050_nik_contradiction.sql")
    engine.drop("certain_pair", "weighed_pair")


def identify_persons(engine: Engine, *, release: str) -> None:
    """Give every person an identifier, and every record its person.

    *Input*: `person_standard`, `record_cluster`, and of the release before (empty tables for the first one)
    `prior_person`, `prior_person_record`, `prior_identity`, `prior_person_identifier`. *Output*:
    `person_record`, sorted by person; `person_identifier`. A person is known again by a row that came before,
    or by a NIK whose name and birth date do not contradict.
    """
    engine.run(_CLAIM_SQL / "010_person_founder.sql")
    engine.run(_CLAIM_SQL / "020_known_nik_pair.sql", most_names=MOST_NAMES_OF_NIK)
    engine.map_batches("SELECT * FROM known_nik_pair", _compare_names, into="nik_compared")
    engine.run(_SQL / "030_nik_judged.sql", into="known_nik_judged")
    engine.run(_CLAIM_SQL / "030_person_claim.sql")
    assign_identifiers(engine, "person", release=release)
    engine.run(_SQL / "060_person_record.sql")
    engine.drop(
        "person_standard",
        "record_cluster",
        "record_rule",
        "nik_judged",
        "known_nik_pair",
        "known_nik_judged",
        "nik_compared",
    )


def _compare_names(pairs: pa.RecordBatch) -> pa.RecordBatch:
    kept = pairs.select(_COMPARED)
    level = names_agree(pairs.column("name_normal"), pairs.column("other_name_normal"))
    return kept.append_column("name_level", level.cast(pa.int16()))
