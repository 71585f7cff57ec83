"""The facts of the vocabulary, derived from a release, from stated facts, members and groups, or from a case."""
