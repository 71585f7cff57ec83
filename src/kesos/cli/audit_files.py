"""Write an audit into a folder: pages and workbooks, all or nothing, and never over anybody else's files."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

import pyarrow as pa

from kesos.cli.audit_pages import INDEX, index_page, regency_page
from kesos.cli.audit_sheets import WorkbookTask, as_bytes, write_task
from kesos.cli.audit_words import AuditWords
from kesos.datasets.lake import PRIVATE_FOLDER
from kesos.foundation.columns import compute as pc
from kesos.foundation.columns import one_chunk
from kesos.foundation.errors import Refused
from kesos.pipeline.determine.payees.audit import AuditedList
from kesos.pipeline.determine.payees.checks import INDICATIONS, UNPAID
from kesos.pipeline.determine.payees.figures import ANY, RegencyFigures
from kesos.presentation.page import render_page

LISTING: Final = "audit.json"
"""Names the files of an audit, so that a later one may take its place and nothing else is ever removed."""

_PRIVATE_FILE: Final = 0o600
_NO_REGENCY: Final = "0000"
_FEW_ROWS: Final = 20_000
_NO_ROWS: Final = "-"


class FolderNotOurs(Refused):
    """The folder for the audit holds files that no audit wrote."""

    what = "The folder {folder} holds {files} that are not of an audit, such as {first}."
    remedy = "Give another folder with --out, or move these files elsewhere."


def require_own_folder(folder: Path) -> None:
    """See that a folder is not there, is empty, or holds an audit and nothing else. *Raises* FolderNotOurs."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderNotOurs(folder=folder, files=1, first=folder.name)
    names = sorted(path.name for path in folder.iterdir())
    ours = _listed(folder / LISTING)
    foreign = [name for name in names if name not in ours]
    if foreign:
        raise FolderNotOurs(folder=folder, files=len(foreign), first=foreign[0])


def _listed(listing: Path) -> frozenset[str]:
    if not listing.is_file():
        return frozenset()
    try:
        return frozenset({LISTING, *json.loads(listing.read_text(encoding="utf-8"))["files"]})
    except (ValueError, KeyError, TypeError):
        return frozenset()


def write_audit(
    audited: AuditedList,
    folder: Path,
    *,
    language: str,
    workers: int,
    progress: Callable[[int, int], None],
) -> list[str]:
    """Write the pages and workbooks of an audit beside the folder, then put them into its place; list their names.

    *Raises* FolderNotOurs.
    """
    require_own_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".audit-", dir=folder.parent) as made:
        building = Path(made) / folder.name
        building.mkdir(mode=PRIVATE_FOLDER)
        files = _write_into(building, audited, language, workers, progress)
        listing = {"release": audited.release, "programme": audited.programme, "list": audited.list_sha256}
        text = json.dumps({**listing, "files": files}, indent=1, sort_keys=True)
        (building / LISTING).write_text(text + "\n", encoding="utf-8")
        for path in building.iterdir():
            path.chmod(_PRIVATE_FILE)
        if folder.exists():
            shutil.rmtree(folder)
        building.replace(folder)
    return files


def _write_into(
    building: Path, audited: AuditedList, language: str, workers: int, progress: Callable[[int, int], None]
) -> list[str]:
    words = AuditWords(language, audited.release, audited.delivered_on)
    shown = shown_indications(audited)
    names = {one.whole.code: _file_name(one.whole.code, words) for one in audited.regencies}
    pieces = {name: _by_regency(getattr(audited, name)) for name in ("indications", "unpaid", "set_aside")}
    tasks = [_task(one, names[one.whole.code], audited, building, words, pieces) for one in audited.regencies]
    rows = audited.indications.num_rows + audited.unpaid.num_rows
    written = _write_workbooks(tasks, 1 if rows < _FEW_ROWS else workers, progress)
    pages = {INDEX: index_page(audited, words, language=language, names=names, shown=shown)}
    for one in audited.regencies:
        name = names[one.whole.code]
        pages[f"{name}.html"] = regency_page(audited, one, words, language=language, name=name, shown=shown)
    for name, page in pages.items():
        (building / name).write_text(render_page(page), encoding="utf-8")
    return sorted([*written, *pages])


def shown_indications(audited: AuditedList) -> tuple[str, ...]:
    """List what this programme is asked: what it has no rule for is left out."""
    steps = {
        "outside_decile": audited.asked.decile_step,
        "civil_servant_in_family": audited.asked.servant_step,
        "wage_above_minimum": audited.asked.wage_step,
        "no_component_left": audited.asked.component_step,
    }
    asked = [name for name in INDICATIONS if steps.get(name, 0) is not None]
    return (ANY, *asked, UNPAID)


def _file_name(code: str, words: AuditWords) -> str:
    """Name the files of a regency: its code and name, in small letters, digits and dashes."""
    words_of_name = re.sub(r"[^a-z0-9]+", "-", words.area(code).lower()).strip("-")
    return f"{code or _NO_REGENCY}-{words_of_name}"


def _task(
    regency: RegencyFigures,
    name: str,
    audited: AuditedList,
    building: Path,
    words: AuditWords,
    pieces: Mapping[str, Mapping[str, bytes]],
) -> WorkbookTask:
    code = regency.whole.code
    programme = getattr(audited.programme_name, words.language)
    title = words.translate("Payee audit: {programme}").format(programme=programme)
    return WorkbookTask(
        path=building / f"{name}.xlsx",
        language=words.language,
        title=f"{title}, {words.area(code)}",
        lines=_lines(audited, words),
        release=audited.release,
        made_on=audited.as_of,
        list_day=audited.delivered_on,
        regency=regency,
        shown=shown_indications(audited),
        **{name: piece.get(code, piece[_NO_ROWS]) for name, piece in pieces.items()},
    )


def _lines(audited: AuditedList, words: AuditWords) -> tuple[str, ...]:
    of_release = words.translate(
        "Release {release} as of {as_of}, payee list {list} of {delivered}. Indications, not verdicts."
    )
    return (
        of_release.format(
            release=audited.release, as_of=audited.as_of, list=audited.list_name, delivered=audited.delivered_on
        ),
    )


def _by_regency(table: pa.Table) -> dict[str, bytes]:
    """Cut a table into one piece a regency, and one without rows; rows of a regency keep their order."""
    codes = one_chunk(pc.fill_null(table.column("regency"), ""))
    ordered = table.take(pc.array_sort_indices(codes))
    counted = sorted(pc.value_counts(codes).to_pylist(), key=lambda one: one["values"])
    pieces, start = {_NO_ROWS: as_bytes(table.slice(0, 0))}, 0
    for one in counted:
        pieces[one["values"]] = as_bytes(ordered.slice(start, one["counts"]))
        start += one["counts"]
    return pieces


def _write_workbooks(tasks: Sequence[WorkbookTask], workers: int, progress: Callable[[int, int], None]) -> list[str]:
    """Write every workbook; the largest first, so that no process is left alone with it at the end."""
    ordered = sorted(tasks, key=lambda task: -(len(task.indications) + len(task.unpaid)))
    if workers == 1 or len(ordered) <= 1:
        written = []
        for task in ordered:
            written.append(write_task(task))
            progress(len(written), len(ordered))
        return written
    # spawn: threads of Arrow and of the data engine do not survive a fork
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(write_task, task) for task in ordered]
        for done, _ in enumerate(as_completed(futures), 1):
            progress(done, len(ordered))
        return [future.result() for future in futures]
