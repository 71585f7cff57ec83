"""The command `kesos`: one noun, one verb; exit 0 done, 1 something was found, 2 refused, 70 broken."""

from __future__ import annotations

import logging
import sys
from typing import Final

import typer

from kesos.cli import key, release, settings, source, synth
from kesos.foundation.errors import Refused
from kesos.presentation.language import translator

EXIT_REFUSED: Final = 2
EXIT_BROKEN: Final = 70

_LOG: Final = logging.getLogger("kesos")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("synth")(synth.synth)
app.add_typer(source.app, name="source")
app.add_typer(release.app, name="release")
app.add_typer(key.app, name="key")


@app.callback()
def kesos() -> None:
    """Kesos: from the files that institutions hold to a registry that can be trusted and explained."""


def run() -> None:
    """Run a command; turn a refusal into one clear message, and an unforeseen error into a short one and a log."""
    try:
        app()
    except Refused as refusal:
        translate = translator(settings.language())
        print(f"kesos: {refusal.message(translate)}", file=sys.stderr)
        raise SystemExit(EXIT_REFUSED) from None
    except Exception:  # noqa: BLE001  the outermost door: logged once, without what the error carries about people
        _LOG.exception("command failed")
        raise SystemExit(EXIT_BROKEN) from None
