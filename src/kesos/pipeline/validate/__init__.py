"""Contract checks row by row, and expectations of a finished release: what does not fit is named and counted."""
