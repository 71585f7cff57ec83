"""`kesos link …`: link the records of any table of persons, and compare the links with a known truth."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from kesos.cli import settings
from kesos.cli.options import JsonOption
from kesos.cli.screen import Screen
from kesos.pipeline.evaluate.evaluation import evaluate as evaluate_clusters
from kesos.pipeline.link.encode import LinkTable
from kesos.pipeline.link.model import read_model
from kesos.pipeline.link.person_table import clusters_of_edges, read_records, row_of, truth_of, write_edges
from kesos.pipeline.link.run import Linked, link_table
from kesos.pipeline.link.waterfall import explain_pair
from kesos.presentation.language import translator

app = typer.Typer(no_args_is_help=True, help="Links: which records of a table speak of one person.")

RecordsOption = Annotated[
    list[Path], typer.Option("--records", exists=True, dir_okay=False, help="CSV or Parquet; may be repeated.")
]
ModelOption = Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Model file (YAML).")]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same edges.")]


@app.command("run")
def run(
    *,
    records: RecordsOption,
    model: ModelOption,
    out: Annotated[Path, typer.Option(dir_okay=False, help="File for the edges, Parquet or CSV by its name.")],
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Link the records of tables as a model file says, and write the edges."""
    screen = Screen(translator(settings.language()), as_json)
    chosen = read_model(model)
    table = LinkTable.of(read_records(records), chosen)
    linked = link_table(table, chosen, seed=seed)
    write_edges(linked.edges, table, chosen.id, out)
    _show(screen, linked, out)


def _show(screen: Screen, linked: Linked, out: Path) -> None:
    persons = len(set(linked.clusters.column("cluster").to_pylist()))
    screen.line(
        "Records: {records}. Persons: {persons}. Linked pairs: {linked}, to review: {review}. Edges: {file}",
        records=linked.clusters.num_rows,
        persons=persons,
        linked=linked.cuts.linked_pairs,
        review=linked.cuts.review_pairs,
        file=out,
    )
    steps = [[one.name, one.made, f"{one.cpu_seconds:.2f}", one.peak_mb] for one in linked.steps]
    screen.table(["Step", "Count", "CPU seconds", "Peak MB"], steps)
    screen.result(
        {
            "records": linked.clusters.num_rows,
            "persons": persons,
            "cuts": asdict(linked.cuts),
            "prior_millibits": linked.estimates.prior_millibits,
            "blocking": [asdict(one) for one in linked.blocking],
            "steps": [asdict(one) for one in linked.steps],
        }
    )


@app.command("explain")
def explain(
    one: Annotated[str, typer.Argument(help="Id of a record.")],
    other: Annotated[str, typer.Argument(help="Id of another record.")],
    *,
    records: RecordsOption,
    model: ModelOption,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Show what speaks for and against one person behind two records, in bits."""
    screen = Screen(translator(settings.language()), as_json)
    chosen = read_model(model)
    table = LinkTable.of(read_records(records), chosen)
    rows = [row_of(table, name) for name in (one, other)]
    lines = explain_pair(table, rows[0], rows[1], chosen, link_table(table, chosen, seed=seed).estimates)
    total = sum(line.weight_millibits for line in lines)
    shown = [[line.comparison, line.level, f"{line.weight_millibits / 1000:+.3f}"] for line in lines]
    screen.table(["Comparison", "Level", "Bits"], [*shown, ["", "", f"{total / 1000:+.3f}"]])
    screen.result({"weight_millibits": total, "evidence": [asdict(line) for line in lines]})


@app.command("evaluate")
def evaluate(
    *,
    records: RecordsOption,
    edges: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Edges that `kesos link run` wrote.")],
    truth: Annotated[str, typer.Option(help="Column of the records that names the person.")],
    id_column: Annotated[
        str | None, typer.Option("--id", help="Column of the ids; else as the edges remember.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare links with a column that names the person of every record."""
    screen = Screen(translator(settings.language()), as_json)
    table = read_records(records)
    clusters, _ = clusters_of_edges(table, edges, id_column)
    judged = evaluate_clusters(clusters, truth_of(table, truth))
    pairs, exact = judged.overall.pairs.score, judged.overall.clusters.score
    rows = [
        ["pairs", *(_figure(one) for one in (pairs.precision, pairs.recall, pairs.f1))],
        ["clusters", *(_figure(one) for one in (exact.precision, exact.recall, exact.f1))],
    ]
    screen.table(["Of", "Precision", "Recall", "F1"], [[screen.translate(name), *figures] for name, *figures in rows])
    screen.result(judged.to_dict())


def _figure(share: Fraction | None) -> str:
    return "–" if share is None else f"{float(share):.4f}"
