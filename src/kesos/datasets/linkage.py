"""How records were linked: the pairs that the linker weighed, the model it weighed with, and what it left apart."""

from __future__ import annotations

from typing import Final

from kesos.datasets.schema import Column, Dataset

_PAIR: Final = (
    Column("record_id", "BIGINT", "The earlier record.", required=True),
    Column("other_record_id", "BIGINT", "The later record.", required=True),
)
_WEIGHT: Final = Column(
    "weight_millibits",
    "BIGINT",
    "Log2 of the odds that both records speak of one person, prior odds included; 0 is even. "
    "Null where a rule decided and nothing was weighed.",
    unit="1/1000 bit",
)
_LEVELS: Final = Column(
    "levels", "VARCHAR", "Level reached in each comparison, one hexadecimal digit each, in the order of the model."
)

LINK_EDGE: Final = Dataset(
    name="link_edge",
    grain="One pair of records that a rule joined or that the linker weighed above the review cut.",
    key=("record_id", "other_record_id"),
    columns=(
        *_PAIR,
        _WEIGHT,
        Column("band", "VARCHAR", "linked or review.", required=True),
        Column("rule", "VARCHAR", "same_nik, same_row, evidence or answered.", required=True),
        _LEVELS,
        Column("is_refused", "BOOLEAN", "Clustering kept the two apart although they were linked.", required=True),
    ),
)

LINK_MODEL: Final = Dataset(
    name="link_model",
    grain="One level of one comparison of the linker's model, as estimated for this release.",
    key=("comparison_order", "level_order"),
    columns=(
        Column(
            "comparison_order", "INTEGER", "Place of the comparison in the model; -1: the prior odds.", required=True
        ),
        Column("level_order", "INTEGER", "The level as it stands in `levels` of a pair; 0: unknown.", required=True),
        Column("comparison", "VARCHAR", "Name of the comparison.", required=True),
        Column("level", "VARCHAR", "Name of the level.", required=True),
        Column("m_ppm", "BIGINT", "How often one person's records reach it.", unit="1/1,000,000"),
        Column("u_per_trillion", "BIGINT", "How often records of two persons reach it.", unit="1/10^12"),
        Column("weight_millibits", "BIGINT", "What the level says for one person.", unit="1/1000 bit", required=True),
        Column("pairs", "BIGINT", "Candidate pairs that reached it, where they were counted."),
    ),
)

LINK_APART: Final = Dataset(
    name="link_apart",
    grain="One pair drawn by lot among the candidate pairs that the linker left apart below the review cut.",
    key=("record_id", "other_record_id"),
    columns=(
        *_PAIR,
        _WEIGHT,
        _LEVELS,
        Column("stratum", "VARCHAR", "apart_near (close to the review cut) or apart_far.", required=True),
        Column("stratum_pairs", "BIGINT", "Candidate pairs of the stratum that the lot was drawn from.", required=True),
    ),
)
