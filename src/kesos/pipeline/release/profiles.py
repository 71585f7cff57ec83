"""Profiles: what may go into a release, by what an institution holds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from kesos.foundation.errors import Refused

_FILE: Final = files("kesos.pipeline.release") / "profiles.yaml"


class UnknownProfile(Refused):
    """No profile has that name."""

    what = "There is no profile {name}."
    remedy = "Choose one of: {known}. Without --profile every source that is delivered goes in."


class UnfittingProfile(Refused):
    """The delivered sources are not those that the profile is about."""

    what = "Profile {name} does not fit what was delivered ({delivered}): {why}."
    remedy = "Take the other files out of the folder, or build without --profile."


class Profile(BaseModel):
    """One profile, as `profiles.yaml` states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: dict[str, str]
    sources: tuple[str, ...] = ()
    about: str | None = None
    one_source: bool = False


def read_profiles() -> dict[str, Profile]:
    """Read the profiles that ship with the pipeline."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {name: Profile.model_validate(profile) for name, profile in content.items()}


def require_profile(name: str, delivered: Mapping[str, frozenset[str]]) -> None:
    """Refuse a build whose sources do not fit its profile.

    *Input*: for each delivered source what its files are about (person, family).
    *Raises* UnknownProfile, UnfittingProfile.
    """
    profiles = read_profiles()
    if name not in profiles:
        raise UnknownProfile(name=name, known=", ".join(sorted(profiles)))
    profile = profiles[name]
    why = None
    strangers = sorted(set(delivered) - set(profile.sources)) if profile.sources else []
    if strangers:
        why = f"it takes {', '.join(profile.sources)} only, not {', '.join(strangers)}"
    elif profile.one_source and len(delivered) != 1:
        why = f"it takes exactly one source, not {len(delivered)}"
    elif profile.about and any(about != {profile.about} for about in delivered.values()):
        why = f"its files must be about one {profile.about} a row"
    if why:
        raise UnfittingProfile(name=name, delivered=", ".join(sorted(delivered)) or "nothing", why=why)
