"""Arrange the steps of a build, write the release, and read releases back: show, verify, explain, rotate."""
