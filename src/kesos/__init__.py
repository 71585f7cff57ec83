"""Kesos: the open platform for Indonesia's social welfare system (kesejahteraan sosial)."""

__version__ = "0.1.0"
