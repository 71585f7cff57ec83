"""What holds for every test: no setting of the developer's machine, and properties that run the same each time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong: no deadline. `HYPOTHESIS_PROFILE=explore make test` looks for new examples.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a home of its own, so that none finds, uses or changes the developer's key, lake or language."""
    home: Path = tmp_path_factory.mktemp("home", numbered=True)
    for name in [name for name in os.environ if name.startswith("KESOS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    # Colour and the terminal's width would make what commands print depend on who runs the tests.
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
