"""Give the material of which names are made: tokens by group and position, spelling variants, streets.

No full name of anybody is here: tokens, counts of tokens, and general knowledge. Weights are integers.
`data/SOURCES.md` says where each row is from and what is only our own estimate.
"""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from kesos.foundation.columns import complete_texts
from kesos.foundation.columns import compute as pc
from kesos.reference.packaged import read_packaged, read_packaged_texts


@cache
def name_tokens() -> pa.Table:
    """List the tokens. *Grain*: one row a (`group`, `position`, `sex`, `token`).

    `group`: general, or a naming tradition (java, sunda, bali, batak, …). `position`: first, middle, last, clan
    (*marga*, *suku*, *fam*), title (Teuku, Andi, Lalu), birth_order (Balinese order of birth and caste).
    `sex`: male, female, any. `frequency`: relative weight inside the first three. `source`: see SOURCES.md.

    >>> tokens = name_tokens()
    >>> set(tokens.filter(pc.field("position") == "birth_order")["group"].to_pylist())
    {'bali'}
    """
    columns: dict[str, pa.DataType] = dict.fromkeys(("group", "position", "sex", "token"), pa.string())
    return read_packaged("name_tokens.csv", columns | {"frequency": pa.int32(), "source": pa.string()})


@cache
def name_groups() -> pa.Table:
    """List which naming traditions meet in a province. *Grain*: one row a (`province`, `group`); `per_mille`.

    An estimate of our own after the shares of peoples in the census of 2010; each province adds up to 1,000. A
    tradition without tokens for a position takes those of `general`.

    >>> name_groups().filter(pc.field("province") == "51").to_pylist()[0]
    {'province': '51', 'group': 'bali', 'per_mille': 850}
    """
    return read_packaged("name_groups.csv", {"province": pa.string(), "group": pa.string(), "per_mille": pa.int32()})


@cache
def name_variants() -> pa.Table:
    """List spellings and abbreviations of names in capitals, without dots. *Grain*: one row a (`canonical`, `variant`).

    `kind`: spelling or abbreviation. `ambiguous`: the variant belongs to more than one name (A: Abdul, Ahmad) and must
    not be replaced without looking at what follows. No canonical name is a variant of another.

    >>> variants = name_variants()
    >>> variants.filter((pc.field("variant") == "MOCH")).to_pylist()[0]["canonical"]
    'MUHAMMAD'
    """
    table = read_packaged_texts("name_variants.csv", "canonical", "variant", "kind", "ambiguous", "source")
    position = table.column_names.index("ambiguous")
    return table.set_column(position, "ambiguous", pc.equal(table["ambiguous"], "yes"))


@cache
def streets() -> tuple[str, ...]:
    """List names of streets, without the word *Jalan*.

    >>> "Diponegoro" in streets()
    True
    """
    return tuple(complete_texts(read_packaged_texts("streets.csv", "street", "source")["street"]))
