"""The files that institutions would hold about a population, with the faults that such files have."""
