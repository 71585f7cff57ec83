"""A population with known truth, and the imperfect source files it leaves behind."""
