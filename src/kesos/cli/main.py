"""The command `kesos`: one noun, one verb; exit 0 done, 1 something was found, 2 refused, 70 broken."""

from __future__ import annotations

import logging
import sys
from traceback import extract_tb
from typing import Final

import typer

from kesos.cli import (
    audit,
    determination,
    determine,
    evaluate,
    find,
    key,
    link,
    overlap,
    programme,
    release,
    review,
    settings,
    source,
    synth,
)
from kesos.foundation.errors import Refused
from kesos.presentation.language import LANGUAGES, Translate, UnknownLanguage, translator

EXIT_REFUSED: Final = 2
EXIT_BROKEN: Final = 70

_LOG: Final = logging.getLogger("kesos")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("synth")(synth.synth)
app.command("find")(find.find)
app.command("determine")(determine.determine)
app.command("overlap")(overlap.overlap)
app.add_typer(source.app, name="source")
release.app.command("evaluate")(evaluate.evaluate)
app.add_typer(release.app, name="release")
app.add_typer(programme.app, name="programme")
app.add_typer(determination.app, name="determination")
app.add_typer(review.app, name="review")
app.add_typer(link.app, name="link")
app.add_typer(key.app, name="key")
app.add_typer(audit.app, name="audit")


@app.callback()
def kesos() -> None:
    """Kesos: from the files that institutions hold to a registry that can be trusted and explained."""


def run() -> None:
    """Run a command; turn a refusal into one clear message, and an unforeseen error into a short one and a log."""
    try:
        app()
    except Refused as refusal:
        print(f"kesos: {refusal.message(_translate_or_indonesian())}", file=sys.stderr)
        raise SystemExit(EXIT_REFUSED) from None
    except Exception as error:  # noqa: BLE001  the outermost door
        # What an error says may carry a person's data; where it happened carries none, and is what mends it.
        places = "; ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__))
        _LOG.error("command broken by %s at %s", type(error).__qualname__, places)
        raise SystemExit(EXIT_BROKEN) from None


def _translate_or_indonesian() -> Translate:
    try:
        return translator(settings.language())
    except UnknownLanguage:
        return translator(LANGUAGES[0])
