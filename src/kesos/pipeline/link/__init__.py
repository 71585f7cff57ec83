"""Which records speak of the same person: identity is evidence weighed, never a gate."""
