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

    what = "Profile {name} does not take what was delivered: {strangers}. It takes {taken} only."
    remedy = "Take the other files out of the folder, or build without --profile."


class NotOneSource(UnfittingProfile):
    """A profile of one source was given several, or none that counts."""

    what = "Profile {name} takes exactly one source; delivered were: {delivered}."


class NotAboutThat(UnfittingProfile):
    """A profile of one kind of list was given another."""

    what = "Profile {name} takes lists of persons only; those of {delivered} are about something else too."


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
    shown = ", ".join(sorted(delivered))
    strangers = sorted(set(delivered) - set(profile.sources)) if profile.sources else []
    if strangers:
        raise UnfittingProfile(name=name, strangers=", ".join(strangers), taken=", ".join(profile.sources))
    if profile.one_source and len(delivered) != 1:
        raise NotOneSource(name=name, delivered=shown)
    if profile.about and any(about != {profile.about} for about in delivered.values()):
        raise NotAboutThat(name=name, delivered=shown)
