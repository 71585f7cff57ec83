"""The portable subset of SQL: what every `.sql` file keeps to, for the same rows on any engine, in any order.

sqlglot reads the DuckDB dialect. It would render some constructs for Spark without a word and with another
meaning; those are refused here. Distances and normalising are kernels on Arrow batches instead.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from kesos.datasets.catalogue import RELEASE_DATASETS

_STAR: Final = "names no columns: *"
DIALECT: Final = "duckdb"
_DEEPEST_CHAIN: Final = 20  # of names made from one another; the longest today is 3
HEADER: Final = ("grain", "inputs", "rerun", "time")

_KEYWORDS: Final = frozenset(
    "SELECT FROM WHERE JOIN LEFT RIGHT INNER FULL OUTER CROSS ON USING GROUP ORDER BY HAVING UNION ALL EXCEPT INTERSECT"
    " WITH AS CASE WHEN THEN ELSE END AND OR NOT IN IS NULL DISTINCT BETWEEN LIKE OVER PARTITION LIMIT QUALIFY CAST"
    " EXISTS ANTI SEMI VALUES".split()
)
_FORBIDDEN_FUNCTIONS: Final = {
    "another value on each engine": {"hash", "strip_accents", "md5_number", "soundex"},
    "a distance is a kernel": {
        "levenshtein", "editdist3", "damerau_levenshtein", "jaro_similarity", "jaro_winkler_similarity",
        "hamming", "mismatches", "jaccard",
    },
    "counts boundaries, is no age: use the shared expression": {"age", "date_sub", "timestamp_diff", "months_between"},
    "reads the clock": {
        "now", "today", "current_date", "current_time", "current_timestamp", "get_current_timestamp",
        "localtimestamp", "localtime", "transaction_timestamp",
    },
    "another value each time": {"random", "rand", "setseed", "uuid", "gen_random_uuid", "uuidv7"},
    "depends on the order of rows": {
        "first", "last", "any_value", "arbitrary", "list", "array_agg", "string_agg", "group_concat", "listagg", "mode",
        "histogram", "approx_quantile", "reservoir_quantile", "first_value", "last_value",
    },
    "sums doubles": {
        "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr", "covar_pop",
        "covar_samp", "fsum", "sumkahan", "kahan_sum", "favg", "geomean", "product", "skewness", "kurtosis",
        "entropy", "regr_slope", "regr_intercept", "regr_r2",
    },
}  # fmt: skip
_REASON: Final = {name: reason for reason, names in _FORBIDDEN_FUNCTIONS.items() for name in names}
_EXACT: Final = frozenset(
    {
        exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT, exp.DType.INT128,
        exp.DType.DECIMAL, exp.DType.BOOLEAN,
    }
)  # fmt: skip


def faults(text: str, *, others: Iterable[str] = ()) -> list[str]:
    """List what keeps a SQL file out of the portable subset.

    `others` are the texts of the files that make its inputs: a name that counts there may be summed here.
    """
    try:
        statements = _statements(text)
        exact = _exact_names([*statements, *(statement for other in others for statement in _statements(other))])
    except (ParseError, TokenError) as error:
        return [f"cannot be read: {str(error).splitlines()[0]}"]
    found = _header_faults(text)
    if len(statements) != 1:
        found.append(f"{len(statements)} statements, not one")
    for statement in statements:
        if not isinstance(statement, exp.Query):
            found.append(f"is no SELECT: {statement.key.upper()}")
        found += [fault for node in statement.walk() for fault in _node_faults(node, exact)]
    if "columns" in _header(text):
        # A step over whatever columns a contract has says so in its header.
        found = [fault for fault in found if fault != _STAR]
    return found + _keyword_faults(text)


@cache
def _statements(text: str) -> tuple[exp.Expr, ...]:
    return tuple(statement for statement in sqlglot.parse(text, read=DIALECT) if statement is not None)


def _header(text: str) -> set[str]:
    lines = itertools.takewhile(lambda line: line.startswith("--"), text.splitlines())
    return {match.group(1) for line in lines if (match := re.match(r"--\s*(\w+):\s*\S+", line))}


def _header_faults(text: str) -> list[str]:
    return [f"the header does not say its {word}" for word in HEADER if word not in _header(text)]


def _keyword_faults(text: str) -> list[str]:
    tokens = sqlglot.tokenize(text, read=DIALECT)
    kinds = {sqlglot.TokenType.STRING, sqlglot.TokenType.IDENTIFIER, sqlglot.TokenType.VAR}
    words = {
        word
        for token in tokens
        if token.token_type not in kinds
        for word in token.text.split()
        if word.upper() in _KEYWORDS
    }
    return [f"keyword in small letters: {word}" for word in sorted(words) if word != word.upper()]


def _node_faults(node: exp.Expr, exact: frozenset[str]) -> Iterator[str]:
    if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
        yield _STAR
    if isinstance(node, exp.Join) and str(node.args.get("method") or "").upper() in {"ASOF", "POSITIONAL", "NATURAL"}:
        yield f"join by {node.args['method']}"
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() not in {"DAY", ""}:
        yield "date_diff: counts boundaries, is no age: use the shared expression"
    if isinstance(node, exp.Func) and (reason := _refused_function(node)):
        yield reason
    if isinstance(node, exp.Sum | exp.Avg) and not _is_exact(node.this, exact):
        yield f"sums what may be a double: {node.sql(DIALECT)}"
    if isinstance(node, exp.Window) and _needs_order(node.this) and not node.args.get("order"):
        yield f"numbers rows without ORDER BY: {node.sql(DIALECT)}"
    if isinstance(node, exp.Query) and node.args.get("limit") and not node.args.get("order"):
        yield "LIMIT without ORDER BY"
    if isinstance(node, exp.Distinct) and node.args.get("on") and not (node.parent and node.parent.args.get("order")):
        yield "DISTINCT ON without ORDER BY"
    if isinstance(node, exp.TableSample):
        yield "samples rows"


def _refused_function(node: exp.Func) -> str | None:
    names = {node.name.lower()} if isinstance(node, exp.Anonymous) else {name.lower() for name in node.sql_names()}
    names.add(re.match(r"\w*", node.sql(DIALECT)).group().lower())  # type: ignore[union-attr]  # `\w*` always matches
    for name in sorted(names):
        if name not in _REASON:
            continue
        # The value in a total order of a window is the same in any order of rows; a sorted list is, too.
        if (
            name in {"first_value", "last_value"}
            and isinstance(node.parent, exp.Window)
            and node.parent.args.get("order")
        ):
            continue
        if name in {"list", "array_agg"} and isinstance(node.parent, exp.ArraySort):
            continue
        return f"{name}: {_REASON[name]}"
    return None


def _needs_order(function: exp.Expr) -> bool:
    kinds = (
        exp.RowNumber,
        exp.Rank,
        exp.DenseRank,
        exp.Lag,
        exp.Lead,
        exp.FirstValue,
        exp.LastValue,
        exp.NthValue,
        exp.Ntile,
    )
    return isinstance(function, kinds)


@cache
def _exact_columns() -> frozenset[str]:
    exact = {"BIGINT", "INTEGER", "SMALLINT", "BOOLEAN", "DECIMAL(18,6)"}
    columns = [column for dataset in RELEASE_DATASETS for column in dataset.columns]
    # A name that is a double or a text anywhere is exact nowhere.
    return frozenset(c.name for c in columns if c.type in exact) - frozenset(
        c.name for c in columns if c.type not in exact
    )


def _exact_names(statements: Iterable[exp.Expr]) -> frozenset[str]:
    """Name the columns of which a sum is exact: those of the datasets, and those that every statement makes so.

    A name becomes exact where something exact is given that name, and stays so only if everything of that name is;
    `t.x AS x` hands on what x is. Names are made of one another, so this is tried until nothing changes.
    """
    aliases = [alias for statement in statements for alias in statement.find_all(exp.Alias)]
    names = _exact_columns()
    for _ in range(_DEEPEST_CHAIN):
        made = {alias.alias for alias in aliases if _is_exact(alias.this, names)}
        spoilt = {alias.alias for alias in aliases if not _is_exact(alias.this, names | {alias.alias})}
        found = (names | made) - spoilt
        if found == names:
            break
        names = found
    return names


_ALWAYS_EXACT: Final = (
    exp.Count,
    exp.CountIf,
    exp.Length,
    exp.Predicate,
    exp.And,
    exp.Or,
    exp.Boolean,
    exp.Null,
    exp.RowNumber,
)
_AS_ITS_OPERAND: Final = (
    exp.Paren,
    exp.Neg,
    exp.Abs,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.ArgMax,
    exp.ArgMin,
    exp.Window,
    exp.Filter,
)


def _is_exact(node: exp.Expr | None, names: frozenset[str]) -> bool:
    """Tell whether a sum over this expression is the same in any order: only of integers, DECIMALs and truth values."""
    if node is None or isinstance(node, _ALWAYS_EXACT):
        return True
    if isinstance(node, exp.Cast):
        return node.to.this in _EXACT
    if isinstance(node, exp.Column):
        return node.name in names
    if isinstance(node, exp.Literal):
        return not node.is_string and "e" not in node.name.lower()
    return bool(parts := _parts(node)) and all(_is_exact(part, names) for part in parts)


def _parts(node: exp.Expr) -> list[exp.Expr | None]:
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.IntDiv | exp.Mod):
        return [node.left, node.right]
    if isinstance(node, exp.Case):
        return [branch.args["true"] for branch in node.args["ifs"]] + [node.args.get("default")]
    if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
        return [node.this, *node.expressions]
    if isinstance(node, exp.Distinct):
        return list(node.expressions)
    return [node.this] if isinstance(node, _AS_ITS_OPERAND) else []
