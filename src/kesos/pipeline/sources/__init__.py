"""Contracts of the sources and the receipt of their files: a folder a source, nothing about it anywhere else."""
