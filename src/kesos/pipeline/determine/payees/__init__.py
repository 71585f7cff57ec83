"""A payee list against a release: who is on it, what speaks against a payment, who is eligible and not on it."""
