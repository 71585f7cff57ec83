"""Language of screens and letters. Knows no domain."""
